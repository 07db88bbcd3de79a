//! Random draws that depend on nothing but seed, patient, replicate, purpose and index.

use super::stream::Stream;
use rand_distr::{Beta, Binomial, Distribution, Gamma, Poisson, StandardNormal};

/// What a draw is for: each purpose has streams of its own, so that one more draw here shifts none there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Purpose {
    /// Who the child is.
    Person = 1,
    /// Noise, gaps and preferences at the bedside, by hour.
    Bedside = 2,
    /// Birth and death of the last leukaemic cells, by day.
    Extinction = 3,
    /// Which member of a population a child is.
    Member = 4,
    /// Laboratory noise, by day.
    Laboratory = 5,
}

/// Names a child's randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) seed: u64,
    pub(super) patient: u64,
    pub(super) replicate: u32,
}

impl Key {
    /// The draws of one purpose at one index (an hour, a day). What is drawn then is the same whatever was done before, so that
    /// two treatments of one child meet the same noise.
    pub(super) fn draws(self, purpose: Purpose, index: u32) -> Draws {
        Draws(Stream::new(self.seed, self.patient, self.replicate, (u64::from(purpose as u32) << 32) | u64::from(index)))
    }
}

/// A sequence of draws.
pub(super) struct Draws(Stream);

impl Draws {
    /// Between 0 and 1, neither included.
    pub(super) fn uniform(&mut self) -> f64 {
        self.0.uniform()
    }

    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    pub(super) fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    pub(super) fn beta(&mut self, a: f64, b: f64) -> f64 {
        Beta::new(a, b).map_or(0.5, |law| law.sample(&mut self.0))
    }

    /// A count of this mean; the mean itself where it is not usable.
    pub(super) fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 1e12 {
            return mean.round();
        }
        Poisson::new(mean).map_or(0.0, |law| law.sample(&mut self.0))
    }

    pub(super) fn binomial(&mut self, n: u64, p: f64) -> u64 {
        Binomial::new(n, p.clamp(0.0, 1.0)).map_or(0, |law| law.sample(&mut self.0))
    }

    /// Failures before `k` successes of probability `p`.
    pub(super) fn negative_binomial(&mut self, k: u64, p: f64) -> f64 {
        if k == 0 || p >= 1.0 {
            return 0.0;
        }
        let mean = Gamma::new(k as f64, (1.0 - p) / p).map_or(0.0, |law| law.sample(&mut self.0));
        self.poisson(mean)
    }
}
