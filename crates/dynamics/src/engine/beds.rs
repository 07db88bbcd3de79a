//! What happens to one lane at its stops: a patient comes, events are applied, a policy decides, the patient leaves.

use super::kernel::Kernel;
use super::lanes::Lanes;
use super::patient::Act;
use super::ward::{Finished, Moment, Reason, Ward};
use super::workspace::{Bed, Plan, Workspace};

/// Puts the next patient into a bed; the lane's bit where one came.
pub(super) fn fill<L: Lanes>(
    lane: usize,
    kernel: &dyn Kernel<L>,
    bed: &mut Bed,
    w: &mut Workspace<L>,
    plan: &Plan,
    ward: &mut dyn Ward,
) -> u32 {
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
        let mut finite = take_parameters(lane, kernel, bed, w);
        kernel.initial(&w.parameters, &mut w.dy, &mut w.scratch);
        for i in 0..plan.states {
            bed.states[i] = w.dy[i].lane(lane);
        }
        for &(state, value) in &bed.patient.states {
            if let Some(place) = bed.states.get_mut(state) {
                *place = value;
            }
        }
        w.row_number[lane] = 0;
        w.row_place[lane] = lane * plan.room::<L>();
        w.attempted.set_lane(lane, 0.0);
        w.accepted.set_lane(lane, 0.0);
        finite &= bed.patient.is_finite();
        if !finite {
            discharge(lane, bed, w, plan, ward, Some((plan.start, Reason::NotFinite)));
            continue;
        }
        bed.agenda.clear();
        bed.infusions.clear();
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
        while let Some(&time) = plan.times.get(w.row_number[lane]) {
            if time > plan.start {
                break;
            }
            let row = w.rows.iter_mut().skip(w.row_place[lane]);
            for (place, &state) in row.zip(plan.keep) {
                *place = bed.states[state];
            }
            w.row_number[lane] += 1;
            w.row_place[lane] += plan.keep.len();
        }
        w.next_row.set_lane(lane, plan.times.get(w.row_number[lane]).copied().unwrap_or(f64::INFINITY));
        w.t.set_lane(lane, plan.start);
        w.h.set_lane(lane, plan.end - plan.start);
        w.opening_step.set_lane(lane, f64::INFINITY);
        w.opening &= !(1 << lane);
        if attend(lane, kernel, bed, w, plan, ward, plan.start).is_some() {
            return 1 << lane;
        }
    }
}

/// A lane has reached its stop or failed: events are applied, or the patient leaves and the next one comes.
pub(super) fn arrive<L: Lanes>(
    lane: usize,
    kernel: &dyn Kernel<L>,
    bed: &mut Bed,
    w: &mut Workspace<L>,
    plan: &Plan,
    ward: &mut dyn Ward,
    failure: Option<Reason>,
) -> u32 {
    let now = w.t.lane(lane);
    for (state, y) in bed.states.iter_mut().zip(&w.y) {
        *state = y.lane(lane);
    }
    if let Some(reason) = failure {
        discharge(lane, bed, w, plan, ward, Some((now, reason)));
        return fill(lane, kernel, bed, w, plan, ward);
    }
    let h = w.h.lane(lane);
    if let Some(changed) = attend(lane, kernel, bed, w, plan, ward, now) {
        w.h.set_lane(lane, h);
        let fresh = u32::from(changed) << lane;
        w.opening |= fresh;
        return fresh;
    }
    fill(lane, kernel, bed, w, plan, ward)
}

/// Applies what is due and sets the next stop; gives whether anything changed, nothing when the patient has left.
#[allow(clippy::too_many_arguments, reason = "the lane, what it runs and who asks")]
fn attend<L: Lanes>(
    lane: usize,
    kernel: &dyn Kernel<L>,
    bed: &mut Bed,
    w: &mut Workspace<L>,
    plan: &Plan,
    ward: &mut dyn Ward,
    now: f64,
) -> Option<bool> {
    let (mut stopped, mut changed, mut finite) = (now >= plan.end, false, true);
    while let Some(act) = bed.agenda.due(now) {
        changed |= act != Act::Decide;
        match act {
            Act::StopInfusion => bed.infusions.retain(|&(until, ..)| until > now),
            Act::Set { parameter, value } => {
                if let Some(place) = bed.parameters.get_mut(parameter) {
                    *place = value;
                    finite &= take_parameters(lane, kernel, bed, w);
                }
            }
            Act::Bolus { state, amount } => {
                if let Some(place) = bed.states.get_mut(state) {
                    *place += amount;
                }
            }
            Act::Infuse { state, rate, until } => bed.infusions.push((until, state, rate)),
            Act::Decide => {
                for i in 0..plan.slots {
                    bed.slots[i] = w.p[i].lane(lane);
                }
                let mut moment = Moment {
                    time: now,
                    states: &mut bed.states,
                    parameters: &mut bed.parameters,
                    slots: &mut bed.slots,
                    agenda: &mut bed.agenda,
                    programs: plan.programs,
                    set_parameters: false,
                    set_states: false,
                    stopped: false,
                };
                ward.decide(lane, &mut moment);
                stopped |= moment.stopped;
                changed |= moment.set_parameters || moment.set_states;
                if moment.set_parameters {
                    finite &= take_parameters(lane, kernel, bed, w);
                }
            }
        }
    }
    for state in &bed.states {
        finite &= state.is_finite();
    }
    if stopped || !finite {
        let failure = (!finite).then_some((now, Reason::NotFinite));
        discharge(lane, bed, w, plan, ward, failure);
        return None;
    }
    for i in 0..plan.states {
        w.y[i].set_lane(lane, bed.states[i]);
    }
    if !bed.infusions.is_empty() || w.infused >> lane & 1 == 1 {
        for (state, rate) in w.rate.iter_mut().enumerate() {
            let total = bed.infusions.iter().filter(|infusion| infusion.1 == state).fold(0.0, |sum, infusion| sum + infusion.2);
            rate.set_lane(lane, total);
        }
    }
    let infused = w.infused & !(1 << lane) | u32::from(!bed.infusions.is_empty()) << lane;
    if infused == 0 && w.infused != 0 {
        w.by_infusion.fill(L::splat(0.0));
    }
    w.infused = infused;
    w.stop.set_lane(lane, bed.agenda.next_time().min(plan.end));
    Some(changed)
}

/// A patient's parameters into the lane, and the slots that follow from them; whether these are finite. The other lanes' slots come out as
/// they were.
fn take_parameters<L: Lanes>(lane: usize, kernel: &dyn Kernel<L>, bed: &Bed, w: &mut Workspace<L>) -> bool {
    for (place, &value) in w.parameters.iter_mut().zip(&bed.parameters) {
        place.set_lane(lane, value);
    }
    kernel.fill(&w.parameters, &mut w.p, &mut w.scratch);
    w.p.iter().all(|slot| slot.lane(lane).is_finite())
}

fn discharge<L: Lanes>(lane: usize, bed: &Bed, w: &Workspace<L>, plan: &Plan, ward: &mut dyn Ward, failure: Option<(f64, Reason)>) {
    let Bed { patient, states, .. } = bed;
    let start = lane * plan.room::<L>();
    let rows = w.rows.get(start..w.row_place[lane]).unwrap_or_default();
    let steps = (w.accepted.lane(lane) as u32, w.attempted.lane(lane) as u32);
    ward.discharge(lane, &Finished { patient, rows, steps, failure, last: states });
}
