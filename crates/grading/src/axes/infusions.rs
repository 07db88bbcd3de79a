//! Running infusions: rates that hold until changed, by drug and by pump.

use super::Known;
use super::doses::Amount;
use crate::course::Evidence;
use barograph_record::{Comparator, Event, Signal, Value};

/// One drug with the pumps it runs on.
#[derive(Clone, Debug)]
pub(super) struct Infusion {
    pub(super) signal: Signal,
    pumps: Vec<Pump>,
    latest: Option<Evidence>,
    /// The row that started it; `None` while it does not run.
    pub(super) started: Option<Evidence>,
    /// At which rate it ran when the cells were infused, until it is stopped.
    before: Option<Before>,
}

/// A rate: per kilogram, and in all where the weight was known.
#[derive(Clone, Copy, Debug)]
struct Total {
    per_kg: Amount,
    absolute: Option<Amount>,
}

impl Total {
    /// Whether it is more than another. What is higher per kilogram only because the patient lost weight is not.
    fn exceeds(self, other: Self) -> Known {
        let per_kg = self.per_kg.exceeds(other.per_kg);
        let absolute = self.absolute.zip(other.absolute).map_or(per_kg, |(this, other)| this.exceeds(other));
        match (per_kg, absolute) {
            (Known::No, _) | (_, Known::No) => Known::No,
            (Known::Yes, Known::Yes) => Known::Yes,
            _ => Known::Unknown,
        }
    }
}

/// What ran at the infusion.
#[derive(Clone, Copy, Debug)]
struct Before {
    rate: Total,
    /// The lowest rate since, itself included. A rise from there may be a new need, so it is no longer certain that it is the old one.
    lowest: Total,
    /// Whether no rate was charted since.
    untouched: bool,
}

/// One pump that runs.
#[derive(Clone, Copy, Debug)]
struct Pump {
    channel: u32,
    rate: Value,
    /// The patient's weight when the rate was set: an absolute rate was made one per kilogram by it.
    weight: Option<f64>,
}

impl Infusion {
    pub(super) const fn new(signal: Signal) -> Self {
        Self { signal, pumps: Vec::new(), latest: None, started: None, before: None }
    }

    /// Takes a rate change on one pump.
    ///
    /// Whether the drug started or stopped is decided when the instant is over, so that a bag change
    /// charted as stop and start at one minute, in whichever order, is no interruption.
    pub(super) fn change(&mut self, event: &Event, weight: Option<f64>) {
        if let Some(before) = &mut self.before {
            before.untouched = false;
        }
        self.pumps.retain(|pump| pump.channel != event.channel);
        if event.value.is_running() || event.value == Value::Words {
            self.pumps.push(Pump { channel: event.channel, rate: event.value, weight });
            self.latest = Some(Evidence::of(event));
        }
    }

    pub(super) fn settle(&mut self) {
        if self.pumps.is_empty() {
            self.started = None;
            self.before = None;
        } else if self.started.is_none() {
            self.started = self.latest;
        }
        let now = self.total();
        if let Some(before) = &mut self.before
            && before.lowest.exceeds(now) == Known::Yes
        {
            before.lowest = now;
        }
    }

    /// Takes what runs as the baseline: the cells are infused now.
    pub(super) fn infuse(&mut self) {
        let rate = self.total();
        self.before = self.runs().then_some(Before { rate, lowest: rate, untouched: true });
    }

    fn total(&self) -> Total {
        let absolute = self.pumps.iter().try_fold(Amount::ZERO, |sum, pump| Some(sum.plus(bounds(pump.rate).times(pump.weight?))));
        Total { per_kg: self.per_kg(), absolute }
    }

    /// Whether what runs is more than what ran at the infusion.
    ///
    /// Words that do not say whether it runs leave that open, and so does a rise after it had been lowered.
    pub(super) fn raised(&self) -> Known {
        if self.in_doubt() {
            return Known::Unknown;
        }
        let Some(before) = self.before.filter(|_| self.runs()) else { return Known::Yes };
        if before.untouched {
            return Known::No;
        }
        let now = self.total();
        match now.exceeds(before.rate) {
            Known::No if now.exceeds(before.lowest) != Known::No => Known::Unknown,
            raised => raised,
        }
    }

    /// Whether it is on, be it in doubt.
    pub(super) fn runs(&self) -> bool {
        !self.pumps.is_empty()
    }

    /// Whether all that says that it runs are words that could not be read.
    pub(super) fn in_doubt(&self) -> bool {
        self.runs() && self.pumps.iter().all(|pump| pump.rate == Value::Words)
    }

    /// Whether it ran before the infusion and is not certainly more now.
    pub(super) fn is_older(&self) -> bool {
        self.before.is_some() && self.runs() && self.raised() != Known::Yes
    }

    /// Total rate in the canonical unit; `None` while any pump's rate is not stated.
    pub(super) fn rate(&self) -> Option<f64> {
        self.pumps.iter().map(|pump| pump.rate.number()).sum()
    }

    /// The rate that was set last, while it runs.
    pub(super) fn last_change(&self) -> Option<Evidence> {
        self.latest.filter(|_| self.runs())
    }

    /// Total rate in the canonical unit, between bounds.
    pub(super) fn per_kg(&self) -> Amount {
        self.sum(|amount, _| amount)
    }

    /// Sum over the pumps of what `each` makes of a rate (canonical unit) and of the weight at which it was set.
    pub(super) fn sum(&self, each: impl Fn(Amount, Option<f64>) -> Amount) -> Amount {
        self.pumps.iter().fold(Amount::ZERO, |sum, pump| sum.plus(each(bounds(pump.rate), pump.weight)))
    }

    pub(super) fn forget(&mut self) {
        self.pumps.clear();
        self.started = None;
        self.before = None;
    }
}

fn bounds(rate: Value) -> Amount {
    match rate {
        Value::Number(x, Comparator::Exact) => Amount { low: x, high: x },
        Value::Number(x, Comparator::Below) => Amount { low: 0.0, high: x },
        Value::Number(x, Comparator::Above) => Amount { low: x, high: f64::INFINITY },
        _ => Amount::UNKNOWN,
    }
}
