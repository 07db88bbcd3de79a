//! What is charted and still holds, instant by instant.

use super::options::Options;
use super::sheet::Sheet;
use super::{Bounds, Point};
use barograph_record::{Code, Event, Instant, Patient, Record, Signal, Span};

/// A record as it stands at one instant.
pub(super) struct State<'r> {
    pub(super) record: &'r Record,
    pub(super) options: &'r Options,
    pub(super) now: Instant,
    /// How many of the record's events have happened.
    happened: usize,
    /// Last event of each signal since the patient was last away.
    latest: Vec<Option<&'r Event>>,
    /// Last event of each pump since the patient was last away.
    pumps: Vec<&'r Event>,
}

impl<'r> State<'r> {
    fn new(record: &'r Record, options: &'r Options) -> Self {
        let latest = vec![None; Signal::ALL.len()];
        Self { record, options, now: Instant::MIN, happened: 0, latest, pumps: Vec::new() }
    }

    fn advance(&mut self, to: Instant) {
        self.now = to;
        while let Some(event) = self.record.events.get(self.happened).filter(|e| e.at <= to) {
            self.happened += 1;
            if ends_stay(event) {
                self.latest.fill(None);
                self.pumps.clear();
                continue;
            }
            if let Some(slot) = self.latest.get_mut(event.signal as usize) {
                *slot = Some(event);
            }
            if event.signal.is_rate() {
                self.pumps.retain(|p| (p.signal, p.channel) != (event.signal, event.channel));
                self.pumps.push(event);
            }
        }
    }

    /// The last charted event of a signal, while it holds.
    pub(super) fn held(&self, signal: Signal) -> Option<&'r Event> {
        let event = self.latest.get(signal as usize).copied().flatten()?;
        let holds = self.options.hold(signal).is_none_or(|hold| self.now < event.at + hold);
        holds.then_some(event)
    }

    /// The last event of every pump of a drug.
    pub(super) fn pumps(&self, drug: Signal) -> impl Iterator<Item = &'r Event> {
        self.pumps.iter().copied().filter(move |p| p.signal == drug)
    }

    /// What happened up to now, the latest first.
    pub(super) fn past(&self) -> impl Iterator<Item = &'r Event> {
        self.record.events.iter().take(self.happened).rev()
    }

    /// Decimal years of age now.
    pub(super) fn years(&self) -> Option<f64> {
        self.record.patient.years_at(self.now)
    }
}

fn ends_stay(event: &Event) -> bool {
    event.signal == Signal::Encounter && event.value.code() == Some(Code::End)
}

/// Evaluates a score whenever one of its inputs is charted, lapses, or the patient enters another age band.
///
/// Points that say what the one before said are left out. No point lies after the record's last charting.
pub(super) fn walk(
    record: &Record,
    options: &Options,
    inputs: &[Signal],
    ages: &[f64],
    evaluate: impl Fn(&mut Sheet<'_, '_>) -> Bounds,
) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    let mut state = State::new(record, options);
    for now in instants(record, options, inputs, ages) {
        state.advance(now);
        let mut sheet = Sheet::new(&state);
        let bounds = evaluate(&mut sheet);
        let point = sheet.point(bounds);
        if points.last().is_none_or(|last| !last.says_the_same(&point)) {
            points.push(point);
        }
    }
    points
}

fn instants(record: &Record, options: &Options, inputs: &[Signal], ages: &[f64]) -> Vec<Instant> {
    let mut is_input = vec![false; Signal::ALL.len()];
    for signal in inputs {
        if let Some(flag) = is_input.get_mut(*signal as usize) {
            *flag = true;
        }
    }
    let counts = |e: &&Event| is_input.get(e.signal as usize).copied().unwrap_or(false);
    let charted = record.events.iter().filter(counts);
    let (Some(first), Some(last)) = (charted.clone().next(), record.events.last()) else { return Vec::new() };
    let mut all: Vec<Instant> = Vec::new();
    for event in charted {
        all.push(event.at);
        all.extend(options.hold(event.signal).map(|hold| event.at + hold));
    }
    all.extend(record.events.iter().filter(|e| ends_stay(e)).map(|e| e.at));
    all.extend(ages.iter().filter_map(|years| birthday(&record.patient, *years, first.at, last.at)));
    all.retain(|at| (first.at..=last.at).contains(at));
    all.sort_unstable();
    all.dedup();
    all
}

/// The instant within a stretch at which the patient reaches an age.
fn birthday(patient: &Patient, years: f64, from: Instant, to: Instant) -> Option<Instant> {
    let reached = |at| patient.years_at(at).map(|age| age >= years);
    if reached(from)? || !reached(to)? {
        return None;
    }
    let (mut before, mut after) = (from, to);
    while (after - before).ms() > 1 {
        let middle = before + Span::from_ms((after - before).ms() / 2);
        if reached(middle)? { after = middle } else { before = middle }
    }
    Some(after)
}
