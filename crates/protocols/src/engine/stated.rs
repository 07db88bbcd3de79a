//! Judgements that somebody charted in words.

use barograph_grading::Evidence;
use barograph_record::{Event, Instant, Signal, Texts};

/// The last statement of one wording.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// The wording, in lower case.
    what: String,
    pub(crate) last: Option<(Instant, Option<f64>, Evidence)>,
}

/// Every wording that some rule asks about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statements(Vec<Statement>);

impl Statements {
    pub(crate) fn watch(&mut self, what: &str) {
        let what = what.trim().to_lowercase();
        if self.0.iter().all(|s| s.what != what) {
            self.0.push(Statement { what, last: None });
        }
    }

    pub(crate) fn take(&mut self, event: &Event, texts: &Texts) {
        if event.signal != Signal::ReportedGrade || self.0.is_empty() {
            return;
        }
        let detail = texts.get(event.detail).trim().to_lowercase();
        if let Some(statement) = self.0.iter_mut().find(|s| s.what == detail) {
            statement.last = Some((event.at, event.value.number(), Evidence::of(event)));
        }
    }

    pub(crate) fn of(&self, what: &str) -> Option<&Statement> {
        self.0.iter().find(|s| s.what.eq_ignore_ascii_case(what.trim()))
    }
}
