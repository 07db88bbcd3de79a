//! What single decisions choose between.

use serde::Deserialize;

/// What one low pressure amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    /// Hypotension at once.
    OneReading,
    /// Hypotension when the next reading is low too, or a bolus is given.
    TwoReadingsOrTreatment,
}

/// What vasopressin alone amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SoleVasopressin {
    /// One vasopressor.
    Vasopressor,
    /// Nothing.
    NotCounted,
}

/// What a high-flow cannula at a low rate amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HighFlowAtLowRate {
    /// Low flow is certain, high flow not excluded.
    Both,
    /// High flow.
    Device,
    /// Low flow.
    Flow,
}

/// What ventilation for an uncharted reason amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VentilationWithoutIndication {
    /// It raises the ceiling only.
    Undecided,
    /// Ventilation for hypoxia.
    Hypoxia,
}

/// What breathing support that was never charted amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnchartedOxygen {
    /// Anything is possible.
    Unknown,
    /// No support.
    None,
}

/// What oxygen, ventilation and vasopressors amount to that ran before the infusion and have not been raised since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SupportBeforeInfusion {
    /// Nothing.
    LeftOut,
    /// They raise the ceiling only.
    Undecided,
    /// What they would if they had begun after it.
    Graded,
}

/// What a vasopressor given at once amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VasopressorPush {
    /// Nothing.
    NotCounted,
    /// It raises the ceiling only.
    Undecided,
    /// One vasopressor.
    Vasopressor,
}

/// What vasopressors without any row amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnlistedVasopressors {
    /// They were not given.
    NotGiven,
    /// They may have been.
    Unknown,
}

/// What the absolute vasopressor doses of Lee 2014 amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DoseBasis {
    /// As published, for the patient's own weight.
    Absolute,
    /// Scaled to weight from an adult of 70 kg.
    #[serde(rename = "per-kg-70")]
    PerKg70,
}

/// By which table a vasopressor dose is high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum DoseTables {
    /// That of Lee 2014.
    #[serde(rename = "lee-2014")]
    Lee2014,
    /// That of the Penn scale.
    #[serde(rename = "penn-2014")]
    Penn2014,
    /// Certain where both say so, not excluded where one does.
    #[serde(rename = "both")]
    Both,
}

/// What CPAP and BiPAP amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoninvasiveVentilation {
    /// Either.
    Undecided,
    /// A ventilator.
    Ventilator,
    /// Oxygen, by its fraction.
    Oxygen,
}

/// What a low pressure under strong support amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersistentHypotension {
    /// Life-threatening.
    Refractory,
    /// Such support may always mean it.
    Undecided,
    /// Never life-threatening by itself.
    Never,
}

/// Whether laboratory values are graded as organ toxicity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganToxicity {
    /// They are not, and that is remarked on.
    Ignored,
    /// Those with a limit of normal are.
    Graded,
}
