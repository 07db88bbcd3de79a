//! Answers that somebody gave in words, as `reported_grade` rows with a detail.
//!
//! Some definitions ask for what no signal carries: whether the marrow shows haemophagocytosis, whether the
//! child's development is delayed. A `reported_grade` row whose detail names it answers: a number above zero,
//! or words alone, say yes; zero says no.

use barograph_record::{Event, Instant, Record, Signal, Value};

/// The rows that answer one question, in time order.
pub(super) struct Reported<'r>(Vec<&'r Event>);

impl<'r> Reported<'r> {
    /// The rows whose detail holds one of these words, in lower case.
    pub(super) fn of(record: &'r Record, words: &[&str]) -> Self {
        let answers = |e: &&Event| {
            let detail = record.texts.get(e.detail).to_lowercase();
            e.signal == Signal::ReportedGrade && words.iter().any(|w| detail.contains(w))
        };
        Self(record.events.iter().filter(answers).collect())
    }

    /// The answer in force at an instant: the grade stated (1 for words alone), and the row.
    pub(super) fn at(&self, now: Instant) -> Option<(f64, &'r Event)> {
        let until = self.0.partition_point(|e| e.at <= now);
        let event = self.0.get(..until)?.last().copied()?;
        match event.value {
            Value::Number(x, _) => Some((x, event)),
            _ => Some((1.0, event)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'r Event> + '_ {
        self.0.iter().copied()
    }
}
