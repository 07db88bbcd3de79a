//! Which definitions grade, as the command line names them.

use crate::args::Definitions;
use crate::failure::Failure;
use barograph_grading::companions::{self, Companion};
use barograph_grading::scales::{self, Scale};
use barograph_grading::{Graded, Policy, PolicyError, grade};
use barograph_record::Record;
use std::path::{Path, PathBuf};

/// Policy, scales and companions, ready to grade.
pub(crate) struct Chosen {
    pub(crate) policy: Policy,
    pub(crate) scales: Vec<&'static dyn Scale>,
    companions: Vec<&'static dyn Companion>,
    options: companions::Options,
}

impl Chosen {
    /// What the command line asks for, or `default` where it names nothing.
    pub(crate) fn new(args: &Definitions, default: &str) -> Result<Self, Failure> {
        let policy = match &args.policy {
            None => embedded(Policy::default_1())?,
            Some(path) => Policy::from_toml(&read("--policy", path)?).map_err(|source| Failure::Policy { path: path.clone(), source })?,
        };
        let options = match &args.companion_options {
            None => embedded(companions::Options::default_1())?,
            Some(path) => companions::Options::from_toml(&read("--companion-options", path)?)
                .map_err(|source| Failure::Policy { path: path.clone(), source })?,
        };
        let mut chosen = Self { policy, scales: Vec::new(), companions: Vec::new(), options };
        for name in args.scale.as_deref().unwrap_or(default).split(',').map(str::trim) {
            chosen.add(name)?;
        }
        Ok(chosen)
    }

    fn add(&mut self, name: &str) -> Result<(), Failure> {
        let (scales, companions): (Vec<_>, Vec<_>) = match name {
            "all" => (scales::ALL.to_vec(), companions::ALL.to_vec()),
            "crs" => (scales::ALL.to_vec(), Vec::new()),
            "companions" => (Vec::new(), companions::ALL.to_vec()),
            id => (scales::by_id(id).into_iter().collect(), companions::by_id(id).into_iter().collect()),
        };
        if scales.is_empty() && companions.is_empty() {
            let known = scales::ALL.iter().map(|s| s.id()).chain(companions::ALL.iter().map(|c| c.id()));
            return Err(Failure::UnknownScale(name.to_owned(), known.collect::<Vec<_>>().join(", ")));
        }
        for scale in scales {
            if self.scales.iter().all(|s| s.id() != scale.id()) {
                self.scales.push(scale);
            }
        }
        for companion in companions {
            if self.companions.iter().all(|c| c.id() != companion.id()) {
                self.companions.push(companion);
            }
        }
        Ok(())
    }

    /// Id and citation of every definition chosen, in the order of the output.
    pub(crate) fn cited(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let scales = self.scales.iter().map(|s| (s.id(), s.citation()));
        scales.chain(self.companions.iter().map(|c| (c.id(), c.citation())))
    }

    /// Grades one record by everything chosen.
    pub(crate) fn grade(&self, record: &Record) -> Vec<Graded> {
        let mut graded = grade(record, &self.policy, self.scales.iter().copied());
        if self.companions.is_empty() {
            return graded;
        }
        if let Some(crs) = companions::crs(record, &self.policy) {
            graded.extend(self.companions.iter().map(|c| c.grade(record, &crs, &self.options)));
        }
        graded
    }
}

/// A file that ships inside the command parses; tests see to it.
fn embedded<T>(parsed: Result<T, PolicyError>) -> Result<T, Failure> {
    parsed.map_err(|source| Failure::Policy { path: PathBuf::from("the shipped defaults"), source })
}

/// The text of a file that an option of the command line names. A file in which nothing stands was hardly meant: it would change nothing.
pub(crate) fn read(option: &'static str, path: &Path) -> Result<String, Failure> {
    let text = crate::text::read(path).map_err(|source| Failure::SettingsFile { option, path: path.to_owned(), source })?;
    if text.trim().is_empty() { Err(Failure::EmptySettings { option, path: path.to_owned() }) } else { Ok(text) }
}
