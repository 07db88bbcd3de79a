//! The plain-text form: a folder with `patients.csv` and `events.csv`, or the same two tables as Parquet.
//!
//! See `docs/formats.md` for the columns. Events are streamed; what is held in memory is what the
//! records themselves hold.

mod columns;
mod events;
pub(crate) mod infusions;
pub(crate) mod observation;
pub(crate) mod patient;
mod patients;
mod rows;
mod table;

use crate::{Options, ReadError, Sink};
use barograph_record::{Files, Ledger, RecordBuilder};
use events::{Intake, Newcomers};
use infusions::Infusions;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

/// Builders by patient id, in the order in which records are given.
type Builders = BTreeMap<String, RecordBuilder>;

/// How the two tables are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// As comma-separated text.
    AsText,
    /// As columns.
    AsParquet,
}

impl Kept {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::AsText => ("patients.csv", "events.csv"),
            Self::AsParquet => ("patients.parquet", "events.parquet"),
        }
    }
}

/// Reads a stream that holds the events' table alone, and gives one record a patient, in the order of ids. Ages are not known.
pub(crate) fn read_stream(
    stream: Box<dyn BufRead>,
    name: &str,
    options: &Options,
    ledger: &mut Ledger,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let mut infusions = Infusions::read(options.infusions.as_deref(), ledger)?;
    let offsets = std::mem::take(&mut infusions.offsets);
    let (mut builders, newcomers) = (Builders::new(), Newcomers::Welcome);
    let files: Files = [name.into()].into();
    let mut intake = Intake { newcomers, infusions: &mut infusions, builders: &mut builders, files: &files, offsets, ledger };
    intake.read_stream(stream, Path::new(name))?;
    std::mem::take(&mut intake.offsets).finish(intake.ledger);
    infusions.finish(ledger);
    for builder in builders.into_values() {
        sink(builder.finish(&files, ledger));
    }
    Ok(())
}

/// Reads the folder and gives one record a patient, in the order of ids.
pub(crate) fn read(path: &Path, kept: Kept, options: &Options, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (patients_name, events_name) = kept.names();
    if path.is_file() {
        let remedy = "give the folder that holds the patients' and the events' file";
        return Err(ReadError::invalid(path, "the input is a folder", remedy));
    }
    let (patients, events) = (path.join(patients_name), path.join(events_name));
    // Patients without any event would look well; so a folder without the file is taken for a mistake.
    if patients.is_file() && !events.is_file() {
        let remedy = "put it beside the patients' file; where nothing was observed it holds its columns' names alone";
        return Err(ReadError::invalid(&events, "the file is missing", remedy));
    }
    let mut infusions = Infusions::read(options.infusions.as_deref(), ledger)?;
    let mut offsets = std::mem::take(&mut infusions.offsets);
    let (mut builders, newcomers) = if patients.is_file() {
        let read = match kept {
            Kept::AsText => patients::read,
            Kept::AsParquet => columns::patients,
        };
        (read(&patients, &mut infusions, &mut offsets, ledger)?, Newcomers::Refused)
    } else {
        (Builders::new(), Newcomers::Welcome)
    };
    let files: Files = [events_name.into()].into();
    let mut intake = Intake { newcomers, infusions: &mut infusions, builders: &mut builders, files: &files, offsets, ledger };
    match kept {
        Kept::AsText => intake.read(&events)?,
        Kept::AsParquet => columns::events(&events, &mut intake, sink)?,
    }
    std::mem::take(&mut intake.offsets).finish(intake.ledger);
    infusions.finish(ledger);
    while let Some((_, builder)) = builders.pop_first() {
        sink(builder.finish(&files, ledger));
    }
    Ok(())
}
