//! Body temperature: is there fever?

use super::{Known, lapse, range};
use crate::course::Evidence;
use crate::policy::Policy;
use barograph_record::{Event, Instant, Span};

/// Fever over time.
///
/// A measured fever counts for the policy's look-back; a normal temperature excludes fever for its
/// window; after that nothing is known. Readings from before infusion start nothing.
#[derive(Clone, Debug)]
pub struct Fever {
    threshold: f64,
    lookback: Span,
    window: Span,
    last: Option<Evidence>,
    last_high: Option<Evidence>,
    last_normal: Option<Instant>,
    /// The normal temperature before the last one.
    normal_before: Option<Instant>,
    /// Whether the last measured fever was taken in the armpit.
    axillary: bool,
}

impl Fever {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            threshold: policy.fever_threshold,
            lookback: policy.fever_lookback(),
            window: Span::from_hours(policy.temperature_window_hours),
            last: None,
            last_high: None,
            last_normal: None,
            normal_before: None,
            axillary: false,
        }
    }

    pub(super) fn temperature(&mut self, event: &Event, site: &str) {
        let evidence = Evidence::of(event);
        if event.value.number().is_none() {
            // It may have been a fever: the normal one before it vouches no longer.
            self.last = Some(evidence);
            return;
        }
        if self.is_normal(evidence) {
            if self.last_normal != Some(event.at) {
                self.normal_before = self.last_normal;
            }
            self.last_normal = Some(event.at);
        } else if self.is_fever(evidence) && event.at >= Instant::INFUSION {
            // A normal temperature at the very instant of a fever excludes nothing.
            if self.last_normal == Some(event.at) {
                self.last_normal = self.normal_before;
            }
            self.last_high = Some(evidence);
            self.axillary = site.to_lowercase().contains("axilla");
        }
        self.last = Some(evidence);
    }

    pub(super) fn forget(&mut self) {
        self.last = None;
    }

    /// Whether there is fever now.
    pub fn present(&self, now: Instant) -> Known {
        if self.last_high.is_some_and(|f| now < f.at + self.lookback) {
            return Known::Yes;
        }
        match self.last {
            Some(last) if now <= last.at + self.window && self.is_normal(last) => Known::No,
            _ => Known::Unknown,
        }
    }

    /// Whether the last temperature since infusion is a fever, and no older than a window.
    ///
    /// What is given for the fever itself asks this: a fever that was measured yesterday and is gone needs no antipyretic, although it
    /// counts for the grade.
    pub fn current(&self, now: Instant, window: Span) -> Known {
        match self.last {
            Some(last) if self.is_normal(last) && now <= last.at + self.window => Known::No,
            Some(last) if self.is_fever(last) && last.at >= Instant::INFUSION && now <= last.at + window => Known::Yes,
            _ => Known::Unknown,
        }
    }

    /// When that answer lapses, if nothing more is charted.
    pub fn current_until(&self, now: Instant, window: Span) -> Option<Instant> {
        let last = self.last?;
        let window = if self.is_normal(last) { self.window } else { window };
        Some(lapse(last.at, window)).filter(|d| *d > now)
    }

    fn is_normal(&self, evidence: Evidence) -> bool {
        range(evidence.value).is_some_and(|(_, highest)| highest < self.threshold)
    }

    /// Not every temperature is one or the other: "above 37" may be either.
    fn is_fever(&self, evidence: Evidence) -> bool {
        range(evidence.value).is_some_and(|(lowest, _)| lowest >= self.threshold)
    }

    /// The last measured fever since infusion.
    pub const fn last_fever(&self) -> Option<Evidence> {
        self.last_high
    }

    /// Whether the last measured fever was taken in the armpit, as far as its site was charted.
    pub const fn axillary(&self) -> bool {
        self.axillary
    }

    /// The last temperature below the threshold.
    pub const fn last_normal(&self) -> Option<Instant> {
        self.last_normal
    }

    /// Whether any temperature is known of the stay.
    pub const fn charted(&self) -> bool {
        self.last.is_some()
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        let end_of_fever = self.last_high.map(|f| f.at + self.lookback).filter(|d| *d > now);
        let end_of_window = self.last.map(|l| lapse(l.at, self.window)).filter(|d| *d > now);
        [end_of_fever, end_of_window].into_iter().flatten().min()
    }
}
