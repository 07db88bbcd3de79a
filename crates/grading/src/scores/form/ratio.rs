//! Scores that multiply values and divide by one.

use super::super::measure::Measure;
use super::super::sheet::Sheet;
use super::{Bounds, Form};
use barograph_record::{Signal, round_significant};
use serde::Deserialize;

/// Product of some values over another, each in the unit of the publication.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    numerator: Vec<Measure>,
    denominator: Vec<Measure>,
}

impl Form for Ratio {
    fn inputs(&self) -> Vec<Signal> {
        self.numerator.iter().chain(&self.denominator).map(|m| m.signal).collect()
    }

    fn evaluate(&'static self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let one = Bounds::exactly(1.0);
        let above = self.numerator.iter().fold(one, |product, m| product.times(sheet.read(m)));
        let below = self.denominator.iter().fold(one, |product, m| product.times(sheet.read(m)));
        if below.ceiling == 0.0 {
            sheet.note("divided-by-zero");
            for measure in &self.denominator {
                sheet.miss(measure.signal.name());
            }
        }
        above.over(below).through(round_significant)
    }
}
