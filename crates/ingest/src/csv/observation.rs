//! One observation as people write one down, in `events.csv` or in a vignette.

use crate::concepts::ConceptMap;
use crate::instant::raw_time;
use barograph_record::{Code, Kind, Ledger, Observation, RawTime, RawValue, Reason, RecordBuilder, Signal, Status};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The words of one observation, whose time is already read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrittenObservation<'a> {
    pub(crate) at: RawTime,
    pub(crate) signal: &'a str,
    pub(crate) value: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) detail: &'a str,
    /// When it became known, in the forms of a time; empty where nothing is written.
    pub(crate) recorded: &'a str,
    pub(crate) channel: &'a str,
    pub(crate) row: u32,
}

impl WrittenObservation<'_> {
    /// Hands the observation to the patient's builder, or notes why not. It stands in the first of `files`.
    pub(crate) fn push(&self, builder: &mut RecordBuilder, files: &[Box<str>], ledger: &mut Ledger) {
        let file = files.first().map_or("?", |f| f);
        let Some(signal) = signal_named(self.signal) else {
            return ledger.note(file, self.row, "signal", Reason::UnmappedConcept, self.signal);
        };
        if matches!(signal.kind(), Kind::Coded(_)) && !self.unit.is_empty() {
            ledger.note(file, self.row, "unit", Reason::FieldIgnored, "a word has no unit");
        }
        let mut known = raw_time(self.recorded);
        // Without an infusion time an absolute time cannot be set beside a day, and must not cost the row.
        let days_only = builder.patient.infusion.is_none() && matches!(self.at, RawTime::Day(_));
        if matches!(known, Some(RawTime::Absolute(_))) && days_only {
            known = None;
        }
        if known.is_none() && !self.recorded.is_empty() {
            ledger.note(file, self.row, "recorded", Reason::FieldIgnored, self.recorded);
        }
        let (status, detail) = standing(self.detail);
        let (value, detail) = device(signal, self.value, detail);
        let observation = Observation {
            known,
            unit: self.unit,
            channel: self.channel,
            detail: &detail,
            status,
            row: self.row,
            ..Observation::new(self.at, signal, value)
        };
        builder.push(&observation, files, ledger);
    }
}

/// The value as the gate reads it; a device in the usual words and abbreviations is read here, and what was written stays in the detail.
fn device<'a>(signal: Signal, text: &'a str, detail: &'a str) -> (RawValue<'a>, Cow<'a, str>) {
    let as_written = (RawValue::Text(text), Cow::Borrowed(detail));
    if !signal.is_device() || Code::among(text, Code::DEVICES).is_some() {
        return as_written;
    }
    let Some(code) = ConceptMap::load(None).ok().and_then(|map| map.device(text)) else { return as_written };
    let parts: Vec<&str> = [text.trim(), detail].into_iter().filter(|part| !part.is_empty()).collect();
    (RawValue::Code(code), Cow::Owned(parts.join("; ")))
}

/// The signal of a name, in any case.
fn signal_named(name: &str) -> Option<Signal> {
    static NAMES: LazyLock<HashMap<&str, Signal>> = LazyLock::new(|| Signal::ALL.iter().map(|s| (s.name(), *s)).collect());
    NAMES.get(name).copied().or_else(|| Signal::ALL.iter().copied().find(|s| s.name().eq_ignore_ascii_case(name)))
}

/// What the first word of a detail says about the row, and the detail without that word.
fn standing(detail: &str) -> (Status, &str) {
    for (word, status) in [("corrected", Status::Corrected), ("entered-in-error", Status::EnteredInError)] {
        let Some((first, rest)) = detail.split_at_checked(word.len()) else { continue };
        let ends_there = !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if first.eq_ignore_ascii_case(word) && ends_there {
            return (status, rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ':' | ',' | '.')));
        }
    }
    (Status::Final, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_of_a_detail_is_its_standing() {
        assert_eq!(standing("corrected"), (Status::Corrected, ""));
        assert_eq!(standing("Corrected: axillary"), (Status::Corrected, "axillary"));
        assert_eq!(standing("entered-in-error; wrong child"), (Status::EnteredInError, "wrong child"));
        for detail in ["", "axillary", "correctedly", "corrected-qt", "not corrected", "entered in error", "é"] {
            assert_eq!(standing(detail), (Status::Final, detail));
        }
    }

    #[test]
    fn signals_are_named_in_any_case() {
        assert_eq!(signal_named("Temperature"), Some(Signal::Temperature));
        assert_eq!(signal_named("temp"), None);
    }
}
