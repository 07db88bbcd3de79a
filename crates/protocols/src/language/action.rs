//! What a rule makes due.

use super::words::{Drug, OneOrMany};
use barograph_record::Signal;
use serde::Deserialize;
use toml::Spanned;

/// One action: a table with a single key.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Give a drug.
    Give(Give),
    /// Give one of several drugs; the first is the plan's first choice.
    OneOf(Vec<Spanned<Give>>),
    /// Stop drugs.
    Stop(OneOrMany<Drug>),
    /// Taper drugs.
    Taper(OneOrMany<Drug>),
    /// Where the patient is to be cared for.
    Care(Care),
    /// An examination.
    Test(Test),
    /// Somebody to ask.
    Consult(String),
    /// Supportive care, in words.
    Support(String),
    /// What is not to be done, in words.
    Avoid(String),
}

/// A drug to be given, once or in a course.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Give {
    /// The drug.
    pub drug: Drug,
    /// Id of its dose in `knowledge/doses`; left out where `steps` name theirs.
    pub dose: Option<Spanned<String>>,
    /// Whether no dose has been read in the source, so that none is told. Said aloud, lest a dose be forgotten.
    #[serde(default)]
    pub no_dose: bool,
    /// Hours between doses while the rule holds; once only where left out.
    pub every_hours: Option<f64>,
    /// Doses at most by this rule.
    pub doses: Option<u32>,
    /// Doses that change as the days go by; the last step goes on while the rule holds, unless it has its own `days`.
    #[serde(default)]
    pub steps: Vec<Spanned<DoseStep>>,
}

/// One step of a course.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseStep {
    /// Id of the dose.
    pub dose: Spanned<String>,
    /// Hours between doses.
    pub every_hours: f64,
    /// How long the step lasts; without end where left out, which only the last step may.
    pub days: Option<f64>,
}

/// Where a patient is cared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Care {
    /// At home, within reach.
    Outpatient,
    /// In hospital.
    Ward,
    /// With continuous monitoring.
    Monitored,
    /// In intensive care.
    IntensiveCare,
}

impl Care {
    /// The place in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outpatient => "outpatient care within reach",
            Self::Ward => "hospital ward",
            Self::Monitored => "continuous monitoring",
            Self::IntensiveCare => "intensive care",
        }
    }
}

/// An examination.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Its name.
    pub what: String,
    /// Signals by whose charting it is seen to be done; left out where a record cannot show it.
    #[serde(default)]
    pub charted_as: Vec<Signal>,
    /// How often, while the rule holds; once where left out.
    pub every_hours: Option<f64>,
}
