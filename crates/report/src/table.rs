//! The table for the terminal: one row per patient, scale and episode.

pub(crate) mod width;

use crate::words::{NONE, clean, day, grade};
use barograph_grading::{Episode, Grade, Graded};
use barograph_record::Record;
use std::collections::BTreeMap;
use std::io::{self, Write};
use width::{pad, width, wrap};

const HEADERS: [&str; 7] = ["patient", "scale", "peak", "onset (after day)", "days at grade", "resolved", "notes"];
/// Columns in which long cells are folded: peak and scale are short, a patient's id is never broken.
const FOLD: [usize; 7] = [usize::MAX, usize::MAX, usize::MAX, usize::MAX, 34, usize::MAX, 26];
const PEAK: usize = 2;
const GAP: &str = "  ";
const LEGEND: &str = "peak 1–4: grade 1 is certain, 4 cannot be excluded · days at grade: grade:days, within the episode\n\
onset: first charting that satisfies the definition (last that does not)";

struct Row {
    cells: [Vec<String>; 7],
    peak: Grade,
}

/// Rows gathered patient by patient, then written with aligned columns.
#[derive(Default)]
pub struct Table {
    colour: bool,
    rows: Vec<Row>,
}

impl Table {
    /// An empty table; `colour` asks for ANSI colours on the peak (the caller honours `NO_COLOR` and terminals).
    pub fn new(colour: bool) -> Self {
        Self { colour, rows: Vec::new() }
    }

    /// Adds one patient's rows.
    pub fn add(&mut self, record: &Record, graded: &[Graded]) {
        for result in graded {
            for episode in &result.episodes {
                let cells = cells(record, result, episode);
                let mut folds = FOLD.into_iter();
                let cells = cells.map(|cell| wrap(&cell, folds.next().unwrap_or(usize::MAX)));
                self.rows.push(Row { cells, peak: episode.peak.grade });
            }
        }
    }

    /// Writes header, rows and, when there are rows, the legend.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut widths = HEADERS.map(width);
        for row in &self.rows {
            for (w, cell) in widths.iter_mut().zip(&row.cells) {
                *w = cell.iter().map(|line| width(line)).fold(*w, usize::max);
            }
        }
        write_line(out, HEADERS.into_iter().zip(widths).map(|(h, w)| pad(h, w)))?;
        for row in &self.rows {
            let height = row.cells.iter().map(Vec::len).max().unwrap_or(0);
            for i in 0..height {
                let cells = row.cells.iter().zip(widths).enumerate().map(|(column, (cell, w))| {
                    let text = pad(cell.get(i).map_or("", |t| t), w);
                    if self.colour && column == PEAK && i == 0 { coloured(&text, row.peak) } else { text }
                });
                write_line(out, cells)?;
            }
        }
        if self.rows.is_empty() { Ok(()) } else { writeln!(out, "\n{LEGEND}") }
    }
}

fn write_line(out: &mut impl Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    let line = cells.collect::<Vec<_>>().join(GAP);
    writeln!(out, "{}", line.trim_end())
}

fn cells(record: &Record, graded: &Graded, episode: &Episode) -> [String; 7] {
    let onset = episode.onset.map_or_else(
        || NONE.to_owned(),
        |o| match o.after {
            Some(after) => format!("{} (after {})", day(o.at), day(after)),
            None => format!("{} (open)", day(o.at)),
        },
    );
    let resolved = match (episode.number, episode.resolved) {
        (_, Some(r)) => day(r.at),
        (0, None) => NONE.to_owned(),
        (_, None) => "not shown".to_owned(),
    };
    let mut notes: Vec<String> = Vec::new();
    if episode.number > 1 {
        notes.push(format!("episode-{}", episode.number));
    }
    notes.extend(episode.notes.iter().map(|&n| n.to_owned()));
    if !episode.gaps.is_empty() {
        notes.push(format!("gaps:{}", episode.gaps.len()));
    }
    [
        clean(&record.patient.id),
        graded.scale.to_owned(),
        grade(episode.peak.grade),
        onset,
        days_at_grade(episode),
        resolved,
        if notes.is_empty() { NONE.to_owned() } else { notes.join(", ") },
    ]
}

/// `1:2.5 3:0.5 1–4:1.0`: days at each grade as found, exact grades and wider ones apart.
fn days_at_grade(episode: &Episode) -> String {
    let mut spent: BTreeMap<Grade, f64> = BTreeMap::new();
    let mut unseen = 0.0;
    for step in &episode.course {
        let days = if step.observed { spent.entry(step.grade).or_default() } else { &mut unseen };
        *days += step.length().days();
    }
    let mut told: Vec<String> = spent.iter().map(|(g, days)| format!("{}:{days:.1}", grade(*g))).collect();
    if unseen > 0.0 {
        told.push(format!("unseen:{unseen:.1}"));
    }
    if told.is_empty() { NONE.to_owned() } else { told.join(" ") }
}

/// Bold from grade 3 on; yellow, then red; told by the digits alone as well.
fn coloured(text: &str, peak: Grade) -> String {
    let code = match peak.floor() {
        0 => "2",
        1 => "32",
        2 => "33",
        _ => "1;31",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
