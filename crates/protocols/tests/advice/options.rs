//! What is to be considered is an option: open, taken or not taken, and never late.

use crate::common::{advice, changes, charting, child, kinds, plan, rule, standing};
use barograph_protocols::adherence::Adherence;
use barograph_protocols::engine::differences;
use barograph_protocols::language::Protocol;

const TOCI: &str = r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#;
const CONSIDER: &str = "strength = \"consider\"";

fn consider() -> Protocol {
    plan(&rule("r", "{ grade = { at_least = 2 } }", TOCI, CONSIDER))
}

/// Grade 2 from day 2.04 to 2.54, then none.
fn story(doses: &str) -> barograph_record::Record {
    child(&format!("{}{}{doses}", charting(2.0, 2.5, 39.0, 60), charting(2.55, 4.0, 37.0, 100)))
}

fn outcomes(plan: &Protocol, doses: &str) -> Vec<&'static str> {
    Adherence::of(&changes(&story(doses), plan)).asked.iter().map(|a| a.outcome.name()).collect()
}

#[test]
fn what_is_to_be_considered_is_never_overdue() {
    let plan = consider();
    assert_eq!(standing(&advice(&story(""), &plan, 2.5), "r"), "option");
    assert_eq!(kinds(&changes(&story(""), &plan)), ["due", "lapsed"]);
    assert_eq!(outcomes(&plan, ""), ["option not taken"]);
    assert_eq!(outcomes(&plan, "2.45 tocilizumab 240\n"), ["option taken"]);
    let open = child(&charting(2.0, 2.5, 39.0, 60));
    assert_eq!(Adherence::of(&changes(&open, &plan)).asked[0].outcome.name(), "option open at the end of the record");
}

#[test]
fn what_is_to_be_done_is_not_hidden_behind_what_may_be_considered() {
    let to_do = rule("must", "{ grade = { at_least = 2 } }", TOCI, "");
    let first = rule("may", "{ grade = { at_least = 1 } }", TOCI, CONSIDER);
    for rules in [format!("{first}{to_do}"), format!("{to_do}{first}")] {
        let plan = plan(&rules);
        let said = advice(&story(""), &plan, 2.5);
        assert_eq!((standing(&said, "must"), standing(&said, "may")), ("overdue", "covered"));
        // The option stood open from the fever on, and again once grade 2 was over; what was to be done was not.
        let asked = Adherence::of(&changes(&story(""), &plan)).asked;
        let told: Vec<_> = asked.iter().map(|a| (a.rule.id.as_str(), a.outcome.name())).collect();
        assert_eq!(told[..2], [("may", "option not taken"), ("must", "overdue and not given")]);
        assert!(told[2..].iter().all(|(rule, _)| *rule == "may"), "{told:?}");
    }
}

#[test]
fn a_dose_answers_what_is_to_be_done_and_not_what_may_be_considered() {
    let to_do = rule("must", "{ grade = { at_least = 2 } }", TOCI, "");
    let first = rule("may", "{ grade = { at_least = 1 } }", TOCI, CONSIDER);
    for rules in [format!("{first}{to_do}"), format!("{to_do}{first}")] {
        let plan = plan(&rules);
        let asked = Adherence::of(&changes(&story("2.2 tocilizumab 240\n"), &plan)).asked;
        let told: Vec<_> = asked.iter().map(|a| (a.rule.id.as_str(), a.outcome.name())).collect();
        // The option of the fever gave way to what grade 2 asks for, and was done with it.
        assert_eq!(told, [("may", "option not taken"), ("must", "given late")]);
    }
}

#[test]
fn plans_that_oblige_differ_from_those_that_let_consider() {
    let mut must = plan(&rule("r", "{ grade = { at_least = 2 } }", TOCI, ""));
    must.id = "must".to_owned();
    let (record, may) = (story(""), consider());
    let said = [advice(&record, &must, 2.3), advice(&record, &may, 2.3)];
    let told: Vec<String> = differences(&said)[0].positions.iter().map(|p| format!("{}: {}", p.protocol, p.says)).collect();
    assert_eq!(told, ["must: due, 240 mg (r)", "test: an option, 240 mg (r)"]);
}
