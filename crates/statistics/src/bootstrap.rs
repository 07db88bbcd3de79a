//! Percentile intervals by resampling.

use crate::{Confidence, CrossTable, Generator, Interval, NotDefined};

/// How to resample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Resamples to draw. One less than a multiple of 40 makes the 95 % limits order statistics: 1999.
    pub replicates: u32,
    /// Seed; the same seed gives the same limits.
    pub seed: u64,
    /// Confidence of the interval.
    pub confidence: Confidence,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { replicates: 1999, seed: 1, confidence: Confidence::PERCENT_95 }
    }
}

/// A percentile interval and the resamples behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampled {
    /// The limits.
    pub interval: Interval,
    /// Resamples drawn.
    pub replicates: u32,
    /// Of these, resamples in which the statistic is not defined; they are left out.
    pub undefined: u32,
}

/// Beyond this fraction of undefined resamples the rest no longer stand for all.
const MOST_UNDEFINED: f64 = 0.05;

impl Bootstrap {
    /// Percentile interval of a statistic of a cross-table whose subjects are drawn again with replacement.
    ///
    /// `stream` separates several uses of one seed. With R resamples the limits are the values of rank
    /// (R + 1)·α/2 and (R + 1)·(1 − α/2), interpolated where these are not whole.
    ///
    /// Source: Davison AC, Hinkley DV. Bootstrap methods and their application, 1997, section 5.3.
    ///
    /// # Errors
    /// When the statistic is not defined for the table itself or for more than one resample in twenty, or when all
    /// resamples give the same value.
    pub fn of_table(
        &self,
        stream: u64,
        table: &CrossTable,
        statistic: impl Fn(&CrossTable) -> Result<f64, NotDefined>,
    ) -> Result<Resampled, NotDefined> {
        statistic(table)?;
        let mut generator = Generator::new(self.seed, stream);
        self.limits(|| statistic(&resample(table, &mut generator)))
    }

    /// Percentile interval of a statistic of a sample drawn again with replacement; see [`Self::of_table`].
    ///
    /// # Errors
    /// As there.
    pub fn of_sample(
        &self,
        stream: u64,
        sample: &[f64],
        statistic: impl Fn(&[f64]) -> Result<f64, NotDefined>,
    ) -> Result<Resampled, NotDefined> {
        statistic(sample)?;
        let mut generator = Generator::new(self.seed, stream);
        let n = sample.len() as u64;
        self.limits(|| {
            let drawn: Vec<f64> = sample.iter().filter_map(|_| sample.get(generator.below(n) as usize).copied()).collect();
            statistic(&drawn)
        })
    }

    fn limits(&self, mut draw: impl FnMut() -> Result<f64, NotDefined>) -> Result<Resampled, NotDefined> {
        let mut values: Vec<f64> = (0..self.replicates).filter_map(|_| draw().ok()).filter(|x| x.is_finite()).collect();
        let undefined = self.replicates - values.len() as u32;
        values.sort_unstable_by(f64::total_cmp);
        let (Some(least), Some(most)) = (values.first(), values.last()) else {
            return Err(NotDefined::Resamples { undefined, replicates: self.replicates });
        };
        if f64::from(undefined) > MOST_UNDEFINED * f64::from(self.replicates) {
            return Err(NotDefined::Resamples { undefined, replicates: self.replicates });
        }
        if most - least < 1e-12 {
            return Err(NotDefined::NoVariance);
        }
        let tail = self.confidence.tail();
        let interval = Interval { lower: of_rank(&values, tail), upper: of_rank(&values, 1.0 - tail) };
        Ok(Resampled { interval, replicates: self.replicates, undefined })
    }
}

/// The value of rank (n + 1)·p in a sorted list, between its neighbours where the rank is not whole.
fn of_rank(sorted: &[f64], p: f64) -> f64 {
    // A rank that is whole up to rounding is whole.
    let rank = ((sorted.len() + 1) as f64 * p * 1e9).round() / 1e9;
    let at = |rank: f64| sorted.get((rank as usize).clamp(1, sorted.len()) - 1).copied().unwrap_or_default();
    let (low, high) = (at(rank.floor()), at(rank.ceil()));
    low + (high - low) * rank.fract()
}

/// A table of as many subjects drawn from this one with replacement: cell by cell, each count is binomial among the
/// subjects not yet placed.
fn resample(table: &CrossTable, generator: &mut Generator) -> CrossTable {
    let n = table.n();
    let (mut to_place, mut remaining) = (n, n);
    let draw = |(_, _, count): (usize, usize, u64)| {
        let drawn = if count == 0 { 0 } else { generator.binomial(to_place, count, remaining) };
        to_place -= drawn;
        remaining -= count;
        drawn
    };
    table.with_counts(table.cells().map(draw).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kappa, Median, Weights};

    fn psychiatrists() -> CrossTable {
        let mut table = CrossTable::new(3);
        for (row, column, n) in [(0, 0, 75), (0, 1, 1), (0, 2, 4), (1, 0, 5), (1, 1, 4), (1, 2, 1), (2, 2, 10)] {
            table.add(row, column, n).unwrap();
        }
        table
    }

    fn kappa(table: &CrossTable) -> Result<f64, NotDefined> {
        Kappa::estimate(table, Weights::Linear)
    }

    #[test]
    fn resamples_keep_their_size_and_their_empty_cells() {
        let table = psychiatrists();
        let mut generator = Generator::new(1, 0);
        let mut sum = 0;
        for _ in 0..2000 {
            let drawn = resample(&table, &mut generator);
            assert_eq!((drawn.n(), drawn.count(2, 0), drawn.count(1, 0) <= 100), (100, 0, true));
            sum += drawn.count(0, 0);
        }
        // Mean 75, standard error 0.097.
        assert!((sum as f64 / 2000.0 - 75.0).abs() < 0.4, "{sum}");
    }

    #[test]
    fn the_interval_repeats_and_lies_near_the_large_sample_one() {
        let bootstrap = Bootstrap::default();
        let table = psychiatrists();
        let found = bootstrap.of_table(0, &table, kappa).unwrap();
        assert_eq!(Ok(found), bootstrap.of_table(0, &table, kappa));
        assert_ne!(Ok(found), bootstrap.of_table(1, &table, kappa));
        assert_ne!(Ok(found), Bootstrap { seed: 2, ..bootstrap }.of_table(0, &table, kappa));
        // Asymptotically 0.557 to 0.887.
        assert!((found.interval.lower - 0.557).abs() < 0.05 && (found.interval.upper - 0.887).abs() < 0.05, "{found:?}");
        assert_eq!((found.replicates, found.undefined), (1999, 0));
    }

    #[test]
    fn limits_are_order_statistics() {
        let mut next = 0.0;
        let count = || {
            next += 1.0;
            Ok(next)
        };
        let found = Bootstrap::default().limits(count).unwrap();
        assert_eq!(found.interval, Interval { lower: 50.0, upper: 1950.0 });
        assert_eq!(of_rank(&[1.0, 2.0, 4.0], 0.625), 3.0);
    }

    #[test]
    fn samples_are_resampled_too() {
        let sample: Vec<f64> = (0..59).map(f64::from).collect();
        let median = |s: &[f64]| Median::of(s, Confidence::PERCENT_95).map(|m| m.estimate);
        let found = Bootstrap::default().of_sample(0, &sample, median).unwrap().interval;
        assert!((18.0..26.0).contains(&found.lower) && (32.0..41.0).contains(&found.upper), "{found:?}");
    }

    #[test]
    fn what_is_not_defined_says_why() {
        let bootstrap = Bootstrap::default();
        assert_eq!(bootstrap.of_table(0, &CrossTable::new(3), kappa), Err(NotDefined::Empty));
        let perfect = CrossTable::of_pairs(3, (0..60).map(|i| (i % 3, i % 3))).unwrap();
        assert_eq!(bootstrap.of_table(0, &perfect, kappa), Err(NotDefined::NoVariance));
        // One subject apart from nine others is missing from a third of the resamples.
        let lonely = CrossTable::of_pairs(2, [(0, 0); 9].into_iter().chain([(1, 1)])).unwrap();
        assert!(matches!(bootstrap.of_table(0, &lonely, kappa), Err(NotDefined::Resamples { undefined: 600..800, .. })));
        assert!(matches!(Bootstrap { replicates: 0, ..bootstrap }.of_table(0, &psychiatrists(), kappa), Err(NotDefined::Resamples { .. })));
    }
}
