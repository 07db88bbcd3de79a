//! Decisions as a file of them is read: the defaults with their questions and sources, and single keys set otherwise.

use crate::course::Grade;
use crate::scales::Verified;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// One decision of a policy, for reading.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Decision {
    /// Number among the reference's open decisions, if it has one.
    pub number: Option<u8>,
    /// Key in a policy file.
    pub key: String,
    /// Value in force.
    pub value: toml::Value,
    /// What is being decided.
    pub question: String,
    /// Who decided it, and why.
    pub source: String,
    /// How sure it is.
    pub verified: Verified,
}

/// Why a policy file was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not TOML, or a value of the wrong sort.
    #[error("the file is not valid: {0}")]
    Toml(#[from] toml::de::Error),
    /// A key that no decision has.
    #[error("the file sets {key:?}, which is not a decision; the decisions are: {known}")]
    UnknownKey {
        /// The key.
        key: String,
        /// Every key there is.
        known: String,
    },
    /// A policy must be told apart from the default.
    #[error("the file needs a `name = \"…\"` of its own, so that its grades are not taken for those of {0}")]
    Unnamed(String),
    /// A threshold set that does not exist.
    #[error("hypotension_set {0:?} is not known; choose one of {1}")]
    UnknownSet(String, String),
    /// A number that cannot be meant.
    #[error("{key} = {value} is out of range; it must be a number from 0 to {limit}")]
    OutOfRange {
        /// The key.
        key: &'static str,
        /// What was given.
        value: f64,
        /// The largest sensible value.
        limit: f64,
    },
    /// A table of weights that is out of order.
    #[error("weight_for_age is a list of [age in years, lowest kg, highest kg] with rising ages, and the lowest below the highest")]
    WeightForAge,
    /// A grade that the definition excludes.
    #[error("{key} = {grade} is not among the grades that the definition leaves open: {allowed}")]
    GradeOutOfRange {
        /// The key.
        key: &'static str,
        /// What was given.
        grade: Grade,
        /// What the definition leaves open.
        allowed: Grade,
    },
}

impl Decision {
    /// The value as one would write it in a policy file.
    pub fn shown(&self) -> String {
        show(&self.value)
    }
}

fn show(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => format!("{text:?}"),
        toml::Value::Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        toml::Value::Float(x) => x.to_string(),
        toml::Value::Integer(x) => x.to_string(),
        toml::Value::Boolean(b) => b.to_string(),
        toml::Value::Datetime(_) | toml::Value::Table(_) => String::new(),
    }
}

/// A shipped file of decisions.
#[derive(Deserialize)]
struct File {
    id: String,
    decision: Vec<Decision>,
}

/// Every decision of a shipped file.
pub(crate) fn decisions(defaults: &str) -> Result<Vec<Decision>, PolicyError> {
    Ok(toml::from_str::<File>(defaults)?.decision)
}

/// A shipped file of decisions with some keys set otherwise, and then under a name of its own.
pub(crate) fn overridden<T: DeserializeOwned>(defaults: &str, overrides: toml::Table) -> Result<T, PolicyError> {
    let File { id, decision } = toml::from_str(defaults)?;
    let known: Vec<String> = decision.iter().map(|d| d.key.clone()).collect();
    let mut table: toml::Table = decision.into_iter().map(|d| (d.key, d.value)).collect();
    let unnamed = !overrides.is_empty() && overrides.get("name").is_none_or(|name| name.as_str() == Some(&id));
    table.insert("name".into(), toml::Value::String(id.clone()));
    for (key, value) in overrides {
        if key != "name" && !known.contains(&key) {
            return Err(PolicyError::UnknownKey { key, known: known.join(", ") });
        }
        // `24` and `24.0` are the same number to whoever writes a file.
        let value = match (table.get(&key), value) {
            (Some(toml::Value::Float(_)), toml::Value::Integer(i)) => toml::Value::Float(i as f64),
            (_, value) => value,
        };
        table.insert(key, value);
    }
    let settled = table.try_into()?;
    if unnamed { Err(PolicyError::Unnamed(id)) } else { Ok(settled) }
}

/// Refuses a number that is not from 0 to its limit.
pub(crate) fn in_range(key: &'static str, value: f64, limit: f64) -> Result<(), PolicyError> {
    if (0.0..=limit).contains(&value) { Ok(()) } else { Err(PolicyError::OutOfRange { key, value, limit }) }
}
