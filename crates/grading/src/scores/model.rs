//! Logistic models whose coefficients a user brings.
//!
//! **Formula**: 1 / (1 + exp(-(intercept + sum of coefficient times transformed value))), from 0 to 1.
//!
//! barograph ships no coefficients for [`unshipped`] models, because nobody has read them in the source; some that
//! circulate in public code are invented. A file brings them, and must say where each number was read:
//!
//! ```toml
//! id = "our-model"
//! version = "1"
//! title = "…"
//! citation = "…"
//! provenance = "table S3 of the paper, read by … on …"
//! verified = "primary"
//! population = "…"
//! intercept = -1.0
//!
//! [[term]]
//! signal = "ferritin"
//! unit = "ng/mL"
//! transform = "log10"          # identity, log, log2, log10 or square-root
//! at_least = 0.01              # smaller values are raised to this one (a model's way with zeros), if given
//! valid = [30.0, 3900.0]       # range in which the model was derived, if given; outside it the point is remarked on
//! coefficient = 0.5
//! ```
//!
//! **Missing**: an input that is missing opens the probability as far as its coefficient allows, to 0 or 1.

use super::measure::Measure;
use super::options::Options;
use super::sheet::Sheet;
use super::state::walk;
use super::{Bounds, Point, Score};
use barograph_record::{Knowledge, Record, Signal, UnitError};
use serde::Deserialize;
use std::sync::OnceLock;
use thiserror::Error;

/// A logistic model from a user's file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    id: String,
    version: String,
    title: String,
    citation: String,
    provenance: String,
    verified: String,
    population: String,
    warning: Option<String>,
    intercept: f64,
    term: Vec<Term>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawTerm")]
struct Term {
    measure: Measure,
    transform: Transform,
    at_least: Option<f64>,
    valid: Option<[f64; 2]>,
    coefficient: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    signal: Signal,
    unit: String,
    transform: Transform,
    at_least: Option<f64>,
    valid: Option<[f64; 2]>,
    coefficient: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Transform {
    Identity,
    Log,
    Log2,
    Log10,
    SquareRoot,
}

/// Why a model's file was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// Not TOML, a missing or unknown key, or a unit that does not fit its signal.
    #[error("the model file is not valid: {0}")]
    Toml(#[from] toml::de::Error),
    /// A text that must say something is blank.
    #[error("the model file leaves {0} blank; say where the numbers were read, so that nobody takes invented ones for published")]
    Blank(&'static str),
    /// An id that a shipped score has.
    #[error("the model's id {0:?} is that of a score that barograph ships; give it one of its own")]
    Taken(String),
    /// A verification that is none.
    #[error("verified = {0:?} is not one of primary, secondary, recalled, derived")]
    Verified(String),
    /// A number that cannot be meant.
    #[error("{key} = {value} cannot be meant; coefficients are finite and not 0, and at_least is positive")]
    Number {
        /// The key.
        key: &'static str,
        /// What was given.
        value: f64,
    },
}

impl TryFrom<RawTerm> for Term {
    type Error = UnitError;

    fn try_from(raw: RawTerm) -> Result<Self, UnitError> {
        let RawTerm { signal, unit, transform, at_least, valid, coefficient } = raw;
        Ok(Self { measure: Measure::new(signal, &unit)?, transform, at_least, valid, coefficient })
    }
}

impl Model {
    /// A model from the text of a file.
    ///
    /// # Errors
    /// [`ModelError`] says what is missing or cannot stand.
    pub fn from_toml(text: &str) -> Result<Self, ModelError> {
        let model: Self = toml::from_str(text)?;
        for (key, value) in [
            ("id", &model.id),
            ("version", &model.version),
            ("title", &model.title),
            ("citation", &model.citation),
            ("provenance", &model.provenance),
        ] {
            if value.trim().is_empty() {
                return Err(ModelError::Blank(key));
            }
        }
        if super::by_id(&model.id).is_some() {
            return Err(ModelError::Taken(model.id));
        }
        if !["primary", "secondary", "recalled", "derived"].contains(&model.verified.as_str()) {
            return Err(ModelError::Verified(model.verified));
        }
        finite("intercept", model.intercept)?;
        for term in &model.term {
            finite("coefficient", term.coefficient)?;
            if term.coefficient == 0.0 {
                return Err(ModelError::Number { key: "coefficient", value: 0.0 });
            }
            if let Some(value) = term.at_least.filter(|x| !(*x > 0.0 && x.is_finite())) {
                return Err(ModelError::Number { key: "at_least", value });
            }
        }
        Ok(model)
    }

    /// Where its numbers were read.
    pub fn provenance(&self) -> &str {
        &self.provenance
    }

    fn probability(&self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let start = Bounds::exactly(self.intercept);
        let sum = self.term.iter().fold(start, |sum, term| sum.plus(term.contribution(sheet)));
        // Opposite infinities say nothing.
        let sum = Bounds::between(sum.floor, sum.ceiling);
        sum.through(|x| 1.0 / (1.0 + (-x).exp()))
    }
}

fn finite(key: &'static str, value: f64) -> Result<(), ModelError> {
    if value.is_finite() { Ok(()) } else { Err(ModelError::Number { key, value }) }
}

impl Term {
    fn contribution(&self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let read = sheet.read(&self.measure);
        if let Some([low, high]) = self.valid
            && read != Bounds::ANY
            && (read.floor < low || read.ceiling > high)
        {
            sheet.note("outside-the-range-of-the-model");
        }
        let raised = self.at_least.map_or(read, |least| read.max(Bounds::exactly(least)));
        raised.through(|x| self.coefficient * self.transform.of(x))
    }
}

impl Transform {
    fn of(self, x: f64) -> f64 {
        match self {
            Self::Identity => x,
            Self::Log => x.ln(),
            Self::Log2 => x.log2(),
            Self::Log10 => x.log10(),
            Self::SquareRoot => x.sqrt(),
        }
    }
}

impl Score for Model {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn citation(&self) -> &str {
        &self.citation
    }

    fn verified(&self) -> &str {
        &self.verified
    }

    fn population(&self) -> &str {
        &self.population
    }

    fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    fn series(&self, record: &Record, options: &Options) -> Vec<Point> {
        let inputs: Vec<Signal> = self.term.iter().map(|t| t.measure.signal).collect();
        walk(record, options, &inputs, &[], |sheet| self.probability(sheet))
    }
}

/// A published model of which barograph ships no numbers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unshipped {
    /// Id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it was published.
    pub citation: String,
    /// What it reads, as far as known.
    pub inputs: String,
    /// Why its numbers are not shipped.
    pub why: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Models {
    model: Vec<Unshipped>,
}

const UNSHIPPED: &str = include_str!("../../../../knowledge/scores/unshipped-models.toml");

/// Published models whose coefficients a user must bring.
pub fn unshipped() -> &'static [Unshipped] {
    static ALL: OnceLock<Vec<Unshipped>> = OnceLock::new();
    // A test reads the list, so the empty fallback is never reached in a release.
    ALL.get_or_init(|| Knowledge::<Models>::from_toml(UNSHIPPED).map(|file| file.content).unwrap_or_default().model)
}
