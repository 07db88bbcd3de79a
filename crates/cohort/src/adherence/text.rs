//! Tables for the terminal.

use super::table::{PlanTable, Row};
use super::{AdherenceReport, Given, given, median};
use barograph_protocols::doses::equivalence_source;
use std::io::{self, Write};

pub(super) fn write(out: &mut impl Write, report: &AdherenceReport<'_>) -> io::Result<()> {
    writeln!(out, "Treatment given against what plans made due, in {} patients\n", report.patients)?;
    if report.infusion_assumed > 0 {
        let n = report.infusion_assumed;
        writeln!(
            out,
            "In {n} of them no infusion is charted and day 0 is an admission: they may never have had CAR-T cells, and no plan may be for them.\n"
        )?;
    }
    for plan in &report.plans {
        self::plan(out, plan)?;
    }
    writeln!(out, "Exposure over the whole record")?;
    exposure(out, "tocilizumab", &given(&report.exposures, |e| e.tocilizumab))?;
    exposure(out, "steroids, as prednisolone", &given(&report.exposures, |e| e.steroid))?;
    let (citation, verified) = equivalence_source();
    writeln!(out, "  equivalence: {citation} ({})", verified.name())?;
    writeln!(
        out,
        "\nOnly drugs are counted: a record cannot show whether care, consultations and support were. A dose without a rule is no mistake: the record may not hold what made it necessary. docs/adherence.md says what is counted."
    )
}

fn plan(out: &mut impl Write, plan: &PlanTable<'_>) -> io::Result<()> {
    let protocol = plan.protocol;
    writeln!(out, "{} ({}; verified: {})", protocol.id, protocol.citation, protocol.verified.name())?;
    let [yes, unknown, no] = plan.applies;
    writeln!(
        out,
        "  for {yes} patients it advises ({} of them outside its population), for {unknown} that is not known, for {no} it does not",
        plan.outside
    )?;
    if plan.to_do().next().is_none() {
        writeln!(out, "  no drug was due")?;
    } else {
        head(out, "drug (rule)", &["asked", "patients", "in time", "late", "not given", "lapsed", "open"])?;
        for row in plan.to_do() {
            self::row(out, row, &[row.asked(), row.patients.len() as u64, row.in_time, row.late, row.not_given, row.lapsed, row.open])?;
        }
    }
    if plan.to_consider().next().is_some() {
        head(out, "to consider, and no omission where it is not taken", &["offered", "patients", "taken", "not taken", "open"])?;
        for row in plan.to_consider() {
            self::row(out, row, &[row.asked(), row.patients.len() as u64, row.taken, row.not_taken, row.open])?;
        }
    }
    if plan.to_do().chain(plan.to_consider()).any(|r| r.rule.verified.warning().is_some()) {
        writeln!(out, "  * the rule is recalled, derived or assumed: check it against its source")?;
    }
    for ((drug, why), n) in &plan.strays {
        writeln!(out, "  {drug} {why}: {n} doses")?;
    }
    writeln!(out)
}

fn head(out: &mut impl Write, what: &str, columns: &[&str]) -> io::Result<()> {
    write!(out, "  {what:<58}")?;
    columns.iter().try_for_each(|column| write!(out, "{column:>10}"))?;
    writeln!(out, "{:>12}", "median h")
}

fn row(out: &mut impl Write, row: &Row<'_>, counts: &[u64]) -> io::Result<()> {
    let sure = row.rule.verified.warning().map_or("", |_| "*");
    write!(out, "  {:<58}", format!("{} ({}{sure})", row.what, row.rule.id))?;
    counts.iter().try_for_each(|n| write!(out, "{n:>10}"))?;
    writeln!(out, "{:>12}", median(&row.hours).map_or("–".to_owned(), |h| format!("{h:.1}")))?;
    let told: Vec<String> = row.amounts.named().iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{n} {name}")).collect();
    if told.is_empty() { Ok(()) } else { writeln!(out, "    amounts: {}", told.join(", ")) }
}

fn exposure(out: &mut impl Write, name: &str, given: &Given) -> io::Result<()> {
    let Given { patients, doses, per_kg, unstated, unweighed, unlikely } = given;
    write!(out, "  {name}: {doses} doses in {patients} patients")?;
    if let Some(middle) = median(per_kg) {
        let (low, high) = per_kg.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), x| (l.min(*x), h.max(*x)));
        write!(out, "; cumulative mg/kg: median {middle:.2} (range {low:.2} to {high:.2}; {} patients)", per_kg.len())?;
    }
    if *unstated + *unweighed > 0 {
        write!(out, "; {unstated} doses without amount, {unweighed} without any weight")?;
    }
    if *unlikely > 0 {
        write!(out, "; {unlikely} doses by a weight that is not likely at that age, in no sum for each kilogram")?;
    }
    writeln!(out)
}
