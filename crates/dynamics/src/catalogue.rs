//! The catalogue of the library: what each model is, without running it.

use barograph_equations::{TimeUnit, Verified};

use crate::library::TEXTS;

/// A model of the library, as a shelf shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id, such as `hanson-2016`.
    pub id: &'static str,
    /// Its text as it stands in the library.
    pub source: &'static str,
    /// What it holds: title, citation, states, parameters, outputs.
    pub text: barograph_equations::Model,
}

impl Entry {
    /// How well the text is known, in a word.
    pub fn verified(&self) -> &'static str {
        let level = self.text.verified.unwrap_or(Verified::Assumed);
        Verified::ALL.iter().find(|(_, known)| *known == level).map_or("assumed", |(word, _)| word)
    }

    /// The unit of time, in a word.
    pub fn time(&self) -> &'static str {
        match self.text.time {
            TimeUnit::Hour => "hours",
            TimeUnit::Day => "days",
        }
    }
}

/// Every model of the library, by id.
pub fn catalogue() -> Vec<Entry> {
    let read = |&(id, source, _): &(&'static str, &'static str, _)| {
        // The build script has read every text already: a fault would have ended the build.
        barograph_equations::parse(source).ok().map(|text| Entry { id, source, text })
    };
    let mut entries: Vec<Entry> = TEXTS.iter().filter_map(read).collect();
    entries.sort_by_key(|entry| entry.id);
    entries
}
