//! Which rule is named on either side.

use crate::children::{cause, device, fever, graded, norepinephrine, number, record};
use barograph_cohort::{Concordance, Disagreement};
use barograph_grading::{Cause, Grade, Graded};
use barograph_record::{Code, Signal, Value};

fn disagreement(first: Graded, second: Graded) -> Disagreement {
    let mut concordance = Concordance::new([first.scale, second.scale]);
    concordance.add(&record("p7", &[]), &[first, second]);
    concordance.finish().comparisons[0].disagreements[0].clone()
}

fn course(scale: &'static str, steps: &[(u8, &[Cause])]) -> Graded {
    graded(scale, steps.iter().map(|(g, causes)| (Grade::exactly(*g), causes.to_vec())).collect(), Vec::new())
}

#[test]
fn the_same_vasopressor_read_by_two_scales() {
    let facts = [fever(), norepinephrine()];
    let found = disagreement(course("lee-2014", &[(1, &[fever()]), (2, &facts)]), course("astct-2019", &[(1, &[fever()]), (3, &facts)]));
    assert_eq!((found.first.grade, found.first.rule.as_str()), (Grade::exactly(2), "one vasopressor"));
    assert_eq!((found.second.grade, found.second.rule.as_str()), (Grade::exactly(3), "one vasopressor"));
    assert_eq!(found.first.facts, ["vasopressor: norepinephrine 0.05 ug/kg/min at day 4.00 [events.csv:40]"]);
}

#[test]
fn what_joined_at_the_peak_decides_and_the_lower_side_speaks_of_the_same_facts() {
    // Oxygen comes first and makes 2 on both; the vasopressor then makes 3 on one of them only.
    let oxygen = device(Code::NasalCannula, 3.0);
    let [before, after] = [vec![fever(), oxygen], vec![fever(), norepinephrine(), oxygen]];
    let found = disagreement(course("astct-2019", &[(2, &before), (3, &after)]), course("lee-2014", &[(2, &before), (2, &after)]));
    assert_eq!((found.first.rule.as_str(), found.second.rule.as_str()), ("one vasopressor", "one vasopressor"));
    // A lower scale that has come down by then is read at its own peak.
    let found = disagreement(course("astct-2019", &[(2, &before), (3, &after)]), course("mskcc-2018", &[(2, &before), (1, &after)]));
    assert_eq!((found.first.rule.as_str(), found.second.rule.as_str()), ("one vasopressor", "oxygen device nasal cannula"));
}

#[test]
fn a_second_vasopressor_is_two_of_them() {
    let epinephrine = number("vasopressor", Signal::Epinephrine, 0.1, 5.0);
    let [one, two] = [vec![fever(), norepinephrine()], vec![fever(), norepinephrine(), epinephrine]];
    let found = disagreement(course("astct-2019", &[(3, &one), (4, &two)]), course("lee-2014", &[(2, &one), (3, &two)]));
    assert_eq!((found.first.rule.as_str(), found.first.facts.len()), ("two vasopressors", 2));
    assert_eq!(found.second.rule, "two vasopressors");
}

#[test]
fn a_grade_that_time_alone_raises_rests_on_the_same_facts() {
    let facts = [fever(), norepinephrine()];
    let found = disagreement(course("penn-2014", &[(3, &facts), (4, &facts)]), course("astct-2019", &[(3, &facts), (3, &facts)]));
    assert_eq!((found.first.rule.as_str(), found.second.rule.as_str()), ("one vasopressor", "one vasopressor"));
}

#[test]
fn a_changed_value_decides_where_no_fact_joined() {
    let flow = |x| number("oxygen flow", Signal::OxygenFlow, x, 3.0);
    let [slow, fast] = [vec![fever(), flow(4.0), norepinephrine()], vec![fever(), flow(8.0), norepinephrine()]];
    let found = disagreement(course("a", &[(2, &slow), (3, &fast)]), course("b", &[(2, &slow), (2, &fast)]));
    assert_eq!((found.first.rule.as_str(), found.second.rule.as_str()), ("oxygen flow", "oxygen flow"));
}

#[test]
fn a_scale_that_grades_nothing_says_what_it_remarked() {
    let lee = course("lee-2014", &[(2, &[norepinephrine()])]);
    let remarks = vec!["infusion-time-assumed", "hypotension-without-fever"];
    let nothing = |ceiling, notes| graded("astct-2019", vec![(Grade::between(0, ceiling), Vec::new())], notes);
    let found = disagreement(nothing(0, remarks), lee.clone());
    assert_eq!((found.first.rule.as_str(), found.second.rule.as_str()), ("hypotension-without-fever", "one vasopressor"));
    assert_eq!(disagreement(nothing(0, Vec::new()), lee.clone()).first.rule, "nothing that it grades");
    assert_eq!(disagreement(nothing(3, Vec::new()), lee).first.rule, "nothing certain");
}

#[test]
fn fever_decides_only_alone() {
    let found = disagreement(course("a", &[(1, &[fever()])]), course("b", &[(0, &[])]));
    assert_eq!(found.first.rule, "fever");
}

#[test]
fn what_was_attributed_elsewhere_does_not_decide() {
    let attributed = cause("hypoxia attributed to another cause", Signal::Attribution, Value::Words, 3.0);
    let facts = [fever(), attributed, norepinephrine()];
    let found = disagreement(course("a", &[(3, &facts)]), course("b", &[(2, &facts)]));
    assert_eq!((found.first.rule.as_str(), found.second.rule.as_str()), ("one vasopressor", "one vasopressor"));
}

#[test]
fn a_report_is_set_against_the_rule_that_was_derived() {
    let mut concordance = Concordance::new(["astct-2019"]);
    let results = [course("astct-2019", &[(1, &[fever()]), (3, &[fever(), norepinephrine()])])];
    concordance.add(&record("p7", &[(6.0, "2", "astct-2019")]), &results);
    let report = concordance.finish();
    let found = &report.reported[0].disagreements[0];
    assert_eq!((found.first.rule.as_str(), found.second.rule.as_str()), ("one vasopressor", "reported"));
    assert!(found.second.facts[0].starts_with("reported 2 at day 6.00 ["), "{:?}", found.second.facts);
    assert_eq!((report.reported[0].second.as_str(), found.is_certain()), ("reported astct-2019", true));
}
