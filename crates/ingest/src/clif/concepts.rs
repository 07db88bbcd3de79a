//! What the categories of CLIF mean, from `knowledge/concepts/clif.toml`.

use crate::ReadError;
use crate::parquet::folded;
use barograph_record::{Code, Kind, Signal};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::OnceLock;

/// What a category stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A signal whose value the row gives.
    Signal(Signal),
    /// A signal whose word the category is.
    Word(Signal, Code),
    /// The CAR-T infusion itself.
    Infusion,
    /// Known to carry no signal.
    Irrelevant,
}

/// What a row of a medication table says was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    /// An infusion was started.
    Start,
    /// An infusion goes on, at this or another rate.
    Running,
    /// An infusion was stopped or paused.
    Stop,
    /// A dose was given.
    Given,
    /// A dose was not given.
    NotGiven,
}

/// A section of the file: the categories of one table.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Section {
    signals: BTreeMap<String, Signal>,
    signal: Option<Signal>,
    words: BTreeMap<String, String>,
    infusions: Vec<String>,
    irrelevant: Vec<String>,
    actions: HashMap<String, Action>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Modes {
    invasive: HashSet<String>,
    open: HashSet<String>,
}

#[derive(Deserialize)]
struct File {
    irrelevant_tables: HashSet<String>,
    expired: HashSet<String>,
    unitless: HashSet<String>,
    blood: HashSet<String>,
    local_routes: HashSet<String>,
    injected_routes: HashSet<String>,
    modes: Modes,
    #[serde(flatten)]
    sections: HashMap<String, toml::Value>,
}

/// An entry of the user's own concept file, in the format shared by all readers.
#[derive(Deserialize)]
struct Entry {
    system: String,
    code: String,
    signal: String,
    value: Option<String>,
}

#[derive(Deserialize)]
struct Site {
    #[serde(default)]
    concept: Vec<Entry>,
}

/// The map in force.
#[derive(Clone, Debug, Default)]
pub(super) struct Concepts {
    targets: HashMap<String, HashMap<String, Target>>,
    actions: HashMap<String, HashMap<String, Action>>,
    modes: Modes,
    irrelevant_tables: HashSet<String>,
    expired: HashSet<String>,
    unitless: HashSet<String>,
    blood: HashSet<String>,
    local_routes: HashSet<String>,
    injected_routes: HashSet<String>,
}

const TEXT: &str = include_str!("../../../../knowledge/concepts/clif.toml");
const REMEDY: &str = "see docs/formats-clif.md for the format of a concept map";
/// Keys of the header, which people read.
const HEADER: [&str; 4] = ["id", "version", "citation", "verified"];

impl Concepts {
    /// The shipped map, which is parsed once, with the user's entries put over it.
    ///
    /// # Errors
    /// [`ReadError`] when the user's file cannot be read or says something that is not understood.
    pub(super) fn load(site: Option<&Path>) -> Result<Cow<'static, Self>, ReadError> {
        static SHIPPED: OnceLock<Concepts> = OnceLock::new();
        let shipped = if let Some(map) = SHIPPED.get() {
            map
        } else {
            let map = Self::parse(TEXT).map_err(|problem| ReadError::invalid(Path::new("clif.toml"), problem, REMEDY))?;
            SHIPPED.get_or_init(|| map)
        };
        let Some(path) = site else { return Ok(Cow::Borrowed(shipped)) };
        let text = std::fs::read_to_string(path).map_err(|e| ReadError::io(path, e))?;
        let mut map = shipped.clone();
        map.extend(&text).map_err(|problem| ReadError::invalid(path, problem, REMEDY))?;
        Ok(Cow::Owned(map))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut map = Self {
            modes: file.modes,
            irrelevant_tables: file.irrelevant_tables,
            expired: file.expired,
            unitless: file.unitless,
            blood: file.blood,
            local_routes: file.local_routes,
            injected_routes: file.injected_routes,
            ..Self::default()
        };
        for (table, value) in file.sections {
            if HEADER.contains(&table.as_str()) {
                continue;
            }
            let section: Section = value.try_into().map_err(|e: toml::de::Error| format!("[{table}] {e}"))?;
            let targets = section.targets().map_err(|e| format!("[{table}] {e}"))?;
            map.targets.insert(table.clone(), targets);
            map.actions.insert(table, section.actions);
        }
        Ok(map)
    }

    fn extend(&mut self, text: &str) -> Result<(), String> {
        let site: Site = toml::from_str(text).map_err(|e| e.to_string())?;
        for entry in site.concept {
            let Some(table) = entry.system.strip_prefix("clif:") else { continue };
            let target = entry.target().map_err(|e| format!("concept {}|{}: {e}", entry.system, entry.code))?;
            self.targets.entry(table.to_owned()).or_default().insert(folded(&entry.code), target);
        }
        Ok(())
    }

    /// What a folded category of a table stands for.
    pub(super) fn target(&self, table: &str, category: &str) -> Option<Target> {
        self.targets.get(table)?.get(category).copied()
    }

    /// What a folded action of a medication table says.
    pub(super) fn action(&self, table: &str, category: &str) -> Option<Action> {
        self.actions.get(table)?.get(category).copied()
    }

    /// Whether a ventilator mode needs a tube (`Some(true)`), may go without (`Some(false)`), or is not known.
    pub(super) fn mode_is_invasive(&self, mode: &str) -> Option<bool> {
        self.modes.invasive.contains(mode).then_some(true).or_else(|| self.modes.open.contains(mode).then_some(false))
    }

    /// Whether a table is known to carry no signal.
    pub(super) fn is_irrelevant_table(&self, table: &str) -> bool {
        self.irrelevant_tables.contains(table)
    }

    /// Whether a discharge category is death.
    pub(super) fn is_death(&self, category: &str) -> bool {
        self.expired.contains(category)
    }

    /// Whether a unit says that there is none.
    pub(super) fn is_unitless(&self, unit: &str) -> bool {
        self.unitless.contains(&folded(unit))
    }

    /// Whether a specimen is blood.
    pub(super) fn is_blood(&self, specimen: &str) -> bool {
        self.blood.contains(specimen)
    }

    /// Whether a drug given by this route is injected where no vasopressor for the circulation is.
    pub(super) fn is_injected(&self, route: &str) -> bool {
        self.injected_routes.contains(route)
    }

    /// Whether a drug given by this route acts only where it is put.
    pub(super) fn is_local(&self, route: &str) -> bool {
        self.local_routes.contains(route)
    }
}

impl Section {
    fn targets(&self) -> Result<HashMap<String, Target>, String> {
        let mut out = HashMap::new();
        let mut add = |category: &str, target| match out.insert(category.to_owned(), target) {
            Some(_) => Err(format!("category {category:?} stands twice")),
            None => Ok(()),
        };
        self.signals.iter().try_for_each(|(category, signal)| add(category, Target::Signal(*signal)))?;
        for (category, value) in &self.words {
            let signal = self.signal.ok_or("`words` without `signal`")?;
            add(category, Target::Word(signal, word(signal, value)?))?;
        }
        self.infusions.iter().try_for_each(|category| add(category, Target::Infusion))?;
        self.irrelevant.iter().try_for_each(|category| add(category, Target::Irrelevant))?;
        Ok(out)
    }
}

impl Entry {
    fn target(&self) -> Result<Target, String> {
        match (self.signal.as_str(), &self.value) {
            ("none", _) => Ok(Target::Irrelevant),
            ("car_t_infusion", _) => Ok(Target::Infusion),
            (name, value) => {
                let signal = Signal::from_name(name).ok_or_else(|| format!("unknown signal {name:?}; see `barograph list signals`"))?;
                value.as_ref().map_or(Ok(Target::Signal(signal)), |value| Ok(Target::Word(signal, word(signal, value)?)))
            }
        }
    }
}

fn word(signal: Signal, value: &str) -> Result<Code, String> {
    let code = if let Kind::Coded(allowed) = signal.kind() { Code::among(value, allowed) } else { None };
    code.ok_or_else(|| format!("{value:?} is not a word of {signal}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_map_is_whole_and_has_its_header() {
        let map = Concepts::parse(TEXT).unwrap();
        assert_eq!(map.target("vitals", "temp_c"), Some(Target::Signal(Signal::Temperature)));
        assert_eq!(map.target("respiratory_support", "imv"), Some(Target::Word(Signal::OxygenDevice, Code::InvasiveVentilation)));
        assert_eq!(map.target("medication_admin_intermittent", "tisagenlecleucel"), Some(Target::Infusion));
        assert_eq!(map.target("labs", "sodium"), Some(Target::Irrelevant));
        assert_eq!(map.target("medication_admin_continuous", "angiotensin"), None);
        let table: toml::Table = toml::from_str(TEXT).unwrap();
        for key in HEADER {
            assert!(table.get(key).and_then(toml::Value::as_str).is_some_and(|v| !v.is_empty()), "{key}");
        }
        for categories in map.targets.values() {
            assert!(categories.keys().all(|c| *c == folded(c)), "categories stand folded");
        }
    }

    #[test]
    fn a_site_extends_and_overrides() {
        let mut map = Concepts::parse(TEXT).unwrap();
        let site = r#"
            [[concept]]
            system = "clif:labs"
            code = "Clauss Fibrinogen"
            signal = "fibrinogen"
            [[concept]]
            system = "clif:respiratory_support"
            code = "Trach Collar"
            signal = "oxygen_device"
            value = "blow_by"
            [[concept]]
            system = "http://loinc.org"
            code = "1988-5"
            signal = "crp"
        "#;
        map.extend(site).unwrap();
        assert_eq!(map.target("labs", "clauss_fibrinogen"), Some(Target::Signal(Signal::Fibrinogen)));
        assert_eq!(map.target("respiratory_support", "trach_collar"), Some(Target::Word(Signal::OxygenDevice, Code::BlowBy)));
        let wrong = "[[concept]]\nsystem = \"clif:labs\"\ncode = \"x\"\nsignal = \"blood_magic\"";
        assert!(map.extend(wrong).unwrap_err().contains("blood_magic"));
    }
}
