//! What the author of a model should know: names that nothing uses, units that do not fit, and why an integration ended.

use barograph_dynamics::nonmem::speaks_of_doses;
use barograph_dynamics::{Failure, Problem, Reason, Settings};
use barograph_equations::{Model as Text, units};
use std::path::Path;

/// How many misfits of units are told.
const MOST: usize = 10;

/// On standard error: what is probably a slip in a user's own text.
pub(crate) fn warn(path: &Path, text: &Text) {
    for (name, place) in text.unused.iter().filter(|(name, _)| !speaks_of_doses(text, name)) {
        eprintln!("barograph: {}: line {}: nothing uses `{name}`", path.display(), place.line);
    }
    told_all(path, &units(text).iter().map(ToString::to_string).collect::<Vec<_>>());
}

/// On standard error: what units a file states that do not hang together. Places are those of the text made of it, and are not told.
pub(crate) fn misfits(path: &Path, text: &Text) {
    told_all(path, &units(text).into_iter().map(|misfit| misfit.message).collect::<Vec<_>>());
}

fn told_all(path: &Path, misfits: &[String]) {
    for misfit in misfits.iter().take(MOST) {
        eprintln!("barograph: {}: units: {misfit}", path.display());
    }
    if misfits.len() > MOST {
        eprintln!("barograph: {}: units: {} more", path.display(), misfits.len() - MOST);
    }
}

/// On standard error: columns that hold what is no number.
pub(crate) fn odd(columns: &[(String, Vec<f64>)]) {
    for (name, values) in columns {
        let count = values.iter().filter(|value| !value.is_finite()).count();
        if count > 0 {
            eprintln!("barograph: `{name}` is not a finite number in {count} of {} rows", values.len());
        }
    }
}

/// When and why an integration ended, and which state was to blame. `problem` is that which failed, without its events.
pub(crate) fn told(problem: &Problem, failure: &Failure) -> String {
    let blame = blamed(problem, failure).map_or_else(String::new, |blame| format!("; {blame}"));
    format!("the integration ended at time {}: {}{blame}", failure.time, failure.reason)
}

fn blamed(problem: &Problem, failure: &Failure) -> Option<String> {
    if failure.reason == Reason::NotFinite {
        return None;
    }
    let text = problem.model().text();
    let before = failure.time - 1e-6 * failure.time.abs();
    let solution = problem.solve(&Settings::new(vec![0.0, before])).ok()?;
    let (states, parameters) = (solution.row(1), &problem.patient.parameters);
    let rates = text.rates(parameters, states, before);
    let each = || text.states.iter().zip(states).zip(&rates);
    let falls =
        |(state, value): (&barograph_equations::State, &f64), rate: f64| !state.signed && rate < 0.0 && *value < -rate * 1e-3 * before;
    if let Some(((state, _), rate)) = each().find(|(known, rate)| falls(*known, **rate)) {
        return Some(format!(
            "`{}` reaches 0 and falls on, at {rate:.3e} a unit of time: mark it `signed` behind its unit if it may, else its equation takes what is not there",
            state.name
        ));
    }
    let pace = |value: f64, rate: f64| if rate.is_finite() { (rate / value).abs() } else { f64::INFINITY };
    let ((state, value), rate) = each().max_by(|((_, a), p), ((_, b), q)| pace(**a, **p).total_cmp(&pace(**b, **q)))?;
    (pace(*value, *rate) * before > 1e3).then(|| format!("`{}` runs away: {value:.3e}, changing at {rate:.3e} a unit of time", state.name))
}
