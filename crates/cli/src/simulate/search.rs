//! `barograph simulate search`: typical values that bring the plausible children near the targets.

use super::cohort::{era_cohort, trial_policy};
use super::fact::short;
use super::targets;
use crate::args::SearchTask;
use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_dynamics::child::calibration::weighted_mean;
use barograph_dynamics::child::search::{Point, Ridge, gauss_newton};
use barograph_dynamics::child::{ChildModel, Population, Prior};
use std::fmt::Write as _;
use std::io::Write as _;

/// The residual of a target of which nobody can be said to meet it or not.
const NOBODY: f64 = 10.0;

pub(super) fn run(args: &SearchTask) -> Result<(), Failure> {
    let model = ChildModel::new()?;
    let policy = trial_policy()?;
    let prior = Prior::shipped()?;
    let now = |parameter: &str| -> Result<f64, Failure> { Ok(model.model().typical()[model.model().parameter(parameter)?]) };
    let start =
        prior.typical.iter().map(|t| Ok(t.found.map_or_else(|| now(&t.parameter), Ok)?.ln())).collect::<Result<Vec<f64>, Failure>>()?;
    let ridge: Vec<Ridge> = prior.typical.iter().map(|t| Ridge { centre: t.design.ln(), width: t.width }).collect();
    let mut lost = None;
    let residuals = |logs: &[f64]| match era_cohort(&model, &Population::Plausible(at(&prior, logs)), args.seed, args.n, &policy) {
        Ok(fates) => targets::moments(&fates)
            .iter()
            .map(|m| {
                let mean = weighted_mean(&m.values, &vec![1.0; fates.len()]);
                if mean.is_finite() { (mean - m.target) / m.tolerance } else { NOBODY }
            })
            .collect(),
        Err(failure) => {
            lost = Some(failure);
            Vec::new()
        }
    };
    let path = gauss_newton(&start, &ridge, args.rounds, residuals);
    if let Some(failure) = lost {
        return Err(failure);
    }
    let failed_file = failed(Some(&args.out));
    let best = path.last().map_or(&start, |point| &point.values);
    let mut out = open(Some(&args.out))?;
    out.write_all(file(&at(&prior, best)).as_bytes()).and_then(|()| out.flush()).map_err(failed_file)?;
    let failed = failed(None);
    let mut out = open(None)?;
    out.write_all(tell(&prior, &start, &path).as_bytes()).and_then(|()| out.flush()).map_err(failed)
}

/// The laws about other typical values, given by their logarithms.
fn at(prior: &Prior, logs: &[f64]) -> Prior {
    let mut moved = prior.clone();
    for (typical, log) in moved.typical.iter_mut().zip(logs) {
        // Four digits are more than the search can tell.
        typical.found = format!("{:.3e}", log.exp()).parse().ok();
    }
    moved
}

fn file(prior: &Prior) -> String {
    let mut out = String::from(HEADER);
    for t in &prior.typical {
        let _ = write!(out, "\n[[typical]]\nparameter = {:?}\ndesign = {:?}\nwidth = {:?}\n", t.parameter, t.design, t.width);
        if let Some(found) = t.found {
            let _ = writeln!(out, "found = {found:?}");
        }
    }
    out
}

const HEADER: &str = "\
# The typical values that `barograph simulate search` moves, and how far. It begins from `found`, or from the values of
# crates/dynamics/models/child.model (which an earlier search of the same kind found), and writes what it finds as `found`. A ridge draws each value to
# `design`: the value that the design of the model began from or, where the design has no such parameter, that of the model's text; `width` is the standard
# deviation of the logarithm about it.
id = \"child-typical-1\"
version = \"1\"
citation = \"barograph, docs/virtual-child.md\"
verified = \"assumed\"
";

/// How the cost fell, how far each target is off, and how far each value moved.
fn tell(prior: &Prior, start: &[f64], path: &[Point]) -> String {
    let mut out = String::new();
    let (Some(first), Some(last)) = (path.first(), path.last()) else { return out };
    let costs: Vec<String> = path.iter().map(|p| short(p.cost)).collect();
    let _ = writeln!(out, "cost {}\n\n| target | misfit before | after, in tolerances |\n|---|---|---|", costs.join(" > "));
    for (name, (before, after)) in targets::names().zip(first.residuals.iter().zip(&last.residuals)) {
        let _ = writeln!(out, "| {name} | {before:.1} | {after:.1} |");
    }
    out += "\n| parameter | design | before | found | from design, in widths |\n|---|---|---|---|---|\n";
    for ((t, before), found) in prior.typical.iter().zip(start).zip(&last.values) {
        let away = (found - t.design.ln()) / t.width;
        let _ = writeln!(out, "| {} | {} | {} | {} | {away:.1} |", t.parameter, short(t.design), short(before.exp()), short(found.exp()));
    }
    out
}
