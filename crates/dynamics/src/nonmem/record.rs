//! A line's cells as a record: what happens, where, when.

use super::clock::{Dates, hours};
use super::delivery::{Trait, meaning};
use super::table::{Fault, Line, Table, missing};
use crate::model::Model;

/// The columns that have a meaning of their own.
const KNOWN: [&str; 12] = ["ID", "TIME", "DV", "AMT", "RATE", "DUR", "EVID", "MDV", "ADDL", "II", "SS", "CMT"];

/// More doses than this of one record are a slip.
const MOST_ADDED: f64 = 100_000.0;

/// Where something is given or seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    State(usize),
    Output(usize),
}

/// How fast a dose goes in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pace {
    AtOnce,
    Rate(f64),
    Over(f64),
    /// `RATE` -1 and -2: as a parameter says.
    AskRate,
    AskDuration,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) state: usize,
    pub(super) amount: f64,
    pub(super) pace: Pace,
    pub(super) added: usize,
    pub(super) interval: f64,
    pub(super) steady: Steady,
}

/// What `SS` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steady {
    No,
    /// 1: what was there is forgotten.
    Instead,
    /// 2: on top of what is there.
    OnTop,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Observe(Place, Option<f64>),
    Other,
    Reset(Option<Given>),
    Dose(Given),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record<'a> {
    pub(super) row: usize,
    pub(super) id: &'a str,
    pub(super) time: f64,
    pub(super) kind: Kind,
    /// Values of the covariates of [`Columns`]; `None` where missing.
    pub(super) covariates: Vec<Option<f64>>,
}

impl Record<'_> {
    /// The dose of this record.
    pub(super) fn given(&self) -> Option<&Given> {
        match &self.kind {
            Kind::Dose(given) | Kind::Reset(Some(given)) => Some(given),
            _ => None,
        }
    }
}

/// What a column of values that pass from record to record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Parameter(usize),
    /// Doses into a state.
    Doses(Trait, usize),
}

/// Which column is what.
pub(super) struct Columns<'a> {
    known: [Option<usize>; KNOWN.len()],
    /// Column, its name, and what it is about.
    pub(super) covariates: Vec<(usize, &'a str, Target)>,
    pub(super) ignored: Vec<&'a str>,
    /// Where times are those of a clock: hours, to be counted from the subject's first record.
    pub(super) clock: bool,
    dates: Option<Dates>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(table: &Table<'a>, model: &Model) -> Result<Self, Fault> {
        let mut columns = Self { known: [None; KNOWN.len()], covariates: Vec::new(), ignored: Vec::new(), clock: false, dates: None };
        let parameters = &model.text().parameters;
        for (at, &name) in table.header.iter().enumerate() {
            if let Some(which) = KNOWN.iter().position(|known| known.eq_ignore_ascii_case(name)) {
                columns.known[which] = Some(at);
            } else if let Some(dates) = Dates::named(name, at) {
                if let Some(other) = columns.dates.replace(dates) {
                    return Err(Fault::new(table.top, name, format!("{} is a column of dates too; leave one out", other.name())));
                }
            } else if let Some(parameter) = parameters
                .iter()
                .position(|parameter| parameter.name == name)
                .or_else(|| parameters.iter().position(|parameter| parameter.name.eq_ignore_ascii_case(name)))
            {
                columns.covariates.push((at, name, Target::Parameter(parameter)));
            } else if let Some((what, state)) = meaning(name, model.text()) {
                if let Some((_, other, _)) = columns.covariates.iter().find(|(.., target)| *target == Target::Doses(what, state)) {
                    return Err(Fault::new(table.top, name, format!("`{other}` says the same of the same doses; leave one out")));
                }
                columns.covariates.push((at, name, Target::Doses(what, state)));
            } else {
                columns.ignored.push(name);
            }
        }
        for name in ["ID", "TIME"] {
            if columns.at(name).is_none() {
                return Err(Fault::new(table.top, name, "the table has no such column, and needs it"));
            }
        }
        let of_clock =
            |line: &Line| columns.at("TIME").is_some_and(|at| line.cells[at].contains([':', '/']) || line.cells[at].contains('T'));
        columns.clock = columns.dates.is_some() || table.lines.iter().any(of_clock);
        Ok(columns)
    }

    fn at(&self, name: &str) -> Option<usize> {
        KNOWN.iter().position(|known| *known == name).and_then(|which| self.known[which])
    }

    pub(super) fn record(&self, line: &Line<'a>, model: &Model) -> Result<Record<'a>, Fault> {
        let row = Row { columns: self, line };
        let id = self.at("ID").map_or("", |at| line.cells[at]);
        if missing(id) {
            return Err(row.fault("ID", "the subject is missing"));
        }
        let time = row.time()?;
        let amount = row.number("AMT")?.unwrap_or(0.0);
        let unseen = match row.count("MDV", 1)? {
            Some(flag) => flag == 1,
            None => false,
        };
        let event = match row.count("EVID", 4)? {
            Some(event) => event,
            None if amount != 0.0 => 1,
            None if unseen && self.at("DV").is_none() => 2,
            None => 0,
        };
        if matches!(event, 0 | 2 | 3) {
            row.no_dose(event)?;
        }
        let kind = match event {
            0 => {
                let value = row.number("DV")?.filter(|_| !unseen);
                let default = if model.text().outputs.is_empty() { Place::State(0) } else { Place::Output(0) };
                Kind::Observe(row.place(model, true)?.unwrap_or(default), value)
            }
            1 => Kind::Dose(row.given(model, amount)?),
            4 => Kind::Reset(Some(row.given(model, amount)?)),
            other => {
                // What such a record says of a compartment is nothing, as long as it does not switch one off.
                row.place(model, true)?;
                if other == 3 { Kind::Reset(None) } else { Kind::Other }
            }
        };
        let covariate = |&(at, name, _): &(usize, &str, Target)| row.number_named(at, name);
        let covariates = self.covariates.iter().map(covariate).collect::<Result<_, _>>()?;
        Ok(Record { row: line.row, id, time, kind, covariates })
    }
}

struct Row<'a, 'b> {
    columns: &'b Columns<'a>,
    line: &'b Line<'a>,
}

impl Row<'_, '_> {
    fn fault(&self, column: &str, message: impl Into<String>) -> Fault {
        Fault::new(self.line.row, column, message)
    }

    fn number(&self, column: &'static str) -> Result<Option<f64>, Fault> {
        let Some(at) = self.columns.at(column) else { return Ok(None) };
        self.number_named(at, column)
    }

    fn number_named(&self, at: usize, column: &str) -> Result<Option<f64>, Fault> {
        let cell = self.line.cells[at];
        if missing(cell) {
            return Ok(None);
        }
        match cell.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ if column == "TIME" && cell.contains('-') => Err(self.fault(
                column,
                format!(
                    "`{cell}` is a date without a time; write, say, 2026-03-01T08:30, or dates in a column DATE beside times like 08:30"
                ),
            )),
            _ => Err(self.fault(column, format!("`{cell}` is not a number (a missing cell is `.`)"))),
        }
    }

    fn time(&self) -> Result<f64, Fault> {
        if self.columns.clock {
            let cell = self.columns.at("TIME").map_or("", |at| self.line.cells[at]);
            if !missing(cell) {
                return hours(cell, self.columns.dates, self.line);
            }
        }
        self.number("TIME")?.ok_or_else(|| self.fault("TIME", "the time is missing"))
    }

    /// A whole number from 0 to `most`.
    fn count(&self, column: &'static str, most: u32) -> Result<Option<u32>, Fault> {
        let Some(number) = self.number(column)? else { return Ok(None) };
        if number.fract() == 0.0 && (0.0..=f64::from(most)).contains(&number) {
            Ok(Some(number as u32))
        } else {
            Err(self.fault(column, format!("{number} is not a whole number from 0 to {most}")))
        }
    }

    fn place(&self, model: &Model, seen: bool) -> Result<Option<Place>, Fault> {
        let Some(at) = self.columns.at("CMT") else { return Ok(None) };
        let cell = self.line.cells[at];
        if missing(cell) {
            return Ok(None);
        }
        let states = &model.text().states;
        // Numbers may be written as `1.0`, as tables of real numbers have them.
        if let Some(number) = cell.parse::<f64>().ok().filter(|number| number.is_finite()) {
            return match number {
                0.0 => Ok(None),
                _ if number < 0.0 => Err(self.fault("CMT", format!("{number} switches a compartment off, which is not supported"))),
                _ if number.fract() == 0.0 && number <= states.len() as f64 => Ok(Some(Place::State(number as usize - 1))),
                _ => Err(self.fault("CMT", format!("{number} is no compartment; the model has 1 to {}", states.len()))),
            };
        }
        if let Some(state) = states.iter().position(|state| state.name == cell) {
            return Ok(Some(Place::State(state)));
        }
        let outputs = &model.text().outputs;
        match outputs.iter().position(|output| output.name == cell) {
            Some(output) if seen => Ok(Some(Place::Output(output))),
            Some(_) => Err(self.fault("CMT", format!("`{cell}` is an output; a dose enters a state"))),
            None => {
                let names: Vec<&str> = states.iter().map(|state| state.name.as_str()).collect();
                Err(self.fault("CMT", format!("there is no state `{cell}`; there are {}", names.join(", "))))
            }
        }
    }

    /// What belongs to a dose does not stand in another record.
    fn no_dose(&self, event: u32) -> Result<(), Fault> {
        for column in ["AMT", "RATE", "DUR", "ADDL", "II", "SS"] {
            if self.number(column)?.is_some_and(|number| number != 0.0) {
                let what = match event {
                    0 => "an observation",
                    3 => "a reset",
                    _ => "another event",
                };
                return Err(self.fault(column, format!("{what} (EVID {event}) has {column}; a dose is EVID 1, a reset with a dose EVID 4")));
            }
        }
        Ok(())
    }

    fn given(&self, model: &Model, amount: f64) -> Result<Given, Fault> {
        if amount == 0.0 && self.number("SS")?.is_some_and(|steady| steady != 0.0) {
            return Err(self
                .fault("SS", "the steady state of an endless infusion (AMT 0) is not supported; give the infusion as a dose long before"));
        }
        if amount <= 0.0 {
            return Err(self.fault("AMT", "a dose needs an amount above 0"));
        }
        let state = match self.place(model, false)? {
            Some(Place::State(state)) => state,
            _ => 0,
        };
        let pace = self.pace(amount)?;
        let interval = self.number("II")?.unwrap_or(0.0);
        let added = self.number("ADDL")?.unwrap_or(0.0);
        if added.fract() != 0.0 || !(0.0..=MOST_ADDED).contains(&added) {
            return Err(self.fault("ADDL", format!("{added} is not a whole number from 0 to {MOST_ADDED}")));
        }
        let steady = match self.count("SS", 2)? {
            Some(1) => Steady::Instead,
            Some(2) => Steady::OnTop,
            _ => Steady::No,
        };
        let once = steady == Steady::No;
        if interval < 0.0 || (interval == 0.0 && (added > 0.0 || !once)) {
            return Err(self.fault("II", "additional doses and steady states need an interval above 0"));
        }
        if interval > 0.0 && added == 0.0 && once {
            return Err(self.fault(
                "II",
                format!(
                    "an interval of {interval} without additional doses (ADDL) or a steady state (SS) says nothing; leave it out or add one"
                ),
            ));
        }
        Ok(Given { state, amount, pace, added: added as usize, interval, steady })
    }

    fn pace(&self, amount: f64) -> Result<Pace, Fault> {
        let rate = self.number("RATE")?.unwrap_or(0.0);
        let duration = self.number("DUR")?.unwrap_or(0.0);
        if duration < 0.0 {
            return Err(self.fault("DUR", "a duration is not below 0"));
        }
        if rate < 0.0 && duration > 0.0 {
            return Err(self.fault("DUR", format!("RATE {rate} asks the model, DUR says {duration}; leave one out")));
        }
        match rate {
            -1.0 => return Ok(Pace::AskRate),
            -2.0 => return Ok(Pace::AskDuration),
            _ if rate < 0.0 => return Err(self.fault("RATE", "a rate is not below 0 (but for -1 and -2, which ask the model)")),
            _ => {}
        }
        if rate > 0.0 && duration > 0.0 && (amount / rate - duration).abs() > 1e-6 * duration {
            return Err(self.fault("DUR", format!("RATE and AMT give a duration of {}, DUR says {duration}", amount / rate)));
        }
        Ok(if rate > 0.0 {
            Pace::Rate(rate)
        } else if duration > 0.0 {
            Pace::Over(duration)
        } else {
            Pace::AtOnce
        })
    }
}
