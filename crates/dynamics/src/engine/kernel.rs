//! A model as the engine calls it: printed by the build script, or interpreted.

use std::marker::PhantomData;

use barograph_equations::{Arithmetic, Inputs, System, Tape};

use super::lanes::Lanes;

/// The equations of one model as straight-line code for any width; the build script writes the implementations.
pub(crate) trait Equations: Send + Sync + 'static {
    /// The derivatives `dy` of the states `y` at time `t`; `p` holds the model's slots.
    fn rhs<N: Arithmetic>(t: N, y: &[N], p: &[N], dy: &mut [N]);
    /// `rhs`, its derivatives by time `dt` (where time stands in the equations) and the factors of `shift I - J`. Gives the least
    /// pivot over `shift`.
    fn prepare<N: Arithmetic>(t: N, y: &[N], p: &[N], shift: N, dy: &mut [N], dt: &mut [N], factors: &mut [N]) -> N;
    /// Solves for `x` in place.
    fn solve<N: Arithmetic>(factors: &[N], x: &mut [N]);
}

/// Where one evaluation stands: time, states and slots.
#[derive(Clone, Copy)]
pub(crate) struct Point<'a, L> {
    /// Time.
    pub t: L,
    /// States.
    pub y: &'a [L],
    /// Slots.
    pub p: &'a [L],
}

/// [`Equations`] for one width behind a pointer, so that the engine is compiled once a width and not once a model.
pub(crate) trait Kernel<L>: Send + Sync {
    /// See [`Equations::rhs`]; `scratch` holds at least [`Kernel::scratch`] numbers.
    fn rhs(&self, at: Point<L>, dy: &mut [L], scratch: &mut [L]);
    /// See [`Equations::prepare`]; `out` holds `dy`, `dt` and `factors`.
    fn prepare(&self, at: Point<L>, shift: L, out: [&mut [L]; 3], scratch: &mut [L]) -> L;
    /// See [`Equations::solve`].
    fn solve(&self, factors: &[L], x: &mut [L], scratch: &mut [L]);
    /// How many numbers of scratch space the calls need.
    fn scratch(&self) -> usize {
        0
    }
}

/// A model that is known only at run time.
pub(crate) struct Interpreted {
    pub(crate) states: usize,
    timed: bool,
    rhs: Tape,
    prepare: Tape,
    solve: Tape,
    results: usize,
}

impl Interpreted {
    pub(crate) fn new(system: &System) -> Self {
        Self {
            states: system.states,
            timed: system.timed,
            rhs: Tape::new(&system.rhs),
            prepare: Tape::new(&system.prepare),
            solve: Tape::new(&system.solve),
            results: system.prepare.results.len(),
        }
    }

    #[inline(always)]
    pub(crate) fn run_rhs<L: Lanes>(&self, at: Point<L>, dy: &mut [L], scratch: &mut [L]) {
        let nothing = L::splat(0.0);
        let inputs = Inputs { time: at.t, shift: nothing, states: at.y, parameters: at.p, factors: &[] };
        self.rhs.run(&inputs, scratch, dy);
    }

    #[inline(always)]
    pub(crate) fn run_prepare<L: Lanes>(&self, at: Point<L>, shift: L, out: [&mut [L]; 3], scratch: &mut [L]) -> L {
        let [dy, dt, factors] = out;
        let inputs = Inputs { time: at.t, shift, states: at.y, parameters: at.p, factors: &[] };
        let (results, registers) = scratch.split_at_mut(self.results);
        self.prepare.run(&inputs, registers, results);
        let (first, rest) = results.split_at(self.states);
        dy.copy_from_slice(first);
        let (second, rest) = rest.split_at(if self.timed { self.states } else { 0 });
        dt[..second.len()].copy_from_slice(second);
        factors.copy_from_slice(&rest[..factors.len()]);
        rest[factors.len()]
    }

    #[inline(always)]
    pub(crate) fn run_solve<L: Lanes>(&self, factors: &[L], x: &mut [L], scratch: &mut [L]) {
        let nothing = L::splat(0.0);
        let (known, registers) = scratch.split_at_mut(self.states);
        known.copy_from_slice(x);
        let inputs = Inputs { time: nothing, shift: nothing, states: known, parameters: &[], factors };
        self.solve.run(&inputs, registers, x);
    }

    pub(crate) fn scratch_needed(&self) -> usize {
        let registers = self.rhs.registers().max(self.prepare.registers()).max(self.solve.registers());
        registers + self.results.max(self.states)
    }
}

impl Kernel<f64> for Interpreted {
    fn rhs(&self, at: Point<f64>, dy: &mut [f64], scratch: &mut [f64]) {
        self.run_rhs(at, dy, scratch);
    }
    fn prepare(&self, at: Point<f64>, shift: f64, out: [&mut [f64]; 3], scratch: &mut [f64]) -> f64 {
        self.run_prepare(at, shift, out, scratch)
    }
    fn solve(&self, factors: &[f64], x: &mut [f64], scratch: &mut [f64]) {
        self.run_solve(factors, x, scratch);
    }
    fn scratch(&self) -> usize {
        self.scratch_needed()
    }
}

/// Equations that the build script has printed.
pub(crate) struct Printed<E>(PhantomData<E>);

impl<E: Equations> Printed<E> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E: Equations> Kernel<f64> for Printed<E> {
    fn rhs(&self, at: Point<f64>, dy: &mut [f64], _: &mut [f64]) {
        E::rhs(at.t, at.y, at.p, dy);
    }
    fn prepare(&self, at: Point<f64>, shift: f64, [dy, dt, factors]: [&mut [f64]; 3], _: &mut [f64]) -> f64 {
        E::prepare(at.t, at.y, at.p, shift, dy, dt, factors)
    }
    fn solve(&self, factors: &[f64], x: &mut [f64], _: &mut [f64]) {
        E::solve(factors, x);
    }
}
