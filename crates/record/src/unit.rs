//! Units: parsing everyday clinical and UCUM spellings, and dimension-checked conversion.
//!
//! A unit is a factor and a [`Dimension`]. Two units convert only when their dimensions agree, or
//! differ by the patient's weight (`ug/min` to `ug/kg/min`) or by an analyte's molar mass
//! (`umol/L` to `mg/dL`), in which case the caller supplies the missing number. Nothing is guessed:
//! an unknown spelling is an error and its row goes to the ledger.
//!
//! Source of the grammar: The Unified Code for Units of Measure, <https://ucum.org/ucum>. `kg`
//! below a bar means per kilogram of body weight, as on every infusion pump; other masses below a bar are masses.

mod atoms;

use atoms::{TEMPERATURE, dim, fold, parse_atom};
use thiserror::Error;

/// Exponents of the base dimensions that clinical units use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dimension {
    /// Mass of substance (gram).
    pub mass: i8,
    /// Volume (litre).
    pub volume: i8,
    /// Time (minute).
    pub time: i8,
    /// Amount of substance (mole).
    pub substance: i8,
    /// Enzyme or drug activity (unit, international unit).
    pub activity: i8,
    /// Pressure (millimetre of mercury).
    pub pressure: i8,
    /// Temperature (kelvin steps).
    pub temperature: i8,
    /// Body weight (kilogram), as in `ug/kg/min`.
    pub body: i8,
    /// Length (centimetre).
    pub length: i8,
    /// Counted copies of a gene.
    pub copies: i8,
    /// Undivided doses ("1 dose"), which carry no amount.
    pub doses: i8,
}

/// A parsed unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Multiplier to the base unit of the dimension.
    pub factor: f64,
    /// Added after the multiplier; only Fahrenheit has one.
    pub offset: f64,
    /// What is measured.
    pub dimension: Dimension,
}

/// Numbers from outside the unit that a conversion may need.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Context {
    /// Body weight in kilograms.
    pub weight_kg: Option<f64>,
    /// Molar mass of the analyte in grams per mole.
    pub molar_mass: Option<f64>,
}

/// Why a value could not be given another unit.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnitError {
    /// The spelling is not in the table.
    #[error("unknown unit {0:?}; use a UCUM unit such as \"mg/L\" or \"mm[Hg]\"")]
    Unknown(String),
    /// The two units measure different things.
    #[error("unit {from:?} cannot become {to:?}: they measure different things")]
    Mismatch {
        /// The unit that was given.
        from: String,
        /// The unit that was wanted.
        to: String,
    },
    /// Body weight is needed and not known.
    #[error("unit {0:?} needs a body weight, and none is recorded")]
    NeedsWeight(String),
}

impl Dimension {
    fn plus(self, other: Self, sign: i8) -> Option<Self> {
        let add = |a: i8, b: i8| a.checked_add(b.checked_mul(sign)?);
        Some(Self {
            mass: add(self.mass, other.mass)?,
            volume: add(self.volume, other.volume)?,
            time: add(self.time, other.time)?,
            substance: add(self.substance, other.substance)?,
            activity: add(self.activity, other.activity)?,
            pressure: add(self.pressure, other.pressure)?,
            temperature: add(self.temperature, other.temperature)?,
            body: add(self.body, other.body)?,
            length: add(self.length, other.length)?,
            copies: add(self.copies, other.copies)?,
            doses: add(self.doses, other.doses)?,
        })
    }
}

impl Unit {
    /// Parses a spelling such as `ug/kg/min`, `10*9/L`, `K/uL`, `mg/L{FEU}` or `[degF]`.
    ///
    /// # Errors
    /// [`UnitError::Unknown`] when any part is not in the table.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let unknown = || UnitError::Unknown(text.chars().take(40).collect());
        if text.len() > 64 {
            return Err(unknown());
        }
        let folded = fold(text);
        if matches!(folded.as_str(), "[degf]" | "degf" | "f" | "°f" | "fahrenheit") {
            return Ok(Self { factor: 5.0 / 9.0, offset: -32.0 * 5.0 / 9.0, dimension: TEMPERATURE });
        }
        let mut unit = Self { factor: 1.0, offset: 0.0, dimension: dim() };
        for (i, part) in folded.split('/').enumerate() {
            let sign = if i == 0 { 1 } else { -1 };
            for (j, atom) in part.split('.').enumerate() {
                if atom.is_empty() && i == 0 && j == 0 {
                    continue;
                }
                let (factor, dimension) = parse_atom(atom, sign).ok_or_else(unknown)?;
                unit.factor *= if sign == 1 { factor } else { 1.0 / factor };
                unit.dimension = unit.dimension.plus(dimension, sign).ok_or_else(unknown)?;
            }
        }
        Ok(unit)
    }

    /// Converts a value from this unit to another.
    ///
    /// The result is rounded to nine significant digits, so that 100.4 °F is 38.0 °C exactly and a
    /// threshold decides the same way in either unit.
    ///
    /// # Errors
    /// [`UnitError::Mismatch`] or [`UnitError::NeedsWeight`]; the names are for the message.
    pub fn convert(&self, value: f64, to: &Self, context: Context, names: (&str, &str)) -> Result<f64, UnitError> {
        let mismatch = || UnitError::Mismatch { from: names.0.to_owned(), to: names.1.to_owned() };
        if self == to {
            return Ok(value);
        }
        let mut base = value * self.factor + self.offset;
        let gap = self.dimension.plus(to.dimension, -1).ok_or_else(mismatch)?;
        if gap != dim() {
            let body = Dimension { body: gap.body, ..dim() };
            let molar = Dimension { substance: gap.substance, mass: gap.mass, ..dim() };
            if gap == body {
                let weight = context.weight_kg.ok_or_else(|| UnitError::NeedsWeight(names.0.to_owned()))?;
                base *= weight.powi(-i32::from(gap.body));
            } else if gap == molar && gap.substance == -gap.mass && gap.mass.abs() == 1 {
                let mass = context.molar_mass.ok_or_else(mismatch)?;
                base *= mass.powi(i32::from(gap.substance));
            } else {
                return Err(mismatch());
            }
        }
        Ok(round_significant((base - to.offset) / to.factor))
    }
}

/// Nine significant digits: far beyond any measurement, and enough to undo binary noise.
pub fn round_significant(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = 8 - value.abs().log10().floor() as i32;
    if !(-280..=280).contains(&digits) {
        return value;
    }
    if digits >= 0 {
        let scale = 10f64.powi(digits);
        (value * scale).round() / scale
    } else {
        let scale = 10f64.powi(-digits);
        (value / scale).round() * scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(value: f64, from: &str, to: &str, context: Context) -> Result<f64, UnitError> {
        Unit::parse(from)?.convert(value, &Unit::parse(to)?, context, (from, to))
    }

    #[test]
    fn everyday_clinical_conversions() {
        let child = Context { weight_kg: Some(20.0), ..Context::default() };
        for (value, from, to, expected) in [
            (100.4, "[degF]", "Cel", 38.0),
            (38.0, "C", "Cel", 38.0),
            (20.0, "mg/dL", "mg/L", 200.0),
            (3.0, "g/L", "mg/dL", 300.0),
            (500.0, "/uL", "10*9/L", 0.5),
            (500.0, "cells/uL", "10*9/L", 0.5),
            (150.0, "K/uL", "10*9/L", 150.0),
            (150.0, "10^3/µL", "10*9/L", 150.0),
            (10.0, "10*3/uL", "10*9/L", 10.0),
            (0.1, "mcg/kg/min", "ug/kg/min", 0.1),
            (20.0, "mcg/min", "ug/kg/min", 1.0),
            (6.0, "ug/kg/h", "ug/kg/min", 0.1),
            (0.5, "mU/kg/min", "U/kg/min", 0.0005),
            (2.4, "units/hour", "U/kg/min", 0.002),
            (0.04, "U/min", "U/kg/min", 0.002),
            (12.0, "mg/kg", "mg", 240.0),
            (400.0, "mL", "mL/kg", 20.0),
            (0.4, "1", "%", 40.0),
            (2.0, "mg/L{FEU}", "mg/L{FEU}", 2.0),
            (2000.0, "ng/mL{FEU}", "mg/L", 2.0),
            (13.3322, "kPa", "mm[Hg]", 99.999_723_7),
            (22.0, "lb", "kg", 9.979_032_14),
        ] {
            assert_eq!(convert(value, from, to, child), Ok(expected), "{value} {from} -> {to}");
        }
    }

    #[test]
    fn molar_units_need_the_analyte() {
        let creatinine = Context { molar_mass: Some(113.12), ..Context::default() };
        let value = convert(88.4, "umol/L", "mg/dL", creatinine).unwrap();
        assert!((value - 1.0).abs() < 1e-3, "{value}");
        let lactate = Context { molar_mass: Some(90.08), ..Context::default() };
        let value = convert(18.016, "mg/dL", "mmol/L", lactate).unwrap();
        assert!((value - 2.0).abs() < 1e-9, "{value}");
    }

    #[test]
    fn nothing_is_guessed() {
        let none = Context::default();
        assert!(matches!(convert(1.0, "furlong", "Cel", none), Err(UnitError::Unknown(_))));
        assert!(matches!(convert(1.0, "mg/dL", "mm[Hg]", none), Err(UnitError::Mismatch { .. })));
        assert!(matches!(convert(1.0, "U/min", "U/kg/min", none), Err(UnitError::NeedsWeight(_))));
        assert!(matches!(convert(1.0, "umol/L", "mg/dL", none), Err(UnitError::Mismatch { .. })));
        assert!(Unit::parse(&"mg/".repeat(1000)).is_err());
        assert!(Unit::parse("10*99").is_err());
    }

    #[test]
    fn hours_and_minutes_are_not_confused() {
        let adult = Context { weight_kg: Some(80.0), ..Context::default() };
        let per_hour = convert(2.4, "U/h", "U/kg/min", adult).unwrap();
        let per_minute = convert(0.04, "U/min", "U/kg/min", adult).unwrap();
        assert_eq!(per_hour, per_minute);
    }
}
