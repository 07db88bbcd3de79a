//! The loop: one patient a lane, each with its own time and step; a lane that finishes takes the next patient at once.
//!
//! All arithmetic on states is elementwise, so a patient's numbers do not depend on its neighbours: results are the same bits for
//! any width, batch or thread. Steps land exactly on each patient's own events.
//!
//! **Negative values.** States are never clamped. Where a state cannot be negative (it is not declared `signed`), the amount by which a step
//! falls below zero is a lower bound of that step's error and is counted as such: the step is refused where it exceeds the
//! tolerance (after Shampine, Thompson, Kierzenka & Byrne 2005, Appl Math Comput 170:556). Excursions within the tolerance stay in
//! the states, and are reported as zero.

use super::beds::{arrive, fill};
use super::kernel::Kernel;
use super::lanes::Lanes;
use super::rows::{interpolate, rows};
use super::step::{Attempt, begin, growth, step};
use super::ward::{Reason, Ward};
use super::workspace::{Bed, Plan, Workspace};

/// Runs the ward's patients, as many side by side as `L` is wide.
#[inline(always)]
pub(crate) fn drive_lanes<L: Lanes>(kernel: &dyn Kernel<L>, plan: &Plan, ward: &mut dyn Ward) {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let mut w = Workspace::new(kernel, plan);
    let mut beds: Vec<Bed> = (0..L::WIDTH).map(|_| Bed::default()).collect();
    let mut fresh = 0;
    for (lane, bed) in beds.iter_mut().enumerate() {
        fresh |= fill(lane, kernel, bed, &mut w, plan, ward);
    }
    while w.occupied != 0 {
        if fresh != 0 {
            begin(kernel, &mut w, plan, fresh);
            fresh = 0;
        }
        let Attempt { h, landing, error } = step(kernel, &mut w, plan);
        let factor = growth(error);
        let accepted = error.less(one);
        let t_end = L::select_less(landing, one, w.t + h, w.stop);
        w.attempted = w.attempted + one;
        w.accepted = w.accepted + L::select_less(error, one, one, zero);
        let with_rows = accepted & w.next_row.at_most(t_end) & w.occupied;
        if with_rows != 0 {
            interpolate(&mut w, plan, h);
            let inverse = h.recip();
            rows(with_rows, &mut w, plan, t_end, inverse);
        }
        let (y, u) = (&mut w.y[..plan.states], &w.u[..plan.states]);
        for i in 0..plan.states {
            y[i] = L::select_less(error, one, u[i], y[i]);
        }
        // A step cut short by a stop says little about the next one.
        let grown = L::select_less(landing, one, h * factor, (h * factor).max(w.h));
        w.h = L::select_less(error, one, grown, h * factor.min(one));
        let mut opening = accepted & w.opening;
        w.opening &= !accepted;
        while opening != 0 {
            let lane = opening.trailing_zeros() as usize;
            opening &= opening - 1;
            w.opening_step.set_lane(lane, h.lane(lane) * factor.lane(lane));
        }
        w.t = L::select_less(error, one, t_end, w.t);
        let arrived = accepted & w.stop.at_most(w.t);
        let least = w.t.abs().max(L::splat(1e-6)) * L::splat(1e-14);
        let stuck = w.h.less(least) | L::splat(f64::from(plan.most_steps)).at_most(w.attempted);
        let mut called = (arrived | stuck) & w.occupied;
        while called != 0 {
            let lane = called.trailing_zeros() as usize;
            called &= called - 1;
            let reason = if arrived >> lane & 1 == 1 {
                None
            } else if w.attempted.lane(lane) >= f64::from(plan.most_steps) {
                Some(Reason::TooManySteps(plan.most_steps))
            } else {
                Some(Reason::StepTooSmall)
            };
            fresh |= arrive(lane, kernel, &mut beds[lane], &mut w, plan, ward, reason);
        }
    }
}
