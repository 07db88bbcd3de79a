//! Random numbers keyed by seed, patient, replicate and stream: the same on any machine, thread and order of work.
//!
//! ```
//! use barograph_dynamics::random::Draws;
//!
//! let mut draws = Draws::new(2026, 17, 0, 3); // seed, patient, replicate, stream
//! let clearance = draws.lognormal(0.3, 0.35); // median, standard deviation of the logarithm
//! assert_eq!(clearance, Draws::new(2026, 17, 0, 3).lognormal(0.3, 0.35));
//! ```

mod birth_death;
mod counts;
mod normal;
mod threefry;

pub use birth_death::BirthDeath;
pub use normal::normal_quantile;

use barograph_equations::elementary;

/// A sequence of draws. Two sequences with different keys are independent; the n-th draw of a sequence depends on nothing else.
#[derive(Debug, Clone)]
pub struct Draws {
    key: [u64; 4],
    block: u64,
    numbers: [u64; 4],
    left: usize,
}

impl Draws {
    /// The sequence of a patient's replicate; streams keep what is drawn for one purpose apart from the others.
    pub fn new(seed: u64, patient: u64, replicate: u64, stream: u64) -> Self {
        Self { key: [seed, patient, replicate, stream], block: 0, numbers: [0; 4], left: 0 }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        if self.left == 0 {
            self.numbers = threefry::block(self.key, [self.block, 0, 0, 0]);
            self.block += 1;
            self.left = 4;
        }
        self.left -= 1;
        self.numbers[3 - self.left]
    }

    /// Uniform between 0 and 1, never either: the middles of 2^52 equal parts.
    pub fn uniform(&mut self) -> f64 {
        let part = (self.bits() >> 12) as f64;
        (part + 0.5) * (1.0 / 4_503_599_627_370_496.0)
    }

    /// Uniform between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal, by inversion.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// Lognormal with a median and the standard deviation of the logarithm (for a coefficient of variation see [`log_sd`]).
    pub fn lognormal(&mut self, median: f64, sd: f64) -> f64 {
        median * elementary::exp(sd * self.normal())
    }

    /// Exponential with a rate.
    pub fn exponential(&mut self, rate: f64) -> f64 {
        -elementary::ln(self.uniform()) / rate
    }

    /// Poisson with a mean; 0 where the mean is not positive.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        counts::poisson(self, mean)
    }

    /// Gamma with a shape and mean `shape`.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        counts::gamma(self, shape)
    }

    /// Poisson with a gamma mean of that shape, times `scale`: a negative binomial.
    pub fn poisson_of_gamma(&mut self, shape: f64, scale: f64) -> f64 {
        let mean = self.gamma(shape) * scale;
        self.poisson(mean)
    }

    /// How many of `trials` succeed, each with `probability`.
    pub fn binomial(&mut self, trials: f64, probability: f64) -> f64 {
        counts::binomial(self, trials, probability)
    }
}

/// The standard deviation of the logarithm of a lognormal with a coefficient of variation.
pub fn log_sd(cv: f64) -> f64 {
    elementary::ln(1.0 + cv * cv).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mut draw: impl FnMut(&mut Draws) -> f64) -> (f64, f64) {
        let mut draws = Draws::new(1, 2, 3, 4);
        let numbers: Vec<f64> = (0..200_000).map(|_| draw(&mut draws)).collect();
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / numbers.len() as f64;
        (mean, variance)
    }

    /// Mean and variance within five standard errors; the variance's own is taken for a normal, times two.
    fn near((mean, variance): (f64, f64), expected_mean: f64, expected_variance: f64) {
        let error = (expected_variance / 200_000.0).sqrt();
        assert!((mean - expected_mean).abs() < 5.0 * error, "mean {mean}, not {expected_mean}");
        let relative = (variance / expected_variance - 1.0).abs();
        assert!(relative < 0.03, "variance {variance}, not {expected_variance}");
    }

    #[test]
    fn distributions_have_their_moments() {
        near(moments(Draws::uniform), 0.5, 1.0 / 12.0);
        near(moments(Draws::normal), 0.0, 1.0);
        near(moments(|draws| draws.exponential(2.0)), 0.5, 0.25);
        for shape in [1.0, 2.5, 40.0] {
            near(moments(|draws| draws.gamma(shape)), shape, shape);
        }
        for mean in [0.1, 3.0, 11.0, 40.0, 2500.0] {
            near(moments(|draws| draws.poisson(mean)), mean, mean);
        }
        for (n, p) in [(1.0, 0.3), (20.0, 0.2), (50.0, 0.9), (1000.0, 0.3), (1e6, 0.7), (1e5, 1e-4)] {
            near(moments(|draws| draws.binomial(n, p)), n * p, n * p * (1.0 - p));
        }
    }

    #[test]
    fn counts_have_their_distribution() {
        let mut draws = Draws::new(5, 0, 0, 0);
        let mut seen = [0.0; 60];
        for _ in 0..200_000 {
            seen[(draws.poisson(20.0) as usize).min(59)] += 1.0;
        }
        let mut probability = (-20.0_f64).exp();
        let mut chi_squared = 0.0;
        for (k, seen) in seen.iter().enumerate() {
            let expected = 200_000.0 * probability;
            if expected > 10.0 {
                chi_squared += (seen - expected) * (seen - expected) / expected;
            }
            probability *= 20.0 / (k as f64 + 1.0);
        }
        assert!(chi_squared < 80.0, "{chi_squared} with about 30 degrees of freedom");
    }

    #[test]
    fn impossible_requests_give_the_nearest_possible() {
        let mut draws = Draws::new(0, 0, 0, 0);
        assert_eq!(draws.poisson(0.0), 0.0);
        assert_eq!(draws.poisson(-1.0), 0.0);
        assert_eq!(draws.poisson(f64::NAN), 0.0);
        assert_eq!(draws.binomial(10.0, 0.0), 0.0);
        assert_eq!(draws.binomial(10.0, 1.0), 10.0);
        assert_eq!(draws.binomial(10.0, 2.0), 10.0);
        assert_eq!(draws.binomial(0.0, 0.5), 0.0);
    }
}
