//! One panel of a figure: axes over days, curves and bands.

use super::{PALE, escaped};
use std::fmt::Write as _;

/// What an axis shows.
#[derive(Clone, Copy)]
pub(super) enum Axis {
    /// From one power of ten to another.
    Decades(i32, i32),
    /// From one number to another, with a mark every so many.
    Even(f64, f64, f64),
}

/// A panel under way; lengths are points.
pub(super) struct Panel {
    left: f64,
    top: f64,
    axis: Axis,
    days: usize,
    body: String,
}

pub(super) const WIDTH: f64 = 150.0;
pub(super) const HEIGHT: f64 = 96.0;

impl Panel {
    /// Axes with their top left corner at a place.
    pub(super) fn new((left, top): (f64, f64), title: &str, axis: Axis, days: usize) -> Self {
        let mut panel = Self { left, top, axis, days, body: String::new() };
        let right = left + WIDTH;
        for (value, label) in panel.marks() {
            let y = panel.y(value);
            let _ = writeln!(
                panel.body,
                "<line x1=\"{left:.1}\" x2=\"{right:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"{PALE}\" stroke-width=\"0.5\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                left - 3.0,
                y + 2.5,
            );
        }
        for day in (0..=days).step_by(7) {
            let (x, y) = (panel.x(day), top + HEIGHT + 9.0);
            let _ = writeln!(panel.body, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{day}</text>");
        }
        let _ = writeln!(panel.body, "<text x=\"{left:.1}\" y=\"{:.1}\" font-weight=\"bold\">{}</text>", top - 4.0, escaped(title));
        panel
    }

    fn marks(&self) -> Vec<(f64, String)> {
        match self.axis {
            Axis::Decades(low, high) => {
                (low..=high).map(|d| (10f64.powi(d), format!("10<tspan dy=\"-3\" font-size=\"5\">{d}</tspan>"))).collect()
            }
            Axis::Even(low, high, step) => {
                let count = ((high - low) / step).round() as u32;
                (0..=count).map(|i| low + step * f64::from(i)).map(|x| (x, format!("{x}"))).collect()
            }
        }
    }

    fn x(&self, day: usize) -> f64 {
        self.left + WIDTH * day as f64 / self.days.max(1) as f64
    }

    /// Values beyond the axis are drawn at its ends.
    fn y(&self, value: f64) -> f64 {
        let place = match self.axis {
            Axis::Decades(low, high) => (value.max(1e-300).log10() - f64::from(low)) / f64::from(high - low),
            Axis::Even(low, high, _) => (value - low) / (high - low),
        };
        self.top + HEIGHT * (1.0 - place.clamp(0.0, 1.0))
    }

    fn points<'a>(&'a self, values: impl Iterator<Item = (usize, f64)> + 'a) -> impl Iterator<Item = String> + 'a {
        values.map(|(day, value)| format!("{:.1},{:.1}", self.x(day), self.y(value)))
    }

    /// A curve; `style` are attributes of its stroke.
    pub(super) fn curve(&mut self, values: impl Iterator<Item = (usize, f64)>, style: &str) {
        let points: Vec<String> = self.points(values).collect();
        let _ = writeln!(self.body, "<polyline points=\"{}\" fill=\"none\" {style}/>", points.join(" "));
    }

    /// What lies between two curves of the same days.
    pub(super) fn band(&mut self, low: &[(usize, f64)], high: &[(usize, f64)], style: &str) {
        let points: Vec<String> = self.points(low.iter().copied().chain(high.iter().rev().copied())).collect();
        let _ = writeln!(self.body, "<polygon points=\"{}\" {style}/>", points.join(" "));
    }

    pub(super) fn finish(self) -> String {
        self.body
    }
}
