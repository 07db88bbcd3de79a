//! One signal of a record over time.

use crate::course::{Cause, Evidence, Role};
use barograph_record::{Comparator, Event, Instant, Record, Signal, Span, Value};

/// A number as bounds, for a laboratory may say only that it is below or above a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Bounds {
    /// Nothing is known of the number.
    pub(super) const UNKNOWN: Self = Self { low: 0.0, high: f64::INFINITY };

    pub(super) fn of(value: Value) -> Self {
        match value {
            Value::Number(x, Comparator::Exact) => Self { low: x, high: x },
            Value::Number(x, Comparator::Below) => Self { low: 0.0, high: x.next_down().max(0.0) },
            Value::Number(x, Comparator::Above) => Self { low: x.next_up(), high: f64::INFINITY },
            _ => Self::UNKNOWN,
        }
    }
}

/// What of two numbers charted at one instant prevails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Worse {
    Lower,
    Higher,
}

/// A number that holds at an instant, with the row that tells it.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    pub(super) bounds: Bounds,
    pub(super) event: &'r Event,
}

impl Reading<'_> {
    pub(super) fn cause(&self, role: Role) -> Cause {
        cause(role, self.event)
    }
}

pub(super) const fn cause(role: Role, event: &Event) -> Cause {
    Cause { role, evidence: Evidence::of(event) }
}

/// The events of one signal, in the order of the record.
pub(super) struct Track<'r>(Vec<&'r Event>);

impl<'r> Track<'r> {
    pub(super) fn of(record: &'r Record, signal: Signal) -> Self {
        Self(record.events.iter().filter(|e| e.signal == signal).collect())
    }

    /// The same events without those that a test refuses.
    pub(super) fn only(mut self, keep: impl Fn(&Event) -> bool) -> Self {
        self.0.retain(|e| keep(e));
        self
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &'r Event> + '_ {
        self.0.iter().copied()
    }

    /// Those up to an instant, itself included.
    pub(super) fn until(&self, now: Instant) -> &[&'r Event] {
        self.0.get(..self.0.partition_point(|e| e.at <= now)).unwrap_or_default()
    }

    /// The last up to an instant.
    pub(super) fn last(&self, now: Instant) -> Option<&'r Event> {
        self.until(now).last().copied()
    }

    /// Whether anything was charted at this very instant.
    pub(super) fn charted_at(&self, now: Instant) -> bool {
        self.last(now).is_some_and(|e| e.at == now)
    }

    /// Those that lie within a window before an instant; the window's last instant is still inside.
    pub(super) fn within(&self, now: Instant, window: Span) -> impl DoubleEndedIterator<Item = &'r Event> + '_ {
        let until = self.until(now);
        let first = until.partition_point(|e| e.at < now - window);
        until.get(first..).unwrap_or_default().iter().copied()
    }

    /// The number that holds at an instant: of the last charting within the window, the worse where it has several.
    pub(super) fn reading(&self, now: Instant, window: Span, worse: Worse) -> Option<Reading<'r>> {
        let last = self.last(now).filter(|e| now - e.at <= window)?;
        let same = self.until(now).iter().rev().take_while(|e| e.at == last.at);
        let mut reading = Reading { bounds: Bounds::of(last.value), event: last };
        for event in same.skip(1) {
            let (a, b) = (reading.bounds, Bounds::of(event.value));
            let (bounds, other) = match worse {
                Worse::Lower => (Bounds { low: a.low.min(b.low), high: a.high.min(b.high) }, b.high < a.high),
                Worse::Higher => (Bounds { low: a.low.max(b.low), high: a.high.max(b.high) }, b.low > a.low),
            };
            reading = Reading { bounds, event: if other { event } else { reading.event } };
        }
        Some(reading)
    }
}

/// The instants at which an answer may change: each charting, and the first instant at which it no longer holds.
/// `also` are further ones; all lie from `from` to `to`.
pub(super) fn changes(tracks: &[(&Track<'_>, Span)], also: impl Iterator<Item = Instant>, from: Instant, to: Instant) -> Vec<Instant> {
    let mut instants: Vec<Instant> = std::iter::once(from).chain(also).collect();
    for (track, window) in tracks {
        for event in track.iter() {
            instants.push(event.at);
            instants.push(event.at + *window + Span::from_ms(1));
        }
    }
    instants.retain(|at| from <= *at && *at <= to);
    instants.sort_unstable();
    instants.dedup();
    instants
}
