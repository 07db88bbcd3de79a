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
        Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn unknown_format(path: &Path) -> Self {
        Self::UnknownFormat { path: path.to_owned() }
    }

    pub(crate) fn invalid(path: &Path, problem: impl std::fmt::Display, remedy: &'static str) -> Self {
        Self::Invalid { path: path.to_owned(), problem: problem.to_string(), remedy }
    }

    pub(crate) fn utf16(path: &Path) -> Self {
        Self::invalid(path, "the text is UTF-16, not UTF-8", "save it again as UTF-8 (in a spreadsheet: \"CSV UTF-8\")")
    }
}
