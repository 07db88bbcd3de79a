//! Records to subjects.

use super::expand::{Act, expand};
use super::record::{Columns, Kind, Place, Record};
use super::table::{Fault, table};
use crate::engine::{Change, Patient};
use crate::model::Model;

/// What was read of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The subjects, in their order.
    pub subjects: Vec<Subject>,
    /// Columns that were not read: neither known to NONMEM nor parameters of the model.
    pub ignored: Vec<String>,
}

/// One subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// As the table has it.
    pub id: String,
    /// When it begins: its first record.
    pub start: f64,
    /// When it ends: its last record.
    pub end: f64,
    /// Parameters (covariates in their place), doses and changes for the engine. What must happen in the order of the records (resets,
    /// steady states, doses before an observation of the same instant) is done by [`Subject::simulate`].
    pub patient: Patient,
    /// Observations, in the order of the table.
    pub observations: Vec<Observation>,
    pub(super) acts: Vec<(f64, Vec<Act>)>,
}

/// One observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The line of the table, from 1.
    pub row: usize,
    /// When.
    pub time: f64,
    /// `DV`, where it is not missing.
    pub value: Option<f64>,
    /// Whether it follows a dose or reset of the same instant.
    pub(super) after: bool,
    pub(super) place: Place,
}

/// Reads a table for a model.
///
/// # Errors
/// The first fault, with row and column.
pub fn read(text: &str, model: &Model) -> Result<Reading, Fault> {
    let table = table(text)?;
    let columns = Columns::of(&table, model)?;
    let records = table.lines.iter().map(|line| columns.record(line, model)).collect::<Result<Vec<_>, _>>()?;
    let mut subjects: Vec<Subject> = Vec::new();
    for records in records.chunk_by(|a, b| a.id == b.id) {
        let first = &records[0];
        if subjects.iter().any(|subject| subject.id == first.id) {
            let message = format!("subject {} has records further up; its records must stand together", first.id);
            return Err(Fault::new(first.row, "ID", message));
        }
        subjects.push(subject(records, &columns, model)?);
    }
    Ok(Reading { subjects, ignored: columns.ignored.iter().map(|&name| name.to_owned()).collect() })
}

fn subject(records: &[Record], columns: &Columns, model: &Model) -> Result<Subject, Fault> {
    let first = &records[0];
    let mut patient = Patient { parameters: model.typical(), ..Patient::default() };
    let mut last = first.time;
    for record in records {
        if record.time < last {
            return Err(Fault::new(record.row, "TIME", format!("time goes back from {last} to {}", record.time)));
        }
        last = record.time;
    }
    for (at, &(_, name, parameter)) in columns.covariates.iter().enumerate() {
        let Some(mut held) = first.covariates[at] else {
            return Err(Fault::new(first.row, name, "the covariate is missing on the subject's first record"));
        };
        patient.parameters[parameter] = held;
        for record in &records[1..] {
            if let Some(value) = record.covariates[at].filter(|value| *value != held) {
                patient.changes.push(Change { parameter, time: record.time, value });
                held = value;
            }
        }
    }
    let mut observations = Vec::new();
    for record in records {
        if let Kind::Observe(place, value) = record.kind {
            observations.push(Observation { row: record.row, time: record.time, value, after: false, place });
        }
    }
    let acts = expand(records, &mut patient, &mut observations);
    Ok(Subject { id: first.id.to_owned(), start: first.time, end: last, patient, observations, acts })
}
