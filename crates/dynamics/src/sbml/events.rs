//! Running a file with its events.
//!
//! The course is cut into stretches at the times that the file's conditions name and at delayed events. Within a stretch triggers are watched on a grid; where one comes to
//! hold, the instant is narrowed down to twelve digits, the events of that instant are executed in the order of their priority, and the run goes on from there.

use super::Import;
use crate::engine::Patient;
use crate::model::{Model, ModelError};
use crate::run::{Failure, Settings, run_here};
use crate::scales::largest;

/// Points of the grid on which triggers are watched within a stretch.
const WATCHED: u32 = 256;

/// Half the relative width of the slit around a time that a condition names.
const SLIT: f64 = 1e-15;

/// Rounds of narrowing, each by a factor of 16.
const ROUNDS: u32 = 10;

/// More executions than this at one instant never end.
const MOST_AT_ONCE: usize = 10_000;

/// More stretches than this in one course never end.
const MOST_STRETCHES: usize = 100_000;

#[derive(Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) trigger: usize,
    pub(super) delay: usize,
    pub(super) priority: usize,
    pub(super) has_priority: bool,
    /// The file's units of time in one of the model's.
    pub(super) pace: f64,
    pub(super) fires_at_start: bool,
    pub(super) persistent: bool,
    pub(super) values_from_trigger: bool,
    pub(super) sets: Vec<Set>,
}

/// What an event sets: a state, to the value of an output; times that of another, where the state is the amount behind a concentration.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) state: usize,
    pub(super) value: usize,
    pub(super) size: Option<usize>,
}

/// Why a file with events cannot be run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EventError {
    /// The integration failed.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// Events that set each other off without end.
    #[error("the events at time {0} set each other off without end (the last was `{1}`)")]
    Endless(f64, String),
    /// A delay that is below zero or no number.
    #[error("the delay of the event `{1}` at time {0} is not a number of at least 0")]
    Delay(f64, String),
}

/// The course of a file with its events.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// The times of the rows. A row at the time of an event shows the states after it.
    pub times: Vec<f64>,
    /// The states at each time, in the model's order.
    pub rows: Vec<Vec<f64>>,
    /// When which event was executed.
    pub executed: Vec<(f64, String)>,
    parameters: Vec<f64>,
}

impl Trajectory {
    /// The largest absolute value of each state.
    pub fn largest(&self) -> Vec<f64> {
        largest(self.rows.iter().map(Vec::as_slice), self.rows.first().map_or(0, Vec::len))
    }

    /// A state over time.
    ///
    /// # Errors
    /// The model has no such state.
    pub fn state(&self, import: &Import, name: &str) -> Result<Vec<f64>, ModelError> {
        let at = import.model.state(name)?;
        Ok(self.rows.iter().map(|row| row[at]).collect())
    }

    /// An output over time.
    ///
    /// # Errors
    /// The model has no such output.
    pub fn output(&self, import: &Import, name: &str) -> Result<Vec<f64>, ModelError> {
        let at = import.model.output(name)?;
        let mut slots = vec![0.0; import.model.system.slots];
        import.model.programs.fill(&self.parameters, &mut slots);
        let outputs = |(time, row): (&f64, &Vec<f64>)| import.model.programs.outputs(*time, row, &slots)[at];
        Ok(self.times.iter().zip(&self.rows).map(outputs).collect())
    }
}

/// An event that was triggered and is still to be executed.
struct Pending {
    event: usize,
    time: f64,
    values: Vec<f64>,
}

/// A time and the states then.
type Point = (f64, Vec<f64>);

/// Points between two times.
fn grid(count: u32, a: f64, b: f64) -> impl Iterator<Item = f64> {
    (1..count).map(move |i| a + (b - a) * f64::from(i) / f64::from(count))
}

/// Where the run stands.
struct Course<'a> {
    import: &'a Import,
    parameters: Vec<f64>,
    slots: Vec<f64>,
    time: f64,
    states: Vec<f64>,
    held: Vec<bool>,
    pending: Vec<Pending>,
    executed: Vec<(f64, String)>,
}

impl Import {
    /// Runs the file with its events; times are in the model's unit.
    ///
    /// # Errors
    /// The integration failed, or the events never end.
    pub fn solve(&self, settings: &Settings) -> Result<Trajectory, EventError> {
        self.solve_with(settings, &self.parameters)
    }

    /// As [`Import::solve`], with other parameters.
    ///
    /// # Errors
    /// The integration failed, or the events never end.
    pub fn solve_with(&self, settings: &Settings, parameters: &[f64]) -> Result<Trajectory, EventError> {
        let parameters = parameters.to_vec();
        let mut slots = vec![0.0; self.model.system.slots];
        self.model.programs.fill(&parameters, &mut slots);
        let mut states = vec![0.0; self.model.text.states.len()];
        self.model.programs.initial(&parameters, &mut states);
        for (state, value) in &self.states {
            if let Some(place) = states.get_mut(*state) {
                *place = *value;
            }
        }
        let held = self.events.iter().map(|event| !event.fires_at_start).collect();
        let (time, executed) = (settings.start, Vec::new());
        let mut course = Course { import: self, parameters, slots, time, states, held, pending: Vec::new(), executed };
        let mut rows: Vec<Vec<f64>> = Vec::new();
        let first = settings.times.partition_point(|t| *t <= settings.start);
        rows.extend(std::iter::repeat_n(course.states.clone(), first));
        // What holds at the start has not just come to hold, unless the file says so.
        let now = course.triggers(course.time, &course.states);
        course.settle(&now)?;
        course.renew(settings, &mut rows);
        let fixed = course.stops(settings.end);
        for _ in 0..MOST_STRETCHES {
            if course.time >= settings.end {
                return Ok(Trajectory {
                    times: settings.times[..rows.len()].to_vec(),
                    rows,
                    executed: course.executed,
                    parameters: course.parameters,
                });
            }
            course.stretch(settings, &fixed, &mut rows)?;
        }
        Err(EventError::Endless(course.time, course.executed.pop().map_or_else(String::new, |(_, id)| id)))
    }
}

impl Course<'_> {
    fn model(&self) -> &Model {
        &self.import.model
    }

    fn outputs(&self, time: f64, states: &[f64]) -> Vec<f64> {
        self.model().programs.outputs(time, states, &self.slots)
    }

    fn triggers(&self, time: f64, states: &[f64]) -> Vec<bool> {
        let outputs = self.outputs(time, states);
        self.import.events.iter().map(|event| outputs[event.trigger] > 0.5).collect()
    }

    /// Times that conditions name, after now.
    fn stops(&self, end: f64) -> Vec<f64> {
        let outputs = self.outputs(self.time, &self.states);
        let first = outputs.len() - self.import.stops;
        let mut stops: Vec<f64> = outputs[first..].iter().copied().filter(|stop| *stop > self.time && *stop < end).collect();
        stops.sort_by(f64::total_cmp);
        stops
    }

    /// On to the next instant at which something may happen.
    fn stretch(&mut self, settings: &Settings, fixed: &[f64], rows: &mut Vec<Vec<f64>>) -> Result<(), EventError> {
        let delayed = self.pending.iter().map(|pending| pending.time).fold(f64::INFINITY, f64::min);
        let other = settings.end.min(delayed);
        // A condition on time must not change within a step, so the run goes to just before the time it names, and on from just after it.
        let named = fixed.iter().copied().find(|stop| *stop > self.time).filter(|stop| *stop <= other);
        let from = if fixed.contains(&self.time) { self.time + SLIT * self.time.abs() } else { self.time };
        let until = named.map_or(other, |stop| stop - SLIT * stop.abs());
        let changed = until > from && self.watch(settings, from, until, rows)?;
        if let (false, Some(stop)) = (changed, named) {
            self.time = stop;
            while settings.times.get(rows.len()).is_some_and(|time| *time <= stop) {
                rows.push(self.states.clone());
            }
        } else if until <= from {
            self.time = other;
        }
        let now = self.triggers(self.time, &self.states);
        self.settle(&now)?;
        self.renew(settings, rows);
        Ok(())
    }

    /// Rows of this instant show what its events have made of the states.
    fn renew(&self, settings: &Settings, rows: &mut [Vec<f64>]) {
        let of_now = settings.times.iter().zip(rows).rev().take_while(|(time, _)| **time == self.time);
        of_now.for_each(|(_, row)| row.clone_from(&self.states));
    }

    /// Integrates and watches the triggers; whether one changed. The course then stands there, else at `until`.
    fn watch(&mut self, settings: &Settings, from: f64, until: f64, rows: &mut Vec<Vec<f64>>) -> Result<bool, EventError> {
        let wanted = &settings.times[rows.len()..];
        let mut times: Vec<f64> = wanted.iter().copied().filter(|time| *time > from && *time <= until).collect();
        if !self.import.events.is_empty() || self.model().text().switches() {
            times.extend(grid(WATCHED, from, until));
        }
        times.push(until);
        times.sort_by(f64::total_cmp);
        times.dedup();
        let mut found = self.integrate(settings, from, &self.states, &times)?;
        let changed = self.first_change(&found);
        if let Some(at) = changed {
            let before = if at == 0 { (from, self.states.clone()) } else { found[at - 1].clone() };
            let instant = self.narrow(settings, before, found[at].clone())?;
            found.truncate(at);
            found.push(instant);
        }
        for time in wanted {
            match found.iter().find(|(known, _)| known == time) {
                Some((_, states)) => rows.push(states.clone()),
                // A wanted time within the slit around a time that a condition names.
                None if *time <= from => rows.push(self.states.clone()),
                None => break,
            }
        }
        if let Some((time, states)) = found.pop() {
            (self.time, self.states) = (time, states);
        }
        Ok(changed.is_some())
    }

    /// The first instant, to about twelve digits, at which a trigger is no longer what it was; between two points.
    fn narrow(&self, settings: &Settings, mut a: Point, mut b: Point) -> Result<Point, EventError> {
        for _ in 0..ROUNDS {
            if b.0 - a.0 <= 1e-13 * b.0.abs() {
                break;
            }
            let mut times: Vec<f64> = grid(16, a.0, b.0).filter(|time| *time > a.0 && *time < b.0).collect();
            times.push(b.0);
            times.dedup();
            let fine = self.integrate(settings, a.0, &a.1, &times)?;
            let Some(at) = self.first_change(&fine) else { break };
            if at > 0 {
                a = fine[at - 1].clone();
            }
            b = fine[at].clone();
        }
        Ok(b)
    }

    fn integrate(&self, settings: &Settings, from: f64, states: &[f64], times: &[f64]) -> Result<Vec<Point>, EventError> {
        let end = times.last().copied().unwrap_or(from);
        let settings = Settings { start: from, end, times: times.to_vec(), keep: Vec::new(), ..settings.clone() };
        let admit = |_, patient: &mut Patient| {
            patient.parameters.clone_from(&self.parameters);
            patient.states = states.iter().copied().enumerate().collect();
            if self.model().text().switches() {
                // A stop at each point, so that no step passes over a condition by more than the distance of two.
                patient.decisions = times.to_vec();
            }
        };
        let width = states.len();
        let rows = run_here(self.model(), &settings, 0..1, admit, |course, ()| course.rows.to_vec()).pop();
        let failed = || Failure {
            patient: 0,
            seed: settings.seed,
            time: from,
            reason: crate::engine::Reason::NotFinite,
            parameters: self.parameters.clone(),
        };
        let rows = rows.unwrap_or_else(|| Err(failed()))?;
        Ok(times.iter().copied().zip(rows.chunks(width).map(<[f64]>::to_vec)).collect())
    }

    /// The first row at which a trigger is not what it was.
    fn first_change(&self, rows: &[Point]) -> Option<usize> {
        rows.iter().position(|(time, states)| self.triggers(*time, states) != self.held)
    }

    /// Executes what is due now, and what that sets off.
    fn settle(&mut self, now: &[bool]) -> Result<(), EventError> {
        self.note(now)?;
        for _ in 0..MOST_AT_ONCE {
            let outputs = self.outputs(self.time, &self.states);
            let rank = |pending: &Pending| {
                let event = &self.import.events[pending.event];
                if event.has_priority { outputs[event.priority] } else { f64::NEG_INFINITY }
            };
            let due = self.pending.iter().enumerate().filter(|(_, pending)| pending.time <= self.time);
            // The highest priority; among equals the first in the file.
            let next = due.max_by(|(_, a), (_, b)| rank(a).total_cmp(&rank(b)).then(b.event.cmp(&a.event))).map(|(at, _)| at);
            let Some(at) = next else { return Ok(()) };
            let Pending { event, values, .. } = self.pending.remove(at);
            let event = &self.import.events[event];
            let values = if event.values_from_trigger { values } else { event.sets.iter().map(|set| outputs[set.value]).collect() };
            for (set, value) in event.sets.iter().zip(&values).filter(|(set, _)| set.size.is_none()) {
                self.states[set.state] = *value;
            }
            // A concentration is an amount by the size that its compartment has now, also where this very event gave it that.
            let outputs = self.outputs(self.time, &self.states);
            for (set, value) in event.sets.iter().zip(&values) {
                if let Some(size) = set.size {
                    self.states[set.state] = value * outputs[size];
                }
            }
            self.executed.push((self.time, event.id.clone()));
            let now = self.triggers(self.time, &self.states);
            self.note(&now)?;
        }
        Err(EventError::Endless(self.time, self.executed.last().map_or_else(String::new, |(_, id)| id.clone())))
    }

    /// Notes which triggers hold: those that have come to hold set off their events, those that no longer hold call back theirs.
    fn note(&mut self, now: &[bool]) -> Result<(), EventError> {
        let outputs = self.outputs(self.time, &self.states);
        for (at, event) in self.import.events.iter().enumerate() {
            if now[at] && !self.held[at] {
                let delay = outputs[event.delay] / event.pace;
                if !(delay >= 0.0 && delay.is_finite()) {
                    return Err(EventError::Delay(self.time, event.id.clone()));
                }
                let values = event.sets.iter().map(|set| outputs[set.value]).collect();
                self.pending.push(Pending { event: at, time: self.time + delay, values });
            } else if !now[at] && !event.persistent {
                self.pending.retain(|pending| pending.event != at);
            }
            self.held[at] = now[at];
        }
        Ok(())
    }
}
