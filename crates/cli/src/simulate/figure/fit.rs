//! How a calibration fits: each target with what candidates and accepted children give, and what each law learned.

use super::{BLUE, GREY, PALE, VERMILLION, escaped, page};
use std::fmt::Write as _;

/// A target, the published value with its tolerance, and what was found.
pub(in crate::simulate) struct Fit<'a> {
    pub(in crate::simulate) name: &'a str,
    pub(in crate::simulate) published: f64,
    pub(in crate::simulate) tolerance: f64,
    pub(in crate::simulate) candidates: f64,
    pub(in crate::simulate) accepted: f64,
}

/// A parameter: how far its median moved, in spreads of its law, and its spread after the calibration of that before.
pub(in crate::simulate) struct Learned<'a> {
    pub(in crate::simulate) parameter: &'a str,
    pub(in crate::simulate) moved: f64,
    pub(in crate::simulate) spread: f64,
}

const ROW: f64 = 11.0;
const FROM: f64 = 250.0;
const WIDE: f64 = 160.0;

/// Shares from 0 to 1: the published value with two tolerances on either side, candidates as rings, accepted children as dots.
pub(in crate::simulate) fn fit(targets: &[Fit<'_>]) -> String {
    let x = |share: f64| FROM + WIDE * share.clamp(0.0, 1.0);
    let height = 40.0 + ROW * targets.len() as f64;
    let mut body = String::from(
        "<text x=\"6\" y=\"10\">share of children: published (bar: two tolerances either side), candidates (ring), accepted (dot)</text>\n",
    );
    for tenth in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let at = x(tenth);
        let _ = writeln!(
            body,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"16\" y2=\"{:.1}\" stroke=\"#eee\" stroke-width=\"0.5\"/><text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{tenth}</text>",
            height - 14.0,
            height - 5.0
        );
    }
    for (i, target) in targets.iter().enumerate() {
        let y = 24.0 + ROW * i as f64;
        let (low, high) = (x(target.published - 2.0 * target.tolerance), x(target.published + 2.0 * target.tolerance));
        let inside = (target.accepted - target.published).abs() <= 2.0 * target.tolerance;
        let colour = if inside { BLUE } else { VERMILLION };
        let _ = writeln!(
            body,
            "<text x=\"6\" y=\"{:.1}\">{}</text><rect x=\"{low:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"6\" fill=\"{PALE}\"/><line x1=\"{published:.1}\" x2=\"{published:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"#000\" stroke-width=\"0.6\"/><circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"2\" fill=\"none\" stroke=\"{GREY}\"/><circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"2\" fill=\"{colour}\"/>",
            y + 2.5,
            escaped(target.name),
            y - 3.0,
            high - low,
            y - 3.0,
            y + 3.0,
            x(target.candidates),
            x(target.accepted),
            published = x(target.published),
        );
    }
    page(FROM + WIDE + 16.0, height, "Fit per target", &body)
}

/// A dot a parameter: how far its median moved (across) and its spread after the calibration (up). A dot at the middle right told nothing new.
pub(in crate::simulate) fn shrinkage(learned: &[Learned<'_>]) -> String {
    let (left, top, width, height) = (40.0, 20.0, 300.0, 180.0);
    let (most, low, high) = (0.3, 0.85, 1.1);
    let x = |moved: f64| left + width * (moved.clamp(-most, most) + most) / (2.0 * most);
    let y = |spread: f64| top + height * (high - spread.clamp(low, high)) / (high - low);
    let mut body = String::from(
        "<text x=\"6\" y=\"9\">what the data told of each law: spread after against before, and how far the median moved</text>\n",
    );
    for spread in [0.85, 0.9, 0.95, 1.0, 1.05, 1.1] {
        let at = y(spread);
        let _ = writeln!(
            body,
            "<line x1=\"{left}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"{PALE}\" stroke-width=\"0.5\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{spread}</text>",
            left + width,
            left - 4.0,
            at + 2.5
        );
    }
    for moved in [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3] {
        let _ = writeln!(body, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{moved}</text>", x(moved), top + height + 11.0);
    }
    for one in learned {
        let (x, y) = (x(one.moved), y(one.spread));
        let telling = one.moved.abs() > 0.06 || (one.spread - 1.0).abs() > 0.035;
        let colour = if telling { BLUE } else { GREY };
        let _ = writeln!(body, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"1.8\" fill=\"{colour}\"><title>{}</title></circle>", one.parameter);
        if telling {
            let _ = writeln!(body, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 3.0, y + 2.5, one.parameter);
        }
    }
    let _ = writeln!(
        body,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">median moved by, in spreads of the law</text>",
        left + width / 2.0,
        top + height + 23.0
    );
    page(left + width + 40.0, top + height + 30.0, "Prior to posterior", &body)
}
