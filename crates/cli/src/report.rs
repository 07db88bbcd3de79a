//! `barograph report`, and the page that the demo writes.

use crate::args::{Planning, Report};
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::{failed, open};
use crate::plans::Plans;
use crate::scores::Beside;
use barograph_grading::axes::PressureSet;
use barograph_grading::{Policy, ThresholdClock};
use barograph_protocols::doses::Rounding;
use barograph_record::{Instant, Record, Span};
use barograph_report::{HtmlReport, Meta, PatientView, ScaleMeta};
use std::path::Path;

pub(crate) fn run(args: &Report) -> Result<(), Failure> {
    let chosen = Chosen::new(&args.definitions, "astct-2019")?;
    let planning = Planning {
        protocol: args.protocol.clone(),
        policy: args.definitions.policy.clone(),
        companion_options: args.definitions.companion_options.clone(),
        ..Planning::default()
    };
    let plans = Plans::new(&planning, "", Rounding::None)?;
    let input = Input::new(&args.source, Some(&args.out))?;
    let failed = failed(Some(&args.out));
    let beside = Beside::new(&args.score, args.score_options.as_ref())?;
    let mut page = HtmlReport::new(meta(&chosen, &beside, &args.source.path));
    let (met, ledger) = input.grade_each(&chosen, &mut |record, graded| {
        let thresholds = thresholds(record, &chosen.policy);
        let scores = beside.series(record);
        let advice = plans.changes(record)?;
        let view = PatientView { thresholds: &thresholds, scores: &scores, advice: &advice, ..PatientView::new(record, graded) };
        page.add(&view).map_err(&failed)
    })?;
    page.ledger(&ledger);
    write(&page, &args.out)?;
    eprintln!("{} patients; open {} in a browser", met.patients, args.out.display());
    Ok(())
}

pub(crate) fn write(page: &HtmlReport, path: &Path) -> Result<(), Failure> {
    let failed = failed(Some(path));
    let mut out = open(Some(path))?;
    page.write(&mut out).map_err(&failed)?;
    out.flush().map_err(&failed)
}

pub(crate) fn meta(chosen: &Chosen, beside: &Beside, input: &Path) -> Meta {
    let named = |(id, citation): (&str, &str)| ScaleMeta { id: id.to_owned(), citation: citation.to_owned() };
    let file = || input.file_name().map_or_else(|| input.display().to_string(), |n| n.to_string_lossy().into_owned());
    let name = if input == Path::new("-") { "standard input".to_owned() } else { file() };
    Meta {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        policy: chosen.policy.name.clone(),
        input: name,
        scales: chosen.cited().map(named).collect(),
        scores: beside.cited().map(named).collect(),
        ..Meta::default()
    }
}

/// The child's own threshold from day to day, where one number decides.
pub(crate) fn thresholds(record: &Record, policy: &Policy) -> Vec<(Instant, f64)> {
    let (Some(first), Some(last)) = (record.events.first(), record.events.last()) else { return Vec::new() };
    let mut clock = ThresholdClock::of(record, PressureSet::Policy, policy);
    let mut out: Vec<(Instant, f64)> = Vec::new();
    let days = ((last.at - first.at).days().ceil() as i64).clamp(0, 4000);
    for day in 0..=days {
        let at = (first.at + Span::from_hours(24.0 * day as f64)).min(last.at);
        let threshold = clock.at(at);
        let decided = threshold.low == threshold.high && out.last().is_none_or(|(_, mmhg)| *mmhg != threshold.low);
        if decided {
            out.push((at, threshold.low));
        }
    }
    out
}
