//! `barograph advise`.

use crate::args::{AdviceShape, Advise, Round};
use crate::failure::Failure;
use crate::input::Input;
use crate::moment::Moment;
use crate::output::{failed, later};
use crate::plans::Plans;
use barograph_protocols::doses::Rounding;
use barograph_protocols::engine::Advice;
use barograph_record::{Event, Instant, Record};
use barograph_report::advice::{Overview, json, text};
use std::io::Write as _;

/// Ids named in the error when the wanted patient is not there.
const NAMED: usize = 10;

pub(crate) fn run(args: &Advise) -> Result<(), Failure> {
    let plans = Plans::new(&args.planning, "all", rounding(args.round))?;
    let at = args.at.as_deref().map(Moment::read).transpose()?;
    let input = Input::new(&args.source, args.out.as_deref())?;
    let path = args.out.as_deref();
    let failed = failed(path);
    let mut out = later(path);
    let mut overview = Overview::default();
    let mut others = Vec::new();
    let mut found = false;
    input.each(&mut |record| {
        if args.patient.as_ref().is_some_and(|id| *id != record.patient.id) {
            others.push(record.patient.id.clone());
            return Ok(());
        }
        found = true;
        let at = at.map(|at| at.of(&record.patient)).transpose()?;
        let said = advise(&plans, record, at)?;
        match args.format {
            AdviceShape::Json => json::write(&mut out, record, &plans.policy, &said).map_err(&failed)?,
            AdviceShape::Table if args.patient.is_some() => text::write(&mut out, record, &plans.policy, &said).map_err(&failed)?,
            AdviceShape::Table => overview.add(record, &said),
        }
        Ok(())
    })?;
    if args.format == AdviceShape::Table && args.patient.is_none() {
        overview.write(&mut out, &plans.policy).map_err(&failed)?;
    }
    match &args.patient {
        Some(id) if !found => {
            let more = others.len().saturating_sub(NAMED);
            others.truncate(NAMED);
            let known = others.join(", ");
            Err(Failure::UnknownPatient(id.clone(), if more > 0 { format!("{known} and {more} more") } else { known }))
        }
        _ => out.flush().map_err(&failed),
    }
}

const fn rounding(round: Round) -> Rounding {
    match round {
        Round::None => Rounding::None,
        Round::Measurable => Rounding::Measurable,
        Round::Vial => Rounding::Vial,
    }
}

/// What plans say at a moment, of what was known by then; without one, at the last row.
fn advise<'p>(plans: &'p Plans, record: &Record, at: Option<Instant>) -> Result<Vec<Advice<'p>>, Failure> {
    let mut engine = plans.engine(&record.patient)?;
    let known = |e: &&Event| at.is_none_or(|at| e.at <= at && e.known <= at);
    for event in record.events.iter().filter(known) {
        engine.push(event, &record.texts);
    }
    let end = record.events.last().map_or(Instant::INFUSION, |e| e.at);
    Ok(engine.at(at.unwrap_or(end)))
}
