//! Vasopressors given at once by hand, as against those that run: each stands as a need for the policy's minutes.

use crate::course::Evidence;
use crate::policy::{Policy, SoleVasopressin, VasopressorPush};
use barograph_record::{Event, Instant, Signal, Span};

/// The pushes of vasopressors that may count.
#[derive(Clone, Debug)]
pub(super) struct Pushes {
    /// The last one, while it stands.
    last: Option<Evidence>,
    /// Whether it certainly was a vasopressor that the policy counts.
    known: bool,
    counted: Vec<Signal>,
    decided: VasopressorPush,
    stands: Span,
}

impl Pushes {
    pub(super) fn new(policy: &Policy) -> Self {
        let mut counted = policy.counted_vasopressors.clone();
        if policy.sole_vasopressin == SoleVasopressin::Vasopressor {
            counted.push(Signal::Vasopressin);
        }
        let stands = Span::from_minutes(policy.vasopressor_push_minutes);
        Self { last: None, known: false, counted, decided: policy.vasopressor_push, stands }
    }

    /// Takes a push; whether it may count.
    pub(super) fn take(&mut self, event: &Event) -> bool {
        let drug = event.value.code().map(|code| Signal::from_name(code.name()));
        let counts = drug.is_none_or(|drug| drug.is_some_and(|drug| self.counted.contains(&drug)));
        if !counts || self.decided == VasopressorPush::NotCounted {
            return false;
        }
        // Of two at one instant the known one stands.
        if self.last.is_none_or(|last| last.at < event.at || !self.known) {
            self.last = Some(Evidence::of(event));
            self.known = drug.is_some();
        }
        true
    }

    /// Lets go of the last once its time is over; whether it was.
    pub(super) fn lapse(&mut self, now: Instant) -> bool {
        let over = self.deadline().is_some_and(|end| end <= now);
        if over {
            self.last = None;
        }
        over
    }

    /// Whether one stands that certainly counts, and whether one does that perhaps counts.
    pub(super) fn counts(&self) -> [bool; 2] {
        let perhaps = self.last.is_some();
        [perhaps && self.known && self.decided == VasopressorPush::Vasopressor, perhaps]
    }

    /// The last one, while it stands.
    pub(super) const fn last(&self) -> Option<Evidence> {
        self.last
    }

    pub(super) fn forget(&mut self) {
        self.last = None;
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.last.map(|last| last.at + self.stands)
    }
}
