//! Figures of a population: transgene over time as bands and single children, and each fact against its band.

use super::cohort::Fate;
use super::fact::{Fact, short};
use super::facts::quantile;
use crate::failure::Failure;
use crate::output::{failed, open};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Lengths in points; the width of two columns of a journal.
const WIDTH: f64 = 380.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 30.0;
const TOP: f64 = 14.0;
const INK: &str = "#0072b2";

/// All figures of a cohort.
pub(super) fn write_all(folder: &Path, fates: &[Fate]) -> Result<(), Failure> {
    write(folder, "car-t.svg", &transgene(fates))
}

fn write(folder: &Path, name: &str, svg: &str) -> Result<(), Failure> {
    let path = folder.join(name);
    let failed = failed(Some(&path));
    let mut out = open(Some(&path))?;
    out.write_all(svg.as_bytes()).and_then(|()| out.flush()).map_err(failed)
}

fn page(height: f64, title: &str, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}pt\" height=\"{height}pt\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"7\">\n<title>{title}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n{body}</svg>\n"
    )
}

/// Percentiles of the transgene by day, and the courses of thirty children.
fn transgene(fates: &[Fate]) -> String {
    let days = fates.iter().map(|f| f.summary.daily.len()).max().unwrap_or(0).min(43);
    let (low, high) = (1.0f64, 6.0f64);
    let x = |day: usize| LEFT + (WIDTH - LEFT - 10.0) * day as f64 / (days.max(2) - 1) as f64;
    let y = |copies: f64| HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (copies.max(10.0).log10().clamp(low, high) - low) / (high - low);
    let mut body = String::new();
    for decade in 1..=6 {
        let at = y(10f64.powi(decade));
        let _ = writeln!(
            body,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\" stroke-width=\"0.5\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">10<tspan dy=\"-3\" font-size=\"5\">{decade}</tspan></text>",
            WIDTH - 10.0,
            LEFT - 4.0,
            at + 2.5
        );
    }
    for day in (0..days).step_by(7) {
        let _ = writeln!(body, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{day}</text>", x(day), HEIGHT - BOTTOM + 11.0);
    }
    let at = |day: usize, q: f64| quantile(fates.iter().filter_map(|f| f.summary.daily.get(day).copied()), q);
    for (lower, upper, opacity) in [(0.05, 0.95, 0.15), (0.25, 0.75, 0.3)] {
        let up = (1..days).map(|d| format!("{:.1},{:.1}", x(d), y(at(d, upper))));
        let down = (1..days).rev().map(|d| format!("{:.1},{:.1}", x(d), y(at(d, lower))));
        let points: Vec<String> = up.chain(down).collect();
        let _ = writeln!(body, "<polygon points=\"{}\" fill=\"{INK}\" fill-opacity=\"{opacity}\"/>", points.join(" "));
    }
    for fate in fates.iter().take(30) {
        let points: Vec<String> =
            fate.summary.daily.iter().enumerate().take(days).skip(1).map(|(d, c)| format!("{:.1},{:.1}", x(d), y(*c))).collect();
        let _ = writeln!(
            body,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"#555\" stroke-width=\"0.35\" stroke-opacity=\"0.6\"/>",
            points.join(" ")
        );
    }
    let middle: Vec<String> = (1..days).map(|d| format!("{:.1},{:.1}", x(d), y(at(d, 0.5)))).collect();
    let _ = writeln!(body, "<polyline points=\"{}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.4\"/>", middle.join(" "));
    let _ = writeln!(
        body,
        "<text x=\"{LEFT}\" y=\"9\">transgene, copies/ug DNA: median, middle half, 5th to 95th percentile, thirty of {} children</text>",
        fates.len()
    );
    let _ = writeln!(body, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">days from infusion</text>", WIDTH / 2.0, HEIGHT - 6.0);
    page(HEIGHT, "Transgene over time", &body)
}

/// Each number of the facts as a dot on its published band, drawn to one width.
pub(super) fn write_fit(folder: &Path, facts: &[Fact]) -> Result<(), Failure> {
    let checks = facts.iter().flat_map(|f| f.checks.iter().map(move |c| (f.id, c)));
    let banded: Vec<_> = checks.filter(|(_, c)| !c.only_told && c.low.is_finite() && c.high.is_finite() && c.high > c.low).collect();
    let row = 11.0;
    let height = 24.0 + row * banded.len() as f64;
    let (from, to) = (265.0, 345.0);
    let mut body = String::from("<text x=\"6\" y=\"10\">each number against its published band (grey)</text>\n");
    for (i, (id, check)) in banded.iter().enumerate() {
        let y = 20.0 + row * i as f64;
        let place = ((check.ours - check.low) / (check.high - check.low)).clamp(-0.35, 1.35);
        let colour = if check.inside() { INK } else { "#d55e00" };
        let what = check.what.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = writeln!(
            body,
            "<text x=\"6\" y=\"{:.1}\">{id} {what}</text><rect x=\"{from}\" y=\"{:.1}\" width=\"{}\" height=\"5\" fill=\"#ddd\"/><circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.2\" fill=\"{colour}\"/><title>{}</title>",
            y + 2.5,
            y - 2.5,
            to - from,
            from + place * (to - from),
            y,
            short(check.ours)
        );
    }
    write(folder, "facts.svg", &page(height, "Facts against their bands", &body))
}
