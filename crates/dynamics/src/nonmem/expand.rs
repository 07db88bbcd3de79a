//! A subject's records as doses and changes for the engine and, where their order at one instant matters, as acts done one by one.

use super::record::{Given, Kind, Record};
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
    /// Every state to the steady state of this dose, given `interval` apart; then the dose.
    Steady(Dose, f64),
    /// Note what the observation of this number sees.
    Look(usize),
}

/// Doses and changes go to the patient; instants that need the order of their records are returned. `changes` holds, for each record, the
/// covariates that change before it.
pub(super) fn expand(
    records: &[Record],
    changes: &[Vec<Change>],
    patient: &mut Patient,
    observations: &mut [Observation],
) -> Result<Vec<(f64, Vec<Act>)>, Fault> {
    let end = records.last().map_or(0.0, |record| record.time);
    let mut line: Vec<(f64, Act)> = Vec::new();
    let mut seen = 0;
    // Until when additional doses are to come, and the row that asks for them.
    let mut pending = (f64::NEG_INFINITY, 0);
    for (record, changes) in records.iter().zip(changes) {
        line.extend(changes.iter().map(|change| (change.time, Act::Set(*change))));
        let empties = matches!(record.kind, Kind::Reset(_)) || matches!(&record.kind, Kind::Dose(given) if given.steady);
        if empties && pending.0 >= record.time {
            let message = format!(
                "additional doses of row {} are still to come here; programs differ in whether they are then given, so give them rows of their own",
                pending.1
            );
            return Err(Fault::new(record.row, "EVID", message));
        }
        let given = match &record.kind {
            Kind::Other => None,
            Kind::Observe(..) => {
                line.push((record.time, Act::Look(seen)));
                seen += 1;
                None
            }
            Kind::Reset(given) => {
                line.push((record.time, Act::Reset));
                given.as_ref()
            }
            Kind::Dose(given) => Some(given),
        };
        if let Some(given) = given {
            let last = dose(given, record.time, end, &mut line);
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

/// A dose and those that follow it, as far as the records go; when the last additional one is due, minus infinity where there is none.
fn dose(given: &Given, time: f64, end: f64, line: &mut Vec<(f64, Act)>) -> f64 {
    let at = |time: f64| Dose { state: given.state, time, amount: given.amount, duration: given.duration };
    line.push((time, if given.steady { Act::Steady(at(time), given.interval) } else { Act::Give(at(time)) }));
    let later = (1..=given.added).map(|number| time + number as f64 * given.interval);
    line.extend(later.take_while(|later| *later <= end).map(|later| (later, Act::Give(at(later)))));
    if given.added == 0 { f64::NEG_INFINITY } else { time + given.added as f64 * given.interval }
}

/// A reset ends the infusions that run.
fn end_infusions(line: &mut [(f64, Act)]) {
    let resets: Vec<(usize, f64)> = line
        .iter()
        .enumerate()
        .filter(|(_, (_, act))| matches!(act, Act::Reset | Act::Steady(..)))
        .map(|(at, (time, _))| (at, *time))
        .collect();
    for (at, (start, act)) in line.iter_mut().enumerate() {
        let (Act::Give(dose) | Act::Steady(dose, _)) = act else { continue };
        let Some(&(_, reset)) = resets.iter().find(|(reset, _)| *reset > at) else { continue };
        if dose.duration > 0.0 && reset < *start + dose.duration {
            let kept = reset - *start;
            dose.amount *= kept / dose.duration;
            dose.duration = kept;
        }
    }
}
