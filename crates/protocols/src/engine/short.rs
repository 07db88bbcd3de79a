//! Doses that answered what was due with less than was due.

use super::facts::Facts;
use super::limits;
use crate::doses::{Dose, Settings, number};
use crate::language::Drug;
use barograph_record::Instant;

/// What was due when a dose came.
#[derive(Clone)]
pub(super) struct Answered {
    drug: Drug,
    at: Instant,
    /// Until when parts of it count.
    until: Instant,
    /// The least that was due, with its unit.
    least: f64,
    unit: String,
}

impl Answered {
    /// A dose that comes now for what is due; nothing where the amount of a day was asked for, which is given in parts.
    pub(super) fn of(drug: Drug, at: Instant, until: Instant, due: &Dose) -> Option<Self> {
        (!due.per_day).then(|| Self { drug, at, until, least: due.amount.low, unit: due.unit.clone() })
    }

    /// What to say of it, where less was given than rounding explains. A dose in several vials, or in parts within the
    /// hours of its course, is whole once the last of them is charted.
    pub(super) fn note(&self, facts: &Facts, settings: &Settings) -> Option<String> {
        let kg = facts.body.weight.map(|w| w.value);
        let given = facts.doses.of(self.drug).iter().filter(|g| g.at == self.at || (self.at < g.at && g.at < self.until));
        let amount = given.map(|g| limits::amount(g, kg)).sum::<Option<f64>>()?;
        (amount < self.least * (1.0 - settings.most_vial_change)).then(|| {
            let (name, unit) = (self.drug.name().replace('_', " "), &self.unit);
            format!("{name} {} {unit} at {} is less than the {} {unit} that was due", number(amount), self.at, number(self.least))
        })
    }
}
