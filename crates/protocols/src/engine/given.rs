//! Doses that were given.

use super::support::Support;
use crate::language::{Drug, Which};
use barograph_grading::{Evidence, Grade};
use barograph_record::{Code, Event, Instant, Signal, Span, Value};

/// One dose.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Given {
    pub(crate) at: Instant,
    /// With all its parts, in the signal's unit; `None` where it is not stated.
    pub(crate) amount: Option<f64>,
    pub(crate) evidence: Evidence,
    /// The grades at that instant, by place.
    pub(crate) grades: Vec<Grade>,
    /// The support at that instant.
    pub(crate) support: Support,
}

/// Whether an event tells of a dose. Zero milligrams are none.
pub(crate) fn is_dose(event: &Event) -> bool {
    Drug::of(event.signal).is_some()
        && match event.value {
            Value::Number(x, _) => x > 0.0,
            Value::Code(code) => code == Code::Yes,
            Value::Unquantified => true,
            Value::Words => false,
        }
}

/// Every dose of the record so far, by drug.
#[derive(Clone, Debug)]
pub(crate) struct Doses(Vec<Vec<Given>>);

impl Doses {
    pub(crate) fn new() -> Self {
        Self(vec![Vec::new(); Signal::ALL.len()])
    }

    pub(crate) fn add(&mut self, event: &Event, grades: Vec<Grade>, support: Support) {
        if let Some(doses) = self.0.get_mut(event.signal as usize) {
            doses.push(Given { at: event.at, amount: event.value.number(), evidence: Evidence::of(event), grades, support });
        }
    }

    /// Adds a part to the last dose.
    pub(crate) fn add_part(&mut self, event: &Event) {
        if let Some(last) = self.0.get_mut(event.signal as usize).and_then(|doses| doses.last_mut()) {
            last.amount = last.amount.zip(event.value.number()).map(|(given, part)| given + part);
        }
    }

    /// The doses of one drug, in time order.
    pub(crate) fn of(&self, drug: Drug) -> &[Given] {
        self.0.get(drug.signal() as usize).map_or(&[], Vec::as_slice)
    }

    /// The doses of one drug from an instant on; all of them without one.
    fn from(&self, drug: Drug, from: Option<Instant>) -> &[Given] {
        let all = self.of(drug);
        let begin = from.map_or(0, |from| all.partition_point(|g| g.at < from));
        all.get(begin..).unwrap_or_default()
    }

    /// The first or last dose of any of some drugs, from an instant on.
    pub(crate) fn find(&self, drugs: &[Drug], which: Which, from: Option<Instant>) -> Option<&Given> {
        let doses = drugs.iter().map(|d| self.from(*d, from));
        match which {
            Which::First => doses.filter_map(|d| d.first()).min_by_key(|d| d.at),
            Which::Last => doses.filter_map(|d| d.last()).max_by_key(|d| d.at),
        }
    }

    /// Doses of any of some drugs within a window before an instant, in time order; a dose as old as the window is outside.
    pub(crate) fn within(&self, drugs: &[Drug], now: Instant, window: Span) -> Vec<&Given> {
        let recent = |g: &&Given| g.at <= now && now - g.at < window;
        let mut all: Vec<&Given> = drugs.iter().flat_map(|d| self.of(*d).iter().rev().take_while(recent)).collect();
        all.sort_by_key(|g| g.at);
        all
    }

    /// The doses of any of some drugs from an instant on, in time order.
    pub(crate) fn since(&self, drugs: &[Drug], from: Option<Instant>) -> Vec<&Given> {
        let mut all: Vec<&Given> = drugs.iter().flat_map(|d| self.from(*d, from)).collect();
        all.sort_by_key(|g| g.at);
        all
    }

    /// How many there are from an instant on.
    pub(crate) fn number(&self, drugs: &[Drug], from: Option<Instant>) -> u32 {
        let number: usize = drugs.iter().map(|d| self.from(*d, from).len()).sum();
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// How many there are in a window, and when the first of them leaves it.
    pub(crate) fn count(&self, drugs: &[Drug], now: Instant, window: Span) -> (u32, Option<Instant>) {
        let (mut count, mut leaves) = (0, None);
        for drug in drugs {
            for given in self.of(*drug).iter().rev().take_while(|g| now - g.at < window) {
                count += 1;
                leaves = super::truth::earlier(leaves, Some(given.at + window));
            }
        }
        (count, leaves)
    }
}
