//! `events.csv`: one observation a row, read as a stream.

use super::Builders;
use super::infusions::Infusions;
use super::observation::WrittenObservation;
use super::table::{Layout, Table};
use crate::instant::{Offsets, raw_time};
use crate::{ReadError, Sink};
use barograph_record::{Files, Ledger, Patient, Reason, RecordBuilder};
use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;

pub(super) const LAYOUT: Layout = Layout {
    columns: &["patient", "time", "signal", "value", "unit", "detail", "recorded", "channel"],
    required: 4,
    remedy: "its first line must name the columns: patient,time,signal,value,unit,detail (unit and detail may be absent)",
};

/// Whether patients may be made from events.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Newcomers {
    /// An event of a patient not yet known makes the patient.
    Welcome,
    /// Patients are described elsewhere; events of others go to the ledger.
    Refused,
}

/// Where events go.
pub(super) struct Intake<'a, 'l> {
    pub(super) newcomers: Newcomers,
    pub(super) infusions: &'a mut Infusions,
    pub(super) builders: &'a mut Builders,
    /// The name of the file of events alone.
    pub(super) files: &'a Files,
    pub(super) offsets: Offsets,
    pub(super) ledger: &'l mut Ledger,
}

impl Intake<'_, '_> {
    /// Reads every event into its patient's builder.
    pub(super) fn read(&mut self, path: &Path) -> Result<(), ReadError> {
        let table = Table::open(path, &LAYOUT, self.ledger)?;
        self.take(table)
    }

    /// Reads every event of a stream that is called by a path into its patient's builder.
    pub(super) fn read_stream(&mut self, stream: Box<dyn BufRead>, path: &Path) -> Result<(), ReadError> {
        let table = Table::of(stream, path, &LAYOUT, self.ledger)?;
        self.take(table)
    }

    fn take(&mut self, mut table: Table) -> Result<(), ReadError> {
        while let Some(row) = table.next(self.ledger)? {
            self.add(&table.name, row, |column| table.get(column));
        }
        Ok(())
    }

    /// Gives the records of patients before the first of whom more is to come, where all patients are known.
    pub(super) fn give_before(&mut self, open: &HashMap<String, u32>, sink: &mut Sink<'_>) {
        while self.newcomers == Newcomers::Refused
            && let Some(first) = self.builders.first_entry()
            && !open.contains_key(first.key())
        {
            sink(first.remove().finish(self.files, self.ledger));
        }
    }

    /// Adds the event of a row; `get` gives its cells in the order of the layout.
    pub(super) fn add<'t>(&mut self, file: &str, row: u32, get: impl Fn(usize) -> &'t str) {
        let id = get(0);
        if id.is_empty() {
            return self.ledger.note(file, row, "patient", Reason::Malformed, "no patient is named");
        }
        if self.newcomers == Newcomers::Welcome && !self.builders.contains_key(id) {
            self.builders.insert(id.to_owned(), RecordBuilder::new(newcomer(id, self.infusions)));
        }
        let Some(builder) = self.builders.get_mut(id) else {
            return self.ledger.note(file, row, "patient", Reason::UnknownPatient, "not among the patients");
        };
        let Some(at) = raw_time(get(1)) else {
            return self.ledger.note(file, row, "time", Reason::Time, get(1));
        };
        self.offsets.meet(get(1), file, row, "time");
        let written =
            WrittenObservation { at, signal: get(2), value: get(3), unit: get(4), detail: get(5), recorded: get(6), channel: get(7), row };
        written.push(builder, self.files, self.ledger);
    }
}

fn newcomer(id: &str, infusions: &mut Infusions) -> Patient {
    let mut patient = Patient::new(id);
    if let Some(infusion) = infusions.take(id) {
        patient.infusion = Some(infusion.time);
        patient.product = infusion.product;
    }
    patient
}
