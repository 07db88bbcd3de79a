//! Intervals for proportions.

use crate::{Confidence, Interval, NotDefined};

/// Wilson's score interval for a proportion of `successes` among `n`.
///
/// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). It stays within 0 and 1 and is of use for small samples and
/// for proportions of 0 and 1, where the textbook interval collapses.
///
/// Source: Wilson EB. J Am Stat Assoc 1927;22:209-212; recommended by Brown, Cai and others, Stat Sci 2001;16:101-133.
///
/// # Errors
/// When `n` is zero or fewer than the successes.
pub fn wilson(successes: u64, n: u64, confidence: Confidence) -> Result<Interval, NotDefined> {
    if n == 0 {
        return Err(NotDefined::Empty);
    }
    if successes > n {
        return Err(NotDefined::MoreThanAll { successes, n });
    }
    let (count, z2) = (n as f64, confidence.z().powi(2));
    let p = successes as f64 / count;
    let centre = p + z2 / (2.0 * count);
    let half = (z2 * (p * (1.0 - p) / count + z2 / (4.0 * count * count))).sqrt();
    let scale = 1.0 + z2 / count;
    // At the ends the limit is exact; rounding would leave it a hair off.
    let lower = if successes == 0 { 0.0 } else { (centre - half) / scale };
    let upper = if successes == n { 1.0 } else { (centre + half) / scale };
    Ok(Interval { lower, upper })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 81 of 263 and 15 of 148 are worked in Newcombe, Stat Med 1998;17:857-872 (table I, method 3:
    /// 0.2553 to 0.3662 and 0.0624 to 0.1605); further digits, and the others, from statsmodels.
    #[test]
    fn worked_examples() {
        let close = |successes, n, lower: f64, upper: f64| {
            let found = wilson(successes, n, Confidence::PERCENT_95).unwrap();
            assert!((found.lower - lower).abs() < 1e-12 && (found.upper - upper).abs() < 1e-12, "{found:?}");
        };
        close(81, 263, 0.255_288_519_878_274_2, 0.366_209_576_982_800_04);
        close(15, 148, 0.062_386_399_530_736_28, 0.160_487_241_723_303_1);
        close(4, 15, 0.108_974_533_256_923_66, 0.519_504_340_559_805_7);
        close(0, 10, 0.0, 0.277_532_799_862_889_26);
        close(10, 10, 0.722_467_200_137_110_6, 1.0);
    }

    #[test]
    fn impossible_counts_are_refused() {
        assert_eq!(wilson(0, 0, Confidence::PERCENT_95), Err(NotDefined::Empty));
        assert_eq!(wilson(3, 2, Confidence::PERCENT_95), Err(NotDefined::MoreThanAll { successes: 3, n: 2 }));
    }
}
