//! What one rule ceases to want and another wants from then on, and courses that others give way to.

use crate::common::{advice, changes, charting, child, plan, rule, standing, tocilizumab_when};
use barograph_protocols::adherence::{Adherence, Outcome};
use barograph_protocols::engine::Standing;
use barograph_record::Record;

fn dexamethasone(every: f64) -> String {
    format!(r#"{{ give = {{ drug = "dexamethasone", dose = "dexamethasone-0.5", every_hours = {every:.1} }} }}"#)
}

/// Grade 2 from day 2 to 2.5 by low pressures, then 3 by norepinephrine.
fn rises(doses: &str) -> Record {
    child(&format!("{}2.5 norepinephrine 0.05\n{doses}", charting(2.0, 3.0, 39.0, 60)))
}

#[test]
fn what_is_late_stays_late_when_another_rule_takes_it_over() {
    let weaker = rule("two", "{ grade = { at_least = 2, at_most = 2 } }", &dexamethasone(12.0), "");
    let plan = plan(&format!("{weaker}{}", rule("three", "{ grade = { at_least = 3 } }", &dexamethasone(6.0), "")));
    let record = rises("2.75 dexamethasone 10");
    let at_rise = advice(&record, &plan, 2.5);
    assert_eq!((standing(&at_rise, "two"), standing(&at_rise, "three")), ("nothing", "overdue"));
    // The second low pressure is charted an hour after the first.
    let Standing::Overdue { since, .. } = at_rise.items[0].standing else { panic!("{:?}", at_rise.items[0].standing) };
    assert!((since.days() - 2.0 - 1.0 / 24.0).abs() < 1e-6, "{since}");
    // It is asked once, and given 17 hours late.
    let adherence = Adherence::of(&changes(&record, &plan));
    let first = &adherence.asked[0];
    let Outcome::Late { after, .. } = first.outcome else { panic!("{first:?}") };
    assert_eq!((first.rule.id.as_str(), (after.hours() - 17.0).abs() < 0.001), ("three", true), "{first:?}");
    assert_eq!(adherence.asked.iter().filter(|a| (a.since.days() - 2.75).abs() > 0.3).count(), 1, "{:?}", adherence.asked);
}

#[test]
fn another_dose_and_what_was_only_to_be_considered_are_due_anew() {
    let stronger = rule("three", "{ grade = { at_least = 3 } }", &dexamethasone(6.0), "");
    for (then, more) in
        [(r#"{ give = { drug = "dexamethasone", no_dose = true } }"#.to_owned(), ""), (dexamethasone(6.0), "strength = \"consider\"")]
    {
        let plan = plan(&format!("{}{stronger}", rule("two", "{ grade = { at_least = 2, at_most = 2 } }", &then, more)));
        let record = rises("");
        let (stands, became) = if more.is_empty() { ("overdue", "overdue and not given") } else { ("option", "option not taken") };
        assert_eq!(standing(&advice(&record, &plan, 2.49), "two"), stands);
        assert_eq!(standing(&advice(&record, &plan, 2.5), "three"), "due");
        let outcomes: Vec<&str> = Adherence::of(&changes(&record, &plan)).asked.iter().map(|a| a.outcome.name()).collect();
        assert_eq!(outcomes, [became, "open at the end of the record"]);
    }
}

#[test]
fn a_rule_that_comes_to_ask_in_the_place_of_a_later_one_asks_once() {
    // Both ask for the same from grade 3 on; the first in the file holds the request.
    let first = rule("three", "{ grade = { at_least = 3 } }", &dexamethasone(6.0), "");
    let plan = plan(&format!("{first}{}", rule("two", "{ grade = { at_least = 2 } }", &dexamethasone(6.0), "")));
    let record = rises("2.6 dexamethasone 10");
    let at_rise = advice(&record, &plan, 2.5);
    assert_eq!((standing(&at_rise, "three"), standing(&at_rise, "two")), ("overdue", "covered"));
    let asked = Adherence::of(&changes(&record, &plan)).asked;
    let early: Vec<_> = asked.iter().filter(|a| a.since.days() < 2.6).map(|a| (a.rule.id.as_str(), a.outcome.name())).collect();
    assert_eq!(early, [("three", "given late")]);
}

#[test]
fn a_rule_is_silent_while_the_course_that_it_gives_way_to_runs() {
    let course = r#"{ give = { drug = "methylprednisolone", dose = "methylprednisolone-2", every_hours = 24.0, doses = 2 } }"#;
    let strong = rule("three", "{ grade = { at_least = 3 } }", course, "until = [{ grade = { at_most = 1 } }]");
    let weak = rule("two", "{ grade = { at_least = 2, at_most = 2 } }", &dexamethasone(6.0), "gives_way_to = \"three\"");
    let plan = plan(&format!("{weak}{strong}"));
    let story = |doses: &str| {
        let fall = "2.2 norepinephrine 0.05\n2.4 norepinephrine 0\n";
        child(&format!("{}{fall}{doses}", charting(2.0, 6.0, 39.0, 60)))
    };
    // Without a dose there is no course, and the weaker rule speaks as soon as the grade has fallen.
    assert_eq!(standing(&advice(&story(""), &plan, 2.42), "two"), "due");
    let both = story("2.25 methylprednisolone 40\n3.3 methylprednisolone 40");
    let stands = |day: f64| {
        let advice = advice(&both, &plan, day);
        (standing(&advice, "two"), standing(&advice, "three"))
    };
    assert_eq!(stands(2.5), ("nothing", "scheduled"));
    let silent = advice(&both, &plan, 2.5).silent;
    assert_eq!(silent.iter().find(|s| s.rule.id == "two").unwrap().gives_way_to.unwrap().id, "three");
    // The second dose is late; the weaker rule does not come in between.
    assert_eq!(stands(3.28), ("nothing", "due"));
    assert_eq!(stands(3.4), ("nothing", "complete"));
    assert_eq!(stands(4.29), ("nothing", "complete"));
    // A day after the last dose the course is over.
    assert_eq!(stands(4.31), ("due", "complete"));
}

#[test]
fn a_gap_in_the_charting_makes_nothing_in_time_that_was_late() {
    let plan = plan(&tocilizumab_when("{ grade = { at_least = 2 } }, { doses = { drug = \"tocilizumab\", at_most = 0 } }"));
    let story = |dose: &str| child(&format!("{}{}{dose}", charting(2.0, 2.2083, 39.0, 60), charting(2.6, 3.0, 39.0, 60)));
    let record = story("");
    assert_eq!(standing(&advice(&record, &plan, 2.55), "toci"), "possible");
    let after = advice(&record, &plan, 2.7);
    let Standing::Overdue { since, .. } = after.items[0].standing else { panic!("{:?}", after.items[0].standing) };
    assert!((since.days() - 2.0417).abs() < 0.001, "{since}");
    // What was given in the gap was given.
    assert_eq!(standing(&advice(&story("2.5 tocilizumab 240"), &plan, 2.7), "toci"), "nothing");
    // A grade that certainly fell in between is another matter.
    let fell = child(&format!("{}{}{}", charting(2.0, 2.2083, 39.0, 60), charting(2.25, 2.5, 39.0, 100), charting(2.6, 3.0, 39.0, 60)));
    let Standing::Overdue { since, .. } = advice(&fell, &plan, 2.7).items[0].standing else { panic!("not overdue") };
    assert!(since.days() > 2.6, "{since}");
}
