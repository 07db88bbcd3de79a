//! Encounter: the stays in which a patient is observed.

use super::context::{Context, end, moment, version};
use super::model::{Coding, Meta, Period, Reference, Text};
use super::store::{About, Fact, Kept};
use barograph_record::{Code, Reason, Signal};
use serde::Deserialize;

/// Classes in which the patient stays and is charted.
///
/// Source: HL7 v3 `ActEncounterCode`, <https://terminology.hl7.org/ValueSet-v3-ActEncounterCode.html>.
const STAYS: &[&str] = &["IMP", "ACUTE", "NONAC", "EMER", "OBSENC"];

/// An Encounter, with the fields read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Encounter<'a> {
    id: Text<'a>,
    meta: Meta<'a>,
    status: Text<'a>,
    class: Coding<'a>,
    subject: Reference<'a>,
    period: Period<'a>,
}

/// Reads one Encounter into its start and end.
pub(super) fn read(e: &Encounter<'_>, cx: &mut Context<'_>) {
    let Some(opened) = cx.open("Encounter", &e.id, version(&e.meta, None, &e.status), &e.subject) else { return };
    match &*e.status {
        "entered-in-error" => return cx.note("status", Reason::EnteredInError, "Encounter"),
        "planned" | "cancelled" => return cx.note("status", Reason::NotDone, &format!("Encounter {}", &*e.status)),
        _ => {}
    }
    if !STAYS.contains(&&*e.class.code) {
        return cx.note("class", Reason::NotASignal, &format!("Encounter {}", &*e.class.code));
    }
    let Some(start_ms) = moment(&e.period.start) else {
        return cx.note("period.start", Reason::Time, &format!("Encounter at {:?}", &*e.period.start));
    };
    let fact = |at_ms, code| Fact::new(About::Signal(Signal::Encounter), at_ms, Kept::Code(code));
    cx.add(opened, fact(start_ms, Code::Start));
    match end(&e.period, start_ms) {
        Ok(Some(end_ms)) => cx.add(opened, fact(end_ms, Code::End)),
        Ok(None) => {}
        Err(()) => cx.note("period.end", Reason::FieldIgnored, &e.period.end),
    }
}
