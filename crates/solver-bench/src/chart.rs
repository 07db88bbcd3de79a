//! A work-precision diagram as SVG: patients a second over error, one panel a problem.

use std::fmt::Write;

/// One tool in one panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The panel's title.
    pub panel: String,
    /// The tool.
    pub name: String,
    /// Error and patients a second.
    pub points: Vec<(f64, f64)>,
}

const COLOURS: [&str; 7] = ["#0b5fa5", "#5fa3d9", "#12805c", "#8e6bbf", "#c4741f", "#b3261e", "#555555"];
const SIZE: (f64, f64) = (300.0, 300.0);

/// The diagram.
pub fn svg(curves: &[Curve]) -> String {
    let mut panels: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for curve in curves {
        if !panels.contains(&curve.panel.as_str()) {
            panels.push(&curve.panel);
        }
        if !names.contains(&curve.name.as_str()) {
            names.push(&curve.name);
        }
    }
    let width = 60.0 + panels.len() as f64 * (SIZE.0 + 20.0);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"450\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (index, panel) in panels.iter().enumerate() {
        let left = 60.0 + index as f64 * (SIZE.0 + 20.0);
        let x = |error: f64| left + SIZE.0 * (error.log10() + 6.3) / 3.6;
        let y = |speed: f64| 30.0 + SIZE.1 * (5.6 - speed.log10()) / 3.3;
        let _ = writeln!(
            text,
            "<rect x=\"{left}\" y=\"30\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#999\"/>\n<text x=\"{left}\" y=\"20\" font-weight=\"bold\">{panel}</text>",
            SIZE.0, SIZE.1
        );
        for power in -6..=-3 {
            let at = x(10_f64.powi(power));
            let _ = writeln!(
                text,
                "<line x1=\"{at}\" x2=\"{at}\" y1=\"30\" y2=\"330\" stroke=\"#eee\"/>\n<text x=\"{at}\" y=\"346\" text-anchor=\"middle\">1e{power}</text>"
            );
        }
        for power in 3..=5 {
            let at = y(10_f64.powi(power));
            let _ = writeln!(text, "<line x1=\"{left}\" x2=\"{}\" y1=\"{at}\" y2=\"{at}\" stroke=\"#eee\"/>", left + SIZE.0);
            if index == 0 {
                let _ = writeln!(text, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">1e{power}</text>", left - 6.0, at + 4.0);
            }
        }
        for curve in curves.iter().filter(|curve| curve.panel == *panel) {
            let colour = names.iter().position(|name| *name == curve.name).map_or("black", |at| COLOURS[at % COLOURS.len()]);
            let line: String = curve.points.iter().map(|&(error, speed)| format!("{:.1},{:.1} ", x(error), y(speed))).collect();
            let _ = writeln!(text, "<polyline points=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            for &(error, speed) in &curve.points {
                let _ = writeln!(text, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>", x(error), y(speed));
            }
        }
    }
    let _ = writeln!(
        text,
        "<text x=\"60\" y=\"366\">99th percentile over patients of the largest relative error; vertically patients a second on one core</text>"
    );
    for (index, name) in names.iter().enumerate() {
        let (x, y) = (60.0 + 320.0 * (index % 3) as f64, 390.0 + 20.0 * (index / 3) as f64);
        let colour = COLOURS[index % COLOURS.len()];
        let _ = writeln!(
            text,
            "<rect x=\"{x}\" y=\"{}\" width=\"14\" height=\"4\" fill=\"{colour}\"/><text x=\"{}\" y=\"{y}\">{name}</text>",
            y - 6.0,
            x + 20.0
        );
    }
    text + "</svg>\n"
}
