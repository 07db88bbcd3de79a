//! One course, or one for each draw, without an event table.

use super::draws::Drawn;
use super::{Columns, Rows, Solve, Subject, audited, grid, parameters, starts, written};
use crate::failure::Failure;
use crate::hints;
use barograph_dynamics::sbml::{Import, Trajectory};
use barograph_dynamics::{Model, ModelError, Problem, Settings, models, to_scale};

pub(super) fn rows(args: &Solve, subject: &Subject, drawn: Option<&Drawn>) -> Result<Rows, Failure> {
    let until = args.until.unwrap_or(0.0);
    let times = grid(0.0, if until > 0.0 { until } else { f64::NAN }, args.every.unwrap_or(until / 100.0))?;
    let Some(drawn) = drawn else {
        let columns = columns(args, subject, &times, &parameters(args, subject.model())?)?;
        hints::odd(&columns);
        return Ok(table(&columns, &times, None));
    };
    let (model, typical) = (subject.model(), parameters(args, subject.model())?);
    let (mut all, mut lost) = (Rows::new(), Vec::new());
    for draw in drawn.numbers() {
        match columns(args, subject, &times, &drawn.patient(model, &typical, 0, draw)?) {
            Ok(columns) => {
                let rows = table(&columns, &times, Some(draw));
                let header = usize::from(!all.is_empty());
                all.extend(rows.into_iter().skip(header));
            }
            Err(Failure::Unsolved(why)) => lost.push((draw, why)),
            Err(other) => return Err(other),
        }
    }
    drawn.lost(&lost)?;
    Ok(all)
}

fn table(columns: &Columns, times: &[f64], draw: Option<u64>) -> Rows {
    let names = std::iter::once("time").chain(columns.iter().map(|(name, _)| name.as_str())).map(str::to_owned);
    let mut rows: Rows = vec![draw.iter().map(|_| "draw".to_owned()).chain(names).collect()];
    for (at, time) in times.iter().enumerate() {
        let values = columns.iter().map(|(_, values)| values.get(at).copied().map_or_else(String::new, written));
        rows.push(draw.iter().map(u64::to_string).chain(std::iter::once(written(*time))).chain(values).collect());
    }
    rows
}

fn columns(args: &Solve, subject: &Subject, times: &[f64], parameters: &[f64]) -> Result<Columns, Failure> {
    match subject {
        Subject::Model(model) => of_model(args, model, times, parameters),
        Subject::Sbml(import) => of_sbml(args, import, times, parameters),
    }
}

fn of_model(args: &Solve, model: &Model, times: &[f64], parameters: &[f64]) -> Result<Columns, Failure> {
    let settings = Settings::new(times.to_vec()).rtol(args.tolerance);
    let mut problem = Problem::new(model);
    problem.patient.parameters = parameters.to_vec();
    problem.patient.states = starts(args, model)?;
    audited(model, &problem.patient.parameters)?;
    let (mut problem, events) = models::scheduled(problem).map_err(|fault| Failure::Solve(fault.to_string()))?;
    if model.text().switches() {
        // Steps end at rows, so that none passes over a condition by more than the distance of two.
        problem.patient.decisions.extend(times);
    }
    let solve = |settings: &Settings| problem.solve_with(settings, events.clone());
    let found = to_scale(model, &settings, solve, |(solution, _)| solution.largest());
    let (solution, _) = found.map_err(|fault| Failure::Unsolved(hints::told(&problem, &fault)))?;
    let states = model.text().states.iter().map(|state| (state.name.clone(), solution.state(&state.name)));
    let outputs = model.text().outputs.iter().map(|output| (output.name.clone(), solution.output(&output.name)));
    gathered(states.chain(outputs))
}

/// Times are in the file's own unit.
fn of_sbml(args: &Solve, import: &Import, times: &[f64], parameters: &[f64]) -> Result<Columns, Failure> {
    audited(&import.model, parameters)?;
    let settings = Settings::new(times.iter().map(|time| time / import.pace).collect()).rtol(args.tolerance);
    let found = to_scale(&import.model, &settings, |settings| import.solve_with(settings, parameters), Trajectory::largest);
    let trajectory = found.map_err(|fault| Failure::Unsolved(fault.to_string()))?;
    let states = import.model.text().states.iter().map(|state| (state.name.clone(), trajectory.state(import, &state.name)));
    let outputs = import.outputs().map(|name| (name.to_owned(), trajectory.output(import, name)));
    gathered(states.chain(outputs))
}

fn gathered(columns: impl Iterator<Item = (String, Result<Vec<f64>, ModelError>)>) -> Result<Columns, Failure> {
    columns.map(|(name, values)| values.map(|values| (name, values)).map_err(|fault| Failure::Unsolved(fault.to_string()))).collect()
}
