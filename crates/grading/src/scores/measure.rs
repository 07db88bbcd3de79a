//! A signal in the unit that a formula is written in.

use super::Bounds;
use barograph_record::{Comparator, Context, Event, Signal, Unit, UnitError, Value};
use serde::Deserialize;

/// A signal and the unit a published formula takes it in; the two are checked against each other when read.
///
/// A formula's numbers never meet a bare number of the record: CRP is kept in mg/L and m-EASIX wants
/// mg/dL, and the factor of ten between them comes from the units alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Measure {
    /// What is measured.
    pub signal: Signal,
    /// The unit as the formula's source writes it (UCUM).
    pub unit: String,
    from: Unit,
    to: Unit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    signal: Signal,
    unit: String,
}

/// How exactly a number was charted that came in another unit than the record's.
///
/// Laboratories that report in moles print the edges of a score rounded: 2.0 mg/dL of bilirubin are 34.2 umol/L, which is 1.9995 mg/dL.
/// So an edge nearer than half a unit of the last digit charted is the charted number itself. What was charted in the record's unit, or
/// differs from it by a power of ten, has no grain and is never moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grain {
    half: f64,
    /// Whether the number itself is excluded, for it was charted as more than that.
    above: bool,
}

impl Grain {
    /// Of a number taken as it stands.
    pub(super) const NONE: Self = Self { half: 0.0, above: false };

    /// The number to hold against edges: the nearest edge, where it lies within the grain.
    pub(super) fn settle(self, x: f64, edges: impl Iterator<Item = f64>) -> f64 {
        let near = edges.filter(|edge| (x - edge).abs() < self.half).min_by(|a, b| (x - a).abs().total_cmp(&(x - b).abs()));
        near.map_or(x, |edge| if self.above { edge.next_up() } else { edge })
    }

    /// The same, of a number divided by another.
    pub(super) fn over(self, divisor: f64) -> Self {
        Self { half: self.half / divisor, ..self }
    }
}

impl TryFrom<Raw> for Measure {
    type Error = UnitError;

    fn try_from(raw: Raw) -> Result<Self, UnitError> {
        Self::new(raw.signal, &raw.unit)
    }
}

impl Measure {
    /// A signal in a unit.
    ///
    /// # Errors
    /// [`UnitError`] when the unit is unknown or cannot measure the signal.
    pub fn new(signal: Signal, unit: &str) -> Result<Self, UnitError> {
        let (from, to) = (Unit::parse(signal.unit())?, Unit::parse(unit)?);
        let measure = Self { signal, unit: unit.to_owned(), from, to };
        // Any weight will do to see whether the two units measure the same thing.
        measure.convert(1.0, Some(1.0))?;
        Ok(measure)
    }

    /// A value of the record, in its canonical unit, as the formula wants it.
    ///
    /// # Errors
    /// [`UnitError::NeedsWeight`] when the formula is per patient and the record per kilogram, and no weight is known.
    pub(super) fn convert(&self, x: f64, weight_kg: Option<f64>) -> Result<f64, UnitError> {
        let context = Context { weight_kg, molar_mass: self.signal.molar_mass() };
        self.from.convert(x, &self.to, context, (self.signal.unit(), &self.unit))
    }

    /// A number in the formula's unit, back in the canonical one.
    pub(super) fn to_canonical(&self, x: f64) -> Result<f64, UnitError> {
        let context = Context { weight_kg: None, molar_mass: self.signal.molar_mass() };
        self.to.convert(x, &self.from, context, (&self.unit, self.signal.unit()))
    }

    /// How near an edge, in the formula's unit, a charted number is that edge, rounded.
    pub(super) fn grain(&self, event: &Event) -> Grain {
        let above = matches!(event.value, Value::Number(_, Comparator::Above));
        let exact = matches!(event.value, Value::Number(_, Comparator::Exact));
        if event.half_digit == 0.0 || !(above || exact) {
            return Grain::NONE;
        }
        let (Ok(zero), Ok(one)) = (self.convert(0.0, Some(1.0)), self.convert(1.0, Some(1.0))) else { return Grain::NONE };
        Grain { half: f64::from(event.half_digit) * (one - zero), above }
    }

    /// A charted value as bounds in the formula's unit; `None` where it tells no number.
    pub(super) fn bounds(&self, value: Value, weight_kg: Option<f64>) -> Result<Option<Bounds>, UnitError> {
        let Value::Number(x, comparator) = value else { return Ok(None) };
        let x = if x == 0.0 && self.from.offset == 0.0 && self.to.offset == 0.0 { 0.0 } else { self.convert(x, weight_kg)? };
        // What lies below or above a limit of quantification is not at it.
        Ok(Some(match comparator {
            Comparator::Exact => Bounds::exactly(x),
            Comparator::Below => Bounds::between(0.0, x.next_down().max(0.0)),
            Comparator::Above => Bounds { floor: x.next_up(), ceiling: f64::INFINITY },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crp_loses_a_factor_of_ten_on_the_way_to_mg_per_dl() {
        let crp = Measure::new(Signal::Crp, "mg/dL").unwrap();
        assert_eq!(crp.bounds(Value::Number(30.0, Comparator::Exact), None).unwrap(), Some(Bounds::exactly(3.0)));
        let below = crp.bounds(Value::Number(30.0, Comparator::Below), None).unwrap().unwrap();
        assert!(below.ceiling < 3.0 && below.ceiling > 2.999_999);
    }

    #[test]
    fn a_unit_that_measures_something_else_is_refused() {
        assert!(Measure::new(Signal::Crp, "U/L").is_err());
        assert!(Measure::new(Signal::Crp, "furlong").is_err());
        let vasopressin = Measure::new(Signal::Vasopressin, "U/min").unwrap();
        assert!(vasopressin.convert(0.001, None).is_err());
        assert_eq!(vasopressin.convert(0.001, Some(20.0)), Ok(0.02));
        assert_eq!(vasopressin.bounds(Value::Number(0.0, Comparator::Exact), None), Ok(Some(Bounds::ZERO)));
    }
}
