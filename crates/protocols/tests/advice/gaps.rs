//! Gaps in the charting: what was due before one is asked once, and what was given in one was given.

use crate::common::{advice, changes, charting, child, engine, plan, rule, standing, tocilizumab_when, told};
use barograph_protocols::adherence::{Adherence, Outcome};
use barograph_protocols::language::Protocol;
use barograph_record::Record;

/// Grade 2 from day 2.0417 on, nothing charted from day 2.2083 to 2.6, then what follows.
fn story(after: &str, doses: &str) -> Record {
    child(&format!("{}{after}{doses}", charting(2.0, 2.2083, 39.0, 60)))
}

fn still_ill() -> String {
    charting(2.6, 3.0, 39.0, 60)
}

fn outcomes(record: &Record, plan: &Protocol) -> Vec<String> {
    let adherence = Adherence::of(&changes(record, plan));
    let asked = adherence.asked.iter().map(|a| format!("{:.2} {}", a.since.days(), a.outcome.name()));
    asked.chain(adherence.strays.iter().map(|s| format!("{:.2} {:?}", s.at.days(), s.why))).collect()
}

#[test]
fn what_was_due_before_a_gap_is_asked_once() {
    let plan = plan(&tocilizumab_when("{ grade = { at_least = 2 } }"));
    assert_eq!(outcomes(&story(&still_ill(), ""), &plan), ["2.04 open at the end of the record"]);
    assert_eq!(outcomes(&story(&still_ill(), "2.7 tocilizumab 240\n"), &plan), ["2.04 given late"]);
    // Certainly better after the gap: it was asked once, and never given.
    assert_eq!(outcomes(&story(&charting(2.6, 3.0, 37.0, 100), ""), &plan), ["2.04 overdue and not given"]);
    // The record ends in the gap; nobody knows whether it was still due.
    assert_eq!(outcomes(&story("3.0 weight 20\n", ""), &plan), ["2.04 overdue and not given"]);
    // The page shows where nothing could be told.
    let said = told(&changes(&story(&still_ill(), ""), &plan));
    assert!(said.iter().any(|c| c.ends_with("can no longer be told tocilizumab")), "{said:?}");
}

#[test]
fn what_was_given_in_a_gap_answers_what_was_due_before_it() {
    let plan = plan(&tocilizumab_when("{ grade = { at_least = 2 } }"));
    let record = story(&still_ill(), "2.5 tocilizumab 240\n");
    assert_eq!(outcomes(&record, &plan), ["2.04 given late"]);
    let asked = Adherence::of(&changes(&record, &plan)).asked;
    let Outcome::Late { after, .. } = asked[0].outcome else { panic!("{asked:?}") };
    assert!((after.hours() - 11.0).abs() < 0.01, "{after:?}");
    assert_eq!(standing(&advice(&record, &plan, 2.7), "toci"), "done");
}

#[test]
fn a_dose_of_a_course_in_a_gap_is_not_asked_for_again() {
    let give = r#"{ give = { drug = "dexamethasone", dose = "dexamethasone-0.5", every_hours = 6.0 } }"#;
    let plan = plan(&rule("dexa", "{ grade = { at_least = 2 } }", give, ""));
    let record = story(&still_ill(), "2.0417 dexamethasone 10\n2.2917 dexamethasone 10\n2.5417 dexamethasone 10\n");
    assert_eq!(standing(&advice(&record, &plan, 2.65), "dexa"), "scheduled");
    // Six hours after the last dose, which nobody can know the rule to have asked for.
    assert_eq!(standing(&advice(&record, &plan, 2.8), "dexa"), "due");
    let missed = story(&still_ill(), "2.0417 dexamethasone 10\n");
    assert_eq!(standing(&advice(&missed, &plan, 2.65), "dexa"), "overdue");
}

#[test]
fn two_rules_that_ask_for_one_dose_ask_for_none_after_it_was_given_in_a_gap() {
    let give = r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#;
    let two = rule("two", "{ grade = { at_least = 2 } }", give, "");
    let plan = plan(&format!("{two}{}", rule("low", "{ circulation = { at_least = \"without-vasopressor\" } }", give, "")));
    let record = story(&still_ill(), "2.5 tocilizumab 240\n");
    assert_eq!(outcomes(&record, &plan), ["2.04 given late"]);
    let said = advice(&record, &plan, 2.9);
    assert_eq!((standing(&said, "two"), standing(&said, "low")), ("done", "done"));
}

#[test]
fn a_gap_before_the_rise_of_a_grade_hands_over_what_was_late() {
    let give = r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#;
    let two = rule("two", "{ grade = { at_least = 2, at_most = 2 } }", give, "");
    let plan = plan(&format!("{two}{}", rule("three", "{ grade = { at_least = 3 } }", give, "")));
    let after = format!("2.6 norepinephrine 0.05\n{}", still_ill());
    let record = story(&after, "2.7 tocilizumab 240\n");
    assert_eq!(outcomes(&record, &plan), ["2.04 given late"]);
    // A death in the gap ends what was open.
    let died = story("2.5 death yes\n", "");
    assert_eq!(outcomes(&died, &plan), ["2.04 overdue and not given"]);
    assert!(engine(&died, &plan).at(crate::common::at(2.6)).len() == 1);
}
