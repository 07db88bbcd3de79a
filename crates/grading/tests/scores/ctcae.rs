use crate::common::{record, told};
use barograph_grading::scores::{Options, by_id};
use barograph_record::Age;

const LIMITS: &str = "limits.alt = { high = 40.0, unit = \"U/L\" }
limits.bilirubin = { high = 1.0, unit = \"mg/dL\" }
limits.creatinine = { low = 0.3, high = 0.6, unit = \"mg/dL\" }
limits.fibrinogen = { low = 2.0, unit = \"g/L\" }
limits.anc = { low = 1500.0, unit = \"/uL\" }
limits.platelets = { low = 150.0, unit = \"10*9/L\" }
limits.inr = { high = 1.2, unit = \"1\" }";

/// Grade on day 1 after a value on day -1 (`-` for none).
fn grade(id: &str, options: &str, signal: &str, baseline: &str, value: &str) -> String {
    let mut timeline = format!("1 {signal} {value}\n");
    if baseline != "-" {
        timeline = format!("-1 {signal} {baseline}\n{timeline}");
    }
    let options = Options::from_toml(options).unwrap();
    told(&by_id(id).unwrap().series(&record(Age::AtInfusion(6.0), &timeline), &options).pop().unwrap())
}

#[test]
fn neutrophils_moved_in_version_6() {
    for (anc, v4, v5, v6) in [
        ("1.5", "0", "0", "0"),
        ("1.49", "2", "2", "1"),
        ("1.0", "2", "2", "1"),
        ("0.99", "3", "3", "2"),
        ("0.5", "3", "3", "2"),
        ("0.49", "4", "4", "3"),
        ("0.1", "4", "4", "3"),
        ("0.09", "4", "4", "4"),
    ] {
        for (id, expected) in [("ctcae-4.03-anc", v4), ("ctcae-5.0-anc", v5), ("ctcae-6.0-anc", v6)] {
            assert_eq!(grade(id, LIMITS, "anc", "-", anc), expected, "{id} {anc}");
        }
    }
}

#[test]
fn platelets_reach_grade_4_later_in_version_6() {
    for (platelets, v5, v6) in [("150", "0", "0"), ("149", "1", "1"), ("74", "2", "2"), ("49", "3", "3"), ("24", "4", "3"), ("9", "4", "4")]
    {
        assert_eq!(grade("ctcae-5.0-platelets", LIMITS, "platelets", "-", platelets), v5, "{platelets}");
        assert_eq!(grade("ctcae-6.0-platelets", LIMITS, "platelets", "-", platelets), v6, "{platelets}");
    }
    assert_eq!(grade("ctcae-5.0-platelets", "", "platelets", "-", "80"), "0..1", "without the lower limit");
    assert_eq!(grade("ctcae-5.0-platelets", "", "platelets", "-", "60"), "2", "which does not matter below 75");
}

#[test]
fn transaminases_by_limit_or_by_baseline() {
    for (baseline, alt, v4, v5, v6) in [
        ("30", "40", "0", "0", "0"),
        ("30", "41", "1", "1", "1"),
        ("30", "120", "1", "1", "1"),
        ("30", "121", "2", "2", "2"),
        ("30", "201", "3", "3", "3"),
        ("30", "801", "4", "4", "4"),
        ("100", "149", "2", "0", "1"),
        ("100", "150", "2", "1", "1"),
        ("100", "151", "2", "1", "2"),
        ("100", "301", "3", "2", "3"),
        ("100", "401", "3", "2", "4"),
    ] {
        for (id, expected) in [("ctcae-4.03-alt", v4), ("ctcae-5.0-alt", v5), ("ctcae-6.0-alt", v6)] {
            assert_eq!(grade(id, LIMITS, "alt", baseline, alt), expected, "{id}: {alt} from {baseline}");
        }
    }
    assert_eq!(grade("ctcae-5.0-alt", LIMITS, "alt", "-", "130"), "0..4", "a baseline that is not known is not normal");
    assert_eq!(grade("ctcae-4.03-alt", "", "alt", "30", "130"), "0..4", "nor is a limit that is not stated");
}

#[test]
fn bilirubin_creatinine_and_inr() {
    assert_eq!(grade("ctcae-5.0-bilirubin", LIMITS, "bilirubin", "0.5", "3"), "2");
    assert_eq!(grade("ctcae-5.0-bilirubin", LIMITS, "bilirubin", "0.5", "3.1"), "3");
    assert_eq!(grade("ctcae-6.0-bilirubin", LIMITS, "bilirubin", "2", "5.2"), "3");
    assert_eq!(grade("ctcae-5.0-bilirubin", LIMITS, "bilirubin", "2", "5.2"), "2");
    assert_eq!(grade("ctcae-4.03-creatinine", LIMITS, "creatinine", "0.3", "0.4"), "1", "above the baseline");
    assert_eq!(grade("ctcae-5.0-creatinine", LIMITS, "creatinine", "0.3", "0.4"), "0");
    assert_eq!(grade("ctcae-5.0-creatinine", LIMITS, "creatinine", "0.3", "0.5"), "2", "1.67 times the baseline");
    assert_eq!(grade("ctcae-6.0-creatinine", LIMITS, "creatinine", "0.3", "0.5"), "0", "the baseline is not below the lower limit");
    assert_eq!(grade("ctcae-6.0-creatinine", LIMITS, "creatinine", "0.2", "0.5"), "2");
    assert_eq!(grade("ctcae-5.0-inr", LIMITS, "inr", "1", "1"), "0");
    assert_eq!(grade("ctcae-5.0-inr", LIMITS, "inr", "1", "1.3"), "1", "on anticoagulants it would be 1 too");
    assert_eq!(grade("ctcae-5.0-inr", LIMITS, "inr", "0.8", "1.5"), "1..2", "were the patient anticoagulated");
    assert_eq!(grade("ctcae-5.0-inr", LIMITS, "inr", "1", "2.6"), "3");
}

#[test]
fn fibrinogen_falls_by_limit_baseline_and_absolute_value() {
    assert_eq!(grade("ctcae-5.0-fibrinogen", LIMITS, "fibrinogen", "-", "200"), "0");
    assert_eq!(grade("ctcae-5.0-fibrinogen", LIMITS, "fibrinogen", "210", "199"), "1");
    assert_eq!(grade("ctcae-5.0-fibrinogen", LIMITS, "fibrinogen", "210", "149"), "2");
    assert_eq!(grade("ctcae-5.0-fibrinogen", LIMITS, "fibrinogen", "600", "150"), "4", "a fall by 75 %");
    assert_eq!(grade("ctcae-5.0-fibrinogen", LIMITS, "fibrinogen", "600", "250"), "0", "not below the limit, so the fall does not count");
    assert_eq!(grade("ctcae-4.03-fibrinogen", LIMITS, "fibrinogen", "600", "250"), "3", "in v4.03 it does");
    assert_eq!(grade("ctcae-5.0-fibrinogen", "", "fibrinogen", "-", "49"), "4", "needs neither limit nor baseline");
}
