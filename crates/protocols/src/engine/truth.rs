//! Three-valued answers: yes, no, cannot be excluded.

use barograph_record::Instant;

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Certainly.
    Yes,
    /// Certainly not.
    No,
    /// It was not charted, so it cannot be excluded.
    Unknown,
}

impl Truth {
    /// From what is certain and what is possible.
    pub const fn between(certain: bool, possible: bool) -> Self {
        match (certain, possible) {
            (true, _) => Self::Yes,
            (false, true) => Self::Unknown,
            (false, false) => Self::No,
        }
    }

    /// Known exactly.
    pub const fn exactly(holds: bool) -> Self {
        Self::between(holds, holds)
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    /// At least one.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Unknown,
        }
    }

    /// Not.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// An answer, and when it may change by the passage of time alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) truth: Truth,
    pub(crate) deadline: Option<Instant>,
}

impl Answer {
    pub(crate) const fn lasting(truth: Truth) -> Self {
        Self { truth, deadline: None }
    }

    pub(crate) const fn until(truth: Truth, deadline: Instant) -> Self {
        Self { truth, deadline: Some(deadline) }
    }
}

/// The earlier of two instants that may not be there.
pub(crate) fn earlier(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    [a, b].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_stays_open_unless_it_cannot_matter() {
        use Truth::{No, Unknown, Yes};
        assert_eq!((Unknown.and(No), Unknown.and(Yes), Unknown.or(Yes), Unknown.or(No)), (No, Unknown, Yes, Unknown));
        assert_eq!((Unknown.negated(), Yes.negated()), (Unknown, No));
    }
}
