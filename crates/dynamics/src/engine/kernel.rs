//! A model as the engine calls it: printed by the build script, or interpreted.

use std::marker::PhantomData;

use barograph_equations::{Arithmetic, Inputs, System, Tape};

use super::lanes::Lanes;

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
    /// Begins a step: `out` becomes the derivatives by time (where time stands in the equations) and the factors of `shift I - J`, and stage
    /// 0 solves for `dy + rate + by_time dt`; `scales` holds `shift` and `by_time`. Gives the least pivot over `shift`.
    fn prepare<N: Arithmetic>(t: N, y: &[N], p: &[N], scales: [N; 2], rate: &[N], out: [&mut [N]; 2], k: &mut [Stages<N>]) -> N;
    /// Stage number `at`: its argument is `y + sum a k` up to stage 5, then the last one (in `u`) plus the stage before; it
    /// solves for `dy + (extra + sum c k) inverse`. `read` holds the factors and `extra`, `weights` holds `a` and `c`.
    #[allow(clippy::too_many_arguments, reason = "names for what the printed code reads and writes")]
    fn stage<N: Arithmetic>(
        t: N,
        y: &[N],
        p: &[N],
        read: [&[N]; 2],
        inverse: N,
        at: usize,
        weights: [&[f64; 8]; 2],
        u: &mut [N],
        k: &mut [Stages<N>],
    );
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

/// What the beginning of a step reads and writes beside its point; see [`Equations::prepare`].
pub(crate) struct Opening<'a, L> {
    pub(crate) scales: [L; 2],
    pub(crate) rate: &'a [L],
    pub(crate) out: [&'a mut [L]; 2],
    pub(crate) k: &'a mut [Stages<L>],
}

/// What a stage reads and writes beside its point; see [`Equations::stage`].
pub(crate) struct Coupling<'a, L> {
    pub(crate) read: [&'a [L]; 2],
    pub(crate) inverse: L,
    pub(crate) at: usize,
    pub(crate) weights: [&'a [f64; 8]; 2],
    pub(crate) u: &'a mut [L],
    pub(crate) k: &'a mut [Stages<L>],
}

/// [`Equations`] for one width behind a pointer, so that the engine is compiled once a width and not once a model. `scratch` holds at least
/// [`Kernel::scratch`] numbers.
pub(crate) trait Kernel<L>: Send + Sync {
    /// See [`Equations::fill`].
    fn fill(&self, parameters: &[L], slots: &mut [L], scratch: &mut [L]);
    /// See [`Equations::initial`].
    fn initial(&self, parameters: &[L], states: &mut [L], scratch: &mut [L]);
    /// See [`Equations::rhs`].
    fn rhs(&self, at: Point<L>, dy: &mut [L], scratch: &mut [L]);
    /// See [`Equations::prepare`].
    fn prepare(&self, at: Point<L>, opening: Opening<L>, scratch: &mut [L]) -> L;
    /// See [`Equations::stage`].
    fn stage(&self, at: Point<L>, coupling: Coupling<L>, scratch: &mut [L]);
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
    pub(crate) fn run_prepare<L: Lanes>(&self, at: Point<L>, opening: Opening<L>, scratch: &mut [L]) -> L {
        let Opening { scales: [shift, by_time], rate, out: [dt, factors], k } = opening;
        let inputs = Inputs { time: at.t, shift, states: at.y, parameters: at.p, factors: &[] };
        let (results, registers) = scratch.split_at_mut(self.results);
        self.prepare.run(&inputs, registers, results);
        let (dy, rest) = results.split_at_mut(self.states);
        let (by, rest) = rest.split_at(if self.timed { self.states } else { 0 });
        dt[..by.len()].copy_from_slice(by);
        factors.copy_from_slice(&rest[..factors.len()]);
        let pivot = rest[factors.len()];
        for (i, (dy, &rate)) in dy.iter_mut().zip(rate).enumerate() {
            *dy = *dy + rate;
            if self.timed {
                *dy = by_time.mul_add(by[i], *dy);
            }
        }
        self.run_solve(factors, dy, (k, 0), registers);
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

    #[inline(always)]
    pub(crate) fn run_stage<L: Lanes>(&self, at: Point<L>, coupling: Coupling<L>, scratch: &mut [L]) {
        let Coupling { read: [factors, extra], inverse, at: stage, weights: [a, c], u, k } = coupling;
        let (known, scratch) = scratch.split_at_mut(self.states);
        for (((u, &y), k), i) in u.iter_mut().zip(at.y).zip(&*k).zip(0..) {
            let mut x = extra[i];
            for j in 0..stage {
                x = k[j & 7].mul_add(L::splat(c[j & 7]), x);
            }
            known[i] = x;
            if stage < 6 {
                *u = y;
                for j in 0..stage {
                    *u = k[j & 7].mul_add(L::splat(a[j & 7]), *u);
                }
            } else {
                *u = *u + k[(stage - 1) & 7];
            }
        }
        let (dy, scratch) = scratch.split_at_mut(self.states);
        self.run_rhs(Point { y: u, ..at }, dy, scratch);
        for (known, &dy) in known.iter_mut().zip(&*dy) {
            *known = known.mul_add(inverse, dy);
        }
        self.run_solve(factors, known, (k, stage), scratch);
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
    fn prepare(&self, at: Point<f64>, opening: Opening<f64>, scratch: &mut [f64]) -> f64 {
        self.run_prepare(at, opening, scratch)
    }
    fn stage(&self, at: Point<f64>, coupling: Coupling<f64>, scratch: &mut [f64]) {
        self.run_stage(at, coupling, scratch);
    }
    fn scratch(&self) -> usize {
        self.scratch_needed()
    }
}

impl<E: Equations> Printed<E> {
    #[inline(always)]
    pub(crate) fn run_prepare<L: Lanes>(at: Point<L>, opening: Opening<L>) -> L {
        E::prepare(at.t, at.y, at.p, opening.scales, opening.rate, opening.out, opening.k)
    }

    #[inline(always)]
    pub(crate) fn run_stage<L: Lanes>(at: Point<L>, coupling: Coupling<L>) {
        let Coupling { read, inverse, at: stage, weights, u, k } = coupling;
        E::stage(at.t, at.y, at.p, read, inverse, stage, weights, u, k);
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
    fn prepare(&self, at: Point<f64>, opening: Opening<f64>, _: &mut [f64]) -> f64 {
        Self::run_prepare(at, opening)
    }
    fn stage(&self, at: Point<f64>, coupling: Coupling<f64>, _: &mut [f64]) {
        Self::run_stage(at, coupling);
    }
}
