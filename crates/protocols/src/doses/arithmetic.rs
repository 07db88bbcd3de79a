//! The arithmetic of one dose for one body, as numbers and as text.

use super::body::{Body, Measured};
use super::round;
use super::rule::{Amount, Band, DoseRule, Product};
use super::settings::Settings;
use barograph_record::Instant;
use thiserror::Error;

/// A dose for one patient at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Dose {
    /// The amount to give, after the maximum and rounding.
    pub amount: Amount,
    /// Its unit.
    pub unit: String,
    /// Whether it is the amount of a day, to be divided.
    pub per_day: bool,
    /// How it came about, line by line.
    pub arithmetic: Vec<String>,
    /// What else one should know of it.
    pub remarks: Vec<String>,
    /// Whether it rests on a weight that hardly anybody of that age has.
    pub unlikely_weight: bool,
}

impl Dose {
    /// The amount with its unit: `144 mg`, `120 to 180 mg`, or `24 mg a day, in divided doses`.
    pub fn shown(&self) -> String {
        let amount = show(self.amount, &self.unit);
        if self.per_day { format!("{amount} a day, in divided doses") } else { amount }
    }
}

/// Why no dose is given out.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum DoseRefused {
    /// A dose by weight needs one.
    #[error("no weight is charted; chart a weight")]
    NoWeight,
    /// The weight is too old.
    #[error("the last weight, {kg} kg, was {when}, {days} days ago; a weight may be {limit} days old: weigh again")]
    OldWeight {
        /// The weight.
        kg: String,
        /// When it was measured.
        when: String,
        /// Its age.
        days: String,
        /// How old it may be.
        limit: String,
    },
    /// A dose by body surface needs a height.
    #[error("no height of the last {0} days is charted, which a dose by body surface needs; chart a height")]
    NoHeight(String),
    /// A band asks for an age.
    #[error("the age is not known, and this dose depends on it; state the age")]
    NoAge,
    /// No band fits.
    #[error("the source names no dose for this weight and age")]
    NoBand,
}

/// A number as people write it.
pub(crate) fn number(x: f64) -> String {
    let text = format!("{x:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(crate) fn show(amount: Amount, unit: &str) -> String {
    if amount.is_range() {
        format!("{} to {} {unit}", number(amount.low), number(amount.high))
    } else {
        format!("{} {unit}", number(amount.high))
    }
}

impl DoseRule {
    /// The dose for a body at an instant.
    ///
    /// # Errors
    /// [`DoseRefused`] where the weight, height or age that it depends on is missing or too old.
    pub fn compute(
        &self,
        unit: &str,
        product: Option<&Product>,
        body: &Body,
        now: Instant,
        settings: &Settings,
    ) -> Result<Dose, DoseRefused> {
        let by_weight = self.band.iter().any(|b| b.get_ref().needs_weight());
        let weight = if by_weight { Some(recent_weight(body, now, settings)?) } else { None };
        let by_age = self.band.iter().any(|b| b.get_ref().from_years.is_some() || b.get_ref().below_years.is_some());
        if by_age && body.years.is_none() {
            return Err(DoseRefused::NoAge);
        }
        let kg = weight.map(|w| w.value);
        let band = self.band_for(kg, body.years).ok_or(DoseRefused::NoBand)?;
        let mut dose = Dose {
            amount: Amount::exactly(0.0),
            unit: unit.to_owned(),
            per_day: self.per_day,
            arithmetic: Vec::new(),
            remarks: Vec::new(),
            unlikely_weight: false,
        };
        let exact = band.amount(&mut dose.arithmetic, unit, weight, body, now, settings)?;
        dose.amount = self.capped(exact, unit, &mut dose.arithmetic);
        if let Some(kg) = kg {
            dose.remarks.extend(unlikely(kg, body, settings).into_iter().chain(leaps(body, settings)));
            dose.unlikely_weight = !dose.remarks.is_empty();
            if body.years.is_none() {
                dose.remarks.push("the age is not known, so the weight could not be checked against it; state the age".to_owned());
            }
            self.show_boundaries(kg, body, settings, &mut dose);
        }
        if let Some(product) = product {
            round::apply(&mut dose, product, self.max, settings);
        }
        if !self.note.is_empty() {
            dose.remarks.push(self.note.clone());
        }
        Ok(dose)
    }

    fn band_for(&self, kg: Option<f64>, years: Option<f64>) -> Option<&Band> {
        self.band.iter().map(toml::Spanned::get_ref).find(|b| b.fits(kg, years))
    }

    fn capped(&self, exact: Amount, unit: &str, arithmetic: &mut Vec<String>) -> Amount {
        let Some(max) = self.max else { return exact };
        if exact.high <= max {
            arithmetic.push(format!("at most {} {unit}: not exceeded", number(max)));
            return exact;
        }
        arithmetic.push(format!("{} exceeds the maximum: {} {unit}", show(exact, unit), number(max)));
        Amount { low: exact.low.min(max), high: max }
    }

    /// Near a boundary of weight, the dose on either side of it.
    fn show_boundaries(&self, kg: f64, body: &Body, settings: &Settings, dose: &mut Dose) {
        let boundaries = self.band.iter().filter_map(|b| b.get_ref().from_kg).filter(|b| *b > 0.0);
        for boundary in boundaries.filter(|b| (kg - b).abs() <= b * settings.near_boundary) {
            let below = boundary - 0.1;
            let side = |kg: f64| {
                let band = self.band_for(Some(kg), body.years)?;
                let amount = band.per_kg.map(|a| a.times(kg)).or(band.flat)?;
                let cap = self.max.unwrap_or(f64::INFINITY);
                Some(show(Amount { low: amount.low.min(cap), high: amount.high.min(cap) }, &dose.unit))
            };
            if let (Some(under), Some(from)) = (side(below), side(boundary)) {
                let text = format!(
                    "the rule changes at {} kg: {} kg gives {under}, {} kg gives {from}",
                    number(boundary),
                    number(below),
                    number(boundary)
                );
                dose.remarks.push(text);
            }
        }
    }
}

/// What to say of a weight that hardly anybody of that age has. The dose stands: the child may be the one who has it.
fn unlikely(kg: f64, body: &Body, settings: &Settings) -> Option<String> {
    let years = body.years?;
    let (low, high) = settings.plausible_weight(years)?;
    (!(low..=high).contains(&kg)).then(|| {
        let tenth = |x: f64| number((x * 10.0).round() / 10.0);
        let [kg, years, low, high] = [number(kg), tenth(years), tenth(low), tenth(high)];
        format!(
            "CAUTION: {kg} kg is not a likely weight at {years} years ({low} to {high} kg, assumed): weigh again before the dose is given"
        )
    })
}

/// What to say of a weight that differs much from the one before it, when that is not old.
fn leaps(body: &Body, settings: &Settings) -> Option<String> {
    let (now, before) = (body.weight?, body.weight_before?);
    let close = (now.at - before.at).days() <= settings.weight_days;
    (close && (now.value / before.value - 1.0).abs() > settings.weight_change).then(|| {
        let [kg, was] = [now.value, before.value].map(number);
        format!("CAUTION: {kg} kg, {}, after {was} kg, {}: weigh again before the dose is given", now.when(), before.when())
    })
}

fn recent_weight(body: &Body, now: Instant, settings: &Settings) -> Result<Measured, DoseRefused> {
    let weight = body.weight.ok_or(DoseRefused::NoWeight)?;
    let days = (now - weight.at).days();
    if days > settings.weight_days {
        let [kg, days, limit] = [weight.value, days, settings.weight_days].map(number);
        return Err(DoseRefused::OldWeight { kg, when: weight.when(), days, limit });
    }
    Ok(weight)
}

impl Band {
    fn needs_weight(&self) -> bool {
        self.per_kg.is_some() || self.per_m2.is_some() || self.from_kg.is_some() || self.below_kg.is_some()
    }

    fn fits(&self, kg: Option<f64>, years: Option<f64>) -> bool {
        let inside = |x: Option<f64>, from: Option<f64>, below: Option<f64>| match x {
            Some(x) => from.is_none_or(|f| x >= f) && below.is_none_or(|b| x < b),
            None => from.is_none() && below.is_none(),
        };
        inside(kg, self.from_kg, self.below_kg) && inside(years, self.from_years, self.below_years)
    }

    /// The weights it is for, in words.
    fn range(&self) -> String {
        match (self.from_kg, self.below_kg) {
            (Some(from), Some(below)) => format!(" ({} kg to below {} kg)", number(from), number(below)),
            (Some(from), None) => format!(" (from {} kg)", number(from)),
            (None, Some(below)) => format!(" (below {} kg)", number(below)),
            (None, None) => String::new(),
        }
    }

    fn amount(
        &self,
        lines: &mut Vec<String>,
        unit: &str,
        weight: Option<Measured>,
        body: &Body,
        now: Instant,
        settings: &Settings,
    ) -> Result<Amount, DoseRefused> {
        if let Some(flat) = self.flat {
            lines.push(format!("{}{}", show(flat, unit), self.range()));
            return Ok(flat);
        }
        let weight = weight.ok_or(DoseRefused::NoWeight)?;
        if let Some(per_kg) = self.per_kg {
            let amount = per_kg.times(weight.value);
            let rate = show(per_kg, &format!("{unit}/kg"));
            lines.push(format!("{rate}{} x {} kg ({}) = {}", self.range(), number(weight.value), weight.when(), show(amount, unit)));
            return Ok(amount);
        }
        let per_m2 = self.per_m2.ok_or(DoseRefused::NoBand)?;
        let fresh = body.height.filter(|h| (now - h.at).days() <= settings.height_days);
        let height = fresh.ok_or_else(|| DoseRefused::NoHeight(number(settings.height_days)))?;
        let surface = mosteller(weight.value, height.value);
        let amount = per_m2.times(surface);
        let (kg, cm) = (number(weight.value), number(height.value));
        lines.push(format!("body surface (Mosteller): square root of ({cm} cm x {kg} kg / 3600) = {surface:.3} m2"));
        lines.push(format!("{} x {surface:.3} m2 = {}", show(per_m2, &format!("{unit}/m2")), show(amount, unit)));
        Ok(amount)
    }
}

/// Body surface in square metres from kilograms and centimetres: Mosteller RD. N Engl J Med 1987;317:1098.
pub fn mosteller(kg: f64, cm: f64) -> f64 {
    (cm * kg / 3600.0).sqrt()
}
