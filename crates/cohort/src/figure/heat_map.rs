//! The cross-table of two gradings as a heat map.
//!
//! Rows are the first grading, columns the second, by certain grade. Each cell tells patients and their share of
//! the row; the margins are the denominators. Shade follows the share, and the diagonal, where both agree, is framed.

use super::svg::{Anchor, COLUMN, Svg, TYPE};
use crate::concordance::Comparison;
use barograph_statistics::{CrossTable, Interval};

const LEFT: f64 = 27.0;
const RIGHT: f64 = 25.0;
const TOP: f64 = 27.0;
const LINE: f64 = 8.5;
/// The least side of a cell that holds a number and a percentage.
const LEAST: f64 = 22.0;

/// Draws the table; `level` is the confidence of its intervals.
pub(crate) fn heat_map(pair: &Comparison, level: f64) -> String {
    let table = &pair.by_floor;
    let k = used(table);
    let side = ((COLUMN - LEFT - RIGHT) / k as f64).max(LEAST);
    let (wide, tall) = (side * k as f64, (side * 0.86).max(LEAST - 2.0) * k as f64);
    let notes = notes(pair, level);
    let foot = TOP + tall + 2.0 * LINE;
    let mut svg = Svg::new(LEFT + wide + RIGHT, foot + LINE * notes.len() as f64 + 6.0);
    let cell = (side, tall / k as f64);
    let centre = |i: usize, j: usize| (LEFT + (j as f64 + 0.5) * cell.0, TOP + (i as f64 + 0.5) * cell.1);

    svg.text((LEFT + wide / 2.0, 7.0), Anchor::Middle, "font-weight=\"bold\"", &format!("{}, peak grade", pair.second));
    let middle = TOP + tall / 2.0;
    let turned = format!("font-weight=\"bold\" transform=\"rotate(-90 7 {middle:.2})\"");
    svg.text((7.0, middle), Anchor::Middle, &turned, &format!("{}, peak grade", pair.first));
    let (rows, columns) = (table.row_totals(), table.column_totals());
    for (i, (row, column)) in rows.iter().zip(&columns).enumerate().take(k) {
        let ((x, _), (_, y)) = (centre(0, i), centre(i, 0));
        svg.text((x, TOP - 6.0), Anchor::Middle, "", &i.to_string());
        svg.text((LEFT - 6.0, y), Anchor::Middle, "", &i.to_string());
        svg.text((x, TOP + tall + 6.5), Anchor::Middle, MARGIN, &column.to_string());
        svg.text((LEFT + wide + 4.0, y), Anchor::Start, MARGIN, &row.to_string());
        for j in 0..k {
            draw_cell(&mut svg, centre(i, j), cell, table.count(i, j), *row);
        }
    }
    svg.text((LEFT + wide + 4.0, TOP - 6.0), Anchor::Start, MARGIN, "n");
    svg.text((LEFT - 6.0, TOP + tall + 6.5), Anchor::Middle, MARGIN, "n");
    svg.text((LEFT + wide + 4.0, TOP + tall + 6.5), Anchor::Start, MARGIN, &table.n().to_string());
    for i in 0..k {
        let (x, y) = corner(centre(i, i), cell);
        svg.add(format_args!(
            "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"none\" stroke=\"#000\" stroke-width=\"1\"/>",
            cell.0, cell.1
        ));
    }
    for (i, note) in notes.iter().enumerate() {
        svg.text((4.0, foot + LINE * (i as f64 + 0.5)), Anchor::Start, "", note);
    }
    let title = format!("Peak grade by {} and by {}", pair.first, pair.second);
    svg.finish(&title, &format!("Cross-table. {}.", notes.join("; ")))
}

const MARGIN: &str = "fill=\"#555\"";

/// Categories to draw: from 0 to the highest that somebody holds, at least to 4.
fn used(table: &CrossTable) -> usize {
    let highest = table.cells().filter(|(.., n)| *n > 0).map(|(i, j, _)| i.max(j)).max().unwrap_or(0);
    (highest.max(4) + 1).min(table.categories())
}

fn corner(centre: (f64, f64), size: (f64, f64)) -> (f64, f64) {
    (centre.0 - size.0 / 2.0, centre.1 - size.1 / 2.0)
}

fn draw_cell(svg: &mut Svg, centre: (f64, f64), size: (f64, f64), patients: u64, of_row: u64) {
    let share = if of_row == 0 { 0.0 } else { patients as f64 / of_row as f64 };
    let fill = shade(share);
    let (left, top) = corner(centre, size);
    svg.add(format_args!(
        "<rect x=\"{left:.2}\" y=\"{top:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"{fill}\" stroke=\"#bbb\" stroke-width=\"0.4\"/>",
        size.0, size.1
    ));
    if patients == 0 {
        return;
    }
    let (x, y) = centre;
    let ink = if share > 0.65 { "fill=\"#fff\"" } else { "fill=\"#000\"" };
    let gap = TYPE * 0.6;
    svg.text((x, y - gap), Anchor::Middle, &format!("{ink} font-weight=\"bold\" font-size=\"7.5\""), &patients.to_string());
    svg.text((x, y + gap), Anchor::Middle, ink, &format!("{:.0} %", share * 100.0));
}

/// White to dark blue; lightness alone carries the order, so it survives grey printing.
fn shade(share: f64) -> String {
    let (light, dark) = ([255.0, 255.0, 255.0], [8.0, 48.0, 107.0]);
    let mix = |i: usize| -> u8 {
        let (a, b) = (light.get(i).copied().unwrap_or(0.0), dark.get(i).copied().unwrap_or(0.0));
        (a + (b - a) * share).round() as u8
    };
    format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2))
}

/// What stands under the table.
fn notes(pair: &Comparison, level: f64) -> Vec<String> {
    let a = &pair.agreement;
    let mut notes = vec!["by certain grade; cell: patients, % of the row's n; framed: same".to_owned()];
    if let Ok(Interval { lower, upper }) = a.bounds() {
        let percent = |x: f64| format!("{:.0} %", x * 100.0);
        let same = if a.undecided == 0 { percent(lower) } else { format!("between {} and {}", percent(lower), percent(upper)) };
        notes.push(format!("grade not exact on one or both sides: {} of {}", a.n - a.exact, a.n));
        notes.push(format!("same grade: {same} of {}", a.n));
        notes.push(format!("{} certainly higher: {} of {}", pair.first, a.first_higher, a.n));
        notes.push(format!("{} certainly higher: {} of {}", pair.second, a.second_higher, a.n));
    }
    let [_, _, quadratic] = &pair.kappas;
    notes.push(match (quadratic.kappa, quadratic.interval) {
        (Ok(k), Ok(i)) => {
            let level = level * 100.0;
            format!("quadratic κ {:.2} ({level:.0} % interval {:.2} to {:.2}), {} exact pairs", k.estimate, i.lower, i.upper, k.n)
        }
        (Ok(k), Err(_)) => format!("quadratic κ {:.2} (no interval), {} exact pairs", k.estimate, k.n),
        (Err(_), _) => format!("quadratic κ not defined, {} exact pairs", a.exact),
    });
    notes
}
