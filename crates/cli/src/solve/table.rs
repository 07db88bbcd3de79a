//! What the model says of the subjects of an event table: at their observations, or all along.

use super::draws::Drawn;
use super::{Between, Rows, Solve, audited, grid, parameters, written};
use crate::assignments::assignments;
use crate::failure::Failure;
use crate::text::{self, unreadable};
use barograph_dynamics::Model;
use barograph_dynamics::nonmem::{self, Carry, Reading, Setup, Subject};
use std::path::Path;

pub(super) fn rows(args: &Solve, path: &Path, model: &Model, drawn: Option<&Drawn>) -> Result<Rows, Failure> {
    let reading = read(args, path, model)?;
    let whole = args.every.is_some() || args.until.is_some();
    let mut header: Vec<&str> = drawn.iter().map(|_| "draw").collect();
    if whole {
        let text = model.text();
        let names = text.states.iter().map(|state| state.name.as_str()).chain(text.outputs.iter().map(|output| output.name.as_str()));
        header.extend(["id", "time"].into_iter().chain(names));
    } else {
        header.extend(["id", "row", "time", "of", "observed", "predicted"]);
        header.extend(drawn.iter().map(|_| "simulated"));
    }
    let mut rows = vec![header.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    let (once, mut lost) = (0..=0, Vec::new());
    for draw in drawn.map_or(once, Drawn::numbers) {
        for (number, subject) in reading.subjects.iter().enumerate() {
            let mut subject = subject.clone();
            let occasion = Occasion { args, model, drawn, draw, subject_number: number_of(&reading, number) };
            if let Some(drawn) = drawn {
                subject.patient.parameters = drawn.patient(model, &subject.patient.parameters, occasion.subject_number, draw)?;
            }
            let found = audited(model, &subject.patient.parameters)
                .and_then(|()| if whole { occasion.course(&subject) } else { occasion.predictions(&subject) });
            match found {
                Ok(found) => rows.extend(found),
                Err(Failure::Unsolved(why)) if drawn.is_some() => {
                    lost.push((draw, why));
                    break;
                }
                Err(other) => return Err(other),
            }
        }
    }
    if let Some(drawn) = drawn {
        drawn.lost(&lost)?;
    }
    if rows.len() == 1 {
        return Err(Failure::NothingObserved(path.into()));
    }
    Ok(rows)
}

/// Occasions of one subject are of one patient.
fn number_of(reading: &Reading, at: usize) -> u64 {
    reading.subjects.iter().position(|subject| subject.id == reading.subjects[at].id).unwrap_or(at) as u64
}

fn read(args: &Solve, path: &Path, model: &Model) -> Result<Reading, Failure> {
    let wrong = |problem: String| Failure::ModelFile { path: path.into(), problem };
    let cannot = |fault| wrong(format!("cannot be read: {}", unreadable(&fault, "check the path given with --events")));
    let text = text::read(path).map_err(cannot)?;
    let carry = if matches!(args.covariates, Between::Nocb) { Carry::Backward } else { Carry::Forward };
    let setup = Setup { carry, parameters: parameters(args, model)?, until: args.until };
    let reading = nonmem::read_with(&text, model, &setup).map_err(|fault| wrong(fault.to_string()))?;
    if !reading.ignored.is_empty() {
        eprintln!("barograph: {}: columns not read: {}", path.display(), reading.ignored.join(", "));
    }
    if reading.comments > 0 {
        eprintln!("barograph: {}: lines that their column C marks as comments: {}", path.display(), reading.comments);
    }
    for (name, _) in assignments(&args.set)? {
        if model.parameter(&name).is_ok_and(|parameter| reading.covariates.contains(&parameter)) {
            return Err(Failure::Solve(format!(
                "--set {name} and the column {name} of the event table contradict each other; leave one out"
            )));
        }
    }
    Ok(reading)
}

/// One subject (or one of its occasions) under one draw.
struct Occasion<'a> {
    args: &'a Solve,
    model: &'a Model,
    drawn: Option<&'a Drawn>,
    draw: u64,
    subject_number: u64,
}

impl Occasion<'_> {
    /// What stands before the values of each row.
    fn start(&self, id: &str) -> Vec<String> {
        self.drawn.iter().map(|_| self.draw.to_string()).chain([id.to_owned()]).collect()
    }

    fn predictions(&self, subject: &Subject) -> Result<Rows, Failure> {
        let found = subject
            .simulate(self.model, self.args.tolerance)
            .map_err(|fault| Failure::Unsolved(format!("subject {}: {fault}", subject.id)))?;
        let row = |one: nonmem::Prediction| {
            let observed = one.observed.map_or_else(String::new, |value| value.to_string());
            let mut cells = self.start(&subject.id);
            let measured = self.drawn.map(|drawn| {
                let measured = drawn.measured(&one.of, one.predicted, self.subject_number, self.draw, one.row as u64);
                measured.map_or_else(String::new, written)
            });
            cells.extend([one.row.to_string(), written(one.time), one.of, observed, written(one.predicted)]);
            cells.extend(measured);
            cells
        };
        Ok(found.into_iter().map(row).collect())
    }

    fn course(&self, subject: &Subject) -> Result<Rows, Failure> {
        let (start, span) = (subject.start, subject.end - subject.start);
        let every = self.args.every.unwrap_or(if span > 0.0 { span / 100.0 } else { 1.0 });
        let times = grid(start, subject.end, every)?;
        let failed = |fault: String| Failure::Unsolved(format!("subject {}: {fault}", subject.id));
        let solution = subject.course(self.model, self.args.tolerance, times.clone()).map_err(|fault| failed(fault.to_string()))?;
        let text = self.model.text();
        let states = text.states.iter().map(|state| solution.state(&state.name));
        let outputs = text.outputs.iter().map(|output| solution.output(&output.name));
        let columns = states.chain(outputs).collect::<Result<Vec<_>, _>>().map_err(|fault| failed(fault.to_string()))?;
        let row = |(at, time): (usize, &f64)| {
            let values = columns.iter().map(|column| column.get(at).copied().map_or_else(String::new, written));
            self.start(&subject.id).into_iter().chain(std::iter::once(written(*time))).chain(values).collect()
        };
        Ok(times.iter().enumerate().map(row).collect())
    }
}
