//! Time as the grader sees it: instants counted from the CAR-T infusion.
//!
//! Day 0 is the moment of infusion, so an instant is an exact number of milliseconds before or
//! after it. Absolute times live only in [`Patient`](crate::Patient) and in the readers.

use std::fmt;
use std::ops::{Add, Sub};

const MS_PER_DAY: f64 = 86_400_000.0;

/// A moment, in milliseconds from infusion (negative before it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Instant {
    /// The infusion itself: day 0.
    pub const INFUSION: Self = Self(0);
    /// Earlier than any charting.
    pub const MIN: Self = Self(i64::MIN / 4);
    /// Later than any charting.
    pub const MAX: Self = Self(i64::MAX / 4);

    /// An instant from milliseconds since infusion.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// An instant from days since infusion, rounded to the millisecond; `None` when the number is
    /// not finite or lies more than 1,000 years away.
    pub fn from_days(days: f64) -> Option<Self> {
        (days.is_finite() && days.abs() <= 365_250.0).then(|| Self((days * MS_PER_DAY).round() as i64))
    }

    /// Milliseconds since infusion.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Days since infusion.
    pub fn days(self) -> f64 {
        self.0 as f64 / MS_PER_DAY
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span from milliseconds.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// A span from minutes, rounded to the millisecond and held within ten thousand years.
    pub fn from_minutes(minutes: f64) -> Self {
        Self((minutes * 60_000.0).clamp(-3.2e14, 3.2e14).round() as i64)
    }

    /// A span from hours, rounded to the millisecond and held within ten thousand years.
    pub fn from_hours(hours: f64) -> Self {
        Self::from_minutes(hours * 60.0)
    }

    /// Milliseconds.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Hours.
    pub fn hours(self) -> f64 {
        self.0 as f64 / 3_600_000.0
    }

    /// Days.
    pub fn days(self) -> f64 {
        self.0 as f64 / MS_PER_DAY
    }
}

impl Add<Span> for Instant {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Instant {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Sub for Instant {
    type Output = Span;
    fn sub(self, other: Self) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "day {:.2}", self.days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_round_to_the_millisecond() {
        assert_eq!(Instant::from_days(2.5), Some(Instant::from_ms(216_000_000)));
        assert_eq!(Instant::from_days(f64::NAN), None);
        assert_eq!(Instant::from_days(1e12), None);
        assert_eq!(Instant::from_ms(216_000_000).to_string(), "day 2.50");
    }

    #[test]
    fn spans_saturate_instead_of_overflowing() {
        assert_eq!(Instant::MAX + Span::from_hours(f64::MAX), Instant::MAX + Span::from_hours(1e300));
        assert_eq!(Span::from_hours(f64::NAN), Span::ZERO);
    }
}
