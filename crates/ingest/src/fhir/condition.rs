//! Condition: grades of CRS and ICANS coded as diagnoses.

use super::context::{Context, moment, version};
use super::model::{CodeableConcept, Coding, Meta, Reference, Text};
use super::store::{About, Fact, Kept};
use crate::concepts::Meaning;
use barograph_record::{Reason, Signal};
use serde::Deserialize;

/// A Condition, with the fields read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Condition<'a> {
    id: Text<'a>,
    meta: Meta<'a>,
    verification_status: CodeableConcept<'a>,
    code: CodeableConcept<'a>,
    subject: Reference<'a>,
    onset_date_time: Text<'a>,
    recorded_date: Text<'a>,
}

/// Reads one Condition: a mapped diagnosis is a grade that somebody reported.
pub(super) fn read(c: &Condition<'_>, cx: &mut Context<'_>) {
    let verification = c.verification_status.coding.first().map_or("", |v| &*v.code);
    let Some(opened) = cx.open("Condition", &c.id, version(&c.meta, None, verification), &c.subject) else { return };
    let meaning = |coding: &Coding<'_>| {
        let target = cx.concepts.code(&coding.system, &coding.code)?;
        match target.meaning {
            Meaning::Signal(signal) => Some((signal, target.value.clone())),
            Meaning::Infusion | Meaning::Irrelevant => None,
        }
    };
    let mapped = c.code.coding.iter().find_map(|coding| Some((coding, meaning(coding)?)));
    let Some((coding, (signal, value))) = mapped else {
        return cx.note("code", Reason::NotASignal, &c.code.describe());
    };
    match verification {
        "entered-in-error" => return cx.note("verificationStatus", Reason::EnteredInError, &c.code.describe()),
        "refuted" => return cx.note("verificationStatus", Reason::NotDone, &c.code.describe()),
        _ => {}
    }
    let Some(value) = value else {
        return cx.note("code", Reason::MissingValue, &c.code.describe());
    };
    let recorded_ms = moment(&c.recorded_date);
    let Some(at_ms) = moment(&c.onset_date_time).or(recorded_ms) else {
        return cx.note("onsetDateTime", Reason::Time, &c.code.describe());
    };
    let system = coding.system.rsplit('/').next().unwrap_or("");
    let detail = if signal == Signal::ReportedGrade { format!("{system} {}", &*coding.code) } else { String::new() };
    let (value, detail) = (cx.store.texts.intern(&value), cx.store.texts.intern(&detail));
    let fact = Fact::new(About::Signal(signal), at_ms, Kept::Text(value));
    cx.add(opened, Fact { known_ms: recorded_ms, detail, ..fact });
}
