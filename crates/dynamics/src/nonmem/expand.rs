//! A subject's records as doses for the engine and, where their order at one instant matters, as acts done one by one.

use super::record::{Given, Kind, Record};
use super::subject::Observation;
use crate::engine::{Dose, Patient};

/// Something done at an instant, in the order of the records.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    Give(Dose),
    Reset,
    /// Every state to the steady state of this dose, given `interval` apart; then the dose.
    Steady(Dose, f64),
    /// Note what the observation of this number sees.
    Look(usize),
}

/// Doses go to the patient; instants that need the order of their records are returned.
pub(super) fn expand(records: &[Record], patient: &mut Patient, observations: &mut [Observation]) -> Vec<(f64, Vec<Act>)> {
    let end = records.last().map_or(0.0, |record| record.time);
    let mut line: Vec<(f64, Act)> = Vec::new();
    let mut seen = 0;
    for record in records {
        match &record.kind {
            Kind::Other => {}
            Kind::Observe(..) => {
                line.push((record.time, Act::Look(seen)));
                seen += 1;
            }
            Kind::Reset(given) => {
                line.push((record.time, Act::Reset));
                if let Some(given) = given {
                    dose(given, record.time, end, &mut line);
                }
            }
            Kind::Dose(given) => dose(given, record.time, end, &mut line),
        }
    }
    line.sort_by(|a, b| a.0.total_cmp(&b.0));
    end_infusions(&mut line);
    let mut ordered = Vec::new();
    for instant in line.chunk_by(|a, b| a.0 == b.0) {
        let in_order = instant.iter().any(|(_, act)| matches!(act, Act::Reset | Act::Steady(..)))
            || instant.windows(2).any(|pair| matches!(pair, [(_, Act::Give(_)), (_, Act::Look(_))]));
        let mut given = false;
        for (_, act) in instant {
            match act {
                Act::Look(at) => observations[*at].after = in_order && given,
                Act::Give(dose) => {
                    given = true;
                    if !in_order {
                        patient.doses.push(*dose);
                    }
                }
                Act::Reset | Act::Steady(..) => given = true,
            }
        }
        if in_order {
            ordered.push((instant[0].0, instant.iter().map(|(_, act)| act.clone()).collect()));
        }
    }
    ordered
}

/// A dose and those that follow it, as far as the records go.
fn dose(given: &Given, time: f64, end: f64, line: &mut Vec<(f64, Act)>) {
    let at = |time: f64| Dose { state: given.state, time, amount: given.amount, duration: given.duration };
    line.push((time, if given.steady { Act::Steady(at(time), given.interval) } else { Act::Give(at(time)) }));
    let later = (1..=given.added).map(|number| time + number as f64 * given.interval);
    line.extend(later.take_while(|later| *later <= end).map(|later| (later, Act::Give(at(later)))));
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
