//! One dose that is charted in parts: two vials, one after the other.

use super::facts::Facts;
use crate::doses::Settings;
use crate::language::{Drug, Which};
use crate::library::{self, Dosing};
use barograph_record::{Event, Signal};

/// The dose that parts of a drug must not exceed together; `None` for drugs whose rows are a dose each.
fn whole(drug: Drug) -> Option<Dosing<'static>> {
    match drug.signal() {
        Signal::Tocilizumab => library::dose("tocilizumab-crs"),
        Signal::Siltuximab => library::dose("siltuximab-11"),
        _ => None,
    }
}

/// Whether a row is a further part of the dose before it, by the policy's minutes and excess.
///
/// What exceeds one dose for this patient, and what cannot be compared with it for want of an amount or a weight, is a second dose:
/// a dose that is repeated too early must not pass for a part.
pub(crate) fn continues(event: &Event, drug: Drug, facts: &Facts, settings: &Settings) -> bool {
    let Some(dosing) = whole(drug) else { return false };
    let last = facts.doses.find(&[drug], Which::Last, None).filter(|g| event.at - g.at <= settings.parts_within);
    let Some((first, part)) = last.and_then(|g| g.amount).zip(event.value.number()) else { return false };
    let mut body = facts.body;
    body.years = facts.patient.years_at(event.at);
    dosing.compute(&body, event.at, settings).is_ok_and(|dose| first + part <= dose.amount.high * (1.0 + settings.parts_excess))
}
