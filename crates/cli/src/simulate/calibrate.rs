//! `barograph simulate calibrate`: rebuilds the calibrated population from the laws.

use super::cohort::{Fate, era_cohort, trial_policy};
use super::facts::median;
use super::figure::{self, Fit, Learned};
use super::{fact, targets};
use crate::args::CalibrateTask;
use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_dynamics::child::calibration::{Weights, accept, prevalence, weighted_mean};
use barograph_dynamics::child::{Accepted, ChildModel, Population, PopulationError};
use barograph_dynamics::random::Draws;
use std::fmt::Write as _;
use std::io::Write as _;

/// The stream of acceptance, apart from those of the children.
const ACCEPTANCE: u64 = 0xacce;

pub(super) fn run(args: &CalibrateTask) -> Result<(), Failure> {
    let model = ChildModel::new()?;
    let population = Population::named("plausible")?;
    let policy = trial_policy()?;
    let fates = era_cohort(&model, &population, args.seed, args.candidates, &policy)?;
    let moments = targets::moments(&fates);
    let found = prevalence(&moments, fates.len());
    let uniform = |i: usize| Draws::new(args.seed, fates[i].child.number, 0, ACCEPTANCE).uniform();
    // Few heavy children should not set the rate of acceptance: weights are cut at eight times their mean.
    let most = 8.0 / fates.len() as f64;
    let cut: Vec<f64> = found.weights.iter().map(|w| w.min(most)).collect();
    let taken = accept(&cut, uniform);
    if taken.is_empty() {
        return Err(PopulationError::Empty.into());
    }
    let numbers: Vec<u64> = taken.iter().map(|i| fates[*i as usize].child.number).collect();
    let accepted = Accepted {
        id: "child-calibrated-1".into(),
        version: "1".into(),
        prior: population.prior().id.clone(),
        citation: "barograph simulate calibrate; docs/virtual-child.md".into(),
        verified: "derived".into(),
        seed: args.seed,
        candidates: args.candidates,
        effective: found.effective.round(),
        fingerprint: Accepted::fingerprint(&model, population.prior(), args.seed, &numbers)?,
        ward: Accepted::ward().into(),
        accepted: numbers,
    };
    let text = file(&accepted);
    let failed_file = failed(Some(&args.out));
    let mut out = open(Some(&args.out))?;
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(failed_file)?;
    let equal = vec![1.0; fates.len()];
    let chosen: Vec<f64> = (0..fates.len() as u64).map(|i| f64::from(u8::from(taken.binary_search(&i).is_ok()))).collect();
    let fits: Vec<Fit<'_>> = moments
        .iter()
        .map(|m| Fit {
            name: &m.name,
            published: m.target,
            tolerance: m.tolerance,
            candidates: weighted_mean(&m.values, &equal),
            accepted: weighted_mean(&m.values, &chosen),
        })
        .collect();
    let laws = laws(&fates, &chosen, &model, &population)?;
    if let Some(folder) = &args.figures {
        figure::write(folder, "fit.svg", &figure::fit(&fits))?;
        let learned: Vec<Learned<'_>> =
            laws.iter().map(|l| Learned { parameter: &l.parameter, moved: l.moved, spread: l.spread }).collect();
        figure::write(folder, "shrinkage.svg", &figure::shrinkage(&learned))?;
    }
    let failed = failed(None);
    let mut out = open(None)?;
    let told = tell(&accepted, fates.len(), &fits, &found, &laws);
    out.write_all(told.as_bytes()).and_then(|()| out.flush()).map_err(failed)
}

fn file(accepted: &Accepted) -> String {
    let mut out = String::from(
        "# The calibrated population of virtual children: the numbers of accepted candidates. Rebuilt by `barograph simulate calibrate`.\n",
    );
    let Accepted { id, version, prior, citation, verified, seed, candidates, effective, fingerprint, ward, accepted } = accepted;
    let _ = write!(
        out,
        "id = {id:?}\nversion = {version:?}\nprior = {prior:?}\ncitation = {citation:?}\nverified = {verified:?}\nseed = {seed}\ncandidates = {candidates}\neffective = {effective:.1}\nfingerprint = {fingerprint:?}\nward = {ward:?}\naccepted = ["
    );
    for (i, number) in accepted.iter().enumerate() {
        let _ = write!(out, "{}{number},", if i % 24 == 0 { "\n  " } else { " " });
    }
    out += "\n]\n";
    out
}

/// A parameter's law among the candidates, and among the accepted.
struct Law {
    parameter: String,
    medians: [f64; 2],
    /// How far the median moved, in spreads of the law.
    moved: f64,
    /// Spread after, of before.
    spread: f64,
}

fn laws(fates: &[Fate], chosen: &[f64], model: &ChildModel, population: &Population) -> Result<Vec<Law>, Failure> {
    let law = |parameter: &str| -> Result<Law, Failure> {
        let place = model.model().parameter(parameter)?;
        let values = |wanted: &dyn Fn(usize) -> bool| -> Vec<f64> {
            fates.iter().enumerate().filter(|(i, _)| wanted(*i)).map(|(_, f)| f.child.parameters[place]).collect()
        };
        let (before, after) = (values(&|_| true), values(&|i| chosen[i] > 0.0));
        // A law of both signs is looked at as it is, any other by its logarithm.
        let signed = before.iter().any(|x| *x <= 0.0);
        let log = |x: f64| if signed { x } else { x.ln() };
        let spread = |v: &[f64]| {
            let mean = v.iter().map(|x| log(*x)).sum::<f64>() / v.len() as f64;
            (v.iter().map(|x| (log(*x) - mean).powi(2)).sum::<f64>() / v.len() as f64).sqrt()
        };
        let medians = [&before, &after].map(|v| median(v.iter().copied()));
        let moved = (log(medians[1]) - log(medians[0])) / spread(&before);
        Ok(Law { parameter: parameter.to_owned(), medians, moved, spread: spread(&after) / spread(&before) })
    };
    population.prior().vary.iter().map(|vary| law(&vary.parameter)).collect()
}

/// Fit per target, effective sample size, and how far each law was narrowed or moved.
fn tell(accepted: &Accepted, plausible: usize, fits: &[Fit<'_>], found: &Weights, laws: &[Law]) -> String {
    let mut out = format!(
        "{} candidates, {plausible} plausible, {} accepted; effective sample size of the weights {:.0}\n\n",
        accepted.candidates,
        accepted.accepted.len(),
        found.effective
    );
    out += "| target | published | candidates | weighted | accepted | source |\n|---|---|---|---|---|---|\n";
    for ((fit, source), weighted) in fits.iter().zip(targets::sources()).zip(&found.means) {
        let Fit { name, published, candidates, accepted, .. } = fit;
        let _ = writeln!(out, "| {name} | {published:.3} | {candidates:.3} | {weighted:.3} | {accepted:.3} | {source} |");
    }
    out += "\n| parameter | median before | after | spread after / before (log SD, SD where both signs occur) |\n|---|---|---|---|\n";
    for law in laws {
        let [before, after] = law.medians.map(fact::short);
        let _ = writeln!(out, "| {} | {before} | {after} | {:.2} |", law.parameter, law.spread);
    }
    out
}
