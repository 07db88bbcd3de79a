//! Records to subjects.

use super::delivery::{Delivery, Trait, Traits, delivered, meaning};
use super::expand::{Act, expand};
use super::record::{Columns, Kind, Pace, Place, Record, Target};
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
    /// Columns that were not read: neither known to NONMEM nor parameters of the model, or of rates and durations that no record asks for.
    pub ignored: Vec<String>,
    /// How many lines their column `C` marks as comments.
    pub comments: usize,
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

/// How a table is read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Setup {
    /// What a covariate is between two records that differ.
    pub carry: Carry,
    /// The model's parameters where the table does not give them; the typical ones where empty.
    pub parameters: Vec<f64>,
    /// Until when additional doses are given where that is later than the subject's last record.
    pub until: Option<f64>,
}

/// One subject, or one occasion of a subject whose clock a reset turns back.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// As the table has it.
    pub id: String,
    /// When it begins: at time 0, which is that of the model's initial state, or at its first record where that is earlier; an occasion begins at
    /// its reset.
    pub start: f64,
    /// When it ends: its last record, or when the setup says if that is later (its last occasion only).
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
    read_with(text, model, &Setup::default())
}

/// Reads a table for a model.
///
/// # Errors
/// The first fault, with row and column.
pub fn read_with(text: &str, model: &Model, setup: &Setup) -> Result<Reading, Fault> {
    let typical = if setup.parameters.is_empty() { model.typical() } else { setup.parameters.clone() };
    let table = table(text)?;
    let columns = Columns::of(&table, model)?;
    let mut records = table.lines.iter().map(|line| columns.record(line, model)).collect::<Result<Vec<_>, _>>()?;
    if columns.clock {
        let Some(seconds) = model.text().time.seconds() else {
            return Err(Fault::new(table.top, "TIME", "clock times need a model that states its unit of time; give TIME as a number"));
        };
        for records in records.chunk_by_mut(|a, b| a.id == b.id) {
            let first = records[0].time;
            // To a thousandth of a second: minutes are no round fractions of hours and days.
            for record in records {
                record.time = ((record.time - first) * 3.6e6).round() / 1000.0 / seconds;
            }
        }
    }
    let reader = Reader { setup, typical, columns: &columns, model, said: said(model) };
    let mut subjects: Vec<Subject> = Vec::new();
    for records in records.chunk_by(|a, b| a.id == b.id) {
        let (first, all) = (&records[0], records.len());
        if subjects.iter().any(|subject| subject.id == first.id) {
            let message = format!("subject {} has records further up; its records must stand together", first.id);
            return Err(Fault::new(first.row, "ID", message));
        }
        let covariates = columns.covariates.iter().enumerate();
        let courses = covariates.map(|(at, &(_, name, _))| course(records, at, name, setup.carry)).collect::<Result<Vec<_>, _>>()?;
        let mut from = 0;
        // A reset may turn the clock back: another occasion.
        for records in records.chunk_by(|a, b| !(b.time < a.time && matches!(b.kind, Kind::Reset(_)))) {
            let values: Vec<&[f64]> = courses.iter().map(|course| &course[from..]).collect();
            from += records.len();
            let last = from == all;
            subjects.push(Occasion { reader: &reader, records, first: from == records.len(), last, values }.subject()?);
        }
    }
    let covariates = columns.covariates.iter().filter_map(|&(.., target)| if let Target::Parameter(p) = target { Some(p) } else { None });
    // A rate or duration that no record asks for says nothing.
    let asked = |target: Target, pace: Pace, what: Trait| {
        let asks = |record: &Record| record.given().is_some_and(|given| given.pace == pace && target == Target::Doses(what, given.state));
        !matches!(target, Target::Doses(of, _) if of == what) || records.iter().any(asks)
    };
    let idle = |target: Target| !asked(target, Pace::AskRate, Trait::Rate) || !asked(target, Pace::AskDuration, Trait::Duration);
    let idle = columns.covariates.iter().filter(|(.., target)| idle(*target)).map(|(_, name, _)| *name);
    let ignored = columns.ignored.iter().copied().chain(idle).map(str::to_owned).collect();
    Ok(Reading { subjects, covariates: covariates.collect(), ignored, comments: table.comments })
}

/// The parameters of a model that speak of doses and of nothing else.
fn said(model: &Model) -> Vec<(usize, Trait, usize)> {
    let text = model.text();
    let unused = |name: &str| text.unused.iter().any(|(known, _)| known == name);
    let named = text.parameters.iter().enumerate().filter(|(_, parameter)| unused(&parameter.name));
    named.filter_map(|(at, parameter)| meaning(&parameter.name, text).map(|(what, state)| (at, what, state))).collect()
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

/// What all subjects of a table share.
struct Reader<'a, 'b> {
    setup: &'b Setup,
    typical: Vec<f64>,
    columns: &'b Columns<'a>,
    model: &'b Model,
    /// Parameters that speak of doses: parameter, what, state.
    said: Vec<(usize, Trait, usize)>,
}

/// Records of one subject between which the clock does not go back.
struct Occasion<'a, 'b> {
    reader: &'b Reader<'a, 'b>,
    records: &'b [Record<'a>],
    first: bool,
    last: bool,
    /// Each covariate at each record.
    values: Vec<&'b [f64]>,
}

impl Occasion<'_, '_> {
    fn subject(&self) -> Result<Subject, Fault> {
        let records = self.records;
        for pair in records.windows(2) {
            if pair[1].time < pair[0].time {
                let (last, now) = (pair[0].time, pair[1].time);
                let message = format!("time goes back from {last} to {now}; only a reset (EVID 3 or 4) may turn the clock back");
                return Err(Fault::new(pair[1].row, "TIME", message));
            }
        }
        let mut patient = Patient { parameters: self.reader.typical.clone(), ..Patient::default() };
        for (target, values) in self.covariates() {
            if let Target::Parameter(parameter) = target {
                patient.parameters[parameter] = values[0];
            }
        }
        let mut observations = Vec::new();
        for record in records {
            if let Kind::Observe(place, value) = record.kind {
                observations.push(Observation { row: record.row, time: record.time, value, after: false, place });
            }
        }
        let begins = records[0].time;
        let start = if self.first { begins.min(0.0) } else { begins };
        let until = self.reader.setup.until.filter(|_| self.last).unwrap_or(f64::NEG_INFINITY);
        let end = records.last().map_or(begins, |record| record.time).max(until);
        let happens = (0..records.len()).map(|row| Ok((self.changes(row), self.delivery(row)?))).collect::<Result<Vec<_>, _>>()?;
        let acts = expand(records, &happens, end, &mut patient, &mut observations)?;
        Ok(Subject { id: records[0].id.to_owned(), start, end, patient, observations, acts })
    }

    fn covariates(&self) -> impl Iterator<Item = (Target, &[f64])> {
        self.reader.columns.covariates.iter().map(|&(.., target)| target).zip(self.values.iter().copied())
    }

    /// The covariates that change before a record.
    fn changes(&self, row: usize) -> Vec<Change> {
        let backward = self.reader.setup.carry == Carry::Backward && row > 0;
        let time = self.records[if backward { row - 1 } else { row }].time;
        let changed = self.covariates().filter(|(_, values)| row > 0 && values[row] != values[row - 1]);
        let change = |(target, values): (Target, &[f64])| match target {
            Target::Parameter(parameter) => Some(Change { parameter, time, value: values[row] }),
            Target::Doses(..) => None,
        };
        changed.filter_map(change).collect()
    }

    /// The dose of a record as it enters its state: what parameters and columns say of it is that of its own record, also for its additional doses.
    fn delivery(&self, row: usize) -> Result<Option<Delivery>, Fault> {
        let record = &self.records[row];
        let Some(given) = record.given() else { return Ok(None) };
        let mut traits = Traits::default();
        for &(parameter, what, _) in self.reader.said.iter().filter(|(.., state)| *state == given.state) {
            let column = self.covariates().find(|(target, _)| *target == Target::Parameter(parameter));
            traits.set(what, column.map_or(self.reader.typical[parameter], |(_, values)| values[row]));
        }
        for (target, values) in self.covariates() {
            if let Target::Doses(what, state) = target
                && state == given.state
            {
                traits.set(what, values[row]);
            }
        }
        delivered(given, &traits, record.row, self.reader.model.text()).map(Some)
    }
}
