//! Why an estimate does not exist.

/// Why an estimate does not exist; reads as the end of the sentence "not defined, because …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDefined {
    /// Nothing was observed.
    #[error("there is no observation")]
    Empty,
    /// Chance alone already explains complete agreement.
    #[error("both sides put every observation into one and the same category, so that chance alone agrees completely")]
    OneCategory,
    /// The formula for the variance gives zero.
    #[error("its variance estimate is zero (agreement is complete, or one side uses a single category)")]
    NoVariance,
    /// The sample cannot support the confidence asked for.
    #[error("{n} observations are too few: this confidence needs at least {least}")]
    TooFew {
        /// Observations there are.
        n: usize,
        /// Observations needed.
        least: usize,
    },
    /// An observation is NaN or infinite.
    #[error("an observation is not a finite number")]
    NotFinite,
    /// More was counted than was observed.
    #[error("{successes} were counted among {n}")]
    MoreThanAll {
        /// What was counted.
        successes: u64,
        /// Among how many.
        n: u64,
    },
    /// Too many resamples have no value for the others to stand for all.
    #[error("{undefined} of {replicates} resamples have no value")]
    Resamples {
        /// Resamples without a value.
        undefined: u32,
        /// Resamples drawn.
        replicates: u32,
    },
}
