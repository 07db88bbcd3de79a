//! Where results go.

use crate::failure::Failure;
use barograph_record::Ledger;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

/// Opens a file, making its folder, or standard output.
pub(crate) fn open(path: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    let Some(path) = path else { return Ok(Box::new(BufWriter::new(io::stdout().lock()))) };
    let create = || -> io::Result<File> {
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        File::create(path)
    };
    Ok(Box::new(BufWriter::new(create().map_err(|source| Failure::Write { place: path.display().to_string(), source })?)))
}

/// Names the place in an error of writing.
pub(crate) fn failed(path: Option<&Path>) -> impl Fn(io::Error) -> Failure {
    let place = path.map_or("standard output".to_owned(), |p| p.display().to_string());
    move |source| Failure::Write { place: place.clone(), source }
}

/// Whether standard output takes colours.
pub(crate) fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// Writes every ledger entry as CSV.
pub(crate) fn write_ledger(path: &Path, ledger: &Ledger) -> Result<(), Failure> {
    let out = open(Some(path))?;
    let mut csv = csv::Writer::from_writer(out);
    let write = |csv: &mut csv::Writer<Box<dyn Write>>| -> Result<(), csv::Error> {
        csv.write_record(["file", "row", "field", "reason", "what"])?;
        for entry in ledger.entries() {
            csv.write_record([&*entry.file, &entry.row.to_string(), &entry.field, entry.reason.name(), &entry.what])?;
        }
        csv.flush()?;
        Ok(())
    };
    write(&mut csv).map_err(|error| failed(Some(path))(io::Error::other(error)))
}
