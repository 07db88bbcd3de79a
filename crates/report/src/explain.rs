//! The evidence behind a grade, step by step, in plain text.

use crate::words::{clean, day, grade};
use barograph_grading::{Episode, Graded, Step};
use barograph_record::{Instant, Record};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes every step of one patient's course on one scale; with `at`, only the steps that hold at that instant.
///
/// A step holds from its start up to, but not including, its end; the last step of an episode also holds at its end.
///
/// # Errors
/// Whatever the writer reports.
pub fn write(out: &mut impl Write, record: &Record, graded: &Graded, at: Option<Instant>) -> io::Result<()> {
    writeln!(out, "{}: {} under policy {}", clean(&record.patient.id), graded.scale, clean(&graded.policy))?;
    let mut found = false;
    for episode in &graded.episodes {
        let steps: Vec<&Step> = match at {
            None => episode.course.iter().collect(),
            Some(at) => holding(&episode.course, at).into_iter().collect(),
        };
        if steps.is_empty() && at.is_some() {
            continue;
        }
        found = true;
        writeln!(out, "\n{}", headline(episode))?;
        for step in steps {
            write_step(out, record, step)?;
        }
        if at.is_none() {
            write_tail(out, episode)?;
        }
    }
    match at {
        Some(at) if !found => writeln!(out, "\nNo step covers {at}: it lies outside every episode."),
        _ => Ok(()),
    }
}

fn holding(course: &[Step], at: Instant) -> Option<&Step> {
    course.iter().find(|s| s.from <= at && at < s.to).or_else(|| course.last().filter(|s| s.from <= at && at == s.to))
}

fn headline(episode: &Episode) -> String {
    let peak = grade(episode.peak.grade);
    if episode.number == 0 {
        return if episode.peak.grade.ceiling() == 0 {
            "No episode: grade 0 wherever charting decides".to_owned()
        } else {
            format!("No episode shown, yet grade {} cannot be excluded", episode.peak.grade.ceiling())
        };
    }
    let mut text = format!("Episode {}: ", episode.number);
    // Writing to a String cannot fail.
    let _ = match episode.onset.map(|o| (o.at, o.after)) {
        Some((at, Some(after))) => write!(text, "onset {at}, after {after}; "),
        Some((at, None)) => write!(text, "onset {at}, nothing charted before it excludes an earlier one; "),
        None => write!(text, "onset not shown; "),
    };
    let _ = write!(text, "peak {peak}, first at {}; ", episode.peak.at);
    let _ = match episode.resolved {
        Some(r) => write!(text, "resolved {} (last sign {})", r.at, r.last_sign),
        None => write!(text, "resolution not shown"),
    };
    text
}

fn write_step(out: &mut impl Write, record: &Record, step: &Step) -> io::Result<()> {
    writeln!(out, "  day {} to {}  grade {}", day(step.from), day(step.to), grade(step.grade))?;
    let described: Vec<_> = step.because.iter().map(|c| (c.describe(), clean(&record.cite(c.evidence.origin)))).collect();
    let width = described.iter().map(|(text, _)| text.chars().count()).max().unwrap_or(0);
    for (i, (text, cite)) in described.iter().enumerate() {
        writeln!(out, "    {:9}{text:width$}  [{cite}]", if i == 0 { "because" } else { "" })?;
    }
    if !step.unstated.is_empty() {
        writeln!(out, "    unstated {}: {}", step.unstated.join(", "), hidden(step))?;
    }
    Ok(())
}

/// What the missing chartings could hide.
fn hidden(step: &Step) -> String {
    if step.grade.is_exact() {
        "could not change the grade".to_owned()
    } else {
        format!("could hide a grade up to {}", step.grade.ceiling())
    }
}

fn write_tail(out: &mut impl Write, episode: &Episode) -> io::Result<()> {
    for gap in &episode.gaps {
        writeln!(out, "  gap: day {} to {}, not charted: {}", day(gap.from), day(gap.to), gap.unstated.join(", "))?;
    }
    for note in &episode.notes {
        writeln!(out, "  note: {note}")?;
    }
    Ok(())
}
