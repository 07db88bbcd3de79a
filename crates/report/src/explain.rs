//! The evidence behind a grade, step by step, in plain text.

use crate::words::{clean, day, grade};
use barograph_grading::hypotension::Threshold;
use barograph_grading::{Cause, Episode, Graded, Step, ThresholdClock};
use barograph_record::{Instant, Record, Signal};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes every step of one patient's course on one scale; with `at`, only the steps that hold at that instant. `own` is the patient's own
/// threshold of hypotension, for a scale that has one.
///
/// A step holds from its start up to, but not including, its end; the last step of an episode also holds at its end.
///
/// # Errors
/// Whatever the writer reports.
pub fn write(
    out: &mut impl Write,
    record: &Record,
    graded: &Graded,
    mut own: Option<&mut ThresholdClock>,
    at: Option<Instant>,
) -> io::Result<()> {
    writeln!(out, "{}: {} under policy {}", clean(&record.patient.id), graded.scale, clean(&graded.policy))?;
    if let Some(own) = &mut own {
        writeln!(out, "Hypotension: {}", threshold(own, at.unwrap_or(Instant::INFUSION)))?;
    }
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
            write_step(out, record, own.as_deref_mut(), step)?;
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

/// The patient's own threshold at an instant, and where it comes from.
fn threshold(own: &mut ThresholdClock, at: Instant) -> String {
    let Threshold { low, high } = own.at(at);
    let age = own.years(at).map_or_else(|| "where the age is not known".to_owned(), |years| format!("at {years:.1} years ({at})"));
    let says = match (low > 0.0, high.is_finite()) {
        (true, true) if low == high => format!("a systolic pressure below {low:.1} mm[Hg] {age}"),
        (true, true) => format!("a systolic pressure below {low:.1} mm[Hg], from {high:.1} on none, {age}"),
        (true, false) => format!("a systolic pressure below {low:.1} mm[Hg], above it undecided, {age}"),
        (false, _) => format!("no threshold {age}: a pressure alone decides nothing"),
    };
    let source = own.set().map_or_else(String::new, |set| format!("; {}: {} ({})", set.id, set.citation, set.verified));
    let baseline = own.baseline().map_or_else(String::new, |b| {
        format!(
            "; or {} of the own baseline of {:.1}, {:.1} mm[Hg] (median of {} from the {} days before the infusion), if that is higher",
            b.fraction,
            b.median,
            b.low(),
            b.readings,
            b.days
        )
    });
    format!("{says}{source}{baseline}")
}

/// A low pressure with the threshold that it is below.
fn describe(cause: &Cause, own: Option<&mut ThresholdClock>) -> String {
    match own.filter(|_| cause.evidence.signal == Signal::SystolicBp).map(|own| own.at(cause.evidence.at)) {
        Some(Threshold { low, .. }) if low > 0.0 => format!("{}, below {low:.1}", cause.describe()),
        _ => cause.describe(),
    }
}

fn write_step(out: &mut impl Write, record: &Record, mut own: Option<&mut ThresholdClock>, step: &Step) -> io::Result<()> {
    writeln!(out, "  day {} to {}  grade {}", day(step.from), day(step.to), grade(step.grade))?;
    let described: Vec<_> =
        step.because.iter().map(|c| (describe(c, own.as_deref_mut()), clean(&record.cite(c.evidence.origin)))).collect();
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
