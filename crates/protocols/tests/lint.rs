//! Broken plans are refused with line, reason and suggestion; the shipped ones pass.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_protocols::language::Severity;
use barograph_protocols::library;
use barograph_protocols::lint::lint;

const GOOD: &str = r#"id = "good"
version = "1"
title = "A plan"
kind = "guideline"
citation = "Somebody 2020"
verified = "recalled"
jurisdiction = "none"
effective_from = "2020-01-01"
scale = "astct-2019"

[[limit]]
id = "toci"
drug = "tocilizumab"
min_interval_hours = 8.0
citation = "page 1"
verified = "recalled"

[[rule]]
id = "one"
title = "Grade 2: tocilizumab"
when = [{ grade = { at_least = 2 } }]
then = [{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }]
citation = "page 1"
verified = "recalled"
"#;

/// The complaints about the good plan with one text put for another: line, reason and suggestion.
fn complaints(from: &str, to: &str) -> Vec<(usize, String)> {
    assert!(GOOD.contains(from), "{from}");
    let (plan, problems) = lint(&GOOD.replacen(from, to, 1));
    assert_eq!(plan.is_none(), problems.iter().any(|p| p.severity == Severity::Error));
    assert!(problems.iter().all(|p| !p.suggestion.is_empty()));
    problems.into_iter().map(|p| (p.line, format!("{}; {}", p.reason, p.suggestion))).collect()
}

#[test]
fn a_good_plan_passes() {
    assert_eq!(lint(GOOD).1, []);
}

#[test]
fn every_shipped_plan_passes_without_a_warning() {
    for (name, text) in library::protocol_texts() {
        let (plan, problems) = lint(text);
        let told: Vec<String> = problems.iter().filter(|p| p.severity != Severity::Note).map(ToString::to_string).collect();
        assert!(plan.is_some() && told.is_empty(), "{name}: {told:#?}");
    }
}

#[test]
fn a_drug_without_any_limit_is_told_by_what_the_plan_says_of_it() {
    let told = |kind: &str, give: &str| -> Vec<Severity> {
        let plan = GOOD.replace("kind = \"guideline\"", &format!("kind = \"{kind}\""));
        let then = format!("then = [{{ give = {{ {give} }} }}]\ncitation = \"page 1\"\nverified = \"recalled\"");
        let rule = format!("[[rule]]\nid = \"two\"\ntitle = \"two\"\nwhen = [{{ grade = {{ at_least = 4 }} }}]\n{then}\n");
        lint(&format!("{plan}\n{rule}")).1.iter().filter(|p| p.reason.contains("without any limit")).map(|p| p.severity).collect()
    };
    let etanercept = r#"drug = "etanercept", no_dose = true"#;
    assert_eq!(told("guideline", etanercept), [Severity::Error]);
    // An option of which neither dose nor course is named is for whoever takes it to find out; one that is to be repeated is not.
    assert_eq!(told("options", etanercept), [Severity::Note]);
    assert_eq!(told("options", r#"drug = "etanercept", no_dose = true, every_hours = 12.0"#), [Severity::Warning]);
    assert_eq!(told("options", r#"drug = "plasma_exchange""#), [Severity::Note]);
    // A steroid without a dose is limited by whoever gives it.
    assert_eq!(told("guideline", r#"drug = "methylprednisolone", no_dose = true"#), []);
}

#[test]
fn a_rule_gives_way_to_the_course_of_another_rule_only() {
    let told = |to: &str, course: &str| {
        let rules = format!(
            "{GOOD}\n[[rule]]\nid = \"two\"\ntitle = \"two\"\nwhen = [{{ grade = {{ at_least = 3 }} }}]\n{to}then = [{{ give = {{ drug = \"dexamethasone\", dose = \"dexamethasone-10mg\", every_hours = 6.0 }} }}]\ncitation = \"c\"\nverified = \"recalled\"\n\n[[rule]]\nid = \"three\"\ntitle = \"three\"\nwhen = [{{ grade = {{ at_least = 4 }} }}]\nthen = [{{ give = {{ drug = \"dexamethasone\", dose = \"dexamethasone-0.5\"{course} }} }}]\ncitation = \"c\"\nverified = \"recalled\"\n"
        );
        lint(&rules).1.into_iter().filter(|p| p.severity != Severity::Note).map(|p| (p.line, p.reason)).collect::<Vec<_>>()
    };
    let way = |id: &str| format!("gives_way_to = \"{id}\"\n");
    assert!(told("", ", every_hours = 6.0")[0].1.contains("give dexamethasone in two ways"));
    assert_eq!(told(&way("three"), ", every_hours = 6.0"), []);
    assert!(
        told(&way("thre"), ", every_hours = 6.0")
            .iter()
            .any(|(line, reason)| *line == 30 && reason == "the plan has no other rule \"thre\"")
    );
    assert!(told(&way("two"), ", every_hours = 6.0")[0].1.contains("no other rule \"two\""));
    assert!(told(&way("three"), "")[0].1.contains("gives no course"));
}

#[test]
fn broken_plans_are_refused_at_the_line() {
    let again = "[[rule]]\nid = \"two\"\ntitle = \"t\"\ncitation = \"c\"\nverified = \"recalled\"\n";
    let two = |when: &str, then: &str| format!("{GOOD}{again}when = [{when}]\nthen = [{then}]\n")[GOOD.len()..].to_owned();
    let end = "citation = \"page 1\"\nverified = \"recalled\"\n\n[[rule]]";
    let mut wrong = Vec::new();
    for (from, to, line, words) in [
        // Not TOML, unknown keys and words.
        ("[[rule]]", "[[rule]", 18, "unclosed array table"),
        ("min_interval_hours", "min_interval", 14, "unknown field `min_interval`"),
        ("at_least = 2", "atleast = 2", 21, "unknown field `atleast`"),
        ("{ grade =", "{ grad =", 21, "unknown variant `grad`"),
        ("drug = \"tocilizumab\", dose", "drug = \"tocilizumb\", dose", 22, "did you mean \"tocilizumab\"?"),
        ("verified = \"recalled\"\njur", "verified = \"sure\"\njur", 6, "unknown variant `sure`"),
        ("id = \"one\"\n", "", 18, "missing field `id`"),
        // Clinical sense.
        ("astct-2019", "astct-2018", 9, "did you mean \"astct-2019\"?"),
        ("2020-01-01", "January", 8, "is no date"),
        ("citation = \"Somebody 2020\"", "citation = \" \"", 5, "cites no source"),
        ("min_interval_hours = 8.0\n", "", 11, "limits nothing"),
        ("min_interval_hours = 8.0", "min_interval_hours = -8.0", 14, "not above 0"),
        ("drug = \"tocilizumab\"\nmin", "drug = \"anakinra\"\nmin", 11, "no rule gives"),
        ("at_least = 2", "at_least = 3, at_most = 2", 21, "never holds"),
        ("at_least = 2", "at_least = 6", 21, "no grade 6"),
        ("at_least = 2", "at_least = 5", 21, "grade 5 is death"),
        ("{ grade = { at_least = 2 } }", "{ grade = { } }", 21, "no bound"),
        ("{ at_least = 2 }", "{ of = \"lee-2014\", at_least = 2 }", 21, "refused, not mapped"),
        ("{ at_least = 2 }", "{ of = \"icans-2020\", at_least = 2 }", 21, "did you mean \"icans-2019\"?"),
        ("{ grade = { at_least = 2 } }", "{ grade = { at_least = 3 } }, { grade = { at_most = 1 } }", 21, "can never speak"),
        (
            "{ grade = { at_least = 2 } }",
            "{ doses = { drug = \"tocilizumab\", at_most = 0 } }, { no_improvement = { after = \"tocilizumab\", hours = 8.0 } }",
            21,
            "can never speak",
        ),
        ("{ grade = { at_least = 2 } }", "{ signal = { name = \"oxygen_device\", is = [\"voice\"] } }", 21, "never is \"voice\""),
        ("{ grade = { at_least = 2 } }", "{ signal = { name = \"crp\", is = [\"bipap\"] } }", 21, "carries numbers"),
        ("{ grade = { at_least = 2 } }", "{ worse = { } }", 21, "worse than what"),
        ("[{ grade = { at_least = 2 } }]", "[]", 21, "asks for nothing"),
        ("dose = \"tocilizumab-crs\"", "dose = \"tocilizumab-csr\"", 22, "did you mean \"tocilizumab-crs\"?"),
        ("dose = \"tocilizumab-crs\"", "dose = \"dexamethasone-10mg\"", 22, "is a dose of dexamethasone"),
        (", dose = \"tocilizumab-crs\"", "", 22, "has no dose"),
        ("{ give = { drug = \"tocilizumab\", dose = \"tocilizumab-crs\" } }", "", 22, "makes nothing due"),
        ("drug = \"tocilizumab\", dose = \"tocilizumab-crs\"", "drug = \"siltuximab\", dose = \"x\"", 11, "no rule gives"),
    ] {
        let said = complaints(from, to);
        if !said.iter().any(|(at, said)| *at == line && said.contains(words)) {
            wrong.push(format!("{to:?}: {words:?} at line {line} is not among {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // What a second rule adds.
    for (when, then, words) in [
        ("{ grade = { at_least = 3 } }", "{ stop = \"tocilizumab\" }", "one gives tocilizumab while the other ends it"),
        ("{ grade = { at_least = 2 } }", "{ give = { drug = \"tocilizumab\", dose = \"tocilizumab-crs\" } }", "says the same"),
        ("{ grade = { at_least = 1 } }", "{ give = { drug = \"acetaminophen\", dose = \"acetaminophen-fever\" } }", "without any limit"),
    ] {
        let text = format!("{GOOD}{}", two(when, then));
        let (_, problems) = lint(&text);
        assert!(problems.iter().any(|p| p.reason.contains(words) && p.line >= 25), "{problems:#?}");
    }
    let said = complaints(
        end,
        &end.replace(
            "[[rule]]",
            "[[limit]]\nid = \"toci\"\ndrug = \"tocilizumab\"\nmax_doses_total = 4\ncitation = \"c\"\nverified = \"recalled\"\n\n[[rule]]",
        ),
    );
    assert!(said.iter().any(|(_, said)| said.contains("there are two of limit")), "{said:?}");
}

#[test]
fn a_long_plan_gets_one_remark_of_a_kind_for_each_rule() {
    let rule = |i: usize| {
        let care = if i.is_multiple_of(2) { "intensive-care" } else { "ward" };
        format!(
            "[[rule]]\nid = \"r{i}\"\ntitle = \"t\"\nwhen = [{{ grade = {{ at_least = 1 }} }}]\nthen = [{{ care = \"{care}\" }}]\ncitation = \"p\"\nverified = \"recalled\"\n"
        )
    };
    let (plan, problems) = lint(&format!("{GOOD}\n{}", (0..300).map(rule).collect::<Vec<_>>().join("\n")));
    assert!(plan.is_some());
    let cares = problems.iter().filter(|p| p.reason.contains("different levels of care")).count();
    assert_eq!(cares, 299, "every rule but the first contradicts one before it, and says so once");
}

/// The complaints about a plan of these limits and rules: severity, the text of the line, reason.
fn complaints_of(limits: &str, rules: &[[&str; 3]]) -> Vec<(Severity, String, String)> {
    let head = GOOD.split_once("[[limit]]").unwrap().0;
    let limit = if limits.is_empty() {
        String::new()
    } else {
        format!("[[limit]]\nid = \"toci\"\ndrug = \"tocilizumab\"\n{limits}\ncitation = \"c\"\nverified = \"recalled\"\n")
    };
    let rule = |(i, [when, then, more]): (usize, &[&str; 3])| {
        format!(
            "[[rule]]\nid = \"r{i}\"\ntitle = \"t\"\nwhen = [{when}]\nthen = [{then}]\n{more}\ncitation = \"c\"\nverified = \"recalled\"\n"
        )
    };
    let text = format!("{head}{limit}{}", rules.iter().enumerate().map(rule).collect::<String>());
    let (plan, problems) = lint(&text);
    assert_eq!(plan.is_none(), problems.iter().any(|p| p.severity == Severity::Error));
    problems
        .into_iter()
        .map(|p| (p.severity, text.lines().nth(p.line - 1).unwrap().to_owned(), format!("{}; {}", p.reason, p.suggestion)))
        .collect()
}

const CARE: &str = "{ care = \"ward\" }";
const TOCI: &str = "{ give = { drug = \"tocilizumab\", dose = \"tocilizumab-crs\" } }";

/// Asserts that a plan gets exactly one complaint, of this severity, at a line with this beginning, in these words.
fn one(said: &[(Severity, String, String)], severity: Severity, line: &str, words: &str) {
    let [(s, at, reason)] = said else { panic!("{words:?}: {said:#?}") };
    assert!(*s == severity && at.starts_with(line) && reason.contains(words), "{words:?} at {line:?}: {said:#?}");
}

#[test]
fn bounds_that_no_reading_reaches_are_refused() {
    for (when, words) in [
        ("{ signal = { name = \"temperature\", at_least = 101.3 } }", "101.3 degrees Fahrenheit are 38.5 Cel"),
        ("{ signal = { name = \"spo2\", below = 920.0 } }", "readings run from 10 to 100 %"),
        ("{ signal = { name = \"weight\", at_least = 3000.0 } }", "no weight that is ever read"),
        (
            "{ any = [{ grade = { at_least = 2 } }, { signal = { name = \"temperature\", at_least = 385.0 } }] }",
            "no temperature that is ever read",
        ),
        ("{ age = { from_years = 216.0 } }", "nobody is 216 years old"),
    ] {
        one(&complaints_of("", &[[when, CARE, ""]]), Severity::Error, "when", words);
    }
    for when in [
        "{ signal = { name = \"temperature\", at_least = 38.5 } }",
        "{ signal = { name = \"spo2\", below = 92.0 } }",
        "{ signal = { name = \"creatinine\", above = 60.0, times_baseline = true } }",
        "{ signal = { name = \"ferritin\", at_least = 100000.0 } }",
    ] {
        assert_eq!(complaints_of("", &[[when, CARE, ""]]), []);
    }
}

#[test]
fn courses_that_their_own_limits_forbid_are_refused() {
    let grade = "{ grade = { at_least = 2 } }";
    let give = |more: &str| format!("{{ give = {{ drug = \"tocilizumab\", dose = \"tocilizumab-crs\", {more} }} }}");
    for (limit, more, words) in [
        ("min_interval_hours = 8.0", "every_hours = 6.0, doses = 2", "due every 6 h, and limit \"toci\" wants 8 h"),
        (
            "max_doses_total = 4",
            "every_hours = 8.0, doses = 5",
            "5 doses of tocilizumab are due by one rule, and limit \"toci\" allows 4 in all",
        ),
        ("max_doses_in_24_hours = 2", "every_hours = 8.0, doses = 3", "3 doses of tocilizumab are due in 24 h"),
        ("max_per_kg_in_24_hours = 20.0", "every_hours = 8.0, doses = 3", "for each kilogram in 24 h"),
    ] {
        one(&complaints_of(limit, &[[grade, &give(more), ""]]), Severity::Error, "then", words);
    }
    one(&complaints_of("max_doses_total = 4", &[[grade, &give("every_hours = 8.0"), ""]]), Severity::Warning, "then", "again and again");
    assert_eq!(complaints_of("min_interval_hours = 8.0\nmax_doses_total = 4", &[[grade, &give("every_hours = 8.0, doses = 4"), ""]]), []);
    let spent = "{ doses = { drug = \"tocilizumab\", at_least = 4 } }";
    for spent in [spent.to_owned(), format!("{{ all = [{{ grade = {{ at_least = 2 }} }}, {spent}] }}")] {
        one(&complaints_of("max_doses_total = 4", &[[&spent, TOCI, ""]]), Severity::Error, "when", "after 4 doses one more is asked for");
    }
}

#[test]
fn hours_that_were_hardly_meant_in_hours_are_told() {
    let grade = "{ grade = { at_least = 2 } }";
    let give = |every: f64| format!("{{ give = {{ drug = \"dexamethasone\", dose = \"dexamethasone-0.5\", every_hours = {every:.1} }} }}");
    one(&complaints_of("", &[[grade, &give(21_600.0), ""]]), Severity::Warning, "then", "every_hours = 21600 are 900 days");
    one(&complaints_of("min_interval_hours = 28800.0", &[[grade, TOCI, ""]]), Severity::Warning, "min_interval_hours", "are 1200 days");
    // Siltuximab every three weeks is meant so.
    assert_eq!(complaints_of("", &[[grade, &give(504.0), ""]]), []);
    let optional = "strength = \"consider\"\ndue_within_hours = 2.0";
    one(&complaints_of("", &[[grade, CARE, optional]]), Severity::Note, "due_within_hours", "is never overdue");
}

#[test]
fn conditions_that_exclude_each_other_are_refused() {
    let excludes = "this excludes a condition before it";
    for when in [
        "{ all = [{ signal = { name = \"temperature\", at_least = 39.0 } }, { signal = { name = \"temperature\", below = 38.0 } }] }",
        "{ signal = { name = \"temperature\", at_least = 38.0 } }, { signal = { name = \"temperature\", below = 38.0 } }",
        "{ fever = { present = true } }, { fever = { present = false } }",
        "{ any = [{ grade = { at_least = 3 } }, { all = [{ grade = { at_least = 2 } }, { grade = { at_most = 1 } }] }] }",
        "{ grade = { at_least = 3 } }, { not = { grade = { at_least = 2 } } }",
        "{ breathing = { at_most = \"low-flow\" } }, { breathing = { at_least = \"high-flow\" } }",
        "{ age = { below_years = 2.0 } }, { age = { from_years = 2.0 } }",
        "{ grade = { at_least = 4 } }, { any = [{ grade = { at_most = 1 } }, { grade = { at_most = 2 } }] }",
        "{ doses = { drug = [\"tocilizumab\", \"siltuximab\"], at_most = 0 } }, { doses = { drug = \"tocilizumab\", at_least = 1 } }",
        "{ signal = { name = \"oxygen_device\", is = [\"bipap\", \"cpap\"] } }, { signal = { name = \"oxygen_device\", is = \"room_air\" } }",
    ] {
        one(&complaints_of("", &[[when, CARE, ""]]), Severity::Error, "when", excludes);
    }
    for when in [
        "{ fever = { present = true } }, { fever = { present = false, current = true } }",
        "{ signal = { name = \"temperature\", below = 38.0 } }, { signal = { name = \"temperature\", at_least = 38.5, count = 2 } }",
        "{ any = [{ grade = { at_most = 1 } }, { grade = { at_least = 3 } }] }, { not = { grade = { at_least = 4 } } }",
        "{ doses = { drug = \"tocilizumab\", at_most = 0, within_hours = 24.0 } }, { doses = { drug = \"tocilizumab\", at_least = 1 } }",
        "{ signal = { name = \"oxygen_device\", is = [\"bipap\", \"cpap\"] } }, { signal = { name = \"oxygen_device\", is = [\"cpap\", \"room_air\"] } }",
    ] {
        assert_eq!(complaints_of("", &[[when, CARE, ""]]), [], "{when}");
    }
    // What `unless` takes away is more than what `when` asks for, or nothing is left.
    let unless = |bound: &str| complaints_of("", &[["{ circulation = { at_least = \"one-vasopressor\" } }", CARE, bound]]);
    let (all, some) = ("without-vasopressor", "several-vasopressors");
    let bound = |level: &str| format!("unless = [{{ circulation = {{ at_least = \"{level}\" }} }}]");
    one(&unless(&bound(all)), Severity::Error, "when", "`unless` holds whenever `when` does");
    assert_eq!(unless(&bound(some)), []);
}

#[test]
fn a_rule_that_stops_as_it_starts_is_refused() {
    let dexa = "{ give = { drug = \"dexamethasone\", dose = \"dexamethasone-10mg\", every_hours = 6.0 } }";
    let with = |when: &str, until: &str| complaints_of("", &[[when, dexa, &format!("until = [{until}]")]]);
    let stops = "stops as it starts";
    one(&with("{ grade = { at_least = 3, at_most = 3 } }", "{ grade = { at_most = 3 } }"), Severity::Error, "until", stops);
    one(&with("{ grade = { at_least = 2 } }", "{ grade = { at_least = 2 } }"), Severity::Error, "until", stops);
    one(
        &with("{ grade = { at_least = 2 } }", "{ grade = { at_most = 3 } }"),
        Severity::Warning,
        "until",
        "`until` may hold while `when` does",
    );
    one(&with("{ grade = { at_least = 2 } }", "{ fever = { present = false } }"), Severity::Warning, "until", "`until` may hold");
    one(
        &with("{ grade = { at_least = 2 } }", "{ grade = { at_most = 1 } }, { grade = { at_least = 2 } }"),
        Severity::Error,
        "until",
        "never ends",
    );
    assert_eq!(with("{ grade = { at_least = 2 } }", "{ grade = { at_most = 1 } }"), []);
    let worse = "{ worse = { after = \"tocilizumab\" } }";
    assert_eq!(with(&format!("{{ grade = {{ at_least = 1 }} }}, {{ any = [{worse}] }}"), &format!("{{ not = {worse} }}")), []);
}

#[test]
fn two_rules_that_give_one_drug_in_one_state_are_told() {
    let limit = "min_interval_hours = 8.0";
    let other = "{ give = { drug = \"tocilizumab\", dose = \"tocilizumab-8\" } }";
    let (two, three) = ("{ grade = { at_least = 2 } }", "{ grade = { at_least = 3 } }");
    one(
        &complaints_of(limit, &[[two, TOCI, ""], [three, TOCI, ""]]),
        Severity::Note,
        "[[rule]]",
        "at grades 3 to 5 rule \"r0\" and rule \"r1\" may both speak, and both give tocilizumab",
    );
    one(&complaints_of(limit, &[[two, TOCI, ""], [three, other, ""]]), Severity::Warning, "[[rule]]", "give tocilizumab in two ways");
    let gives_way = format!("unless = [{three}]");
    assert_eq!(complaints_of(limit, &[[two, TOCI, &gives_way], [three, other, ""]]), []);
    let first = format!("{two}, {{ doses = {{ drug = \"tocilizumab\", at_most = 0 }} }}");
    let again = format!("{two}, {{ no_improvement = {{ after = \"tocilizumab\", hours = 8.0 }} }}");
    assert_eq!(complaints_of(limit, &[[&first, TOCI, ""], [&again, TOCI, ""]]), []);
}
