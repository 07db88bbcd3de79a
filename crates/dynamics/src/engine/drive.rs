//! The loop: one patient a lane, each with its own time and step; a lane that finishes takes the next patient at once.
//!
//! All arithmetic on states is elementwise, so a patient's numbers do not depend on its neighbours: results are the same bits for
//! any width, batch or thread. Steps land exactly on each patient's own events.
//!
//! **Negative values.** States are never clamped. Where a state cannot be negative (it is not declared `signed`), the amount by which a step
//! falls below zero is a lower bound of that step's error and is counted as such: the step is refused where it exceeds the
//! tolerance (after Shampine, Thompson, Kierzenka & Byrne 2005, Appl Math Comput 170:556). Excursions within the tolerance stay in
//! the states, and are reported as zero.

use super::kernel::{Kernel, Point};
use super::lanes::Lanes;
use super::patient::{Act, Agenda, Patient};
use super::rodas5p::{A, BY_TIME, C, DENSE, GAMMA, STAGES, TIMES};
use super::ward::{Finished, Moment, Programs, Reason, Ward};

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
    pub(crate) rtol: f64,
    pub(crate) atol: &'a [f64],
    /// 1 where a state cannot be negative, else 0.
    pub(crate) positive: &'a [f64],
    pub(crate) most_steps: u32,
}

const SAFETY: f64 = 0.9;
const SLOWEST: f64 = 0.2;
const FASTEST: f64 = 6.0;
/// A pivot below this share of the diagonal is answered with a smaller step.
const LEAST_PIVOT: f64 = 1e-6;

/// A patient's side of a lane: what is touched once per patient, event or row.
#[derive(Default)]
struct Bed {
    taken: bool,
    patient: Patient,
    agenda: Agenda,
    infusions: Vec<(f64, usize, f64)>,
    parameters: Vec<f64>,
    slots: Vec<f64>,
    states: Vec<f64>,
    rows: Vec<f64>,
    next_row: usize,
    steps: (u32, u32),
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
    dense: Vec<[L; 5]>,
    p: Vec<L>,
    dy: Vec<L>,
    dt: Vec<L>,
    rate: Vec<L>,
    factors: Vec<L>,
    scratch: Vec<L>,
    infused: u32,
}

#[inline(always)]
pub(crate) fn drive_lanes<L: Lanes>(kernel: &dyn Kernel<L>, plan: &Plan, ward: &mut dyn Ward) {
    let n = plan.states;
    let zero = L::splat(0.0);
    let mut w = Workspace {
        t: L::splat(plan.start),
        h: L::splat(1e-6),
        stop: L::splat(f64::INFINITY),
        next_row: L::splat(f64::INFINITY),
        y: vec![zero; n],
        u: vec![zero; n],
        x: vec![zero; n],
        k: vec![[zero; STAGES]; n],
        dense: vec![[zero; 5]; plan.keep.len()],
        p: vec![zero; plan.slots],
        dy: vec![zero; n],
        dt: vec![zero; n],
        rate: vec![L::splat(-0.0); n],
        factors: vec![zero; plan.factors],
        scratch: vec![zero; kernel.scratch()],
        infused: 0,
    };
    let mut beds: Vec<Bed> = (0..L::WIDTH).map(|_| Bed::default()).collect();
    let mut fresh = 0;
    for lane in 0..L::WIDTH {
        fresh |= fill(lane, &mut beds[lane], &mut w, plan, ward);
    }
    while beds.iter().any(|bed| bed.taken) {
        if fresh != 0 {
            begin(kernel, &mut w, plan, fresh);
            fresh = 0;
        }
        let (h, landing, y_end, error) = step(kernel, &mut w, plan);
        let one = L::splat(1.0);
        let factor = (error.max(L::splat(1e-10)).ln() * L::splat(-0.2)).exp() * L::splat(SAFETY);
        let factor = factor.min(L::splat(FASTEST)).max(L::splat(SLOWEST));
        let factor = L::select_less(error, L::splat(f64::INFINITY), factor, L::splat(SLOWEST));
        let accepted = error.less(one);
        let t_end = L::select_less(landing, one, w.t + h, w.stop);
        for lane in 0..L::WIDTH {
            let bed = &mut beds[lane];
            bed.steps.1 += 1;
            bed.steps.0 += accepted >> lane & 1;
        }
        if accepted & !t_end.less(w.next_row) != 0 {
            interpolate(&mut w, plan);
            for lane in 0..L::WIDTH {
                if accepted >> lane & 1 == 1 {
                    rows(lane, &mut beds[lane], &mut w, plan, t_end.lane(lane), h.lane(lane));
                }
            }
        }
        let _ = y_end;
        for (y, u) in w.y.iter_mut().zip(&w.u) {
            *y = L::select_less(error, one, *u, *y);
        }
        // A step cut short by a stop says little about the next one.
        let grown = L::select_less(landing, one, h * factor, (h * factor).max(w.h));
        w.h = L::select_less(error, one, grown, h * factor.min(one));
        w.t = L::select_less(error, one, t_end, w.t);
        let arrived = accepted & !w.t.less(w.stop);
        let least = w.t.abs().max(L::splat(1e-6)) * L::splat(1e-14);
        let stuck = w.h.less(least);
        for lane in 0..L::WIDTH {
            let bed = &mut beds[lane];
            if !bed.taken {
                continue;
            }
            let failure = if bed.steps.1 >= plan.most_steps {
                Some(Reason::TooManySteps(plan.most_steps))
            } else if stuck >> lane & 1 == 1 {
                Some(Reason::StepTooSmall)
            } else {
                None
            };
            if arrived >> lane & 1 == 1 || failure.is_some() {
                fresh |= arrive(lane, bed, &mut w, plan, ward, failure);
            }
        }
    }
}

/// One attempt of a step for every lane: the step tried, 1 where it lands on the stop, the solution in `w.u`, its error over tolerance.
#[inline(always)]
fn step<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, plan: &Plan) -> (L, L, (), L) {
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let left = w.stop - w.t;
    let landing = L::select_at_most(left, w.h * L::splat(1.000_001), one, zero);
    let h = L::select_less(zero, landing, left, w.h);
    let inverse = h.recip();
    let shift = inverse * L::splat(1.0 / GAMMA);
    let start = Point { t: w.t, y: &w.y, p: &w.p };
    let pivot = kernel.prepare(start, shift, [&mut w.dy, &mut w.dt, &mut w.factors], &mut w.scratch);
    for stage in 0..STAGES {
        if stage > 0 {
            arguments(stage, w);
            let at = Point { t: h.mul_add(L::splat(TIMES[stage]), w.t), y: &w.u, p: &w.p };
            kernel.rhs(at, &mut w.dy, &mut w.scratch);
        }
        if w.infused != 0 {
            for (dy, &rate) in w.dy.iter_mut().zip(&w.rate) {
                *dy = *dy + rate;
            }
        }
        for (x, &dy) in w.x.iter_mut().zip(&w.dy) {
            *x = if stage == 0 { dy } else { x.mul_add(inverse, dy) };
        }
        if plan.timed && BY_TIME[stage] != 0.0 {
            let weight = h * L::splat(BY_TIME[stage]);
            for (x, &dt) in w.x.iter_mut().zip(&w.dt) {
                *x = weight.mul_add(dt, *x);
            }
        }
        kernel.solve(&w.factors, &mut w.x, &mut w.scratch);
        for (k, &x) in w.k.iter_mut().zip(&w.x) {
            k[stage] = x;
        }
    }
    let (mut worst, mut worst_scale) = (zero, one);
    let rtol = L::splat(plan.rtol);
    for i in 0..plan.states {
        let error = w.k[i][STAGES - 1];
        w.u[i] = w.u[i] + error;
        let below = w.u[i] * L::splat(-plan.positive[i]);
        let error = error.abs().max(below);
        let scale = rtol.mul_add(w.y[i].abs().max(w.u[i].abs()), L::splat(plan.atol[i]));
        // The larger of two quotients without dividing; NaN wins.
        let (a, b) = (worst * scale, error * worst_scale);
        worst = L::select_at_most(b, a, worst, error);
        worst_scale = L::select_at_most(b, a, worst_scale, scale);
    }
    let error = worst * worst_scale.recip();
    let error = L::select_less(pivot, L::splat(LEAST_PIVOT), L::splat(f64::INFINITY), error);
    (h, landing, (), error)
}

/// The argument of a stage into `w.u`, and the sum of couplings into `w.x`.
#[inline(always)]
fn arguments<L: Lanes>(stage: usize, w: &mut Workspace<L>) {
    let c = &C[stage - 1][..stage];
    for i in 0..w.y.len() {
        let k = &w.k[i];
        if stage <= 5 {
            let mut u = w.y[i];
            for (a, k) in A[stage - 1][..stage].iter().zip(k) {
                u = k.mul_add(L::splat(*a), u);
            }
            w.u[i] = u;
        } else {
            w.u[i] = w.u[i] + k[stage - 1];
        }
        let mut x = L::splat(0.0);
        for (c, k) in c.iter().zip(k) {
            x = k.mul_add(L::splat(*c), x);
        }
        w.x[i] = x;
    }
}

/// The interpolant of the kept states over the step just made.
#[inline(always)]
fn interpolate<L: Lanes>(w: &mut Workspace<L>, plan: &Plan) {
    for (dense, &i) in w.dense.iter_mut().zip(plan.keep) {
        dense[0] = w.y[i];
        dense[1] = w.u[i];
        for (b, weights) in dense[2..].iter_mut().zip(&DENSE) {
            let mut sum = L::splat(0.0);
            for (weight, k) in weights.iter().zip(&w.k[i]) {
                sum = k.mul_add(L::splat(*weight), sum);
            }
            *b = sum;
        }
    }
}

/// The rows of one lane that fall into the step that ends at `t_end`.
#[inline(always)]
fn rows<L: Lanes>(lane: usize, bed: &mut Bed, w: &mut Workspace<L>, plan: &Plan, t_end: f64, h: f64) {
    let t = w.t.lane(lane);
    while let Some(&time) = plan.times.get(bed.next_row) {
        if time > t_end {
            break;
        }
        let theta = if time >= t_end { 1.0 } else { (time - t) / h };
        let rest = 1.0 - theta;
        for (dense, &i) in w.dense.iter().zip(plan.keep) {
            let [y0, y1, b0, b1, b2] = dense.map(|value| value.lane(lane));
            let inner = theta.mul_add(theta.mul_add(b2, b1), b0);
            let value = rest.mul_add(y0, theta * rest.mul_add(inner, y1));
            bed.rows.push(reported(value, plan, i));
        }
        bed.next_row += 1;
    }
    w.next_row.set_lane(lane, plan.times.get(bed.next_row).copied().unwrap_or(f64::INFINITY));
}

/// A value within its tolerance below zero is reported as zero.
fn reported(value: f64, plan: &Plan, state: usize) -> f64 {
    if value < 0.0 && plan.positive[state] > 0.0 { 0.0 } else { value }
}

/// Steps to begin with, for the lanes in `fresh`: a hundredth of the time in which the states would change by their own size.
#[inline(always)]
fn begin<L: Lanes>(kernel: &dyn Kernel<L>, w: &mut Workspace<L>, plan: &Plan, fresh: u32) {
    kernel.rhs(Point { t: w.t, y: &w.y, p: &w.p }, &mut w.dy, &mut w.scratch);
    let mut fastest = L::splat(1e-12);
    for i in 0..plan.states {
        let dy = w.dy[i] + w.rate[i];
        let size = w.y[i].abs() + L::splat(plan.atol[i] / plan.rtol);
        fastest = fastest.max(dy.abs() * size.recip());
    }
    let h = L::splat(0.01) * fastest.recip();
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
        bed.taken = ward.admit(lane, &mut bed.patient);
        if !bed.taken {
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
        bed.rows.clear();
        bed.next_row = 0;
        bed.steps = (0, 0);
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
            bed.rows.extend(plan.keep.iter().map(|&i| bed.states[i]));
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
        discharge(lane, bed, ward, Some((now, reason)));
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
        discharge(lane, bed, ward, failure);
        return false;
    }
    for (y, &state) in w.y.iter_mut().zip(&bed.states) {
        y.set_lane(lane, state);
    }
    for (p, &slot) in w.p.iter_mut().zip(&bed.slots) {
        p.set_lane(lane, slot);
    }
    // -0 is what adding changes nothing, not even the sign of a zero.
    for (state, rate) in w.rate.iter_mut().enumerate() {
        let total = bed.infusions.iter().filter(|infusion| infusion.1 == state).fold(-0.0, |sum, infusion| sum + infusion.2);
        rate.set_lane(lane, total);
    }
    w.infused = w.infused & !(1 << lane) | u32::from(!bed.infusions.is_empty()) << lane;
    w.stop.set_lane(lane, bed.agenda.next_time().min(plan.end));
    true
}

fn discharge(lane: usize, bed: &mut Bed, ward: &mut dyn Ward, failure: Option<(f64, Reason)>) {
    bed.taken = false;
    let Bed { patient, rows, steps, states, .. } = bed;
    ward.discharge(lane, &Finished { patient, rows, steps: *steps, failure, last: states });
}
