//! How much was given of what was due.

use crate::common::{advice, changes, charting, child, plan, record, rule, tocilizumab_when};
use barograph_protocols::adherence::Adherence;
use barograph_protocols::engine::{NotCompared, Share};
use barograph_protocols::language::Protocol;
use barograph_record::{Age, Patient};

const FIRST: &str = "{ grade = { at_least = 1 } }, { doses = { drug = \"tocilizumab\", at_most = 0 } }";

fn ill(doses: &str) -> String {
    format!("{}{doses}", charting(2.0, 3.0, 39.0, 100))
}

/// What is said of the amount of everything that was given of a child's doses, as that was asked for.
fn shares(plan: &Protocol, doses: &str) -> Vec<Share> {
    let adherence = Adherence::of(&changes(&child(&ill(doses)), plan));
    adherence.asked.iter().filter_map(|a| a.outcome.share()).collect()
}

#[test]
fn a_dose_that_differs_from_what_was_due_is_told_with_its_share() {
    // 240 mg are due: 12 mg/kg for 20 kg.
    let plan = plan(&tocilizumab_when(FIRST));
    assert_eq!(shares(&plan, "2.1 tocilizumab 240\n"), [Share::AsDue]);
    assert_eq!(shares(&plan, "2.1 tocilizumab 216\n"), [Share::AsDue]);
    assert_eq!(shares(&plan, "2.1 tocilizumab 264\n"), [Share::AsDue]);
    assert_eq!(shares(&plan, "2.1 tocilizumab 80\n"), [Share::Less(80.0 / 240.0)]);
    assert_eq!(shares(&plan, "2.1 tocilizumab 480\n"), [Share::More(2.0)]);
    let note = |doses: &str| advice(&child(&ill(doses)), &plan, 3.0).notes;
    assert_eq!(note("2.1 tocilizumab 80\n"), ["tocilizumab 80 mg at day 2.10 is 33 % of the dose due, 240 mg"]);
    assert_eq!(note("2.1 tocilizumab 480\n"), ["tocilizumab 480 mg at day 2.10 is 200 % of the dose due, 240 mg"]);
}

#[test]
fn an_amount_that_is_not_recorded_is_never_fine() {
    let plan = plan(&tocilizumab_when(FIRST));
    assert_eq!(shares(&plan, "2.1 tocilizumab given\n"), [Share::NotRecorded]);
    let said = advice(&child(&ill("2.1 tocilizumab given\n")), &plan, 3.0);
    assert_eq!(said.notes, ["tocilizumab at day 2.10: amount not recorded; 240 mg was due"]);
}

#[test]
fn what_no_dose_is_known_of_is_not_compared() {
    let no_dose = plan(&rule("r", FIRST, r#"{ give = { drug = "tocilizumab", no_dose = true } }"#, ""));
    assert_eq!(shares(&no_dose, "2.1 tocilizumab 240\n"), [Share::NotCompared(NotCompared::NoDose)]);
    let of_a_day = plan(&rule("r", "{ grade = { at_least = 1 } }", r#"{ give = { drug = "anakinra", dose = "anakinra-child-day" } }"#, ""));
    assert_eq!(shares(&of_a_day, "2.1 anakinra 20\n"), [Share::NotCompared(NotCompared::OfADay)]);
    let unweighed = record(&Patient { age: Age::AtInfusion(6.0), ..Patient::new("p") }, &ill("2.1 tocilizumab 240\n"));
    let plan = plan(&tocilizumab_when(FIRST));
    let adherence = Adherence::of(&changes(&unweighed, &plan));
    assert_eq!(adherence.asked[0].outcome.share(), Some(Share::NotCompared(NotCompared::DoseRefused)));
    // Pounds for kilograms: what was due by them is not what was due.
    let pounds = record(&Patient { weight_kg: Some(44.0), ..unweighed.patient.clone() }, &ill("2.1 tocilizumab 240\n"));
    assert_eq!(Adherence::of(&changes(&pounds, &plan)).asked[0].outcome.share(), Some(Share::NotCompared(NotCompared::DoubtfulWeight)));
    // Not even that it was given makes an unknown amount one that merely was not compared.
    let unstated = record(&unweighed.patient, &ill("2.1 tocilizumab given\n"));
    assert_eq!(Adherence::of(&changes(&unstated, &plan)).asked[0].outcome.share(), Some(Share::NotRecorded));
}

#[test]
fn parts_of_a_dose_are_summed_and_the_next_dose_is_not() {
    // 10 mg are due every 6 hours: 0.5 mg/kg for 20 kg.
    let give = r#"{ give = { drug = "dexamethasone", dose = "dexamethasone-0.5", every_hours = 6.0 } }"#;
    let plan = plan(&rule("dexa", "{ grade = { at_least = 1 } }", give, ""));
    assert_eq!(shares(&plan, "2.1 dexamethasone 5\n2.13 dexamethasone 5\n")[0], Share::AsDue);
    // Ten minutes before its hour the next dose is the next dose: it does not make up for the one before.
    let (first, early) = ("2.1 dexamethasone 4\n", "2.343 dexamethasone 4\n");
    assert_eq!(shares(&plan, &format!("{first}{early}"))[..2], [Share::Less(0.4), Share::Less(0.4)]);
    let early = Adherence::of(&changes(&child(&ill("2.1 dexamethasone 10\n2.343 dexamethasone 10\n")), &plan));
    assert_eq!(early.asked.iter().filter(|a| a.outcome.share() == Some(Share::AsDue)).count(), 2, "{early:?}");
    // Twice the dose is too much, in one row or in two.
    assert_eq!(shares(&plan, "2.1 dexamethasone 10\n2.15 dexamethasone 10\n")[0], Share::More(2.0));
    assert_eq!(shares(&plan, "2.1 dexamethasone 20\n")[0], Share::More(2.0));
}
