//! `--set NAME=VALUE`.

use crate::failure::Failure;

/// Names and finite numbers, each name once.
pub(crate) fn assignments(given: &[String]) -> Result<Vec<(String, f64)>, Failure> {
    let read = |text: &String| {
        let (name, value) = text.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().parse::<f64>().ok().filter(|value| value.is_finite())?))
    };
    let one = |text: &String| read(text).ok_or_else(|| Failure::Solve(format!("--set {text:?} is not NAME=VALUE with a number")));
    let all = given.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    for (at, (name, _)) in all.iter().enumerate() {
        if all[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(Failure::Solve(format!("--set gives {name} twice; leave one out")));
        }
    }
    Ok(all)
}
