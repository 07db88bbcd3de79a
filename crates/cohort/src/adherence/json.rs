//! One JSON object with everything.

use super::table::Row;
use super::{AdherenceReport, median};
use barograph_protocols::exposure::Amounts;
use serde_json::{Value, json};
use std::io::{self, Write};

pub(super) fn write(out: &mut impl Write, report: &AdherenceReport<'_>) -> io::Result<()> {
    let plans: Vec<Value> = report
        .plans
        .iter()
        .map(|plan| {
            let [yes, unknown, no] = plan.applies;
            let rows: Vec<Value> = plan.to_do().map(to_do).collect();
            let options: Vec<Value> = plan.to_consider().map(to_consider).collect();
            let strays: Vec<Value> = plan.strays.iter().map(|((drug, why), n)| json!({ "what": drug, "why": why, "doses": n })).collect();
            json!({
                "protocol": plan.protocol.id, "version": plan.protocol.version, "verified": plan.protocol.verified.name(),
                "advises": yes, "outside_population": plan.outside, "not_known": unknown, "does_not_apply": no,
                "rules": rows, "options": options, "strays": strays,
            })
        })
        .collect();
    let sums = |a: &Amounts| json!({ "doses": a.doses, "mg": round(a.mg), "mg_per_kg": round(a.mg_per_kg), "unstated": a.unstated, "unweighed": a.unweighed, "unlikely_weight": a.unlikely });
    let exposed = report.exposures.iter().filter(|(_, e)| e.tocilizumab.doses + e.steroid.doses > 0);
    let exposures: Vec<Value> = exposed
        .map(|(id, e)| {
            json!({
                "patient": id, "tocilizumab": sums(&e.tocilizumab), "steroid_as_prednisolone": sums(&e.steroid), "steroid_days": e.steroid_days,
            })
        })
        .collect();
    serde_json::to_writer(
        &mut *out,
        &json!({ "patients": report.patients, "infusion_time_assumed": report.infusion_assumed, "plans": plans, "exposures": exposures }),
    )?;
    writeln!(out)
}

fn to_do(row: &Row<'_>) -> Value {
    json!({
        "rule": row.rule.id, "verified": row.rule.verified.name(), "strength": row.rule.strength.name(), "what": row.what,
        "asked": row.asked(), "patients": row.patients.len(),
        "given_in_time": row.in_time, "given_late": row.late, "overdue_not_given": row.not_given,
        "lapsed": row.lapsed, "open_at_end": row.open, "median_hours_to_dose": median(&row.hours), "amounts": amounts(row),
    })
}

fn to_consider(row: &Row<'_>) -> Value {
    json!({
        "rule": row.rule.id, "verified": row.rule.verified.name(), "strength": row.rule.strength.name(), "what": row.what,
        "offered": row.asked(), "patients": row.patients.len(),
        "taken": row.taken, "not_taken": row.not_taken, "open_at_end": row.open,
        "median_hours_to_dose": median(&row.hours), "amounts": amounts(row),
    })
}

/// Doses given for what was due, by how much they were of it.
fn amounts(row: &Row<'_>) -> Value {
    row.amounts.named().into_iter().map(|(name, n)| (name.replace(' ', "_"), json!(n))).collect::<serde_json::Map<_, _>>().into()
}

fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
