//! Where children come from: all that are plausible, or those that together look like the published cohorts.

use super::draws::{Key, Purpose};
use super::model::ChildModel;
use super::person::{Child, Request};
use super::prior::Prior;
use super::ward;
use crate::ModelError;
use serde::{Deserialize, Serialize};

/// Why a population cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PopulationError {
    /// The model lacks a name.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The file cannot be read.
    #[error("the population's file is at fault: {0}; rebuild it with `barograph simulate calibrate`")]
    File(String),
    /// No such population.
    #[error("there is no population {0:?}; choose plausible or calibrated")]
    Unknown(String),
    /// Nobody was accepted.
    #[error("no plausible child was accepted; the targets cannot be met by these laws")]
    Empty,
}

/// A population that children are drawn from.
#[derive(Clone, Debug)]
pub enum Population {
    /// Every child that the laws allow.
    Plausible(Prior),
    /// The plausible children whose standard care, together, meets the published marginals.
    Calibrated(Prior, Box<Accepted>),
}

/// The accepted children of a calibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// The laws that the candidates were drawn from.
    pub prior: String,
    /// How it was made.
    pub citation: String,
    /// How sure it is.
    pub verified: String,
    /// The seed of the candidates.
    pub seed: u64,
    /// How many candidates there were.
    pub candidates: u64,
    /// Effective sample size of the prevalence weights.
    pub effective: f64,
    /// What the laws make of the first of them; other laws, or other typical values, give another.
    pub fingerprint: String,
    /// The ward that the candidates were simulated in ([`Accepted::ward`]); other numbers of the ward make another population.
    pub ward: String,
    /// The numbers of those accepted.
    pub accepted: Vec<u64>,
}

impl Accepted {
    /// The fingerprint of the ward's numbers (`knowledge/populations/child-ward-1.toml`).
    pub fn ward() -> &'static str {
        ward::FINGERPRINT
    }

    /// The fingerprint that these laws give to the first accepted children: their parameters, to nine digits, hashed (FNV-1a).
    ///
    /// # Errors
    /// A law names a parameter that the model lacks.
    pub fn fingerprint(model: &ChildModel, prior: &Prior, seed: u64, accepted: &[u64]) -> Result<String, PopulationError> {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for number in accepted.iter().take(3) {
            for value in prior.child(model, seed, *number, &Request::default())?.parameters {
                for byte in format!("{value:.8e}").bytes() {
                    hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
                }
            }
        }
        Ok(format!("{hash:016x}"))
    }
}

impl Population {
    /// The population of this name.
    ///
    /// # Errors
    /// There is no such population, or the shipped file is at fault.
    pub fn named(name: &str) -> Result<Self, PopulationError> {
        match name {
            "plausible" | "prior" => Ok(Self::Plausible(Prior::shipped()?)),
            "calibrated" => {
                let text = include_str!("../../../../knowledge/populations/child-calibrated-1.toml");
                let accepted: Accepted = toml::from_str(text).map_err(|error| PopulationError::File(error.to_string()))?;
                Ok(Self::Calibrated(Prior::shipped()?, Box::new(accepted)))
            }
            other => Err(PopulationError::Unknown(other.to_owned())),
        }
    }

    /// The laws behind it.
    pub fn prior(&self) -> &Prior {
        match self {
            Self::Plausible(prior) | Self::Calibrated(prior, _) => prior,
        }
    }

    /// Child `number` under `seed`.
    ///
    /// In the calibrated population a member is drawn with replacement; the seed and number make its noise and chance its own.
    ///
    /// # Errors
    /// The population is empty, or its laws do not fit the model.
    pub fn child(&self, model: &ChildModel, seed: u64, number: u64, request: &Request) -> Result<Child, PopulationError> {
        let Self::Calibrated(prior, accepted) = self else {
            return self.prior().child(model, seed, number, request);
        };
        let key = Key { seed, patient: number, replicate: 0 };
        let at = (key.draws(Purpose::Member, 0).uniform() * accepted.accepted.len() as f64) as usize;
        let member = accepted.accepted.get(at).ok_or(PopulationError::Empty)?;
        let mut child = prior.child(model, accepted.seed, *member, request)?;
        child.number = number;
        child.key = key;
        Ok(child)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of candidates mean other children once a law, a typical value or the model's text has changed: then the population must be rebuilt.
    #[test]
    fn the_calibrated_population_belongs_to_the_shipped_laws() {
        let model = ChildModel::new().unwrap();
        let Population::Calibrated(prior, accepted) = Population::named("calibrated").unwrap() else { panic!("not calibrated") };
        let now = Accepted::fingerprint(&model, &prior, accepted.seed, &accepted.accepted).unwrap();
        assert_eq!(accepted.fingerprint, now, "rebuild it with `barograph simulate calibrate`");
        assert_eq!(accepted.prior, prior.id);
        assert_eq!(accepted.ward, Accepted::ward(), "the ward is another: rebuild it with `barograph simulate calibrate`");
        assert!(accepted.accepted.len() > 500 && accepted.accepted.is_sorted());
    }
}
