//! The models of the library: texts under `models/`, and code that the build script prints from some of them.

use std::marker::PhantomData;

use crate::engine::{Equations, Kernel, Point};

#[allow(unused_variables, unused_parens, clippy::all, clippy::pedantic)]
mod printed {
    include!(concat!(env!("OUT_DIR"), "/printed.rs"));
}

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// A model's equations for every width.
pub(crate) trait Backend: Kernel<f64> {}

impl<K: Kernel<f64>> Backend for K {}

/// Equations that the build script has printed.
pub(crate) struct Printed<E>(PhantomData<E>);

impl<E: Equations> Printed<E> {
    fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E: Equations> Kernel<f64> for Printed<E> {
    fn rhs(&self, at: Point<f64>, dy: &mut [f64], _: &mut [f64]) {
        E::rhs(at.t, at.y, at.p, dy);
    }
    fn prepare(&self, at: Point<f64>, shift: f64, dy: &mut [f64], dt: &mut [f64], factors: &mut [f64], _: &mut [f64]) -> f64 {
        E::prepare(at.t, at.y, at.p, shift, dy, dt, factors)
    }
    fn solve(&self, factors: &[f64], x: &mut [f64], _: &mut [f64]) {
        E::solve(factors, x);
    }
}
