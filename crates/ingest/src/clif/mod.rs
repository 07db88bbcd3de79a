//! CLIF 2.x: a folder of `clif_*.parquet`, the Common Longitudinal ICU data Format.
//!
//! `docs/formats-clif.md` tells what each table becomes. Tables are read one after another in batches
//! of rows and only in the columns used; what is held in memory is what the records themselves hold.

mod charted;
mod concepts;
mod intake;
mod medications;
mod people;
mod respiratory;
mod sedation;

use crate::csv::infusions::Infusions;
use crate::parquet::Table;
use crate::{Options, ReadError, Sink};
use barograph_record::{Files, Ledger, Reason};
use concepts::Concepts;
use intake::Intake;
use people::People;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Reader = fn(&Table, &mut Intake<'_>) -> Result<(), ReadError>;

/// The tables that are read, in this order: people come first.
const TABLES: &[(&str, Reader)] = &[
    ("patient", people::patients),
    ("hospitalization", people::hospitalizations),
    ("vitals", charted::vitals),
    ("respiratory_support", respiratory::read),
    ("medication_admin_continuous", medications::continuous),
    ("medication_admin_intermittent", medications::intermittent),
    ("labs", charted::labs),
    ("patient_assessments", charted::assessments),
    ("crrt_therapy", charted::dialysis),
    ("ecmo_mcs", charted::ecmo),
];

/// Reads the folder and gives one record a patient, in the order of ids.
pub(crate) fn read(path: &Path, options: &Options, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut found = find(path)?;
    if !found.contains_key("patient") && !found.contains_key("hospitalization") {
        let remedy = "add clif_hospitalization.parquet, which says whose the rows of the other tables are";
        return Err(ReadError::invalid(path, "neither clif_patient.parquet nor clif_hospitalization.parquet is in the folder", remedy));
    }
    let files: Files = found.values().map(|p| file_name(p).into()).collect();
    let order: Vec<String> = found.keys().cloned().collect();
    let index = |table: &str| order.iter().position(|t| t == table).and_then(|i| u16::try_from(i).ok()).unwrap_or(u16::MAX);
    let concepts = Concepts::load(options.concepts.as_deref())?;
    let mut infusions = Infusions::read(options.infusions.as_deref(), ledger)?;
    let mut intake = Intake { concepts, people: People::default(), files: Files::clone(&files), ledger };
    for (name, reader) in TABLES {
        match found.remove(*name) {
            Some(path) => reader(&Table::open(&path, index(name))?, &mut intake)?,
            None => intake.ledger.note(&format!("clif_{name}.parquet"), 0, "", Reason::MissingValue, "the table is not in the folder"),
        }
    }
    for (name, path) in found {
        let table = Table::open(&path, index(&name))?;
        let reason = if intake.concepts.is_irrelevant_table(&name) { Reason::NotASignal } else { Reason::UnmappedConcept };
        intake.pass_over(&table, reason, &format!("table {name}"))?;
    }
    for person in intake.people.into_sorted() {
        let named = infusions.take(&person.builder.patient.id);
        sink(person.finish(named, &files, ledger));
    }
    infusions.finish(ledger);
    Ok(())
}

/// The tables of a folder by name (`vitals`), with their paths.
fn find(folder: &Path) -> Result<BTreeMap<String, PathBuf>, ReadError> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|e| ReadError::io(folder, e))? {
        let path = entry.map_err(|e| ReadError::io(folder, e))?.path();
        let name = file_name(&path).to_lowercase();
        let Some(table) = name.strip_prefix("clif_").and_then(|n| n.strip_suffix(".parquet")) else { continue };
        if path.is_dir() {
            return Err(ReadError::invalid(&path, "the table is a folder of parts", "write the table as one Parquet file"));
        }
        if let Some(other) = found.insert(table.to_owned(), path.clone()) {
            let problem = format!("two files are the table {table}, {} too", file_name(&other));
            return Err(ReadError::invalid(&path, problem, "leave one of them in the folder"));
        }
    }
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
