//! What ships with barograph: every plan and every dose of `knowledge/`.

use crate::doses::{Body, Dose, DoseFile, DoseRefused, DoseRule, Settings};
use crate::language::{Problem, Protocol};
use barograph_record::Instant;
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));

/// Every plan that ships with barograph, in the order of their ids.
pub fn protocols() -> &'static [Protocol] {
    static ALL: OnceLock<Vec<Protocol>> = OnceLock::new();
    // A test parses and lints every embedded file, so none is missing from a release.
    ALL.get_or_init(|| PROTOCOLS.iter().filter_map(|(_, text)| Protocol::from_toml(text).ok()).collect())
}

/// The plan of this id.
pub fn protocol(id: &str) -> Option<&'static Protocol> {
    protocols().iter().find(|p| p.id == id)
}

/// Every dose file that ships with barograph.
pub fn doses() -> &'static [DoseFile] {
    static ALL: OnceLock<Vec<DoseFile>> = OnceLock::new();
    ALL.get_or_init(|| DOSES.iter().filter_map(|(_, text)| DoseFile::from_toml(text).ok()).collect())
}

/// One dose with the file that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Dosing<'d> {
    /// The drug's file.
    pub file: &'d DoseFile,
    /// The dose.
    pub rule: &'d DoseRule,
}

impl Dosing<'_> {
    /// The unit of the amount.
    pub fn unit(&self) -> &str {
        self.rule.unit.as_deref().unwrap_or_else(|| self.file.drug.signal().unit())
    }

    /// The dose for a body at an instant.
    ///
    /// # Errors
    /// [`DoseRefused`] where the weight, height or age that it depends on is missing or too old.
    pub fn compute(&self, body: &Body, now: Instant, settings: &Settings) -> Result<Dose, DoseRefused> {
        self.rule.compute(self.unit(), self.file.product.as_ref(), body, now, settings)
    }
}

/// The dose of this id.
pub fn dose(id: &str) -> Option<Dosing<'static>> {
    doses().iter().find_map(|file| {
        let rule = file.doses.iter().map(toml::Spanned::get_ref).find(|rule| rule.id == id)?;
        Some(Dosing { file, rule })
    })
}

/// The embedded text of every plan: file name and text.
pub fn protocol_texts() -> &'static [(&'static str, &'static str)] {
    PROTOCOLS
}

/// What is wrong with an embedded file, for the tests of this crate.
///
/// # Errors
/// The name of the first file that cannot be read, and its problem.
pub fn check() -> Result<(), (&'static str, Problem)> {
    for (name, text) in PROTOCOLS {
        Protocol::from_toml(text).map_err(|problem| (*name, problem))?;
    }
    for (name, text) in DOSES {
        DoseFile::from_toml(text).map_err(|problem| (*name, problem))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_is_read() {
        if let Err((name, problem)) = check() {
            panic!("{name}: {problem}");
        }
        assert_eq!(protocols().len(), PROTOCOLS.len());
        for ((name, _), protocol) in PROTOCOLS.iter().zip(protocols()) {
            assert_eq!(*name, format!("{}.toml", protocol.id));
        }
    }
}
