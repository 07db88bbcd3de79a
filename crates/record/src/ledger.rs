//! The ledger: every row of input that did not become an event, and why.

use serde::Serialize;
use std::collections::BTreeMap;

/// Why something read did not become an event (or became one only in part).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// The source's concept has no signal; it is known to be irrelevant to grading.
    NotASignal,
    /// The source's concept is in no map, so it may have been relevant.
    UnmappedConcept,
    /// The unit is unknown or of the wrong dimension.
    Unit,
    /// A body weight is needed to convert and none is recorded; an infusion is kept as running.
    NeedsWeight,
    /// The amount of an infusion, drug or oxygen is outside its plausible range; it is kept as running or given, amount unknown. A pressure or
    /// saturation is kept as taken.
    ImplausibleAmount,
    /// The amount of an infusion, drug or oxygen is in an unknown unit; it is kept as running or given, amount unknown.
    AmountUnit,
    /// A row of oxygen, ventilation, neurology, dialysis or an infusion could not be read; it is kept as unknown, since what was charted
    /// before no longer holds. So is a temperature, pressure or saturation. A drug charted with an amount that could not be read is kept
    /// as given.
    Unread,
    /// The number is outside the signal's plausible range.
    Implausible,
    /// The value is not a number or not a word of the signal's list.
    Value,
    /// No value is given.
    MissingValue,
    /// The time is missing, unreadable or too coarse.
    Time,
    /// The time lies before the patient's birth.
    BeforeBirth,
    /// The time lies farther from the infusion than anybody is followed: a mistyped year, as a rule.
    FarFromInfusion,
    /// An identical row was read before.
    Duplicate,
    /// A later version of the same fact replaces it.
    Superseded,
    /// The source says it was entered in error.
    EnteredInError,
    /// The source says it was not done, cancelled or only planned.
    NotDone,
    /// The patient is not described in the input.
    UnknownPatient,
    /// The patient is described more than once.
    DuplicatePatient,
    /// The patient's infusion time is not known.
    NoInfusionTime,
    /// The row or resource cannot be parsed.
    Malformed,
    /// A field was not understood; the rest of the row was used.
    FieldIgnored,
}

impl Reason {
    /// The name used in the ledger file and on standard error.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotASignal => "not-a-signal",
            Self::UnmappedConcept => "unmapped-concept",
            Self::Unit => "unit",
            Self::NeedsWeight => "needs-weight",
            Self::ImplausibleAmount => "implausible-amount",
            Self::AmountUnit => "amount-in-unknown-unit",
            Self::Unread => "unread",
            Self::Implausible => "implausible",
            Self::Value => "value",
            Self::MissingValue => "missing-value",
            Self::Time => "time",
            Self::BeforeBirth => "before-birth",
            Self::FarFromInfusion => "far-from-infusion",
            Self::Duplicate => "duplicate",
            Self::Superseded => "superseded",
            Self::EnteredInError => "entered-in-error",
            Self::NotDone => "not-done",
            Self::UnknownPatient => "unknown-patient",
            Self::DuplicatePatient => "duplicate-patient",
            Self::NoInfusionTime => "no-infusion-time",
            Self::Malformed => "malformed",
            Self::FieldIgnored => "field-ignored",
        }
    }

    /// Whether the row was lost altogether, as against kept in part.
    pub const fn loses_the_row(self) -> bool {
        !matches!(self, Self::NeedsWeight | Self::ImplausibleAmount | Self::AmountUnit | Self::Unread | Self::FieldIgnored)
    }
}

/// One row that was not, or not wholly, understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// File, as in evidence.
    pub file: Box<str>,
    /// One-based row, or 0 when the resource is named in `what`.
    pub row: u32,
    /// Field or column at fault; empty when the whole row is.
    pub field: Box<str>,
    /// Why.
    pub reason: Reason,
    /// What was found there, shortened; never a patient's name.
    pub what: Box<str>,
}

/// Rows that were not understood, counted by file, reason and concept, and listed up to a cap.
///
/// Counts are always exact. The list is kept only when asked for, so that an export with millions of
/// irrelevant rows does not fill the memory.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    entries: Option<Vec<Entry>>,
    counts: BTreeMap<(Box<str>, Reason, Box<str>), u64>,
    rows: BTreeMap<Box<str>, u64>,
    events: u64,
}

/// Distinct contents counted per file and reason; further ones are counted as "(other)".
const DISTINCT: usize = 2_000;

impl Ledger {
    /// A ledger that counts only.
    pub fn counting() -> Self {
        Self::default()
    }

    /// A ledger that also keeps every entry.
    pub fn listing() -> Self {
        Self { entries: Some(Vec::new()), ..Self::default() }
    }

    /// Records one row.
    pub fn note(&mut self, file: &str, row: u32, field: &str, reason: Reason, what: &str) {
        let short: Box<str> = match what.char_indices().nth(80) {
            Some((end, _)) => what[..end].into(),
            None => what.into(),
        };
        let group = if matches!(reason, Reason::NotASignal | Reason::UnmappedConcept | Reason::Unit | Reason::AmountUnit | Reason::Unread) {
            short.clone()
        } else {
            field.into()
        };
        let key = (file.into(), reason, group);
        if self.counts.len() < DISTINCT || self.counts.contains_key(&key) {
            *self.counts.entry(key).or_default() += 1;
        } else {
            *self.counts.entry((file.into(), reason, "(other)".into())).or_default() += 1;
        }
        if let Some(entries) = &mut self.entries {
            entries.push(Entry { file: file.into(), row, field: field.into(), reason, what: short });
        }
    }

    /// Counts rows read from a file, so that a reader can prove that none vanished.
    pub fn count_rows(&mut self, file: &str, rows: u64) {
        *self.rows.entry(file.into()).or_default() += rows;
    }

    /// Counts events made from the rows read.
    pub fn count_events(&mut self, events: u64) {
        self.events += events;
    }

    /// Rows read per file.
    pub fn rows(&self) -> impl Iterator<Item = (&str, u64)> {
        self.rows.iter().map(|(file, n)| (&**file, *n))
    }

    /// Events made.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Number of rows noted.
    pub fn len(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Whether every row became an event.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Counts by file, reason and group (the concept, or else the field), in that order.
    pub fn counts(&self) -> impl Iterator<Item = (&str, Reason, &str, u64)> {
        self.counts.iter().map(|((file, reason, group), n)| (&**file, *reason, &**group, *n))
    }

    /// Every entry, when the ledger keeps them.
    pub fn entries(&self) -> &[Entry] {
        self.entries.as_deref().unwrap_or_default()
    }

    /// Adds another ledger's rows to this one.
    pub fn merge(&mut self, other: Self) {
        for (key, n) in other.counts {
            *self.counts.entry(key).or_default() += n;
        }
        for (file, n) in other.rows {
            *self.rows.entry(file).or_default() += n;
        }
        self.events += other.events;
        if let (Some(mine), Some(theirs)) = (&mut self.entries, other.entries) {
            mine.extend(theirs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_and_entries_optional() {
        let mut counting = Ledger::counting();
        let mut listing = Ledger::listing();
        for ledger in [&mut counting, &mut listing] {
            ledger.note("events.csv", 3, "unit", Reason::Unit, "furlong");
            ledger.note("events.csv", 4, "unit", Reason::Unit, "furlong");
        }
        assert_eq!(counting.len(), 2);
        assert!(counting.entries().is_empty());
        assert_eq!(listing.entries().len(), 2);
        counting.merge(listing);
        assert_eq!(counting.counts().collect::<Vec<_>>(), [("events.csv", Reason::Unit, "furlong", 4)]);
    }

    #[test]
    fn long_contents_are_cut_at_a_character() {
        let mut ledger = Ledger::listing();
        ledger.note("f", 1, "", Reason::Value, &"é".repeat(200));
        assert_eq!(ledger.entries()[0].what.chars().count(), 80);
    }
}
