//! How children differ: the distribution of each parameter that varies, with its source.

use super::draws::{Draws, Key, Purpose};
use super::model::ChildModel;
use super::person::{Child, Request, Spread};
use super::population::PopulationError;
use barograph_record::Sex;
use serde::Deserialize;

/// The law of a parameter across children; the typical value is the model's.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Law {
    /// The typical value times exp(sd z), at most `most`.
    Lognormal {
        /// Standard deviation of the logarithm.
        sd: f64,
        /// Upper limit.
        most: Option<f64>,
    },
    /// exp(mean + sd z) - 1: a relative change.
    RelativeChange {
        /// Mean of the logarithm.
        mean: f64,
        /// Standard deviation of the logarithm.
        sd: f64,
    },
    /// Beta.
    Beta {
        /// First shape.
        a: f64,
        /// Second shape.
        b: f64,
    },
    /// The absolute value of a normal draw.
    HalfNormal {
        /// Standard deviation of the normal draw.
        sd: f64,
    },
    /// Poor products are a share of all; both kinds vary log-normally.
    Quality {
        /// Share of poor products.
        poor_share: f64,
        /// Median quality of a poor one; a good one's is 1.
        poor: f64,
        /// Standard deviation of the logarithm.
        sd: f64,
    },
}

impl Law {
    fn draw(&self, typical: f64, draws: &mut Draws) -> f64 {
        match *self {
            Self::Lognormal { sd, most } => (typical * (sd * draws.normal()).exp()).min(most.unwrap_or(f64::INFINITY)),
            Self::RelativeChange { mean, sd } => (mean + sd * draws.normal()).exp() - 1.0,
            Self::Beta { a, b } => draws.beta(a, b),
            Self::HalfNormal { sd } => sd * draws.normal().abs(),
            Self::Quality { poor_share, poor, sd } => {
                let median = if draws.chance(poor_share) { poor } else { 1.0 };
                median * (sd * draws.normal()).exp()
            }
        }
    }
}

/// A parameter that varies.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vary {
    /// Its name in the model.
    pub parameter: String,
    /// Its law.
    pub law: Law,
    /// Where the law comes from.
    pub source: String,
    /// How sure the source is: primary, secondary, recalled, derived or assumed.
    pub verified: String,
}

/// All laws.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// Where it comes from.
    pub citation: String,
    /// How sure it is as a whole.
    pub verified: String,
    /// The parameters that vary.
    pub vary: Vec<Vary>,
}

impl Prior {
    /// The laws shipped with the model.
    ///
    /// # Errors
    /// The shipped file is at fault: a fault of this crate.
    pub fn shipped() -> Result<Self, PopulationError> {
        let text = include_str!("../../../../knowledge/populations/child-prior-1.toml");
        toml::from_str(text).map_err(|error| PopulationError::File(error.to_string()))
    }

    /// Child `number` of the plausible children under `seed`.
    ///
    /// # Errors
    /// A law names a parameter that the model lacks.
    pub fn child(&self, model: &ChildModel, seed: u64, number: u64, request: &Request) -> Result<Child, PopulationError> {
        let key = Key { seed, patient: number, replicate: 0 };
        let mut parameters = model.model.typical();
        let person = |index| key.draws(Purpose::Person, index);
        for (index, vary) in self.vary.iter().enumerate() {
            let place = model.model.parameter(&vary.parameter)?;
            // A stream for each parameter: a law added later changes no other draw.
            parameters[place] = vary.law.draw(parameters[place], &mut person(100 + index as u32));
        }
        let age_years = request.age_years.unwrap_or_else(|| Spread::age(&mut person(0)));
        let weight_kg = request.weight_kg.unwrap_or_else(|| Spread::weight(age_years, &mut person(1)));
        let cells_per_kg = request.cells_per_kg.unwrap_or_else(|| Spread::cells_per_kg(&mut person(2)));
        let burden_percent = request.burden_percent.unwrap_or_else(|| Spread::burden(&mut person(3)));
        let sex = if person(5).chance(0.5) { Sex::Female } else { Sex::Male };
        let mut child = Child { number, age_years, weight_kg, sex, burden_percent, cells_per_kg, parameters, key };
        let names = model.parameters;
        for (place, value) in [
            (names.weight, weight_kg),
            (names.age, age_years),
            (names.dose, child.dose()),
            (names.burden, burden_percent),
            (names.pressure, Spread::pressure_in_health(age_years, &mut person(4))),
        ] {
            child.parameters[place] = value;
        }
        Ok(child)
    }
}
