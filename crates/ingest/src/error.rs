//! Errors of whole inputs: what is wrong, where, and what to do.

use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why an input could not be read at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system refused.
    #[error("cannot read {}: {source}; check that the path exists and is readable", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// No reader knows this input.
    #[error(
        "{} is not an input that barograph knows; give a folder with patients.csv and events.csv (or .parquet), FHIR JSON or NDJSON, \
         a folder of clif_*.parquet, or vignettes (*.md), or say which with --from",
        path.display()
    )]
    UnknownFormat {
        /// The file or folder.
        path: PathBuf,
    },
    /// A file as a whole is not what its format demands.
    #[error("{}: {problem}; {remedy}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the place in the file where it is known.
        problem: String,
        /// What to do about it.
        remedy: &'static str,
    },
}

impl ReadError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        // Reading a text says so of other bytes.
        if source.kind() == std::io::ErrorKind::InvalidData {
            return Self::invalid(path, "it is no text in UTF-8", "save it again as UTF-8");
        }
        Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn unknown_format(path: &Path) -> Self {
        Self::UnknownFormat { path: path.to_owned() }
    }

    pub(crate) fn invalid(path: &Path, problem: impl std::fmt::Display, remedy: &'static str) -> Self {
        Self::Invalid { path: path.to_owned(), problem: problem.to_string(), remedy }
    }

    /// A file that begins with bytes that no text in UTF-8 has; `None` where these may begin one.
    pub(crate) fn no_text(path: &Path, start: &[u8]) -> Option<Self> {
        let workbook = "in a spreadsheet save each sheet as \"CSV UTF-8\"; an archive is to be unpacked first";
        if start.starts_with(b"PK\x03\x04") || start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Some(Self::invalid(path, "it is a workbook or an archive, not text", workbook));
        }
        if start.starts_with(&[0x1f, 0x8b]) {
            return Some(Self::invalid(path, "it is compressed (gzip)", "unpack it first"));
        }
        let first = start.split(|b| *b == b'\n').next().unwrap_or_default();
        let every_other = first.iter().zip(first.iter().skip(1)).take(8).all(|(a, b)| (*a == 0) != (*b == 0));
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) || (first.len() > 2 && every_other) {
            return Some(Self::invalid(path, "the text is UTF-16, not UTF-8", "save it again as UTF-8 (in a spreadsheet: \"CSV UTF-8\")"));
        }
        first.contains(&0).then(|| Self::invalid(path, "it holds bytes that no text has", "give a text in UTF-8"))
    }
}
