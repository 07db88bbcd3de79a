//! Concept maps: what a source's codes and names mean, from `knowledge/concepts/`.
//!
//! A map is a TOML file with a header (`id`, `version`, `citation`, `verified`) and four sections:
//! `[[concept]]` maps one code of one code system, `[[name]]` maps words of free text, `[[device]]` the
//! names of one oxygen device, `[[exclude]]` names words that take a drug or device out of consideration
//! (a cream is not a systemic steroid, a cannula that is off no cannula). A file of the user's own, in the same format, goes before the shipped ones and so overrides them.

use crate::ReadError;
use barograph_record::{Code, Kind, Signal, Verified};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::OnceLock;

/// What a code or a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An observation, treatment or judgement; written as the signal's name.
    Signal(Signal),
    /// The CAR-T infusion itself, day 0; written `car_t_infusion`, with the product as its value.
    Infusion,
    /// Known to be irrelevant; written `none`.
    Irrelevant,
}

/// A meaning and the value that the concept alone implies (a device, a grade, a product).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// What it stands for.
    pub(crate) meaning: Meaning,
    /// The implied value, as text of the signal.
    pub(crate) value: Option<Box<str>>,
}

/// The kind of text that a name is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Domain {
    /// A drug or product; the name's words stand anywhere in the text.
    Drug,
    /// An oxygen device; the name's words stand anywhere in the text.
    Device,
    /// A procedure; the name's words stand anywhere in the text.
    Procedure,
    /// What an observation measures; the text consists of the name's words and no others.
    Observation,
}

/// One file of concepts. Fields that only people read are checked for presence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    version: String,
    citation: String,
    #[serde(rename = "verified")]
    _verified: Verified,
    /// Other spellings of a code system's URI.
    #[serde(default)]
    systems: BTreeMap<String, String>,
    #[serde(default)]
    concept: Vec<ConceptEntry>,
    #[serde(default)]
    name: Vec<NameEntry>,
    #[serde(default)]
    device: Vec<DeviceEntry>,
    #[serde(default)]
    exclude: Vec<ExcludeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConceptEntry {
    system: String,
    code: String,
    signal: String,
    value: Option<String>,
    #[serde(rename = "display")]
    _display: Option<String>,
    #[serde(rename = "verified")]
    _verified: Option<Verified>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameEntry {
    of: Domain,
    words: String,
    #[serde(default)]
    unless: Vec<String>,
    signal: String,
    value: Option<String>,
    #[serde(rename = "verified")]
    _verified: Option<Verified>,
}

/// All names of one oxygen device.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceEntry {
    value: String,
    words: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExcludeEntry {
    words: Vec<String>,
    #[serde(default)]
    signals: Vec<Signal>,
}

#[derive(Clone, Debug)]
struct Name {
    of: Domain,
    words: BTreeSet<String>,
    unless: HashSet<String>,
    target: Target,
}

#[derive(Clone, Debug)]
struct Exclude {
    words: HashSet<String>,
    /// Signals concerned; all when empty.
    signals: Vec<Signal>,
}

/// Every map in force, in order of precedence.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConceptMap {
    systems: HashMap<String, String>,
    codes: HashMap<String, HashMap<String, Target>>,
    names: Vec<Name>,
    /// Names by their first word.
    by_word: HashMap<String, Vec<usize>>,
    excludes: Vec<Exclude>,
}

const SHIPPED: &[(&str, &str)] = &[
    ("loinc.toml", include_str!("../../../knowledge/concepts/loinc.toml")),
    ("rxnorm.toml", include_str!("../../../knowledge/concepts/rxnorm.toml")),
    ("devices.toml", include_str!("../../../knowledge/concepts/devices.toml")),
    ("snomed.toml", include_str!("../../../knowledge/concepts/snomed.toml")),
    ("icd-10.toml", include_str!("../../../knowledge/concepts/icd-10.toml")),
    ("car-t.toml", include_str!("../../../knowledge/concepts/car-t.toml")),
];

/// Words that lead from one device to the next.
const CHANGES: [&str; 2] = ["to", "then"];

const REMEDY: &str = "see docs/formats-fhir.md for the format of a concept map";

impl ConceptMap {
    /// The shipped maps, after the user's own file if there is one.
    ///
    /// The shipped ones alone are parsed once: a feed of many small streams must not parse them for each.
    ///
    /// # Errors
    /// [`ReadError`] when the user's file cannot be read or is not a concept map.
    pub(crate) fn load(site: Option<&Path>) -> Result<Cow<'static, Self>, ReadError> {
        static ALONE: OnceLock<ConceptMap> = OnceLock::new();
        let Some(path) = site else {
            return match ALONE.get() {
                Some(map) => Ok(Cow::Borrowed(map)),
                None => Self::default().with_shipped().map(|map| Cow::Borrowed(ALONE.get_or_init(|| map))),
            };
        };
        let text = std::fs::read_to_string(path).map_err(|e| ReadError::io(path, e))?;
        let mut map = Self::default();
        map.add(&text).map_err(|problem| ReadError::invalid(path, problem, REMEDY))?;
        map.with_shipped().map(Cow::Owned)
    }

    fn with_shipped(mut self) -> Result<Self, ReadError> {
        for (name, text) in SHIPPED {
            self.add(text).map_err(|problem| ReadError::invalid(Path::new(name), problem, REMEDY))?;
        }
        Ok(self)
    }

    /// Adds a file's entries; those already there stand.
    fn add(&mut self, text: &str) -> Result<(), String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        for (field, value) in [("id", &file.id), ("version", &file.version), ("citation", &file.citation)] {
            if value.trim().is_empty() {
                return Err(format!("`{field}` is empty"));
            }
        }
        for (alias, system) in file.systems {
            self.systems.entry(alias).or_insert(system);
        }
        for entry in file.concept {
            let target = target(&entry.signal, entry.value).map_err(|e| format!("concept {}|{}: {e}", entry.system, entry.code))?;
            self.codes.entry(entry.system).or_default().entry(entry.code).or_insert(target);
        }
        for entry in file.name {
            let target = target(&entry.signal, entry.value).map_err(|e| format!("name {:?}: {e}", entry.words))?;
            self.add_name(entry.of, &entry.words, &entry.unless, target)?;
        }
        for entry in file.device {
            let target = target(Signal::OxygenDevice.name(), Some(entry.value)).map_err(|e| format!("device {e}"))?;
            for words in &entry.words {
                self.add_name(Domain::Device, words, &entry.unless, target.clone())?;
            }
        }
        for entry in file.exclude {
            self.excludes.push(Exclude { words: entry.words.iter().map(|w| w.to_lowercase()).collect(), signals: entry.signals });
        }
        Ok(())
    }

    fn add_name(&mut self, of: Domain, text: &str, unless: &[String], target: Target) -> Result<(), String> {
        let words = words(text);
        let Some(first) = words.first() else {
            return Err(format!("name {text:?} has no words"));
        };
        self.by_word.entry(first.clone()).or_default().push(self.names.len());
        self.names.push(Name { of, words, unless: unless.iter().map(|w| w.to_lowercase()).collect(), target });
        Ok(())
    }

    /// The target of a code, in whichever spelling of the system's URI.
    pub(crate) fn code(&self, system: &str, code: &str) -> Option<&Target> {
        let codes = self.codes.get(system).or_else(|| self.codes.get(self.systems.get(system)?))?;
        codes.get(code)
    }

    /// The target of a text: of the names found in it the one of most words, and the first of those.
    pub(crate) fn named(&self, of: Domain, text: &str) -> Option<&Target> {
        self.names_in(of, text).first().map(|name| &name.target)
    }

    /// Whether a text holds names of more than one target, so that none of them can be taken for what it says.
    pub(crate) fn names_several(&self, of: Domain, text: &str) -> bool {
        let found = words(text);
        // What one device gives way to, the words that forbid a reading forbid in vain: "HFNC to NC" tells of two.
        let changes = CHANGES.iter().any(|word| found.contains(*word));
        several(&self.names_in(of, text)) || (changes && several(&self.names(of, &found, false)))
    }

    /// Whether a text holds the name of an oxygen device, be it one that is off.
    pub(crate) fn names_a_device(&self, text: &str) -> bool {
        Code::among(text, Code::DEVICES).is_some() || !self.names_in(Domain::Device, text).is_empty()
    }

    /// The oxygen device that a text names: a word of the signal's list, or words of the maps. A text that names two devices, or one
    /// that is off, names none.
    pub(crate) fn device(&self, text: &str) -> Option<Code> {
        let code = |name: &Name| Code::among(name.target.value.as_deref()?, Code::DEVICES);
        Code::among(text, Code::DEVICES).or_else(|| {
            let names = self.names_in(Domain::Device, text);
            let best = names.first()?;
            let found = words(text);
            // Words of a drug's route, such as "nasal", exclude no device.
            let excludes = self.excludes.iter().filter(|e| e.signals.contains(&Signal::OxygenDevice));
            let off = excludes.into_iter().any(|e| found.iter().any(|w| e.words.contains(w)));
            code(best).filter(|device| !self.names_several(Domain::Device, text) && (*device == Code::RoomAir || !off))
        })
    }

    /// The names found in a text, those of most words first.
    fn names_in(&self, of: Domain, text: &str) -> Vec<&Name> {
        self.names(of, &words(text), true)
    }

    /// As [`names_in`](Self::names_in), of the words of a text; `strict` heeds the words that forbid a name.
    fn names(&self, of: Domain, found: &BTreeSet<String>, strict: bool) -> Vec<&Name> {
        let holds = |name: &Name| {
            name.of == of
                && name.words.iter().all(|w| found.contains(w))
                && (of != Domain::Observation || found.len() == name.words.len())
                && !(strict && found.iter().any(|w| name.unless.contains(w)))
        };
        let candidates = found.iter().filter_map(|w| self.by_word.get(w)).flatten();
        let mut matching: Vec<_> = candidates.filter_map(|i| Some((*i, self.names.get(*i).filter(|name| holds(name))?))).collect();
        matching.sort_by_key(|(i, name)| (std::cmp::Reverse(name.words.len()), *i));
        matching.into_iter().map(|(_, name)| name).collect()
    }

    /// Whether words of a drug's text or route say that it does not act as the signal means.
    pub(crate) fn is_excluded(&self, signal: Signal, text: &str) -> bool {
        let concerned = |e: &&Exclude| e.signals.is_empty() || e.signals.contains(&signal);
        let mut excludes = self.excludes.iter().filter(concerned).peekable();
        if excludes.peek().is_none() {
            return false;
        }
        let found = words(text);
        excludes.any(|e| found.iter().any(|w| e.words.contains(w)))
    }
}

/// Whether names, those of most words first, stand for different things. A name whose words are among those of the first is a part of it.
fn several(names: &[&Name]) -> bool {
    names.first().is_some_and(|best| names.iter().any(|n| n.target != best.target && !n.words.is_subset(&best.words)))
}

fn target(signal: &str, value: Option<String>) -> Result<Target, String> {
    let meaning = match signal {
        "car_t_infusion" => Meaning::Infusion,
        "none" => Meaning::Irrelevant,
        name => Meaning::Signal(Signal::from_name(name).ok_or_else(|| format!("unknown signal {name:?}; see `barograph list signals`"))?),
    };
    if let (Meaning::Signal(signal), Some(value)) = (meaning, &value) {
        let understood = match signal.kind() {
            Kind::Coded(allowed) => Code::among(value, allowed).is_some(),
            _ => value.parse::<f64>().is_ok_and(f64::is_finite),
        };
        if !understood {
            return Err(format!("{value:?} is not a value of {signal}"));
        }
    }
    Ok(Target { meaning, value: value.map(String::into_boxed_str) })
}

/// The distinct words of a text in lower case: runs of letters and digits.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
