//! Settings that every dose shares, from the policy, and the equivalence of steroids, from `knowledge/steroid-equivalence.toml`.

use barograph_grading::Policy;
use barograph_record::{Knowledge, Signal, Span, Verified};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

const TEXT: &str = include_str!("../../../../knowledge/steroid-equivalence.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Equivalence {
    milligrams: BTreeMap<Signal, f64>,
}

fn file() -> Option<&'static Knowledge<Equivalence>> {
    static FILE: OnceLock<Option<Knowledge<Equivalence>>> = OnceLock::new();
    // A test parses the embedded file, so it is there in a release.
    FILE.get_or_init(|| Knowledge::from_toml(TEXT).ok()).as_ref()
}

/// To what a dose is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// Not at all.
    #[default]
    None,
    /// To the nearest volume that can be measured.
    Measurable,
    /// To the nearest combination of whole vials.
    Vial,
}

/// How doses are computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How old (days) a weight may be.
    pub weight_days: f64,
    /// How old (days) a height may be.
    pub height_days: f64,
    /// Within which fraction of a boundary its other side is shown.
    pub near_boundary: f64,
    /// To what a dose is rounded.
    pub rounding: Rounding,
    /// By which fraction rounding to whole vials may change a dose.
    pub most_vial_change: f64,
    /// From which fraction of its dose on what was given joins a course that begins.
    pub joins_course_from: f64,
    /// Age (years), lowest and highest plausible weight (kg), by rising age.
    pub weight_for_age: Arc<[[f64; 3]]>,
    /// By which fraction a weight may differ from the one before it.
    pub weight_change: f64,
    /// Within which time rows of a drug that comes in vials may be parts of one dose.
    pub parts_within: Span,
    /// By which fraction they may exceed the computed dose together.
    pub parts_excess: f64,
    /// Up to which fraction of the hours between two doses of a course a further row is a part of the dose before it.
    pub parts_of_interval: f64,
    /// By which fraction what was given may differ from what was due and still be it.
    pub tolerance: f64,
}

impl Settings {
    /// The shipped settings under a policy.
    pub fn new(policy: &Policy, rounding: Rounding) -> Self {
        Self {
            weight_days: policy.weight_days,
            height_days: policy.height_days,
            near_boundary: policy.near_boundary,
            rounding,
            weight_for_age: policy.weight_for_age.as_slice().into(),
            weight_change: policy.weight_change,
            most_vial_change: policy.most_vial_change,
            joins_course_from: policy.joins_course_from,
            parts_within: Span::from_minutes(policy.dose_parts_minutes),
            parts_excess: policy.dose_parts_excess,
            parts_of_interval: policy.dose_parts_of_interval,
            tolerance: policy.dose_tolerance,
        }
    }

    /// Whether a weight is one that somebody of that age may have; `None` where the age is not known.
    pub fn is_likely(&self, kg: f64, years: Option<f64>) -> Option<bool> {
        let (low, high) = self.plausible_weight(years?)?;
        Some((low..=high).contains(&kg))
    }

    /// The lowest and highest plausible weight at an age: on the straight line between the ages of the policy.
    pub fn plausible_weight(&self, years: f64) -> Option<(f64, f64)> {
        let after = self.weight_for_age.iter().position(|[age, ..]| *age > years);
        let [_, low, high] = match after {
            None => *self.weight_for_age.last()?,
            Some(0) => *self.weight_for_age.first()?,
            Some(i) => {
                let ([a, low, high], [b, next_low, next_high]) = (*self.weight_for_age.get(i - 1)?, *self.weight_for_age.get(i)?);
                let part = (years - a) / (b - a);
                [years, low + part * (next_low - low), high + part * (next_high - high)]
            }
        };
        Some((low, high))
    }
}

/// Milligrams of prednisolone that do the same as some milligrams of a steroid; `None` for what is no steroid.
pub fn prednisolone_equivalent(drug: Signal, milligrams: f64) -> Option<f64> {
    let table = &file()?.content.milligrams;
    Some(milligrams * table.get(&Signal::Prednisolone)? / table.get(&drug)?)
}

/// Where the equivalence of steroids comes from, and how sure it is.
pub fn equivalence_source() -> (&'static str, Verified) {
    file().map_or(("", Verified::Assumed), |f| (&f.citation, f.verified))
}

/// Milligrams of each steroid that do the same.
pub fn steroid_equivalence() -> impl Iterator<Item = (Signal, f64)> {
    file().into_iter().flat_map(|f| f.content.milligrams.iter().map(|(drug, mg)| (*drug, *mg)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_equivalence_is_that_of_the_reference() {
        Knowledge::<Equivalence>::from_toml(TEXT).unwrap();
        // clinical.md 3.5: dexamethasone 10 mg is about 53 mg of methylprednisolone and 67 mg of prednisolone.
        let dexamethasone = prednisolone_equivalent(Signal::Dexamethasone, 10.0).unwrap();
        assert!((dexamethasone - 66.67).abs() < 0.01);
        assert!((prednisolone_equivalent(Signal::Methylprednisolone, 53.33).unwrap() - dexamethasone).abs() < 0.01);
        // Methylprednisolone 2 mg/kg at 20 kg is 40 mg, about dexamethasone 7.5 mg.
        let forty = prednisolone_equivalent(Signal::Methylprednisolone, 40.0).unwrap();
        assert!((prednisolone_equivalent(Signal::Dexamethasone, 7.5).unwrap() - forty).abs() < 1e-9);
        assert_eq!(prednisolone_equivalent(Signal::Tocilizumab, 1.0), None);
    }
}
