//! The last cells: birth and death by chance where leukaemia is too small for an equation.

use super::draws::Draws;

/// Cells below which chance rules. Results depend weakly on it (Kimmel 2021 switches at 100).
pub(super) const THRESHOLD: f64 = 1e4;

/// Draws how many cells there are after `days`, given `n` now, births at rate `birth` a cell and a mean that changed by `factor` in that time.
///
/// The linear birth-and-death process with constant rates: each cell has died out with probability α, else leaves a
/// geometric number of descendants (Kendall 1948, Ann Math Stat 19:1). Death is what the mean implies.
pub(super) fn descendants(n: f64, birth: f64, factor: f64, days: f64, draws: &mut Draws) -> f64 {
    let whole = (n + draws.uniform()).floor();
    if whole < 1.0 || days <= 0.0 || factor.is_nan() {
        return whole.max(0.0);
    }
    let (dies_out, more) = kendall(birth, factor, days);
    let families = draws.binomial(whole, 1.0 - dies_out);
    families + draws.negative_binomial(families, 1.0 - more)
}

/// The probability that a cell has died out, and that of one more descendant where it has not.
fn kendall(birth: f64, factor: f64, days: f64) -> (f64, f64) {
    if factor <= 0.0 {
        return (1.0, 0.0);
    }
    let growth = factor.ln() / days;
    let death = (birth - growth).max(0.0);
    if (birth - death).abs() < 1e-9 {
        let x = birth * days / (1.0 + birth * days);
        return (x, x);
    }
    let e = ((birth - death) * days).exp();
    let below = birth * e - death;
    (death * (e - 1.0) / below, birth * (e - 1.0) / below)
}

/// What a clone below the threshold has become, `before` and `after` by the equations, `entered` of it by mutation.
pub(super) fn redraw(before: f64, after: f64, birth: f64, entered: f64, days: f64, draws: &mut Draws) -> f64 {
    if after >= THRESHOLD {
        return after;
    }
    if before >= THRESHOLD {
        return draws.poisson(after);
    }
    let old = (after - entered).max(0.0);
    let descended = if before > 0.0 { descendants(before, birth, old / before, days, draws) } else { 0.0 };
    descended + draws.poisson(entered.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::child::draws::{Key, Purpose};

    #[test]
    fn extinction_follows_the_formula() {
        let (birth, death, days, n) = (0.3, 0.5, 5.0, 4.0);
        let e = f64::exp(-(birth - death) * days);
        let expected = (death * (1.0 - e) / (birth - death * e)).powf(n);
        let trials = 20_000;
        let mut gone = 0;
        let mut sum = 0.0;
        for patient in 0..trials {
            let mut draws = Key { seed: 5, patient, replicate: 0 }.draws(Purpose::Extinction, 0);
            let left = descendants(n, birth, f64::exp((birth - death) * days), days, &mut draws);
            gone += u32::from(left == 0.0);
            sum += left;
        }
        let share = f64::from(gone) / trials as f64;
        let error = (expected * (1.0 - expected) / trials as f64).sqrt();
        assert!((share - expected).abs() < 4.0 * error, "{share} against {expected}");
        let mean = sum / trials as f64;
        assert!((mean / (n * f64::exp((birth - death) * days)) - 1.0).abs() < 0.05, "{mean}");
    }
}
