//! One CSV row per patient, scale and episode, for spreadsheets and statistics programs.
//!
//! Columns: `patient,scale,policy,episode,peak_floor,peak_ceiling,onset_day,onset_after_day,peak_day,resolved_day,
//! last_sign_day,days_floor_1…days_floor_5,gap_days,notes`. Days count from infusion; `days_floor_n` is the time spent
//! at exactly that floor; an empty field is not known. Notes are separated by blanks.

use crate::words::days;
use barograph_grading::{Episode, Graded};
use barograph_record::Record;
use std::io::{self, Write};

const HEADER: [&str; 18] = [
    "patient",
    "scale",
    "policy",
    "episode",
    "peak_floor",
    "peak_ceiling",
    "onset_day",
    "onset_after_day",
    "peak_day",
    "resolved_day",
    "last_sign_day",
    "days_floor_1",
    "days_floor_2",
    "days_floor_3",
    "days_floor_4",
    "days_floor_5",
    "gap_days",
    "notes",
];

/// Writes the header.
///
/// # Errors
/// Whatever the writer reports.
pub fn header(out: &mut impl Write) -> io::Result<()> {
    row(out, &HEADER.map(str::to_owned))
}

/// Writes one row per scale and episode of one patient.
///
/// # Errors
/// Whatever the writer reports.
pub fn write(out: &mut impl Write, record: &Record, graded: &[Graded]) -> io::Result<()> {
    for result in graded {
        for episode in &result.episodes {
            row(out, &cells(record, result, episode))?;
        }
    }
    Ok(())
}

fn cells(record: &Record, graded: &Graded, episode: &Episode) -> [String; 18] {
    let at_floor = |floor: u8| {
        let spent: f64 = episode.course.iter().filter(|s| s.grade.floor() == floor).map(|s| s.length().days()).sum();
        rounded(spent)
    };
    let gaps: f64 = episode.gaps.iter().map(|g| (g.to - g.from).days()).sum();
    let day = |at: Option<barograph_record::Instant>| at.map_or(String::new(), |at| days(at).to_string());
    [
        record.patient.id.clone(),
        graded.scale.to_owned(),
        graded.policy.clone(),
        episode.number.to_string(),
        episode.peak.grade.floor().to_string(),
        episode.peak.grade.ceiling().to_string(),
        day(episode.onset.map(|o| o.at)),
        day(episode.onset.and_then(|o| o.after)),
        day((episode.number > 0).then_some(episode.peak.at)),
        day(episode.resolved.map(|r| r.at)),
        day(episode.resolved.map(|r| r.last_sign)),
        at_floor(1),
        at_floor(2),
        at_floor(3),
        at_floor(4),
        at_floor(5),
        rounded(gaps),
        episode.notes.join(" "),
    ]
}

fn rounded(days: f64) -> String {
    // An empty sum is negative zero.
    ((days * 1e4).round() / 1e4 + 0.0).to_string()
}

fn row(out: &mut impl Write, cells: &[String; 18]) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new().from_writer(out);
    csv.write_record(cells).map_err(io::Error::other)?;
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use barograph_grading::{Policy, grade, scales};
    use barograph_record::{Instant, Ledger, Observation, Patient, RawTime, RawValue, RecordBuilder, Signal};

    #[test]
    fn a_febrile_day_is_a_row() {
        let mut builder = RecordBuilder::new(Patient::new("p,1"));
        let mut ledger = Ledger::counting();
        for (day, celsius) in [(1.0, "36.9"), (1.2, "38.5"), (1.4, "36.9"), (1.8, "36.8"), (2.3, "36.8")] {
            let at = RawTime::Day(Instant::from_days(day).unwrap());
            builder.push(&Observation::new(at, Signal::Temperature, RawValue::Text(celsius)), &[], &mut ledger);
        }
        let record = builder.finish(&Vec::new().into(), &mut ledger);
        let graded = grade(&record, &Policy::default_1().unwrap(), scales::ALL.iter().copied());
        let mut out = Vec::new();
        header(&mut out).unwrap();
        write(&mut out, &record, &graded).unwrap();
        let text = String::from_utf8(out).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with("\"p,1\",astct-2019,default-1,1,1,4,1.2,1,1.2,"), "{line}");
        assert_eq!(text.lines().next().unwrap().split(',').count(), 18);
    }
}
