//! Running infusions: rates that hold until changed, by drug and by pump.

use crate::course::Evidence;
use barograph_record::{Event, Signal, Value};

/// One drug with the pumps it runs on.
#[derive(Clone, Debug)]
pub(super) struct Infusion {
    pub(super) signal: Signal,
    pumps: Vec<(u32, Value)>,
    latest: Option<Evidence>,
    /// The row that started it; `None` while it does not run.
    pub(super) started: Option<Evidence>,
}

impl Infusion {
    pub(super) const fn new(signal: Signal) -> Self {
        Self { signal, pumps: Vec::new(), latest: None, started: None }
    }

    /// Takes a rate change on one pump.
    ///
    /// Whether the drug started or stopped is decided when the instant is over, so that a bag change
    /// charted as stop and start at one minute, in whichever order, is no interruption.
    pub(super) fn change(&mut self, event: &Event) {
        self.pumps.retain(|(pump, _)| *pump != event.channel);
        if event.value.is_running() {
            self.pumps.push((event.channel, event.value));
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

    /// Total rate in the canonical unit; `None` while any pump's rate is not stated.
    pub(super) fn rate(&self) -> Option<f64> {
        self.pumps.iter().map(|(_, value)| value.number()).sum()
    }

    pub(super) fn forget(&mut self) {
        self.pumps.clear();
        self.started = None;
    }
}
