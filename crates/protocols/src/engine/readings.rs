//! Numbers and words as charted, for the signals that some rule asks about.

use barograph_grading::Evidence;
use barograph_record::{Code, Comparator, Event, Instant, Signal, Span, Value};
use std::collections::VecDeque;

/// One reading. A laboratory may say only that a number lies below or above a limit, so it has two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) at: Instant,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Half a unit of its last digit as charted, where it was converted: a number that close to a bound stands at it.
    pub(crate) half_digit: f64,
    pub(crate) code: Option<Code>,
    pub(crate) evidence: Evidence,
}

/// The readings of one signal that some window still reaches.
#[derive(Clone, Debug)]
pub(crate) struct History {
    keep: Span,
    /// The last reading up to the infusion.
    pub(crate) baseline: Option<Reading>,
    pub(crate) readings: VecDeque<Reading>,
    /// What runs, by pump, of a signal that is a rate.
    pumps: Vec<(u32, f64, f64)>,
}

impl History {
    fn new() -> Self {
        Self { keep: Span::ZERO, baseline: None, readings: VecDeque::new(), pumps: Vec::new() }
    }

    fn take(&mut self, event: &Event) {
        let (mut low, mut high) = bounds(event);
        if event.signal.is_rate() {
            match self.pumps.iter_mut().find(|(channel, ..)| *channel == event.channel) {
                Some(pump) => *pump = (event.channel, low, high),
                None => self.pumps.push((event.channel, low, high)),
            }
            (low, high) = self.pumps.iter().fold((0.0, 0.0), |(l, h), (_, low, high)| (l + low, h + high));
        }
        let reading = Reading {
            at: event.at,
            low,
            high,
            half_digit: f64::from(event.half_digit),
            code: event.value.code(),
            evidence: Evidence::of(event),
        };
        if event.at <= Instant::INFUSION {
            self.baseline = Some(reading);
        }
        // One instant has one reading: what is worse for the patient comes later in a record.
        if self.readings.back().is_some_and(|last| last.at == event.at) {
            self.readings.pop_back();
        }
        self.readings.push_back(reading);
        while self.readings.len() > 2 && self.readings.get(1).is_some_and(|second| event.at - second.at > self.keep) {
            self.readings.pop_front();
        }
    }

    pub(crate) fn last(&self) -> Option<&Reading> {
        self.readings.back()
    }
}

fn bounds(event: &Event) -> (f64, f64) {
    match event.value {
        Value::Number(x, Comparator::Exact) => (x, x),
        Value::Number(x, Comparator::Below) => (0.0, x.next_down().max(0.0)),
        Value::Number(x, Comparator::Above) => (x.next_up(), f64::INFINITY),
        // It runs, at some rate above nothing.
        Value::Unquantified if event.signal.is_rate() => (f64::MIN_POSITIVE, f64::INFINITY),
        _ => (0.0, f64::INFINITY),
    }
}

/// The histories of the signals that are asked about.
#[derive(Clone, Debug)]
pub(crate) struct Readings(Vec<Option<Box<History>>>);

impl Readings {
    pub(crate) fn new() -> Self {
        Self(vec![None; Signal::ALL.len()])
    }

    /// Has a signal kept for at least some time.
    pub(crate) fn keep(&mut self, signal: Signal, span: Span) {
        if let Some(slot) = self.0.get_mut(signal as usize) {
            let history = slot.get_or_insert_with(|| Box::new(History::new()));
            history.keep = history.keep.max(span);
        }
    }

    pub(crate) fn take(&mut self, event: &Event) {
        if let Some(history) = self.0.get_mut(event.signal as usize).and_then(Option::as_mut) {
            history.take(event);
        }
    }

    pub(crate) fn of(&self, signal: Signal) -> Option<&History> {
        self.0.get(signal as usize)?.as_deref()
    }
}
