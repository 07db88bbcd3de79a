//! Random effects of a model: their spread, how they go together, and the residual error.

use serde::Deserialize;

use crate::model::{Model, ModelError};

/// Why a variability cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum VariabilityError {
    /// Not the shape of a variability file.
    #[error("the variability file: {0}")]
    Shape(String),
    /// An effect without exactly one of `sd`, `variance` and `cv`.
    #[error("the effect `{0}` needs exactly one of `sd`, `variance` and `cv`, not below zero")]
    Spread(String),
    /// A correlation that names no effect, or is not between -1 and 1.
    #[error("the correlation of `{0}` and `{1}` names an effect that is not listed, or is not between -1 and 1")]
    Correlation(String, String),
    /// Correlations that cannot hold together.
    #[error("the correlations of `{0}` with the effects before it cannot hold together: the matrix is not positive")]
    NotPositive(String),
}

/// What a random effect does to its parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// It is added: the parameter is an `eta_...` that the model's text takes further.
    #[default]
    Added,
    /// Its exponential multiplies the parameter.
    Log,
}

/// One random effect, normal with mean 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The model's parameter.
    pub parameter: String,
    /// What it does to it.
    pub scale: Scale,
    /// Its standard deviation.
    pub sd: f64,
}

/// The residual error of an output.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residual {
    /// The model's output.
    pub output: String,
    /// Standard deviation relative to the output.
    #[serde(default)]
    pub proportional: f64,
    /// Standard deviation in the output's unit.
    #[serde(default)]
    pub additive: f64,
    /// Standard deviation of the logarithm.
    #[serde(default)]
    pub log: f64,
}

/// How patients of a model differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Variability {
    /// The model's id.
    pub model: String,
    /// Where the numbers are from.
    pub citation: String,
    /// How well they are known.
    pub verified: String,
    /// What to beware of.
    pub note: String,
    /// The effects, in the order of the draws.
    pub effects: Vec<Effect>,
    /// Residual errors.
    pub residuals: Vec<Residual>,
    /// The lower triangle of the Cholesky factor of the covariance, row after row.
    factor: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    model: String,
    citation: String,
    verified: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    effect: Vec<Spread>,
    #[serde(default)]
    correlation: Vec<(String, String, f64)>,
    #[serde(default)]
    residual: Vec<Residual>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spread {
    parameter: String,
    #[serde(default)]
    scale: Scale,
    sd: Option<f64>,
    variance: Option<f64>,
    /// Coefficient of variation of the log-normal parameter.
    cv: Option<f64>,
}

impl Variability {
    /// Reads a variability file (TOML).
    ///
    /// # Errors
    /// Not such a file, or numbers that cannot be.
    pub fn parse(text: &str) -> Result<Self, VariabilityError> {
        let file: File = toml::from_str(text).map_err(|fault| VariabilityError::Shape(fault.to_string()))?;
        let effects = file.effect.into_iter().map(effect).collect::<Result<Vec<_>, _>>()?;
        let factor = cholesky(&effects, &file.correlation)?;
        Ok(Self {
            model: file.model,
            citation: file.citation,
            verified: file.verified,
            note: file.note,
            effects,
            residuals: file.residual,
            factor,
        })
    }

    /// Makes of the typical `parameters` of the model those of one patient. `normals` as in [`Variability::draw`].
    ///
    /// # Errors
    /// The model has no such parameter.
    pub fn apply(&self, model: &Model, parameters: &mut [f64], normals: &[f64]) -> Result<(), ModelError> {
        for (effect, value) in self.draw(normals) {
            let parameter = model.parameter(&effect.parameter)?;
            if let Some(place) = parameters.get_mut(parameter) {
                match effect.scale {
                    Scale::Added => *place += value,
                    Scale::Log => *place *= value.exp(),
                }
            }
        }
        Ok(())
    }

    /// The effects of one patient and their values, from as many independent standard normal draws as there are effects. Draws that
    /// are missing count as 0.
    pub fn draw(&self, normals: &[f64]) -> impl Iterator<Item = (&Effect, f64)> {
        self.effects.iter().enumerate().map(move |(row, effect)| {
            let start = row * (row + 1) / 2;
            let value = self.factor[start..=start + row].iter().zip(normals).map(|(f, z)| f * z).sum();
            (effect, value)
        })
    }
}

fn effect(spread: Spread) -> Result<Effect, VariabilityError> {
    let sd = match (spread.sd, spread.variance, spread.cv) {
        (Some(sd), None, None) => sd,
        (None, Some(variance), None) => variance.sqrt(),
        (None, None, Some(cv)) => (cv * cv).ln_1p().sqrt().copysign(cv),
        _ => f64::NAN,
    };
    if sd >= 0.0 && sd.is_finite() {
        Ok(Effect { parameter: spread.parameter, scale: spread.scale, sd })
    } else {
        Err(VariabilityError::Spread(spread.parameter))
    }
}

fn cholesky(effects: &[Effect], correlations: &[(String, String, f64)]) -> Result<Vec<f64>, VariabilityError> {
    let count = effects.len();
    let mut matrix = vec![0.0; count * count];
    for (at, effect) in effects.iter().enumerate() {
        matrix[at * count + at] = effect.sd * effect.sd;
    }
    for (a, b, r) in correlations {
        let find = |name: &String| effects.iter().position(|effect| effect.parameter == *name);
        let (Some(i), Some(j), true) = (find(a), find(b), r.abs() <= 1.0 && a != b) else {
            return Err(VariabilityError::Correlation(a.clone(), b.clone()));
        };
        let covariance = r * effects[i].sd * effects[j].sd;
        matrix[i * count + j] = covariance;
        matrix[j * count + i] = covariance;
    }
    let mut factor: Vec<f64> = Vec::with_capacity(count * (count + 1) / 2);
    for row in 0..count {
        let start = row * (row + 1) / 2;
        for column in 0..=row {
            let other = column * (column + 1) / 2;
            let dot: f64 = (0..column).map(|k| factor[start + k] * factor[other + k]).sum();
            let rest = matrix[row * count + column] - dot;
            if column < row {
                let pivot = factor[other + column];
                factor.push(if pivot > 0.0 { rest / pivot } else { 0.0 });
            } else if rest >= 0.0 {
                factor.push(rest.sqrt());
            } else {
                return Err(VariabilityError::NotPositive(effects[row].parameter.clone()));
            }
        }
    }
    Ok(factor)
}
