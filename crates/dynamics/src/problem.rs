//! One patient, by names.

use crate::engine::{Change, Dose, Moment, Patient};
use crate::model::{Model, ModelError};
use crate::run::{Failure, Policy, Settings, run_here};
use crate::scales::largest;

/// One patient of a model, set up by names.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    model: &'a Model,
    /// The patient, to be changed by numbers where names are not enough.
    pub patient: Patient,
}

impl<'a> Problem<'a> {
    /// The typical patient of a model.
    pub fn new(model: &'a Model) -> Self {
        Self { model, patient: Patient { parameters: model.typical(), ..Patient::default() } }
    }

    /// The model.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// The value of a parameter at the start.
    ///
    /// # Errors
    /// The model has no such parameter.
    pub fn value(&self, parameter: &str) -> Result<f64, ModelError> {
        Ok(self.patient.parameters[self.model.parameter(parameter)?])
    }

    /// With another value of a parameter.
    ///
    /// # Errors
    /// The model has no such parameter.
    pub fn with(mut self, parameter: &str, value: f64) -> Result<Self, ModelError> {
        let parameter = self.model.parameter(parameter)?;
        self.patient.parameters[parameter] = value;
        Ok(self)
    }

    /// With another state at the start.
    ///
    /// # Errors
    /// The model has no such state.
    pub fn from_state(mut self, state: &str, value: f64) -> Result<Self, ModelError> {
        self.patient.states.push((self.model.state(state)?, value));
        Ok(self)
    }

    /// With a bolus.
    ///
    /// # Errors
    /// The model has no such state.
    pub fn bolus(self, state: &str, time: f64, amount: f64) -> Result<Self, ModelError> {
        self.infusion(state, time, amount, 0.0)
    }

    /// With an infusion at a constant rate over `duration`.
    ///
    /// # Errors
    /// The model has no such state.
    pub fn infusion(mut self, state: &str, time: f64, amount: f64, duration: f64) -> Result<Self, ModelError> {
        self.patient.doses.push(Dose { state: self.model.state(state)?, time, amount, duration });
        Ok(self)
    }

    /// With a parameter that takes another value from `time` on.
    ///
    /// # Errors
    /// The model has no such parameter.
    pub fn change(mut self, time: f64, parameter: &str, value: f64) -> Result<Self, ModelError> {
        self.patient.changes.push(Change { parameter: self.model.parameter(parameter)?, time, value });
        Ok(self)
    }

    /// Integrates.
    ///
    /// # Errors
    /// The integration failed: when and why.
    pub fn solve(&self, settings: &Settings) -> Result<Solution<'a>, Failure> {
        self.solve_with(settings, ()).map(|(solution, ())| solution)
    }

    /// Integrates under a policy, and gives the policy back.
    ///
    /// # Errors
    /// The integration failed: when and why.
    pub fn solve_with<P: Policy>(&self, settings: &Settings, policy: P) -> Result<(Solution<'a>, P), Failure> {
        let slot = std::cell::Cell::new(Some(policy));
        let settings = Settings { keep: Vec::new(), ..settings.clone() };
        let log = std::cell::RefCell::new(Vec::new());
        let model = self.model;
        let mut results = run_here(
            model,
            &settings,
            0..1,
            |_, patient| {
                patient.clone_from(&self.patient);
                Watched { inner: slot.take(), log: &log }
            },
            |course, watched| {
                let solution = Solution {
                    model,
                    times: course.times[..course.rows.len() / course.width].to_vec(),
                    rows: course.rows.to_vec(),
                    parameters: self.patient.parameters.clone(),
                    changes: log.take(),
                    steps: course.steps,
                };
                (solution, watched.inner)
            },
        );
        let failed = || Failure {
            patient: 0,
            seed: settings.seed,
            time: settings.start,
            reason: crate::engine::Reason::NotFinite,
            parameters: self.patient.parameters.clone(),
        };
        let (solution, policy) = results.pop().unwrap_or_else(|| Err(failed()))?;
        Ok((solution.with_changes(&self.patient.changes), policy.ok_or_else(failed)?))
    }
}

/// Notes the parameters that a policy changes, since outputs may depend on them.
struct Watched<'a, P> {
    inner: Option<P>,
    log: &'a std::cell::RefCell<Vec<Change>>,
}

impl<P: Policy> Policy for Watched<'_, P> {
    fn decide(&mut self, moment: &mut Moment) {
        let Some(inner) = &mut self.inner else { return };
        let before = moment.parameters().to_vec();
        inner.decide(moment);
        for (parameter, (old, &value)) in before.iter().zip(moment.parameters()).enumerate() {
            if *old != value {
                self.log.borrow_mut().push(Change { parameter, time: moment.time(), value });
            }
        }
    }
}

/// The course of one patient, by names.
#[derive(Debug, Clone)]
pub struct Solution<'a> {
    model: &'a Model,
    /// The times of the rows.
    pub times: Vec<f64>,
    rows: Vec<f64>,
    parameters: Vec<f64>,
    changes: Vec<Change>,
    /// Steps accepted and attempted.
    pub steps: (u32, u32),
}

impl Solution<'_> {
    fn with_changes(mut self, planned: &[Change]) -> Self {
        self.changes.extend(planned);
        self.changes.sort_by(|a, b| a.time.total_cmp(&b.time));
        self
    }

    /// A state over time.
    ///
    /// # Errors
    /// The model has no such state.
    pub fn state(&self, name: &str) -> Result<Vec<f64>, ModelError> {
        let column = self.model.state(name)?;
        Ok(self.rows.iter().skip(column).step_by(self.model.text.states.len()).copied().collect())
    }

    /// An output over time.
    ///
    /// # Errors
    /// The model has no such output.
    pub fn output(&self, name: &str) -> Result<Vec<f64>, ModelError> {
        let column = self.model.output(name)?;
        let mut parameters = self.parameters.clone();
        let mut slots = vec![0.0; self.model.system.slots];
        self.model.programs.fill(&parameters, &mut slots);
        let mut changes = self.changes.iter().peekable();
        let rows = self.rows.chunks(self.model.text.states.len());
        let outputs = self.times.iter().zip(rows).map(|(&time, row)| {
            // A row shows the time before the events of its instant.
            while let Some(change) = changes.next_if(|change| change.time < time) {
                parameters[change.parameter] = change.value;
                self.model.programs.fill(&parameters, &mut slots);
            }
            self.model.programs.outputs(time, row, &slots)[column]
        });
        Ok(outputs.collect())
    }

    /// The largest absolute value of each state.
    pub fn largest(&self) -> Vec<f64> {
        let states = self.model.text.states.len();
        largest(self.rows.chunks(states.max(1)), states)
    }

    /// The states at one of the times.
    pub fn row(&self, index: usize) -> &[f64] {
        let width = self.model.text.states.len();
        self.rows.get(index * width..(index + 1) * width).unwrap_or(&[])
    }
}
