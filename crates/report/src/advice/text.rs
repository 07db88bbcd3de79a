//! One patient's advice, plan by plan, as people read it.

use super::{doses, rests_on, source, times, verified, word};
use crate::words::{clean, grade, moment};
use barograph_grading::Policy;
use barograph_protocols::doses::{equivalence_source, prednisolone_equivalent};
use barograph_protocols::engine::{Advice, Item, Stance, Standing, Truth, differences};
use barograph_protocols::language::CautionKind;
use barograph_record::Record;
use std::io::{self, Write};

/// Writes what every plan says of a patient, and where plans differ.
///
/// # Errors
/// Whatever the writer reports.
pub fn write(out: &mut impl Write, record: &Record, policy: &Policy, all: &[Advice<'_>]) -> io::Result<()> {
    let Some(first) = all.first() else { return Ok(()) };
    writeln!(out, "{}  day {}\n", clean(&record.patient.id), moment(first.at))?;
    for advice in all {
        plan(out, record, advice)?;
    }
    let differ = differences(all);
    if !differ.is_empty() {
        writeln!(out, "Where the plans differ")?;
        for difference in differ {
            writeln!(out, "  {}", difference.drug.name().replace('_', " "))?;
            for position in difference.positions.iter().filter(|p| p.stance == Stance::Speaks) {
                writeln!(out, "    {:<22} {}", position.protocol, position.says)?;
            }
            for (stance, words) in [(Stance::Never, "never given by"), (Stance::NotForPatient, "not for this patient")] {
                let plans: Vec<&str> = difference.positions.iter().filter(|p| p.stance == stance).map(|p| p.protocol).collect();
                if !plans.is_empty() {
                    writeln!(out, "    {words}: {}", plans.join(", "))?;
                }
            }
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", rests_on(policy))?;
    writeln!(out, "Research software, not a medical device.\n")
}

fn plan(out: &mut impl Write, record: &Record, advice: &Advice<'_>) -> io::Result<()> {
    let protocol = advice.protocol;
    let open = if advice.unstated.is_empty() { String::new() } else { format!("; not charted: {}", advice.unstated.join(", ")) };
    writeln!(out, "{} ({}, {} grade {}{open})", protocol.id, protocol.kind.name(), protocol.scale.get_ref(), grade(advice.grade))?;
    writeln!(out, "  {} (verified: {})", protocol.citation, verified(protocol.verified))?;
    if advice.died {
        return writeln!(out, "  the patient died: no advice\n");
    }
    match advice.applies.truth {
        Truth::No => return writeln!(out, "  not for this patient: {}\n", advice.applies.text),
        Truth::Unknown => writeln!(out, "  whether it is for this patient is not known: {}", advice.applies.text)?,
        Truth::Yes if !advice.applies.text.is_empty() => writeln!(out, "  outside its population: {}", advice.applies.text)?,
        Truth::Yes => {}
    }
    for note in &advice.notes {
        writeln!(out, "  note: {note}")?;
    }
    if advice.items.is_empty() {
        writeln!(out, "  nothing is due")?;
    }
    for (i, item) in advice.items.iter().enumerate() {
        // Actions of one rule share its source and its evidence, which stand beside the last of them.
        let last = advice.items.get(i + 1).is_none_or(|next| next.rule.id != item.rule.id);
        self::item(out, record, item, last)?;
    }
    for possible in &advice.possible {
        writeln!(out, "  cannot be excluded: {} ({})", possible.rule.title, verified(possible.rule.verified))?;
        writeln!(out, "    would ask for {}", possible.what.join("; "))?;
        writeln!(out, "    chart: {}", possible.chart.join(", "))?;
    }
    for silent in &advice.silent {
        if let Some(other) = silent.gives_way_to {
            writeln!(
                out,
                "  not due: {}: it gives way while a course runs: {} ({})",
                silent.what.join("; "),
                other.title,
                silent.rule.title
            )?;
        }
    }
    for near in advice.near() {
        writeln!(out, "  not due: {}, until {} ({})", near.what.join("; "), near.missing.join(" and "), near.rule.title)?;
    }
    if let Some((at, what)) = &advice.next_look {
        writeln!(out, "  next, if nothing more is charted: day {}: {what}", moment(*at))?;
    }
    writeln!(out)
}

fn item(out: &mut impl Write, record: &Record, item: &Item<'_>, last: bool) -> io::Result<()> {
    let what = if item.doses.is_empty() { item.what.clone() } else { doses(item).join(", or ") };
    let strength = item.rule.strength.name();
    writeln!(out, "  {:<9} {what} ({strength})", word(&item.standing).to_uppercase())?;
    let told = times(&item.standing);
    if !told.is_empty() {
        writeln!(out, "            {told}")?;
    }
    if matches!(item.standing, Standing::Due { .. } | Standing::Overdue { .. } | Standing::Option { .. } | Standing::Scheduled { .. }) {
        arithmetic(out, item)?;
        for (caution, truth) in &item.cautions {
            let word = match (caution.kind, truth) {
                (_, Truth::Unknown) => "cannot be excluded",
                (CautionKind::Contraindication, _) => "contraindication",
                (CautionKind::Caution, _) => "caution",
            };
            writeln!(out, "            {word}: {} [{}; {}]", caution.text, caution.citation, verified(caution.verified))?;
        }
        writeln!(out, "            {}", item.changes_if)?;
    }
    if last {
        writeln!(out, "            rule: {}", source(item.rule))?;
        if !item.rule.note.is_empty() {
            writeln!(out, "            note: {}", item.rule.note)?;
        }
        let because: Vec<String> =
            item.because.iter().map(|c| format!("{} [{}]", c.describe(), clean(&record.cite(c.evidence.origin)))).collect();
        if !because.is_empty() {
            writeln!(out, "            because: {}", because.join("; "))?;
        }
    }
    Ok(())
}

fn arithmetic(out: &mut impl Write, item: &Item<'_>) -> io::Result<()> {
    for option in &item.doses {
        let Some(dosing) = option.dosing else { continue };
        let route = if dosing.rule.route.is_empty() { String::new() } else { format!(" {}", dosing.rule.route) };
        let name = option.give.drug.name().replace('_', " ");
        writeln!(out, "            {name}: {}{route} [{}; {}]", dosing.rule.title, dosing.rule.citation, verified(dosing.rule.verified))?;
        if let Some(Ok(dose)) = &option.dose {
            writeln!(out, "              {}", dose.arithmetic.join("; "))?;
            for remark in &dose.remarks {
                writeln!(out, "              {remark}")?;
            }
            let as_prednisolone = |mg| prednisolone_equivalent(option.give.drug.signal(), mg).filter(|_| dose.unit == "mg");
            if let Some((low, high)) = as_prednisolone(dose.amount.low).zip(as_prednisolone(dose.amount.high)) {
                let low = if dose.amount.is_range() { format!("{low:.1} to ") } else { String::new() };
                let (_, sure) = equivalence_source();
                writeln!(out, "              the same as {low}{high:.1} mg of prednisolone ({})", verified(sure))?;
            }
        }
        if let Some(refusal) = &option.refused {
            writeln!(out, "              refused by {}: {}", refusal.id, refusal.reason)?;
        }
    }
    Ok(())
}
