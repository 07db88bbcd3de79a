//! `events.csv`: one observation a row, read as a stream.

use super::Builders;
use super::infusions::Infusions;
use super::observation::WrittenObservation;
use super::table::{Layout, Table};
use crate::ReadError;
use crate::instant::raw_time;
use barograph_record::{Files, Ledger, Patient, Reason, RecordBuilder};
use std::path::Path;

const LAYOUT: Layout = Layout {
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

/// Reads every event into its patient's builder. `files` holds this file's name alone.
pub(super) fn read(
    path: &Path,
    newcomers: Newcomers,
    infusions: &mut Infusions,
    builders: &mut Builders,
    files: &Files,
    ledger: &mut Ledger,
) -> Result<(), ReadError> {
    let mut table = Table::open(path, &LAYOUT, ledger)?;
    while let Some(row) = table.next(ledger)? {
        let id = table.get(0);
        if id.is_empty() {
            ledger.note(&table.name, row, "patient", Reason::Malformed, "no patient is named");
            continue;
        }
        if newcomers == Newcomers::Welcome && !builders.contains_key(id) {
            builders.insert(id.to_owned(), RecordBuilder::new(newcomer(id, infusions)));
        }
        let Some(builder) = builders.get_mut(id) else {
            ledger.note(&table.name, row, "patient", Reason::UnknownPatient, "not in patients.csv");
            continue;
        };
        let Some(at) = raw_time(table.get(1)) else {
            ledger.note(&table.name, row, "time", Reason::Time, table.get(1));
            continue;
        };
        let written = WrittenObservation {
            at,
            signal: table.get(2),
            value: table.get(3),
            unit: table.get(4),
            detail: table.get(5),
            recorded: table.get(6),
            channel: table.get(7),
            row,
        };
        written.push(builder, files, ledger);
    }
    Ok(())
}

fn newcomer(id: &str, infusions: &mut Infusions) -> Patient {
    let mut patient = Patient::new(id);
    if let Some(infusion) = infusions.take(id) {
        patient.infusion = Some(infusion.time);
        patient.product = infusion.product;
    }
    patient
}
