//! Integrators that take one patient at a time, each with compiled equations and a symbolic Jacobian.

use std::error::Error;

use barograph_dynamics::Patient;

use crate::case::Case;
use crate::equations::Equations;

#[cfg(feature = "cvode")]
mod cvode;
mod diffsol;

/// A method of another integrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// diffsol: backward differentiation, variable order, dense factors.
    Bdf,
    /// diffsol: Tsitouras' explicit Runge-Kutta pair of order 5(4).
    Tsit45,
    /// CVODE 7: backward differentiation, variable order, dense factors.
    #[cfg(feature = "cvode")]
    Cvode,
}

/// The rows of each patient one after another, and the seconds of processor time per patient.
pub type Courses = (Vec<Vec<f64>>, f64);

/// The courses of patients of a case and the seconds of processor time per patient.
///
/// # Errors
/// The tool refuses the problem or a step.
pub fn courses(peer: Peer, case: &Case, rtol: f64, patients: &[Patient]) -> Result<Courses, Box<dyn Error>> {
    match peer {
        Peer::Bdf => diffsol::courses(diffsol::Method::Bdf, case, rtol, patients),
        Peer::Tsit45 => diffsol::courses(diffsol::Method::Tsit45, case, rtol, patients),
        #[cfg(feature = "cvode")]
        Peer::Cvode => cvode::courses(case, rtol, patients),
    }
}

/// Slots and initial values of a patient.
fn set_up(equations: &Equations, patient: &Patient, slots: &mut [f64], initial: &mut [f64]) {
    (equations.fill)(&patient.parameters, slots);
    (equations.initial)(&patient.parameters, initial);
}
