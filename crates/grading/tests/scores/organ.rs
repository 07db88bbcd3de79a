//! PELOD-2, pSOFA, SOFA.

use crate::common::{last_at, series, told};
use barograph_grading::scores::pelod_2::mortality;
use barograph_record::{Age, Files, Instant, Ledger, Observation, Patient, RawTime, RawValue, RecordBuilder, Signal};

/// The points that one charted value alone proves.
fn floor(id: &str, years: f64, inputs: &str) -> f64 {
    last_at(id, years, inputs).floor
}

#[test]
fn pelod_2_at_its_edges() {
    for (years, input, points) in [
        (6.0, "gcs 11", 0.0),
        (6.0, "gcs 10", 1.0),
        (6.0, "gcs 5", 1.0),
        (6.0, "gcs 4", 4.0),
        (6.0, "lactate 5", 1.0),
        (6.0, "lactate 11", 4.0),
        (0.05, "mean_bp 46", 0.0),
        (0.05, "mean_bp 45", 2.0),
        (0.05, "mean_bp 30", 3.0),
        (0.05, "mean_bp 16", 6.0),
        (0.5, "mean_bp 54", 2.0),
        (0.5, "mean_bp 38", 3.0),
        (0.5, "mean_bp 24", 6.0),
        (1.5, "mean_bp 59", 2.0),
        (1.5, "mean_bp 43", 3.0),
        (1.5, "mean_bp 30", 6.0),
        (3.0, "mean_bp 46", 2.0),
        (3.0, "mean_bp 45", 3.0),
        (3.0, "mean_bp 31", 6.0),
        (8.0, "mean_bp 64", 2.0),
        (8.0, "mean_bp 48", 3.0),
        (8.0, "mean_bp 35", 6.0),
        (15.0, "mean_bp 67", 0.0),
        (15.0, "mean_bp 51", 3.0),
        (15.0, "mean_bp 37", 6.0),
        (0.05, "creatinine 70 umol/L", 2.0),
        (0.05, "creatinine 69 umol/L", 0.0),
        (0.5, "creatinine 23 umol/L", 2.0),
        (1.5, "creatinine 35 umol/L", 2.0),
        (3.0, "creatinine 51 umol/L", 2.0),
        (8.0, "creatinine 58 umol/L", 0.0),
        (8.0, "creatinine 59 umol/L", 2.0),
        (15.0, "creatinine 92 umol/L", 0.0),
        (15.0, "creatinine 93 umol/L", 2.0),
        (6.0, "oxygen_device invasive_ventilation", 3.0),
        (6.0, "oxygen_device bipap", 0.0),
        (6.0, "wbc 2", 2.0),
        (6.0, "wbc 2.1", 0.0),
        (6.0, "platelets 142", 0.0),
        (6.0, "platelets 141", 1.0),
        (6.0, "platelets 77", 1.0),
        (6.0, "platelets 76", 2.0),
    ] {
        assert_eq!(floor("pelod-2", years, input), points, "{years} years, {input}");
    }
}

#[test]
fn pelod_2_spans_33_points_and_what_has_no_signal_is_10() {
    let well = "gcs 15, lactate 1, mean_bp 90, creatinine 0.3, oxygen_device room_air, wbc 8, platelets 300";
    let point = last_at("pelod-2", 6.0, well);
    assert_eq!((told(&point).as_str(), point.unstated), ("0..10", vec!["pupils", "PaO2", "PaCO2"]));
    assert_eq!(last_at("pelod-2", 6.0, "gcs 3").ceiling, 33.0);
    assert!((mortality(0.0) - 0.001_346).abs() < 1e-5, "{}", mortality(0.0));
    assert!((mortality(10.0) - 0.129).abs() < 1e-3, "{}", mortality(10.0));
}

#[test]
fn psofa_at_its_edges() {
    for (years, input, points) in [
        (6.0, "platelets 150", 0.0),
        (6.0, "platelets 149", 1.0),
        (6.0, "platelets 99", 2.0),
        (6.0, "platelets 49", 3.0),
        (6.0, "platelets 19", 4.0),
        (6.0, "bilirubin 1.19", 0.0),
        (6.0, "bilirubin 1.2", 1.0),
        (6.0, "bilirubin 2", 2.0),
        (6.0, "bilirubin 6", 3.0),
        (6.0, "bilirubin 12", 4.0),
        (6.0, "gcs 14", 1.0),
        (6.0, "gcs 12", 2.0),
        (6.0, "gcs 9", 3.0),
        (6.0, "gcs 5", 4.0),
        (0.05, "mean_bp 45", 1.0),
        (0.5, "mean_bp 54", 1.0),
        (1.5, "mean_bp 59", 1.0),
        (3.0, "mean_bp 61", 1.0),
        (8.0, "mean_bp 65", 0.0),
        (8.0, "mean_bp 64", 1.0),
        (15.0, "mean_bp 66", 1.0),
        (19.0, "mean_bp 69", 1.0),
        (6.0, "dobutamine 20", 2.0),
        (6.0, "dopamine 5", 2.0),
        (6.0, "dopamine 5.1", 3.0),
        (6.0, "dopamine 15.1", 4.0),
        (6.0, "norepinephrine 0.1", 3.0),
        (6.0, "epinephrine 0.11", 4.0),
        (6.0, "norepinephrine running", 3.0),
        (6.0, "milrinone 0.5, gcs 15", 0.0),
        (0.05, "creatinine 1.2", 3.0),
        (0.05, "creatinine 1.6", 4.0),
        (0.5, "creatinine 0.495", 1.0),
        (8.0, "creatinine 0.7", 1.0),
        (8.0, "creatinine 2.6", 4.0),
        (15.0, "creatinine 4.2", 4.0),
        (19.0, "creatinine 4.2", 3.0),
        (6.0, "oxygen_device room_air, spo2 61", 1.0),
        (6.0, "oxygen_device nasal_cannula, fio2 40, spo2 88", 2.0),
        (6.0, "oxygen_device cpap, fio2 40, spo2 88", 3.0),
        (6.0, "oxygen_device cpap, fio2 60, spo2 88", 4.0),
        (6.0, "oxygen_device high_flow_nasal_cannula, fio2 60, spo2 88", 2.0),
    ] {
        assert_eq!(floor("psofa", years, input), points, "{years} years, {input}");
    }
}

#[test]
fn a_rate_that_is_not_stated_leaves_the_dose_open() {
    let rest = "platelets 200, bilirubin 0.5, gcs 15, creatinine 0.4, oxygen_device room_air, spo2 96";
    assert_eq!(told(&last_at("psofa", 6.0, &format!("{rest}, norepinephrine running"))), "3..6");
    assert_eq!(told(&last_at("psofa", 6.0, &format!("{rest}, norepinephrine 0.2"))), "4..6");
}

#[test]
fn sofa_is_for_adults() {
    let adult = last_at("sofa", 20.0, "mean_bp 69, creatinine 2, platelets 99, bilirubin 1, gcs 15, oxygen_device room_air");
    assert_eq!((told(&adult).as_str(), adult.unstated), ("5..9", vec!["spo2", "PaO2", "urine output"]));
    let child = last_at("sofa", 6.0, "mean_bp 69, creatinine 2");
    assert_eq!(child.floor, 0.0);
    assert_eq!(child.notes, ["age-outside-the-published-bands"]);
}

/// Laboratories that report in moles print the edges rounded: the number they print stands at the edge.
#[test]
fn edges_hold_as_laboratories_print_them() {
    for (id, years, input, points) in [
        // Bilirubin 2.0 mg/dL is 34.2 umol/L (1.9995 by the molar mass), 1.2 is 20.5, 6.0 is 102.6.
        ("psofa", 6.0, "bilirubin 34.2 umol/L", 2.0),
        ("psofa", 6.0, "bilirubin 34.1 umol/L", 1.0),
        ("psofa", 6.0, "bilirubin 34 umol/L", 2.0),
        ("psofa", 6.0, "bilirubin 33 umol/L", 1.0),
        ("psofa", 6.0, "bilirubin 20.5 umol/L", 1.0),
        ("psofa", 6.0, "bilirubin 102.6 umol/L", 3.0),
        ("sofa", 30.0, "bilirubin 34.2 umol/L", 2.0),
        // Creatinine 1.0 mg/dL is 88.4 umol/L, and 88 where no decimals are printed; 2.0 is 176.8, 5.0 is 442.
        ("psofa", 15.0, "creatinine 88.4 umol/L", 1.0),
        ("psofa", 15.0, "creatinine 88 umol/L", 1.0),
        ("psofa", 15.0, "creatinine 87 umol/L", 0.0),
        ("psofa", 15.0, "creatinine 88.3 umol/L", 0.0),
        ("sofa", 30.0, "creatinine 176.8 umol/L", 2.0),
        ("sofa", 30.0, "creatinine 442 umol/L", 4.0),
        ("phoenix-8", 13.0, "creatinine 88.4 umol/L", 1.0),
        // Lactate 5 mmol/L is 45 mg/dL.
        ("pelod-2", 6.0, "lactate 45 mg/dL", 1.0),
        ("pelod-2", 6.0, "lactate 44 mg/dL", 0.0),
        // More than the edge is more than the edge, and less is less, however near.
        ("psofa", 6.0, "bilirubin >34.2 umol/L", 2.0),
        ("psofa", 6.0, "bilirubin <34.2 umol/L", 0.0),
        // What was charted in the scale's own unit, or by a power of ten from it, stands as charted.
        ("psofa", 6.0, "bilirubin 1.9995 mg/dL", 1.0),
        ("psofa", 6.0, "bilirubin 1.99 mg/dL", 1.0),
        ("psofa", 6.0, "bilirubin 19.95 mg/L", 1.0),
        ("psofa", 15.0, "creatinine 0.99998 mg/dL", 0.0),
        ("psofa", 6.0, "platelets 149.9", 1.0),
        ("psofa", 6.0, "platelets 150", 0.0),
        ("psofa", 6.0, "platelets 149999 /uL", 1.0),
        ("pelod-2", 8.0, "creatinine 58.6 umol/L", 0.0),
        ("pelod-2", 8.0, "creatinine 0.667 mg/dL", 0.0),
    ] {
        assert_eq!(floor(id, years, input), points, "{id} at {years} years, {input}");
    }
    let ceiling = |input| last_at("psofa", 6.0, input).ceiling;
    assert_eq!(ceiling("bilirubin <34.2 umol/L"), ceiling("bilirubin 33 umol/L"));
}

/// A device that could not be read is not the one before it, nor none.
#[test]
fn a_device_that_is_not_understood_leaves_support_open() {
    let files: Files = ["events.csv".into()].into();
    let mut builder = RecordBuilder::new(Patient { age: Age::AtInfusion(6.0), ..Patient::new("p") });
    for (day, device) in [(1.0, "room_air"), (2.0, "support-x"), (3.0, "invasive_ventilation")] {
        let at = RawTime::Day(Instant::from_days(day).unwrap());
        builder.push(&Observation::new(at, Signal::OxygenDevice, RawValue::Text(device)), &files, &mut Ledger::counting());
    }
    let record = builder.finish(&files, &mut Ledger::counting());
    for id in ["pelod-2", "phoenix"] {
        let points = series(id, &record);
        let said: Vec<_> = points.iter().map(|p| (p.at.days(), p.unstated.contains(&"oxygen_device"))).collect();
        assert_eq!(said, [(1.0, false), (2.0, true), (3.0, false)], "{id}");
    }
}
