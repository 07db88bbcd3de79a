//! Running infusions: rates that hold until changed, by drug and by pump.

use super::doses::Amount;
use crate::course::Evidence;
use barograph_record::{Comparator, Event, Signal, Value};

/// One drug with the pumps it runs on.
#[derive(Clone, Debug)]
pub(super) struct Infusion {
    pub(super) signal: Signal,
    pumps: Vec<Pump>,
    /// Pumps whose last row could not be read: they may run or not.
    unread: Vec<u32>,
    latest: Option<Evidence>,
    /// The row that started it; `None` while it does not run.
    pub(super) started: Option<Evidence>,
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
        Self { signal, pumps: Vec::new(), unread: Vec::new(), latest: None, started: None }
    }

    /// Takes a rate change on one pump.
    ///
    /// Whether the drug started or stopped is decided when the instant is over, so that a bag change
    /// charted as stop and start at one minute, in whichever order, is no interruption.
    pub(super) fn change(&mut self, event: &Event, weight: Option<f64>) {
        self.pumps.retain(|pump| pump.channel != event.channel);
        self.unread.retain(|channel| *channel != event.channel);
        if event.value == Value::Words {
            self.unread.push(event.channel);
        }
        if event.value.is_running() {
            self.pumps.push(Pump { channel: event.channel, rate: event.value, weight });
            self.latest = Some(Evidence::of(event));
        }
    }

    pub(super) fn settle(&mut self) {
        if self.pumps.is_empty() {
            self.started = None;
        } else if self.started.is_none() {
            self.started = self.latest;
        }
    }

    pub(super) fn runs(&self) -> bool {
        !self.pumps.is_empty()
    }

    /// Whether it may run for all that could be read.
    pub(super) fn may_run(&self) -> bool {
        self.runs() || !self.unread.is_empty()
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
        self.unread.clear();
        self.started = None;
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
