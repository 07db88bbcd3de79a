use crate::common::{record, record_of, series};
use barograph_record::{Age, Patient};

fn stages(timeline: &str) -> Vec<f64> {
    let points = series("kdigo", &record(Age::AtInfusion(6.0), timeline));
    assert!(points.iter().all(|p| p.ceiling == 3.0 && (p.exact() || p.unstated.contains(&"urine output"))), "{points:?}");
    points.iter().map(|p| p.floor).collect()
}

#[test]
fn ratio_to_the_lowest_of_the_week() {
    assert_eq!(stages("0 creatinine 0.4\n3 creatinine 0.59").last(), Some(&0.0));
    assert_eq!(stages("0 creatinine 0.4\n3 creatinine 0.6").last(), Some(&1.0));
    assert_eq!(stages("0 creatinine 0.4\n3 creatinine 0.79").last(), Some(&1.0));
    assert_eq!(stages("0 creatinine 0.4\n3 creatinine 0.8").last(), Some(&2.0));
    assert_eq!(stages("0 creatinine 0.4\n3 creatinine 1.2").last(), Some(&3.0));
    assert_eq!(stages("0 creatinine 0.4\n7.1 creatinine 0.8").last(), Some(&0.0), "the baseline is older than a week");
}

#[test]
fn a_rise_of_three_tenths_counts_within_two_days() {
    assert_eq!(stages("0 creatinine 0.8\n2 creatinine 1.1").last(), Some(&1.0), "1.1 - 0.8 must not fall short of 0.3");
    assert_eq!(stages("0 creatinine 0.8\n2 creatinine 1.09").last(), Some(&0.0));
    assert_eq!(stages("0 creatinine 0.8\n2.1 creatinine 1.1").last(), Some(&0.0));
}

#[test]
fn a_high_value_alone_proves_no_acute_injury() {
    assert_eq!(stages("0 creatinine 4.5"), [0.0]);
    let timeline = "0 creatinine 3.8\n1 creatinine 4.1";
    assert_eq!(stages(timeline).last(), Some(&3.0), "0.3 up and from 4.0");
}

#[test]
fn filtration_below_35_counts_under_18_years() {
    // 110 cm: 0.413 * 110 / 1.3 = 34.9 mL/min per 1.73 m2.
    let timeline = "0 creatinine 0.8\n1 creatinine 1.3";
    assert_eq!(stages(timeline).last(), Some(&3.0));
    let adult = record(Age::AtInfusion(19.0), timeline);
    assert_eq!(series("kdigo", &adult).pop().unwrap().floor, 1.0);
    let no_height = record_of(Patient { age: Age::AtInfusion(6.0), ..Patient::new("p") }, timeline);
    let point = series("kdigo", &no_height).pop().unwrap();
    assert_eq!(point.floor, 1.0);
    assert!(point.unstated.contains(&"height"), "{point:?}");
    let alone = series("kdigo", &record(Age::AtInfusion(6.0), "0 creatinine 1.3")).pop().unwrap();
    assert_eq!((alone.floor, alone.notes.as_slice()), (0.0, ["filtration-below-35-without-a-charted-fall"].as_slice()));
}

#[test]
fn dialysis_is_stage_three() {
    assert_eq!(stages("0 dialysis yes"), [3.0]);
}
