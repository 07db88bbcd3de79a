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
    /// The parameters that are columns of the table.
    pub covariates: Vec<usize>,
    /// Columns that were not read: neither known to NONMEM nor parameters of the model.
    pub ignored: Vec<String>,
}

/// How a covariate passes between two records that give it different values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Carry {
    /// The last value holds until another one comes, as in rxode2 and Monolix by default.
    #[default]
    Forward,
    /// The next value holds already since the record before it, as in NONMEM and mrgsolve by default.
    Backward,
}

/// One subject, or one occasion of a subject whose clock a reset turns back.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// As the table has it.
    pub id: String,
    /// When it begins: at time 0, which is that of the model's initial state, or at its first record where that is earlier; an occasion begins at
    /// its reset.
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

/// Reads a table for a model; covariates are carried forward.
///
/// # Errors
/// The first fault, with row and column.
pub fn read(text: &str, model: &Model) -> Result<Reading, Fault> {
    read_carrying(text, model, Carry::Forward)
}

/// Reads a table for a model.
///
/// # Errors
/// The first fault, with row and column.
pub fn read_carrying(text: &str, model: &Model, carry: Carry) -> Result<Reading, Fault> {
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
        let covariates = columns.covariates.iter().enumerate();
        let courses = covariates.map(|(at, &(_, name, _))| course(records, at, name, carry)).collect::<Result<Vec<_>, _>>()?;
        let mut from = 0;
        // A reset may turn the clock back: another occasion.
        for records in records.chunk_by(|a, b| !(b.time < a.time && matches!(b.kind, Kind::Reset(_)))) {
            let occasion = Occasion { records, first: from == 0, values: courses.iter().map(|course| &course[from..]).collect() };
            subjects.push(occasion.subject(&columns, model, carry)?);
            from += records.len();
        }
    }
    let covariates = columns.covariates.iter().map(|(.., parameter)| *parameter).collect();
    Ok(Reading { subjects, covariates, ignored: columns.ignored.iter().map(|&name| name.to_owned()).collect() })
}

/// A covariate at each record, gaps filled.
fn course(records: &[Record], at: usize, name: &str, carry: Carry) -> Result<Vec<f64>, Fault> {
    let given: Vec<Option<f64>> = records.iter().map(|record| record.covariates[at]).collect();
    let mut values = Vec::new();
    for (row, value) in given.iter().enumerate() {
        let next = || if carry == Carry::Backward { given[row..].iter().flatten().next().copied() } else { None };
        let Some(value) = value.or_else(next).or_else(|| values.last().copied()) else {
            return Err(Fault::new(records[row].row, name, "the covariate is missing on the subject's first record"));
        };
        values.push(value);
    }
    Ok(values)
}

/// Records of one subject between which the clock does not go back.
struct Occasion<'a, 'b> {
    records: &'b [Record<'a>],
    first: bool,
    /// Each covariate at each record.
    values: Vec<&'b [f64]>,
}

impl Occasion<'_, '_> {
    fn subject(&self, columns: &Columns, model: &Model, carry: Carry) -> Result<Subject, Fault> {
        let records = self.records;
        for pair in records.windows(2) {
            if pair[1].time < pair[0].time {
                let (last, now) = (pair[0].time, pair[1].time);
                let message = format!("time goes back from {last} to {now}; only a reset (EVID 3 or 4) may turn the clock back");
                return Err(Fault::new(pair[1].row, "TIME", message));
            }
        }
        let mut patient = Patient { parameters: model.typical(), ..Patient::default() };
        for (&(_, _, parameter), values) in columns.covariates.iter().zip(&self.values) {
            patient.parameters[parameter] = values[0];
        }
        let mut observations = Vec::new();
        for record in records {
            if let Kind::Observe(place, value) = record.kind {
                observations.push(Observation { row: record.row, time: record.time, value, after: false, place });
            }
        }
        let acts = expand(records, &self.changes(columns, carry), &mut patient, &mut observations)?;
        let begins = records[0].time;
        let start = if self.first { begins.min(0.0) } else { begins };
        let end = records.last().map_or(begins, |record| record.time);
        Ok(Subject { id: records[0].id.to_owned(), start, end, patient, observations, acts })
    }

    /// The covariates that change before each record.
    fn changes(&self, columns: &Columns, carry: Carry) -> Vec<Vec<Change>> {
        let change = |row: usize| {
            let time = if carry == Carry::Backward && row > 0 { self.records[row - 1].time } else { self.records[row].time };
            let courses = columns.covariates.iter().zip(&self.values);
            let changed = courses.filter(move |(_, values)| row > 0 && values[row] != values[row - 1]);
            changed.map(move |(&(_, _, parameter), values)| Change { parameter, time, value: values[row] }).collect()
        };
        (0..self.records.len()).map(change).collect()
    }
}
