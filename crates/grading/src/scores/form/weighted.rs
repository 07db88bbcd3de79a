//! Weighted sums of the rates of vasoactive drugs.

use super::super::measure::Measure;
use super::super::sheet::Sheet;
use super::{Bounds, Form};
use barograph_record::{Group, Signal, UnitError, round_significant};
use serde::Deserialize;

/// A sum of rates, each in the unit of the publication and times its weight.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// Unit of the sum, for whoever reads it.
    #[allow(dead_code)]
    unit: String,
    term: Vec<Term>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
struct Term {
    measure: Measure,
    weight: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    signal: Signal,
    unit: String,
    weight: f64,
}

impl TryFrom<Raw> for Term {
    type Error = UnitError;

    fn try_from(raw: Raw) -> Result<Self, UnitError> {
        Ok(Self { measure: Measure::new(raw.signal, &raw.unit)?, weight: raw.weight })
    }
}

fn vasoactives() -> impl Iterator<Item = Signal> {
    Signal::ALL.iter().copied().filter(|s| s.group() == Group::Vasoactive && s.is_rate())
}

/// An infusion at an unstated rate is some amount; what cannot be told from nothing is written as nothing.
fn rounded(x: f64) -> f64 {
    if x < 1e-12 { 0.0 } else { round_significant(x) }
}

impl Form for Weighted {
    fn inputs(&self) -> Vec<Signal> {
        vasoactives().chain([Signal::Weight]).collect()
    }

    fn evaluate(&'static self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let outside = |drug: &Signal| !self.term.iter().any(|t| t.measure.signal == *drug);
        if vasoactives().filter(outside).any(|drug| sheet.state.pumps(drug).any(|p| p.value.is_running())) {
            sheet.note("vasoactive-outside-the-formula");
        }
        let add = |total: Bounds, term: &Term| {
            let rate = sheet.part(|sheet| sheet.read(&term.measure));
            total.plus(rate.times(Bounds::exactly(term.weight)))
        };
        self.term.iter().fold(Bounds::ZERO, add).through(rounded)
    }
}
