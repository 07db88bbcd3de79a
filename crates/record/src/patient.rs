//! Who the patient is.

use crate::{Age, Instant};
use jiff::Timestamp;

/// Sex as recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Not stated, or neither of the two.
    #[default]
    Unknown,
}

impl Sex {
    /// Reads the spellings that records use.
    pub fn parse(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
            "f" | "female" => Self::Female,
            "m" | "male" => Self::Male,
            _ => Self::Unknown,
        }
    }
}

/// One patient and the infusion that the record is counted from.
#[derive(Clone, Debug, PartialEq)]
pub struct Patient {
    /// Identifier within the source.
    pub id: String,
    /// What is known of the age.
    pub age: Age,
    /// Sex as recorded.
    pub sex: Sex,
    /// Weight in kilograms stated with the patient (not dated); charted weights are events.
    pub weight_kg: Option<f64>,
    /// Height in centimetres stated with the patient.
    pub height_cm: Option<f64>,
    /// CAR-T product, as the source names it.
    pub product: Option<String>,
    /// Moment of infusion; `None` when the source counts days only.
    pub infusion: Option<Timestamp>,
    /// Whether day 0 is a stand-in (an admission) rather than a recorded infusion.
    pub infusion_assumed: bool,
}

impl Patient {
    /// A patient of whom only the identifier is known.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            age: Age::Unknown,
            sex: Sex::Unknown,
            weight_kg: None,
            height_cm: None,
            product: None,
            infusion: None,
            infusion_assumed: false,
        }
    }

    /// Decimal years of age at an instant, if known.
    pub fn years_at(&self, at: Instant) -> Option<f64> {
        self.age.years_at(at, self.infusion)
    }
}
