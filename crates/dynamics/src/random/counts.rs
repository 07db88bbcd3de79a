//! Whole numbers: Poisson and binomial, exact in distribution. Small means by inversion, large ones by transformed rejection (PTRS: Hörmann 1993,
//! Insur Math Econ 12:39, doi 10.1016/0167-6687(93)90997-4; BTRS: Hörmann 1993, J Stat Comput Simul 46:101, doi 10.1080/00949659308811496).

use barograph_equations::elementary::{exp, ln};

use super::Draws;

/// Means up to which inversion is used.
const SMALL: f64 = 10.0;

pub(super) fn poisson(draws: &mut Draws, mean: f64) -> f64 {
    if !(mean > 0.0 && mean.is_finite()) {
        return 0.0;
    }
    if mean < SMALL {
        let limit = exp(-mean);
        let (mut k, mut product) = (0.0, draws.uniform());
        while product > limit {
            product *= draws.uniform();
            k += 1.0;
        }
        return k;
    }
    let b = 0.931 + 2.53 * mean.sqrt();
    let a = -0.059 + 0.024_83 * b;
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let v_r = 0.9277 - 3.6224 / (b - 2.0);
    let log_mean = ln(mean);
    loop {
        let u = draws.uniform() - 0.5;
        let v = draws.uniform();
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
        if us >= 0.07 && v <= v_r {
            return k;
        }
        if k < 0.0 || (us < 0.013 && v > us) {
            continue;
        }
        if ln(v * inverse_alpha / (a / (us * us) + b)) <= k * log_mean - mean - log_factorial(k) {
            return k;
        }
    }
}

pub(super) fn binomial(draws: &mut Draws, trials: f64, probability: f64) -> f64 {
    let n = trials.floor();
    if !(n >= 1.0 && n.is_finite() && probability > 0.0) {
        return 0.0;
    }
    if probability >= 1.0 {
        return n;
    }
    if probability > 0.5 {
        return n - binomial(draws, n, 1.0 - probability);
    }
    let (p, q) = (probability, 1.0 - probability);
    if n * p < SMALL {
        return inverted(draws, n, p, q);
    }
    let spread = (n * p * q).sqrt();
    let b = 1.15 + 2.53 * spread;
    let a = -0.0873 + 0.0248 * b + 0.01 * p;
    let c = n * p + 0.5;
    let v_r = 0.92 - 4.2 / b;
    let alpha = (2.83 + 5.1 / b) * spread;
    let log_odds = ln(p / q);
    let mode = ((n + 1.0) * p).floor();
    let at_mode = log_factorial(mode) + log_factorial(n - mode);
    loop {
        let u = draws.uniform() - 0.5;
        let v = draws.uniform();
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + c).floor();
        if us >= 0.07 && v <= v_r {
            return k;
        }
        if k < 0.0 || k > n {
            continue;
        }
        let height = ln(v * alpha / (a / (us * us) + b));
        if height <= at_mode - log_factorial(k) - log_factorial(n - k) + (k - mode) * log_odds {
            return k;
        }
    }
}

/// Geometric jumps over failures (Devroye 1986, X.4.3): as many steps as successes.
fn inverted(draws: &mut Draws, n: f64, p: f64, q: f64) -> f64 {
    let log_q = if p < 1e-8 { -p } else { ln(q) };
    let (mut successes, mut trials) = (0.0, 0.0);
    loop {
        trials += (ln(draws.uniform()) / log_q).floor() + 1.0;
        if trials > n {
            return successes;
        }
        successes += 1.0;
    }
}

/// Marsaglia & Tsang 2000, ACM Trans Math Softw 26:363, doi 10.1145/358407.358414; shapes below 1 by Stuart's theorem.
pub(super) fn gamma(draws: &mut Draws, shape: f64) -> f64 {
    if !(shape > 0.0 && shape.is_finite()) {
        return 0.0;
    }
    if shape < 1.0 {
        let power = exp(ln(draws.uniform()) / shape);
        return gamma(draws, shape + 1.0) * power;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = draws.normal();
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        if ln(draws.uniform()) < 0.5 * x * x + d - d * v + d * ln(v) {
            return d * v;
        }
    }
}

/// ln k!: summed to 15, Stirling's series beyond (error below 1e-13).
fn log_factorial(k: f64) -> f64 {
    if k < 16.0 {
        let mut product = 1.0;
        let mut i = 2.0;
        while i <= k {
            product *= i;
            i += 1.0;
        }
        return ln(product);
    }
    let x = k + 1.0;
    let r = 1.0 / (x * x);
    let series = (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r / 1680.0))) / x;
    (x - 0.5) * ln(x) - x + 0.918_938_533_204_672_8 + series
}
