//! One JSON object with everything.

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
            let rows: Vec<Value> = plan
                .rows
                .values()
                .map(|r| {
                    json!({
                        "rule": r.rule.id, "verified": r.rule.verified.name(), "strength": r.rule.strength.name(), "what": r.what, "asked": r.asked(), "patients": r.patients.len(),
                        "given_in_time": r.in_time, "given_late": r.late, "overdue_not_given": r.not_given,
                        "lapsed": r.lapsed, "open_at_end": r.open, "median_hours_to_dose": median(&r.hours),
                    })
                })
                .collect();
            let strays: Vec<Value> = plan.strays.iter().map(|((drug, why), n)| json!({ "what": drug, "why": why, "doses": n })).collect();
            json!({
                "protocol": plan.protocol.id, "version": plan.protocol.version, "verified": plan.protocol.verified.name(),
                "advises": yes, "outside_population": plan.outside, "not_known": unknown, "does_not_apply": no,
                "rules": rows, "strays": strays,
            })
        })
        .collect();
    let amounts = |a: &Amounts| json!({ "doses": a.doses, "mg": round(a.mg), "mg_per_kg": round(a.mg_per_kg), "unstated": a.unstated, "unweighed": a.unweighed });
    let exposed = report.exposures.iter().filter(|(_, e)| e.tocilizumab.doses + e.steroid.doses > 0);
    let exposures: Vec<Value> = exposed
        .map(|(id, e)| {
            json!({
                "patient": id, "tocilizumab": amounts(&e.tocilizumab), "steroid_as_prednisolone": amounts(&e.steroid), "steroid_days": e.steroid_days,
            })
        })
        .collect();
    serde_json::to_writer(
        &mut *out,
        &json!({ "patients": report.patients, "infusion_time_assumed": report.infusion_assumed, "plans": plans, "exposures": exposures }),
    )?;
    writeln!(out)
}

fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
