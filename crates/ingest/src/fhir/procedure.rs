//! Procedure: the CAR-T infusion, respiratory support, dialysis.

use super::context::{Context, end, moment, version};
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
    let Some(target) = target(p, cx) else {
        return cx.note("code", Reason::UnmappedConcept, &p.code.describe());
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
            let word = cx.store.texts.intern(target.value.as_deref().unwrap_or("yes"));
            cx.add(opened, Fact::new(About::Signal(signal), at_ms, Kept::Text(word)));
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

/// What the procedure stands for; of several devices named by its codes and the devices used, the most support.
fn target(p: &Procedure<'_>, cx: &Context<'_>) -> Option<Target> {
    let support = |t: &Target| {
        let code = t.value.as_deref().and_then(|v| Code::among(v, Code::DEVICES));
        code.map(|c| c as u8).filter(|_| t.meaning == Meaning::Signal(Signal::OxygenDevice))
    };
    let used = p.used_code.iter().filter_map(|c| cx.target(Domain::Device, c)).filter(|t| support(t).is_some()).max_by_key(|t| support(t));
    match (cx.target(Domain::Procedure, &p.code), used) {
        (Some(code), Some(used)) => Some(if support(&code).is_some_and(|s| Some(s) < support(&used)) { used } else { code }),
        (code, used) => code.or(used),
    }
}
