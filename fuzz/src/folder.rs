//! A folder to write inputs into, for readers that take paths.

use barograph_ingest::{Format, Options, ReadError, read};
use barograph_record::{Ledger, Record};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A folder that lives as long as the process; set `TMPDIR` to a file system in memory.
pub struct Folder(TempDir);

impl Folder {
    /// A new, empty folder.
    #[must_use]
    pub fn new() -> Self {
        Self(TempDir::new().expect("the folder for temporary files can be written to"))
    }

    /// Writes, or overwrites, a file.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.path().join(name), bytes).expect("the folder can be written to");
    }

    /// Reads the folder as a whole.
    ///
    /// # Errors
    /// [`ReadError`] when the reader refuses it.
    pub fn read(&self, format: Format) -> Result<(Vec<Record>, Ledger), ReadError> {
        read_path(self.0.path(), format)
    }

    /// Reads one file of the folder.
    ///
    /// # Errors
    /// [`ReadError`] when the reader refuses it.
    pub fn read_file(&self, name: &str, format: Format) -> Result<(Vec<Record>, Ledger), ReadError> {
        read_path(&self.0.path().join(name), format)
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

fn read_path(path: &Path, format: Format) -> Result<(Vec<Record>, Ledger), ReadError> {
    let (mut records, mut ledger) = (Vec::new(), Ledger::listing());
    read(path, format, &Options::default(), &mut ledger, &mut |record| records.push(record))?;
    Ok((records, ledger))
}
