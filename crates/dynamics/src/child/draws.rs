//! Random draws that depend on nothing but seed, patient, replicate, purpose and index.

use crate::random;

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
        Draws(random::Draws::new(self.seed, self.patient, u64::from(self.replicate), (u64::from(purpose as u32) << 32) | u64::from(index)))
    }
}

/// A sequence of draws.
pub(super) struct Draws(random::Draws);

impl Draws {
    /// Between 0 and 1, neither included.
    pub(super) fn uniform(&mut self) -> f64 {
        self.0.uniform()
    }

    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    pub(super) fn normal(&mut self) -> f64 {
        self.0.normal()
    }

    /// A count of this mean.
    pub(super) fn poisson(&mut self, mean: f64) -> f64 {
        self.0.poisson(mean)
    }

    pub(super) fn binomial(&mut self, n: f64, p: f64) -> f64 {
        self.0.binomial(n, p)
    }

    /// Gamma of unit scale (Marsaglia & Tsang 2000, ACM Trans Math Softw 26:363).
    pub(super) fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.uniform().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    pub(super) fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }

    /// Failures before `k` successes of probability `p`.
    pub(super) fn negative_binomial(&mut self, k: f64, p: f64) -> f64 {
        if k < 1.0 || p >= 1.0 {
            return 0.0;
        }
        let mean = self.gamma(k) * (1.0 - p) / p;
        self.poisson(mean)
    }
}
