use crate::common::{record, series, told};
use barograph_grading::scores::{Options, by_id};
use barograph_record::{Age, Instant};

fn told_over_time(id: &str, timeline: &str) -> Vec<(f64, String)> {
    series(id, &record(Age::AtInfusion(6.0), timeline)).iter().map(|p| (p.at.days(), told(p))).collect()
}

#[test]
fn a_laboratory_value_holds_a_day_and_is_then_unknown() {
    let timeline = "0 ldh 400\n0.5 platelets 100\n3 temperature 37";
    let expected = [(0.0, "0..inf"), (0.5, "4"), (1.0, "0..inf"), (1.5, "0..inf")].map(|(d, t)| (d, t.to_owned()));
    assert_eq!(told_over_time("s-easix", timeline), expected);
    let longer = Options::from_toml("laboratory_hours = 48").unwrap();
    let points = by_id("s-easix").unwrap().series(&record(Age::AtInfusion(6.0), timeline), &longer);
    assert_eq!(points[2].at, Instant::from_days(2.0).unwrap());
}

#[test]
fn nothing_is_said_after_the_last_charting() {
    assert_eq!(told_over_time("s-easix", "0 ldh 400\n0 platelets 100").len(), 1);
}

#[test]
fn a_record_without_inputs_has_no_points() {
    assert!(told_over_time("s-easix", "0 temperature 38").is_empty());
}

#[test]
fn a_vital_sign_holds_six_hours_and_a_device_until_changed() {
    let points = series("pelod-2", &record(Age::AtInfusion(6.0), "0 oxygen_device invasive_ventilation\n0 mean_bp 30\n2 temperature 37"));
    let floors: Vec<_> = points.iter().map(|p| (p.at.days(), p.floor)).collect();
    assert_eq!(floors, [(0.0, 9.0), (0.25, 3.0)]);
}

#[test]
fn a_birthday_moves_the_child_to_another_band() {
    // Mean pressure of 48 is normal for Phoenix under 5 years, and low from then on.
    let age = Age::AtInfusion(5.0 - 1.0 / 365.25);
    let points = series("phoenix", &record(age, "0.9 mean_bp 48\n1.1 mean_bp 48"));
    let floors: Vec<_> = points.iter().map(|p| (p.at.days(), p.floor)).collect();
    assert_eq!(floors.iter().map(|f| f.1).collect::<Vec<_>>(), [0.0, 1.0, 1.0]);
    assert!((floors[1].0 - 1.0).abs() < 1e-6, "{floors:?}");
}

#[test]
fn after_discharge_nothing_is_known() {
    let timeline = "0 ldh 400\n0 platelets 100\n0.2 encounter end\n0.4 temperature 37";
    let expected = [(0.0, "4"), (0.2, "0..inf")].map(|(d, t)| (d, t.to_owned()));
    assert_eq!(told_over_time("s-easix", timeline), expected);
}

#[test]
fn each_value_cites_its_rows() {
    let record = record(Age::AtInfusion(6.0), "0 ldh 400\n0 platelets 100");
    let point = series("s-easix", &record).pop().unwrap();
    let cited: Vec<String> = point.inputs.iter().map(|e| record.cite(e.origin)).collect();
    assert_eq!(cited, ["events.csv:2", "events.csv:3"]);
}
