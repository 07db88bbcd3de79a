//! For how long something has held.

use super::truth::{Answer, Truth, earlier};
use barograph_record::{Instant, Span};

/// The memory of one condition with `held_hours`.
///
/// A stretch in which it was not known, but not denied either, and that is no longer than the policy's bridge, is no break.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slot {
    yes_since: Option<Instant>,
    unknown_from: Option<Instant>,
    possible_since: Option<Instant>,
}

impl Slot {
    /// Takes the answer of an instant and says whether it has held for long enough.
    pub(crate) fn held(&mut self, truth: Truth, now: Instant, hours: f64, bridge: Span) -> Answer {
        match truth {
            Truth::Yes => {
                if self.unknown_from.take().is_some_and(|from| now - from > bridge) {
                    self.yes_since = None;
                }
                self.yes_since.get_or_insert(now);
                self.possible_since.get_or_insert(now);
            }
            Truth::Unknown => {
                self.unknown_from.get_or_insert(now);
                self.possible_since.get_or_insert(now);
            }
            Truth::No => *self = Self::default(),
        }
        let span = Span::from_hours(hours);
        let long = |since: Option<Instant>| since.is_some_and(|s| now - s >= span);
        let certain = truth == Truth::Yes && long(self.yes_since);
        let ahead = |since: Option<Instant>| since.map(|s| s + span).filter(|d| *d > now);
        Answer {
            truth: Truth::between(certain, long(self.possible_since)),
            deadline: earlier(ahead(self.yes_since), ahead(self.possible_since)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: f64) -> Instant {
        Instant::INFUSION + Span::from_hours(hours)
    }

    #[test]
    fn a_short_gap_is_bridged_and_a_denial_is_not() {
        let bridge = Span::from_hours(1.0);
        let mut slot = Slot::default();
        slot.held(Truth::Yes, at(0.0), 3.0, bridge);
        assert_eq!(slot.held(Truth::Unknown, at(1.0), 3.0, bridge).truth, Truth::No);
        slot.held(Truth::Yes, at(1.5), 3.0, bridge);
        assert_eq!(slot.held(Truth::Yes, at(2.9), 3.0, bridge), Answer::until(Truth::No, at(3.0)));
        assert_eq!(slot.held(Truth::Yes, at(3.0), 3.0, bridge).truth, Truth::Yes);
        slot.held(Truth::No, at(3.5), 3.0, bridge);
        assert_eq!(slot.held(Truth::Yes, at(4.0), 3.0, bridge).truth, Truth::No);
    }

    #[test]
    fn after_a_long_gap_it_cannot_be_excluded() {
        let bridge = Span::from_hours(1.0);
        let mut slot = Slot::default();
        slot.held(Truth::Yes, at(0.0), 3.0, bridge);
        slot.held(Truth::Unknown, at(0.5), 3.0, bridge);
        assert_eq!(slot.held(Truth::Yes, at(4.0), 3.0, bridge).truth, Truth::Unknown);
    }
}
