//! The reference under `docs/reference` is generated: one page per definition, from its doc comment and its knowledge file.
//!
//! `BLESS=1 cargo test -p barograph-cli --test reference` writes the pages anew; without it the test compares.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

mod plans;

use barograph_grading::{companions, scales, scores};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// One definition, as its registry tells of it.
struct Entry {
    id: String,
    title: String,
    citation: String,
    verified: String,
    remarks: Vec<String>,
}

/// A shelf of the reference: its folder in the sources, its heading, what is registered there.
struct Shelf {
    folder: &'static str,
    heading: &'static str,
    entries: Vec<Entry>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shelves() -> [Shelf; 3] {
    let entry = |id: &str, title: &str, citation: &str, verified: &str| Entry {
        id: id.to_owned(),
        title: title.to_owned(),
        citation: citation.to_owned(),
        verified: verified.to_owned(),
        remarks: Vec::new(),
    };
    let of_scales = scales::ALL.iter().map(|s| entry(s.id(), s.title(), s.citation(), s.verified().name()));
    let of_companions = companions::ALL.iter().map(|c| entry(c.id(), c.title(), c.citation(), c.verified().name()));
    let of_scores = scores::ALL.iter().map(|s| {
        let warning = s.warning().map(|w| format!("Warning: {w}"));
        let remarks = [Some(format!("In: {}", s.population())), warning].into_iter().flatten().collect();
        Entry { remarks, ..entry(s.id(), s.title(), s.citation(), s.verified()) }
    });
    [
        Shelf { folder: "scales", heading: "Scales of cytokine release syndrome", entries: of_scales.collect() },
        Shelf { folder: "companions", heading: "Companions", entries: of_companions.collect() },
        Shelf { folder: "scores", heading: "Scores", entries: of_scores.collect() },
    ]
}

/// The source file that holds an id: the one whose name is the longest beginning of it.
fn source(folder: &Path, id: &str) -> PathBuf {
    let stem = id.replace(['-', '.'], "_");
    let mut stems: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "rs"))
        .map(|p| p.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|s| stem == *s || stem.starts_with(&format!("{s}_")) || stem.replace('_', "") == s.replace('_', ""))
        .collect();
    stems.sort_by_key(String::len);
    let found = stems.pop().unwrap_or_else(|| panic!("no source file in {} for {id}", folder.display()));
    folder.join(found).with_extension("rs")
}

/// The module's doc comment as Markdown.
fn doc(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().take_while(|l| l.starts_with("//!"));
    let lines = lines.map(|l| l.strip_prefix("//! ").or_else(|| l.strip_prefix("//!")).unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every page by its path under `docs/reference`.
fn pages() -> BTreeMap<PathBuf, String> {
    let mut pages = BTreeMap::new();
    let mut index = String::from(
        "# Reference\n\nOne page per definition, generated from its source and, where it has one, its knowledge file. `verified` says how sure the wording and numbers are: \
         `primary` (read in the paper), `secondary` (read in a reproduction), `recalled` (from memory, to be checked), `derived`, `assumed` (a choice without source).\n",
    );
    for shelf in shelves() {
        let folder = root().join("crates/grading/src").join(shelf.folder);
        let mut by_file: BTreeMap<PathBuf, Vec<Entry>> = BTreeMap::new();
        let _ = write!(index, "\n## {}\n\n| id | what it is | verified |\n|---|---|---|\n", shelf.heading);
        for entry in shelf.entries {
            let file = source(&folder, &entry.id);
            let stem = file.file_stem().unwrap().to_string_lossy().replace('_', "-");
            let _ = writeln!(index, "| [`{}`]({}/{stem}.md) | {} | {} |", entry.id, shelf.folder, entry.title, entry.verified);
            by_file.entry(file).or_default().push(entry);
        }
        for (file, entries) in by_file {
            let stem = file.file_stem().unwrap().to_string_lossy().replace('_', "-");
            pages.insert(Path::new(shelf.folder).join(format!("{stem}.md")), page(&file, &entries));
        }
    }
    plans::add(&mut pages, &mut index);
    let _ = write!(index, "\n## Mechanistic models and drug kinetics\n\n| id | what it is | verified |\n|---|---|---|\n");
    for model in barograph_dynamics::catalogue() {
        let _ = writeln!(index, "| [`{0}`](models/{0}.md) | {1} | {2} |", model.id, model.text.title, model.verified());
        pages.insert(Path::new("models").join(format!("{}.md", model.id)), model.page());
    }
    pages.insert(PathBuf::from("README.md"), index);
    pages
}

fn page(file: &Path, entries: &[Entry]) -> String {
    let mut out = format!("{}\n", doc(file).trim());
    if !out.starts_with('#') {
        let (title, rest) = out.split_once('\n').unwrap_or((&out, ""));
        out = format!("# {}\n{rest}", title.trim_end_matches('.'));
    }
    out.push_str("\n## Ids\n");
    for e in entries {
        let _ = write!(out, "\n- `{}`: {}. {} (verified: {})", e.id, e.title, e.citation, e.verified);
        for remark in &e.remarks {
            let _ = write!(out, "\n  - {remark}");
        }
    }
    out.push('\n');
    for e in entries {
        let knowledge = root().join("knowledge/scores").join(format!("{}.toml", e.id));
        if let Ok(numbers) = fs::read_to_string(knowledge) {
            let _ = write!(out, "\n## Numbers of `{}`\n\n```toml\n{}\n```\n", e.id, numbers.trim());
        }
    }
    out
}

#[test]
fn the_reference_is_up_to_date() {
    let folder = root().join("docs/reference");
    let pages = pages();
    if std::env::var_os("BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (path, text) in &pages {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    for (path, text) in &pages {
        let found = fs::read_to_string(folder.join(path)).unwrap_or_default();
        assert!(
            found == *text,
            "docs/reference/{} is out of date; run BLESS=1 cargo test -p barograph-cli --test reference",
            path.display()
        );
    }
}

#[test]
fn every_page_names_its_source() {
    for (path, text) in pages() {
        let cited = text.contains("Source") || text.contains("# Reference");
        assert!(cited, "{} cites nothing", path.display());
    }
}
