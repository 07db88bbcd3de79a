//! What is wrong with a protocol or dose file, where, and what to do about it.

use std::fmt;
use std::ops::Range;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file is refused.
    Error,
    /// The file stands, and somebody ought to look.
    Warning,
    /// The file stands, and may well be meant so.
    Note,
}

impl Severity {
    /// The word before a problem.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One problem of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// One-based line; 0 where the file as a whole is meant.
    pub line: usize,
    /// One-based column, in characters.
    pub column: usize,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub suggestion: String,
}

impl Problem {
    /// A problem at a place of a text.
    pub fn at(text: &str, span: &Range<usize>, severity: Severity, reason: impl Into<String>, suggestion: impl Into<String>) -> Self {
        let (line, column) = place(text, span.start);
        Self { severity, line, column, reason: reason.into(), suggestion: suggestion.into() }
    }

    /// A complaint of the TOML parser.
    pub fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let (line, column) = error.span().map_or((0, 0), |span| place(text, span.start));
        let message = error.message().trim_end();
        let (reason, suggestion) = message.split_once("; ").unwrap_or((message, suggestion_for(message)));
        Self { severity: Severity::Error, line, column, reason: reason.to_owned(), suggestion: suggestion.to_owned() }
    }
}

fn suggestion_for(message: &str) -> &'static str {
    if message.contains("missing field") {
        "add the key; docs/protocol-language.md lists what each table needs"
    } else if message.contains("unknown field") || message.contains("unknown variant") {
        "use one of the expected words; docs/protocol-language.md describes each"
    } else if message.contains("duplicate key") {
        "keep one of the two"
    } else {
        "see docs/protocol-language.md for the form of this table"
    }
}

/// One-based line and column of a byte offset.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        write!(f, "{}: {}; {}", self.severity.name(), self.reason, self.suggestion)
    }
}
