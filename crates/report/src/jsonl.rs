//! One JSON object a line, per patient, scale and episode: the result as programs read it.
//!
//! Keys stand in a fixed order: `patient` `scale` `policy` `episode` `onset` `resolved` `peak` `course` `gaps` `notes`
//! `evidence`. Days count from infusion and are rounded to 4 decimals. A record without an episode has one
//! object with `"episode":0`, whose `onset` and `resolved` are null and whose `peak` has no `day`.

use crate::words::days;
use barograph_grading::{Episode, Gap, Graded, Onset, Peak, Resolution, Step};
use barograph_record::Record;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Line<'a> {
    patient: &'a str,
    scale: &'a str,
    policy: &'a str,
    episode: u32,
    onset: Option<OnsetLine>,
    resolved: Option<ResolvedLine>,
    peak: PeakLine,
    course: Vec<StepLine<'a>>,
    gaps: Vec<GapLine<'a>>,
    notes: &'a [&'static str],
    evidence: Vec<String>,
}

#[derive(Serialize)]
struct OnsetLine {
    day: f64,
    after_day: Option<f64>,
}

#[derive(Serialize)]
struct ResolvedLine {
    day: f64,
    last_sign_day: f64,
}

#[derive(Serialize)]
struct PeakLine {
    floor: u8,
    ceiling: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<f64>,
}

#[derive(Serialize)]
struct StepLine<'a> {
    from_day: f64,
    to_day: f64,
    floor: u8,
    ceiling: u8,
    because: Vec<String>,
    unstated: &'a [&'static str],
}

#[derive(Serialize)]
struct GapLine<'a> {
    from_day: f64,
    to_day: f64,
    unstated: &'a [&'static str],
}

/// Writes one line per scale and episode of one patient.
///
/// # Errors
/// Whatever the writer reports.
pub fn write(out: &mut impl Write, record: &Record, graded: &[Graded]) -> io::Result<()> {
    for result in graded {
        for episode in &result.episodes {
            serde_json::to_writer(&mut *out, &line(record, result, episode))?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

fn line<'a>(record: &'a Record, graded: &'a Graded, episode: &'a Episode) -> Line<'a> {
    Line {
        patient: &record.patient.id,
        scale: graded.scale,
        policy: &graded.policy,
        episode: episode.number,
        onset: episode.onset.map(|Onset { at, after }| OnsetLine { day: days(at), after_day: after.map(days) }),
        resolved: episode.resolved.map(|Resolution { at, last_sign }| ResolvedLine { day: days(at), last_sign_day: days(last_sign) }),
        peak: peak(episode.peak, episode.number),
        course: episode.course.iter().map(step).collect(),
        gaps: episode.gaps.iter().map(gap).collect(),
        notes: &episode.notes,
        evidence: episode.evidence(record),
    }
}

fn peak(peak: Peak, episode: u32) -> PeakLine {
    let day = (episode > 0).then(|| days(peak.at));
    PeakLine { floor: peak.grade.floor(), ceiling: peak.grade.ceiling(), day }
}

fn step(step: &Step) -> StepLine<'_> {
    StepLine {
        from_day: days(step.from),
        to_day: days(step.to),
        floor: step.grade.floor(),
        ceiling: step.grade.ceiling(),
        because: step.because.iter().map(barograph_grading::Cause::describe).collect(),
        unstated: &step.unstated,
    }
}

fn gap(gap: &Gap) -> GapLine<'_> {
    GapLine { from_day: days(gap.from), to_day: days(gap.to), unstated: &gap.unstated }
}
