//! How a run is set up: times, tolerances, what is kept.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::engine::{Finished, Method, Moment, Patient, Plan, Reason, Ward, Width, drive};
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
    /// Which states are wanted, of those that the model has; all of them where empty.
    pub keep: Vec<usize>,
    /// Relative tolerance of a step.
    pub rtol: f64,
    /// Absolute tolerance of each state; where empty, what the model's text gives, else `atol_scale` times `rtol`.
    pub atol: Vec<f64>,
    /// See `atol`.
    pub atol_scale: f64,
    /// Steps after which a patient is given up.
    pub most_steps: u32,
    /// The integration method.
    pub method: Method,
    /// How many patients side by side, at most. No bit of the results depends on it.
    pub lanes: Width,
    /// How many threads; 0 for all cores. No bit of the results depends on it.
    pub threads: usize,
    /// The seed from which the patients are drawn; the engine only gives it back with a failure.
    pub seed: u64,
}

impl Settings {
    /// From 0 to the last of `times`, relative tolerance 1e-6.
    pub fn new(times: Vec<f64>) -> Self {
        let end = times.last().copied().unwrap_or(0.0);
        Self {
            start: 0.0,
            end,
            times,
            keep: Vec::new(),
            rtol: 1e-6,
            atol: Vec::new(),
            atol_scale: 1e-3,
            most_steps: 1_000_000,
            method: Method::default(),
            lanes: Width::widest(),
            threads: 0,
            seed: 0,
        }
    }

    /// `count` + 1 times from 0 to `end`.
    pub fn every(end: f64, count: u32) -> Self {
        Self::new((0..=count).map(|i| end * f64::from(i) / f64::from(count.max(1))).collect())
    }

    /// The absolute tolerance of a state.
    pub fn atol_of(&self, model: &Model, state: usize) -> f64 {
        let given = self.atol.get(state).copied().or_else(|| model.text.states.get(state).and_then(|state| state.atol));
        given.unwrap_or(self.atol_scale * self.rtol)
    }

    /// With another relative tolerance.
    #[must_use]
    pub fn rtol(self, rtol: f64) -> Self {
        Self { rtol, ..self }
    }
}

/// A patient's failure: enough to run that patient again.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("patient {patient} of seed {seed} failed at time {time}: {reason}")]
pub struct Failure {
    /// The patient's number.
    pub patient: u64,
    /// The seed of the run.
    pub seed: u64,
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

    /// The largest of the rows of a kept state and its time; the first of equals.
    pub fn peak(&self, column: usize) -> (f64, f64) {
        let rows = self.times.iter().copied().zip(self.column(column));
        rows.fold((f64::NAN, f64::NEG_INFINITY), |peak, row| if row.1 > peak.1 { row } else { peak })
    }

    /// The area under a kept state by trapezoids between rows. (Exact areas are states of the model: `d AUC = C`.)
    pub fn area(&self, column: usize) -> f64 {
        self.spans(column).map(|([t0, t1], [y0, y1])| 0.5 * (t1 - t0) * (y0 + y1)).sum()
    }

    /// For how long a kept state is above a threshold, by straight lines between rows.
    pub fn time_above(&self, column: usize, threshold: f64) -> f64 {
        let share = |y0: f64, y1: f64| match (y0 > threshold, y1 > threshold) {
            (true, true) => 1.0,
            (false, false) => 0.0,
            _ => (y0.max(y1) - threshold) / (y0 - y1).abs(),
        };
        self.spans(column).map(|([t0, t1], [y0, y1])| (t1 - t0) * share(y0, y1)).sum()
    }

    fn spans(&self, column: usize) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + 'a {
        let values = self.column(column).zip(self.column(column).skip(1));
        self.times.windows(2).zip(values).map(|(t, (y0, y1))| ([t[0], t[1]], [y0, y1]))
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

/// How many patients a thread takes at a time.
const BATCH: u64 = 256;

/// Runs the patients `numbers` on all cores, and gives their results in order.
///
/// `admit` fills in a patient (whose parameters are the typical ones) and gives its policy; `reduce` makes of the course what is kept.
pub fn run<P, R, A, D>(model: &Model, settings: &Settings, numbers: Range<u64>, admit: A, reduce: D) -> Vec<Result<R, Failure>>
where
    P: Policy,
    R: Send,
    A: Fn(u64, &mut Patient) -> P + Sync,
    D: Fn(&Course, P) -> R + Sync,
{
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if settings.threads == 0 { cores() } else { settings.threads };
    let count = numbers.end.saturating_sub(numbers.start);
    let threads = threads.min(count.div_ceil(settings.lanes.lanes() as u64) as usize);
    if threads <= 1 {
        return run_here(model, settings, numbers, admit, reduce);
    }
    let next = AtomicU64::new(numbers.start);
    let batch = BATCH.min(count.div_ceil(threads as u64));
    let results = std::thread::scope(|scope| {
        let work = || {
            let supply = || {
                let start = next.fetch_add(batch, Ordering::Relaxed);
                (start < numbers.end).then(|| start..numbers.end.min(start + batch))
            };
            work(model, settings, supply, &admit, &reduce)
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        // A worker ends early only where a closure of the caller panics; the panic goes on to the caller.
        let ended = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        ended.flatten().collect()
    });
    in_order(results)
}

/// As [`run`], on this thread alone, so that the closures need not be shared.
pub fn run_here<P, R, A, D>(model: &Model, settings: &Settings, numbers: Range<u64>, admit: A, reduce: D) -> Vec<Result<R, Failure>>
where
    P: Policy,
    A: Fn(u64, &mut Patient) -> P,
    D: Fn(&Course, P) -> R,
{
    let mut all = Some(numbers);
    in_order(work(model, settings, || all.take(), admit, reduce))
}

type Numbered<R> = Vec<(u64, Result<R, Failure>)>;

fn in_order<R>(mut results: Numbered<R>) -> Vec<Result<R, Failure>> {
    results.sort_unstable_by_key(|&(number, _)| number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// What one thread does: it takes patients as long as there are any.
fn work<P, R, A, D, S>(model: &Model, settings: &Settings, supply: S, admit: A, reduce: D) -> Numbered<R>
where
    P: Policy,
    A: Fn(u64, &mut Patient) -> P,
    D: Fn(&Course, P) -> R,
    S: FnMut() -> Option<Range<u64>>,
{
    let system = &model.system;
    let known = |state: &usize| *state < system.states;
    let keep: Vec<usize> =
        if settings.keep.is_empty() { (0..system.states).collect() } else { settings.keep.iter().copied().filter(known).collect() };
    let states = &model.text.states;
    let atol: Vec<f64> = (0..states.len()).map(|state| settings.atol_of(model, state)).collect();
    let positive: Vec<f64> = states.iter().map(|state| if state.signed { 0.0 } else { 1.0 }).collect();
    let floor: Vec<f64> = keep.iter().map(|&state| if states[state].signed { f64::NEG_INFINITY } else { 0.0 }).collect();
    let plan = Plan {
        states: system.states,
        parameters: system.parameters,
        slots: system.slots,
        factors: system.factors,
        programs: &model.programs,
        start: settings.start,
        end: settings.end,
        times: &settings.times,
        keep: &keep,
        floor: &floor,
        rtol: settings.rtol,
        first_step: settings.method.first_step(settings.rtol),
        atol: &atol,
        positive: &positive,
        most_steps: settings.most_steps,
        method: settings.method,
    };
    let mut population = Population {
        typical: model.typical(),
        settings,
        width: keep.len(),
        waiting: 0..0,
        supply,
        beds: Vec::new(),
        results: Vec::new(),
        admit,
        reduce,
    };
    drive(settings.lanes, &*model.backend, &plan, &mut population);
    population.results
}

struct Population<'a, P, R, A, D, S> {
    typical: Vec<f64>,
    settings: &'a Settings,
    width: usize,
    waiting: Range<u64>,
    supply: S,
    beds: Vec<(u64, Option<P>)>,
    results: Numbered<R>,
    admit: A,
    reduce: D,
}

impl<P, R, A, D, S> Ward for Population<'_, P, R, A, D, S>
where
    P: Policy,
    A: Fn(u64, &mut Patient) -> P,
    D: Fn(&Course, P) -> R,
    S: FnMut() -> Option<Range<u64>>,
{
    fn admit(&mut self, bed: usize, patient: &mut Patient) -> bool {
        let Some(number) = self.waiting.next().or_else(|| {
            self.waiting = (self.supply)()?;
            self.waiting.next()
        }) else {
            return false;
        };
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
        let result = if let Some((time, reason)) = finished.failure {
            let parameters = finished.patient.parameters.clone();
            Err(Failure { patient: number, seed: self.settings.seed, time, reason, parameters })
        } else {
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
        };
        self.results.push((number, result));
    }
}
