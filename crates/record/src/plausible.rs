//! Plausible ranges, from `knowledge/plausible-ranges.toml`.

use crate::{Instant, Signal};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// An inclusive range in a signal's canonical unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Smallest believable number.
    pub low: f64,
    /// Largest believable number.
    pub high: f64,
}

/// Bounds outside which a charted number or time is a charting error.
#[derive(Clone, Debug)]
pub struct PlausibleRanges {
    of_signals: Vec<Option<Range>>,
    days_from_infusion: Range,
}

#[derive(Deserialize)]
struct File {
    days_from_infusion: [f64; 2],
    ranges: BTreeMap<Signal, [f64; 2]>,
}

const TEXT: &str = include_str!("../../../knowledge/plausible-ranges.toml");

impl PlausibleRanges {
    /// The ranges that ship with barograph.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<PlausibleRanges> = OnceLock::new();
        // A test parses the embedded file, so the empty fallback is never reached in a release.
        SHIPPED.get_or_init(|| Self::parse(TEXT).unwrap_or_else(|_| Self::unbounded()))
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let [low, high] = file.days_from_infusion;
        let mut ranges = Self { days_from_infusion: Range { low, high }, ..Self::unbounded() };
        for (signal, [low, high]) in file.ranges {
            ranges.of_signals[signal as usize] = Some(Range { low, high });
        }
        Ok(ranges)
    }

    fn unbounded() -> Self {
        Self { of_signals: vec![None; Signal::ALL.len()], days_from_infusion: Range { low: f64::MIN, high: f64::MAX } }
    }

    /// Whether anybody is followed that long before or after the infusion.
    pub fn contains_instant(&self, at: Instant) -> bool {
        let days = at.days();
        days >= self.days_from_infusion.low && days <= self.days_from_infusion.high
    }

    /// The range of a signal. Signals without one take any finite number that is not negative.
    pub fn of(&self, signal: Signal) -> Range {
        self.of_signals.get(signal as usize).copied().flatten().unwrap_or(Range { low: 0.0, high: f64::MAX })
    }

    /// Whether a number is believable.
    pub fn contains(&self, signal: Signal, value: f64) -> bool {
        let range = self.of(signal);
        value >= range.low && value <= range.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_ranges_parse_and_refuse_the_impossible() {
        PlausibleRanges::parse(TEXT).unwrap();
        let ranges = PlausibleRanges::shipped();
        assert!(ranges.contains(Signal::Temperature, 38.0));
        assert!(!ranges.contains(Signal::Temperature, 99.0));
        assert!(!ranges.contains(Signal::Norepinephrine, -0.1));
        assert!(!ranges.contains(Signal::Acetaminophen, -1.0));
        assert!(!ranges.contains(Signal::Crp, f64::NAN));
    }
}
