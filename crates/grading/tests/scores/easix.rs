use crate::common::{last, told};
use barograph_grading::scores::Point;

fn value(id: &str, inputs: &str) -> f64 {
    let point = last(id, inputs);
    assert!(point.exact(), "{point:?}");
    point.floor
}

#[test]
fn the_three_formulas_in_the_units_of_their_paper() {
    let labs = "ldh 400, creatinine 0.5, crp 100 mg/L, platelets 50";
    assert_eq!(value("easix", labs), 4.0);
    assert_eq!(value("s-easix", labs), 8.0);
    assert_eq!(value("m-easix", labs), 80.0);
}

#[test]
fn crp_in_either_unit_gives_one_m_easix() {
    let milligrams_per_litre = value("m-easix", "ldh 300, crp 150 mg/L, platelets 30");
    let milligrams_per_decilitre = value("m-easix", "ldh 300, crp 15 mg/dL, platelets 30");
    assert_eq!(milligrams_per_litre, 150.0, "not the tenfold 1500 of a bare number");
    assert_eq!(milligrams_per_litre, milligrams_per_decilitre);
}

#[test]
fn units_of_creatinine_and_platelets_do_not_matter() {
    let canonical = value("easix", "ldh 400, creatinine 1, platelets 100");
    let other = value("easix", "ldh 400, creatinine 88.4016973 umol/L, platelets 100000 /uL");
    assert!((canonical - other).abs() < 1e-6, "{canonical} {other}");
}

#[test]
fn the_published_cut_off_lies_where_it_should() {
    assert!(value("easix", "ldh 467, creatinine 1, platelets 100") <= 4.67);
    assert!(value("easix", "ldh 468, creatinine 1, platelets 100") > 4.67);
}

#[test]
fn a_missing_input_opens_the_score_and_is_named() {
    let Point { floor, ceiling, unstated, .. } = last("easix", "ldh 400, platelets 50");
    assert_eq!((floor, ceiling, unstated), (0.0, f64::INFINITY, vec!["creatinine"]));
}

#[test]
fn a_qualified_value_bounds_the_score() {
    assert_eq!(told(&last("s-easix", "ldh >2000, platelets 50")), "40..inf");
    let few = last("s-easix", "ldh 400, platelets <5");
    assert!(few.floor >= 80.0 && few.ceiling == f64::INFINITY, "{few:?}");
}

#[test]
fn no_platelets_at_all_is_not_an_infinite_score() {
    let point = last("s-easix", "ldh 400, platelets 0");
    assert_eq!((told(&point).as_str(), point.notes.as_slice()), ("0..inf", ["divided-by-zero"].as_slice()));
}

#[test]
fn car_hematotox_on_every_edge() {
    let best = "platelets 176, anc 1.2, hemoglobin 9, crp 29.9, ferritin 649";
    assert_eq!(told(&last("car-hematotox", best)), "0");
    for (change, points) in [
        ("platelets 175", 1),
        ("platelets 75", 1),
        ("platelets 74.9", 2),
        ("anc 1.199", 1),
        ("hemoglobin 8.9", 1),
        ("crp 30", 1),
        ("crp 3 mg/dL", 1),
        ("ferritin 650", 1),
        ("ferritin 2000", 1),
        ("ferritin 2001", 2),
    ] {
        let signal = change.split(' ').next().unwrap();
        let kept: Vec<&str> = best.split(", ").filter(|b| !b.starts_with(signal)).chain([change]).collect();
        assert_eq!(told(&last("car-hematotox", &kept.join(", "))), points.to_string(), "{change}");
    }
    assert_eq!(told(&last("car-hematotox", "platelets 10, anc 0, hemoglobin 7, crp 200, ferritin 9000")), "7");
    assert_eq!(told(&last("car-hematotox", "anc 0, hemoglobin 7, crp 200")), "3..7");
}

#[test]
fn car_hematotox_warns_of_children() {
    let warning = barograph_grading::scores::by_id("car-hematotox").unwrap().warning().unwrap();
    assert!(warning.contains("Fails in children"), "{warning}");
}

#[test]
fn marrow_flags_at_their_edges() {
    for (blasts, flags) in [("24.9", "0 0"), ("25", "1 0"), ("39.9", "1 0"), ("40", "1 1")] {
        let flag = |id| told(&last(id, &format!("marrow_blasts {blasts}")));
        assert_eq!(format!("{} {}", flag("marrow-burden-25"), flag("marrow-burden-40")), flags, "{blasts}");
    }
}
