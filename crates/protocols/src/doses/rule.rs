//! Dose rules as written in `knowledge/doses/`: one file per drug.

use crate::language::{Drug, Problem, Verified};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// One drug's doses.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseFile {
    /// Id of the file.
    pub id: String,
    /// Version of the file.
    pub version: String,
    /// The drug.
    pub drug: Drug,
    /// Where its doses were published.
    pub citation: String,
    /// How sure the whole is; each dose says so for itself.
    pub verified: Verified,
    /// Limits of this file.
    #[serde(default)]
    pub note: String,
    /// What can be drawn up; without it a dose is not rounded.
    pub product: Option<Product>,
    /// The doses.
    #[serde(default, rename = "dose")]
    pub doses: Vec<Spanned<DoseRule>>,
}

/// What a pharmacy draws up.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Contents of each vial or tablet, in the drug's unit.
    #[serde(default)]
    pub vials: Vec<f64>,
    /// Concentration, in the drug's unit for each millilitre.
    pub per_ml: Option<f64>,
    /// Smallest volume that can be measured.
    pub measurable_ml: Option<f64>,
    /// Where this is stated.
    pub citation: String,
    /// How sure it is.
    pub verified: Verified,
}

/// One dose.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseRule {
    /// Id, unique among all doses; protocols name it.
    pub id: String,
    /// The dose in words.
    pub title: String,
    /// How it is given.
    #[serde(default)]
    pub route: String,
    /// Unit of the amount; that of the drug's signal where left out.
    pub unit: Option<String>,
    /// Whether the amount is that of a day, to be divided into doses in a way that the source leaves open.
    #[serde(default)]
    pub per_day: bool,
    /// The amount, by weight and age; bands must neither overlap nor leave a hole.
    pub band: Vec<Spanned<Band>>,
    /// Largest single dose.
    pub max: Option<f64>,
    /// Largest amount in 24 hours.
    pub max_in_24_hours: Option<f64>,
    /// Largest amount for each kilogram in 24 hours.
    pub max_per_kg_in_24_hours: Option<f64>,
    /// Passage of the source.
    pub citation: String,
    /// How sure it is.
    pub verified: Verified,
    /// Remark shown with it.
    #[serde(default)]
    pub note: String,
}

/// An amount for those of some weight and age: exactly one of `flat`, `per_kg`, `per_m2`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// From this weight on (kg).
    pub from_kg: Option<f64>,
    /// Below this weight (kg).
    pub below_kg: Option<f64>,
    /// From this age on (years).
    pub from_years: Option<f64>,
    /// Below this age (years).
    pub below_years: Option<f64>,
    /// The same amount for everybody.
    pub flat: Option<Amount>,
    /// For each kilogram.
    pub per_kg: Option<Amount>,
    /// For each square metre of body surface.
    pub per_m2: Option<Amount>,
}

/// One number, or the two ends of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// The lower end.
    pub low: f64,
    /// The upper end; the same where the source names one number.
    pub high: f64,
}

impl Amount {
    /// Exactly this much.
    pub const fn exactly(x: f64) -> Self {
        Self { low: x, high: x }
    }

    /// Both ends times a factor.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }

    /// Whether it is a range.
    pub const fn is_range(self) -> bool {
        self.low < self.high
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ends;
        impl<'de> serde::de::Visitor<'de> for Ends {
            type Value = Amount;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number, or an array of the two ends of a range")
            }

            fn visit_f64<E>(self, x: f64) -> Result<Amount, E> {
                Ok(Amount::exactly(x))
            }

            fn visit_i64<E>(self, x: i64) -> Result<Amount, E> {
                Ok(Amount::exactly(x as f64))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut ends: A) -> Result<Amount, A::Error> {
                let low = ends.next_element()?.ok_or_else(|| serde::de::Error::invalid_length(0, &self))?;
                let high = ends.next_element()?.ok_or_else(|| serde::de::Error::invalid_length(1, &self))?;
                if ends.next_element::<f64>()?.is_some() {
                    return Err(serde::de::Error::invalid_length(3, &self));
                }
                Ok(Amount { low, high })
            }
        }
        deserializer.deserialize_any(Ends)
    }
}

impl DoseFile {
    /// Reads a dose file. Only its form is checked.
    ///
    /// # Errors
    /// A [`Problem`] at the line that is not TOML, or has a key that the language does not know.
    pub fn from_toml(text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error| Problem::of_toml(text, &error))
    }
}
