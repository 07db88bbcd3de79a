//! Weight, height and age as a dose may use them.

use barograph_record::{Event, Instant, Patient, Signal};

/// A measured number and when it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The number, in the signal's unit.
    pub value: f64,
    /// When; the infusion for a number stated with the patient and without a date.
    pub at: Instant,
    /// Whether it was stated with the patient and without a date.
    pub undated: bool,
}

impl Measured {
    fn stated(value: f64) -> Self {
        Self { value, at: Instant::INFUSION, undated: true }
    }

    /// When it was measured, in words.
    pub fn when(&self) -> String {
        if self.undated { "stated with the patient, taken as of infusion".to_owned() } else { format!("measured {}", self.at) }
    }
}

/// What is known of a patient's body at an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Body {
    /// The last weight (kg).
    pub weight: Option<Measured>,
    /// The weight before it.
    pub weight_before: Option<Measured>,
    /// The last height (cm).
    pub height: Option<Measured>,
    /// Decimal years of age.
    pub years: Option<f64>,
}

impl Body {
    /// What the source states with the patient.
    pub fn of(patient: &Patient) -> Self {
        let stated = |number: Option<f64>| number.filter(|x| x.is_finite() && *x > 0.0).map(Measured::stated);
        Self {
            weight: stated(patient.weight_kg),
            weight_before: None,
            height: stated(patient.height_cm),
            years: patient.years_at(Instant::INFUSION),
        }
    }

    /// Takes a charted weight or height; other events are passed over.
    pub fn take(&mut self, event: &Event) {
        // A charted weight before the infusion is older than one stated as of the infusion, and dated, which is worth more.
        let Some(value) = event.value.number().filter(|x| *x > 0.0) else { return };
        let measured = Some(Measured { value, at: event.at, undated: false });
        match event.signal {
            Signal::Weight => self.weight_before = std::mem::replace(&mut self.weight, measured),
            Signal::Height => self.height = measured,
            _ => {}
        }
    }
}
