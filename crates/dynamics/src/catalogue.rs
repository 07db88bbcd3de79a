//! The catalogue of the library: what each model is, without running it.

use std::fmt::Write;

use barograph_equations::{TimeUnit, Verified};

use crate::kinetics::shelf;
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

    /// The reference page, in Markdown: what the model is, and its equations as they stand in the library.
    pub fn page(&self) -> String {
        let text = &self.text;
        // A first paragraph of one line is the page's heading.
        let (lead, rest) = match text.doc.split_once("\n\n") {
            Some((lead, rest)) if !lead.contains('\n') => (lead, rest),
            _ => (text.title.as_str(), text.doc.as_str()),
        };
        let doi = text.doi.as_ref().map_or_else(String::new, |doi| format!(", doi:{doi}"));
        let list = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let states = list(text.states.iter().map(|state| state.name.as_str()).collect());
        let outputs = list(text.outputs.iter().map(|output| output.name.as_str()).collect());
        let seen = if outputs.is_empty() { String::new() } else { format!(" Outputs: {outputs}.") };
        let equations = self.source.lines().skip_while(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n");
        let mut page = format!(
            "# {}\n\n{}\n\n## Source\n\n`{}`: {}. {}{doi} (verified: {}). Time in {}; {} states: {states}; {} parameters.{seen}\n\n## Equations\n\n```text\n{}\n```\n",
            lead.trim_end_matches('.'),
            rest.trim_end(),
            self.id,
            text.title,
            text.citation,
            self.verified(),
            self.time(),
            text.states.len(),
            text.parameters.len(),
            equations.trim(),
        );
        if let Some(variability) = shelf::text(self.id) {
            let _ = write!(page, "\n## How patients differ\n\n```toml\n{}\n```\n", variability.trim());
        }
        page
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
