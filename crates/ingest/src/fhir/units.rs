//! Units as FHIR quantities give them, parsed once each.

use super::model::Quantity;
use barograph_record::{Context, Signal, Unit};
use std::collections::HashMap;

/// Spellings remembered; an input with more distinct ones is parsed again and again, but not held.
const REMEMBERED: usize = 4_096;

/// A memory of parsed spellings.
#[derive(Debug, Default)]
pub(super) struct Units(HashMap<Box<str>, Option<Unit>>);

impl Units {
    fn parse(&mut self, text: &str) -> Option<Unit> {
        if let Some(&unit) = self.0.get(text) {
            return unit;
        }
        let unit = Unit::parse(text).ok();
        if self.0.len() < REMEMBERED {
            self.0.insert(text.into(), unit);
        }
        unit
    }

    /// The spelling to go by: the UCUM code where it is understood, else the printed unit.
    pub(super) fn of<'q>(&mut self, quantity: &'q Quantity<'_>) -> &'q str {
        let (code, unit) = (&*quantity.code, &*quantity.unit);
        if code.is_empty() || (!unit.is_empty() && self.parse(code).is_none() && self.parse(unit).is_some()) { unit } else { code }
    }

    /// Whether a number in this unit can be one of the signal's, given a body weight.
    pub(super) fn fits(&mut self, signal: Signal, text: &str) -> bool {
        let context = Context { weight_kg: Some(1.0), molar_mass: signal.molar_mass() };
        let (Some(from), Some(to)) = (self.parse(text), self.parse(signal.unit())) else { return false };
        from.convert(1.0, &to, context, ("", "")).is_ok()
    }
}

/// Whether a bare number is complete for the signal: a score, a ratio or a grade.
pub(super) fn is_unitless(signal: Signal) -> bool {
    matches!(signal.unit(), "" | "1" | "{score}")
}
