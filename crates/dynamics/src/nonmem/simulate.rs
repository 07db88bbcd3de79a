//! What the model says where the table observes.

use super::expand::{Act, Regimen};
use super::record::Place;
use super::subject::{Observation, Subject};
use crate::engine::{Dose, Moment, Patient};
use crate::model::{Model, ModelError};
use crate::models::{Replace, scheduled};
use crate::problem::{Problem, Solution};
use crate::run::{Failure, Policy, Settings, run_here};
use crate::scales::to_scale;

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
    /// Of which state or output.
    pub of: String,
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
    /// A steady state of equations that depend on time.
    #[error("the doses at time {0} have no steady state: the equations depend on time itself")]
    Timed(f64),
    /// A model with the id of one of the library, but without its parameters or states.
    #[error("the model has events of its own that do not fit it: {0}")]
    Events(#[from] ModelError),
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
        let (solution, seen) = self.run(model, rtol, times)?;
        let mut predictions = Vec::new();
        for (observation, after) in self.observations.iter().zip(seen) {
            let at = solution.times.partition_point(|time| *time < observation.time);
            let text = model.text();
            let of = match observation.place {
                Place::State(state) => text.states.get(state).map(|state| state.name.clone()),
                Place::Output(output) => text.outputs.get(output).map(|output| output.name.clone()),
            };
            let of = of.unwrap_or_default();
            let before = || match observation.place {
                Place::State(state) => solution.row(at).get(state).copied(),
                Place::Output(_) => solution.output(&of).ok()?.get(at).copied(),
            };
            let predicted = if observation.after { after } else { before().unwrap_or(f64::NAN) };
            let Observation { row, time, value, .. } = *observation;
            predictions.push(Prediction { row, time, observed: value, predicted, of });
        }
        Ok(predictions)
    }

    /// The course at `times` (ascending, between [`Subject::start`] and [`Subject::end`]), whatever the table observes. A row at the time of an event shows the
    /// states before it.
    ///
    /// # Errors
    /// The integration failed, or a steady state was asked of a model that has none.
    pub fn course<'a>(&self, model: &'a Model, rtol: f64, times: Vec<f64>) -> Result<Solution<'a>, SimulationError> {
        self.run(model, rtol, times).map(|(solution, _)| solution)
    }

    /// The course, and what observations see that stand below something of their instant.
    fn run<'a>(&self, model: &'a Model, rtol: f64, times: Vec<f64>) -> Result<(Solution<'a>, Vec<f64>), SimulationError> {
        let settings = Settings { start: self.start, end: self.end, ..Settings::new(times) }.rtol(rtol);
        let mut problem = Problem::new(model);
        problem.patient = self.patient.clone();
        problem.patient.decisions.extend(self.acts.iter().map(|(time, _)| *time));
        if model.text().switches() {
            // Steps end at rows, so that none passes over a condition by more than the distance of two.
            problem.patient.decisions.extend(&settings.times);
        }
        let (problem, own) = scheduled(problem)?;
        let order = || {
            let seen = vec![f64::NAN; self.observations.len()];
            Order { subject: self, model, rtol, own: own.clone(), seen, fault: None }
        };
        let solve = |settings: &Settings| problem.solve_with(settings, order());
        let (solution, order) = to_scale(model, &settings, solve, |(solution, _)| solution.largest())?;
        match order.fault {
            Some(fault) => Err(fault),
            None => Ok((solution, order.seen)),
        }
    }
}

/// Does what must be done in the order of the records.
struct Order<'a> {
    subject: &'a Subject,
    model: &'a Model,
    rtol: f64,
    /// The model's own events.
    own: Replace,
    seen: Vec<f64>,
    fault: Option<SimulationError>,
}

impl Policy for Order<'_> {
    fn decide(&mut self, moment: &mut Moment) {
        let now = moment.time();
        self.own.decide(moment);
        let Some((_, acts)) = self.subject.acts.iter().find(|(time, _)| *time == now) else { return };
        for act in acts {
            match act {
                Act::Give(dose) => give(moment, *dose),
                Act::Set(change) => moment.set_parameter(change.parameter, change.value),
                Act::Reset => put(moment, &initial(self.model, moment.parameters())),
                Act::Steady(..) if self.model.system.timed => self.fault = Some(SimulationError::Timed(now)),
                Act::Steady(regimen) => match steady(self.model, moment.parameters(), regimen, self.rtol) {
                    Some(states) if regimen.on_top => {
                        let start = initial(self.model, moment.parameters());
                        let parts = states.iter().zip(&start).zip(moment.states());
                        let sums: Vec<f64> = parts.map(|((steady, start), now)| now + (steady - start)).collect();
                        put(moment, &sums);
                    }
                    Some(states) => put(moment, &states),
                    None => self.fault = Some(SimulationError::NoSteadyState(now)),
                },
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

/// The states where a regimen has been given for ever, at the time of its record; `None` where they do not settle.
fn steady(model: &Model, parameters: &[f64], regimen: &Regimen, rtol: f64) -> Option<Vec<f64>> {
    let Regimen { dose, interval, lag, .. } = *regimen;
    let after_dose = |states: &[f64], until: f64| {
        let settings = Settings { end: until, ..Settings::new(vec![until]) }.rtol(rtol.min(1e-9));
        let admit = |_, patient: &mut Patient| {
            patient.parameters = parameters.to_vec();
            patient.states = states.iter().copied().enumerate().collect();
            patient.doses = vec![Dose { time: 0.0, ..dose }];
        };
        run_here(model, &settings, 0..1, admit, |course, ()| course.rows.to_vec()).pop()?.ok()
    };
    let mut states = initial(model, parameters);
    let mut calm = 0;
    for _ in 0..MOST_INTERVALS {
        let next = after_dose(&states, interval)?;
        let size = |state: f64| state.abs().max(1e-9 * dose.amount);
        let moved = next.iter().zip(&states).map(|(a, b)| (a - b).abs() / size(*a)).fold(0.0, f64::max);
        states = next;
        calm = if moved < SETTLED { calm + 1 } else { 0 };
        if calm == 2 {
            // A dose that is late at the record's time is not yet there: the time since the one before is so much shorter than the interval.
            return if lag > 0.0 { after_dose(&states, interval - lag) } else { Some(states) };
        }
    }
    None
}
