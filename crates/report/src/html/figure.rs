//! Bar charts of the cohort as inline SVG: sharp in print, and there without scripting.

use super::escape::Text;
use std::fmt::Write as _;

const WIDTH: f64 = 380.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 34.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 38.0;

/// One bar: its height, its fill (a CSS class) and the number printed over it.
pub(super) struct Bar {
    pub value: f64,
    pub class: String,
    pub label: String,
}

/// Bars that share one tick of the horizontal axis.
pub(super) struct Group {
    pub tick: String,
    pub bars: Vec<Bar>,
}

/// A bar chart; `aria` says in words what it shows.
pub(super) fn bars(groups: &[Group], horizontal: &str, vertical: &str, aria: &str) -> String {
    let most = groups.iter().flat_map(|g| &g.bars).map(|b| b.value).fold(0.0, f64::max);
    let step = tick_step(most);
    let top = (most / step).ceil().max(1.0) * step;
    let (base, tall) = (HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP);
    let slot = (WIDTH - LEFT) / groups.len().max(1) as f64;
    let mut svg = format!("<svg class=\"bars\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", Text(aria));
    // Writing to a String cannot fail, here and below.
    let mut tick = 0.0;
    while tick <= top {
        let y = base - tick / top * tall;
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{WIDTH}\"/><text class=\"y\" x=\"{:.1}\" y=\"{:.1}\">{tick}</text>",
            LEFT - 5.0,
            y + 3.5
        );
        tick += step;
    }
    for (i, group) in groups.iter().enumerate() {
        let left = LEFT + slot * i as f64;
        let wide = (slot * 0.8 / group.bars.len().max(1) as f64).min(34.0);
        let start = left + (slot - wide * group.bars.len() as f64) / 2.0;
        for (j, bar) in group.bars.iter().enumerate() {
            let (x, high) = (start + wide * j as f64, bar.value / top * tall);
            let _ = write!(
                svg,
                "<rect class=\"{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{high:.1}\"/>",
                bar.class,
                x + 0.5,
                base - high,
                wide - 1.0
            );
            let _ = write!(svg, "<text class=\"n\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + wide / 2.0, base - high - 4.0, Text(&bar.label));
        }
        let _ = write!(svg, "<text class=\"x\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", left + slot / 2.0, base + 14.0, Text(&group.tick));
    }
    let _ = write!(svg, "<path class=\"axis\" d=\"M{LEFT} {base}H{WIDTH}\"/>");
    let _ = write!(
        svg,
        "<text class=\"x title\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
        f64::midpoint(LEFT, WIDTH),
        HEIGHT - 6.0,
        Text(horizontal)
    );
    let _ = write!(svg, "<text class=\"title\" x=\"0\" y=\"9\">{}</text></svg>", Text(vertical));
    svg
}

/// 1, 2 or 5 times a power of ten that cuts the axis into at most five parts.
fn tick_step(most: f64) -> f64 {
    let least = (most / 5.0).max(1e-9);
    let power = 10f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= least).unwrap_or(10.0 * power);
    step.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_take_few_round_steps() {
        assert_eq!([0.0, 3.0, 7.0, 26.0, 130.0].map(tick_step), [1.0, 1.0, 2.0, 10.0, 50.0]);
    }

    #[test]
    fn an_empty_chart_still_draws() {
        assert!(bars(&[], "day", "patients", "none").ends_with("</svg>"));
    }
}
