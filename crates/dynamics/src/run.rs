//! How a run is set up: times, tolerances, what is kept.

use crate::engine::{Finished, Moment, Patient, Plan, Reason, Ward, Width, drive};
use crate::model::Model;

/// The settings of a run, for one patient or many.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// When the courses begin, in the model's time.
    pub start: f64,
    /// When the courses end.
    pub end: f64,
    /// When states are wanted, ascending. A row at the time of an event shows the states before the event.
    pub times: Vec<f64>,
    /// Which states are wanted; all of them where empty.
    pub keep: Vec<usize>,
    /// Relative tolerance of a step.
    pub rtol: f64,
    /// Absolute tolerance of each state where the model's text gives none: this times `rtol`.
    pub atol_scale: f64,
    /// Steps after which a patient is given up.
    pub most_steps: u32,
    /// How many patients side by side, at most.
    pub lanes: Width,
}

impl Settings {
    /// From 0 to the last of `times`, relative tolerance 1e-6.
    pub fn new(times: Vec<f64>) -> Self {
        let end = times.last().copied().unwrap_or(0.0);
        Self { start: 0.0, end, times, keep: Vec::new(), rtol: 1e-6, atol_scale: 1e-3, most_steps: 1_000_000, lanes: Width::widest() }
    }

    /// `count` + 1 times from 0 to `end`.
    pub fn every(end: f64, count: u32) -> Self {
        Self::new((0..=count).map(|i| end * f64::from(i) / f64::from(count.max(1))).collect())
    }

    /// With another relative tolerance.
    #[must_use]
    pub fn rtol(self, rtol: f64) -> Self {
        Self { rtol, ..self }
    }
}

/// A patient's failure: enough to run that patient again.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("patient {patient} failed at time {time}: {reason}")]
pub struct Failure {
    /// The patient's number.
    pub patient: u64,
    /// When, in the model's time.
    pub time: f64,
    /// Why.
    pub reason: Reason,
    /// The patient's parameters.
    pub parameters: Vec<f64>,
}

/// A finished course as its owner sees it.
#[derive(Debug, Clone, Copy)]
pub struct Course<'a> {
    /// The patient's number.
    pub number: u64,
    /// The patient as admitted.
    pub patient: &'a Patient,
    /// The times of the rows.
    pub times: &'a [f64],
    /// The kept states, row after row.
    pub rows: &'a [f64],
    /// How many states a row holds.
    pub width: usize,
    /// The states at the end.
    pub last: &'a [f64],
    /// Steps accepted and attempted.
    pub steps: (u32, u32),
}

impl<'a> Course<'a> {
    /// The kept state number `column` over time.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f64> + 'a {
        self.rows.iter().skip(column).step_by(self.width.max(1)).copied()
    }
}

/// Asked at a patient's decision times.
pub trait Policy {
    /// May look at the patient, dose, change parameters and states.
    fn decide(&mut self, moment: &mut Moment);
}

/// No decisions.
impl Policy for () {
    fn decide(&mut self, _: &mut Moment) {}
}

/// Runs the patients `numbers`, and gives their results in order.
///
/// `admit` fills in a patient (whose parameters are the typical ones) and gives its policy; `reduce` makes of the course what is kept.
pub fn run<P: Policy, R>(
    model: &Model,
    settings: &Settings,
    numbers: std::ops::Range<u64>,
    admit: impl Fn(u64, &mut Patient) -> P,
    reduce: impl Fn(&Course, P) -> R,
) -> Vec<Result<R, Failure>> {
    let keep: Vec<usize> = if settings.keep.is_empty() { (0..model.system.states).collect() } else { settings.keep.clone() };
    let states = &model.text.states;
    let atol: Vec<f64> = states.iter().map(|state| state.atol.unwrap_or(settings.atol_scale * settings.rtol)).collect();
    let positive: Vec<f64> = states.iter().map(|state| if state.signed { 0.0 } else { 1.0 }).collect();
    let plan = Plan {
        states: model.system.states,
        slots: model.system.slots,
        factors: model.system.factors,
        timed: model.system.timed,
        programs: &model.programs,
        start: settings.start,
        end: settings.end,
        times: &settings.times,
        keep: &keep,
        rtol: settings.rtol,
        atol: &atol,
        positive: &positive,
        most_steps: settings.most_steps,
    };
    let mut population = Population {
        typical: model.typical(),
        settings,
        width: keep.len(),
        next: numbers.start,
        first: numbers.start,
        end: numbers.end,
        beds: Vec::new(),
        results: numbers.map(|_| None).collect(),
        admit,
        reduce,
    };
    drive(settings.lanes, &*model.backend, &plan, &mut population);
    population.results.into_iter().flatten().collect()
}

struct Population<'a, P, R, A, D> {
    typical: Vec<f64>,
    settings: &'a Settings,
    width: usize,
    first: u64,
    next: u64,
    end: u64,
    beds: Vec<(u64, Option<P>)>,
    results: Vec<Option<Result<R, Failure>>>,
    admit: A,
    reduce: D,
}

impl<P, R, A, D> Ward for Population<'_, P, R, A, D>
where
    P: Policy,
    A: Fn(u64, &mut Patient) -> P,
    D: Fn(&Course, P) -> R,
{
    fn admit(&mut self, bed: usize, patient: &mut Patient) -> bool {
        if self.next >= self.end {
            return false;
        }
        let number = self.next;
        self.next += 1;
        patient.parameters.clone_from(&self.typical);
        patient.states.clear();
        patient.doses.clear();
        patient.changes.clear();
        patient.decisions.clear();
        let policy = (self.admit)(number, patient);
        if self.beds.len() <= bed {
            self.beds.resize_with(bed + 1, || (0, None));
        }
        self.beds[bed] = (number, Some(policy));
        true
    }

    fn decide(&mut self, bed: usize, moment: &mut Moment) {
        if let Some((_, Some(policy))) = self.beds.get_mut(bed) {
            policy.decide(moment);
        }
    }

    fn discharge(&mut self, bed: usize, finished: &Finished) {
        let Some((number, policy)) = self.beds.get_mut(bed) else { return };
        let (number, Some(policy)) = (*number, policy.take()) else { return };
        let result = match finished.failure {
            Some((time, reason)) => Err(Failure { patient: number, time, reason, parameters: finished.patient.parameters.clone() }),
            None => {
                let course = Course {
                    number,
                    patient: finished.patient,
                    times: &self.settings.times,
                    rows: finished.rows,
                    width: self.width,
                    last: finished.last,
                    steps: finished.steps,
                };
                Ok((self.reduce)(&course, policy))
            }
        };
        if let Some(place) = self.results.get_mut((number - self.first) as usize) {
            *place = Some(result);
        }
    }
}
