//! What is kept of an input until all of it has been read: compact facts by subject.
//!
//! Nothing can be placed in time before the infusion is known, and that may stand in the last file;
//! so facts wait here, about a hundred bytes each, whatever the size of the resources they came from.

use super::medication::{Given, Medication};
use super::units::Units;
use barograph_record::{Code, Comparator, Signal};
use jiff::civil::Date;
use std::collections::HashMap;

/// Index of an interned text; 0 is the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TextId(u32);

/// Texts that recur: units, devices, references.
#[derive(Debug)]
pub(super) struct Interner {
    all: Vec<Box<str>>,
    index: HashMap<Box<str>, u32>,
}

impl Default for Interner {
    fn default() -> Self {
        Self { all: vec!["".into()], index: HashMap::from([("".into(), 0)]) }
    }
}

impl Interner {
    pub(super) fn intern(&mut self, text: &str) -> TextId {
        if let Some(&id) = self.index.get(text) {
            return TextId(id);
        }
        let id = u32::try_from(self.all.len()).unwrap_or(0);
        if id != 0 {
            self.all.push(text.into());
            self.index.insert(text.into(), id);
        }
        TextId(id)
    }

    pub(super) fn get(&self, id: TextId) -> &str {
        self.all.get(id.0 as usize).map_or("", |t| t)
    }
}

/// Which of several copies of a resource is the latest: by update, version number, issue and status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) updated_ms: Option<i64>,
    pub(super) number: u32,
    pub(super) issued_ms: Option<i64>,
    pub(super) status: u8,
}

/// One resource that spoke of a subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    /// Start and length of `Type/id` in the subject's text of ids; an empty one has no identity.
    id: (u32, u16),
    pub(super) version: Version,
    pub(super) file: u16,
    pub(super) row: u32,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// A signal of the record.
    Signal(Signal),
    /// The CAR-T infusion; the detail is the product.
    Infusion,
}

/// A value as read, with its text interned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kept {
    Number(f64, Comparator),
    Code(Code),
    Text(TextId),
    Unquantified,
    /// What was not understood and yet ends what was charted before.
    Unread(TextId),
}

/// How an infusion's events belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// All chartings of one drug are one infusion.
    Shared,
    /// The resource is an infusion of its own.
    Resource,
    /// Chartings of one order are one infusion.
    Order(TextId),
}

/// One fact about a subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub(super) about: About,
    /// When it happened, in milliseconds since 1970.
    pub(super) at_ms: i64,
    /// When it became known, where the source tells.
    pub(super) known_ms: Option<i64>,
    pub(super) value: Kept,
    pub(super) unit: TextId,
    pub(super) detail: TextId,
    pub(super) channel: Channel,
    /// Index of the subject's source.
    pub(super) source: u32,
}

impl Fact {
    /// A fact with nothing said beyond what, when and value.
    pub(super) fn new(about: About, at_ms: i64, value: Kept) -> Self {
        let (unit, detail) = (TextId::default(), TextId::default());
        Self { about, at_ms, known_ms: None, value, unit, detail, channel: Channel::Shared, source: 0 }
    }
}

/// How a death is dated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Death {
    /// Stated without a usable date.
    Undated,
    /// On a day that ends, in UTC, at this moment in milliseconds since 1970.
    On(i64),
    /// At this moment, in milliseconds since 1970.
    At(i64),
}

/// What a Patient resource says. The order decides which of two descriptions stands: the later version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Person {
    pub(super) version: Version,
    pub(super) born: Option<Date>,
    /// 0 unknown, 1 female, 2 male.
    pub(super) sex: u8,
    pub(super) death: Option<Death>,
    pub(super) file: u16,
    pub(super) row: u32,
}

/// One patient with everything said so far.
#[derive(Debug, Default)]
pub(super) struct Subject {
    pub(super) person: Option<Person>,
    pub(super) sources: Vec<Source>,
    pub(super) facts: Vec<Fact>,
    ids: String,
}

impl Subject {
    /// Registers a resource and gives its index. An id too long to be one is treated as none.
    pub(super) fn add_source(&mut self, kind: &str, id: &str, version: Version, file: u16, row: u32) -> u32 {
        let start = u32::try_from(self.ids.len());
        let length = u16::try_from(kind.len() + 1 + id.len());
        let id = match (start, length) {
            (Ok(start), Ok(length)) if !id.is_empty() => {
                self.ids.push_str(kind);
                self.ids.push('/');
                self.ids.push_str(id);
                (start, length)
            }
            _ => (0, 0),
        };
        self.sources.push(Source { id, version, file, row });
        u32::try_from(self.sources.len() - 1).unwrap_or(u32::MAX)
    }

    /// `Type/id` of a source; empty when the resource has no id.
    pub(super) fn id_of(&self, source: &Source) -> &str {
        let (start, length) = (source.id.0 as usize, usize::from(source.id.1));
        self.ids.get(start..start + length).unwrap_or("")
    }

    /// Takes over everything said of another subject that proved to be this one.
    pub(super) fn absorb(&mut self, other: Self) {
        let sources = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let ids = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push_str(&other.ids);
        let moved = |s: Source| Source { id: (s.id.0.saturating_add(ids), s.id.1), ..s };
        self.sources.extend(other.sources.into_iter().map(moved));
        self.facts.extend(other.facts.into_iter().map(|f| Fact { source: f.source.saturating_add(sources), ..f }));
    }
}

/// Everything kept of the input.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) texts: Interner,
    pub(super) units: Units,
    pub(super) subjects: Vec<Subject>,
    /// Subjects by the key of the references to them.
    pub(super) index: HashMap<Box<str>, u32>,
    /// Keys under which a patient is referred to beside its id.
    pub(super) aliases: HashMap<Box<str>, Box<str>>,
    pub(super) medications: HashMap<Box<str>, Medication>,
    pub(super) medication_aliases: HashMap<Box<str>, Box<str>>,
    /// File and row of each Medication that another version replaced.
    pub(super) replaced_medications: Vec<(u16, u32)>,
    pub(super) deferred: Vec<(Box<str>, Given)>,
    /// Descriptions of patients that others replaced.
    pub(super) duplicates: Vec<Person>,
}

impl Store {
    /// Index of the subject of this key, which is new to the store or not.
    pub(super) fn subject(&mut self, key: &str) -> u32 {
        if let Some(&i) = self.index.get(key) {
            return i;
        }
        let i = u32::try_from(self.subjects.len()).unwrap_or(u32::MAX);
        self.subjects.push(Subject::default());
        self.index.insert(key.into(), i);
        i
    }

    /// Adds a fact to a subject.
    pub(super) fn add(&mut self, subject: u32, fact: Fact) {
        if let Some(s) = self.subjects.get_mut(subject as usize) {
            s.facts.push(fact);
        }
    }
}
