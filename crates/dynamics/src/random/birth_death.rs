//! Few cells: births and deaths one by one, exactly.
//!
//! A deterministic model never cures: it leaves a fraction of a cell, which grows again. Below some threshold (hundreds to thousands of cells) a
//! count is followed instead as a birth-death process. For rates that are constant over a span the law at its end is known (Kendall 1948, Ann
//! Math Stat 19:1, doi 10.1214/aoms/1177730285): each cell's clone is extinct with probability `alpha`, else its size is geometric. So a span
//! costs two draws however many events it holds, and no leap is an approximation but that of the rates held constant.

use barograph_equations::elementary::exp;

use super::Draws;

/// Births and deaths per cell and unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BirthDeath {
    /// Births per cell and time.
    pub birth: f64,
    /// Deaths per cell and time.
    pub death: f64,
}

impl BirthDeath {
    /// The probability that the clone of one cell is extinct after `span`, and the parameter of its geometric size otherwise.
    fn clone_law(self, span: f64) -> (f64, f64) {
        let (b, d) = (self.birth.max(0.0), self.death.max(0.0));
        let growth = (b - d) * span;
        if growth.abs() < 1e-7 {
            return (d * span / (1.0 + b * span), b * span / (1.0 + b * span));
        }
        // Written with what shrinks, so that nothing overflows.
        if growth > 0.0 {
            let e = exp(-growth);
            (d * (1.0 - e) / (b - d * e), b * (1.0 - e) / (b - d * e))
        } else {
            let e = exp(growth);
            (d * (1.0 - e) / (d - b * e), b * (1.0 - e) / (d - b * e))
        }
    }

    /// The probability that `cells` are extinct after `span`.
    pub fn extinction(self, cells: f64, span: f64) -> f64 {
        self.clone_law(span).0.powf(cells)
    }

    /// How many cells there are after `span`, of `cells` now.
    pub fn after(self, cells: f64, span: f64, draws: &mut Draws) -> f64 {
        let (alpha, beta) = self.clone_law(span);
        let clones = draws.binomial(cells.round(), 1.0 - alpha);
        if clones < 1.0 {
            return 0.0;
        }
        // The sum of geometric sizes is a negative binomial: a Poisson with a gamma mean.
        clones + draws.poisson_of_gamma(clones, beta / (1.0 - beta).max(f64::MIN_POSITIVE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extinction_is_that_of_the_formula() {
        let process = BirthDeath { birth: 0.3, death: 0.2 };
        // [d (1 - e^(-(b - d) t)) / (b - d e^(-(b - d) t))]^N
        let e = (-0.1_f64 * 5.0).exp();
        let expected = (0.2 * (1.0 - e) / (0.3 - 0.2 * e)).powi(4);
        assert!((process.extinction(4.0, 5.0) - expected).abs() < 1e-14);
        assert!((process.extinction(3.0, 1e6) - (2.0_f64 / 3.0).powi(3)).abs() < 1e-12);
        let critical = BirthDeath { birth: 0.3, death: 0.3 };
        assert!((critical.extinction(1.0, 10.0) - 3.0 / 4.0).abs() < 1e-12);
        let near = BirthDeath { birth: 0.3, death: 0.300_000_1 };
        assert!((near.extinction(1.0, 10.0) - 3.0 / 4.0).abs() < 1e-6);
    }

    #[test]
    fn simulated_extinction_is_within_monte_carlo_error() {
        for (birth, death, cells, span) in [(0.3, 0.2, 4.0, 5.0), (0.1, 0.5, 50.0, 8.0), (0.4, 0.4, 10.0, 20.0)] {
            let process = BirthDeath { birth, death };
            let (n, mut extinct, mut sum) = (40_000_u32, 0.0, 0.0);
            for patient in 0..n {
                // In three spans, as a policy would: the law must not depend on how time is cut.
                let mut draws = Draws::new(7, u64::from(patient), 0, 0);
                let mut left = cells;
                for part in [0.2, 0.3, 0.5] {
                    left = process.after(left, span * part, &mut draws);
                }
                extinct += f64::from(u8::from(left == 0.0));
                sum += left;
            }
            let expected = process.extinction(cells, span);
            let error = (expected * (1.0 - expected) / f64::from(n)).sqrt();
            let share = extinct / f64::from(n);
            assert!((share - expected).abs() < 4.0 * error, "{share}, not {expected} +- {error}");
            let mean = cells * ((birth - death) * span).exp();
            assert!((sum / f64::from(n) / mean - 1.0).abs() < 0.05, "mean {}, not {mean}", sum / f64::from(n));
        }
    }

    #[test]
    fn many_cells_follow_the_mean() {
        let process = BirthDeath { birth: 0.5, death: 0.2 };
        let mut draws = Draws::new(1, 1, 1, 1);
        let after = process.after(1e6, 2.0, &mut draws);
        assert!((after / (1e6 * 0.6_f64.exp()) - 1.0).abs() < 0.01, "{after}");
        assert_eq!(process.after(0.0, 2.0, &mut draws), 0.0);
        assert_eq!(BirthDeath { birth: 0.0, death: 1.0 }.after(5.0, 1e3, &mut draws), 0.0);
    }
}
