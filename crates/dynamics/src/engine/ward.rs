//! Where patients come from, who decides about them, and where they go: what the engine sees of a population.

use barograph_equations::{Inputs, Tape};

use super::patient::{Act, Agenda, Change, Dose, Patient};

/// The instant at which a policy is asked. It may look, dose, change parameters and states, and ask to be woken again.
pub struct Moment<'a> {
    pub(crate) time: f64,
    pub(crate) states: &'a mut [f64],
    pub(crate) parameters: &'a mut [f64],
    pub(crate) slots: &'a mut [f64],
    pub(crate) agenda: &'a mut Agenda,
    pub(crate) programs: &'a Programs,
    pub(crate) set_parameters: bool,
    pub(crate) set_states: bool,
    pub(crate) stopped: bool,
}

impl Moment<'_> {
    /// Now, in the model's time.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// The states, in the model's order.
    pub fn states(&self) -> &[f64] {
        self.states
    }

    /// The parameters, in the model's order.
    pub fn parameters(&self) -> &[f64] {
        self.parameters
    }

    /// The model's outputs now.
    pub fn outputs(&self) -> Vec<f64> {
        self.programs.outputs(self.time, self.states, self.slots)
    }

    /// Gives a dose, now or later; a dose in the past is given now.
    pub fn give(&mut self, dose: Dose) {
        let time = dose.time.max(self.time);
        self.agenda.dose(&Dose { time, ..dose });
    }

    /// Changes a parameter, now or later.
    pub fn change(&mut self, change: Change) {
        self.agenda.add(change.time.max(self.time), Act::Set { parameter: change.parameter, value: change.value });
    }

    /// Changes a parameter now.
    pub fn set_parameter(&mut self, parameter: usize, value: f64) {
        if let Some(place) = self.parameters.get_mut(parameter) {
            *place = value;
            self.set_parameters = true;
            self.programs.fill(self.parameters, self.slots);
        }
    }

    /// Puts a state now.
    pub fn set_state(&mut self, state: usize, value: f64) {
        if let Some(place) = self.states.get_mut(state) {
            self.set_states |= place.to_bits() != value.to_bits();
            *place = value;
        }
    }

    /// Asks to be woken at a time after now.
    pub fn wake_at(&mut self, time: f64) {
        if time > self.time {
            self.agenda.add(time, Act::Decide);
        }
    }

    /// Ends this patient's course here; the rows after it are missing.
    pub fn stop(&mut self) {
        self.stopped = true;
    }
}

/// The scalar programs of a model: what happens once per patient, row or decision.
pub(crate) struct Programs {
    pub(crate) fill: Tape,
    pub(crate) initial: Tape,
    pub(crate) outputs: Tape,
    pub(crate) output_count: usize,
}

impl Programs {
    fn run(tape: &Tape, inputs: &Inputs<f64>, results: &mut [f64]) {
        let mut registers = vec![0.0; tape.registers()];
        tape.run(inputs, &mut registers, results);
    }

    pub(crate) fn fill(&self, parameters: &[f64], slots: &mut [f64]) {
        let inputs = Inputs { time: 0.0, shift: 0.0, states: &[], parameters, factors: &[] };
        Self::run(&self.fill, &inputs, slots);
    }

    pub(crate) fn initial(&self, parameters: &[f64], states: &mut [f64]) {
        let inputs = Inputs { time: 0.0, shift: 0.0, states: &[], parameters, factors: &[] };
        Self::run(&self.initial, &inputs, states);
    }

    pub(crate) fn outputs(&self, time: f64, states: &[f64], slots: &[f64]) -> Vec<f64> {
        let mut results = vec![0.0; self.output_count];
        let inputs = Inputs { time, shift: 0.0, states, parameters: slots, factors: &[] };
        Self::run(&self.outputs, &inputs, &mut results);
        results
    }
}

/// Why a patient's integration ended early.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Reason {
    /// The step became too small to move time.
    #[error("the step became too small: the equations are singular here, or a state that may not be negative is driven below zero")]
    StepTooSmall,
    /// More steps than allowed.
    #[error("more than {0} steps were needed")]
    TooManySteps(u32),
    /// A state or parameter at the start or after an event, or an event itself, is not finite.
    #[error("a state, a parameter or an event is not a finite number")]
    NotFinite,
}

/// A finished course: rows of the kept states at the requested times.
pub(crate) struct Finished<'a> {
    pub(crate) patient: &'a Patient,
    /// Rows of the kept states, one after another; shorter than requested where the course ended early.
    pub(crate) rows: &'a [f64],
    /// Steps accepted and attempted.
    pub(crate) steps: (u32, u32),
    pub(crate) failure: Option<(f64, Reason)>,
    /// The states at the end.
    pub(crate) last: &'a [f64],
}

/// Supplies patients and takes them back.
pub(crate) trait Ward {
    /// The next patient for a bed; `false` when there is none.
    fn admit(&mut self, bed: usize, patient: &mut Patient) -> bool;
    /// The policy of the patient in this bed.
    fn decide(&mut self, bed: usize, moment: &mut Moment);
    /// A course has ended.
    fn discharge(&mut self, bed: usize, finished: &Finished);
}
