//! The plain-text form: a folder with `patients.csv` and `events.csv`.
//!
//! See `docs/formats.md` for the columns. Events are streamed; what is held in memory is what the
//! records themselves hold.

mod events;
pub(crate) mod infusions;
pub(crate) mod observation;
pub(crate) mod patient;
mod patients;
mod rows;
mod table;

use crate::{Options, ReadError, Sink};
use barograph_record::{Files, Ledger, RecordBuilder};
use events::Newcomers;
use infusions::Infusions;
use std::collections::BTreeMap;
use std::path::Path;

/// Builders by patient id, in the order in which records are given.
type Builders = BTreeMap<String, RecordBuilder>;

const PATIENTS: &str = "patients.csv";
const EVENTS: &str = "events.csv";

/// Reads the folder and gives one record a patient, in the order of ids.
pub(crate) fn read(path: &Path, options: &Options, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    if path.is_file() {
        return Err(ReadError::invalid(path, "CSV input is a folder", "give the folder that holds patients.csv and events.csv"));
    }
    let (patients, events) = (path.join(PATIENTS), path.join(EVENTS));
    // Patients without any event would look well; so a folder without the file is taken for a mistake.
    if patients.is_file() && !events.is_file() {
        let remedy = "put it beside patients.csv; where nothing was observed it holds the header alone";
        return Err(ReadError::invalid(&events, "the file is missing", remedy));
    }
    let mut infusions = Infusions::read(options.infusions.as_deref(), ledger)?;
    let (mut builders, newcomers) = if patients.is_file() {
        (patients::read(&patients, &mut infusions, ledger)?, Newcomers::Refused)
    } else {
        (Builders::new(), Newcomers::Welcome)
    };
    let files: Files = [EVENTS.into()].into();
    events::read(&events, newcomers, &mut infusions, &mut builders, &files, ledger)?;
    infusions.finish(ledger);
    while let Some((_, builder)) = builders.pop_first() {
        sink(builder.finish(&files, ledger));
    }
    Ok(())
}
