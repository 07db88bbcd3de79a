//! The table of spellings, and what stands behind each.

use super::Dimension;

pub(super) const fn dim() -> Dimension {
    Dimension {
        mass: 0,
        volume: 0,
        time: 0,
        substance: 0,
        activity: 0,
        pressure: 0,
        temperature: 0,
        body: 0,
        length: 0,
        copies: 0,
        doses: 0,
    }
}

const MASS: Dimension = Dimension { mass: 1, ..dim() };
const VOLUME: Dimension = Dimension { volume: 1, ..dim() };
const TIME: Dimension = Dimension { time: 1, ..dim() };
const SUBSTANCE: Dimension = Dimension { substance: 1, ..dim() };
const ACTIVITY: Dimension = Dimension { activity: 1, ..dim() };
const PRESSURE: Dimension = Dimension { pressure: 1, ..dim() };
pub(super) const TEMPERATURE: Dimension = Dimension { temperature: 1, ..dim() };
const BODY: Dimension = Dimension { body: 1, ..dim() };
const LENGTH: Dimension = Dimension { length: 1, ..dim() };
const COPIES: Dimension = Dimension { copies: 1, ..dim() };
const DOSES: Dimension = Dimension { doses: 1, ..dim() };

/// One spelling: name, factor to the base unit, dimension.
type Atom = (&'static str, f64, Dimension);

/// Spellings after case folding; prefixes are spelled out because clinical spellings are irregular.
const ATOMS: &[Atom] = &[
    ("kg", 1e3, MASS),
    ("g", 1.0, MASS),
    ("gram", 1.0, MASS),
    ("grams", 1.0, MASS),
    ("gm", 1.0, MASS),
    ("mg", 1e-3, MASS),
    ("ug", 1e-6, MASS),
    ("mcg", 1e-6, MASS),
    ("µg", 1e-6, MASS),
    ("μg", 1e-6, MASS),
    ("ng", 1e-9, MASS),
    ("pg", 1e-12, MASS),
    ("l", 1.0, VOLUME),
    ("dl", 1e-1, VOLUME),
    ("ml", 1e-3, VOLUME),
    ("cc", 1e-3, VOLUME),
    ("ul", 1e-6, VOLUME),
    ("µl", 1e-6, VOLUME),
    ("μl", 1e-6, VOLUME),
    ("mcl", 1e-6, VOLUME),
    ("mm3", 1e-6, VOLUME),
    ("cmm", 1e-6, VOLUME),
    ("liter", 1.0, VOLUME),
    ("liters", 1.0, VOLUME),
    ("min", 1.0, TIME),
    ("minute", 1.0, TIME),
    ("minutes", 1.0, TIME),
    ("h", 60.0, TIME),
    ("hr", 60.0, TIME),
    ("hour", 60.0, TIME),
    ("hours", 60.0, TIME),
    ("s", 1.0 / 60.0, TIME),
    ("sec", 1.0 / 60.0, TIME),
    ("second", 1.0 / 60.0, TIME),
    ("seconds", 1.0 / 60.0, TIME),
    ("d", 1440.0, TIME),
    ("day", 1440.0, TIME),
    ("mol", 1.0, SUBSTANCE),
    ("mmol", 1e-3, SUBSTANCE),
    ("umol", 1e-6, SUBSTANCE),
    ("µmol", 1e-6, SUBSTANCE),
    ("μmol", 1e-6, SUBSTANCE),
    ("nmol", 1e-9, SUBSTANCE),
    ("pmol", 1e-12, SUBSTANCE),
    ("u", 1.0, ACTIVITY),
    ("[u]", 1.0, ACTIVITY),
    ("unit", 1.0, ACTIVITY),
    ("units", 1.0, ACTIVITY),
    ("iu", 1.0, ACTIVITY),
    ("[iu]", 1.0, ACTIVITY),
    ("[iu'u]", 1.0, ACTIVITY),
    ("[arb'u]", 1.0, ACTIVITY),
    ("mu", 1e-3, ACTIVITY),
    ("m[iu]", 1e-3, ACTIVITY),
    ("miu", 1e-3, ACTIVITY),
    ("milliunit", 1e-3, ACTIVITY),
    ("milliunits", 1e-3, ACTIVITY),
    ("mm[hg]", 1.0, PRESSURE),
    ("mmhg", 1.0, PRESSURE),
    ("torr", 1.0, PRESSURE),
    ("kpa", 7.500_616_827, PRESSURE),
    ("cm[h2o]", 0.735_559_24, PRESSURE),
    ("cmh2o", 0.735_559_24, PRESSURE),
    ("cel", 1.0, TEMPERATURE),
    ("c", 1.0, TEMPERATURE),
    ("degc", 1.0, TEMPERATURE),
    ("°c", 1.0, TEMPERATURE),
    ("celsius", 1.0, TEMPERATURE),
    ("cm", 1.0, LENGTH),
    ("m", 100.0, LENGTH),
    ("mm", 0.1, LENGTH),
    ("[in_i]", 2.54, LENGTH),
    ("in", 2.54, LENGTH),
    ("inches", 2.54, LENGTH),
    ("[lb_av]", 453.592_37, MASS),
    ("lb", 453.592_37, MASS),
    ("lbs", 453.592_37, MASS),
    ("oz", 28.349_523_125, MASS),
    ("copies", 1.0, COPIES),
    ("copy", 1.0, COPIES),
    ("dose", 1.0, DOSES),
    ("doses", 1.0, DOSES),
    ("%", 0.01, dim()),
    ("percent", 0.01, dim()),
    ("1", 1.0, dim()),
    ("ratio", 1.0, dim()),
    ("score", 1.0, dim()),
    ("points", 1.0, dim()),
    ("cells", 1.0, dim()),
    ("cell", 1.0, dim()),
    ("breaths", 1.0, dim()),
    ("beats", 1.0, dim()),
    ("#", 1.0, dim()),
    ("k", 1e3, dim()),
    ("thou", 1e3, dim()),
];

/// Lower case, without spaces and without UCUM annotations in braces.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 || c.is_whitespace() => {}
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Factor and dimension of one part of a unit; `sign` is -1 below the bar.
pub(super) fn parse_atom(atom: &str, sign: i8) -> Option<(f64, Dimension)> {
    if atom.is_empty() {
        return Some((1.0, dim()));
    }
    if sign == -1 && atom == "kg" {
        return Some((1.0, BODY));
    }
    if let Some(power) = ["10*", "10^", "x10*", "x10^", "x10e", "10e"].iter().find_map(|p| atom.strip_prefix(p)) {
        let exponent: i32 = power.parse().ok()?;
        return (-18..=18).contains(&exponent).then(|| (10f64.powi(exponent), dim()));
    }
    ATOMS.iter().find(|(name, ..)| *name == atom).map(|&(_, factor, dimension)| (factor, dimension))
}
