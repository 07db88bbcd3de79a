//! How exactly a number was charted that came in another unit than the record's.

use super::{Observation, convert, value};
use crate::Kind;

/// Half a unit of the last digit charted, as [`crate::Event::half_digit`] has it.
pub(super) fn half_digit_of(row: &Observation<'_>, x: f64, converted: Option<&f64>) -> f32 {
    let Some(converted) = converted.filter(|c| **c != x && row.signal.kind() == Kind::Measurement) else { return 0.0 };
    let Ok(next) = convert(row.signal, x + 1.0, row.unit, None) else { return 0.0 };
    let factor = next - converted;
    let power = factor.log10();
    if !power.is_finite() || (power - power.round()).abs() < 1e-9 {
        return 0.0;
    }
    (0.5 * factor * 10f64.powi(-value::decimals(row.value))) as f32
}
