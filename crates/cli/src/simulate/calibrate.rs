//! `barograph simulate calibrate`: rebuilds the calibrated population from the laws.

use super::cohort::{Fate, draw, simulate_all, survivors, trial_policy};
use super::facts::median;
use super::{fact, targets};
use crate::args::CalibrateTask;
use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_dynamics::child::calibration::{Weights, accept, prevalence, weighted_mean};
use barograph_dynamics::child::{Accepted, ChildModel, EraStandard, Options, Population, PopulationError, Request};
use barograph_dynamics::random::Draws;
use std::fmt::Write as _;
use std::io::Write as _;

/// The stream of acceptance, apart from those of the children.
const ACCEPTANCE: u64 = 0xacce;

pub(super) fn run(args: &CalibrateTask) -> Result<(), Failure> {
    let model = ChildModel::new()?;
    let population = Population::named("plausible")?;
    let policy = trial_policy()?;
    let children = draw(&model, &population, args.seed, args.candidates, &Request::default())?;
    let year = Options { days: 365.0, ..Options::default() };
    let results = simulate_all(&model, &year, &children, |_| EraStandard::default(), |course| Fate::of(&course, &policy));
    let fates: Vec<Fate> = survivors(results).into_iter().filter(targets::plausible).collect();
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
    let accepted = Accepted {
        id: "child-calibrated-1".into(),
        version: "1".into(),
        prior: population.prior().id.clone(),
        citation: "barograph simulate calibrate; docs/virtual-child.md".into(),
        verified: "derived".into(),
        seed: args.seed,
        candidates: args.candidates,
        effective: found.effective.round(),
        accepted: taken.iter().map(|i| fates[*i as usize].child.number).collect(),
    };
    let text = file(&accepted);
    let failed_file = failed(Some(&args.out));
    let mut out = open(Some(&args.out))?;
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(failed_file)?;
    let failed = failed(None);
    let mut out = open(None)?;
    let told = tell(&fates, &moments, &found, &taken, &accepted, &model)?;
    out.write_all(told.as_bytes()).and_then(|()| out.flush()).map_err(failed)
}

fn file(accepted: &Accepted) -> String {
    let mut out = String::from(
        "# The calibrated population of virtual children: the numbers of accepted candidates. Rebuilt by `barograph simulate calibrate`.\n",
    );
    let Accepted { id, version, prior, citation, verified, seed, candidates, effective, accepted } = accepted;
    let _ = write!(
        out,
        "id = {id:?}\nversion = {version:?}\nprior = {prior:?}\ncitation = {citation:?}\nverified = {verified:?}\nseed = {seed}\ncandidates = {candidates}\neffective = {effective:.1}\naccepted = ["
    );
    for (i, number) in accepted.iter().enumerate() {
        let _ = write!(out, "{}{number},", if i % 24 == 0 { "\n  " } else { " " });
    }
    out += "\n]\n";
    out
}

/// Fit per target, effective sample size, and how far each law was narrowed or moved.
fn tell(
    fates: &[Fate],
    moments: &[barograph_dynamics::child::calibration::Moment],
    found: &Weights,
    taken: &[u64],
    accepted: &Accepted,
    model: &ChildModel,
) -> Result<String, Failure> {
    let mut out = format!(
        "{} candidates, {} plausible, {} accepted; effective sample size of the weights {:.0}\n\n",
        accepted.candidates,
        fates.len(),
        taken.len(),
        found.effective
    );
    out += "| target | published | candidates | weighted | accepted | source |\n|---|---|---|---|---|---|\n";
    let equal = vec![1.0; fates.len()];
    let chosen: Vec<f64> = (0..fates.len() as u64).map(|i| f64::from(u8::from(taken.binary_search(&i).is_ok()))).collect();
    for ((m, source), weighted) in moments.iter().zip(targets::sources()).zip(&found.means) {
        let (before, after) = (weighted_mean(&m.values, &equal), weighted_mean(&m.values, &chosen));
        let _ = writeln!(out, "| {} | {:.3} | {before:.3} | {weighted:.3} | {after:.3} | {source} |", m.name, m.target);
    }
    out += "\n| parameter | median before | after | spread after / before (log SD) |\n|---|---|---|---|\n";
    for vary in &Population::named("plausible")?.prior().vary {
        let place = model.model().parameter(&vary.parameter)?;
        let values = |wanted: &dyn Fn(usize) -> bool| -> Vec<f64> {
            fates.iter().enumerate().filter(|(i, _)| wanted(*i)).map(|(_, f)| f.child.parameters[place]).collect()
        };
        let (before, after) = (values(&|_| true), values(&|i| chosen[i] > 0.0));
        let spread = |v: &[f64]| {
            let logs: Vec<f64> = v.iter().map(|x| (x.abs() + 1e-12).ln()).collect();
            let mean = logs.iter().sum::<f64>() / logs.len() as f64;
            (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / logs.len() as f64).sqrt()
        };
        let middle = |v: &[f64]| fact::short(median(v.iter().copied()));
        let _ =
            writeln!(out, "| {} | {} | {} | {:.2} |", vary.parameter, middle(&before), middle(&after), spread(&after) / spread(&before));
    }
    Ok(out)
}
