//! From what was kept to records: latest versions, day 0, and the gate.

use super::infusions::Infusions;
use super::store::{About, Channel, Death, Fact, Interner, Kept, Source, Store, Subject, Version};
use crate::Sink;
use barograph_record::{Age, Code, Files, Ledger, Observation, Patient, RawTime, RawValue, Reason, RecordBuilder, Sex, Signal};
use jiff::Timestamp;
use std::collections::HashMap;

/// Makes the records, in the order of patient ids.
pub(super) fn finish(mut store: Store, files: &Files, mut infusions: Infusions, ledger: &mut Ledger, sink: &mut Sink<'_>) {
    merge_aliases(&mut store);
    let name = |file: u16| files.get(usize::from(file)).map_or("?", |n| &**n);
    store.duplicates.sort_unstable();
    for person in &store.duplicates {
        ledger.note(name(person.file), person.row, "", Reason::DuplicatePatient, "Patient");
    }
    let mut order: Vec<(Box<str>, u32)> = store.index.drain().collect();
    order.sort_unstable();
    for (id, subject) in order {
        let Some(subject) = store.subjects.get_mut(subject as usize).map(std::mem::take) else { continue };
        let named = infusions.take(&id);
        let mut builder = RecordBuilder::new(Patient::new(id));
        let mut room = Room { subject: &subject, texts: &store.texts, files, ledger: &mut *ledger };
        let facts = room.settle_versions();
        room.describe(&mut builder.patient, &facts, named);
        room.push(&mut builder, &facts);
        room.push_death(&mut builder, &facts);
        sink(builder.finish(files, ledger));
    }
    infusions.note_unused(ledger);
}

/// Gives what was said of a patient by another key to the patient.
fn merge_aliases(store: &mut Store) {
    let mut aliases: Vec<_> = std::mem::take(&mut store.aliases).into_iter().collect();
    aliases.sort_unstable();
    for (alias, id) in aliases {
        let (Some(&from), Some(&to)) = (store.index.get(&alias), store.index.get(&id)) else { continue };
        // A key that is another patient's id is that patient.
        if from == to || store.subjects.get(from as usize).is_none_or(|s| s.person.is_some()) {
            continue;
        }
        store.index.remove(&alias);
        let other = store.subjects.get_mut(from as usize).map(std::mem::take).unwrap_or_default();
        if let Some(subject) = store.subjects.get_mut(to as usize) {
            subject.absorb(other);
        }
    }
}

/// One subject on the way to its record.
struct Room<'r> {
    subject: &'r Subject,
    texts: &'r Interner,
    files: &'r Files,
    ledger: &'r mut Ledger,
}

impl Room<'_> {
    fn source(&self, fact: &Fact) -> Option<&Source> {
        self.subject.sources.get(fact.source as usize)
    }

    fn note(&mut self, source: Option<(u16, u32)>, field: &str, reason: Reason, what: &str) {
        let (file, row) = source.unwrap_or((0, 0));
        let name = self.files.get(usize::from(file)).map_or("?", |n| n);
        self.ledger.note(name, row, field, reason, what);
    }

    /// The facts of the latest version of each resource, in time order.
    fn settle_versions(&mut self) -> Vec<Fact> {
        let mut latest: HashMap<&str, Version> = HashMap::with_capacity(self.subject.sources.len());
        for source in &self.subject.sources {
            let version = latest.entry(self.subject.id_of(source)).or_insert(source.version);
            *version = source.version.max(*version);
        }
        let stands = |s: &Source| {
            let id = self.subject.id_of(s);
            id.is_empty() || latest.get(id).is_none_or(|v| *v == s.version)
        };
        let standing: Vec<bool> = self.subject.sources.iter().map(stands).collect();
        drop(latest);
        let mut replaced = vec![false; standing.len()];
        let mut kept = Vec::with_capacity(self.subject.facts.len());
        for fact in &self.subject.facts {
            if standing.get(fact.source as usize).copied().unwrap_or(false) {
                kept.push(*fact);
            } else if let Some(flag) = replaced.get_mut(fact.source as usize) {
                *flag = true;
            }
        }
        for (i, _) in replaced.iter().enumerate().filter(|(_, r)| **r) {
            let Some(source) = self.subject.sources.get(i) else { continue };
            let id = self.subject.id_of(source);
            self.note(Some((source.file, source.row)), "meta", Reason::Superseded, id);
        }
        kept.sort_by_key(|f| f.at_ms);
        kept
    }

    /// Fills in age, sex and day 0.
    fn describe(&mut self, patient: &mut Patient, facts: &[Fact], named: Option<super::infusions::Infusion>) {
        if let Some(person) = &self.subject.person {
            patient.age = person.born.map_or(Age::Unknown, Age::Born);
            patient.sex = match person.sex {
                1 => Sex::Female,
                2 => Sex::Male,
                _ => Sex::Unknown,
            };
        }
        let mut charted: Vec<&Fact> = facts.iter().filter(|f| f.about == About::Infusion).collect();
        charted.sort_by_key(|f| (f.at_ms, self.source(f).map_or("", |s| self.subject.id_of(s)).to_owned()));
        let product = charted.iter().map(|f| self.texts.get(f.detail)).find(|p| !p.is_empty()).map(str::to_owned);
        let is_named = named.is_some();
        if let Some(infusion) = named {
            patient.infusion = Some(infusion.at);
            patient.product = infusion.product.or(product);
        } else if let Some(first) = charted.first() {
            patient.infusion = Timestamp::from_millisecond(first.at_ms).ok();
            patient.product = product;
        } else {
            let admitted = |f: &&Fact| f.about == About::Signal(Signal::Encounter) && f.value == Kept::Code(Code::Start);
            let admission = facts.iter().find(admitted);
            patient.infusion = admission.and_then(|f| Timestamp::from_millisecond(f.at_ms).ok());
            patient.infusion_assumed = patient.infusion.is_some();
        }
        let what = if is_named { "the list of infusions goes before this one" } else { "a further CAR-T infusion; day 0 is the first" };
        for fact in charted.iter().skip(usize::from(!is_named)) {
            let at = self.source(fact).map(|s| (s.file, s.row));
            self.note(at, "performed", Reason::FieldIgnored, what);
        }
    }

    /// Hands the facts to the gate.
    fn push(&mut self, builder: &mut RecordBuilder, facts: &[Fact]) {
        let mut channel = String::new();
        for fact in facts {
            let About::Signal(signal) = fact.about else { continue };
            let Some(source) = self.subject.sources.get(fact.source as usize) else { continue };
            let Some(at) = absolute(fact.at_ms) else { continue };
            let id = self.subject.id_of(source);
            channel.clear();
            match fact.channel {
                Channel::Shared => {}
                Channel::Order(order) => channel.push_str(self.texts.get(order)),
                Channel::Resource if id.is_empty() => {
                    channel = format!("{}:{}", self.files.get(usize::from(source.file)).map_or("?", |n| n), source.row);
                }
                Channel::Resource => channel.push_str(id),
            }
            let value = match fact.value {
                Kept::Number(x, comparator) => RawValue::Number(x, comparator),
                Kept::Code(code) => RawValue::Code(code),
                Kept::Text(text) => RawValue::Text(self.texts.get(text)),
                Kept::Unquantified => RawValue::Unquantified,
                Kept::Unread(text) => RawValue::Unread(self.texts.get(text)),
            };
            let row = Observation {
                known: fact.known_ms.and_then(absolute),
                unit: self.texts.get(fact.unit),
                detail: self.texts.get(fact.detail),
                channel: &channel,
                file: source.file,
                row: source.row,
                resource: id,
                ..Observation::new(at, signal, value)
            };
            builder.push(&row, self.files, self.ledger);
        }
    }

    /// A death: at its time, or, where none is stated, at the last charting, before which it did not happen.
    fn push_death(&mut self, builder: &mut RecordBuilder, facts: &[Fact]) {
        let Some(person) = self.subject.person else { return };
        let Some(death) = person.death else { return };
        let here = Some((person.file, person.row));
        let (at_ms, detail) = match death {
            Death::At(at_ms) => (Some(at_ms), ""),
            Death::On(end_ms) => {
                let still_that_day = facts.iter().map(|f| f.at_ms).filter(|at| (end_ms..=end_ms + WEST_MS).contains(at));
                (Some(still_that_day.max().unwrap_or(end_ms)), "")
            }
            Death::Undated => {
                self.note(here, "deceased", Reason::FieldIgnored, "death without a time; taken at the last charting");
                (facts.iter().map(|f| f.at_ms.max(f.known_ms.unwrap_or(f.at_ms))).max(), "time not stated")
            }
        };
        let Some(at) = at_ms.and_then(absolute) else {
            return self.note(here, "deceased", Reason::Time, "death without a time or a charting");
        };
        let resource = format!("Patient/{}", builder.patient.id);
        let value = RawValue::Code(Code::Yes);
        let row =
            Observation { detail, file: person.file, row: person.row, resource: &resource, ..Observation::new(at, Signal::Death, value) };
        builder.push(&row, self.files, self.ledger);
    }
}

/// By how much a day may end later than in UTC.
const WEST_MS: i64 = 12 * 3_600_000;

fn absolute(ms: i64) -> Option<RawTime> {
    Timestamp::from_millisecond(ms).ok().map(RawTime::Absolute)
}
