//! What is never exceeded.

use crate::common::{advice, changes, charting, child, kinds, plan, rule, standing, tocilizumab_when};
use barograph_protocols::engine::Standing;

const LIMIT: &str = r#"[[limit]]
id = "toci-limit"
drug = "tocilizumab"
min_interval_hours = 8.0
max_doses_in_24_hours = 3
max_doses_total = 4
citation = "none"
verified = "assumed"
"#;

fn with_doses(doses: &[f64], day: f64) -> (String, Option<f64>) {
    let give = r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs", every_hours = 1.0 } }"#;
    let plan = plan(&format!("{LIMIT}{}", rule("toci", "{ grade = { at_least = 2 } }", give, "")));
    let given: String = doses.iter().map(|d| format!("{d:.6} tocilizumab 240\n")).collect();
    let record = child(&format!("{}{given}", charting(2.0, 8.0, 39.0, 60)));
    let said = advice(&record, &plan, day);
    let lifts = said.items.iter().find_map(|i| match &i.standing {
        Standing::Refused(refusal) => refusal.lifts.map(|l| (l.days() * 10_000.0).round() / 10_000.0),
        _ => None,
    });
    (standing(&said, "toci").to_owned(), lifts)
}

#[test]
fn an_interval_lifts_to_the_minute() {
    let hours = |h: f64| with_doses(&[3.0], 3.0 + h / 24.0);
    assert_eq!(hours(7.0 + 59.0 / 60.0), ("refused".into(), Some(3.3333)));
    assert_eq!(hours(8.0).0, "due");
}

#[test]
fn a_fourth_dose_in_a_day_waits_for_the_first_to_leave_it() {
    let doses = [3.0, 3.34, 3.68];
    assert_eq!(with_doses(&doses[..2], 3.68).0, "due");
    assert_eq!(with_doses(&doses, 3.999), ("refused".into(), Some(4.0133)));
    // Eight hours after the last the interval is over, and so are the 24 hours of the first.
    assert_eq!(with_doses(&doses, 4.02).0, "due");
    assert_eq!(with_doses(&[3.0, 3.34, 3.6], 3.95), ("refused".into(), Some(4.0)));
}

#[test]
fn a_fifth_dose_is_never_due() {
    assert_eq!(with_doses(&[3.0, 3.5, 4.0], 4.34).0, "due");
    assert_eq!(with_doses(&[3.0, 3.5, 4.0, 4.5], 6.0), ("refused".into(), None));
}

#[test]
fn two_rules_make_one_dose_due() {
    let give = r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#;
    let rules = format!("{}{}", rule("a", "{ grade = { at_least = 1 } }", give, ""), rule("b", "{ fever = { present = true } }", give, ""));
    let plan = plan(&format!("{LIMIT}{rules}"));
    let record = child(&format!("{}2.3 tocilizumab 240\n", charting(2.0, 2.5, 39.0, 100)));
    let before = advice(&record, &plan, 2.0);
    assert_eq!((standing(&before, "a"), standing(&before, "b")), ("due", "covered"));
    let after = advice(&record, &plan, 2.4);
    assert_eq!((standing(&after, "a"), standing(&after, "b")), ("done", "done"));
    assert_eq!(kinds(&changes(&record, &plan)), ["due", "overdue", "given"]);
}

#[test]
fn what_is_left_of_a_day_caps_a_range_and_then_refuses() {
    let give = r#"{ give = { drug = "acetaminophen", dose = "acetaminophen-fever", every_hours = 1.0 } }"#;
    let limit =
        "[[limit]]\nid = \"day\"\ndrug = \"acetaminophen\"\nmax_per_kg_in_24_hours = 75.0\ncitation = \"none\"\nverified = \"assumed\"\n";
    let plan = plan(&format!("{limit}{}", rule("r", "{ grade = { at_least = 1 } }", give, "")));
    // 20 kg: 1,500 mg a day, 200 to 300 mg a dose.
    let after = |given: u32| {
        let record = child(&format!("{}2.1 acetaminophen {given}\n", charting(2.0, 2.5, 39.0, 100)));
        advice(&record, &plan, 2.4)
    };
    let dose = |given| after(given).items[0].doses[0].dose.clone().unwrap().unwrap().shown();
    assert_eq!((dose(1200), dose(1250), dose(1300)), ("200 to 300 mg".into(), "200 to 250 mg".into(), "200 mg".into()));
    let said = after(1301);
    let Standing::Refused(refusal) = &said.items[0].standing else { panic!("{:?}", said.items[0].standing) };
    assert_eq!(refusal.id, "day");
    assert!((refusal.lifts.unwrap().days() - 3.1).abs() < 1e-6);
}

#[test]
fn an_unstated_amount_is_not_taken_for_little() {
    let give = r#"{ give = { drug = "acetaminophen", dose = "acetaminophen-fever", every_hours = 1.0 } }"#;
    let plan = plan(&rule("r", "{ grade = { at_least = 1 } }", give, ""));
    let record = child(&format!("{}2.1 acetaminophen given\n", charting(2.0, 2.5, 39.0, 100)));
    assert_eq!(standing(&advice(&record, &plan, 2.4), "r"), "refused");
}

#[test]
fn a_contraindication_forbids_and_a_caution_is_shown() {
    let caution = |kind: &str| {
        format!(
            "[[caution]]\nid = \"x\"\ndrug = \"tocilizumab\"\nkind = \"{kind}\"\nwhen = [{{ signal = {{ name = \"platelets\", below = 20.0 }} }}]\ntext = \"few platelets\"\ncitation = \"none\"\nverified = \"assumed\"\n"
        )
    };
    let give = r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#;
    let rule = rule("r", "{ grade = { at_least = 1 } }", give, "");
    let (contra, caution) = (plan(&format!("{}{rule}", caution("contraindication"))), plan(&format!("{}{rule}", caution("caution"))));
    let record = child(&format!("{}2.1 platelets 12\n", charting(2.0, 2.5, 39.0, 100)));
    assert_eq!(standing(&advice(&record, &contra, 2.2), "r"), "refused");
    assert_eq!(standing(&advice(&record, &contra, 2.05), "r"), "overdue");
    let said = advice(&record, &caution, 2.2);
    assert_eq!((standing(&said, "r"), said.items[0].cautions.len()), ("overdue", 1));
}

#[test]
fn a_dose_against_a_limit_is_told() {
    let give = r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#;
    let plan = plan(&format!("{LIMIT}{}", rule("r", "{ grade = { at_least = 1 } }", give, "")));
    let record = child(&format!("{}2.0 tocilizumab 240\n2.2 tocilizumab 240\n", charting(2.0, 2.5, 39.0, 100)));
    assert_eq!(kinds(&changes(&record, &plan)), ["due", "given", "given against a limit"]);
}

#[test]
fn a_dose_smaller_than_the_one_that_was_due_is_told_and_one_in_vials_is_whole() {
    let plan = plan(&tocilizumab_when("{ grade = { at_least = 1 } }, { doses = { drug = \"tocilizumab\", at_most = 0 } }"));
    let notes = |doses: &str| advice(&child(&format!("{}{doses}", charting(2.0, 2.5, 39.0, 100))), &plan, 2.5).notes;
    assert_eq!(notes("2.1 tocilizumab 120"), ["tocilizumab 120 mg at day 2.10 is 50 % of the dose due, 240 mg"]);
    assert_eq!(notes("2.1 tocilizumab 200\n2.12 tocilizumab 40"), [] as [String; 0]);
    assert_eq!(notes("2.1 tocilizumab 220"), [] as [String; 0]);
}

#[test]
fn a_daily_dose_in_parts_is_whole_once_the_last_of_them_is_given() {
    let give = r#"{ give = { drug = "methylprednisolone", dose = "methylprednisolone-2", every_hours = 24.0 } }"#;
    let plan = plan(&rule("r", "{ grade = { at_least = 1 } }", give, ""));
    let record = child(&format!("{}2.1 methylprednisolone 20\n2.6 methylprednisolone 20", charting(2.0, 3.0, 39.0, 100)));
    assert_eq!(advice(&record, &plan, 2.5).notes, ["methylprednisolone 20 mg at day 2.10 is 50 % of the dose due, 40 mg"]);
    assert_eq!(advice(&record, &plan, 2.7).notes, [] as [String; 0]);
}

#[test]
fn a_prophylaxis_in_two_vials_is_one_dose() {
    let more = "[[limit]]\nid = \"toci\"\ndrug = \"tocilizumab\"\nmax_doses_total = 2\ncitation = \"none\"\nverified = \"assumed\"\n";
    let plan = plan(&format!("{}{more}", tocilizumab_when("{ grade = { at_least = 1 } }")));
    let record = child(&format!("-0.5 tocilizumab 160\n-0.49 tocilizumab 80\n{}", charting(2.0, 2.5, 39.0, 100)));
    assert_eq!(standing(&advice(&record, &plan, 2.5), "toci"), "overdue");
}
