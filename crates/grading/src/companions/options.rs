//! Options: the decisions that the companions' definitions leave to the reader, and the limits that they set.
//!
//! The defaults stand in `knowledge/companions/options-1.toml`, one entry per decision with its question
//! and source, in the form of a policy. A file of options overrides single keys.

use crate::policy::decisions::{self, in_range};
use crate::policy::{Decision, PolicyError};
use barograph_record::Span;
use serde::Deserialize;

/// A limit that laboratories set differently: the lowest and the highest in use.
pub type Limits = [f64; 2];

/// Every decision, under the key it has in a file of options.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // each key is documented by its question in the file of defaults
pub struct Options {
    pub name: String,
    pub developmental_delay: Vec<String>,
    pub ice_from_years: f64,
    pub score_hours: f64,
    pub consciousness_hours: f64,
    pub scored_means_awake: bool,
    pub seizure_hours: f64,
    pub weakness_hours: f64,
    pub edema_hours: f64,
    pub bridged_gap_hours: f64,
    pub new_episode_hours: f64,
    pub icaht_recovery_days: u16,
    pub icaht_bridged_days: u16,
    pub icaht_late_until_day: u16,
    pub icaht_late_days: u16,
    pub icaht_late_hold_days: u16,
    pub icaht_late_from_day: u16,
    pub icaht_severe: f64,
    pub icaht_profound: f64,
    pub icaht_severe_days: [u16; 2],
    pub icaht_profound_days: [u16; 2],
    pub icaht_late_limits: [f64; 4],
    pub ice_at_least: [f64; 3],
    pub capd_delirium: f64,
    pub pt_normal: Limits,
    pub cluster_hours: f64,
    pub ferritin_normal: Limits,
    pub iec_hs_common_possible: usize,
    pub iec_hs_common_certain: usize,
    pub alt_normal: Limits,
    pub ast_normal: Limits,
    pub ldh_normal: Limits,
    pub bilirubin_normal: Limits,
    pub creatinine_normal: Limits,
    pub fibrinogen_normal: Limits,
    pub carhlh_days: f64,
    pub iec_hs_ferritin_fold: f64,
    pub iec_hs_transaminase_fold: f64,
    pub iec_hs_triglycerides: f64,
    pub iec_hs_hemoglobin: f64,
    pub iec_hs_platelets: f64,
    pub iec_hs_anc: f64,
    pub carhlh_ferritin: f64,
    pub carhlh_organs: usize,
    pub carhlh_edema_grade: f64,
}

const DEFAULT: &str = include_str!("../../../../knowledge/companions/options-1.toml");

/// No duration of an option is longer than a year.
const HOURS: f64 = 8760.0;

impl Options {
    /// The options `companions-1`.
    ///
    /// # Errors
    /// Never for a released build; the embedded file is parsed by a test.
    pub fn default_1() -> Result<Self, PolicyError> {
        Self::from_overrides(toml::Table::new())
    }

    /// Options from the text of a file: the defaults with some keys set otherwise.
    ///
    /// # Errors
    /// [`PolicyError`] says which key or value cannot stand.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        Self::from_overrides(text.parse::<toml::Table>()?)
    }

    /// Every decision of the defaults.
    ///
    /// # Errors
    /// Never for a released build; the embedded file is parsed by a test.
    pub fn decisions() -> Result<Vec<Decision>, PolicyError> {
        decisions::decisions(DEFAULT)
    }

    fn from_overrides(overrides: toml::Table) -> Result<Self, PolicyError> {
        let options: Self = decisions::overridden(DEFAULT, overrides)?;
        options.check()?;
        Ok(options)
    }

    fn check(&self) -> Result<(), PolicyError> {
        for (key, value, limit) in [
            ("ice_from_years", self.ice_from_years, 120.0),
            ("score_hours", self.score_hours, HOURS),
            ("consciousness_hours", self.consciousness_hours, HOURS),
            ("seizure_hours", self.seizure_hours, HOURS),
            ("weakness_hours", self.weakness_hours, HOURS),
            ("edema_hours", self.edema_hours, HOURS),
            ("bridged_gap_hours", self.bridged_gap_hours, HOURS),
            ("new_episode_hours", self.new_episode_hours, HOURS),
            ("icaht_recovery_days", f64::from(self.icaht_recovery_days), 31.0),
            ("icaht_bridged_days", f64::from(self.icaht_bridged_days), 31.0),
            ("icaht_late_until_day", f64::from(self.icaht_late_until_day), 3650.0),
            ("icaht_late_days", f64::from(self.icaht_late_days), 31.0),
            ("icaht_late_hold_days", f64::from(self.icaht_late_hold_days), 3650.0),
            ("icaht_late_from_day", f64::from(self.icaht_late_from_day), 3650.0),
            ("icaht_severe", self.icaht_severe, 1e3),
            ("icaht_profound", self.icaht_profound, self.icaht_severe),
            ("capd_delirium", self.capd_delirium, 1e3),
            ("carhlh_edema_grade", self.carhlh_edema_grade, 5.0),
            ("cluster_hours", self.cluster_hours, HOURS),
            ("carhlh_days", self.carhlh_days, 365.0),
            ("iec_hs_ferritin_fold", self.iec_hs_ferritin_fold, 1e3),
            ("iec_hs_transaminase_fold", self.iec_hs_transaminase_fold, 1e3),
            ("iec_hs_triglycerides", self.iec_hs_triglycerides, 1e3),
            ("iec_hs_hemoglobin", self.iec_hs_hemoglobin, 1e3),
            ("iec_hs_platelets", self.iec_hs_platelets, 1e4),
            ("iec_hs_anc", self.iec_hs_anc, 1e3),
            ("carhlh_ferritin", self.carhlh_ferritin, 1e6),
        ] {
            in_range(key, value, limit)?;
        }
        for (key, falling) in [("icaht_late_limits", &self.icaht_late_limits[..]), ("ice_at_least", &self.ice_at_least[..])] {
            for (limit, value) in std::iter::once(&1e3).chain(falling).zip(falling) {
                in_range(key, *value, *limit)?;
            }
        }
        for (key, [fewer, more]) in [("icaht_severe_days", self.icaht_severe_days), ("icaht_profound_days", self.icaht_profound_days)] {
            in_range(key, f64::from(fewer), f64::from(more))?;
        }
        for (key, [low, high]) in [
            ("pt_normal", self.pt_normal),
            ("ferritin_normal", self.ferritin_normal),
            ("alt_normal", self.alt_normal),
            ("ast_normal", self.ast_normal),
            ("ldh_normal", self.ldh_normal),
            ("bilirubin_normal", self.bilirubin_normal),
            ("creatinine_normal", self.creatinine_normal),
            ("fibrinogen_normal", self.fibrinogen_normal),
        ] {
            in_range(key, high, 1e6)?;
            in_range(key, low, high)?;
        }
        Ok(())
    }

    pub(super) fn bridge(&self) -> Span {
        Span::from_hours(self.bridged_gap_hours)
    }

    pub(super) fn new_episode(&self) -> Span {
        Span::from_hours(self.new_episode_hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_stand_and_each_says_why() {
        let options = Options::default_1().unwrap();
        assert_eq!((options.name.as_str(), options.ice_from_years), ("companions-1", 12.0));
        for decision in Options::decisions().unwrap() {
            assert!(decision.question.len() > 20 && !decision.source.is_empty(), "{}", decision.key);
        }
        let table: toml::Table = DEFAULT.parse().unwrap();
        for key in ["id", "version", "citation", "verified"] {
            assert!(table.get(key).and_then(toml::Value::as_str).is_some_and(|v| !v.is_empty()), "{key}");
        }
    }

    #[test]
    fn a_file_overrides_single_keys() {
        let options = Options::from_toml("name = \"ours\"\nferritin_normal = [300, 300]\nseizure_hours = 12").unwrap();
        assert_eq!((options.ferritin_normal, options.seizure_hours, options.score_hours), ([300.0, 300.0], 12.0, 12.0));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("name = \"x\"\nseizure = 3", "seizure_hours"),
            ("seizure_hours = 3", "name"),
            ("name = \"x\"\nseizure_hours = -1", "seizure_hours"),
            ("name = \"x\"\nferritin_normal = [400, 300]", "ferritin_normal"),
            ("name = \"x\"\nicaht_recovery_days = -3", "-3"),
            ("name = \"x\"\nicaht_profound = 0.6", "icaht_profound"),
            ("name = \"x\"\nicaht_late_limits = [0.5, 1.0, 1.5, 2.0]", "icaht_late_limits"),
            ("name = \"x\"\nicaht_severe_days = [14, 7]", "icaht_severe_days"),
        ] {
            let error = Options::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
