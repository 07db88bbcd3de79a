//! Points by how far a value lies beyond published edges, in bands of age where the source has them.

use super::super::measure::{Grain, Measure};
use super::super::sheet::Sheet;
use super::Bounds;
use barograph_record::{Signal, UnitError};
use serde::Deserialize;
use thiserror::Error;

/// One measured value, graded by edges.
///
/// In the file: `signal`, `unit` of the edges, and either `rungs` or `bands` of age with rungs each. A rung is one
/// edge (`at_least`, `above`, `below` or `at_most`) and the `points` for standing beyond it; the highest counts,
/// and standing beyond none is worth 0. All edges of a ladder face the same way.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Ladder {
    /// What is measured, in the unit of the edges.
    pub measure: Measure,
    bands: Vec<Band>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    signal: Signal,
    unit: String,
    #[serde(default)]
    rungs: Vec<Rung>,
    #[serde(default)]
    bands: Vec<Band>,
}

/// Rungs that hold from one age up to, not including, another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Band {
    #[serde(default)]
    from_months: f64,
    until_months: Option<f64>,
    rungs: Vec<Rung>,
}

/// One edge and what standing beyond it is worth.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Rung {
    at_least: Option<f64>,
    above: Option<f64>,
    below: Option<f64>,
    at_most: Option<f64>,
    pub(in super::super) points: f64,
}

/// Why a ladder was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LadderError {
    /// The unit does not measure the signal.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// Neither or both of `rungs` and `bands`, or a rung with no edge or with two.
    #[error("{0} needs either rungs or bands, and each rung exactly one edge")]
    Edges(Signal),
    /// Edges of both directions.
    #[error("the edges of {0} must all face the same way")]
    Directions(Signal),
}

impl Band {
    fn holds(&self, months: f64) -> bool {
        months >= self.from_months && self.until_months.is_none_or(|until| months < until)
    }
}

impl Rung {
    fn edges(&self) -> usize {
        [self.at_least, self.above, self.below, self.at_most].iter().flatten().count()
    }

    fn edge(&self) -> Option<f64> {
        self.at_least.or(self.above).or(self.below).or(self.at_most)
    }

    fn faces_up(&self) -> bool {
        self.at_least.is_some() || self.above.is_some()
    }

    fn holds(&self, x: f64) -> bool {
        self.at_least.is_some_and(|edge| x >= edge)
            || self.above.is_some_and(|edge| x > edge)
            || self.below.is_some_and(|edge| x < edge)
            || self.at_most.is_some_and(|edge| x <= edge)
    }
}

/// Whether every rung has one edge and all face the same way.
pub(in super::super) fn check<'a>(signal: Signal, rungs: impl Iterator<Item = &'a Rung> + Clone) -> Result<(), LadderError> {
    if rungs.clone().any(|r| r.edges() != 1) {
        return Err(LadderError::Edges(signal));
    }
    let up = rungs.clone().filter(|r| r.faces_up()).count();
    if up != 0 && up != rungs.count() { Err(LadderError::Directions(signal)) } else { Ok(()) }
}

/// Points of a value by its rungs; an edge within the grain of the charted number is that number.
pub(in super::super) fn points(rungs: &[Rung], value: Bounds, grain: Grain) -> Bounds {
    let settled = |x| grain.settle(x, rungs.iter().filter_map(Rung::edge));
    value.through(settled).through(|x| rungs.iter().filter(|r| r.holds(x)).map(|r| r.points).fold(0.0, f64::max))
}

impl TryFrom<Raw> for Ladder {
    type Error = LadderError;

    fn try_from(raw: Raw) -> Result<Self, LadderError> {
        let Raw { signal, unit, rungs, mut bands } = raw;
        if rungs.is_empty() == bands.is_empty() {
            return Err(LadderError::Edges(signal));
        }
        if bands.is_empty() {
            bands.push(Band { from_months: 0.0, until_months: None, rungs });
        }
        check(signal, bands.iter().flat_map(|b| &b.rungs))?;
        Ok(Self { measure: Measure::new(signal, &unit)?, bands })
    }
}

impl Ladder {
    /// Ages in years at which a band ends.
    pub(super) fn ages(&self) -> impl Iterator<Item = f64> {
        self.bands.iter().flat_map(|b| [Some(b.from_months), b.until_months]).flatten().map(|months| months / 12.0)
    }

    /// The points that the value read now is worth.
    pub(in super::super) fn points(&self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let value = sheet.read(&self.measure);
        self.points_of(value, sheet)
    }

    /// The points that a value is worth at the patient's age.
    pub(in super::super) fn points_of(&self, value: Bounds, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let grain = sheet.grain(&self.measure);
        if let [only] = self.bands.as_slice()
            && only.until_months.is_none()
            && only.from_months == 0.0
        {
            return points(&only.rungs, value, grain);
        }
        let Some(years) = sheet.state.years() else {
            sheet.miss("age");
            return self.at_any_age(value, grain);
        };
        if let Some(band) = self.bands.iter().find(|b| b.holds(years * 12.0)) {
            return points(&band.rungs, value, grain);
        }
        sheet.note("age-outside-the-published-bands");
        sheet.miss("band for this age");
        Bounds { floor: 0.0, ceiling: self.highest() }
    }

    fn at_any_age(&self, value: Bounds, grain: Grain) -> Bounds {
        let every_age = self.bands.first().is_some_and(|b| b.from_months == 0.0) && self.bands.iter().any(|b| b.until_months.is_none());
        let outside = (!every_age).then_some(Bounds { floor: 0.0, ceiling: self.highest() });
        self.bands.iter().map(|b| points(&b.rungs, value, grain)).chain(outside).reduce(Bounds::or).unwrap_or(Bounds::ZERO)
    }

    fn highest(&self) -> f64 {
        self.bands.iter().flat_map(|b| &b.rungs).map(|r| r.points).fold(0.0, f64::max)
    }
}
