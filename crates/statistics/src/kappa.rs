//! Cohen's kappa: agreement beyond what chance alone would bring.

use crate::{Confidence, CrossTable, Interval, NotDefined};

/// How much credit a disagreement of several categories still gets.
///
/// With k categories, the agreement weight of cell (i, j) is, for each kind, as below. The kappas do not
/// change when categories that nobody uses are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// 1 on the diagonal, 0 elsewhere (Cohen 1960).
    Unweighted,
    /// 1 - |i - j| / (k - 1) (Cicchetti & Allison 1971).
    Linear,
    /// 1 - (i - j)² / (k - 1)² (Fleiss & Cohen 1973).
    Quadratic,
}

impl Weights {
    /// The word used in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unweighted => "unweighted",
            Self::Linear => "linear",
            Self::Quadratic => "quadratic",
        }
    }

    fn of(self, row: usize, column: usize, categories: usize) -> f64 {
        let distance = row.abs_diff(column) as f64 / categories.saturating_sub(1).max(1) as f64;
        match self {
            Self::Unweighted => f64::from(row == column),
            Self::Linear => 1.0 - distance,
            Self::Quadratic => 1.0 - distance * distance,
        }
    }
}

/// Weighted kappa with its standard errors.
///
/// With cell proportions p(i,j), margins p(i,·) and p(·,j), weights w(i,j), observed agreement Po = Σ w p and
/// agreement by chance Pe = Σ w p(i,·) p(·,j):
///
/// - κ = (Po − Pe) / (1 − Pe), which is 1 − (observed disagreement) / (disagreement by chance);
/// - with w̄(i,·) = Σⱼ p(·,j) w(i,j) and w̄(·,j) = Σᵢ p(i,·) w(i,j), the large-sample variance is
///   [Σ p(i,j) (w(i,j) − (w̄(i,·) + w̄(·,j)) (1 − κ))² − (κ − Pe (1 − κ))²] / (n (1 − Pe)²);
/// - where κ is truly zero it is [Σ p(i,·) p(·,j) (w(i,j) − w̄(i,·) − w̄(·,j))² − Pe²] / (n (1 − Pe)²), for tests only.
///
/// Sources: Cohen J. Educ Psychol Meas 1960;20:37-46 and Psychol Bull 1968;70:213-220; Fleiss JL, Cohen J,
/// Everitt BS. Large sample standard errors of kappa and weighted kappa. Psychol Bull 1969;72:323-327.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kappa {
    /// The weights used.
    pub weights: Weights,
    /// Kappa: 1 is complete agreement, 0 what chance brings.
    pub estimate: f64,
    /// Weighted observed agreement Po.
    pub observed: f64,
    /// Weighted agreement by chance Pe.
    pub expected: f64,
    /// Subjects.
    pub n: u64,
    /// Large-sample standard error.
    pub standard_error: Result<f64, NotDefined>,
    /// Large-sample standard error were kappa zero.
    pub null_standard_error: Result<f64, NotDefined>,
}

/// Below this a variance times n is rounding error, for the terms it is the difference of lie near 1.
const ROUNDING: f64 = 1e-13;

impl Kappa {
    /// The estimate alone, without standard errors: what resampling repeats.
    ///
    /// # Errors
    /// As for [`Self::of`].
    pub fn estimate(table: &CrossTable, weights: Weights) -> Result<f64, NotDefined> {
        let (n, k) = (table.n(), table.categories());
        if n == 0 {
            return Err(NotDefined::Empty);
        }
        // Integers decide, so that rounding cannot.
        if (0..k).any(|i| table.count(i, i) == n) {
            return Err(NotDefined::OneCategory);
        }
        if table.agreeing() == n {
            return Ok(1.0);
        }
        let (rows, columns) = (table.row_totals(), table.column_totals());
        let (mut observed, mut by_chance) = (0.0, 0.0);
        for (i, row) in rows.iter().enumerate() {
            for (j, column) in columns.iter().enumerate() {
                let disagreement = 1.0 - weights.of(i, j, k);
                observed += disagreement * table.count(i, j) as f64;
                by_chance += disagreement * (*row as f64) * (*column as f64);
            }
        }
        Ok(1.0 - observed * n as f64 / by_chance)
    }

    /// Kappa of a cross-table.
    ///
    /// # Errors
    /// When the table is empty, or both sides put everything into the same single category.
    pub fn of(table: &CrossTable, weights: Weights) -> Result<Self, NotDefined> {
        let estimate = Self::estimate(table, weights)?;
        let total = table.n();
        let n = total as f64;
        let k = table.categories();
        let rows: Vec<f64> = table.row_totals().iter().map(|r| *r as f64 / n).collect();
        let columns: Vec<f64> = table.column_totals().iter().map(|c| *c as f64 / n).collect();
        let w = |i: usize, j: usize| weights.of(i, j, k);
        let of_row: Vec<f64> = (0..k).map(|i| columns.iter().enumerate().map(|(j, c)| c * w(i, j)).sum()).collect();
        let of_column: Vec<f64> = (0..k).map(|j| rows.iter().enumerate().map(|(i, r)| r * w(i, j)).sum()).collect();
        let expected: f64 = rows.iter().zip(&of_row).map(|(r, mean)| r * mean).sum();
        let observed: f64 = table.cells().map(|(i, j, count)| count as f64 / n * w(i, j)).sum();
        let chance = 1.0 - expected;
        let beyond = 1.0 - estimate;
        let (mut spread, mut null_spread) = (0.0, 0.0);
        for ((i, (r, in_row)), (j, (c, in_column))) in product(rows.iter().zip(&of_row), columns.iter().zip(&of_column)) {
            let (weight, means) = (w(i, j), in_row + in_column);
            spread += table.count(i, j) as f64 / n * (weight - means * beyond).powi(2);
            null_spread += r * c * (weight - means).powi(2);
        }
        let error = |spread: f64| if spread < ROUNDING { Err(NotDefined::NoVariance) } else { Ok((spread / n).sqrt() / chance) };
        Ok(Self {
            weights,
            estimate,
            observed,
            expected,
            n: total,
            standard_error: error(spread - (estimate - expected * beyond).powi(2)),
            null_standard_error: error(null_spread - expected * expected),
        })
    }

    /// κ ± z · standard error, cut at -1 and 1.
    ///
    /// # Errors
    /// When there is no standard error, as with complete agreement.
    pub fn interval(&self, confidence: Confidence) -> Result<Interval, NotDefined> {
        let half = confidence.z() * self.standard_error?;
        Ok(Interval { lower: (self.estimate - half).max(-1.0), upper: (self.estimate + half).min(1.0) })
    }
}

/// Every pair of two numbered lists.
fn product<A: Copy, B: Copy>(
    a: impl Iterator<Item = A>,
    b: impl Iterator<Item = B> + Clone,
) -> impl Iterator<Item = ((usize, A), (usize, B))> {
    a.enumerate().flat_map(move |x| b.clone().enumerate().map(move |y| (x, y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table<const K: usize>(rows: [[u64; K]; K]) -> CrossTable {
        let mut table = CrossTable::new(K);
        for (i, row) in rows.iter().enumerate() {
            for (j, n) in row.iter().enumerate() {
                table.add(i, j, *n).unwrap();
            }
        }
        table
    }

    /// Kappa, standard error, and standard error under zero kappa.
    fn check(table: &CrossTable, weights: Weights, expected: [f64; 3]) {
        let kappa = Kappa::of(table, weights).unwrap();
        let found = [kappa.estimate, kappa.standard_error.unwrap(), kappa.null_standard_error.unwrap()];
        for (f, e) in found.iter().zip(expected) {
            assert!((f - e).abs() < 1e-12, "{weights:?}: {found:?}, not {expected:?}");
        }
    }

    /// Table 18.1 of Fleiss, Statistical methods for rates and proportions, prints kappa 0.68 and standard
    /// error 0.087; further digits, and the weighted ones, from an independent implementation (statsmodels).
    #[test]
    fn two_psychiatrists_and_a_hundred_patients() {
        let t = table([[75, 1, 4], [5, 4, 1], [0, 0, 10]]);
        check(&t, Weights::Unweighted, [0.676_470_588_235_294, 0.087_702_953_475_212_54, 0.076_187_257_923_462_59]);
        check(&t, Weights::Linear, [0.722_222_222_222_222_3, 0.084_300_953_923_188_66, 0.087_860_564_179_825_66]);
        check(&t, Weights::Quadratic, [0.755_319_148_936_170_2, 0.086_707_132_493_807_35, 0.098_947_608_581_520_5]);
    }

    /// The data `SexualFun` of R's package vcd (Agresti 1990), where `Kappa()` prints 0.1293 (standard error 0.0686)
    /// and, with equal spacing, 0.2374 (0.0783); further digits from statsmodels.
    #[test]
    fn four_ordered_categories() {
        let t = table([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]);
        check(&t, Weights::Unweighted, [0.129_330_254_041_570_42, 0.068_598_532_480_708_59, 0.061_183_460_559_768_324]);
        check(&t, Weights::Linear, [0.237_380_627_557_980_84, 0.078_316_334_778_372_83, 0.076_990_312_088_550_53]);
        check(&t, Weights::Quadratic, [0.332_045_586_246_861_2, 0.097_297_521_958_604_62, 0.104_349_375_073_475_62]);
        let interval = Kappa::of(&t, Weights::Linear).unwrap().interval(Confidence::PERCENT_95).unwrap();
        assert!((interval.lower - 0.083_883_431_991).abs() < 1e-11 && (interval.upper - 0.390_877_823_124).abs() < 1e-11);
    }

    /// Two judges and 200 cases in Fleiss, Cohen & Everitt 1969: kappa 0.429.
    #[test]
    fn two_judges_and_two_hundred_cases() {
        let t = table([[106, 10, 4], [22, 28, 10], [2, 12, 6]]);
        check(&t, Weights::Unweighted, [0.428_571_428_571_428_5, 0.053_711_004_869_167_35, 0.055_512_454_936_358_43]);
    }

    #[test]
    fn nothing_and_one_category_have_no_kappa() {
        assert_eq!(Kappa::of(&CrossTable::new(3), Weights::Linear), Err(NotDefined::Empty));
        assert_eq!(Kappa::of(&CrossTable::new(0), Weights::Linear), Err(NotDefined::Empty));
        assert_eq!(Kappa::of(&table([[0, 0], [0, 7]]), Weights::Linear), Err(NotDefined::OneCategory));
        assert_eq!(Kappa::of(&table([[7]]), Weights::Unweighted), Err(NotDefined::OneCategory));
    }

    #[test]
    fn complete_agreement_is_one_without_an_interval() {
        for weights in [Weights::Unweighted, Weights::Linear, Weights::Quadratic] {
            let kappa = Kappa::of(&table([[3, 0, 0], [0, 7, 0], [0, 0, 11]]), weights).unwrap();
            assert_eq!((kappa.estimate, kappa.standard_error), (1.0, Err(NotDefined::NoVariance)));
            assert_eq!(kappa.interval(Confidence::PERCENT_95), Err(NotDefined::NoVariance));
        }
    }

    #[test]
    fn one_side_that_never_varies_gives_zero_without_an_interval() {
        let kappa = Kappa::of(&table([[3, 4, 5], [0, 0, 0], [0, 0, 0]]), Weights::Quadratic).unwrap();
        assert!(kappa.estimate.abs() < 1e-12);
        assert_eq!(kappa.standard_error, Err(NotDefined::NoVariance));
    }

    proptest::proptest! {
        #[test]
        fn kappa_is_finite_at_most_one_symmetric_and_blind_to_unused_categories(counts in proptest::collection::vec(0_u64..40, 9)) {
            let mut tables = [CrossTable::new(3), CrossTable::new(3), CrossTable::new(6)];
            for (i, n) in counts.iter().enumerate() {
                for (t, (row, column)) in tables.iter_mut().zip([(i / 3, i % 3), (i % 3, i / 3), (i / 3, i % 3)]) {
                    t.add(row, column, *n).unwrap();
                }
            }
            for weights in [Weights::Unweighted, Weights::Linear, Weights::Quadratic] {
                let found = tables.each_ref().map(|t| Kappa::of(t, weights));
                let [Ok(kappa), Ok(swapped), Ok(wider)] = found else {
                    proptest::prop_assert!(found.iter().all(Result::is_err));
                    continue;
                };
                proptest::prop_assert!(kappa.estimate.is_finite() && kappa.estimate <= 1.0 + 1e-12);
                for other in [swapped, wider] {
                    proptest::prop_assert!((kappa.estimate - other.estimate).abs() < 1e-9);
                    if let (Ok(a), Ok(b)) = (kappa.standard_error, other.standard_error) {
                        proptest::prop_assert!(a.is_finite() && (a - b).abs() < 1e-6);
                    }
                }
            }
        }
    }
}
