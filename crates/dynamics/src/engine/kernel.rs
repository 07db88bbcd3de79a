//! A model as the engine calls it: printed by the build script, or interpreted.

use std::marker::PhantomData;

use barograph_equations::{Arithmetic, Inputs, System, Tape};

use super::lanes::Lanes;
use super::rodas5p::{A, BY_TIME, C, STAGES, TIMES};
use super::workspace::Workspace;

/// The stages of one state.
pub(crate) type Stages<N> = [N; 8];

/// The equations of one model as straight-line code for any width; the build script writes the implementations.
pub(crate) trait Equations: Send + Sync + 'static {
    /// The slots: what depends on the parameters `p` alone.
    fn fill<N: Arithmetic>(p: &[N], out: &mut [N]);
    /// The states at the start.
    fn initial<N: Arithmetic>(p: &[N], out: &mut [N]);
    /// The derivatives `dy` of the states `y` at time `t`; `p` holds the model's slots.
    fn rhs<N: Arithmetic>(t: N, y: &[N], p: &[N], dy: &mut [N]);
    /// One attempt of a step of `Rodas5P` from `w.t` and `w.y`; gives the least pivot times h gamma. Stage 0 solves for `dy + rate + h d_0 dt`; the
    /// argument of the others is `y + sum a k` up to stage 5, then the one before plus the stage before, and they solve for
    /// `dy + (h rate + h^2 d dt + sum c k)/h`. The stages are left in `w.k`, the argument of the last one in `w.u`.
    fn attempt<N: Arithmetic>(w: &mut Workspace<N>, lengths: Lengths<N>) -> N;
}

/// Where one evaluation stands: time, states and slots.
#[derive(Clone, Copy)]
pub(crate) struct Point<'a, L> {
    /// Time.
    pub(crate) t: L,
    /// States.
    pub(crate) y: &'a [L],
    /// Slots.
    pub(crate) p: &'a [L],
}

/// A step's length, its reciprocal, and 1/(h gamma).
pub(crate) type Lengths<L> = [L; 3];

/// [`Equations`] for one width behind a pointer, so that the engine is compiled once a width and not once a model. `scratch` holds at least
/// [`Kernel::scratch`] numbers.
pub(crate) trait Kernel<L>: Send + Sync {
    /// See [`Equations::fill`].
    fn fill(&self, parameters: &[L], slots: &mut [L], scratch: &mut [L]);
    /// See [`Equations::initial`].
    fn initial(&self, parameters: &[L], states: &mut [L], scratch: &mut [L]);
    /// See [`Equations::rhs`].
    fn rhs(&self, at: Point<L>, dy: &mut [L], scratch: &mut [L]);
    /// See [`Equations::attempt`].
    fn attempt(&self, w: &mut Workspace<L>, lengths: Lengths<L>) -> L;
    /// How many numbers of scratch space the calls need.
    fn scratch(&self) -> usize {
        0
    }
}

/// A model that is known only at run time.
pub(crate) struct Interpreted {
    pub(crate) states: usize,
    timed: bool,
    fill: Tape,
    initial: Tape,
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
            fill: Tape::new(&system.fill),
            initial: Tape::new(&system.initial),
            rhs: Tape::new(&system.rhs),
            prepare: Tape::new(&system.prepare),
            solve: Tape::new(&system.solve),
            results: system.prepare.results.len(),
        }
    }

    #[inline(always)]
    pub(crate) fn run_fill<L: Lanes>(&self, parameters: &[L], slots: &mut [L], scratch: &mut [L]) {
        let nothing = L::splat(0.0);
        let inputs = Inputs { time: nothing, shift: nothing, states: &[], parameters, factors: &[] };
        self.fill.run(&inputs, scratch, slots);
    }

    #[inline(always)]
    pub(crate) fn run_initial<L: Lanes>(&self, parameters: &[L], states: &mut [L], scratch: &mut [L]) {
        let nothing = L::splat(0.0);
        let inputs = Inputs { time: nothing, shift: nothing, states: &[], parameters, factors: &[] };
        self.initial.run(&inputs, scratch, states);
    }

    #[inline(always)]
    pub(crate) fn run_rhs<L: Lanes>(&self, at: Point<L>, dy: &mut [L], scratch: &mut [L]) {
        let nothing = L::splat(0.0);
        let inputs = Inputs { time: at.t, shift: nothing, states: at.y, parameters: at.p, factors: &[] };
        self.rhs.run(&inputs, scratch, dy);
    }

    #[inline(always)]
    pub(crate) fn run_attempt<L: Lanes>(&self, w: &mut Workspace<L>, [h, inverse, shift]: Lengths<L>) -> L {
        let Workspace { t, y, p, rate, by_infusion, dt, factors, u, k, scratch, .. } = w;
        let (t, y, p, rate, factors) = (*t, &y[..], &p[..], &rate[..], &mut factors[..]);
        let inputs = Inputs { time: t, shift, states: y, parameters: p, factors: &[] };
        let (results, registers) = scratch.split_at_mut(self.results);
        self.prepare.run(&inputs, registers, results);
        let (dy, rest) = results.split_at_mut(self.states);
        let (by, rest) = rest.split_at(if self.timed { self.states } else { 0 });
        dt[..by.len()].copy_from_slice(by);
        factors.copy_from_slice(&rest[..factors.len()]);
        let pivot = rest[factors.len()];
        let weight = h * L::splat(BY_TIME[0]);
        for (i, (dy, &rate)) in dy.iter_mut().zip(rate).enumerate() {
            *dy = *dy + rate;
            if self.timed {
                *dy = weight.mul_add(by[i], *dy);
            }
        }
        self.run_solve(factors, dy, (k, 0), registers);
        for stage in 1..STAGES {
            let (known, scratch) = scratch.split_at_mut(self.states);
            let weight = h * h * L::splat(BY_TIME[stage]);
            for (((u, &y), k), i) in u.iter_mut().zip(y).zip(&*k).zip(0..) {
                let mut x = by_infusion[i];
                if self.timed {
                    x = weight.mul_add(dt[i], x);
                }
                for j in 0..stage {
                    x = k[j].mul_add(L::splat(C[stage - 1][j]), x);
                }
                known[i] = x;
                if stage < 6 {
                    *u = y;
                    for j in 0..stage {
                        *u = k[j].mul_add(L::splat(A[stage - 1][j]), *u);
                    }
                } else {
                    *u = *u + k[stage - 1];
                }
            }
            let (dy, scratch) = scratch.split_at_mut(self.states);
            self.run_rhs(Point { t: h.mul_add(L::splat(TIMES[stage]), t), y: u, p }, dy, scratch);
            for (known, &dy) in known.iter_mut().zip(&*dy) {
                *known = known.mul_add(inverse, dy);
            }
            self.run_solve(factors, known, (k, stage), scratch);
        }
        pivot
    }

    #[inline(always)]
    fn run_solve<L: Lanes>(&self, factors: &[L], x: &[L], (k, at): (&mut [Stages<L>], usize), scratch: &mut [L]) {
        let nothing = L::splat(0.0);
        let (solution, registers) = scratch.split_at_mut(self.states);
        let inputs = Inputs { time: nothing, shift: nothing, states: x, parameters: &[], factors };
        self.solve.run(&inputs, registers, solution);
        for (k, &x) in k.iter_mut().zip(&*solution) {
            k[at & 7] = x;
        }
    }

    pub(crate) fn scratch_needed(&self) -> usize {
        let tapes = [&self.fill, &self.initial, &self.rhs, &self.prepare, &self.solve];
        let registers = tapes.into_iter().map(Tape::registers).max().unwrap_or(0);
        registers + self.results + 3 * self.states
    }
}

/// Equations that the build script has printed.
pub(crate) struct Printed<E>(PhantomData<E>);

impl<E: Equations> Printed<E> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl Kernel<f64> for Interpreted {
    fn fill(&self, parameters: &[f64], slots: &mut [f64], scratch: &mut [f64]) {
        self.run_fill(parameters, slots, scratch);
    }
    fn initial(&self, parameters: &[f64], states: &mut [f64], scratch: &mut [f64]) {
        self.run_initial(parameters, states, scratch);
    }
    fn rhs(&self, at: Point<f64>, dy: &mut [f64], scratch: &mut [f64]) {
        self.run_rhs(at, dy, scratch);
    }
    fn attempt(&self, w: &mut Workspace<f64>, lengths: Lengths<f64>) -> f64 {
        self.run_attempt(w, lengths)
    }
    fn scratch(&self) -> usize {
        self.scratch_needed()
    }
}

impl<E: Equations> Kernel<f64> for Printed<E> {
    fn fill(&self, parameters: &[f64], slots: &mut [f64], _: &mut [f64]) {
        E::fill(parameters, slots);
    }
    fn initial(&self, parameters: &[f64], states: &mut [f64], _: &mut [f64]) {
        E::initial(parameters, states);
    }
    fn rhs(&self, at: Point<f64>, dy: &mut [f64], _: &mut [f64]) {
        E::rhs(at.t, at.y, at.p, dy);
    }
    fn attempt(&self, w: &mut Workspace<f64>, lengths: Lengths<f64>) -> f64 {
        E::attempt(w, lengths)
    }
}
