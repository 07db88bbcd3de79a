//! One dose that is charted in parts: two vials, one after the other.

use crate::doses::{Body, Settings};
use crate::language::Drug;
use crate::library::{self, Dosing};
use barograph_record::{Event, Instant, Signal};

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
///
/// `last` is the hour of the dose before it, with what was given of it so far; `body` is that of the patient at the row, with the age.
pub(crate) fn continues(event: &Event, drug: Drug, last: Option<(Instant, Option<f64>)>, body: &Body, settings: &Settings) -> bool {
    let Some(dosing) = whole(drug) else { return false };
    let last = last.filter(|(at, _)| event.at - *at <= settings.parts_within).and_then(|(_, amount)| amount);
    let Some((given, part)) = last.zip(event.value.number()) else { return false };
    dosing.compute(body, event.at, settings).is_ok_and(|dose| given + part <= dose.amount.high * (1.0 + settings.parts_excess))
}
