//! How scores read a record, and what only the laboratory or the user knows.

use super::measure::Measure;
use crate::policy::UnlistedVasopressors;
use barograph_record::{Group, Signal, Span, UnitError};
use serde::Deserialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// A number with its unit, as a user states it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// Its unit (UCUM or clinical).
    pub unit: String,
}

/// A laboratory's limits of normal for one signal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Lower limit of normal.
    pub low: Option<f64>,
    /// Upper limit of normal.
    pub high: Option<f64>,
    /// Unit of both (UCUM or clinical).
    pub unit: String,
}

/// Decisions and laboratory facts that scores need beside the record.
///
/// The defaults stand in `knowledge/scores/options.toml`; nothing that a laboratory must state has one.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Hours that a laboratory value holds.
    pub laboratory_hours: f64,
    /// Hours that a vital sign, an inspired fraction or a coma score holds.
    pub vital_hours: f64,
    /// Days that a marrow examination holds.
    pub marrow_days: f64,
    /// Days before infusion within which the last value is the baseline.
    pub baseline_days: f64,
    /// Saturation (%) above which it says nothing of the ratio to the inspired fraction, as the curve of haemoglobin is flat there.
    pub highest_telling_saturation: f64,
    /// Inspired fraction (%) of room air.
    pub room_air_fio2: f64,
    /// What a vasoactive without any row amounts to.
    pub unlisted_vasoactives: UnlistedVasopressors,
    /// The laboratory's normal prothrombin time.
    pub normal_pt: Option<Quantity>,
    /// D-dimer from which the fibrin marker is moderately raised.
    pub d_dimer_moderate: Option<Quantity>,
    /// D-dimer from which the fibrin marker is strongly raised.
    pub d_dimer_strong: Option<Quantity>,
    /// Limits of normal by signal.
    #[serde(default)]
    pub limits: BTreeMap<Signal, Limits>,
}

/// Why an options file was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// Not TOML, an unknown key, or a value of the wrong sort.
    #[error("the score options are not valid: {0}")]
    Toml(#[from] toml::de::Error),
    /// A number that cannot be meant.
    #[error("{key} = {value} is out of range; it must be a positive number")]
    OutOfRange {
        /// The key.
        key: String,
        /// What was given.
        value: f64,
    },
    /// A unit that does not fit.
    #[error("{key}: {source}")]
    Unit {
        /// The key.
        key: String,
        /// What is wrong with it.
        source: UnitError,
    },
}

#[derive(Deserialize)]
struct File {
    options: toml::Table,
}

const DEFAULT: &str = include_str!("../../../../knowledge/scores/options.toml");

impl Options {
    /// The options that ship with barograph.
    ///
    /// # Errors
    /// Never for a released build; the embedded file is parsed by a test.
    pub fn shipped() -> Result<Self, OptionsError> {
        Self::with(toml::Table::new())
    }

    /// The shipped options with some keys set otherwise.
    ///
    /// # Errors
    /// [`OptionsError`] says which key or value cannot stand.
    pub fn from_toml(text: &str) -> Result<Self, OptionsError> {
        Self::with(text.parse()?)
    }

    fn with(overrides: toml::Table) -> Result<Self, OptionsError> {
        let mut table = toml::from_str::<File>(DEFAULT)?.options;
        for (key, value) in overrides {
            // `24` and `24.0` are the same number to whoever writes a file.
            let value = match (table.get(&key), value) {
                (Some(toml::Value::Float(_)), toml::Value::Integer(i)) => toml::Value::Float(i as f64),
                (_, value) => value,
            };
            table.insert(key, value);
        }
        let options: Self = table.try_into()?;
        options.check()?;
        Ok(options)
    }

    fn check(&self) -> Result<(), OptionsError> {
        for (key, value) in [
            ("laboratory_hours", self.laboratory_hours),
            ("vital_hours", self.vital_hours),
            ("marrow_days", self.marrow_days),
            ("baseline_days", self.baseline_days),
            ("highest_telling_saturation", self.highest_telling_saturation),
            ("room_air_fio2", self.room_air_fio2),
        ] {
            positive(key, value)?;
        }
        for (key, signal, quantity) in [
            ("normal_pt", Signal::Pt, &self.normal_pt),
            ("d_dimer_moderate", Signal::DDimer, &self.d_dimer_moderate),
            ("d_dimer_strong", Signal::DDimer, &self.d_dimer_strong),
        ] {
            if let Some(quantity) = quantity {
                canonical(key, signal, quantity.value, &quantity.unit)?;
            }
        }
        for (signal, limits) in &self.limits {
            for limit in [limits.low, limits.high].into_iter().flatten() {
                canonical(&format!("limits.{signal}"), *signal, limit, &limits.unit)?;
            }
        }
        Ok(())
    }

    /// How long a charted value of a signal holds; `None` where it holds until changed.
    pub(super) fn hold(&self, signal: Signal) -> Option<Span> {
        match (signal, signal.group()) {
            (Signal::OxygenDevice | Signal::Weight | Signal::Height, _) => None,
            (Signal::MarrowBlasts | Signal::Mrd, _) => Some(Span::from_hours(self.marrow_days * 24.0)),
            (_, Group::VitalSign | Group::Oxygen | Group::Neurology) => Some(Span::from_hours(self.vital_hours)),
            _ if signal.is_rate() => None,
            _ => Some(Span::from_hours(self.laboratory_hours)),
        }
    }

    /// The laboratory's normal prothrombin time, in seconds.
    pub(super) fn normal_pt_seconds(&self) -> Option<f64> {
        stated(Signal::Pt, self.normal_pt.as_ref())
    }

    /// Where D-dimer becomes moderately and strongly raised, in the canonical unit.
    pub(super) fn d_dimer_edges(&self) -> Option<(f64, f64)> {
        Some((stated(Signal::DDimer, self.d_dimer_moderate.as_ref())?, stated(Signal::DDimer, self.d_dimer_strong.as_ref())?))
    }

    /// Lower and upper limit of normal, in the canonical unit.
    pub(super) fn limits_of(&self, signal: Signal) -> (Option<f64>, Option<f64>) {
        let Some(limits) = self.limits.get(&signal) else { return (None, None) };
        let read = |x: Option<f64>| canonical("", signal, x?, &limits.unit).ok();
        (read(limits.low), read(limits.high))
    }
}

fn stated(signal: Signal, quantity: Option<&Quantity>) -> Option<f64> {
    let quantity = quantity?;
    canonical("", signal, quantity.value, &quantity.unit).ok()
}

fn canonical(key: &str, signal: Signal, value: f64, unit: &str) -> Result<f64, OptionsError> {
    positive(key, value)?;
    let in_unit = |source| OptionsError::Unit { key: key.to_owned(), source };
    Measure::new(signal, unit).map_err(in_unit)?.to_canonical(value).map_err(in_unit)
}

fn positive(key: &str, value: f64) -> Result<(), OptionsError> {
    if value > 0.0 && value.is_finite() { Ok(()) } else { Err(OptionsError::OutOfRange { key: key.to_owned(), value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_options_parse_and_single_keys_can_be_set() {
        let shipped = Options::shipped().unwrap();
        assert_eq!(shipped.hold(Signal::Crp), Some(Span::from_hours(24.0)));
        assert_eq!(shipped.hold(Signal::Temperature), Some(Span::from_hours(6.0)));
        assert_eq!(shipped.hold(Signal::OxygenDevice), None);
        let ours = Options::from_toml("laboratory_hours = 12\nlimits.crp = { high = 0.5, unit = \"mg/dL\" }").unwrap();
        assert_eq!(ours.laboratory_hours, 12.0);
        assert_eq!(ours.limits_of(Signal::Crp), (None, Some(5.0)));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("laboratory_hour = 12", "laboratory_hour"),
            ("laboratory_hours = -1", "laboratory_hours"),
            ("limits.crp = { high = 0.5 }", "unit"),
            ("limits.crp = { high = 0.5, unit = \"U/L\" }", "limits.crp"),
            ("normal_pt = { value = 12.0, unit = \"mg/dL\" }", "normal_pt"),
            ("d_dimer_strong = { value = 0.0, unit = \"mg/L\" }", "d_dimer_strong"),
        ] {
            let error = Options::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
