//! Vasopressors that were given at once, from `knowledge/vasopressor-pushes.toml`.

use barograph_record::{Code, Context, Knowledge, Signal, Unit};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    longest_minutes: f64,
    largest: BTreeMap<Signal, Largest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Largest {
    amount: f64,
    unit: String,
}

const TEXT: &str = include_str!("../../../knowledge/vasopressor-pushes.toml");

fn file() -> Option<&'static File> {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    // A test parses the embedded file, so it is there in a release.
    FILE.get_or_init(|| Knowledge::from_toml(TEXT).ok().map(|file| file.content)).as_ref()
}

/// The word of a vasopressor that can be given at once.
pub(crate) fn word(drug: Signal) -> Option<Code> {
    Code::among(drug.name(), Code::PUSHED)
}

/// The word of a vasopressor of which this amount (in a unit without time) over these minutes was given at once.
pub(crate) fn pushed(drug: Signal, amount: f64, unit: &str, minutes: f64) -> Option<Code> {
    let file = file()?;
    let largest = file.largest.get(&drug)?;
    // Per kilogram or not: nobody hangs a bag by the kilogram.
    let context = Context { weight_kg: Some(1.0), molar_mass: None };
    let amount = Unit::parse(unit).ok()?.convert(amount, &Unit::parse(&largest.unit).ok()?, context, ("", "")).ok()?;
    let is_push = amount > 0.0 && amount <= largest.amount && minutes <= file.longest_minutes;
    word(drug).filter(|_| is_push)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Signal::{Dopamine, Epinephrine, Norepinephrine, Phenylephrine, Vasopressin};

    #[test]
    fn what_is_pushed_is_told_from_a_bag() {
        Knowledge::<File>::from_toml(TEXT).unwrap();
        for (drug, amount, unit, minutes) in [
            (Norepinephrine, 10.0, "ug", 0.0),
            (Phenylephrine, 100.0, "mcg", 2.0),
            (Epinephrine, 10.0, "ug/kg", 0.0),
            (Epinephrine, 1.0, "mg", 5.0),
            (Vasopressin, 1.0, "[U]", 0.0),
        ] {
            assert!(pushed(drug, amount, unit, minutes).is_some(), "{drug} {amount} {unit}");
        }
        for (drug, amount, unit, minutes) in [
            (Norepinephrine, 4.0, "mg", 0.0),
            (Norepinephrine, 10.0, "ug", 6.0),
            (Norepinephrine, 0.0, "ug", 0.0),
            (Norepinephrine, 0.1, "ug/kg/min", 0.0),
            (Phenylephrine, 1.0, "mL", 0.0),
            (Phenylephrine, 100.0, "", 0.0),
            (Vasopressin, 20.0, "[U]", 0.0),
            (Dopamine, 1.0, "ug", 0.0),
        ] {
            assert_eq!(pushed(drug, amount, unit, minutes), None, "{drug} {amount} {unit}");
        }
    }
}
