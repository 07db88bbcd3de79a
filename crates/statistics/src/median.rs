//! The median with an interval that assumes nothing of the distribution.

use crate::{Confidence, Interval, NotDefined};

/// A median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Median {
    /// The middle observation; the midpoint of the middle two when their number is even.
    pub estimate: f64,
    /// Observations.
    pub n: usize,
    /// The interval, where the sample is large enough for one.
    pub interval: Result<MedianInterval, NotDefined>,
}

/// Two order statistics that hold the median between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MedianInterval {
    /// The observations of rank `rank` from below and from above.
    pub limits: Interval,
    /// That rank, counted from 1.
    pub rank: usize,
    /// Confidence reached: never less than what was asked for.
    pub coverage: f64,
}

impl Median {
    /// The median of a sample in any order.
    ///
    /// The interval runs from the r-th lowest to the r-th highest observation, with the largest r for which a
    /// binomial count of n tries at ½ falls below r with probability at most (1 − confidence)/2. It holds for any
    /// continuous distribution and is conservative for the others. At 95 % it needs 6 observations.
    ///
    /// Source: Conover WJ. Practical nonparametric statistics, 3rd ed. 1999, section 3.2.
    ///
    /// # Errors
    /// When the sample is empty or holds a number that is not finite.
    pub fn of(sample: &[f64], confidence: Confidence) -> Result<Self, NotDefined> {
        if sample.iter().any(|x| !x.is_finite()) {
            return Err(NotDefined::NotFinite);
        }
        let mut sorted = sample.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len();
        let (Some(&low), Some(&high)) = (sorted.get(n.saturating_sub(1) / 2), sorted.get(n / 2)) else { return Err(NotDefined::Empty) };
        let (rank, outside) = rank(n, confidence.tail());
        let limits = rank.checked_sub(1).and_then(|below| Some(Interval { lower: *sorted.get(below)?, upper: *sorted.get(n - rank)? }));
        let interval = limits.map(|limits| MedianInterval { limits, rank, coverage: 1.0 - 2.0 * outside });
        // Between the extremes lies all but 2 · ½ⁿ.
        let least = (1..64_u16).find(|n| 0.5_f64.powi(i32::from(*n)) <= confidence.tail()).map_or(64, usize::from);
        Ok(Self { estimate: f64::midpoint(low, high), n, interval: interval.ok_or(NotDefined::TooFew { n, least }) })
    }
}

/// The largest r with P(X < r) ≤ tail for X binomial (n, ½), and that probability; 0 when there is none.
fn rank(n: usize, tail: f64) -> (usize, f64) {
    // Relative to the middle term, which would underflow for large n were it taken absolutely.
    let mut terms = vec![1.0_f64];
    let middle = n / 2;
    for k in (1..=middle).rev() {
        let last = terms.last().map_or(1.0, |t| *t);
        terms.push(last * k as f64 / (n - k + 1) as f64);
    }
    // Each term but the middle one of an even n has its mirror image.
    let half: f64 = terms.iter().skip(1).rev().sum();
    let total = if n.is_multiple_of(2) { 2.0 * half + 1.0 } else { 2.0 * (half + 1.0) };
    let (mut rank, mut outside) = (0, 0.0);
    for term in terms.iter().rev() {
        let next = outside + term / total;
        if next > tail {
            break;
        }
        (rank, outside) = (rank + 1, next);
    }
    (rank, outside)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranks and coverage from the binomial distribution of scipy.
    #[test]
    fn ranks_match_the_binomial_distribution() {
        let cases = [
            (5, 0, 1.0),
            (6, 1, 0.968_75),
            (7, 1, 0.984_375),
            (10, 2, 0.978_515_625),
            (11, 2, 0.988_281_25),
            (30, 10, 0.957_226_054_742_932_3),
            (59, 22, 0.963_656_820_042_946_1),
            (1000, 469, 0.953_708_802_639_501_9),
            (5000, 2431, 0.950_684_141_895_828_5),
        ];
        for (n, expected, coverage) in cases {
            let (rank, outside) = rank(n, 0.025);
            assert_eq!(rank, expected, "{n}");
            assert!((1.0 - 2.0 * outside - coverage).abs() < 1e-10, "{n}: {outside}");
        }
    }

    #[test]
    fn ten_observations() {
        let sample = [9.0, 2.0, 7.0, 4.0, 5.0, 6.0, 3.0, 8.0, 1.0, 10.0];
        let median = Median::of(&sample, Confidence::PERCENT_95).unwrap();
        let interval = median.interval.unwrap();
        assert_eq!((median.estimate, interval.rank, interval.limits), (5.5, 2, Interval { lower: 2.0, upper: 9.0 }));
    }

    #[test]
    fn small_and_broken_samples() {
        let median = Median::of(&[3.0, 1.0, 2.0], Confidence::PERCENT_95).unwrap();
        assert_eq!((median.estimate, median.interval), (2.0, Err(NotDefined::TooFew { n: 3, least: 6 })));
        assert_eq!(Median::of(&[], Confidence::PERCENT_95), Err(NotDefined::Empty));
        assert_eq!(Median::of(&[1.0, f64::NAN], Confidence::PERCENT_95), Err(NotDefined::NotFinite));
        for level in [0.5, 0.8, 0.875, 0.9, 0.95, 0.99, 0.999] {
            let confidence = Confidence::new(level).unwrap();
            let Err(NotDefined::TooFew { least, .. }) = Median::of(&[1.0], confidence).unwrap().interval else { panic!("{level}") };
            let needed = (1..100).find(|n| rank(*n, confidence.tail()).0 > 0).unwrap();
            assert_eq!(least, needed, "{level}");
        }
    }
}
