//! Procedure: the CAR-T infusion, respiratory support, dialysis.

use super::context::{Context, end, moment, oxygen_device, version};
use super::model::{CodeableConcept, Meta, Period, Reference, Text};
use super::store::{About, Fact, Kept};
use crate::concepts::{Domain, Meaning, Target};
use barograph_record::{Code, Reason, Signal};
use serde::Deserialize;

/// A Procedure, with the fields read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Procedure<'a> {
    id: Text<'a>,
    meta: Meta<'a>,
    status: Text<'a>,
    code: CodeableConcept<'a>,
    used_code: Vec<CodeableConcept<'a>>,
    subject: Reference<'a>,
    performed_date_time: Text<'a>,
    performed_period: Period<'a>,
}

/// Reads one Procedure.
pub(super) fn read(p: &Procedure<'_>, cx: &mut Context<'_>) {
    let Some(opened) = cx.open("Procedure", &p.id, version(&p.meta, None, &p.status), &p.subject) else { return };
    let begun = match &*p.status {
        "completed" | "in-progress" => true,
        "stopped" | "on-hold" => false,
        "entered-in-error" => return cx.note("status", Reason::EnteredInError, "Procedure"),
        "preparation" | "not-done" => return cx.note("status", Reason::NotDone, &p.code.describe()),
        other => {
            cx.note("status", Reason::FieldIgnored, if other.is_empty() { "no status" } else { other });
            true
        }
    };
    let Some(found) = target(p, cx) else {
        return cx.note("code", Reason::UnmappedConcept, &p.code.describe());
    };
    let (target, unread) = match found {
        Found::Target(target) => (target, None),
        Found::Unread(text) => (Target { meaning: Meaning::Signal(Signal::OxygenDevice), value: None }, Some(text)),
    };
    let text = if p.performed_date_time.is_empty() { &p.performed_period.start } else { &p.performed_date_time };
    let is_timed = !matches!(target.meaning, Meaning::Irrelevant);
    let Some(at_ms) = moment(text).filter(|_| is_timed) else {
        let reason = if is_timed { Reason::Time } else { Reason::NotASignal };
        return cx.note(if is_timed { "performed" } else { "code" }, reason, &p.code.describe());
    };
    match target.meaning {
        // An infusion that was broken off is for a person to judge; --infusions can name it day 0.
        Meaning::Infusion if !begun => cx.note("status", Reason::NotDone, &format!("CAR-T infusion {}", &*p.status)),
        Meaning::Infusion => {
            let product = cx.store.texts.intern(target.value.as_deref().unwrap_or(""));
            cx.add(opened, Fact { detail: product, ..Fact::new(About::Infusion, at_ms, Kept::Unquantified) });
        }
        Meaning::Irrelevant => {}
        Meaning::Signal(signal) => {
            let kept = match &unread {
                Some(text) => Kept::Unread(cx.store.texts.intern(text)),
                None => Kept::Text(cx.store.texts.intern(target.value.as_deref().unwrap_or("yes"))),
            };
            cx.add(opened, Fact::new(About::Signal(signal), at_ms, kept));
            match (end(&p.performed_period, at_ms), signal) {
                (Ok(None), _) => {}
                (Ok(Some(end_ms)), Signal::Dialysis) => {
                    cx.add(opened, Fact::new(About::Signal(signal), end_ms, Kept::Code(Code::No)));
                }
                // The end of one support does not say what the patient breathed afterwards.
                (Ok(Some(_)), _) => cx.note("performedPeriod.end", Reason::FieldIgnored, &format!("end of {}", p.code.describe())),
                (Err(()), _) => cx.note("performedPeriod.end", Reason::FieldIgnored, &p.performed_period.end),
            }
        }
    }
}

/// What a procedure stands for.
enum Found {
    Target(Target),
    /// Oxygen or ventilation, by a text that names several devices or one that is off.
    Unread(String),
}

/// What the procedure stands for. Its code and each device used are read apart, and of the devices that they name the one of most support
/// stands. A single text that names several devices ("nasal cannula, then CPAP"), or one that is off, leaves the device open.
fn target(p: &Procedure<'_>, cx: &Context<'_>) -> Option<Found> {
    let mut used: Option<Code> = None;
    for device in p.used_code.iter().filter_map(|concept| cx.device(concept)) {
        match device {
            Ok(code) => used = used.max(Some(code)),
            Err(text) => return Some(Found::Unread(text)),
        }
    }
    let coded = cx.target(Domain::Procedure, &p.code);
    let device = coded.as_ref().and_then(oxygen_device);
    if let Some(code) = used.filter(|used| coded.is_none() || device.is_some_and(|device| device < *used)) {
        let value = Some(code.name().into());
        return Some(Found::Target(Target { meaning: Meaning::Signal(Signal::OxygenDevice), value }));
    }
    let by_code = p.code.coding.iter().any(|c| cx.concepts.code(&c.system, &c.code).is_some());
    let text = p.code.wordings().find(|text| cx.concepts.named(Domain::Procedure, text).is_some());
    match text.filter(|text| device.is_some() && !by_code && cx.concepts.names_several(Domain::Procedure, text)) {
        Some(text) => Some(Found::Unread(text.to_owned())),
        None => coded.map(Found::Target),
    }
}
