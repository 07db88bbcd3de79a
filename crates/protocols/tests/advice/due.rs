//! What becomes due, when, and how it is recognised as done.

use crate::common::{advice, changes, charting, child, plan, record, rule, standing, tocilizumab_when, told};
use barograph_record::{Age, Patient};

const GRADE_2: &str = "{ grade = { at_least = 2 } }, { doses = { drug = \"tocilizumab\", at_most = 0 } }";

#[test]
fn grade_two_makes_tocilizumab_due_then_overdue_and_the_dose_makes_it_done() {
    let plan = plan(&tocilizumab_when(GRADE_2));
    // Fever from day 2; two low pressures from 2.5.
    let ill = format!("{}{}", charting(2.0, 2.45, 39.0, 100), charting(2.5, 3.0, 39.0, 60));
    let record = child(&ill);
    assert_eq!(standing(&advice(&record, &plan, 2.4), "toci"), "nothing");
    // The second low pressure confirms it, an hour after the first.
    assert_eq!(standing(&advice(&record, &plan, 2.541_667), "toci"), "due");
    assert_eq!(standing(&advice(&record, &plan, 2.541_667 + 1.01 / 24.0), "toci"), "overdue");
    let given = child(&format!("{ill}2.56 tocilizumab 240\n"));
    assert_eq!(told(&changes(&given, &plan)), ["2.5417 due tocilizumab", "2.5600 given tocilizumab"]);
}

#[test]
fn a_dose_charted_with_the_pressure_that_made_it_due_is_its_answer() {
    let plan = plan(&tocilizumab_when(GRADE_2));
    let record = child(&format!("{}2.5 systolic_bp 60\n2.51 systolic_bp 58\n2.51 tocilizumab 240\n", charting(2.0, 2.45, 39.0, 100)));
    assert_eq!(told(&changes(&record, &plan)), ["2.5100 due tocilizumab", "2.5100 given tocilizumab"]);
}

#[test]
fn a_dose_that_no_rule_asked_for_is_told() {
    let plan = plan(&tocilizumab_when(GRADE_2));
    let record = child(&format!("{}2.3 tocilizumab 240\n", charting(2.0, 2.5, 39.0, 100)));
    assert_eq!(told(&changes(&record, &plan)), ["2.3000 given without a rule tocilizumab"]);
}

#[test]
fn no_improvement_waits_for_its_hours_and_an_improvement_ends_it() {
    let again = "{ grade = { at_least = 2 } }, { no_improvement = { after = \"tocilizumab\", hours = 8.0 } }";
    let plan = plan(&rule("again", again, r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#, ""));
    let low = child(&format!("{}2.5 tocilizumab 240\n", charting(2.0, 3.0, 39.0, 60)));
    assert_eq!(standing(&advice(&low, &plan, 2.5 + 7.983 / 24.0), "again"), "nothing");
    assert_eq!(standing(&advice(&low, &plan, 2.5 + 8.0 / 24.0), "again"), "due");
    let better = child(&format!("{}2.5 tocilizumab 240\n{}", charting(2.0, 2.6, 39.0, 60), charting(2.65, 3.0, 39.0, 100)));
    assert_eq!(standing(&advice(&better, &plan, 2.5 + 8.0 / 24.0), "again"), "nothing");
}

#[test]
fn a_steroid_twelve_to_eighteen_hours_after_the_first_dose() {
    let when = "{ grade = { at_least = 2 } }, { no_improvement = { after = \"tocilizumab\", which = \"first\", hours = 12.0 } }";
    let give = r#"{ give = { drug = "methylprednisolone", dose = "methylprednisolone-2" } }"#;
    let plan = plan(&rule("steroid", when, give, "due_within_hours = 6.0"));
    let low = child(&format!("{}2.5 tocilizumab 240\n2.9 tocilizumab 240\n", charting(2.0, 4.0, 39.0, 60)));
    let hours = |h: f64| standing(&advice(&low, &plan, 2.5 + h / 24.0), "steroid");
    assert_eq!([hours(11.99), hours(12.0), hours(17.9), hours(18.0)], ["nothing", "due", "due", "overdue"]);
}

#[test]
fn a_course_is_due_again_until_its_end_and_its_doses_change_by_days() {
    let give = r#"{ give = { drug = "methylprednisolone", steps = [
        { dose = "methylprednisolone-500mg", every_hours = 12.0, days = 1.0 },
        { dose = "methylprednisolone-60mg", every_hours = 12.0 } ] } }"#;
    let plan = plan(&rule("course", "{ grade = { at_least = 2 } }", give, "until = [{ grade = { at_most = 0 } }]"));
    // Grade 2 begins the course; at grade 1 it goes on.
    let vitals = format!("{}{}", charting(2.0, 2.25, 39.0, 60), charting(2.3, 5.0, 39.0, 100));
    // These doses are told for adults alone.
    let adult = Patient { age: Age::AtInfusion(19.0), ..Patient::new("p") };
    let record = record(&adult, &format!("{vitals}2.2 methylprednisolone 500\n2.7 methylprednisolone 500\n"));
    let dose = |day: f64| advice(&record, &plan, day).items[0].doses[0].dose.clone().unwrap().unwrap().shown();
    assert_eq!((standing(&advice(&record, &plan, 2.06), "course"), dose(2.06)), ("due", "500 mg".into()));
    assert_eq!(standing(&advice(&record, &plan, 2.3), "course"), "scheduled");
    assert_eq!(standing(&advice(&record, &plan, 2.75), "course"), "scheduled");
    assert_eq!((standing(&advice(&record, &plan, 3.2), "course"), dose(3.2)), ("due", "60 mg".into()));
}

#[test]
fn the_weaker_rule_gives_way_to_the_stronger() {
    let weak = rule("weak", "{ grade = { at_least = 2 } }", r#"{ care = "monitored" }"#, "unless = [{ grade = { at_least = 3 } }]");
    let strong = rule("strong", "{ grade = { at_least = 3 } }", r#"{ care = "intensive-care" }"#, "");
    let plan = plan(&format!("{weak}{strong}"));
    let two = advice(&child(&charting(2.0, 2.5, 39.0, 60)), &plan, 2.5);
    assert_eq!((standing(&two, "weak"), standing(&two, "strong")), ("holds", "nothing"));
    let record = child(&format!("{}2.2 norepinephrine 0.05\n", charting(2.0, 2.5, 39.0, 60)));
    let three = advice(&record, &plan, 2.5);
    assert_eq!((standing(&three, "weak"), standing(&three, "strong")), ("nothing", "holds"));
}

#[test]
fn two_temperatures_and_a_full_marrow() {
    let when = r#"{ signal = { name = "marrow_blasts", at_least = 40.0, before_infusion = true } },
        { signal = { name = "temperature", at_least = 38.5, count = 2, within_hours = 24.0 } }"#;
    let plan = plan(&tocilizumab_when(when));
    let with = |marrow: &str, second: &str| {
        let record = child(&format!("{marrow}\n2.0 temperature 38.5\n{second}\n"));
        standing(&advice(&record, &plan, 3.0), "toci")
    };
    assert_eq!(with("-1 marrow_blasts 40", "3.0 temperature 38.5"), "due");
    assert_eq!(with("-1 marrow_blasts 40", "3.0 temperature 38.49"), "nothing");
    assert_eq!(with("-1 marrow_blasts 39.9", "3.0 temperature 38.5"), "nothing");
    assert_eq!(with("", "3.0 temperature 38.5"), "possible");
    // Two readings of one minute are one.
    assert_eq!(with("-1 marrow_blasts 40", "2.0 temperature 38.6"), "nothing");
}

#[test]
fn an_examination_is_seen_to_be_done_when_its_values_are_charted() {
    let test = r#"{ test = { what = "ferritin", charted_as = ["ferritin"], every_hours = 24.0 } }"#;
    let plan = plan(&rule("daily", "{ grade = { at_least = 1 } }", test, ""));
    let record = child(&format!("{}2.5 ferritin 900\n", charting(2.0, 4.0, 39.0, 100)));
    let at = |day| standing(&advice(&record, &plan, day), "daily");
    assert_eq!([at(2.1), at(2.6), at(3.49), at(3.6)], ["overdue", "scheduled", "scheduled", "overdue"]);
}

#[test]
fn a_plan_for_others_makes_nothing_due_or_says_so() {
    let with = |outside: &str| {
        let population = format!("[population]\ntext = \"adults\"\nfrom_years = 18.0\noutside = \"{outside}\"\n");
        plan(&format!("{population}{}", rule("r", "{ grade = { at_least = 1 } }", r#"{ care = "ward" }"#, "")))
    };
    let record = child(&charting(2.0, 2.5, 39.0, 100));
    let (refused, noted) = (with("refuse"), with("note"));
    assert_eq!(standing(&advice(&record, &refused, 2.5), "r"), "nothing");
    let said = advice(&record, &noted, 2.5);
    assert_eq!((standing(&said, "r"), said.applies.text.as_str()), ("holds", "written for adults; the patient is 6 years old"));
}

#[test]
fn icans_beside_crs_is_seen() {
    let when = r#"{ grade = { of = "icans-2019", at_least = 2 } }"#;
    let plan = plan(&rule("neuro", when, r#"{ give = { drug = "dexamethasone", dose = "dexamethasone-0.5" } }"#, ""));
    let record = child(&format!("{}2.4 consciousness voice\n2.4 capd 10\n", charting(2.0, 2.5, 39.0, 100)));
    assert_eq!(standing(&advice(&record, &plan, 2.3), "neuro"), "possible");
    assert_eq!(standing(&advice(&record, &plan, 2.41), "neuro"), "due");
    // What was charted at 2.4 speaks for 12 hours.
    assert_eq!(standing(&advice(&record, &plan, 2.95), "neuro"), "possible");
}

#[test]
fn the_hlh_pattern_is_seen() {
    let when = r#"{ grade = { of = "carhlh-mdanderson-2018", at_least = 1 } }"#;
    let plan = plan(&rule("hlh", when, r#"{ consult = "haematology" }"#, ""));
    let labs = "4.0 ferritin 20000\n4.0 alt 900\n4.0 bilirubin 5\n4.0 creatinine 4\n";
    let record = child(&format!("{}{labs}", charting(2.0, 4.5, 39.0, 100)));
    assert_eq!(standing(&advice(&record, &plan, 3.9), "hlh"), "possible");
    assert_eq!(standing(&advice(&record, &plan, 4.0), "hlh"), "holds");
}

#[test]
fn death_ends_all_advice() {
    let plan = plan(&tocilizumab_when(GRADE_2));
    let record = child(&format!("{}2.8 death yes\n", charting(2.0, 2.75, 39.0, 60)));
    let said = advice(&record, &plan, 2.9);
    assert!(said.died && said.items.is_empty());
    assert_eq!(told(&changes(&record, &plan)).last().unwrap(), "2.8000 lapsed tocilizumab");
}

#[test]
fn weight_decides_the_dose_and_without_one_there_is_none() {
    let plan = plan(&tocilizumab_when(GRADE_2));
    let dose = |weight: Option<f64>| {
        let patient = Patient { age: Age::AtInfusion(9.0), weight_kg: weight, ..Patient::new("p") };
        let record = record(&patient, &charting(2.0, 2.5, 39.0, 60));
        advice(&record, &plan, 2.5).items[0].doses[0].dose.clone().unwrap().map_err(|e| e.to_string())
    };
    assert_eq!(dose(Some(29.9)).unwrap().shown(), "358.8 mg");
    assert_eq!(dose(Some(30.0)).unwrap().shown(), "240 mg");
    assert_eq!(dose(None).unwrap_err(), "no weight is charted; chart a weight");
}

#[test]
fn what_would_stop_a_rule_does_not_let_it_start() {
    // The linter warns of such a plan; put to work it neither flickers nor speaks.
    let give = r#"{ give = { drug = "dexamethasone", dose = "dexamethasone-0.5", every_hours = 6.0 } }"#;
    let plan = plan(&rule("r", "{ grade = { at_least = 1 } }", give, "until = [{ grade = { at_most = 1 } }]"));
    let record = child(&format!("{}{}", charting(2.0, 2.5, 39.0, 100), charting(2.55, 3.0, 39.0, 60)));
    assert_eq!(standing(&advice(&record, &plan, 2.4), "r"), "nothing");
    assert_eq!(standing(&advice(&record, &plan, 2.9), "r"), "overdue");
    assert_eq!(told(&changes(&record, &plan)).iter().filter(|c| c.contains(" due ")).count(), 1);
}

#[test]
fn a_course_outlasts_its_grade_only_once_it_has_begun() {
    let give = r#"{ give = { drug = "dexamethasone", dose = "dexamethasone-0.5", every_hours = 6.0 } }"#;
    let plan = plan(&rule("r", "{ grade = { at_least = 2 } }", give, "until = [{ grade = { at_most = 0 } }]"));
    let vitals = format!("{}{}", charting(2.0, 2.25, 39.0, 60), charting(2.3, 3.0, 39.0, 100));
    let after = |dose: &str| standing(&advice(&child(&format!("{vitals}{dose}")), &plan, 2.6), "r");
    assert_eq!([after(""), after("2.2 dexamethasone 10\n")], ["nothing", "overdue"]);
    // A dose that another rule had asked for is a course too, when its rule begins.
    assert_eq!(after("1.99 dexamethasone 10\n2.24 dexamethasone 10\n"), "overdue");
}
