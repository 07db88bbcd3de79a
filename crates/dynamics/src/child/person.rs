//! Who the child is.

use super::draws::{Draws, Key};
use barograph_record::Sex;

/// A virtual child at infusion, before anything has happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Position in its population; with the seed it names the child.
    pub number: u64,
    /// Years.
    pub age_years: f64,
    /// Kilograms.
    pub weight_kg: f64,
    /// Drawn evenly; it changes nothing in the model.
    pub sex: Sex,
    /// Leukaemic cells among marrow cells, per cent.
    pub burden_percent: f64,
    /// CAR-T cells infused, per kilogram.
    pub cells_per_kg: f64,
    /// Values of the model's parameters, in its order.
    pub parameters: Vec<f64>,
    pub(super) key: Key,
}

/// What is asked of a child instead of drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Request {
    /// Years.
    pub age_years: Option<f64>,
    /// Kilograms.
    pub weight_kg: Option<f64>,
    /// Per cent.
    pub burden_percent: Option<f64>,
    /// Per kilogram.
    pub cells_per_kg: Option<f64>,
}

impl Child {
    /// The lowest systolic pressure that is acted on at the bedside, mmHg: 70 + 2 x age up to 10 years, 90 from then on (Pediatric Advanced Life Support).
    pub fn pressure_limit(&self) -> f64 {
        if self.age_years < 1.0 { 70.0 } else { (70.0 + 2.0 * self.age_years).min(90.0) }
    }

    /// Cells infused: by weight, at most 2.5e8.
    pub fn dose(&self) -> f64 {
        (self.cells_per_kg * self.weight_kg).min(2.5e8)
    }

    /// The same child with other noise and other chance.
    #[must_use]
    pub fn replicate(mut self, replicate: u32) -> Self {
        self.key.replicate = replicate;
        self
    }
}

/// How ages, weights, burdens and doses are spread (assumed; ranges of ELIANA and Stein 2019: 3 to 25 years, 14 to 140 kg, 0.2 to 5.4 million cells a kilogram).
pub(super) struct Spread;

impl Spread {
    pub(super) fn age(draws: &mut Draws) -> f64 {
        let age = 3.0 + 22.0 * draws.beta(1.3, 1.9);
        (age * 10.0).round() / 10.0
    }

    pub(super) fn weight(age: f64, draws: &mut Draws) -> f64 {
        let median = if age < 18.0 { 8.0 + 2.65 * age + 0.6 * (age - 10.0).max(0.0) } else { 66.0 };
        let weight = (median * (0.2 * draws.normal()).exp()).clamp(10.0, 140.0);
        (weight * 10.0).round() / 10.0
    }

    pub(super) fn cells_per_kg(draws: &mut Draws) -> f64 {
        (3.1e6 * (0.5 * draws.normal()).exp()).clamp(0.2e6, 5.4e6)
    }

    /// Lognormal, median 15 %, log-SD 1.9, clipped.
    pub(super) fn burden(draws: &mut Draws) -> f64 {
        (15.0 * (1.9 * draws.normal()).exp()).clamp(0.01, 95.0)
    }

    pub(super) fn pressure_in_health(age: f64, draws: &mut Draws) -> f64 {
        (95.0 + 1.6 * age.min(18.0)) * (0.05 * draws.normal()).exp()
    }
}
