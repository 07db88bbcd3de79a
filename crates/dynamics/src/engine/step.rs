//! One attempt of a step for every lane, its error, and what the next step should be.

use std::f64::consts::LN_2;

use super::kernel::{Kernel, Point};
use super::lanes::Lanes;
use super::rodas5p::{GAMMA, STAGES};
use super::tsit5;
use super::workspace::{Method, Plan, Workspace};

const SAFETY: f64 = 0.85;
const SLOWEST: f64 = 0.2;
const FASTEST: f64 = 20.0;
/// A stop within this many steps is reached in two halves.
const NEAR: f64 = 1.9;
/// A pivot below this share of the diagonal is answered with a smaller step.
const LEAST_PIVOT: f64 = 1e-6;

/// What came of an attempt: the step tried, 1 where it lands on the stop, and the mean square of its error over the tolerance. The solution is
/// in `u`.
pub(super) struct Attempt<L> {
    pub(super) h: L,
    pub(super) landing: L,
    pub(super) error: L,
}

/// One attempt of a step for every lane.
#[inline(always)]
pub(super) fn step<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, plan: &Plan) -> Attempt<L> {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let left = w.stop - w.t;
    let landing = L::select_at_most(left, w.h * L::splat(1.000_001), one, zero);
    // A stop just out of reach is reached in two halves, not in a whole step and a rest that wastes an attempt.
    let short = L::select_less(left, w.h * L::splat(NEAR), left * L::splat(0.5), w.h);
    let h = L::select_less(zero, landing, left, short);
    match plan.method {
        Method::Rodas5P => {
            let pivot = rosenbrock(kernel, w, h);
            let error = mean_square(w, plan);
            Attempt { h, landing, error: L::select_less(pivot, L::splat(LEAST_PIVOT), L::splat(f64::INFINITY), error) }
        }
        Method::Tsit5 => {
            explicit(kernel, w, h);
            Attempt { h, landing, error: mean_square(w, plan) }
        }
    }
}

/// The stages of `Rodas5P` into `k`, the argument of the last one into `u`; gives the least pivot.
#[inline(always)]
fn rosenbrock<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, h: L) -> L {
    if w.infused != 0 {
        for i in 0..w.rate.len() {
            w.by_infusion[i] = h * w.rate[i];
        }
    }
    let inverse = h.recip();
    kernel.attempt(w, [h, inverse, inverse * L::splat(1.0 / GAMMA)])
}

/// The stages of Tsit5 into `k`, with the error estimate as the last; the solution less that estimate into `u`, as [`mean_square`] adds it.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "see the head of the engine")]
fn explicit<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, h: L) {
    let n = w.y.len();
    for stage in 0..tsit5::STAGES {
        let (u, y, k) = (&mut w.u[..n], &w.y[..n], &w.k[..n]);
        if stage > 0 {
            let weights = &tsit5::A[stage - 1];
            for i in 0..n {
                let mut sum = L::splat(weights[0]) * k[i][0];
                for j in 1..stage {
                    sum = k[i][j].mul_add(L::splat(weights[j]), sum);
                }
                u[i] = h.mul_add(sum, y[i]);
            }
        } else {
            u.copy_from_slice(y);
        }
        let at = Point { t: h.mul_add(L::splat(tsit5::TIMES[stage]), w.t), y: &w.u, p: &w.p };
        kernel.rhs(at, &mut w.dy, &mut w.scratch);
        let (dy, rate, k) = (&w.dy[..n], &w.rate[..n], &mut w.k[..n]);
        for i in 0..n {
            k[i][stage] = dy[i] + rate[i];
        }
    }
    let (u, k) = (&mut w.u[..n], &mut w.k[..n]);
    for i in 0..n {
        let k = &mut k[i];
        let mut error = L::splat(tsit5::ERROR[0]) * k[0];
        for j in 1..tsit5::STAGES {
            error = L::splat(tsit5::ERROR[j]).mul_add(k[j], error);
        }
        k[STAGES - 1] = h * error;
        u[i] = u[i] - k[STAGES - 1];
    }
}

/// The solution into `u`; the mean square over states of the error over its tolerance.
#[inline(always)]
fn mean_square<L: Lanes>(w: &mut Workspace<L>, plan: &Plan) -> L {
    let rtol = L::splat(plan.rtol);
    let n = plan.states;
    let (u, y, k) = (&mut w.u[..n], &w.y[..n], &w.k[..n]);
    let (atol, positive) = (&plan.atol[..n], &plan.positive[..n]);
    let mut sums = [L::splat(0.0); 2];
    for i in 0..n {
        let error = k[i][STAGES - 1];
        u[i] = u[i] + error;
        let below = u[i] * L::splat(-positive[i]);
        let scale = rtol.mul_add(y[i].abs().max(u[i].abs()), L::splat(atol[i]));
        let quotient = error.abs().max(below) * rough_reciprocal(scale);
        sums = [quotient.mul_add(quotient, sums[1]), sums[0]];
    }
    (sums[0] + sums[1]) * L::splat(1.0 / plan.states as f64)
}

/// 1/x within 0.3 %, for weights: the exponent is turned by subtraction and the rest mended by one step of Newton's method. A division would
/// take three times as long.
#[inline(always)]
fn rough_reciprocal<L: Lanes>(x: L) -> L {
    let guess = x.bits_from(0x7FDE_6238_5028_3000);
    guess * guess.neg_mul_add(x, L::splat(2.0))
}

/// By how much the step should change after a mean square of errors: about `SAFETY error^(-1/10)`. A rough logarithm (within 0.9 %) is good enough, the same
/// bits everywhere, and costs a tenth of an exact one.
#[inline(always)]
pub(super) fn growth<L: Lanes>(error: L) -> L {
    let one = L::splat(1.0);
    let bounded = error.max(L::splat(1e-20)).min(L::splat(1e20));
    let exponent = bounded.bits_from_exponent().bits_or(0x4330_0000_0000_0000) - L::splat(4_503_599_627_370_496.0 + 1023.0);
    let fraction = bounded.bits_and(0x000F_FFFF_FFFF_FFFF).bits_or(0x3FF0_0000_0000_0000) - one;
    let log2 = exponent + fraction * fraction.neg_mul_add(L::splat(0.344), L::splat(1.344));
    let rounder = L::splat(6_755_399_441_055_744.0);
    let power = log2 * L::splat(-0.1);
    let rounded = power + rounder;
    let rest = power - (rounded - rounder);
    let root = (rest * rest.mul_add(L::splat(0.2402), L::splat(LN_2)) + one).bits_sum(rounded.bits_to_exponent());
    let factor = (root * L::splat(SAFETY)).min(L::splat(FASTEST)).max(L::splat(SLOWEST));
    L::select_less(error, L::splat(f64::INFINITY), factor, L::splat(SLOWEST))
}

/// Steps to begin with, for the lanes in `fresh`: a multiple of the time in which the states would change by their own size, no longer than the
/// step before and the one that suited after the last event.
#[inline(always)]
pub(super) fn begin<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, plan: &Plan, fresh: u32) {
    kernel.rhs(Point { t: w.t, y: &w.y, p: &w.p }, &mut w.dy, &mut w.scratch);
    let mut fastest = L::splat(1e-12);
    for i in 0..plan.states {
        let dy = w.dy[i] + w.rate[i];
        let size = w.y[i].abs() + L::splat(plan.atol[i] / plan.rtol);
        fastest = fastest.max(dy.abs() * rough_reciprocal(size));
    }
    let h = fastest.recip();
    for lane in 0..L::WIDTH {
        if fresh >> lane & 1 == 1 {
            let span = plan.end - plan.start;
            let guess = (h.lane(lane) * plan.first_step).min(w.h.lane(lane)).min(w.opening_step.lane(lane));
            w.h.set_lane(lane, guess.max(1e-9 * span).min(span));
        }
    }
}
