//! Where results go.

use crate::failure::Failure;
use barograph_record::Ledger;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// A file that is made when its first line comes, or standard output.
///
/// An input that cannot be read neither leaves an empty file nor takes away the results of an earlier run.
pub(crate) struct Output {
    path: Option<PathBuf>,
    file: Option<File>,
}

impl Output {
    fn file(&mut self, path: &Path) -> io::Result<&mut File> {
        let file = match self.file.take() {
            Some(file) => file,
            None => create(path)?,
        };
        Ok(self.file.insert(file))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.path.clone() {
            Some(path) => self.file(&path)?.write(bytes),
            None => io::stdout().lock().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.path.clone() {
            Some(path) => self.file(&path)?.flush(),
            None => io::stdout().lock().flush(),
        }
    }
}

/// Makes a file, and its folder where there is none, which is said.
fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty() && !p.exists()) {
        std::fs::create_dir_all(folder)?;
        eprintln!("barograph: made the folder {}", folder.display());
    }
    File::create(path)
}

/// A file that is made when its first line comes, or standard output.
pub(crate) fn later(path: Option<&Path>) -> BufWriter<Output> {
    BufWriter::new(Output { path: path.map(Path::to_path_buf), file: None })
}

/// Opens a file, making its folder, or standard output.
pub(crate) fn open(path: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    let Some(path) = path else { return Ok(Box::new(BufWriter::new(io::stdout().lock()))) };
    Ok(Box::new(BufWriter::new(create(path).map_err(failed(Some(path)))?)))
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
