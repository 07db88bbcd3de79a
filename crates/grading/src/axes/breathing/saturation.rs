//! Saturations on room air, which tell whether oxygen might have been needed that nobody charted.

use crate::axes::{Doubt, Reading, lapse, range};
use crate::course::Evidence;
use crate::missing::Missing;
use crate::policy::Policy;
use barograph_record::{Event, Instant, Span, Value};

/// The last saturations.
#[derive(Clone, Debug)]
pub(super) struct Saturations {
    /// The last that could be read.
    last: Option<Evidence>,
    /// One that was taken since and could not be read.
    unread: Option<Evidence>,
    /// Since when those that could be read have been low.
    low_since: Option<Instant>,
    window: Span,
    /// Within which time a better one makes a low one an artefact.
    artefact: Span,
    /// Below which it is low, in per cent.
    low_below: f64,
}

impl Saturations {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            last: None,
            unread: None,
            low_since: None,
            window: Span::from_hours(policy.saturation_window_hours),
            artefact: Span::from_minutes(policy.saturation_artefact_minutes),
            low_below: policy.hypoxia_spo2,
        }
    }

    pub(super) fn take(&mut self, event: &Event) {
        let reading = Some(Evidence::of(event));
        // One that could not be read leaves a low one as it is.
        if event.value.number().is_none() {
            self.unread = reading;
            return;
        }
        let since = self.low_since.filter(|_| self.low(event.at).is_some()).unwrap_or(event.at);
        self.low_since = self.is_low(event.value).then_some(since);
        (self.last, self.unread) = (reading, None);
    }

    /// Lets go of the last saturation: what was low before the infusion says nothing of the time after it.
    pub(super) fn forget(&mut self) {
        (self.last, self.unread, self.low_since) = (None, None, None);
    }

    /// What room air amounts to: certainly nothing, and possibly `some` where the saturation is, or may be, low.
    pub(super) fn doubt<L: Copy>(&self, now: Instant, none: L, some: L) -> Reading<L> {
        let doubt = match (self.low(now), self.unread(now)) {
            (Some(_), _) if self.low_since.is_some_and(|since| now >= since + self.artefact) => Doubt::Undecided,
            // A better one within minutes shows that it was the probe, and one that can be read what it was.
            (Some(_), _) | (None, Some(_)) => Doubt::Detail,
            (None, None) => return Reading::exactly(none),
        };
        Reading::between(none, some, doubt, Missing::OxygenRequirement)
    }

    /// The row for which oxygen might have been needed.
    pub(super) fn suspect(&self, now: Instant) -> Option<Evidence> {
        self.low(now).or_else(|| self.unread(now))
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        let lapses = [self.low(now), self.unread(now)].into_iter().flatten().map(|s| lapse(s.at, self.window));
        lapses.chain(self.low_since.map(|since| since + self.artefact)).filter(|d| *d > now).min()
    }

    fn is_low(&self, saturation: Value) -> bool {
        range(saturation).is_some_and(|(lowest, _)| lowest < self.low_below)
    }

    fn low(&self, now: Instant) -> Option<Evidence> {
        self.last.filter(|s| now <= s.at + self.window && self.is_low(s.value))
    }

    fn unread(&self, now: Instant) -> Option<Evidence> {
        self.unread.filter(|s| now <= s.at + self.window)
    }
}
