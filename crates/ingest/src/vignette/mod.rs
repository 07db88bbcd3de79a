//! Vignettes: stories in Markdown that a haematologist can read and correct.
//!
//! A story is prose with four kinds of fenced blocks: `patient` says who the child is, `timeline` what
//! was observed, `expect` what the scales should say, `advice` what the plans should. See `docs/formats.md` for how to write one.

mod advice;
mod expectation;
mod markdown;
mod story;
mod timeline;

use crate::{Options, ReadError, Sink};
use barograph_record::Ledger;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub use advice::{AdviceError, AdviceExpectation, AdviceState};
pub use expectation::{Expectation, ExpectationError, Grade, Onset, Resolution, Step};
pub use story::Story;

const REMEDY: &str = "begin a story with a fenced block named patient (see docs/formats.md)";

/// Reads the stories of a Markdown file, or of the `*.md` files of a folder in the order of their names.
///
/// In a folder a file without any `patient` block, such as a readme, is passed over. The rows counted in
/// the ledger are observations (each instant of repeated charting is one) and lines that were not understood.
///
/// # Errors
/// [`ReadError`] when a file cannot be read, is no text in UTF-8, or when the input holds no story at all.
pub fn read_stories(path: &Path, ledger: &mut Ledger) -> Result<Vec<Story>, ReadError> {
    let files = if path.is_dir() { markdown_files(path)? } else { vec![path.to_owned()] };
    let mut seen = BTreeSet::new();
    let mut stories = Vec::new();
    for file in files {
        let bytes = fs::read(&file).map_err(|e| ReadError::io(&file, e))?;
        if let Some(error) = ReadError::no_text(&file, &bytes) {
            return Err(error);
        }
        if path.is_file() || has_patient(&bytes) {
            let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            stories.extend(story::stories(&name, &bytes, &mut seen, ledger));
        }
    }
    if seen.is_empty() { Err(ReadError::invalid(path, "there is no patient block", REMEDY)) } else { Ok(stories) }
}

/// Reads the stories of one Markdown text that is already in memory; `name` stands for the file in evidence.
pub fn parse_stories(name: &str, text: &[u8], ledger: &mut Ledger) -> Vec<Story> {
    story::stories(name, text, &mut BTreeSet::new(), ledger)
}

/// Gives one record a story, in the order of patient ids.
pub(crate) fn read(path: &Path, options: &Options, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    if let Some(infusions) = &options.infusions {
        let remedy = "leave the file of infusions out, or write infusion_time in the patient block";
        return Err(ReadError::invalid(infusions, "a vignette states its own infusion", remedy));
    }
    let mut stories = read_stories(path, ledger)?;
    stories.sort_by(|a, b| a.record.patient.id.cmp(&b.record.patient.id));
    for story in stories {
        sink(story.record);
    }
    Ok(())
}

fn has_patient(bytes: &[u8]) -> bool {
    markdown::blocks(bytes).iter().any(|block| block.kind == markdown::Kind::Patient)
}

fn markdown_files(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| ReadError::io(folder, e))? {
        let path = entry.map_err(|e| ReadError::io(folder, e))?.path();
        if path.is_file() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("md")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
