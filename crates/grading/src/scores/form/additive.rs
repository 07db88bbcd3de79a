//! Scores that add points over groups of items.

use super::super::sheet::Sheet;
use super::ladder::Ladder;
use super::oxygenation::{self, Step};
use super::{Bounds, Form};
use barograph_record::Signal;
use serde::Deserialize;

/// A score that adds the points of its groups.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Additive {
    group: Vec<Group>,
}

/// Items that are added up or of which the worst counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    /// What it is about; for whoever reads the file.
    #[allow(dead_code)]
    name: String,
    #[serde(default)]
    combine: Combine,
    /// The most that it can be worth.
    cap: Option<f64>,
    /// What a count of 0, 1, 2, … is worth; the last holds for every higher count.
    worth: Option<Vec<f64>>,
    item: Vec<Item>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Combine {
    #[default]
    Sum,
    Max,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Item {
    /// A measured value beyond published edges.
    Ladder(Ladder),
    /// Saturation ratio and support.
    Oxygenation(Vec<Step>),
    /// A ventilator through a tube.
    Invasive { points: f64 },
    /// Something for which there is no signal.
    Unknown { what: String, points: f64 },
}

impl Item {
    fn points(&'static self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        match self {
            Self::Ladder(ladder) => ladder.points(sheet),
            Self::Oxygenation(steps) => oxygenation::points(steps, sheet),
            Self::Invasive { points } => oxygenation::invasive(*points, sheet),
            Self::Unknown { what, points } => {
                sheet.miss(what);
                Bounds { floor: 0.0, ceiling: *points }
            }
        }
    }

    fn inputs(&self) -> Vec<Signal> {
        match self {
            Self::Ladder(ladder) if ladder.measure.signal == Signal::MeanBp => {
                vec![Signal::MeanBp, Signal::SystolicBp, Signal::DiastolicBp]
            }
            Self::Ladder(ladder) => vec![ladder.measure.signal],
            Self::Oxygenation(_) => vec![Signal::OxygenDevice, Signal::Spo2, Signal::Fio2],
            Self::Invasive { .. } => vec![Signal::OxygenDevice],
            Self::Unknown { .. } => Vec::new(),
        }
    }
}

impl Group {
    fn points(&'static self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let mut total = Bounds::ZERO;
        for item in &self.item {
            let points = sheet.part(|sheet| item.points(sheet));
            total = match self.combine {
                Combine::Sum => total.plus(points),
                Combine::Max => total.max(points),
            };
        }
        if let Some(worth) = &self.worth {
            total = total.through(|count| worth.get(count as usize).or(worth.last()).copied().unwrap_or(0.0));
        }
        self.cap.map_or(total, |cap| total.min(cap))
    }
}

impl Form for Additive {
    fn inputs(&self) -> Vec<Signal> {
        self.group.iter().flat_map(|g| &g.item).flat_map(Item::inputs).collect()
    }

    fn ages(&self) -> Vec<f64> {
        let items = self.group.iter().flat_map(|g| &g.item);
        items
            .flat_map(|item| match item {
                Item::Ladder(ladder) => ladder.ages().collect(),
                _ => Vec::new(),
            })
            .collect()
    }

    fn evaluate(&'static self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        self.group.iter().fold(Bounds::ZERO, |total, group| total.plus(sheet.part(|sheet| group.points(sheet))))
    }
}
