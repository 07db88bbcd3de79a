//! Plan files: arbitrary text, linted, and a story advised on under what is accepted.

use barograph_grading::Policy;
use barograph_grading::companions::Options;
use barograph_protocols::doses::{DoseFile, Rounding};
use barograph_protocols::engine::{Engine, differences};
use barograph_protocols::language::Severity;
use barograph_protocols::lint::lint;
use barograph_record::{Record, Span};

/// What every plan is tried on.
pub struct Bench {
    record: Record,
    policy: Policy,
    options: Options,
}

impl Bench {
    /// The story of the policies' target under the defaults.
    ///
    /// # Panics
    /// Where the shipped defaults are broken.
    #[must_use]
    pub fn new() -> Self {
        let (policy, options) = (Policy::default_1().expect("the default policy parses"), Options::default_1().expect("the options parse"));
        Self { record: crate::policy::record(), policy, options }
    }
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads arbitrary bytes as a plan and as a dose file; a plan that passes the linter must advise without complaint.
pub fn run(data: &[u8], bench: &Bench) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(problem) = DoseFile::from_toml(text) {
        assert!(!problem.to_string().is_empty());
    }
    let lines = text.matches('\n').count() + 1;
    let (plan, problems) = lint(text);
    for problem in &problems {
        assert!(problem.line <= lines && !problem.reason.is_empty() && !problem.suggestion.is_empty(), "{problem:?}");
    }
    assert_eq!(plan.is_none(), problems.iter().any(|p| p.severity == Severity::Error));
    let Some(plan) = plan else { return };
    let record = &bench.record;
    let engine = Engine::new(&record.patient, &bench.policy, &bench.options, Rounding::Vial, [&plan]);
    let mut engine = engine.expect("a plan that the linter passes can be put to work");
    for event in &record.events {
        engine.push(event, &record.texts);
        let said = engine.at(event.at + Span::from_hours(3.0));
        assert!(said.iter().all(|a| a.next_look.as_ref().is_none_or(|(at, _)| *at > a.at)));
        let _ = differences(&said);
    }
    let changes = engine.finish();
    assert!(changes.windows(2).all(|pair| pair[0].at <= pair[1].at));
}
