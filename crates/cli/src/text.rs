//! Text files that the command line names.

use std::io::{Error, ErrorKind, Result};
use std::path::Path;

/// The text of a file, without the byte order mark that editors of some systems put before it.
///
/// # Errors
/// What the system says; [`ErrorKind::InvalidData`] where the file is no text in UTF-8.
pub(crate) fn read(path: &Path) -> Result<String> {
    let mut text = std::fs::read_to_string(path)?;
    // UTF-16 of plain letters passes for UTF-8 with a zero after each of them.
    if text.contains('\0') {
        return Err(Error::from(ErrorKind::InvalidData));
    }
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// Why a file cannot be read, and what to do: `otherwise` where it is not its encoding.
pub(crate) fn unreadable(fault: &Error, otherwise: &str) -> String {
    match fault.kind() {
        ErrorKind::InvalidData => "it is no text in UTF-8; save it again as UTF-8".to_owned(),
        _ => format!("{fault}; {otherwise}"),
    }
}
