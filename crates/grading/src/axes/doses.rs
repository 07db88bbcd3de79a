//! From which dose a vasopressor regimen is high-dose, from `knowledge/vasopressor-doses.toml`.

use super::infusions::Infusion;
use super::{Doubt, Known, Reading};
use crate::missing::Missing;
use barograph_record::Signal;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Rates charted per minute come back from rates per kilogram with a rounding error, which must not cost the threshold.
const ROUNDING: f64 = 1.0 - 1e-9;

/// Unit of a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum DoseUnit {
    /// Per minute.
    #[serde(rename = "ug/min")]
    PerMinute,
    /// Per kilogram and minute.
    #[serde(rename = "ug/kg/min")]
    PerKgMinute,
}

/// A norepinephrine equivalent: one published formula among several that disagree.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivalent {
    /// Name in a table.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it was published.
    pub citation: String,
    /// How sure the numbers are.
    pub verified: String,
    /// Limits of the source.
    #[serde(default)]
    pub note: String,
    terms: BTreeMap<Signal, Term>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    unit: DoseUnit,
    divided_by: f64,
}

/// One published table of high doses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseTable {
    /// Name in a policy.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it was published.
    pub citation: String,
    /// How sure the numbers are.
    pub verified: String,
    /// Limits of the source.
    #[serde(default)]
    pub note: String,
    alone: BTreeMap<Signal, Alone>,
    with_vasopressin: Combined,
    combined: Combined,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alone {
    at_least: f64,
    unit: DoseUnit,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Combined {
    at_least: f64,
    unit: DoseUnit,
    equivalent: String,
}

#[derive(Deserialize)]
#[allow(dead_code)] // the header is checked by being required
struct File {
    id: String,
    version: String,
    citation: String,
    verified: String,
    /// Weight of the adult that absolute doses are scaled from, where a policy scales them.
    adult_kg: f64,
    equivalent: Vec<Equivalent>,
    table: Vec<DoseTable>,
}

const TEXT: &str = include_str!("../../../../knowledge/vasopressor-doses.toml");

fn file() -> Option<&'static File> {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    // A test parses the embedded file, so it is there in a release.
    FILE.get_or_init(|| toml::from_str(TEXT).ok()).as_ref()
}

/// An amount of which a lower and an upper bound are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Amount {
    pub(super) const ZERO: Self = Self { low: 0.0, high: 0.0 };
    pub(super) const UNKNOWN: Self = Self { low: 0.0, high: f64::INFINITY };

    pub(super) fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }

    pub(super) fn times(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }

    /// Whether it is more than another.
    pub(super) fn exceeds(self, other: Self) -> Known {
        if self.low * ROUNDING > other.high {
            Known::Yes
        } else if self.high * ROUNDING <= other.low {
            Known::No
        } else {
            Known::Unknown
        }
    }

    fn reaches(self, at_least: f64) -> (bool, bool) {
        (self.low >= at_least * ROUNDING, self.high >= at_least * ROUNDING)
    }
}

/// What doses are converted with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body {
    /// The patient's weight, as far as known.
    pub(super) weight: Option<f64>,
    /// Whether absolute doses are scaled from an adult instead.
    pub(super) scaled: bool,
}

impl Body {
    fn weight_of(self, charted: Option<f64>) -> Option<f64> {
        if self.scaled { file().map(|f| f.adult_kg) } else { charted.or(self.weight) }
    }
}

impl DoseTable {
    /// Every table that ships with barograph.
    pub fn all() -> &'static [Self] {
        file().map_or(&[], |f| &f.table)
    }

    /// The table of this id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        Self::all().iter().find(|table| table.id == id)
    }

    /// Whether the doses that run now are high, whatever the time they have run.
    ///
    /// What is no more than before the infusion, or runs in doubt, makes no dose certainly high.
    pub(super) fn reached(&self, infusions: &[Infusion], body: Body) -> Reading<bool> {
        let all = self.reached_by(infusions, body, |_| true);
        let certain = |i: &Infusion| i.raised() == Known::Yes;
        if infusions.iter().all(certain) {
            return all;
        }
        let floor = self.reached_by(infusions, body, certain).floor;
        match all {
            Reading { ceiling: true, doubt: Doubt::None, .. } if !floor => {
                Reading::between(false, true, Doubt::Undecided, Missing::SupportBeforeInfusion)
            }
            all => Reading { floor, ..all },
        }
    }

    fn reached_by(&self, infusions: &[Infusion], body: Body, counts: impl Fn(&Infusion) -> bool) -> Reading<bool> {
        let running = || infusions.iter().filter(|i| i.runs() && counts(i));
        let vasopressin = running().any(|i| i.signal == Signal::Vasopressin);
        let agents: Vec<&Infusion> = running().filter(|i| self.alone.contains_key(&i.signal)).collect();
        let (mut certain, mut possible) = (false, false);
        let mut take = |(low, high): (bool, bool)| {
            certain |= low;
            possible |= high;
        };
        for agent in &agents {
            if let Some(alone) = self.alone.get(&agent.signal) {
                take(in_unit(agent, alone.unit, body).reaches(alone.at_least));
            }
        }
        let together = match (vasopressin, agents.len()) {
            (true, 1..) => Some(&self.with_vasopressin),
            (false, 2..) => Some(&self.combined),
            _ => None,
        };
        if let Some(rule) = together {
            take(rule.sum(&agents, body).reaches(rule.at_least));
        }
        if certain == possible {
            return Reading::exactly(certain);
        }
        let unquantified = agents.iter().any(|a| a.rate().is_none());
        let missing = match (unquantified, body.weight) {
            (false, _) => Missing::Weight,
            (true, Some(_)) => Missing::VasopressorRate,
            // Without a weight a rate per minute is not one per kilogram: it is not known which of the two is missing.
            (true, None) => Missing::VasopressorRateOrWeight,
        };
        Reading::between(certain, possible, Doubt::Undecided, missing)
    }
}

impl Combined {
    /// The norepinephrine equivalent in the rule's unit.
    fn sum(&self, agents: &[&Infusion], body: Body) -> Amount {
        let Some(equivalent) = file().and_then(|f| f.equivalent.iter().find(|e| e.id == self.equivalent)) else { return Amount::UNKNOWN };
        agents.iter().fold(Amount::ZERO, |sum, agent| {
            let Some(term) = equivalent.terms.get(&agent.signal) else { return sum };
            let amount = match (self.unit, term.unit) {
                // The formula's sum is per minute; per kilogram it is divided by the weight, which cancels where a
                // term is per minute and is needed where it is per kilogram already.
                (DoseUnit::PerMinute, unit) => in_unit(agent, unit, body),
                (DoseUnit::PerKgMinute, DoseUnit::PerMinute) => agent.per_kg(),
                (DoseUnit::PerKgMinute, DoseUnit::PerKgMinute) => {
                    agent.sum(|amount, weight| body.weight_of(weight).map_or(Amount::UNKNOWN, |w| amount.times(1.0 / w)))
                }
            };
            sum.plus(amount.times(1.0 / term.divided_by))
        })
    }
}

fn in_unit(agent: &Infusion, unit: DoseUnit, body: Body) -> Amount {
    match unit {
        DoseUnit::PerKgMinute => agent.per_kg(),
        DoseUnit::PerMinute => agent.sum(|amount, weight| body.weight_of(weight).map_or(Amount::UNKNOWN, |w| amount.times(w))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barograph_record::{Comparator, Event, Instant, Origin, TextId, Value};

    #[test]
    fn shipped_tables_are_cited() {
        toml::from_str::<File>(TEXT).unwrap();
        assert_eq!(DoseTable::all().iter().map(|t| t.id.as_str()).collect::<Vec<_>>(), ["lee-2014", "penn-2014"]);
        for table in DoseTable::all() {
            assert!(!table.citation.is_empty() && table.verified == "recalled");
            for rule in [&table.with_vasopressin, &table.combined] {
                assert!(file().unwrap().equivalent.iter().any(|e| e.id == rule.equivalent && !e.citation.is_empty()));
            }
        }
    }

    fn running(rates: &[(Signal, f64)]) -> Vec<Infusion> {
        let infusion = |&(signal, rate): &(Signal, f64)| {
            let at = Instant::INFUSION;
            let value = if rate.is_nan() { Value::Unquantified } else { Value::Number(rate, Comparator::Exact) };
            let mut infusion = Infusion::new(signal);
            infusion.change(
                &Event { at, known: at, signal, value, channel: 0, detail: TextId(0), origin: Origin::default(), half_digit: 0.0 },
                None,
            );
            infusion
        };
        rates.iter().map(infusion).collect()
    }

    fn reached(table: &str, weight: Option<f64>, rates: &[(Signal, f64)]) -> (bool, bool, &'static str) {
        let reading = DoseTable::by_id(table).unwrap().reached(&running(rates), Body { weight, scaled: false });
        (reading.floor, reading.ceiling, reading.unstated.name())
    }

    #[test]
    fn every_row_of_both_tables_has_its_edge() {
        use Signal::{Dopamine, Epinephrine, Norepinephrine, Phenylephrine, Vasopressin};
        let (yes, no) = ((true, true, ""), (false, false, ""));
        // At 50 kg: 20 ug/min are 0.4 ug/kg/min, 10 ug/min 0.2, 200 ug/min 4.
        let fifty = Some(50.0);
        for (table, weight, rates, expected) in [
            ("lee-2014", fifty, vec![(Norepinephrine, 0.4)], yes),
            ("lee-2014", fifty, vec![(Norepinephrine, 0.399)], no),
            ("lee-2014", fifty, vec![(Dopamine, 10.0)], yes),
            ("lee-2014", fifty, vec![(Dopamine, 9.9)], no),
            ("lee-2014", fifty, vec![(Phenylephrine, 4.0)], yes),
            ("lee-2014", fifty, vec![(Phenylephrine, 3.99)], no),
            ("lee-2014", fifty, vec![(Epinephrine, 0.2)], yes),
            ("lee-2014", fifty, vec![(Epinephrine, 0.199)], no),
            ("lee-2014", fifty, vec![(Norepinephrine, 0.2), (Vasopressin, 0.0005)], yes),
            ("lee-2014", fifty, vec![(Norepinephrine, 0.199), (Vasopressin, 0.0005)], no),
            ("lee-2014", fifty, vec![(Vasopressin, 0.002)], no),
            // 10 + 4 / 2 + 4 + 40 / 10 = 20 ug/min, and a little less.
            ("lee-2014", fifty, vec![(Norepinephrine, 0.2), (Dopamine, 4.0), (Epinephrine, 0.08), (Phenylephrine, 0.8)], yes),
            ("lee-2014", fifty, vec![(Norepinephrine, 0.2), (Dopamine, 3.9), (Epinephrine, 0.08), (Phenylephrine, 0.8)], no),
            // A second agent never makes a regimen lower.
            ("lee-2014", fifty, vec![(Dopamine, 12.0), (Epinephrine, 0.02)], yes),
            ("penn-2014", fifty, vec![(Norepinephrine, 0.2)], yes),
            ("penn-2014", fifty, vec![(Norepinephrine, 0.19)], no),
            ("penn-2014", fifty, vec![(Epinephrine, 0.1)], yes),
            ("penn-2014", fifty, vec![(Dopamine, 10.0)], yes),
            ("penn-2014", fifty, vec![(Phenylephrine, 4.0)], yes),
            ("penn-2014", fifty, vec![(Norepinephrine, 0.1), (Vasopressin, 0.0005)], yes),
            ("penn-2014", fifty, vec![(Norepinephrine, 0.099), (Vasopressin, 0.0005)], no),
            // 0.1 + 0.05 + (5 / 2) / 50 = 0.2 ug/kg/min.
            ("penn-2014", fifty, vec![(Norepinephrine, 0.1), (Epinephrine, 0.05), (Dopamine, 5.0)], yes),
            ("penn-2014", fifty, vec![(Norepinephrine, 0.1), (Epinephrine, 0.05), (Dopamine, 4.9)], no),
            // Without a weight, only what is per kilogram is known.
            ("lee-2014", None, vec![(Norepinephrine, 0.4)], (false, true, "weight")),
            ("lee-2014", None, vec![(Dopamine, 10.0)], yes),
            ("penn-2014", None, vec![(Norepinephrine, 0.19)], no),
            ("penn-2014", None, vec![(Phenylephrine, 1.0)], (false, true, "weight")),
            ("penn-2014", None, vec![(Norepinephrine, 0.1), (Dopamine, 1.0)], (false, true, "weight")),
            ("penn-2014", fifty, vec![(Norepinephrine, f64::NAN)], (false, true, "vasopressor rate")),
            ("lee-2014", None, vec![(Norepinephrine, f64::NAN)], (false, true, "vasopressor rate or weight")),
        ] {
            assert_eq!(reached(table, weight, &rates), expected, "{table} {rates:?}");
        }
    }

    #[test]
    fn scaled_from_an_adult_the_weight_does_not_matter() {
        let lee = DoseTable::by_id("lee-2014").unwrap();
        let at = |rate| lee.reached(&running(&[(Signal::Norepinephrine, rate)]), Body { weight: Some(20.0), scaled: true }).floor;
        assert!(at(0.286) && !at(0.285));
    }
}
