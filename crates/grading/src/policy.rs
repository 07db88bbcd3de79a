//! Policies: the decisions that published definitions leave to the reader.
//!
//! The default stands in `knowledge/policies/default-1.toml`, one entry per decision with its question
//! and source. A policy file overrides single keys:
//!
//! ```toml
//! name = "our-registry"
//! hypotension_set = "goldstein-2005"
//! fever_lookback_hours = 36
//! ```

mod choices;
pub(crate) mod decisions;

use crate::course::Grade;
use crate::hypotension::HypotensionSet;
use barograph_record::{Signal, Span};
use serde::Deserialize;

pub use choices::*;
pub use decisions::{Decision, PolicyError};

/// Every decision, under the key it has in a policy file; see `barograph list policies`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // each key is documented by its question in the policy file
pub struct Policy {
    pub name: String,
    pub fever_threshold: f64,
    pub fever_lookback_hours: f64,
    pub waiver_drugs: Vec<Signal>,
    pub hypotension_confirmation: Confirmation,
    pub confirmation_minutes: f64,
    pub confirmation_hours: f64,
    pub fluid_treatment_minutes: f64,
    pub hypotension_set: String,
    pub baseline_fraction: f64,
    pub baseline_days: f64,
    pub support_defines_hypotension: bool,
    pub sole_vasopressin: SoleVasopressin,
    pub counted_vasopressors: Vec<Signal>,
    pub overlap_minutes: f64,
    pub vasopressor_push: VasopressorPush,
    pub vasopressor_push_minutes: f64,
    pub high_flow_at_low_rate: HighFlowAtLowRate,
    pub low_flow_limit: f64,
    pub room_air_fio2: f64,
    pub high_fio2: f64,
    pub subtract_baseline_support: bool,
    pub support_before_infusion: SupportBeforeInfusion,
    pub ventilation_without_indication: VentilationWithoutIndication,
    pub uncharted_oxygen: UnchartedOxygen,
    pub resolution_hours: f64,
    pub new_episode_hours: f64,
    pub age_in_whole_years: bool,
    pub weight_days: f64,
    pub weight_for_age: Vec<[f64; 3]>,
    pub weight_change: f64,
    pub height_days: f64,
    pub near_boundary: f64,
    pub most_vial_change: f64,
    pub joins_course_from: f64,
    pub dose_parts_minutes: f64,
    pub dose_parts_excess: f64,
    pub dose_parts_of_interval: f64,
    pub dose_tolerance: f64,
    pub current_fever_hours: f64,
    pub late_onset_days: f64,
    pub temperature_window_hours: f64,
    pub pressure_window_hours: f64,
    pub saturation_window_hours: f64,
    pub bridged_gap_minutes: f64,
    pub hypoxia_spo2: f64,
    pub saturation_artefact_minutes: f64,
    pub masking_hours: f64,
    pub masking_hours_steroid: f64,
    pub masking_hours_anticytokine: f64,
    pub unlisted_vasopressors: UnlistedVasopressors,
    pub high_dose_hours: f64,
    pub lee_dose_basis: DoseBasis,
    pub mahadeo_dose_table: DoseTables,
    pub mskcc_dose_table: DoseTables,
    pub vasopressin_among_several: bool,
    pub several_boluses: f64,
    pub bolus_hours: f64,
    pub vasopressor_pause_hours: f64,
    pub long_vasopressor_hours: f64,
    pub cannula_below_40_up_to: f64,
    pub cannula_at_least_40_from: f64,
    pub noninvasive_ventilation: NoninvasiveVentilation,
    pub persistent_hypotension: PersistentHypotension,
    pub ctcae5_several_vasopressors: Grade,
    pub penn_single_bolus: Grade,
    pub penn_fever_in_hospital: Grade,
    pub penn_blood_product_hours: f64,
    pub mskcc_fluids: Grade,
    pub organ_toxicity: OrganToxicity,
    pub uln_alt: f64,
    pub uln_ast: f64,
    pub uln_bilirubin: f64,
    pub uln_creatinine: f64,
    pub laboratory_window_hours: f64,
}

const DEFAULT: &str = include_str!("../../../knowledge/policies/default-1.toml");

impl Policy {
    /// The policy `default-1`.
    ///
    /// # Errors
    /// Never for a released build; the embedded file is parsed by a test.
    pub fn default_1() -> Result<Self, PolicyError> {
        Self::from_overrides(toml::Table::new())
    }

    /// A policy from the text of a policy file: the default with some keys set otherwise.
    ///
    /// # Errors
    /// [`PolicyError`] says which key or value cannot stand.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        Self::from_overrides(text.parse::<toml::Table>()?)
    }

    /// Every decision of the default policy.
    ///
    /// # Errors
    /// Never for a released build; the embedded file is parsed by a test.
    pub fn decisions() -> Result<Vec<Decision>, PolicyError> {
        decisions::decisions(DEFAULT)
    }

    fn from_overrides(overrides: toml::Table) -> Result<Self, PolicyError> {
        let policy: Self = decisions::overridden(DEFAULT, overrides)?;
        policy.check()?;
        Ok(policy)
    }

    fn check(&self) -> Result<(), PolicyError> {
        if HypotensionSet::by_id(&self.hypotension_set).is_none() {
            let known: Vec<_> = HypotensionSet::all().iter().map(|s| s.id.as_str()).collect();
            return Err(PolicyError::UnknownSet(self.hypotension_set.clone(), known.join(", ")));
        }
        for (key, value, limit) in [
            ("fever_threshold", self.fever_threshold, 45.0),
            ("fever_lookback_hours", self.fever_lookback_hours, 8760.0),
            ("confirmation_minutes", self.confirmation_minutes, 1440.0),
            ("confirmation_hours", self.confirmation_hours, 8760.0),
            ("fluid_treatment_minutes", self.fluid_treatment_minutes, 1440.0),
            ("baseline_fraction", self.baseline_fraction, 1.0),
            ("baseline_days", self.baseline_days, 365.0),
            ("overlap_minutes", self.overlap_minutes, 1440.0),
            ("vasopressor_push_minutes", self.vasopressor_push_minutes, 1440.0),
            ("low_flow_limit", self.low_flow_limit, 100.0),
            ("room_air_fio2", self.room_air_fio2, 100.0),
            ("high_fio2", self.high_fio2, 100.0),
            ("resolution_hours", self.resolution_hours, 8760.0),
            ("new_episode_hours", self.new_episode_hours, 8760.0),
            ("weight_days", self.weight_days, 3650.0),
            ("weight_change", self.weight_change, 10.0),
            ("height_days", self.height_days, 3650.0),
            ("near_boundary", self.near_boundary, 1.0),
            ("most_vial_change", self.most_vial_change, 1.0),
            ("joins_course_from", self.joins_course_from, 1.0),
            ("dose_parts_minutes", self.dose_parts_minutes, 1440.0),
            ("dose_parts_excess", self.dose_parts_excess, 10.0),
            ("dose_parts_of_interval", self.dose_parts_of_interval, 1.0),
            ("dose_tolerance", self.dose_tolerance, 1.0),
            ("current_fever_hours", self.current_fever_hours, 8760.0),
            ("late_onset_days", self.late_onset_days, 3650.0),
            ("temperature_window_hours", self.temperature_window_hours, 8760.0),
            ("pressure_window_hours", self.pressure_window_hours, 8760.0),
            ("saturation_window_hours", self.saturation_window_hours, 8760.0),
            ("bridged_gap_minutes", self.bridged_gap_minutes, 525_600.0),
            ("hypoxia_spo2", self.hypoxia_spo2, 100.0),
            ("saturation_artefact_minutes", self.saturation_artefact_minutes, 1440.0),
            ("masking_hours", self.masking_hours, 8760.0),
            ("masking_hours_steroid", self.masking_hours_steroid, 8760.0),
            ("masking_hours_anticytokine", self.masking_hours_anticytokine, 8760.0),
            ("high_dose_hours", self.high_dose_hours, 8760.0),
            ("several_boluses", self.several_boluses, 100.0),
            ("bolus_hours", self.bolus_hours, 8760.0),
            ("vasopressor_pause_hours", self.vasopressor_pause_hours, 8760.0),
            ("long_vasopressor_hours", self.long_vasopressor_hours, 8760.0),
            ("cannula_below_40_up_to", self.cannula_below_40_up_to, 100.0),
            ("cannula_at_least_40_from", self.cannula_at_least_40_from, 100.0),
            ("penn_blood_product_hours", self.penn_blood_product_hours, 8760.0),
            ("uln_alt", self.uln_alt, 1000.0),
            ("uln_ast", self.uln_ast, 1000.0),
            ("uln_bilirubin", self.uln_bilirubin, 100.0),
            ("uln_creatinine", self.uln_creatinine, 100.0),
            ("laboratory_window_hours", self.laboratory_window_hours, 8760.0),
        ] {
            decisions::in_range(key, value, limit)?;
        }
        let rising = self.weight_for_age.windows(2).all(|pair| matches!(pair, [a, b] if a[0] < b[0]));
        if !rising || self.weight_for_age.iter().any(|[age, low, high]| !(*age >= 0.0 && *low > 0.0 && low < high && high.is_finite())) {
            return Err(PolicyError::WeightForAge);
        }
        for (key, grade, lowest, highest) in [
            ("ctcae5_several_vasopressors", self.ctcae5_several_vasopressors, 3, 4),
            ("penn_single_bolus", self.penn_single_bolus, 1, 3),
            ("penn_fever_in_hospital", self.penn_fever_in_hospital, 1, 2),
            ("mskcc_fluids", self.mskcc_fluids, 1, 2),
        ] {
            if grade.floor() < lowest || grade.ceiling() > highest {
                return Err(PolicyError::GradeOutOfRange { key, grade, allowed: Grade::between(lowest, highest) });
            }
        }
        if self.cannula_at_least_40_from < self.cannula_below_40_up_to {
            let (value, limit) = (self.cannula_below_40_up_to, self.cannula_at_least_40_from);
            return Err(PolicyError::OutOfRange { key: "cannula_below_40_up_to", value, limit });
        }
        Ok(())
    }

    /// The hypotension set in force.
    pub fn hypotension(&self) -> Option<&'static HypotensionSet> {
        HypotensionSet::by_id(&self.hypotension_set)
    }

    pub(crate) fn fever_lookback(&self) -> Span {
        Span::from_hours(self.fever_lookback_hours)
    }

    pub(crate) fn resolution(&self) -> Span {
        Span::from_hours(self.resolution_hours)
    }

    pub(crate) fn new_episode(&self) -> Span {
        Span::from_hours(self.new_episode_hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_covers_the_eighteen_decisions() {
        Policy::default_1().unwrap();
        let mut numbers: Vec<_> = Policy::decisions().unwrap().into_iter().filter_map(|d| d.number).collect();
        numbers.dedup();
        assert_eq!(numbers, (1..=18).collect::<Vec<_>>());
    }

    #[test]
    fn a_file_overrides_single_keys() {
        let policy = Policy::from_toml("name = \"ours\"\nfever_lookback_hours = 36\nhypotension_set = \"haque-2007\"").unwrap();
        assert_eq!(policy.fever_lookback_hours, 36.0);
        assert_eq!(policy.hypotension_set, "haque-2007");
        assert_eq!(policy.fever_threshold, 38.0);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("name = \"x\"\nfever = 38", "fever_threshold"),
            ("fever_threshold = 38.5", "name"),
            ("name = \"x\"\nhypotension_set = \"kiggs\"", "mahadeo-2019"),
            ("name = \"x\"\noverlap_minutes = -5", "overlap_minutes"),
            ("name = \"x\"\nwaiver_drugs = [\"paracetamol\"]", "paracetamol"),
            ("name = \"x\"\nweight_for_age = [[1.0, 5.0, 20.0], [0.5, 3.0, 15.0]]", "weight_for_age"),
            ("name = \"x\"\nweight_for_age = [[1.0, 20.0, 5.0]]", "weight_for_age"),
            ("name = \"x\"\npenn_single_bolus = \"4\"", "1-3"),
            ("name = \"x\"\npenn_single_bolus = \"high\"", "\"2-3\""),
            ("name = \"x\"\ncannula_below_40_up_to = 8", "cannula_below_40_up_to"),
            ("name = \"x\"\nsole_vasopressin = \"maybe\"", "maybe"),
            ("name = ", "not valid"),
        ] {
            let error = Policy::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
