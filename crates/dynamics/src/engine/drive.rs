//! The loop: one patient a lane, each with its own time and step; a lane that finishes takes the next patient at once.
//!
//! All arithmetic on states is elementwise, so a patient's numbers do not depend on its neighbours: results are the same bits for
//! any width, batch or thread. Steps land exactly on each patient's own events.
//!
//! **Negative values.** States are never clamped. Where a state cannot be negative (it is not declared `signed`), the amount by which a step
//! falls below zero is a lower bound of that step's error and is counted as such: the step is refused where it exceeds the
//! tolerance (after Shampine, Thompson, Kierzenka & Byrne 2005, Appl Math Comput 170:556). Excursions within the tolerance stay in
//! the states, and are reported as zero.

use std::f64::consts::LN_2;

use barograph_equations::Arithmetic;

use super::kernel::{Coupling, Kernel, Opening, Point};
use super::lanes::Lanes;
use super::patient::{Act, Agenda, Patient};
use super::rodas5p::{A, BY_TIME, C, DENSE, GAMMA, STAGES, TIMES};
use super::tsit5;
use super::ward::{Finished, Moment, Programs, Reason, Ward};

/// The integration method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// `Rodas5P`: for any model; its cost hardly grows with stiffness.
    #[default]
    Rodas5P,
    /// Tsit5: explicit, for models whose fastest rate times the duration is below about 1000.
    Tsit5,
}

/// What is common to all patients of a run.
pub(crate) struct Plan<'a> {
    pub(crate) states: usize,
    pub(crate) slots: usize,
    pub(crate) factors: usize,
    pub(crate) timed: bool,
    pub(crate) programs: &'a Programs,
    pub(crate) start: f64,
    pub(crate) end: f64,
    /// When rows are wanted, ascending.
    pub(crate) times: &'a [f64],
    /// Which states the rows hold.
    pub(crate) keep: &'a [usize],
    /// The least value that is reported of each of them: 0 where it cannot be negative.
    pub(crate) floor: &'a [f64],
    pub(crate) rtol: f64,
    pub(crate) atol: &'a [f64],
    /// 1 where a state cannot be negative, else 0.
    pub(crate) positive: &'a [f64],
    pub(crate) most_steps: u32,
    pub(crate) method: Method,
}

const SAFETY: f64 = 0.85;
const SLOWEST: f64 = 0.2;
const FASTEST: f64 = 20.0;
/// A pivot below this share of the diagonal is answered with a smaller step.
const LEAST_PIVOT: f64 = 1e-6;

/// A patient's side of a lane: what is touched once per patient, event or row.
#[derive(Default)]
struct Bed {
    patient: Patient,
    agenda: Agenda,
    infusions: Vec<(f64, usize, f64)>,
    parameters: Vec<f64>,
    slots: Vec<f64>,
    states: Vec<f64>,
    rows: Vec<f64>,
    next_row: usize,
}

struct Workspace<L> {
    t: L,
    h: L,
    stop: L,
    next_row: L,
    y: Vec<L>,
    u: Vec<L>,
    x: Vec<L>,
    k: Vec<[L; STAGES]>,
    dense: Vec<[[L; 2]; 5]>,
    p: Vec<L>,
    dy: Vec<L>,
    dt: Vec<L>,
    rate: Vec<L>,
    factors: Vec<L>,
    scratch: Vec<L>,
    attempted: L,
    accepted: L,
    occupied: u32,
    infused: u32,
}

impl<L: Lanes> Workspace<L> {
    fn new(kernel: &dyn Kernel<L>, plan: &Plan) -> Self {
        let zero = L::splat(0.0);
        let n = plan.states;
        Self {
            t: L::splat(plan.start),
            h: L::splat(1e-6),
            stop: L::splat(f64::INFINITY),
            next_row: L::splat(f64::INFINITY),
            y: vec![zero; n],
            u: vec![zero; n],
            x: vec![zero; n],
            k: vec![[zero; STAGES]; n],
            dense: vec![[[zero; 2]; 5]; plan.keep.len().div_ceil(2)],
            p: vec![zero; plan.slots],
            dy: vec![zero; n],
            dt: vec![zero; n],
            rate: vec![zero; n],
            factors: vec![zero; plan.factors],
            scratch: vec![zero; kernel.scratch()],
            attempted: zero,
            accepted: zero,
            occupied: 0,
            infused: 0,
        }
    }
}

#[inline(always)]
pub(crate) fn drive_lanes<L: Lanes>(kernel: &dyn Kernel<L>, plan: &Plan, ward: &mut dyn Ward) {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let mut w = Workspace::new(kernel, plan);
    let mut beds: Vec<Bed> = (0..L::WIDTH).map(|_| Bed::default()).collect();
    let mut fresh = 0;
    for (lane, bed) in beds.iter_mut().enumerate() {
        fresh |= fill(lane, bed, &mut w, plan, ward);
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
            let mut left = with_rows;
            while left != 0 {
                let lane = left.trailing_zeros() as usize;
                left &= left - 1;
                rows(lane, &mut beds[lane], &mut w, plan, t_end.lane(lane), inverse.lane(lane));
            }
        }
        for (y, u) in w.y.iter_mut().zip(&w.u) {
            *y = L::select_less(error, one, *u, *y);
        }
        // A step cut short by a stop says little about the next one.
        let grown = L::select_less(landing, one, h * factor, (h * factor).max(w.h));
        w.h = L::select_less(error, one, grown, h * factor.min(one));
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
            fresh |= arrive(lane, &mut beds[lane], &mut w, plan, ward, reason);
        }
    }
}

/// What came of an attempt: the step tried, 1 where it lands on the stop, and its error over the tolerance. The solution is in `u`.
struct Attempt<L> {
    h: L,
    landing: L,
    error: L,
}

/// One attempt of a step for every lane.
#[inline(always)]
fn step<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, plan: &Plan) -> Attempt<L> {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let left = w.stop - w.t;
    let landing = L::select_at_most(left, w.h * L::splat(1.000_001), one, zero);
    let h = L::select_less(zero, landing, left, w.h);
    match plan.method {
        Method::Rodas5P => {
            let pivot = rosenbrock(kernel, w, plan, h);
            let error = error_norm(w, plan);
            Attempt { h, landing, error: L::select_less(pivot, L::splat(LEAST_PIVOT), L::splat(f64::INFINITY), error) }
        }
        Method::Tsit5 => {
            explicit(kernel, w, h);
            Attempt { h, landing, error: error_norm(w, plan) }
        }
    }
}

/// The stages of `Rodas5P` into `k`, the argument of the last one into `u`; gives the least pivot.
#[inline(always)]
fn rosenbrock<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, plan: &Plan, h: L) -> L {
    let inverse = h.recip();
    let shift = inverse * L::splat(1.0 / GAMMA);
    let at = Point { t: w.t, y: &w.y, p: &w.p };
    let opening = Opening { scales: [shift, h * L::splat(BY_TIME[0])], rate: &w.rate, out: [&mut w.dt, &mut w.factors], k: &mut w.k };
    let pivot = kernel.prepare(at, opening, &mut w.scratch);
    for stage in 1..STAGES {
        if plan.timed || w.infused != 0 {
            extra(w, plan, h, BY_TIME[stage]);
        }
        let at = Point { t: h.mul_add(L::splat(TIMES[stage]), w.t), y: &w.y, p: &w.p };
        let read = [&w.factors[..], &w.x];
        let a: &[f64] = if stage <= A.len() { &A[stage - 1][..stage] } else { &[] };
        let weights = [a, &C[stage - 1][..stage]];
        let coupling = Coupling { read, inverse, weights, u: &mut w.u, k: &mut w.k };
        kernel.stage(at, coupling, &mut w.scratch);
    }
    pivot
}

/// The stages of Tsit5 into `k`, with the error estimate as the last; the solution less that estimate into `u`, as [`error_norm`] adds it.
#[inline(always)]
fn explicit<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, h: L) {
    for stage in 0..tsit5::STAGES {
        let weights: &[f64] = if stage == 0 { &[] } else { &tsit5::A[stage - 1][..stage] };
        for ((u, &y), k) in w.u.iter_mut().zip(&w.y).zip(&w.k) {
            let mut sum = L::splat(0.0);
            for (&a, &k) in weights.iter().zip(k) {
                sum = k.mul_add(L::splat(a), sum);
            }
            *u = h.mul_add(sum, y);
        }
        let at = Point { t: h.mul_add(L::splat(tsit5::TIMES[stage]), w.t), y: &w.u, p: &w.p };
        kernel.rhs(at, &mut w.dy, &mut w.scratch);
        for ((k, &dy), &rate) in w.k.iter_mut().zip(&w.dy).zip(&w.rate) {
            k[stage] = dy + rate;
        }
    }
    for (u, k) in w.u.iter_mut().zip(&mut w.k) {
        let mut error = L::splat(0.0);
        for (&weight, &k) in tsit5::ERROR.iter().zip(&*k) {
            error = k.mul_add(L::splat(weight), error);
        }
        k[STAGES - 1] = h * error;
        *u = *u - k[STAGES - 1];
    }
}

/// What a stage adds for infusions and for time in the equations, times h since the stage divides by it.
#[inline(always)]
fn extra<L: Lanes>(w: &mut Workspace<L>, plan: &Plan, h: L, by_time: f64) {
    let weight = h * h * L::splat(by_time);
    for ((x, &rate), &dt) in w.x.iter_mut().zip(&w.rate).zip(&w.dt) {
        *x = h * rate;
        if plan.timed {
            *x = weight.mul_add(dt, *x);
        }
    }
}

/// The solution into `u`; the root mean square over states of the error over its tolerance.
#[inline(always)]
fn error_norm<L: Lanes>(w: &mut Workspace<L>, plan: &Plan) -> L {
    let rtol = L::splat(plan.rtol);
    let mut sum = L::splat(0.0);
    let tolerances = plan.atol.iter().zip(plan.positive);
    for (((u, y), k), (&atol, &positive)) in w.u.iter_mut().zip(&w.y).zip(&w.k).zip(tolerances) {
        let error = k[STAGES - 1];
        *u = *u + error;
        let below = *u * L::splat(-positive);
        let scale = rtol.mul_add(y.abs().max(u.abs()), L::splat(atol));
        let quotient = error.abs().max(below) * rough_reciprocal(scale);
        sum = quotient.mul_add(quotient, sum);
    }
    (sum * L::splat(1.0 / plan.states as f64)).sqrt()
}

/// 1/x within 0.3 %, for weights: the exponent is turned by subtraction and the rest mended by one step of Newton's method. A division would
/// take three times as long.
#[inline(always)]
fn rough_reciprocal<L: Lanes>(x: L) -> L {
    let guess = x.bits_from(0x7FDE_6238_5028_3000);
    guess * guess.neg_mul_add(x, L::splat(2.0))
}

/// By how much the step should change after an error: about `SAFETY error^(-1/5)`. A rough logarithm (within 0.9 %) is good enough, the same
/// bits everywhere, and costs a tenth of an exact one.
#[inline(always)]
fn growth<L: Lanes>(error: L) -> L {
    let one = L::splat(1.0);
    let bounded = error.max(L::splat(1e-10)).min(L::splat(1e10));
    let exponent = bounded.bits_from_exponent().bits_or(0x4330_0000_0000_0000) - L::splat(4_503_599_627_370_496.0 + 1023.0);
    let fraction = bounded.bits_and(0x000F_FFFF_FFFF_FFFF).bits_or(0x3FF0_0000_0000_0000) - one;
    let log2 = exponent + fraction * fraction.neg_mul_add(L::splat(0.344), L::splat(1.344));
    let rounder = L::splat(6_755_399_441_055_744.0);
    let power = log2 * L::splat(-0.2);
    let rounded = power + rounder;
    let rest = power - (rounded - rounder);
    let root = (rest * rest.mul_add(L::splat(0.2402), L::splat(LN_2)) + one).bits_sum(rounded.bits_to_exponent());
    let factor = (root * L::splat(SAFETY)).min(L::splat(FASTEST)).max(L::splat(SLOWEST));
    L::select_less(error, L::splat(f64::INFINITY), factor, L::splat(SLOWEST))
}

/// The interpolant of the kept states over the step just made, two states at a time; a last odd one is its own neighbour.
#[inline(always)]
fn interpolate<L: Lanes>(w: &mut Workspace<L>, plan: &Plan, h: L) {
    let (table, scale) = match plan.method {
        Method::Rodas5P => (&DENSE, L::splat(1.0)),
        Method::Tsit5 => (&tsit5::DENSE, h),
    };
    for (dense, states) in w.dense.iter_mut().zip(plan.keep.chunks(2)) {
        let (i, j) = (states[0], states[states.len() - 1]);
        dense[0] = L::interleave(w.y[i], w.y[j]);
        dense[1] = L::interleave(w.u[i], w.u[j]);
        let (k_i, k_j) = (&w.k[i], &w.k[j]);
        for (b, weights) in dense[2..].iter_mut().zip(table) {
            let (mut sum_i, mut sum_j) = (L::splat(0.0), L::splat(0.0));
            for stage in 0..STAGES {
                let weight = L::splat(weights[stage]);
                sum_i = k_i[stage].mul_add(weight, sum_i);
                sum_j = k_j[stage].mul_add(weight, sum_j);
            }
            *b = L::interleave(sum_i * scale, sum_j * scale);
        }
    }
}

/// The rows of one lane that fall into the step that ends at `t_end`.
#[inline(always)]
fn rows<L: Lanes>(lane: usize, bed: &mut Bed, w: &mut Workspace<L>, plan: &Plan, t_end: f64, inverse: f64) {
    let t = w.t.lane(lane);
    let width = plan.keep.len();
    let (floors, last_floor) = plan.floor.as_chunks::<2>();
    let mut next = plan.times.get(bed.next_row).copied().unwrap_or(f64::INFINITY);
    while next <= t_end {
        let theta = if next < t_end { (next - t) * inverse } else { 1.0 };
        let (places, last_place) = bed.rows[bed.next_row * width..][..width].as_chunks_mut::<2>();
        for ((dense, floor), place) in w.dense.iter().zip(floors).zip(places) {
            *place = interpolated(dense, lane, theta, *floor);
        }
        if let ([dense], [floor], [place]) = (&w.dense[width / 2..], last_floor, last_place) {
            [*place, _] = interpolated(dense, lane, theta, [*floor; 2]);
        }
        bed.next_row += 1;
        next = plan.times.get(bed.next_row).copied().unwrap_or(f64::INFINITY);
    }
    w.next_row.set_lane(lane, next);
}

/// One lane's values of two states at `theta` of the step.
#[inline(always)]
fn interpolated<L: Lanes>(dense: &[[L; 2]; 5], lane: usize, theta: f64, floor: [f64; 2]) -> [f64; 2] {
    let rest = 1.0 - theta;
    let [y0, y1, b0, b1, b2] = dense;
    let (y0, y1) = (L::pair(y0, lane), L::pair(y1, lane));
    let (b0, b1, b2) = (L::pair(b0, lane), L::pair(b1, lane), L::pair(b2, lane));
    let mut values = [0.0; 2];
    for i in 0..2 {
        let bend = Arithmetic::mul_add(theta, b2[i], b1[i]);
        let bend = Arithmetic::mul_add(theta, bend, b0[i]);
        let end = theta * Arithmetic::mul_add(rest, bend, y1[i]);
        values[i] = Arithmetic::max(Arithmetic::mul_add(rest, y0[i], end), floor[i]);
    }
    values
}

/// Steps to begin with, for the lanes in `fresh`: three tenths of the time in which the states would change by their own size.
#[inline(always)]
fn begin<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, plan: &Plan, fresh: u32) {
    kernel.rhs(Point { t: w.t, y: &w.y, p: &w.p }, &mut w.dy, &mut w.scratch);
    let mut fastest = L::splat(1e-12);
    for i in 0..plan.states {
        let dy = w.dy[i] + w.rate[i];
        let size = w.y[i].abs() + L::splat(plan.atol[i] / plan.rtol);
        fastest = fastest.max(dy.abs() * size.recip());
    }
    let h = L::splat(0.3) * fastest.recip();
    for lane in 0..L::WIDTH {
        if fresh >> lane & 1 == 1 {
            let span = plan.end - plan.start;
            let guess = h.lane(lane).min(w.h.lane(lane)).max(1e-9 * span).min(span);
            w.h.set_lane(lane, guess);
        }
    }
}

/// Puts the next patient into a bed; the lane's bit where one came.
fn fill<L: Lanes>(lane: usize, bed: &mut Bed, w: &mut Workspace<L>, plan: &Plan, ward: &mut dyn Ward) -> u32 {
    loop {
        if !ward.admit(lane, &mut bed.patient) {
            w.occupied &= !(1 << lane);
            w.stop.set_lane(lane, f64::INFINITY);
            w.next_row.set_lane(lane, f64::INFINITY);
            w.t.set_lane(lane, plan.start);
            w.h.set_lane(lane, 1e-6);
            return 0;
        }
        bed.parameters.clone_from(&bed.patient.parameters);
        bed.slots.resize(plan.slots, 0.0);
        bed.states.resize(plan.states, 0.0);
        plan.programs.fill(&bed.parameters, &mut bed.slots);
        plan.programs.initial(&bed.parameters, &mut bed.states);
        for &(state, value) in &bed.patient.states {
            if let Some(place) = bed.states.get_mut(state) {
                *place = value;
            }
        }
        bed.agenda.clear();
        bed.infusions.clear();
        bed.rows.resize(plan.times.len() * plan.keep.len(), f64::NAN);
        bed.next_row = 0;
        w.attempted.set_lane(lane, 0.0);
        w.accepted.set_lane(lane, 0.0);
        w.occupied |= 1 << lane;
        for dose in &bed.patient.doses {
            bed.agenda.dose(dose);
        }
        for change in &bed.patient.changes {
            bed.agenda.add(change.time, Act::Set { parameter: change.parameter, value: change.value });
        }
        for &time in &bed.patient.decisions {
            bed.agenda.add(time, Act::Decide);
        }
        while let Some(&time) = plan.times.get(bed.next_row) {
            if time > plan.start {
                break;
            }
            let row = bed.rows.iter_mut().skip(bed.next_row * plan.keep.len());
            for (place, &state) in row.zip(plan.keep) {
                *place = bed.states[state];
            }
            bed.next_row += 1;
        }
        w.next_row.set_lane(lane, plan.times.get(bed.next_row).copied().unwrap_or(f64::INFINITY));
        w.t.set_lane(lane, plan.start);
        w.h.set_lane(lane, plan.end - plan.start);
        if attend(lane, bed, w, plan, ward, plan.start) {
            return 1 << lane;
        }
    }
}

/// A lane has reached its stop or failed: events are applied, or the patient leaves and the next one comes.
fn arrive<L: Lanes>(lane: usize, bed: &mut Bed, w: &mut Workspace<L>, plan: &Plan, ward: &mut dyn Ward, failure: Option<Reason>) -> u32 {
    let now = w.t.lane(lane);
    for (state, y) in bed.states.iter_mut().zip(&w.y) {
        *state = y.lane(lane);
    }
    if let Some(reason) = failure {
        discharge(lane, bed, w, plan, ward, Some((now, reason)));
        return fill(lane, bed, w, plan, ward);
    }
    let h = w.h.lane(lane);
    let changes = bed.agenda.next_time() <= now;
    if attend(lane, bed, w, plan, ward, now) {
        w.h.set_lane(lane, h);
        return u32::from(changes) << lane;
    }
    fill(lane, bed, w, plan, ward)
}

/// Applies what is due and sets the next stop; `false` when the patient has left.
fn attend<L: Lanes>(lane: usize, bed: &mut Bed, w: &mut Workspace<L>, plan: &Plan, ward: &mut dyn Ward, now: f64) -> bool {
    let mut stopped = now >= plan.end;
    while let Some(act) = bed.agenda.due(now) {
        match act {
            Act::StopInfusion => bed.infusions.retain(|&(until, ..)| until > now),
            Act::Set { parameter, value } => {
                if let Some(place) = bed.parameters.get_mut(parameter) {
                    *place = value;
                    plan.programs.fill(&bed.parameters, &mut bed.slots);
                }
            }
            Act::Bolus { state, amount } => {
                if let Some(place) = bed.states.get_mut(state) {
                    *place += amount;
                }
            }
            Act::Infuse { state, rate, until } => bed.infusions.push((until, state, rate)),
            Act::Decide => {
                let mut moment = Moment {
                    time: now,
                    states: &mut bed.states,
                    parameters: &mut bed.parameters,
                    slots: &mut bed.slots,
                    agenda: &mut bed.agenda,
                    programs: plan.programs,
                    changed: false,
                    stopped: false,
                };
                ward.decide(lane, &mut moment);
                stopped |= moment.stopped;
            }
        }
    }
    let finite = bed.states.iter().chain(&bed.slots).all(|value| value.is_finite());
    if stopped || !finite {
        let failure = (!finite).then_some((now, Reason::NotFinite));
        discharge(lane, bed, w, plan, ward, failure);
        return false;
    }
    for (y, &state) in w.y.iter_mut().zip(&bed.states) {
        y.set_lane(lane, state);
    }
    for (p, &slot) in w.p.iter_mut().zip(&bed.slots) {
        p.set_lane(lane, slot);
    }
    for (state, rate) in w.rate.iter_mut().enumerate() {
        let total = bed.infusions.iter().filter(|infusion| infusion.1 == state).fold(0.0, |sum, infusion| sum + infusion.2);
        rate.set_lane(lane, total);
    }
    w.infused = w.infused & !(1 << lane) | u32::from(!bed.infusions.is_empty()) << lane;
    if w.infused == 0 {
        w.x.fill(L::splat(0.0));
    }
    w.stop.set_lane(lane, bed.agenda.next_time().min(plan.end));
    true
}

fn discharge<L: Lanes>(lane: usize, bed: &Bed, w: &Workspace<L>, plan: &Plan, ward: &mut dyn Ward, failure: Option<(f64, Reason)>) {
    let Bed { patient, rows, states, next_row, .. } = bed;
    let rows = rows.get(..next_row * plan.keep.len()).unwrap_or(rows);
    let steps = (w.accepted.lane(lane) as u32, w.attempted.lane(lane) as u32);
    ward.discharge(lane, &Finished { patient, rows, steps, failure, last: states });
}
