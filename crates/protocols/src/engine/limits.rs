//! What is never exceeded: doses given and the dose advised, counted together.

use super::WRITTEN;
use super::facts::Facts;
use super::given::Given;
use crate::doses::{Dose, number};
use crate::language::{Drug, Limit, Protocol, Verified, Which};
use crate::library::Dosing;
use barograph_grading::Evidence;
use barograph_record::{Instant, Signal, Span};

/// Why a dose must not be given now.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Id of the limit or contraindication.
    pub id: String,
    /// Why, in words.
    pub reason: String,
    /// When it lifts; `None` where time alone does not lift it.
    pub lifts: Option<Instant>,
    /// Passage of the source.
    pub citation: String,
    /// How sure it is.
    pub verified: Verified,
}

const DAY: Span = Span::from_ms(86_400_000);

/// Amounts that are never exceeded in 24 hours, with where they stand.
struct DayLimit<'l> {
    id: &'l str,
    from: Option<Instant>,
    drugs: &'l [Drug],
    max: Option<f64>,
    per_kg: Option<f64>,
    citation: &'l str,
    verified: Verified,
}

/// The limit that forbids a dose of a drug at an instant, if any does. What a limit leaves of an amount caps the dose.
pub(crate) fn check(
    protocol: &Protocol,
    drug: Drug,
    dosing: Option<Dosing<'_>>,
    mut dose: Option<&mut Dose>,
    facts: &Facts,
    now: Instant,
) -> Option<Refusal> {
    for limit in protocol.limits.iter().map(toml::Spanned::get_ref).filter(|l| l.drug.0.contains(&drug)) {
        if let Some((reason, lifts)) = counted(limit, facts, now) {
            let (citation, verified) = (limit.citation.clone(), limit.verified);
            return Some(Refusal { id: limit.id.clone(), reason, lifts, citation, verified });
        }
        if let (Some(max), Some(dose)) = (limit.max_per_dose, dose.as_deref_mut()) {
            cap(dose, max, &format!("limit {}", limit.id));
        }
        let day = DayLimit {
            id: &limit.id,
            from: from(limit),
            drugs: &limit.drug.0,
            max: limit.max_in_24_hours,
            per_kg: limit.max_per_kg_in_24_hours,
            citation: &limit.citation,
            verified: limit.verified,
        };
        if let Some(refusal) = by_day(&day, dose.as_deref_mut(), facts, now) {
            return Some(refusal);
        }
    }
    let rule = dosing?.rule;
    let own = [drug];
    let (max, per_kg) = (rule.max_in_24_hours, rule.max_per_kg_in_24_hours);
    let day = DayLimit { id: &rule.id, from: None, drugs: &own, max, per_kg, citation: &rule.citation, verified: rule.verified };
    by_day(&day, dose, facts, now)
}

/// The limits that a dose breaks which is being given: one by number, time or unstated amount, one by amount.
pub(crate) fn broken(protocol: &Protocol, drug: Drug, evidence: &Evidence, facts: &Facts) -> Vec<Refusal> {
    // What only the writing of an hour makes too soon is not.
    let given = facts.now + WRITTEN;
    let kg = facts.body.weight.map(|w| w.value);
    let unit = if drug.signal() == Signal::FluidBolus { "mL" } else { drug.signal().unit() };
    let in_doses_unit = |x: f64| if drug.signal() == Signal::FluidBolus { kg.map(|kg| x * kg) } else { Some(x) };
    let too_much = || {
        let amount = in_doses_unit(evidence.value.number()?)?;
        protocol.limits.iter().map(toml::Spanned::get_ref).filter(|l| l.drug.0.contains(&drug)).find_map(|limit| {
            let recent = of_a_day(&limit.drug.0, from(limit), facts, given);
            let day = amount + recent.iter().filter_map(|g| self::amount(g, kg)).sum::<f64>();
            let by_weight = limit.max_per_kg_in_24_hours.zip(kg).map(|(per_kg, kg)| per_kg * kg);
            let over = [(amount, limit.max_per_dose, "at once"), (day, limit.max_in_24_hours, "in 24 h"), (day, by_weight, "in 24 h")];
            let (given, max, when) =
                over.into_iter().find_map(|(given, max, when)| Some((given, max.filter(|m| given > m + 1e-9)?, when)))?;
            let reason = format!("{} {unit} {when} at most; {} {unit} were given", number(max), number(given));
            Some(Refusal { id: limit.id.clone(), reason, lifts: None, citation: limit.citation.clone(), verified: limit.verified })
        })
    };
    [check(protocol, drug, None, None, facts, given), too_much()].into_iter().flatten().collect()
}

/// From when on doses count for a limit.
fn from(limit: &Limit) -> Option<Instant> {
    limit.since_infusion.then_some(Instant::INFUSION)
}

/// The doses of the last 24 hours that count for a limit.
fn of_a_day<'f>(drugs: &[Drug], from: Option<Instant>, facts: &'f Facts, now: Instant) -> Vec<&'f Given> {
    let mut recent = facts.doses.within(drugs, now, DAY);
    recent.retain(|g| from.is_none_or(|from| g.at >= from));
    recent
}

/// Limits by number and time.
fn counted(limit: &Limit, facts: &Facts, now: Instant) -> Option<(String, Option<Instant>)> {
    let drugs = &limit.drug.0;
    if let Some(hours) = limit.min_interval_hours {
        let lifts = facts.doses.find(drugs, Which::Last, from(limit)).map(|last| (last.at, last.at + Span::from_hours(hours)));
        if let Some((last, lifts)) = lifts.filter(|(_, lifts)| now < *lifts) {
            return Some((format!("{} h must pass between doses; the last was given {last}", number(hours)), Some(lifts)));
        }
    }
    if let Some(max) = limit.max_doses_in_24_hours {
        let recent = of_a_day(drugs, from(limit), facts, now);
        let over = (recent.len() + 1).saturating_sub(max as usize);
        if over > 0 {
            let lifts = recent.get(over - 1).map(|g| g.at + DAY);
            return Some((format!("{max} doses in 24 h at most; {} were given", recent.len()), lifts));
        }
    }
    let max = limit.max_doses_total?;
    let count = facts.doses.number(drugs, from(limit));
    (count >= max).then(|| (format!("{max} doses in all at most; {count} were given"), None))
}

/// Limits by amount.
fn by_day(limit: &DayLimit<'_>, dose: Option<&mut Dose>, facts: &Facts, now: Instant) -> Option<Refusal> {
    let kg = facts.body.weight.map(|w| w.value);
    let unit = dose.as_ref().map_or_else(String::new, |d| d.unit.clone());
    let by_weight = limit.per_kg.zip(kg).map(|(per_kg, kg)| per_kg * kg);
    let max = [limit.max, by_weight].into_iter().flatten().fold(f64::INFINITY, f64::min);
    if max.is_infinite() {
        return None;
    }
    let refuse = |reason: String, lifts: Option<Instant>| {
        let (citation, verified) = (limit.citation.to_owned(), limit.verified);
        Some(Refusal { id: limit.id.to_owned(), reason, lifts, citation, verified })
    };
    let recent = of_a_day(limit.drugs, limit.from, facts, now);
    let mut amounts = Vec::with_capacity(recent.len());
    for given in &recent {
        let Some(amount) = amount(given, kg) else {
            let lifts = given.at + DAY;
            return refuse(
                format!("the amount given {} is not stated, and {} in 24 h is the most; state it", given.at, number(max)),
                Some(lifts),
            );
        };
        amounts.push((given.at, amount));
    }
    let given: f64 = amounts.iter().map(|(_, x)| x).sum();
    let dose = dose?;
    let left = max - given;
    // A hair of rounding is no excess.
    if dose.amount.low <= left + 1e-9 {
        if dose.amount.high > left {
            cap(
                dose,
                left,
                &format!("{} {} of {} {} in 24 h were given", number(given), dose.unit.clone(), number(max), dose.unit.clone()),
            );
        }
        return None;
    }
    let mut freed = left;
    let lifts = amounts.iter().find_map(|(at, x)| {
        freed += x;
        (dose.amount.low <= freed).then_some(*at + DAY)
    });
    refuse(format!("{} {unit} in 24 h at most; {} {unit} were given", number(max), number(given)), lifts)
}

/// An amount as doses count it: fluids are charted for each kilogram.
pub(super) fn amount(given: &Given, kg: Option<f64>) -> Option<f64> {
    if given.evidence.signal == Signal::FluidBolus { given.amount.zip(kg).map(|(x, kg)| x * kg) } else { given.amount }
}

fn cap(dose: &mut Dose, max: f64, why: &str) {
    if dose.amount.high > max {
        dose.amount.high = max;
        dose.amount.low = dose.amount.low.min(max);
        let shown = dose.shown();
        dose.arithmetic.push(format!("{why}: {shown}"));
    }
}
