//! Tolerances for states of any size.
//!
//! Where a model's text gives a state no `atol`, the default is fit for values around 1 and above. A drug in moles or a pathogen in kilograms would be lost in
//! it, silently. So a single course is looked at after it has been run, and run again with tolerances that its own size asks for.

use crate::model::Model;
use crate::run::Settings;

/// How often a course is run again at most.
const ROUNDS: u32 = 3;

/// A second look takes at most so many steps; where that is not enough, the first look stands.
const STEPS: u32 = 200_000;

/// Solves, and solves again while a state is so small that its absolute tolerance would swallow it. `largest` gives each state's largest absolute value.
///
/// # Errors
/// The first solution failed.
pub fn to_scale<T, E>(
    model: &Model,
    settings: &Settings,
    mut solve: impl FnMut(&Settings) -> Result<T, E>,
    largest: impl Fn(&T) -> Vec<f64>,
) -> Result<T, E> {
    let mut found = solve(settings)?;
    let mut atol: Vec<f64> = (0..model.text().states.len()).map(|state| settings.atol_of(model, state)).collect();
    for _ in 0..ROUNDS {
        let mut finer = atol.clone();
        for ((tolerance, size), state) in finer.iter_mut().zip(largest(&found)).zip(&model.text().states) {
            if state.atol.is_none() && size > 0.0 {
                *tolerance = tolerance.min(settings.atol_scale * settings.rtol * size);
            }
        }
        if finer.iter().zip(&atol).all(|(finer, coarser)| *finer > 0.5 * coarser) {
            break;
        }
        let again = Settings { atol: finer.clone(), most_steps: settings.most_steps.min(STEPS), ..settings.clone() };
        let Ok(better) = solve(&again) else { break };
        (found, atol) = (better, finer);
    }
    Ok(found)
}

/// The largest absolute value of each state over rows.
pub(crate) fn largest<'a>(rows: impl Iterator<Item = &'a [f64]>, states: usize) -> Vec<f64> {
    let mut largest = vec![0.0_f64; states];
    for row in rows {
        for (most, value) in largest.iter_mut().zip(row) {
            *most = most.max(value.abs());
        }
    }
    largest
}
