//! A population: records in the plain-text form, a summary of what was true, and figures.

use super::cohort::{Fate, draw, simulate_all, survivors, trial_policy};
use super::figure;
use super::write::Folder;
use crate::args::{Care, VirtualChildren};
use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_dynamics::child::{AtTimes, Child, ChildModel, EraStandard, Note, Options, Population, Treatment, Untreated};
use std::io::Write as _;
use std::path::Path;

pub(super) fn run(args: &VirtualChildren) -> Result<(), Failure> {
    let model = ChildModel::new()?;
    let population = Population::named(&args.population)?;
    let children = draw(&model, &population, args.seed, args.n, &args.request())?;
    let options = Options { days: args.days, threads: args.threads.unwrap_or(0), ..Options::default() };
    let policy = trial_policy()?;
    let path = args.out.clone().unwrap_or_else(|| "virtual-children".into());
    let rule = |child: &Child| -> Box<dyn Treatment> {
        let orders = args.orders(child);
        match args.care {
            _ if !orders.is_empty() => Box::new(AtTimes::new(orders)),
            Care::Standard => Box::<EraStandard>::default(),
            Care::None => Box::new(Untreated),
        }
    };
    let mut folder = Folder::create(&path)?;
    let mut fates = Vec::with_capacity(children.len());
    // In portions, so that the charts of a large population are not all held at once.
    for portion in children.chunks(4096) {
        let keep = |course: barograph_dynamics::child::Course| -> (Fate, Vec<Note>) { (Fate::of(&course, &policy), course.notes) };
        for (fate, notes) in survivors(simulate_all(&model, &options, portion, rule, keep)) {
            folder.add(&id(&fate.child), &fate.child, &notes)?;
            fates.push(fate);
        }
    }
    folder.finish()?;
    summary(&path.join("summary.csv"), &fates)?;
    figure::write_all(&path, &fates)?;
    let failed = failed(None);
    let mut out = open(None)?;
    let mut tell = || {
        let share = |n: usize| 100.0 * n as f64 / fates.len().max(1) as f64;
        let any = fates.iter().filter(|f| f.crs()).count();
        let severe = |grade: fn(&Fate) -> u8| fates.iter().filter(|f| grade(f) >= 3).count();
        writeln!(out, "{} virtual children ({} asked for)", fates.len(), args.n)?;
        writeln!(
            out,
            "any CRS {:.1} %, Penn >= 3 {:.1} %, ASTCT >= 3 {:.1} %",
            share(any),
            share(severe(|f| f.penn)),
            share(severe(|f| f.astct))
        )?;
        writeln!(
            out,
            "records in {0}/patients.csv and events.csv (barograph grade {0}), truth in summary.csv, figures beside them",
            path.display()
        )?;
        out.flush()
    };
    tell().map_err(failed)
}

fn id(child: &Child) -> String {
    format!("v{:06}", child.number)
}

/// One row a child: who it was, what was true, what became of it.
fn summary(path: &Path, fates: &[Fate]) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(open(Some(path))?);
    let failed = failed(Some(path));
    let header = [
        "patient",
        "age_years",
        "weight_kg",
        "burden_percent",
        "cells_per_kg",
        "car_t_peak",
        "car_t_peak_day",
        "car_t_area_28",
        "il6_peak",
        "il6_peak_day",
        "ifn_gamma_peak",
        "crp_peak",
        "ferritin_peak",
        "temperature_peak",
        "penn_2014",
        "astct_2019",
        "onset_day",
        "last_sign_day",
        "tocilizumab_doses",
        "tocilizumab_day",
        "steroid",
        "remission_day_28",
        "relapse_day",
        "relapse_cd19_negative",
    ];
    let number = |x: f64| format!("{x:.4}");
    let maybe = |x: Option<f64>| x.map(|x| format!("{x:.3}")).unwrap_or_default();
    let mut write = || -> Result<(), csv::Error> {
        csv.write_record(header)?;
        for f in fates {
            let (c, s) = (&f.child, &f.summary);
            let known = s.daily.len() > 28;
            csv.write_record([
                id(c),
                number(c.age_years),
                number(c.weight_kg),
                number(c.burden_percent),
                format!("{:.0}", c.cells_per_kg),
                number(s.car_t.value),
                number(s.car_t.day),
                number(s.area),
                number(s.il6.value),
                number(s.il6.day),
                number(s.ifn_gamma.value),
                number(s.crp.value),
                number(s.ferritin.value),
                number(s.temperature.value),
                f.penn.to_string(),
                f.astct.to_string(),
                maybe(f.onset),
                maybe(f.over),
                f.tocilizumab.len().to_string(),
                maybe(f.tocilizumab.first().copied()),
                u8::from(f.steroid).to_string(),
                if known { u8::from(s.long.remission).to_string() } else { String::new() },
                maybe(s.long.relapse),
                s.long.relapse.map(|_| u8::from(s.long.negative).to_string()).unwrap_or_default(),
            ])?;
        }
        csv.flush()?;
        Ok(())
    };
    write().map_err(|error| failed(std::io::Error::other(error)))
}
