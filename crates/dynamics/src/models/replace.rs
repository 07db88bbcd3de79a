//! States that are set, not added to, at known times.

use crate::engine::Moment;
use crate::model::ModelError;
use crate::problem::Problem;
use crate::run::Policy;

/// Sets states at known times: a graft, a rechallenge, a washed compartment. A dose adds; this replaces.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Replace {
    puts: Vec<(f64, usize, f64)>,
}

impl Replace {
    /// Sets `state` to `value` at `time`, and has the problem's patient stop there.
    ///
    /// # Errors
    /// The model has no such state.
    pub fn put(&mut self, problem: &mut Problem, state: &str, time: f64, value: f64) -> Result<(), ModelError> {
        self.puts.push((time, problem.model().state(state)?, value));
        problem.patient.decisions.push(time);
        Ok(())
    }
}

impl Policy for Replace {
    fn decide(&mut self, moment: &mut Moment) {
        for &(time, state, value) in &self.puts {
            if time == moment.time() {
                moment.set_state(state, value);
            }
        }
    }
}
