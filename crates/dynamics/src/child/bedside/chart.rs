//! What is written down.

use barograph_record::{Code, Comparator, Instant, Signal};

/// A value as charted, in the signal's canonical unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoteValue {
    /// A number.
    Number(f64),
    /// A number below the assay's limit.
    Below(f64),
    /// A word.
    Word(Code),
}

/// One charted fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// When.
    pub at: Instant,
    /// What.
    pub signal: Signal,
    /// The value.
    pub value: NoteValue,
}

impl NoteValue {
    /// As the builder of records takes it.
    pub fn raw(self) -> barograph_record::RawValue<'static> {
        use barograph_record::RawValue;
        match self {
            Self::Number(x) => RawValue::Number(x, Comparator::Exact),
            Self::Below(x) => RawValue::Number(x, Comparator::Below),
            Self::Word(code) => RawValue::Code(code),
        }
    }
}

/// A growing chart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chart {
    pub(crate) notes: Vec<Note>,
}

impl Chart {
    pub(crate) fn number(&mut self, day: f64, signal: Signal, value: f64, decimals: i32) {
        let scale = 10f64.powi(decimals);
        self.add(day, signal, NoteValue::Number((value * scale).round() / scale));
    }

    pub(crate) fn word(&mut self, day: f64, signal: Signal, code: Code) {
        self.add(day, signal, NoteValue::Word(code));
    }

    pub(crate) fn add(&mut self, day: f64, signal: Signal, value: NoteValue) {
        // Charts know whole minutes.
        let minutes = (day * 1440.0).round() as i64;
        self.notes.push(Note { at: Instant::from_ms(minutes * 60_000), signal, value });
    }
}
