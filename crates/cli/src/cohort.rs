//! `barograph cohort`.

use crate::args::{Adherence, Cohort, Concordance as Args, Sheet};
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::{failed, open};
use crate::plans::Plans;
use barograph_cohort::{AdherenceReport, Concordance};
use barograph_protocols::doses::{Rounding, Settings};
use std::io::{self, Write};
use std::path::Path;

pub(crate) fn run(args: &Cohort) -> Result<(), Failure> {
    match args {
        Cohort::Adherence(args) => adherence(args),
        Cohort::Concordance(args) => concordance(args),
    }
}

fn adherence(args: &Adherence) -> Result<(), Failure> {
    let plans = Plans::new(&args.planning, "all", Rounding::None)?;
    let input = Input::new(&args.source, args.out.as_deref())?;
    let mut report = AdherenceReport::new(plans.all(), Settings::new(&plans.policy, Rounding::None));
    input.each(&mut |record| {
        let mut engine = plans.engine(&record.patient)?;
        for event in &record.events {
            engine.push(event, &record.texts);
        }
        let applies = engine.applies();
        report.add(record, &applies, &engine.finish());
        Ok(())
    })?;
    write(args.out.as_deref(), |mut out| match args.format {
        Sheet::Text => report.write_text(&mut out),
        Sheet::Json => report.write_json(&mut out),
        Sheet::Csv => report.write_csv(&mut out),
    })
}

fn concordance(args: &Args) -> Result<(), Failure> {
    let chosen = Chosen::new(&args.definitions, "crs")?;
    let input = Input::new(&args.source, args.out.as_deref())?;
    let mut concordance = Concordance::new(chosen.cited().map(|(id, _)| id));
    input.grade_each(&chosen, &mut |record, graded| {
        concordance.add(record, graded);
        Ok(())
    })?;
    let report = concordance.finish();
    write(args.out.as_deref(), |mut out| match args.format {
        Sheet::Text => report.write_text(&mut out),
        Sheet::Json => report.write_json(&mut out),
        Sheet::Csv => report.write_csv(&mut out),
    })?;
    if let Some(folder) = &args.figures {
        write_figure(folder, "alluvial", &report.alluvial())?;
        for pair in report.comparisons.iter().chain(&report.reported).filter(|p| p.agreement.n > 0) {
            let name = format!("{}-by-{}", pair.first, pair.second).replace(' ', "-");
            write_figure(folder, &name, &report.heat_map(pair))?;
        }
        eprintln!("figures are in {}", folder.display());
    }
    Ok(())
}

/// Writes a result to a file, or to standard output.
fn write(path: Option<&Path>, result: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = open(path)?;
    result(&mut *out).and_then(|()| out.flush()).map_err(failed(path))
}

fn write_figure(folder: &Path, name: &str, svg: &str) -> Result<(), Failure> {
    // An id may hold a dot, as in ctcae-5.0.
    let path = folder.join(format!("{name}.svg"));
    write(Some(&path), |out| out.write_all(svg.as_bytes()))
}
