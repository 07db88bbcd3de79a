//! The events of `stein-2019`, and its closed form.
//!
//! Source: Stein AM et al. 2019, CPT Pharmacometrics Syst Pharmacol 8:285, doi:10.1002/psp4.12388.

use crate::model::ModelError;
use crate::problem::Problem;

/// The drugs that bear on growth: days of the first doses.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Drugs {
    /// First tocilizumab.
    pub tocilizumab: Option<f64>,
    /// First steroid.
    pub steroid: Option<f64>,
}

/// Growth ends at `Tmax`; from its first dose on a drug multiplies growth by its factor.
///
/// # Errors
/// The problem is of another model.
pub fn scheduled(problem: Problem, drugs: Drugs) -> Result<Problem, ModelError> {
    let end = problem.value("Tmax")?;
    let steps = factors(drugs, problem.value("F_toci")?, problem.value("F_ster")?);
    let mut problem = problem.change(end, "growing", 0.0)?;
    for (time, factor) in steps {
        problem = problem.change(time, "F", factor)?;
    }
    Ok(problem)
}

/// When the factor on growth changes, and to what.
fn factors(drugs: Drugs, toci: f64, ster: f64) -> Vec<(f64, f64)> {
    let mut firsts: Vec<(f64, f64)> = [(drugs.tocilizumab, toci), (drugs.steroid, ster)]
        .into_iter()
        .filter_map(|(time, factor)| time.map(|time| (time.max(0.0), factor)))
        .collect();
    firsts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut product = 1.0;
    firsts
        .into_iter()
        .map(|(time, factor)| {
            product *= factor;
            (time, product)
        })
        .collect()
}

/// The parameters of the closed form; units as in the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kinetics {
    /// Fold expansion.
    pub foldx: f64,
    /// Day of the peak.
    pub tmax: f64,
    /// Peak without drugs, copies/ug.
    pub cmax: f64,
    /// Fast contraction, 1/d.
    pub alpha: f64,
    /// Memory share of the peak.
    pub fb: f64,
    /// Slow contraction, 1/d.
    pub beta: f64,
    /// Factor of tocilizumab on growth.
    pub f_toci: f64,
    /// Factor of steroids on growth.
    pub f_ster: f64,
}

impl Default for Kinetics {
    /// The typical values.
    fn default() -> Self {
        Self { foldx: 3900.0, tmax: 9.3, cmax: 24_000.0, alpha: 0.16, fb: 0.0079, beta: 0.0032, f_toci: 1.2, f_ster: 1.0 }
    }
}

impl Kinetics {
    /// Transgene (effectors and memory) at day `t`, copies/ug, in closed form.
    pub fn transgene(&self, t: f64, drugs: Drugs) -> f64 {
        let rho = self.foldx.ln() / self.tmax;
        let grown = t.clamp(0.0, self.tmax);
        let mut exponent = 0.0;
        let (mut from, mut factor) = (0.0, 1.0);
        for (time, next) in factors(drugs, self.f_toci, self.f_ster) {
            let until = time.min(grown);
            exponent += rho * factor * (until - from);
            (from, factor) = (until, next);
        }
        exponent += rho * factor * (grown - from);
        let peak = self.cmax / self.foldx * exponent.exp();
        if t <= self.tmax {
            return peak;
        }
        let after = t - self.tmax;
        peak * ((1.0 - self.fb) * (-self.alpha * after).exp() + self.fb * (-self.beta * after).exp())
    }
}
