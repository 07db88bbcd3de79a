//! The catalogue of the library: what each model is, without running it.

use std::fmt::Write;

use barograph_equations::Verified;

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
        word(self.text.verified.unwrap_or(Verified::Assumed))
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
        let mut page = format!(
            "# {}\n\n{}\n\n## Source\n\n`{}`: {}. {}{doi} (verified: {}). Time in {}; {}, {}, {}.\n",
            lead.trim_end_matches('.'),
            rest.trim_end(),
            self.id,
            text.title,
            text.citation,
            self.verified(),
            self.time(),
            counted(text.states.len(), "state"),
            counted(text.parameters.len(), "parameter"),
            counted(text.outputs.len(), "output"),
        );
        self.tables(&mut page);
        let _ = write!(page, "\n## Equations\n\nThe text as it runs.\n\n```text\n{}\n```\n", self.body());
        if let Some(variability) = shelf::text(self.id) {
            let _ = write!(page, "\n## How patients differ\n\n```toml\n{}\n```\n", variability.trim());
        }
        page
    }

    /// States, outputs and parameters with their units, and the equations between them.
    fn tables(&self, page: &mut String) {
        let text = &self.text;
        let shown = |unit: &str| if unit == "1" { "–".to_owned() } else { unit.replace('|', "\\|") };
        let body = self.body();
        // What stands behind `word NAME =`, without unit and description.
        let formula = |word: &str, name: &str| {
            let start = format!("{word} {name} =");
            let line = body.lines().find(|line| line.starts_with(&start)).map_or("", |line| &line[start.len()..]);
            line.split('"').next().unwrap_or("").trim().to_owned()
        };
        let without_unit =
            |formula: String, unit: &str| formula.strip_suffix(unit).map_or(formula.clone(), |short| short.trim_end().to_owned());
        page.push_str("\n## States\n\n| state | what it is | unit | at the start |\n|---|---|---|---|\n");
        for state in &text.states {
            let start = formula("state", &state.name);
            let start = start.split(" atol ").next().unwrap_or("").trim_end_matches("signed").trim_end().to_owned();
            let start = without_unit(start, &state.unit);
            let _ = writeln!(page, "| `{}` | {} | {} | `{start}` |", state.name, state.description, shown(&state.unit));
        }
        if !text.outputs.is_empty() {
            page.push_str("\n## Outputs\n\n| output | what it is | unit |\n|---|---|---|\n");
            for output in &text.outputs {
                let _ = writeln!(page, "| `{}` | {} | {} |", output.name, output.description, shown(&output.unit));
            }
        }
        page.push_str("\n## Parameters\n\n| parameter | what it is | value | unit | verified |\n|---|---|---|---|---|\n");
        for parameter in &text.parameters {
            let level = parameter.verified.or(text.verified).unwrap_or(Verified::Assumed);
            let value = without_unit(formula("parameter", &parameter.name), &parameter.unit);
            let _ = writeln!(
                page,
                "| `{}` | {} | {value} | {} | {} |",
                parameter.name,
                parameter.description,
                shown(&parameter.unit),
                word(level)
            );
        }
    }

    /// The text without the page at its head.
    fn body(&self) -> String {
        self.source.lines().skip_while(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// The unit of time, in a word.
    pub fn time(&self) -> &'static str {
        self.text.time.name()
    }
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn word(level: Verified) -> &'static str {
    Verified::ALL.iter().find(|(_, known)| *known == level).map_or("assumed", |(word, _)| word)
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
