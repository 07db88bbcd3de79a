//! Scores over time: [`ScoreTable`] for the terminal, [`csv()`] for spreadsheets, [`jsonl`] for programs.
//!
//! JSON keys stand in a fixed order: `patient` `score` `day` `floor` `ceiling` `unstated` `evidence` `notes`. Days count
//! from infusion and are rounded to 4 decimals. A ceiling without limit is `null` in JSON, and empty in CSV.

use crate::table::width::{pad, width, wrap};
use crate::words::{NONE, clean, day, days};
use barograph_grading::scores::{Point, Score};
use barograph_record::Record;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Line<'a> {
    patient: &'a str,
    score: &'a str,
    day: f64,
    floor: f64,
    ceiling: Option<f64>,
    unstated: &'a [&'static str],
    evidence: Vec<String>,
    notes: &'a [&'static str],
}

fn line<'a>(record: &'a Record, score: &'a dyn Score, point: &'a Point) -> Line<'a> {
    Line {
        patient: &record.patient.id,
        score: score.id(),
        day: days(point.at),
        floor: point.floor,
        ceiling: point.ceiling.is_finite().then_some(point.ceiling),
        unstated: &point.unstated,
        evidence: point.inputs.iter().map(|e| record.cite(e.origin)).collect(),
        notes: &point.notes,
    }
}

/// Writes one JSON object a line, per point of one patient's score.
///
/// # Errors
/// Whatever the writer reports.
pub fn jsonl(out: &mut impl Write, record: &Record, score: &dyn Score, points: &[Point]) -> io::Result<()> {
    for point in points {
        serde_json::to_writer(&mut *out, &line(record, score, point))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

const COLUMNS: [&str; 8] = ["patient", "score", "day", "floor", "ceiling", "unstated", "evidence", "notes"];

/// Writes the header of the CSV form.
///
/// # Errors
/// Whatever the writer reports.
pub fn csv_header(out: &mut impl Write) -> io::Result<()> {
    csv_row(out, COLUMNS)
}

/// Writes one CSV row per point of one patient's score; lists are joined by `; `.
///
/// # Errors
/// Whatever the writer reports.
pub fn csv(out: &mut impl Write, record: &Record, score: &dyn Score, points: &[Point]) -> io::Result<()> {
    for point in points {
        let Line { patient, score, day, floor, ceiling, unstated, evidence, notes } = line(record, score, point);
        let ceiling = ceiling.map_or_else(String::new, |c| c.to_string());
        let cells = [day.to_string(), floor.to_string(), ceiling, unstated.join("; "), evidence.join("; "), notes.join("; ")];
        let cells: Vec<&str> = [patient, score].into_iter().chain(cells.iter().map(String::as_str)).collect();
        csv_row(out, cells)?;
    }
    Ok(())
}

fn csv_row<'a>(out: &mut impl Write, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
    let mut csv = ::csv::WriterBuilder::new().from_writer(out);
    csv.write_record(cells).map_err(io::Error::other)?;
    csv.flush()
}

const HEADERS: [&str; 6] = ["patient", "score", "day", "value", "unstated", "notes"];
/// Columns in which long cells are folded; a patient's id is never broken.
const FOLD: [usize; 6] = [usize::MAX, usize::MAX, usize::MAX, usize::MAX, 40, 30];
const GAP: &str = "  ";
const LEGEND: &str = "value 3–8: 3 is certain, 8 cannot be excluded · ≥ 3: no largest value · unstated: what is not charted or has lapsed";

/// Rows of points gathered patient by patient, then written with aligned columns.
#[derive(Default)]
pub struct ScoreTable {
    rows: Vec<[Vec<String>; 6]>,
    warnings: Vec<String>,
}

impl ScoreTable {
    /// Adds one patient's points of one score, and the warning that goes with it.
    pub fn add(&mut self, record: &Record, score: &dyn Score, points: &[Point]) {
        for point in points {
            let cells = [
                clean(&record.patient.id),
                score.id().to_owned(),
                day(point.at),
                value(point),
                joined(&point.unstated),
                joined(&point.notes),
            ];
            let mut folds = FOLD.into_iter();
            self.rows.push(cells.map(|cell| wrap(&cell, folds.next().unwrap_or(usize::MAX))));
        }
        if let Some(warning) = score.warning().filter(|_| !points.is_empty()) {
            let warning = format!("{}: {warning}", score.id());
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }

    /// Writes header, rows and, when there are rows, the legend and the scores' warnings.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut widths = HEADERS.map(width);
        for row in &self.rows {
            for (w, cell) in widths.iter_mut().zip(row) {
                *w = cell.iter().map(|line| width(line)).fold(*w, usize::max);
            }
        }
        write_line(out, HEADERS.into_iter().zip(widths))?;
        for row in &self.rows {
            for i in 0..row.iter().map(Vec::len).max().unwrap_or(0) {
                write_line(out, row.iter().map(|cell| cell.get(i).map_or("", |t| t)).zip(widths))?;
            }
        }
        if self.rows.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{LEGEND}")?;
        self.warnings.iter().try_for_each(|warning| writeln!(out, "{warning}"))
    }
}

fn write_line<'a>(out: &mut impl Write, cells: impl Iterator<Item = (&'a str, usize)>) -> io::Result<()> {
    let line: Vec<String> = cells.map(|(text, w)| pad(text, w)).collect();
    writeln!(out, "{}", line.join(GAP).trim_end())
}

/// `3`, `3–8`, or `≥ 3` where there is no largest value; numbers to four significant digits.
fn value(point: &Point) -> String {
    match (point.exact(), point.ceiling.is_finite()) {
        (true, _) => short(point.floor),
        (false, true) => format!("{}–{}", short(point.floor), short(point.ceiling)),
        (false, false) => format!("≥ {}", short(point.floor)),
    }
}

fn short(x: f64) -> String {
    let decimals = if x.abs() >= 1000.0 { 0 } else { 4 - (x.abs().max(1.0).log10().floor() as usize + 1) };
    let text = format!("{x:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn joined(words: &[&str]) -> String {
    if words.is_empty() { NONE.to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barograph_grading::scores::{Options, by_id};
    use barograph_record::{Age, Files, Instant, Ledger, Observation, Patient, RawTime, RawValue, RecordBuilder, Signal};

    fn child() -> Record {
        let files: Files = ["events.csv".into()].into();
        let mut ledger = Ledger::listing();
        let mut builder = RecordBuilder::new(Patient { age: Age::AtInfusion(6.0), ..Patient::new("p,\u{1b}7") });
        for (row, (day, signal, value)) in
            [(0.0, Signal::Ldh, 400.0), (0.5, Signal::Platelets, 150.0), (0.75, Signal::Ferritin, 3000.0)].into_iter().enumerate()
        {
            let at = RawTime::Day(Instant::from_days(day).unwrap());
            let value = RawValue::Number(value, barograph_record::Comparator::Exact);
            builder.push(&Observation { row: row as u32 + 2, ..Observation::new(at, signal, value) }, &files, &mut ledger);
        }
        builder.finish(&files, &mut ledger)
    }

    fn written(write: impl Fn(&mut Vec<u8>, &Record, &dyn Score, &[Point])) -> String {
        let record = child();
        let mut out = Vec::new();
        for id in ["s-easix", "hscore"] {
            let score = by_id(id).unwrap();
            write(&mut out, &record, score, &score.series(&record, &Options::shipped().unwrap()));
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_lines_have_the_keys_in_order_and_no_infinity() {
        let text = written(|out, r, s, p| jsonl(out, r, s, p).unwrap());
        let first = text.lines().next().unwrap();
        assert_eq!(
            first,
            "{\"patient\":\"p,\\u001b7\",\"score\":\"s-easix\",\"day\":0.0,\"floor\":0.0,\"ceiling\":null,\
             \"unstated\":[\"platelets\"],\"evidence\":[\"events.csv:2\"],\"notes\":[]}"
        );
        let second: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        assert_eq!((second["floor"].as_f64(), second["ceiling"].as_f64()), (Some(2.666_666_67), Some(2.666_666_67)));
        assert_eq!(second["evidence"], serde_json::json!(["events.csv:2", "events.csv:3"]));
    }

    #[test]
    fn csv_is_read_back_as_written() {
        let text = written(|out, r, s, p| csv(out, r, s, p).unwrap());
        let mut header = Vec::new();
        csv_header(&mut header).unwrap();
        let whole = String::from_utf8(header).unwrap() + &text;
        let mut reader = ::csv::Reader::from_reader(whole.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 4);
        assert_eq!(&rows[0][0], "p,\u{1b}7");
        assert_eq!((&rows[0][4], &rows[0][5]), ("", "platelets"), "no largest value");
        assert_eq!(&rows[3][6], "events.csv:3; events.csv:4");
    }

    #[test]
    fn the_table_tells_bounds_and_warns() {
        let record = child();
        let mut table = ScoreTable::default();
        for id in ["s-easix", "hscore"] {
            let score = by_id(id).unwrap();
            table.add(&record, score, &score.series(&record, &Options::shipped().unwrap()));
        }
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for told in ["≥ 0", "2.667", "35–312", "platelets", "hscore: Derived in adults", "p,\\u{1b}7"] {
            assert!(text.contains(told), "{told} in\n{text}");
        }
        assert!(!text.contains('\u{1b}'));
        let mut empty = Vec::new();
        ScoreTable::default().write(&mut empty).unwrap();
        assert_eq!(String::from_utf8(empty).unwrap().lines().count(), 1);
    }

    #[test]
    fn numbers_keep_four_digits() {
        for (x, text) in [(0.0, "0"), (0.35, "0.35"), (2.666_67, "2.667"), (31.25, "31.25"), (312.56, "312.6"), (81_234.5, "81234")] {
            assert_eq!(short(x), text);
        }
    }
}
