use crate::common::{last, told};
use barograph_grading::scores::Bounds;
use barograph_grading::scores::hscore::{probability, probability_between};

/// Everything charted normal; what has no signal stays open by 91 points.
const WELL: &str = "temperature 37, hemoglobin 12, wbc 6, platelets 200, ferritin 100, triglycerides 1, fibrinogen 300, ast 20";

#[test]
fn every_item_at_its_edges() {
    assert_eq!(told(&last("hscore", WELL)), "0..91");
    for (change, floor) in [
        ("temperature 38.3", 0),
        ("temperature 38.4", 33),
        ("temperature 39.4", 33),
        ("temperature 39.5", 49),
        ("ferritin 1999", 0),
        ("ferritin 2000", 35),
        ("ferritin 6000", 35),
        ("ferritin 6001", 50),
        ("triglycerides 1.49", 0),
        ("triglycerides 1.5", 44),
        ("triglycerides 4", 44),
        ("triglycerides 4.01", 64),
        ("fibrinogen 2.51 g/L", 0),
        ("fibrinogen 2.5 g/L", 30),
        ("ast 29", 0),
        ("ast 30", 19),
        ("hemoglobin 9.2", 0),
    ] {
        let signal = change.split(' ').next().unwrap();
        let kept: Vec<&str> = WELL.split(", ").filter(|b| !b.starts_with(signal)).chain([change]).collect();
        let point = last("hscore", &kept.join(", "));
        assert_eq!((point.floor, point.ceiling), (f64::from(floor), f64::from(floor + 91)), "{change}");
    }
}

#[test]
fn cytopenias_count_from_the_second_on() {
    let rest = "temperature 37, ferritin 100, triglycerides 1, fibrinogen 300, ast 20";
    for (counts, floor) in [
        ("hemoglobin 9.2, wbc 5.1, platelets 111", 0.0),
        ("hemoglobin 9.2, wbc 5.0, platelets 111", 24.0),
        ("hemoglobin 9.2, wbc 5.0, platelets 110", 34.0),
    ] {
        assert_eq!(last("hscore", &format!("{rest}, {counts}")).floor, floor, "{counts}");
    }
}

#[test]
fn the_worst_child_reaches_the_published_maximum() {
    let worst = "temperature 40, hemoglobin 6, wbc 1, platelets 10, ferritin 90000, triglycerides 6, fibrinogen 80, ast 900";
    let point = last("hscore", worst);
    assert_eq!((point.floor, point.ceiling), (246.0, 337.0));
    assert_eq!(point.unstated, ["known immunosuppression", "size of liver and spleen", "haemophagocytosis in the marrow"]);
}

#[test]
fn probabilities_are_those_of_the_table_and_not_of_the_wrong_formula() {
    let range = |s| probability(s).map(|Bounds { floor, ceiling }| (floor, ceiling));
    for (score, expected) in [
        (0.0, (0.0, 1.0)),
        (90.0, (0.0, 1.0)),
        (91.0, (1.0, 1.0)),
        (100.0, (1.0, 1.0)),
        (101.0, (1.0, 3.0)),
        (160.0, (25.0, 40.0)),
        (161.0, (40.0, 54.0)),
        (169.0, (40.0, 54.0)),
        (170.0, (40.0, 54.0)),
        (171.0, (54.0, 70.0)),
        (240.0, (98.0, 99.0)),
        (241.0, (99.0, 100.0)),
        (337.0, (99.0, 100.0)),
    ] {
        assert_eq!(range(score), Some(expected), "{score}");
        let wrong = 100.0 / (1.0 + (4.3 - 0.03 * score).exp());
        if score == 90.0 || score == 169.0 {
            assert!(!(expected.0..=expected.1).contains(&wrong), "{score}: {wrong}");
        }
    }
    for no_score in [-1.0, 338.0, f64::NAN, f64::INFINITY] {
        assert_eq!(range(no_score), None, "{no_score}");
    }
    assert_eq!(probability_between(Bounds { floor: 90.0, ceiling: 169.0 }), Some(Bounds { floor: 0.0, ceiling: 54.0 }));
}
