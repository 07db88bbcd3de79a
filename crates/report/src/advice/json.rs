//! One JSON object a line, per patient and plan.

use super::word;
use crate::words::days;
use barograph_grading::Policy;
use barograph_protocols::assumptions::assumptions;
use barograph_protocols::engine::{Advice, DoseOption, Item, Standing, Truth};
use barograph_protocols::language::CautionKind;
use barograph_record::Record;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes one object for each plan.
///
/// # Errors
/// Whatever the writer reports.
pub fn write(out: &mut impl Write, record: &Record, policy: &Policy, all: &[Advice<'_>]) -> io::Result<()> {
    for advice in all {
        serde_json::to_writer(&mut *out, &object(record, policy, advice))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn object(record: &Record, policy: &Policy, advice: &Advice<'_>) -> Value {
    let protocol = advice.protocol;
    let applies = match advice.applies.truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "not known",
    };
    json!({
        "patient": record.patient.id,
        "protocol": protocol.id,
        "version": protocol.version,
        "citation": protocol.citation,
        "verified": protocol.verified.name(),
        "policy": policy.name,
        "assumed": assumptions(policy).into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect::<Map<_, _>>(),
        "day": days(advice.at),
        "scale": protocol.scale.get_ref(),
        "grade": { "floor": advice.grade.floor(), "ceiling": advice.grade.ceiling() },
        "unstated": advice.unstated,
        "applies": applies,
        "applies_note": advice.applies.text,
        "died": advice.died,
        "actions": advice.items.iter().map(|i| item(record, i)).collect::<Vec<_>>(),
        "cannot_be_excluded": advice.possible.iter().map(|p| json!({
            "rule": p.rule.id,
            "title": p.rule.title,
            "verified": p.rule.verified.name(),
            "what": p.what,
            "chart": p.chart,
        })).collect::<Vec<_>>(),
        "not_due": advice.silent.iter().map(|s| json!({
            "rule": s.rule.id, "what": s.what, "until": s.missing, "gives_way_to": s.gives_way_to.map(|rule| rule.id.as_str()),
        })).collect::<Vec<_>>(),
        "next_look": advice.next_look.as_ref().map(|(at, what)| json!({ "day": days(*at), "what": what })),
        "notes": advice.notes,
        "caution": "Research software, not a medical device.",
    })
}

fn item(record: &Record, item: &Item<'_>) -> Value {
    let mut out = json!({
        "what": item.what,
        "standing": word(&item.standing),
        "rule": item.rule.id,
        "title": item.rule.title,
        "citation": item.rule.citation,
        "verified": item.rule.verified.name(),
        "strength": item.rule.strength.name(),
        "because": item.because.iter().map(|c| json!({ "fact": c.describe(), "source": record.cite(c.evidence.origin) })).collect::<Vec<_>>(),
        "doses": item.doses.iter().map(dose).collect::<Vec<_>>(),
        "cautions": item.cautions.iter().map(|(c, truth)| json!({
            "id": c.id,
            "kind": if c.kind == CautionKind::Contraindication { "contraindication" } else { "caution" },
            "certain": *truth == Truth::Yes,
            "text": c.text,
            "verified": c.verified.name(),
        })).collect::<Vec<_>>(),
        "changes_if": item.changes_if,
    });
    if let (Some(map), Value::Object(times)) = (out.as_object_mut(), times(&item.standing)) {
        map.extend(times);
    }
    out
}

fn times(standing: &Standing<'_>) -> Value {
    match standing {
        Standing::Due { since, by } | Standing::Overdue { since, by } => json!({ "since_day": days(*since), "by_day": days(*by) }),
        Standing::Holds { since } => json!({ "since_day": days(*since), "record_can_show_it_done": false }),
        Standing::Refused(refusal) => json!({
            "limit": refusal.id, "reason": refusal.reason, "lifts_day": refusal.lifts.map(days), "limit_verified": refusal.verified.name(),
        }),
        Standing::Covered(rule) => json!({ "covered_by": rule.id }),
        Standing::Done { at, late } => json!({ "at_day": days(*at), "late_hours": (late.hours() * 100.0).round() / 100.0 }),
        Standing::Scheduled { next } => json!({ "next_day": days(*next) }),
        Standing::Complete { at } => json!({ "at_day": days(*at) }),
        Standing::Option { since } => json!({ "since_day": days(*since) }),
    }
}

fn dose(option: &DoseOption<'_>) -> Value {
    let (amount, arithmetic, refused) = match &option.dose {
        Some(Ok(dose)) => (json!([dose.amount.low, dose.amount.high]), json!(dose.arithmetic), Value::Null),
        Some(Err(why)) => (Value::Null, Value::Null, json!(why.to_string())),
        None => (Value::Null, Value::Null, Value::Null),
    };
    let unlikely = option.dose.as_ref().and_then(|d| d.as_ref().ok()).map(|d| d.unlikely_weight);
    let remarks = option.dose.iter().flatten().flat_map(|d| d.remarks.clone()).collect::<Vec<_>>();
    json!({
        "drug": option.give.drug.name(),
        "dose": option.dosing.map(|d| d.rule.id.clone()),
        "unit": option.dosing.map(|d| d.unit().to_owned()),
        "amount": amount,
        "arithmetic": arithmetic,
        "remarks": remarks,
        "unlikely_weight": unlikely,
        "refused": refused,
        "verified": option.dosing.map(|d| d.rule.verified.name()),
        "limit": option.refused.as_ref().map(|r| r.id.clone()),
    })
}
