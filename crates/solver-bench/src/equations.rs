//! The models' equations as compiled code for integrators that take one patient at a time: what a user of theirs would write for speed.

/// A model's equations. Parameters are turned into slots once per patient; a slice of the wrong length is left alone.
#[derive(Debug, Clone, Copy)]
pub struct Equations {
    /// The number of states.
    pub states: usize,
    /// The number of slots.
    pub slots: usize,
    /// Row and column of each element of the Jacobian that is not zero.
    pub pattern: &'static [(usize, usize)],
    /// Parameters to slots.
    pub fill: fn(&[f64], &mut [f64]),
    /// Parameters to initial values.
    pub initial: fn(&[f64], &mut [f64]),
    /// Time, states and slots to derivatives.
    pub rhs: fn(f64, &[f64], &[f64], &mut [f64]),
    /// Time, states and slots to the elements of the Jacobian, in the order of `pattern`.
    pub jacobian: fn(f64, &[f64], &[f64], &mut [f64]),
}

pub use printed::{BENCH, CHILD};

#[allow(unused_variables, unused_parens, clippy::all, clippy::pedantic)]
mod printed {
    use super::Equations;

    include!(concat!(env!("OUT_DIR"), "/equations.rs"));
}
