//! From what was given, and of which drug, to facts: a dose, a rate that runs until its end, or the infusion itself.

use super::{Drug, Given, Standing};
use crate::concepts::Meaning;
use crate::fhir::context::{Context, Opened};
use crate::fhir::store::{About, Channel, Fact, Kept, TextId};
use crate::pushes;
use barograph_record::{Comparator, Kind, Reason, Signal};

/// Makes the facts of what was given, now that the drug is known.
pub(super) fn emit(given: &Given, drug: &Drug, cx: &mut Context<'_>) {
    let opened = Opened { subject: given.subject, source: given.source };
    let Some(target) = &drug.target else {
        return cx.note("medication", Reason::UnmappedConcept, &drug.description);
    };
    match target.meaning {
        Meaning::Irrelevant => cx.note("medication", Reason::NotASignal, &drug.description),
        Meaning::Infusion => {
            let product = cx.store.texts.intern(target.value.as_deref().unwrap_or(""));
            cx.add(opened, Fact { detail: product, ..Fact::new(About::Infusion, given.start_ms, Kept::Unquantified) });
        }
        Meaning::Signal(signal) => {
            let words = format!("{} {}", drug.wordings, cx.store.texts.get(given.route));
            if cx.concepts.is_excluded(signal, &words) {
                return cx.note("medication", Reason::NotASignal, &words);
            }
            match signal.kind() {
                Kind::Rate => infusion(signal, given, opened, cx),
                Kind::Dose => {
                    let (value, unit) = dose(signal, given, cx);
                    cx.add(opened, Fact { unit, ..Fact::new(About::Signal(signal), given.start_ms, value) });
                }
                _ => {
                    let value = cx.store.texts.intern(target.value.as_deref().unwrap_or("yes"));
                    cx.add(opened, Fact::new(About::Signal(signal), given.start_ms, Kept::Text(value)));
                }
            }
        }
    }
}

/// The amount of a dose; a drug whose amount cannot be read was still given.
fn dose(signal: Signal, given: &Given, cx: &mut Context<'_>) -> (Kept, TextId) {
    if let Some((amount, unit)) = given.dose {
        if amount.is_finite() && fits(signal, unit, cx) {
            return (Kept::Number(amount, Comparator::Exact), unit);
        }
        ignore("dosage.dose", signal, amount, unit, cx);
    }
    (Kept::Unquantified, TextId::default())
}

/// The push that it was: a small dose at once, without a rate. What is still in progress runs.
fn push(signal: Signal, given: &Given, cx: &mut Context<'_>) -> Option<Fact> {
    let (dose, unit) = given.dose.filter(|_| given.rate.is_none() && given.standing != Standing::Running)?;
    let minutes = match (given.is_period, given.end_ms) {
        (false, _) => 0.0,
        (true, end_ms) => (end_ms? - given.start_ms) as f64 / 60_000.0,
    };
    let unit = cx.store.texts.get(unit);
    let code = pushes::pushed(signal, dose, unit, minutes)?;
    let detail = format!("{dose} {unit}");
    let detail = cx.store.texts.intern(&detail);
    Some(Fact { detail, ..Fact::new(About::Signal(Signal::VasopressorPush), given.start_ms, Kept::Code(code)) })
}

/// A vasoactive: its rate from the start, and zero from the end where one is stated; or a push.
fn infusion(signal: Signal, given: &Given, opened: Opened, cx: &mut Context<'_>) {
    if let Some(push) = push(signal, given, cx) {
        return cx.add(opened, push);
    }
    let channel = match (given.is_period, given.order) {
        // One resource is one infusion; single chartings belong to their order, or else to the drug.
        (true, _) => Channel::Resource,
        (false, order) if order != TextId::default() => Channel::Order(order),
        (false, _) => Channel::Shared,
    };
    let some = |amount: Option<(f64, TextId)>| amount.is_some_and(|(x, _)| x > 0.0 || x.is_nan());
    let charted = some(given.rate) || some(given.dose);
    let (value, unit) = if given.standing == Standing::Halted && !given.is_period && !charted {
        // The charting of the stop itself.
        (Kept::Number(0.0, Comparator::Exact), TextId::default())
    } else {
        rate(signal, given, cx)
    };
    let fact = |at_ms, value, unit| Fact { unit, channel, ..Fact::new(About::Signal(signal), at_ms, value) };
    cx.add(opened, fact(given.start_ms, value, unit));
    if let Some(end_ms) = given.end_ms {
        cx.add(opened, fact(end_ms, Kept::Number(0.0, Comparator::Exact), TextId::default()));
    } else if (given.is_period && given.standing != Standing::Running) || (given.standing == Standing::Halted && charted) {
        cx.note("effective", Reason::FieldIgnored, &format!("{signal} ended, but not said when; kept as running"));
    }
}

/// The rate of an infusion: as stated, else dose over period, else running at an unknown rate.
fn rate(signal: Signal, given: &Given, cx: &mut Context<'_>) -> (Kept, TextId) {
    if let Some((rate, unit)) = given.rate {
        if rate == 0.0 {
            return (Kept::Number(0.0, Comparator::Exact), TextId::default());
        }
        if rate.is_finite() && fits(signal, unit, cx) {
            return (Kept::Number(rate, Comparator::Exact), unit);
        }
        ignore("dosage.rate", signal, rate, unit, cx);
        return (Kept::Unquantified, TextId::default());
    }
    let minutes = given.end_ms.map(|end| (end - given.start_ms) as f64 / 60_000.0).filter(|m| *m > 0.0);
    if let (Some((dose, unit)), Some(minutes)) = (given.dose, minutes) {
        let unit = format!("{}/min", cx.store.texts.get(unit));
        let unit = cx.store.texts.intern(&unit);
        if dose.is_finite() && fits(signal, unit, cx) {
            return (Kept::Number(dose / minutes, Comparator::Exact), unit);
        }
    }
    if let Some((dose, unit)) = given.dose {
        ignore("dosage.dose", signal, dose, unit, cx);
    }
    (Kept::Unquantified, TextId::default())
}

/// Notes an amount that could not be used.
fn ignore(field: &str, signal: Signal, amount: f64, unit: TextId, cx: &mut Context<'_>) {
    let unit = cx.store.texts.get(unit);
    let what = if amount.is_finite() { format!("{signal} {amount} {unit:?}") } else { format!("{signal}: not a number, {unit:?}") };
    cx.note(field, Reason::FieldIgnored, &what);
}

fn fits(signal: Signal, unit: TextId, cx: &mut Context<'_>) -> bool {
    let unit = cx.store.texts.get(unit);
    !unit.trim().is_empty() && cx.store.units.fits(signal, unit)
}
