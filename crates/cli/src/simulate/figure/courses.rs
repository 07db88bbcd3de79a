//! Courses of a population: percentiles by day, and single children.

use super::panel::{Axis, HEIGHT, Panel, WIDTH};
use super::{BLUE, GREY, VERMILLION, escaped, page, write};
use crate::failure::Failure;
use crate::simulate::cohort::Fate;
use crate::simulate::facts::quantile;
use barograph_dynamics::child::Summary;
use std::fmt::Write as _;
use std::path::Path;

/// Percentiles are taken over this many children at most, single courses drawn of so many.
const MOST: usize = 10_000;
const SINGLE: usize = 80;
/// The last day drawn.
const LAST: usize = 42;

/// What a panel shows of a child.
struct Quantity {
    title: &'static str,
    axis: Axis,
    of: fn(&Summary, usize) -> Option<f64>,
}

const QUANTITIES: [Quantity; 6] = [
    Quantity { title: "transgene, copies/ug DNA", axis: Axis::Decades(1, 6), of: |s, day| s.daily.get(day).copied() },
    Quantity { title: "IL-6, pg/mL", axis: Axis::Decades(0, 6), of: |s, day| s.levels.get(day).map(|d| d.il6) },
    Quantity { title: "interferon-gamma, pg/mL", axis: Axis::Decades(0, 5), of: |s, day| s.levels.get(day).map(|d| d.ifn_gamma) },
    Quantity { title: "CRP, mg/L", axis: Axis::Even(0.0, 500.0, 100.0), of: |s, day| s.levels.get(day).map(|d| d.crp) },
    Quantity { title: "ferritin, ug/L", axis: Axis::Decades(2, 6), of: |s, day| s.levels.get(day).map(|d| d.ferritin) },
    Quantity {
        title: "highest temperature of the day, Cel",
        axis: Axis::Even(36.0, 42.0, 1.0),
        of: |s, day| s.levels.get(day).map(|d| d.temperature),
    },
];

/// The true courses of the first children of a population.
#[derive(Default)]
pub(in crate::simulate) struct Courses {
    /// Highest ASTCT grade, and the quantities by day.
    children: Vec<(u8, [Vec<f64>; 6])>,
}

impl Courses {
    /// Keeps a child while there are not too many.
    pub(in crate::simulate) fn add(&mut self, fate: &Fate) {
        if self.children.len() < MOST {
            let values = QUANTITIES.each_ref().map(|q| (0..=LAST).map_while(|day| (q.of)(&fate.summary, day)).collect());
            self.children.push((fate.astct, values));
        }
    }

    /// Writes `bands.svg` and `spaghetti.svg`.
    pub(in crate::simulate) fn write(&self, folder: &Path) -> Result<(), Failure> {
        write(folder, "bands.svg", &self.bands())?;
        write(folder, "spaghetti.svg", &self.spaghetti())
    }

    fn bands(&self) -> String {
        let n = self.children.len();
        let caption = format!("median, middle half, and 5th to 95th percentile of {n} virtual children; days from infusion");
        self.panels("Courses of a population: percentiles", &caption, |panel, at, days| {
            let percentile = |q: f64| -> Vec<(usize, f64)> {
                let of = |day: usize| quantile(self.children.iter().filter_map(|c| c.1[at].get(day).copied()), q);
                // A short course may end before the axis does.
                (1..=days).map(|day| (day, of(day))).filter(|(_, value)| value.is_finite()).collect()
            };
            for (low, high, opacity) in [(0.05, 0.95, 0.15), (0.25, 0.75, 0.3)] {
                panel.band(&percentile(low), &percentile(high), &format!("fill=\"{BLUE}\" fill-opacity=\"{opacity}\""));
            }
            panel.curve(percentile(0.5).into_iter(), &format!("stroke=\"{BLUE}\" stroke-width=\"1.3\""));
        })
    }

    fn spaghetti(&self) -> String {
        let n = self.children.len().min(SINGLE);
        let caption = format!(
            "{n} virtual children by their highest ASTCT grade: <tspan fill=\"{GREY}\">0</tspan>, <tspan fill=\"{BLUE}\">1 to 2</tspan>, <tspan fill=\"{VERMILLION}\">3 to 4</tspan>; days from infusion"
        );
        self.panels("Courses of single children", &caption, |panel, at, _| {
            for (grade, values) in self.children.iter().take(SINGLE) {
                let colour = match grade {
                    0 => GREY,
                    1 | 2 => BLUE,
                    _ => VERMILLION,
                };
                let style = format!("stroke=\"{colour}\" stroke-width=\"0.45\" stroke-opacity=\"0.7\"");
                panel.curve(values[at].iter().copied().enumerate().skip(1), &style);
            }
        })
    }

    fn panels(&self, title: &str, caption: &str, draw: impl Fn(&mut Panel, usize, usize)) -> String {
        let days = self.children.iter().map(|c| c.1[0].len()).max().unwrap_or(0).saturating_sub(1).max(2);
        panels(title, caption, days, draw)
    }
}

/// The true course of one child under two treatments, the first in grey.
pub(in crate::simulate) fn arms(arms: [(&str, &Summary); 2]) -> String {
    let [(first, _), (second, _)] = arms;
    let caption = format!(
        "the same child, <tspan fill=\"{GREY}\">{}</tspan> and <tspan fill=\"{BLUE}\">{}</tspan>; true levels, not what was charted; days from infusion",
        escaped(first),
        escaped(second)
    );
    let days = arms[0].1.daily.len().saturating_sub(1).clamp(2, LAST);
    panels("One child under two treatments", &caption, days, |panel, at, days| {
        for ((_, summary), colour) in arms.into_iter().zip([GREY, BLUE]) {
            let values = (0..=days).map_while(|day| Some((day, (QUANTITIES[at].of)(summary, day)?)));
            panel.curve(values, &format!("stroke=\"{colour}\" stroke-width=\"1.3\""));
        }
    })
}

fn panels(title: &str, caption: &str, days: usize, draw: impl Fn(&mut Panel, usize, usize)) -> String {
    let (across, down) = (WIDTH + 34.0, HEIGHT + 32.0);
    let mut body = String::new();
    for (at, quantity) in QUANTITIES.iter().enumerate() {
        let place = (28.0 + across * (at % 3) as f64, 26.0 + down * (at / 3) as f64);
        let mut panel = Panel::new(place, quantity.title, quantity.axis, days);
        draw(&mut panel, at, days);
        body += &panel.finish();
    }
    let _ = writeln!(body, "<text x=\"6\" y=\"9\">{caption}</text>");
    page(across * 3.0 + 4.0, down * 2.0 + 18.0, title, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Courses that are shorter than the axis, and a population of which nobody is left, draw nothing that is not there.
    #[test]
    fn what_is_not_there_is_not_drawn() {
        let day = |crp: f64| vec![100.0, 200.0 * crp];
        let child = |crp: f64| (1, std::array::from_fn(|_| day(crp)));
        for courses in [Courses { children: vec![child(1.0), child(2.0)] }, Courses::default()] {
            for svg in [courses.bands(), courses.spaghetti()] {
                assert!(!svg.contains("NaN"), "{svg}");
            }
        }
        let svg = Courses { children: vec![child(1.0), child(2.0)] }.bands();
        let curve = svg.lines().find(|line| line.starts_with("<polyline")).unwrap();
        assert_eq!(curve.matches(',').count(), 1, "{curve}");
    }
}
