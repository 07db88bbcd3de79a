//! From plausible children to a population that looks like the published cohorts.
//!
//! Candidates are drawn from the laws and simulated under the care of the time. Implausible ones are dropped. Then prevalence weights
//! are found: the weights closest to equal ones (by relative entropy) whose weighted means meet the targets, which are w ∝ exp(-λ·g);
//! and candidates are accepted with a probability in proportion to their weight. After Allen, Rieger & Musante 2016 (CPT Pharmacometrics
//! Syst Pharmacol 5:140) and the prevalence weights of Schmidt 2013 (BMC Bioinformatics 14:221).

/// A mean that the population is to have.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// What it is.
    pub name: String,
    /// The published value.
    pub target: f64,
    /// How far off it may be, as a standard deviation; wide where a source is recalled.
    pub tolerance: f64,
    /// The quantity of each candidate; `None` where it has none (it then counts in no mean).
    pub values: Vec<Option<f64>>,
}

/// The weights found.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// One a candidate; they sum to one.
    pub weights: Vec<f64>,
    /// Effective sample size: 1 / Σw².
    pub effective: f64,
    /// Weighted mean of each moment.
    pub means: Vec<f64>,
}

/// Finds prevalence weights by Newton's method on the dual of the penalised entropy; the tolerance is the penalty's width.
pub fn prevalence(moments: &[Moment], candidates: usize) -> Weights {
    let n = candidates;
    let k = moments.len();
    // A candidate without the quantity adds nothing to the constraint E[(g - target) 1{g}] = 0.
    let g: Vec<Vec<f64>> =
        moments.iter().map(|m| m.values.iter().map(|v| v.map_or(0.0, |v| (v - m.target) / m.tolerance)).collect()).collect();
    let mut lambda = vec![0.0; k];
    let mut value = dual(&g, &lambda, n);
    for _ in 0..100 {
        let w = tilt(&g, &lambda, n);
        let mean: Vec<f64> = g.iter().map(|g| dot(g, &w)).collect();
        let gradient: Vec<f64> = (0..k).map(|i| RIDGE * lambda[i] - mean[i]).collect();
        if gradient.iter().all(|x| x.abs() < 1e-9) {
            break;
        }
        let mut hessian = vec![vec![0.0; k]; k];
        for i in 0..k {
            for j in 0..=i {
                let product: f64 = (0..n).map(|c| g[i][c] * g[j][c] * w[c]).sum();
                hessian[i][j] = product - mean[i] * mean[j];
                hessian[j][i] = hessian[i][j];
            }
            hessian[i][i] += RIDGE;
        }
        let step = solve(hessian, gradient);
        // Shortened until the dual falls; it is convex, so it does for a short enough step.
        let mut length = 1.0;
        loop {
            let trial: Vec<f64> = lambda.iter().zip(&step).map(|(l, s)| l - length * s).collect();
            let new = dual(&g, &trial, n);
            if new <= value || length < 1e-6 {
                (lambda, value) = (trial, new);
                break;
            }
            length *= 0.5;
        }
    }
    let weights = tilt(&g, &lambda, n);
    let effective = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
    let means = moments.iter().map(|m| weighted_mean(&m.values, &weights)).collect();
    Weights { weights, effective, means }
}

/// Strength of the penalty on the dual: small, so that targets are met to a part of their tolerance where the candidates allow it.
const RIDGE: f64 = 0.05;

/// The dual of the penalised entropy, to be minimised: log mean exp(-λ·g) + ridge |λ|² / 2. Where it is stationary the weighted mean of g is ridge λ.
fn dual(g: &[Vec<f64>], lambda: &[f64], n: usize) -> f64 {
    let exponent = exponents(g, lambda, n);
    let top = exponent.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = exponent.iter().map(|e| (e - top).exp()).sum();
    top + (sum / n as f64).ln() + 0.5 * RIDGE * dot(lambda, lambda)
}

fn exponents(g: &[Vec<f64>], lambda: &[f64], n: usize) -> Vec<f64> {
    (0..n).map(|c| -g.iter().zip(lambda).map(|(g, l)| g[c] * l).sum::<f64>()).collect()
}

/// The mean over the candidates that have the quantity.
pub fn weighted_mean(values: &[Option<f64>], weights: &[f64]) -> f64 {
    let (sum, total) =
        values.iter().zip(weights).filter_map(|(v, w)| v.map(|v| (v * w, *w))).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    sum / total
}

/// Which candidates are accepted: each with a probability in proportion to its weight, the heaviest with certainty; `uniform` gives the draw of a candidate.
pub fn accept(weights: &[f64], uniform: impl Fn(usize) -> f64) -> Vec<u64> {
    let most = weights.iter().copied().fold(0.0, f64::max);
    weights.iter().enumerate().filter(|(i, w)| uniform(*i) * most < **w).map(|(i, _)| i as u64).collect()
}

fn tilt(g: &[Vec<f64>], lambda: &[f64], n: usize) -> Vec<f64> {
    let exponent = exponents(g, lambda, n);
    let top = exponent.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raw: Vec<f64> = exponent.iter().map(|e| (e - top).exp()).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|w| w / sum).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Gaussian elimination with pivoting, for a small dense system.
pub(super) fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let k = b.len();
    for i in 0..k {
        let best = (i..k).max_by(|x, y| a[*x][i].abs().total_cmp(&a[*y][i].abs())).unwrap_or(i);
        a.swap(i, best);
        b.swap(i, best);
        let (above, below) = a.split_at_mut(i + 1);
        for (j, row) in below.iter_mut().enumerate() {
            let factor = row[i] / above[i][i];
            for (x, y) in row.iter_mut().zip(&above[i]).skip(i) {
                *x -= factor * y;
            }
            b[i + 1 + j] -= factor * b[i];
        }
    }
    for i in (0..k).rev() {
        let known: f64 = (i + 1..k).map(|c| a[i][c] * b[c]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_meet_means_and_tell_their_price() {
        let n = 2000;
        let value = |i: usize| ((i as f64 + 0.5) / n as f64 * 2.0 - 1.0) * 3.0;
        let values: Vec<_> = (0..n).map(|i| Some(value(i))).collect();
        let share: Vec<_> = (0..n).map(|i| (i % 2 == 0).then(|| f64::from(i % 4 == 0))).collect();
        let moment = |name: &str, target, tolerance, values| Moment { name: name.into(), target, tolerance, values };
        let found = prevalence(&[moment("mean", 0.5, 0.05, values), moment("share", 0.6, 0.02, share)], n);
        assert!((found.means[0] - 0.5).abs() < 0.02, "{:?}", found.means);
        assert!((found.means[1] - 0.6).abs() < 0.02, "{:?}", found.means);
        assert!(found.effective > 0.7 * n as f64 && found.effective < n as f64, "{}", found.effective);
        let taken = accept(&found.weights, |i| (i as f64 * 0.618_034).fract());
        let mean = taken.iter().map(|i| value(*i as usize)).sum::<f64>() / taken.len() as f64;
        assert!((mean - 0.5).abs() < 0.1, "{mean}");
    }
}
