//! What all tables share while they are read: concepts, people, ledger, and the rule that no row vanishes.

use super::concepts::{Concepts, Target};
use super::people::People;
use crate::ReadError;
use crate::parquet::Table;
use crate::parquet::{Refusal, Row, Wanted};
use barograph_record::{Files, Ledger, Observation, RawTime, RawValue, Reason, Signal};
use jiff::Timestamp;
use std::borrow::Cow;

/// The state of one reading.
pub(super) struct Intake<'a> {
    pub(super) concepts: Cow<'static, Concepts>,
    pub(super) people: People,
    pub(super) files: Files,
    pub(super) ledger: &'a mut Ledger,
}

impl Intake<'_> {
    /// Reads a table: each row is used by `each`, or refused and so noted.
    ///
    /// # Errors
    /// [`ReadError`] when the table as a whole cannot be read.
    pub(super) fn read(
        &mut self,
        table: &Table,
        wanted: &'static [Wanted],
        mut each: impl FnMut(&mut Self, &Row<'_>) -> Result<(), Refusal>,
    ) -> Result<(), ReadError> {
        self.note_columns(table, wanted);
        let rows = table.for_each(wanted, |row| {
            if let Err(refusal) = each(self, row) {
                self.note(row.file, row.number, &refusal);
            }
        })?;
        self.count_rows(table.file, rows);
        Ok(())
    }

    /// Counts the rows of a table that is not read, each as `reason`.
    ///
    /// # Errors
    /// [`ReadError`] when the table is damaged.
    pub(super) fn pass_over(&mut self, table: &Table, reason: Reason, what: &str) -> Result<(), ReadError> {
        let rows = table.for_each(&[], |row| self.note(row.file, row.number, &Refusal::new("", reason, what)))?;
        self.count_rows(table.file, rows);
        Ok(())
    }

    /// Says once per table which columns are missing and which are never read.
    fn note_columns(&mut self, table: &Table, wanted: &[Wanted]) {
        for name in table.columns().filter(|c| !wanted.iter().any(|w| w.name() == *c)) {
            let file = self.files.get(usize::from(table.file)).map_or("?", |f| f);
            self.ledger.note(file, 0, name, Reason::NotASignal, &format!("column {name}"));
        }
        for useful in wanted {
            if let Wanted::Useful(name) = useful
                && !table.columns().any(|c| c == *name)
            {
                self.note(table.file, 0, &Refusal::new(name, Reason::FieldIgnored, format!("column {name} is missing")));
            }
        }
    }

    fn count_rows(&mut self, file: u16, rows: u64) {
        let file = self.files.get(usize::from(file)).map_or("?", |f| f);
        self.ledger.count_rows(file, rows);
    }

    pub(super) fn note(&mut self, file: u16, row: u32, refusal: &Refusal) {
        let file = self.files.get(usize::from(file)).map_or("?", |f| f);
        self.ledger.note(file, row, refusal.field, refusal.reason, &refusal.what);
    }

    /// Notes a field that was not understood in a row that is used all the same.
    pub(super) fn ignore(&mut self, row: &Row<'_>, refusal: &Refusal) {
        self.note(row.file, row.number, &Refusal::new(refusal.field, Reason::FieldIgnored, refusal.what.as_str()));
    }

    /// The meaning of a row's category, which must be a signal, a word or an infusion.
    pub(super) fn target(&self, table: &str, row: &Row<'_>, column: &'static str) -> Result<(Target, String), Refusal> {
        let category = row.category(column).ok_or_else(|| Refusal::new(column, Reason::MissingValue, "no category"))?;
        match self.concepts.target(table, &category) {
            None => Err(Refusal::new(column, Reason::UnmappedConcept, &category)),
            Some(Target::Irrelevant) => Err(Refusal::new(column, Reason::NotASignal, &category)),
            Some(target) => Ok((target, category)),
        }
    }

    /// Whose row it is, by the hospitalisation or else by the patient.
    pub(super) fn who(&self, row: &Row<'_>) -> Result<usize, Refusal> {
        let by_stay = row.text("hospitalization_id").and_then(|id| self.people.of_stay(&id));
        let found = by_stay.or_else(|| row.text("patient_id").and_then(|id| self.people.of_patient(&id)));
        // The id itself stays out of the ledger; file and row lead to it.
        found.ok_or_else(|| Refusal::new("hospitalization_id", Reason::UnknownPatient, "no such hospitalisation"))
    }

    /// Takes note that the patient was at the bedside of the row's stay at its time.
    pub(super) fn seen(&mut self, row: &Row<'_>, time: &'static str) {
        if let (Some(stay), Ok(Some(moment))) = (row.text("hospitalization_id"), row.time(time)) {
            self.people.seen(&stay, moment);
        }
    }

    /// Hands an observation of this row to the patient's record.
    pub(super) fn push(&mut self, who: usize, row: &Row<'_>, observation: Observation<'_>) {
        let observation = Observation { file: row.file, row: row.number, ..observation };
        if let Some(person) = self.people.get_mut(who) {
            person.builder.push(&observation, &self.files, self.ledger);
        }
    }
}

/// An observation at an absolute moment.
pub(super) const fn at(moment: Timestamp, signal: Signal, value: RawValue<'_>) -> Observation<'_> {
    Observation::new(RawTime::Absolute(moment), signal, value)
}
