//! The unit parser and conversion.

use barograph_record::{Context, Signal, Unit, round_significant};

/// Reads the lines `value`, `from`, `to` (a unit, or a signal for its own), `weight` and `molar mass`, each of which may
/// be absent, and converts there and back.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines: Vec<&str> = text.lines().collect();
    let [value, from_name, to_name, weight, molar_mass] = [0, 1, 2, 3, 4].map(|i| lines.get(i).copied().unwrap_or(""));
    let value = value.parse().unwrap_or(1.0);
    let to_name = Signal::from_name(to_name).map_or(to_name, |signal| signal.unit());
    let context = Context { weight_kg: weight.parse().ok(), molar_mass: molar_mass.parse().ok() };
    round_significant(value);
    let (Ok(from), Ok(to)) = (Unit::parse(from_name), Unit::parse(to_name)) else { return };
    for unit in [from, to] {
        assert!(unit.factor.is_finite() && unit.factor > 0.0, "{unit:?} of {from_name:?} and {to_name:?}");
    }
    let there = from.convert(value, &to, context, (from_name, to_name));
    let back = to.convert(value, &from, context, (to_name, from_name));
    assert_eq!(there.is_ok(), back.is_ok(), "a conversion works both ways or not at all");
    let sane = |x: f64| (1e-6..1e6).contains(&x);
    if !sane(value) || !context.weight_kg.is_none_or(sane) || !context.molar_mass.is_none_or(sane) {
        return;
    }
    let Ok(there) = there else { return };
    // Far from one, or beside an offset, the digits that are kept run out.
    if !(1e-200..1e200).contains(&there) || from.offset != to.offset {
        return;
    }
    let again = to.convert(there, &from, context, (to_name, from_name)).expect("it was converted there");
    assert!((again / value - 1.0).abs() < 1e-6, "{value} {from_name} is {there} {to_name} is {again}");
}
