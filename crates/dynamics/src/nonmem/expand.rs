//! A subject's records as doses and changes for the engine and, where their order at one instant matters, as acts done one by one.

use super::delivery::Delivery;
use super::record::{Kind, Record, Steady};
use super::subject::Observation;
use super::table::Fault;
use crate::engine::{Change, Dose, Patient};

/// Something done at an instant, in the order of the records.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    Give(Dose),
    /// A covariate takes another value.
    Set(Change),
    Reset,
    /// The states to the steady state of this regimen; its dose of this record follows by itself.
    Steady(Regimen),
    /// Note what the observation of this number sees.
    Look(usize),
}

/// A dose that has been given for ever.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Regimen {
    pub(super) dose: Dose,
    pub(super) interval: f64,
    /// How long after the record's time a dose enters its state.
    pub(super) lag: f64,
    /// Whether its steady state comes on top of what is there.
    pub(super) on_top: bool,
}

/// Doses and changes go to the patient; instants that need the order of their records are returned. `changes` holds, for each record, the
/// covariates that change before it and its dose;
/// nothing is given after `end`.
pub(super) fn expand(
    records: &[Record],
    changes: &[(Vec<Change>, Option<Delivery>)],
    end: f64,
    patient: &mut Patient,
    observations: &mut [Observation],
) -> Result<Vec<(f64, Vec<Act>)>, Fault> {
    let mut line: Vec<(f64, Act)> = Vec::new();
    let mut seen = 0;
    // Until when additional doses are to come, and the row that asks for them.
    let mut pending = (f64::NEG_INFINITY, 0);
    for (record, (changes, delivery)) in records.iter().zip(changes) {
        line.extend(changes.iter().map(|change| (change.time, Act::Set(*change))));
        let empties = matches!(record.kind, Kind::Reset(_)) || delivery.as_ref().is_some_and(|delivery| delivery.steady == Steady::Instead);
        if empties && pending.0 >= record.time {
            let message = format!(
                "additional or late doses of row {} are still to come here; programs differ in whether they are then given, so give them rows of their own",
                pending.1
            );
            return Err(Fault::new(record.row, "EVID", message));
        }
        match &record.kind {
            Kind::Observe(..) => {
                line.push((record.time, Act::Look(seen)));
                seen += 1;
            }
            Kind::Reset(_) => line.push((record.time, Act::Reset)),
            Kind::Other | Kind::Dose(_) => {}
        }
        if let Some(delivery) = delivery {
            let last = dose(delivery, record.time, end, &mut line);
            if last > pending.0 {
                pending = (last, record.row);
            }
        }
    }
    line.sort_by(|a, b| a.0.total_cmp(&b.0));
    end_infusions(&mut line);
    Ok(ordered(&line, patient, observations))
}

fn ordered(line: &[(f64, Act)], patient: &mut Patient, observations: &mut [Observation]) -> Vec<(f64, Vec<Act>)> {
    let mut ordered = Vec::new();
    for instant in line.chunk_by(|a, b| a.0 == b.0) {
        let looks_after = instant.windows(2).any(|pair| matches!(pair, [(_, Act::Give(_) | Act::Set(_)), (_, Act::Look(_))]));
        let in_order = looks_after || instant.iter().any(|(_, act)| matches!(act, Act::Reset | Act::Steady(..)));
        let mut done = false;
        for (_, act) in instant {
            match act {
                Act::Look(at) => observations[*at].after = in_order && done,
                Act::Give(_) | Act::Set(_) if in_order => done = true,
                Act::Give(dose) => patient.doses.push(*dose),
                Act::Set(change) => patient.changes.push(*change),
                Act::Reset | Act::Steady(..) => done = true,
            }
        }
        if in_order {
            ordered.push((instant[0].0, instant.iter().map(|(_, act)| act.clone()).collect()));
        }
    }
    ordered
}

/// A dose and those that follow it, as far as `end`; when the last additional or late one is due, minus infinity where there is none.
fn dose(delivery: &Delivery, time: f64, end: f64, line: &mut Vec<(f64, Act)>) -> f64 {
    let Delivery { state, amount, duration, lag, added, interval, steady } = *delivery;
    let at = |time: f64| Dose { state, time, amount, duration };
    if steady != Steady::No {
        line.push((time, Act::Steady(Regimen { dose: at(time), interval, lag, on_top: steady == Steady::OnTop })));
        // An infusion of the time before that has not ended yet.
        let left = duration - (interval - lag);
        if lag > 0.0 && left > 0.0 {
            line.push((time, Act::Give(Dose { state, time, amount: amount * left / duration, duration: left })));
        }
    }
    let all = (0..=added).map(|number| time + lag + number as f64 * interval);
    line.extend(all.take_while(|time| *time <= end).map(|time| (time, Act::Give(at(time)))));
    if added == 0 && lag == 0.0 { f64::NEG_INFINITY } else { time + lag + added as f64 * interval }
}

/// A reset ends the infusions that run.
fn end_infusions(line: &mut [(f64, Act)]) {
    let resets: Vec<(usize, f64)> = line
        .iter()
        .enumerate()
        .filter(|(_, (_, act))| matches!(act, Act::Reset | Act::Steady(Regimen { on_top: false, .. })))
        .map(|(at, (time, _))| (at, *time))
        .collect();
    for (at, (start, act)) in line.iter_mut().enumerate() {
        let Act::Give(dose) = act else { continue };
        let Some(&(_, reset)) = resets.iter().find(|(reset, _)| *reset > at) else { continue };
        if dose.duration > 0.0 && reset < *start + dose.duration {
            let kept = reset - *start;
            dose.amount *= kept / dose.duration;
            dose.duration = kept;
        }
    }
}
