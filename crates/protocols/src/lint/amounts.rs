//! Courses that their own plan's limits forbid: doses too close, too many, too large.

use super::{Linter, asks, limits};
use crate::language::{Condition, DoseStep, Drug, Give, Limit, Protocol, Rule};
use crate::library;
use std::ops::Range;
use toml::Spanned;

/// One stretch of a course with the same dose.
struct Stretch<'g> {
    span: Range<usize>,
    dose: Option<&'g str>,
    every: Option<f64>,
    /// How many doses there are of it; `None` where it has no end.
    number: Option<f64>,
}

fn stretches<'g>(span: &Range<usize>, give: &'g Give) -> Vec<Stretch<'g>> {
    let step = |step: &'g Spanned<DoseStep>| {
        let (span, step) = (step.span(), step.get_ref());
        let number = step.days.map(|days| (days * 24.0 / step.every_hours).ceil());
        Stretch { span, dose: Some(step.dose.get_ref().as_str()), every: Some(step.every_hours), number }
    };
    if !give.steps.is_empty() {
        return give.steps.iter().map(step).collect();
    }
    let number = give.doses.map(f64::from).or(if give.every_hours.is_none() { Some(1.0) } else { None });
    vec![Stretch { span: span.clone(), dose: give.dose.as_ref().map(|d| d.get_ref().as_str()), every: give.every_hours, number }]
}

pub(super) fn check(linter: &mut Linter<'_>, protocol: &Protocol) {
    for (span, give) in limits::given(protocol) {
        for limit in protocol.limits.iter().map(Spanned::get_ref).filter(|l| l.drug.0.contains(&give.drug)) {
            course(linter, &span, give, limit);
        }
    }
    for rule in &protocol.rules {
        spent(linter, protocol, rule.get_ref());
    }
}

fn course(linter: &mut Linter<'_>, span: &Range<usize>, give: &Give, limit: &Limit) {
    let (drug, id) = (give.drug.name(), &limit.id);
    let parts = stretches(span, give);
    for part in &parts {
        if let Some((every, min)) = part.every.zip(limit.min_interval_hours).filter(|(every, min)| every < min) {
            let reason = format!("{drug} is due every {every} h, and limit {id:?} wants {min} h between doses");
            linter.error(&part.span, reason, "lengthen every_hours, or mend the limit: every dose would be refused when it is due");
        }
        // The most doses of any 24 hours; one that is 24 hours old no longer counts.
        let of_a_day = part.every.map_or(1.0, |every| (24.0 / every).ceil()).min(part.number.unwrap_or(f64::INFINITY));
        if let Some(max) = limit.max_doses_in_24_hours.map(f64::from).filter(|max| of_a_day > *max) {
            let reason = format!("{of_a_day} doses of {drug} are due in 24 h, and limit {id:?} allows {max}");
            linter.error(&part.span, reason, "lengthen every_hours, set `doses`, or mend the limit");
        }
        if let Some(rule) = part.dose.and_then(library::dose).filter(|d| d.file.drug == give.drug).map(|d| d.rule) {
            amounts(linter, &part.span, rule, of_a_day, limit, drug);
        }
    }
    let total: f64 = parts.iter().map(|p| p.number.unwrap_or(1.0)).sum::<f64>().min(give.doses.map_or(f64::INFINITY, f64::from));
    let endless = parts.iter().any(|p| p.number.is_none());
    if let Some(max) = limit.max_doses_total.map(f64::from) {
        if total > max {
            let reason = format!("{total} doses of {drug} are due by one rule, and limit {id:?} allows {max} in all");
            linter.error(span, reason, "set `doses` to what the limit allows, or mend the limit");
        } else if endless {
            let reason = format!("{drug} is due again and again, and limit {id:?} allows {max} doses in all");
            linter.warn(span, reason, format!("say where the course ends: doses = {max} or less"));
        }
    }
}

/// Amounts that the source itself names for one dose or one day; by weight only where the limit is by weight too.
fn amounts(linter: &mut Linter<'_>, span: &Range<usize>, rule: &crate::doses::DoseRule, of_a_day: f64, limit: &Limit, drug: &str) {
    let id = &limit.id;
    let bands = || rule.band.iter().map(Spanned::get_ref);
    let most = rule.max.unwrap_or(f64::INFINITY);
    let flat = bands().filter_map(|b| b.flat).map(|a| a.low.min(most)).fold(0.0, f64::max);
    let per_kg = bands().filter_map(|b| b.per_kg).map(|a| a.low).fold(0.0, f64::max);
    let of_a_day = if rule.per_day { 1.0 } else { of_a_day };
    for (given, max, what) in [
        (flat, limit.max_per_dose, "at once"),
        (flat * of_a_day, limit.max_in_24_hours, "in 24 h"),
        (per_kg * of_a_day, limit.max_per_kg_in_24_hours, "for each kilogram in 24 h"),
    ] {
        if let Some(max) = max.filter(|max| given > *max + 1e-9) {
            let reason = format!("{given} of {drug} {what} by dose {:?}, and limit {id:?} allows {max}", rule.id);
            linter.error(span, reason, "name a smaller dose, lengthen every_hours, or mend the limit");
        }
    }
}

/// A dose asked for when, by the same rule, the limit on doses in all is spent.
fn spent(linter: &mut Linter<'_>, protocol: &Protocol, rule: &Rule) {
    let gives = |drug: &Drug| rule.then.iter().any(|a| super::reach::gives(a.get_ref(), *drug));
    for (span, condition) in asks::required(&rule.when) {
        let Condition::Doses(d) = condition else { continue };
        let Some(least) = d.at_least.filter(|_| d.drug.0.iter().any(gives)) else { continue };
        let limits = protocol.limits.iter().map(Spanned::get_ref);
        let spent = limits
            .filter(|l| d.drug.0.iter().all(|drug| l.drug.0.contains(drug)))
            .find(|l| l.max_doses_total.is_some_and(|max| least >= max));
        if let Some(limit) = spent {
            let max = limit.max_doses_total.unwrap_or_default();
            let reason = format!("after {least} doses one more is asked for, and limit {:?} allows {max} in all", limit.id);
            linter.error(&span, reason, "ask for fewer doses, or mend the limit: this dose would always be refused");
        }
    }
}
