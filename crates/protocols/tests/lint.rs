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
fn every_shipped_plan_passes() {
    for (name, text) in library::protocol_texts() {
        let (plan, problems) = lint(text);
        let errors: Vec<String> = problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
        assert!(plan.is_some() && errors.is_empty(), "{name}: {errors:#?}");
    }
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
