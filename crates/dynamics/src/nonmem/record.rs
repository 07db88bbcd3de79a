//! A line's cells as a record: what happens, where, when.

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

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) state: usize,
    pub(super) amount: f64,
    pub(super) duration: f64,
    pub(super) added: usize,
    pub(super) interval: f64,
    pub(super) steady: bool,
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

/// Which column is what.
pub(super) struct Columns<'a> {
    known: [Option<usize>; KNOWN.len()],
    /// Column, its name, and the parameter.
    pub(super) covariates: Vec<(usize, &'a str, usize)>,
    pub(super) ignored: Vec<&'a str>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(table: &Table<'a>, model: &Model) -> Result<Self, Fault> {
        let mut columns = Self { known: [None; KNOWN.len()], covariates: Vec::new(), ignored: Vec::new() };
        let parameters = &model.text().parameters;
        for (at, &name) in table.header.iter().enumerate() {
            if let Some(which) = KNOWN.iter().position(|known| known.eq_ignore_ascii_case(name)) {
                columns.known[which] = Some(at);
            } else if name.eq_ignore_ascii_case("DATE") {
                return Err(Fault::new(table.top, name, "dates are not read; give TIME as a number in the model's unit"));
            } else if let Some(parameter) = parameters
                .iter()
                .position(|parameter| parameter.name == name)
                .or_else(|| parameters.iter().position(|parameter| parameter.name.eq_ignore_ascii_case(name)))
            {
                columns.covariates.push((at, name, parameter));
            } else {
                columns.ignored.push(name);
            }
        }
        for name in ["ID", "TIME"] {
            if columns.at(name).is_none() {
                return Err(Fault::new(table.top, name, "the table has no such column, and needs it"));
            }
        }
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
        let time = row.number("TIME")?.ok_or_else(|| row.fault("TIME", "the time is missing"))?;
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
        let covariate = |&(at, name, _): &(usize, &str, usize)| row.number_named(at, name);
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
            _ if column == "TIME" && cell.contains([':', '-', '/']) => {
                Err(self.fault(column, format!("`{cell}` is a clock or a date; give the time as a number in the model's unit")))
            }
            _ => Err(self.fault(column, format!("`{cell}` is not a number (a missing cell is `.`)"))),
        }
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
        let duration = self.duration(amount)?;
        let interval = self.number("II")?.unwrap_or(0.0);
        let added = self.number("ADDL")?.unwrap_or(0.0);
        if added.fract() != 0.0 || !(0.0..=MOST_ADDED).contains(&added) {
            return Err(self.fault("ADDL", format!("{added} is not a whole number from 0 to {MOST_ADDED}")));
        }
        let steady = match self.count("SS", 2)? {
            Some(2) => return Err(self.fault("SS", "2 (superposition) is not supported; give the earlier doses")),
            Some(flag) => flag == 1,
            None => false,
        };
        if interval < 0.0 || (interval == 0.0 && (added > 0.0 || steady)) {
            return Err(self.fault("II", "additional doses and steady states need an interval above 0"));
        }
        if interval > 0.0 && added == 0.0 && !steady {
            return Err(self.fault(
                "II",
                format!(
                    "an interval of {interval} without additional doses (ADDL) or a steady state (SS) says nothing; leave it out or add one"
                ),
            ));
        }
        if steady && duration > interval {
            return Err(self.fault("SS", "at steady state an infusion cannot last longer than the interval II"));
        }
        Ok(Given { state, amount, duration, added: added as usize, interval, steady })
    }

    fn duration(&self, amount: f64) -> Result<f64, Fault> {
        let rate = self.number("RATE")?.unwrap_or(0.0);
        let duration = self.number("DUR")?.unwrap_or(0.0);
        if rate == -1.0 || rate == -2.0 {
            return Err(self.fault("RATE", "-1 and -2 ask the model for rate or duration; give RATE above 0, or DUR"));
        }
        if rate < 0.0 {
            return Err(self.fault("RATE", "a rate is not below 0"));
        }
        if duration < 0.0 {
            return Err(self.fault("DUR", "a duration is not below 0"));
        }
        if rate > 0.0 && duration > 0.0 && (amount / rate - duration).abs() > 1e-6 * duration {
            return Err(self.fault("DUR", format!("RATE and AMT give a duration of {}, DUR says {duration}", amount / rate)));
        }
        Ok(if rate > 0.0 { amount / rate } else { duration })
    }
}
