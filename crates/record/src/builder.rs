//! From raw observations to a record: the one gate that every reader's rows pass.
//!
//! The gate converts units, refuses the implausible, keeps corrected and withdrawn rows straight,
//! removes duplicates and orders what is left. Whatever does not pass goes to the ledger.

mod administration;
mod grain;
mod value;

use crate::{
    Age, Context, Event, Files, Instant, Kind, Ledger, Origin, Patient, PlausibleRanges, Reason, Record, Signal, TextId, Texts, Unit,
    UnitError, Value,
};
use administration::{Said, not_given};
use grain::half_digit_of;
use jiff::Timestamp;
use std::collections::HashMap;
pub use value::RawValue;

/// A time as the source gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RawTime {
    /// Counted from infusion.
    Day(Instant),
    /// An absolute moment.
    Absolute(Timestamp),
}

/// What the source says about a row's standing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// To be used.
    #[default]
    Final,
    /// Replaces an earlier version of the same fact.
    Corrected,
    /// Withdrawn, with any earlier version of the same fact.
    EnteredInError,
    /// Not done after all, which withdraws any earlier version of the same fact.
    NotDone,
}

/// One row of input, already mapped to a signal.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// When it happened or was measured.
    pub at: RawTime,
    /// When it was recorded, where the source tells.
    pub known: Option<RawTime>,
    /// What was observed.
    pub signal: Signal,
    /// The value as read.
    pub value: RawValue<'a>,
    /// The unit as written; empty for the canonical one.
    pub unit: &'a str,
    /// The order or pump an infusion belongs to; empty where the source has none.
    pub channel: &'a str,
    /// Free detail.
    pub detail: &'a str,
    /// Standing of the row.
    pub status: Status,
    /// Names the fact across its versions (a resource id); empty where the source has none.
    pub key: &'a str,
    /// Index of the file in the input's list.
    pub file: u16,
    /// One-based row.
    pub row: u32,
    /// How evidence names the resource (`Observation/abc`); empty to name file and row.
    pub resource: &'a str,
}

impl Observation<'_> {
    /// An observation with nothing said beyond time, signal and value.
    pub const fn new(at: RawTime, signal: Signal, value: RawValue<'_>) -> Observation<'_> {
        Observation {
            at,
            known: None,
            signal,
            value,
            unit: "",
            channel: "",
            detail: "",
            status: Status::Final,
            key: "",
            file: 0,
            row: 0,
            resource: "",
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Pending {
    at: RawTime,
    known: Option<RawTime>,
    event: Event,
    /// Unit still to be converted, by weight.
    unit: Option<Unit>,
    status: Status,
    key: TextId,
}

/// Gathers one patient's observations in any order and makes the record of them.
#[derive(Debug)]
pub struct RecordBuilder {
    /// Who it is; readers fill in what they learn.
    pub patient: Patient,
    pending: Vec<Pending>,
    texts: Texts,
}

impl RecordBuilder {
    /// A builder for one patient.
    pub fn new(patient: Patient) -> Self {
        Self { patient, pending: Vec::new(), texts: Texts::default() }
    }

    /// Number of observations accepted so far.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether no observation was accepted so far.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Takes one observation, or notes in the ledger why not.
    ///
    /// `files` are the names that `file` indexes.
    pub fn push(&mut self, row: &Observation<'_>, files: &[Box<str>], ledger: &mut Ledger) {
        let signal = row.signal;
        let numeric = matches!(signal.kind(), Kind::Measurement | Kind::Rate | Kind::Dose);
        let split = match row.value {
            RawValue::Text(text) if numeric && row.unit.trim().is_empty() => value::with_unit(text),
            _ => None,
        };
        let written = split.map(|(amount, unit)| Observation { value: RawValue::Text(amount), unit, ..*row });
        let row = written.as_ref().unwrap_or(row);
        let file = files.get(usize::from(row.file)).map_or("?", |f| f);
        let mut note = |field: &str, reason, what: &str| ledger.note(file, row.row, field, reason, what);
        let mut detail = std::borrow::Cow::Borrowed(row.detail);
        let mut status = row.status;
        match not_given(row) {
            Said::Given => {}
            // What was charted as given before, under the same name, is withdrawn with it.
            Said::NotGiven if status == Status::Corrected || !row.key.is_empty() => status = Status::NotDone,
            Said::NotGiven if status == Status::EnteredInError => {}
            Said::NotGiven => return note("detail", Reason::NotDone, &format!("{signal} {}", row.value)),
            Said::Unclear => note("detail", Reason::FieldIgnored, &format!("{signal}: given or not? {}", row.detail)),
        }
        let mut value = match value::interpret(signal, row.value, &mut detail) {
            Ok(value) => value,
            Err(reason) => {
                let what = format!("{signal} {}", row.value);
                // A row that withdraws its fact needs no value for it.
                if matches!(status, Status::EnteredInError | Status::NotDone) {
                    Value::Unquantified
                } else if let Some(unread) = value::unread(signal, row.value, reason, &mut detail) {
                    note("value", Reason::Unread, &what);
                    unread
                } else {
                    return note("value", reason, &what);
                }
            }
        };
        let mut unit = None;
        let mut half_digit = 0.0;
        if let Value::Number(x, comparator) = value {
            let converted = convert(signal, x, row.unit, None);
            half_digit = half_digit_of(row, x, converted.as_ref().ok());
            match converted {
                Ok(x) if PlausibleRanges::shipped().contains(signal, x) => value = Value::Number(x, comparator),
                // A bad unit or a slipped digit must not take support away from a patient: it runs, at an unknown rate.
                // Nor does it leave the flow or fraction in force that was charted before.
                Ok(x) if (x > 0.0 && keeps_running(signal)) || signal.is_kept_unread() => {
                    note("value", Reason::ImplausibleAmount, &format!("{signal} {} {}", row.value, row.unit));
                    value = Value::Unquantified;
                }
                // Likely a fever (102.2 as Celsius), the line or the probe: it was taken, and the one before vouches no longer.
                Ok(_) if signal.is_watched() => {
                    let reason = if signal == Signal::Temperature { Reason::Unread } else { Reason::ImplausibleAmount };
                    note("value", reason, &format!("{signal} {} {}", row.value, row.unit));
                    value = Value::Unquantified;
                }
                Ok(_) => return note("value", Reason::Implausible, &format!("{signal} {} {}", row.value, row.unit)),
                Err(UnitError::NeedsWeight(_)) => unit = Unit::parse(row.unit).ok(),
                // A dose counted as "1 dose" says that the drug was given, not how much.
                Err(_) if matches!(signal.kind(), Kind::Dose) && is_undivided_dose(row.unit) => value = Value::Unquantified,
                Err(_) if (x >= 0.0 && keeps_running(signal)) || signal.is_kept_unread() => {
                    note("unit", Reason::AmountUnit, &format!("{signal} in {:?}", row.unit));
                    value = if x == 0.0 { Value::Number(0.0, comparator) } else { Value::Unquantified };
                }
                // Nor does a vital sign that was taken, whatever it was, leave the one before in force.
                Err(_) if signal.is_watched() => {
                    note("unit", Reason::Unread, &format!("{signal} in {:?}", row.unit));
                    value = Value::Unquantified;
                }
                Err(_) => return note("unit", Reason::Unit, &format!("{signal} in {:?}", row.unit)),
            }
        }
        let origin = Origin { file: row.file, row: row.row, resource: self.texts.intern(row.resource) };
        let event = Event {
            at: Instant::INFUSION,
            known: Instant::INFUSION,
            signal,
            value,
            channel: channel_id(row.channel),
            detail: self.texts.intern(&detail),
            origin,
            half_digit,
        };
        let key = self.texts.intern(row.key);
        self.pending.push(Pending { at: row.at, known: row.known, event, unit, status, key });
    }

    /// Orders everything and makes the record.
    pub fn finish(mut self, files: &Files, ledger: &mut Ledger) -> Record {
        let pending = std::mem::take(&mut self.pending);
        let mut kept: Vec<Pending> = Vec::with_capacity(pending.len());
        for mut p in pending {
            match self.place(&mut p) {
                Ok(known) => {
                    if !known {
                        self.note(files, ledger, &p, "recorded", Reason::FieldIgnored);
                    }
                    kept.push(p);
                }
                Err(reason) => self.note(files, ledger, &p, "time", reason),
            }
        }
        kept.sort_by(|a, b| a.event.order(&b.event, &self.texts));
        let kept = self.settle_versions(kept, files, ledger);
        let mut events = self.settle_weights(kept, files, ledger);
        // A converted rate takes its place among the others of its instant.
        events.sort_by(|a, b| a.order(b, &self.texts));
        let events = self.remove_duplicates(events, files, ledger);
        ledger.count_events(events.len() as u64);
        Record { patient: self.patient, events, texts: self.texts, files: Files::clone(files) }
    }

    fn note(&self, files: &Files, ledger: &mut Ledger, p: &Pending, field: &str, reason: Reason) {
        note_event(&self.texts, files, ledger, &p.event, field, reason);
    }

    /// Gives the event its instants, counted from infusion; whether the one at which it became known could be used.
    fn place(&self, p: &mut Pending) -> Result<bool, Reason> {
        let resolve = |time: RawTime| match time {
            RawTime::Day(at) => Ok(at),
            RawTime::Absolute(moment) => {
                let infusion = self.patient.infusion.ok_or(Reason::NoInfusionTime)?;
                Ok(Instant::from_ms(moment.as_millisecond() - infusion.as_millisecond()))
            }
        };
        let plausible = |at: &Instant| PlausibleRanges::shipped().contains_instant(*at);
        p.event.at = Some(resolve(p.at)?).filter(plausible).ok_or(Reason::FarFromInfusion)?;
        let known = p.known.map(resolve).transpose()?;
        p.event.known = known.filter(plausible).map_or(p.event.at, |known| known.max(p.event.at));
        let known_age = !matches!(self.patient.age, Age::Unknown)
            && (self.patient.infusion.is_some() || matches!(self.patient.age, Age::AtInfusion(_)));
        if known_age && self.patient.years_at(p.event.at).is_none() {
            return Err(Reason::BeforeBirth);
        }
        Ok(known.is_none_or(|known| plausible(&known)))
    }

    /// Lets the last version of each fact stand, and none where it was entered in error.
    fn settle_versions(&self, kept: Vec<Pending>, files: &Files, ledger: &mut Ledger) -> Vec<Pending> {
        // A keyed fact is its key and signal; an unkeyed correction speaks of its instant, signal and channel.
        let mut last: HashMap<(TextId, Signal), (Instant, usize)> = HashMap::new();
        let mut corrected: HashMap<(Instant, Signal, u32), usize> = HashMap::new();
        for (i, p) in kept.iter().enumerate() {
            if p.key != TextId(0) {
                let entry = last.entry((p.key, p.event.signal)).or_insert((p.event.known, i));
                if p.event.known >= entry.0 {
                    *entry = (p.event.known, i);
                }
            } else if p.status != Status::Final {
                corrected.insert((p.event.at, p.event.signal, p.event.channel), i);
            }
        }
        if last.is_empty() && corrected.is_empty() {
            return kept;
        }
        let stands = |i: usize, p: &Pending| {
            let winner = if p.key == TextId(0) {
                corrected.get(&(p.event.at, p.event.signal, p.event.channel)).copied()
            } else {
                last.get(&(p.key, p.event.signal)).map(|&(_, i)| i)
            };
            if winner.is_some_and(|w| w != i) {
                Err(Reason::Superseded)
            } else if p.status == Status::EnteredInError {
                Err(Reason::EnteredInError)
            } else if p.status == Status::NotDone {
                Err(Reason::NotDone)
            } else {
                Ok(())
            }
        };
        let verdicts: Vec<_> = kept.iter().enumerate().map(|(i, p)| stands(i, p)).collect();
        let mut out = Vec::with_capacity(kept.len());
        for (p, verdict) in kept.into_iter().zip(verdicts) {
            match verdict {
                Ok(()) => out.push(p),
                Err(reason) => self.note(files, ledger, &p, "status", reason),
            }
        }
        out
    }

    /// Converts what needed a body weight, by the last weight charted up to then, else the stated one, else the first charted.
    ///
    /// Without any weight an infusion is kept as running at an unknown rate and a drug as given in an
    /// unknown amount: a missing weight must not take support away from a patient.
    fn settle_weights(&self, kept: Vec<Pending>, files: &Files, ledger: &mut Ledger) -> Vec<Event> {
        let weights: Vec<(Instant, f64)> =
            kept.iter().filter(|p| p.event.signal == Signal::Weight).filter_map(|p| Some((p.event.at, p.event.value.number()?))).collect();
        let mut events = Vec::with_capacity(kept.len());
        for mut p in kept {
            if let (Some(unit), Value::Number(x, comparator)) = (p.unit, p.event.value) {
                let before = weights.partition_point(|(at, _)| *at <= p.event.at);
                let charted = before.checked_sub(1).and_then(|i| weights.get(i));
                let weight = charted.map(|w| w.1).or(self.patient.weight_kg).or(weights.first().map(|w| w.1));
                match convert_unit(p.event.signal, x, &unit, "", weight) {
                    Ok(x) if PlausibleRanges::shipped().contains(p.event.signal, x) => p.event.value = Value::Number(x, comparator),
                    Ok(x) if x > 0.0 && keeps_running(p.event.signal) => {
                        p.event.value = Value::Unquantified;
                        self.note(files, ledger, &p, "value", Reason::ImplausibleAmount);
                    }
                    Err(UnitError::NeedsWeight(_)) if x == 0.0 => p.event.value = Value::Number(0.0, comparator),
                    Err(UnitError::NeedsWeight(_)) if x > 0.0 => {
                        p.event.value = Value::Unquantified;
                        self.note(files, ledger, &p, "unit", Reason::NeedsWeight);
                    }
                    _ => {
                        self.note(files, ledger, &p, "value", Reason::Implausible);
                        continue;
                    }
                }
            }
            events.push(p.event);
        }
        events
    }

    fn remove_duplicates(&self, events: Vec<Event>, files: &Files, ledger: &mut Ledger) -> Vec<Event> {
        let place = |e: &Event| (e.at, e.signal, e.channel, e.detail);
        let mut out: Vec<Event> = Vec::with_capacity(events.len());
        for event in events {
            // The order sets equal rows side by side.
            if out.last().is_some_and(|e| place(e) == place(&event) && e.value == event.value) {
                note_event(&self.texts, files, ledger, &event, "", Reason::Duplicate);
            } else {
                out.push(event);
            }
        }
        out
    }
}

fn note_event(texts: &Texts, files: &Files, ledger: &mut Ledger, event: &Event, field: &str, reason: Reason) {
    let file = files.get(usize::from(event.origin.file)).map_or("?", |f| f);
    let resource = texts.get(event.origin.resource);
    let what = if resource.is_empty() { event.signal.name().to_owned() } else { format!("{} {resource}", event.signal) };
    ledger.note(file, event.origin.row, field, reason, &what);
}

fn convert(signal: Signal, value: f64, unit: &str, weight_kg: Option<f64>) -> Result<f64, UnitError> {
    let unit = unit.trim();
    if unit.is_empty() || unit == signal.unit() {
        return Ok(value);
    }
    convert_unit(signal, value, &Unit::parse(unit)?, unit, weight_kg)
}

fn convert_unit(signal: Signal, value: f64, unit: &Unit, name: &str, weight_kg: Option<f64>) -> Result<f64, UnitError> {
    let context = Context { weight_kg, molar_mass: signal.molar_mass() };
    unit.convert(value, &Unit::parse(signal.unit())?, context, (name, signal.unit()))
}

/// Whether a row with an unusable amount still says that something runs or was given.
const fn keeps_running(signal: Signal) -> bool {
    matches!(signal.kind(), Kind::Rate | Kind::Dose)
}

fn is_undivided_dose(unit: &str) -> bool {
    Unit::parse(unit).is_ok_and(|u| u.dimension.doses == 1)
}

/// FNV-1a: stable across runs and platforms, so that output never depends on hashing.
fn channel_id(name: &str) -> u32 {
    if name.is_empty() {
        return 0;
    }
    name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)).max(1)
}

#[cfg(test)]
mod tests;
