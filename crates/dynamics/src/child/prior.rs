//! How children differ: the distribution of each parameter that varies, with its source.

use super::draws::{Draws, Key, Purpose};
use super::model::ChildModel;
use super::person::{Child, Request, Spread};
use super::population::PopulationError;
use barograph_record::Sex;
use serde::{Deserialize, Serialize};

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
    /// Typical values that were searched for; they stand in a file of their own, which the search writes.
    #[serde(skip)]
    pub typical: Vec<Typical>,
}

/// A typical value that is searched for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typical {
    /// Its name in the model.
    pub parameter: String,
    /// The value that the design began from.
    pub design: f64,
    /// How far from it the search may go: standard deviation of the logarithm.
    pub width: f64,
    /// What was found; the value of the model's text where nothing is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<f64>,
}

#[derive(Deserialize)]
struct TypicalFile {
    typical: Vec<Typical>,
}

impl Prior {
    /// The laws shipped with the model.
    ///
    /// # Errors
    /// The shipped file is at fault: a fault of this crate.
    pub fn shipped() -> Result<Self, PopulationError> {
        let at_fault = |error: toml::de::Error| PopulationError::File(error.to_string());
        let mut prior: Self = toml::from_str(include_str!("../../../../knowledge/populations/child-prior-1.toml")).map_err(at_fault)?;
        let found: TypicalFile =
            toml::from_str(include_str!("../../../../knowledge/populations/child-typical-1.toml")).map_err(at_fault)?;
        prior.typical = found.typical;
        Ok(prior)
    }

    /// Child `number` of the plausible children under `seed`.
    ///
    /// # Errors
    /// A law names a parameter that the model lacks.
    pub fn child(&self, model: &ChildModel, seed: u64, number: u64, request: &Request) -> Result<Child, PopulationError> {
        let key = Key { seed, patient: number, replicate: 0 };
        let mut parameters = model.model.typical();
        for (typical, found) in self.typical.iter().filter_map(|t| Some((t, t.found?))) {
            parameters[model.model.parameter(&typical.parameter)?] = found;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_law_names_a_parameter_and_says_how_sure_it_is() {
        let (model, prior) = (ChildModel::new().unwrap(), Prior::shipped().unwrap());
        let sure = ["primary", "secondary", "recalled", "derived", "assumed"];
        for vary in &prior.vary {
            assert!(model.model().parameter(&vary.parameter).is_ok(), "{}", vary.parameter);
            assert!(sure.contains(&vary.verified.as_str()) && !vary.source.is_empty(), "{}", vary.parameter);
        }
        let mut names: Vec<_> = prior.vary.iter().map(|v| &v.parameter).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), prior.vary.len(), "a parameter has two laws");
    }

    /// Nothing is harmless by construction: the effects of treatment on CAR-T cells vary, on both sides of none for tocilizumab.
    #[test]
    fn effects_on_car_t_cells_have_priors_that_are_not_zero() {
        let (model, prior) = (ChildModel::new().unwrap(), Prior::shipped().unwrap());
        let values = |name: &str| -> Vec<f64> {
            let place = model.model().parameter(name).unwrap();
            (0..200).map(|i| prior.child(&model, 1, i, &Request::default()).unwrap().parameters[place]).collect()
        };
        let blockade = values("eps_T");
        assert!(blockade.iter().any(|x| *x < -0.05) && blockade.iter().any(|x| *x > 0.05));
        for name in ["Imax_E", "kappa_S"] {
            assert!(values(name).iter().all(|x| *x > 0.0), "{name}");
        }
    }

    #[test]
    fn what_is_asked_for_is_what_the_child_is() {
        let (model, prior) = (ChildModel::new().unwrap(), Prior::shipped().unwrap());
        let request = Request { age_years: Some(6.0), weight_kg: Some(150.0), burden_percent: Some(50.0), cells_per_kg: Some(3e6) };
        let child = prior.child(&model, 1, 3, &request).unwrap();
        assert_eq!((child.age_years, child.weight_kg, child.burden_percent), (6.0, 150.0, 50.0));
        assert_eq!(child.dose(), 2.5e8);
        assert_eq!(child.pressure_limit(), 82.0);
    }
}
