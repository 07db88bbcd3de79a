//! What the model says where the table observes.

use super::expand::Act;
use super::record::Place;
use super::subject::{Observation, Subject};
use crate::engine::{Dose, Moment, Patient};
use crate::model::Model;
use crate::problem::Problem;
use crate::run::{Failure, Policy, Settings, run_here};

/// More intervals than this without settling are no steady state.
const MOST_INTERVALS: u32 = 2000;

/// How little the states may change from one interval to the next at steady state.
const SETTLED: f64 = 1e-8;

/// What the model says where one observation stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The line of the table, from 1.
    pub row: usize,
    /// When.
    pub time: f64,
    /// What was observed.
    pub observed: Option<f64>,
    /// What the model says.
    pub predicted: f64,
}

/// Why a subject cannot be simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimulationError {
    /// The integration failed.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// A steady state that never settles.
    #[error("the doses at time {0} have no steady state: the model does not settle within {MOST_INTERVALS} intervals")]
    NoSteadyState(f64),
}

impl Subject {
    /// What the model says at each observation; `rtol` is the relative tolerance of the integration. Change
    /// [`Subject::patient`] first to simulate other parameters.
    ///
    /// # Errors
    /// The integration failed, or a steady state was asked of a model that has none.
    pub fn simulate(&self, model: &Model, rtol: f64) -> Result<Vec<Prediction>, SimulationError> {
        let mut times: Vec<f64> = self.observations.iter().map(|observation| observation.time).collect();
        times.dedup();
        let settings = Settings { start: self.start, end: self.end, ..Settings::new(times) }.rtol(rtol);
        let mut problem = Problem::new(model);
        problem.patient = self.patient.clone();
        problem.patient.decisions.extend(self.acts.iter().map(|(time, _)| *time));
        let seen = vec![f64::NAN; self.observations.len()];
        let (solution, order) = problem.solve_with(&settings, Order { subject: self, model, rtol, seen, unsettled: None })?;
        if let Some(time) = order.unsettled {
            return Err(SimulationError::NoSteadyState(time));
        }
        let mut predictions = Vec::new();
        for (observation, after) in self.observations.iter().zip(order.seen) {
            let at = solution.times.partition_point(|time| *time < observation.time);
            let before = || match observation.place {
                Place::State(state) => solution.row(at).get(state).copied(),
                Place::Output(output) => {
                    let name = model.text().outputs.get(output)?.name.as_str();
                    solution.output(name).ok()?.get(at).copied()
                }
            };
            let predicted = if observation.after { after } else { before().unwrap_or(f64::NAN) };
            let Observation { row, time, value, .. } = *observation;
            predictions.push(Prediction { row, time, observed: value, predicted });
        }
        Ok(predictions)
    }
}

/// Does what must be done in the order of the records.
struct Order<'a> {
    subject: &'a Subject,
    model: &'a Model,
    rtol: f64,
    seen: Vec<f64>,
    unsettled: Option<f64>,
}

impl Policy for Order<'_> {
    fn decide(&mut self, moment: &mut Moment) {
        let now = moment.time();
        let Some((_, acts)) = self.subject.acts.iter().find(|(time, _)| *time == now) else { return };
        for act in acts {
            match act {
                Act::Give(dose) => give(moment, *dose),
                Act::Reset => put(moment, &initial(self.model, moment.parameters())),
                Act::Steady(dose, interval) => {
                    match steady(self.model, moment.parameters(), *dose, *interval, self.rtol) {
                        Some(states) => put(moment, &states),
                        None => self.unsettled = Some(now),
                    }
                    give(moment, *dose);
                }
                Act::Look(at) => {
                    let value = match self.subject.observations[*at].place {
                        Place::State(state) => moment.states().get(state).copied(),
                        Place::Output(output) => moment.outputs().get(output).copied(),
                    };
                    self.seen[*at] = value.unwrap_or(f64::NAN);
                }
            }
        }
    }
}

/// A bolus at once, so that the next record of this instant sees it; an infusion through the engine.
fn give(moment: &mut Moment, dose: Dose) {
    if dose.duration > 0.0 {
        moment.give(dose);
    } else if let Some(value) = moment.states().get(dose.state) {
        moment.set_state(dose.state, value + dose.amount);
    }
}

fn put(moment: &mut Moment, states: &[f64]) {
    for (state, value) in states.iter().enumerate() {
        moment.set_state(state, *value);
    }
}

fn initial(model: &Model, parameters: &[f64]) -> Vec<f64> {
    let mut states = vec![0.0; model.text().states.len()];
    model.programs.initial(parameters, &mut states);
    states
}

/// The states just before a dose that has been given `interval` apart for ever; `None` where they do not settle.
fn steady(model: &Model, parameters: &[f64], dose: Dose, interval: f64, rtol: f64) -> Option<Vec<f64>> {
    let mut states = initial(model, parameters);
    let settings = Settings { end: interval, ..Settings::new(vec![interval]) }.rtol(rtol.min(1e-9));
    let mut calm = 0;
    for _ in 0..MOST_INTERVALS {
        let admit = |_, patient: &mut Patient| {
            patient.parameters = parameters.to_vec();
            patient.states = states.iter().copied().enumerate().collect();
            patient.doses = vec![Dose { time: 0.0, ..dose }];
        };
        let next = run_here(model, &settings, 0..1, admit, |course, ()| course.rows.to_vec()).pop()?.ok()?;
        let size = |state: f64| state.abs().max(1e-9 * dose.amount);
        let moved = next.iter().zip(&states).map(|(a, b)| (a - b).abs() / size(*a)).fold(0.0, f64::max);
        states = next;
        calm = if moved < SETTLED { calm + 1 } else { 0 };
        if calm == 2 {
            return Some(states);
        }
    }
    None
}
