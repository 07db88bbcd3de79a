//! Limits and cautions: missing ones, and such as limit nothing.

use super::{Linter, cited, conditions};
use crate::language::{Action, CautionKind, Drug, Give, Kind, Protocol};
use crate::library;
use barograph_record::Signal;
use std::collections::BTreeMap;
use std::ops::Range;

/// Drugs of which a course without limit could do harm before anybody notices.
const STRICT: &[Signal] = &[
    Signal::Tocilizumab,
    Signal::Siltuximab,
    Signal::Emapalumab,
    Signal::Infliximab,
    Signal::Etanercept,
    Signal::AntithymocyteGlobulin,
    Signal::Cyclophosphamide,
    Signal::Acetaminophen,
];

/// Steroids are kept by their course and taper.
const STEROIDS: &[Signal] = &[Signal::Dexamethasone, Signal::Methylprednisolone, Signal::Hydrocortisone, Signal::Prednisolone];

/// Every drug that some rule gives, with the place of the first.
pub(super) fn given(protocol: &Protocol) -> Vec<(Range<usize>, &Give)> {
    let actions = protocol.rules.iter().flat_map(|r| r.get_ref().then.iter());
    actions
        .flat_map(|a| match a.get_ref() {
            Action::Give(give) => vec![(a.span(), give)],
            Action::OneOf(gives) => gives.iter().map(|g| (g.span(), g.get_ref())).collect(),
            _ => Vec::new(),
        })
        .collect()
}

pub(super) fn check(linter: &mut Linter<'_>, protocol: &Protocol) {
    let given = given(protocol);
    missing(linter, protocol, &given);
    for limit in &protocol.limits {
        let (span, limit) = (limit.span(), limit.get_ref());
        cited(linter, &span, &limit.citation, "limit", &limit.id);
        let numbers = [
            ("min_interval_hours", limit.min_interval_hours),
            ("max_doses_in_24_hours", limit.max_doses_in_24_hours.map(f64::from)),
            ("max_doses_total", limit.max_doses_total.map(f64::from)),
            ("max_per_dose", limit.max_per_dose),
            ("max_in_24_hours", limit.max_in_24_hours),
            ("max_per_kg_in_24_hours", limit.max_per_kg_in_24_hours),
        ];
        if numbers.iter().all(|(_, n)| n.is_none()) {
            linter.error(&span, format!("limit {:?} limits nothing", limit.id), "set min_interval_hours, max_doses_total or another key");
        }
        for (key, number) in numbers {
            linter.positive(&linter.key(&span, key), key, number);
        }
        if !limit.drug.0.iter().any(|d| given.iter().any(|(_, g)| g.drug == *d)) {
            linter.warn(&span, format!("limit {:?} is of a drug that no rule gives", limit.id), "remove it, or add the rule");
        }
    }
    for caution in &protocol.cautions {
        let (span, caution) = (caution.span(), caution.get_ref());
        cited(linter, &span, &caution.citation, "caution", &caution.id);
        conditions::check(linter, protocol, &caution.when);
        conditions::contradicts(linter, protocol, &caution.when, "so the caution is never shown");
        if caution.text.trim().is_empty() {
            linter.error(&span, format!("caution {:?} says nothing", caution.id), "write its `text`");
        }
        let given = caution.drug.0.iter().find(|d| given.iter().any(|(_, g)| g.drug == **d));
        if let (CautionKind::Contraindication, true, Some(drug)) = (caution.kind, caution.when.is_empty(), given) {
            let reason = format!("{} is always contraindicated, and a rule gives it", drug.name());
            linter.error(&span, reason, "say `when` it is contraindicated, or remove the rule");
        }
    }
}

fn missing(linter: &mut Linter<'_>, protocol: &Protocol, given: &[(Range<usize>, &Give)]) {
    let mut first: BTreeMap<Drug, &Range<usize>> = BTreeMap::new();
    // What is given without a dose is limited by whoever gives it, unless it is a drug to be strict with.
    let counts = |g: &Give| !g.no_dose || STRICT.contains(&g.drug.signal());
    for (span, give) in given.iter().filter(|(_, g)| counts(g)) {
        first.entry(give.drug).or_insert(span);
    }
    for (drug, span) in first {
        let signal = drug.signal();
        let in_plan = protocol.limits.iter().any(|l| {
            let l = l.get_ref();
            let counts = l.min_interval_hours.is_some() || l.max_doses_total.is_some();
            let amounts = l.max_in_24_hours.is_some() || l.max_per_kg_in_24_hours.is_some() || l.max_doses_in_24_hours.is_some();
            l.drug.0.contains(&drug) && (counts || amounts)
        });
        let by_dose = given.iter().filter(|(_, g)| g.drug == drug && counts(g)).all(|(_, g)| {
            let ids = g.dose.iter().chain(g.steps.iter().map(|s| &s.get_ref().dose));
            let mut rules = ids.filter_map(|id| library::dose(id.get_ref())).map(|d| d.rule);
            let capped = rules.all(|r| r.max_in_24_hours.is_some() || r.max_per_kg_in_24_hours.is_some());
            (capped && g.dose.is_some()) || g.doses.is_some() || !g.steps.is_empty() || g.every_hours.is_some()
        });
        if in_plan || (!STRICT.contains(&signal) && by_dose) {
            continue;
        }
        let reason = format!("{} is given without any limit", drug.name());
        let hint = "add a [[limit]]: how far apart doses must be, and how many there may be";
        // Of an option that is named without dose and course, how much and how often is for whoever takes it to find out.
        let mere = |g: &Give| g.dose.is_none() && g.every_hours.is_none();
        if STRICT.contains(&signal) && protocol.kind != Kind::Options {
            linter.error(span, reason, hint);
        } else if protocol.kind == Kind::Options && given.iter().filter(|(_, g)| g.drug == drug).all(|(_, g)| mere(g)) {
            linter.note(span, reason, hint);
        } else if !STEROIDS.contains(&signal) || protocol.kind != Kind::Options {
            linter.warn(span, reason, hint);
        }
    }
}
