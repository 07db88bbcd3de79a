//! A table: one Parquet file, read in batches of rows and only the columns asked for.

use super::column::{Column, Meaning, cells};
use super::pages;
use super::row::{Row, Wanted};
use super::thrift;
use crate::ReadError;
use ::parquet::column::reader::{ColumnReader, get_column_reader};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows decoded at a time.
const BATCH: usize = 8192;
/// Rows that a byte of the file may stand for; more are a damaged count, for no two rows of a course are quite the same.
const ROWS_PER_BYTE: u64 = 100;

const DAMAGED: &str = "export the table again, or copy the file anew and compare its size with the original";
const WRONG_COLUMN: &str =
    "write the table with the columns of its format's data dictionary, each a plain text, number, boolean or timestamp";

/// An open table.
pub(crate) struct Table {
    path: PathBuf,
    /// Index in the input's list of files.
    pub(crate) file: u16,
    /// The file again, for its pages.
    pages: Arc<File>,
    reader: SerializedFileReader<File>,
}

/// Where a wanted column stands in the file.
struct Place {
    column: usize,
    meaning: Meaning,
    optional: bool,
}

impl Table {
    /// Opens a file and reads its footer.
    ///
    /// # Errors
    /// [`ReadError`] when the file cannot be opened or is not Parquet.
    pub(crate) fn open(path: &Path, file: u16) -> Result<Self, ReadError> {
        let bytes = File::open(path).map_err(|e| ReadError::io(path, e))?;
        let size = bytes.metadata().map_err(|e| ReadError::io(path, e))?.len();
        if !footer_is_sound(&bytes, size).map_err(|e| ReadError::io(path, e))? {
            return Err(ReadError::invalid(path, "the Parquet file is damaged or incomplete (its footer)", DAMAGED));
        }
        let pages = Arc::new(bytes.try_clone().map_err(|e| ReadError::io(path, e))?);
        let reader = contained(|| SerializedFileReader::new(bytes)).map_err(|e| damaged(path, &e))?;
        let table = Self { path: path.to_owned(), file, pages, reader };
        table.check_counts(size)?;
        Ok(table)
    }

    /// Refuses a file whose counts of rows contradict each other or its size, before anything is made of its rows.
    fn check_counts(&self, size: u64) -> Result<(), ReadError> {
        let groups = self.reader.metadata().row_groups().iter();
        let held = groups.fold(0_u64, |sum, group| sum.saturating_add(group.num_rows().try_into().unwrap_or(u64::MAX)));
        if held != self.rows() {
            let problem = format!("the file states {} rows and holds {held}", self.rows());
            return Err(ReadError::invalid(&self.path, problem, DAMAGED));
        }
        if held > size.saturating_mul(ROWS_PER_BYTE) {
            return Err(ReadError::invalid(&self.path, format!("the file states {held} rows in {size} bytes"), DAMAGED));
        }
        Ok(())
    }

    /// Number of rows that the footer states.
    pub(crate) fn rows(&self) -> u64 {
        self.reader.metadata().file_metadata().num_rows().try_into().unwrap_or(0)
    }

    /// Names of the columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.reader.metadata().file_metadata().schema_descr().columns().iter().map(|c| c.path().parts().first().map_or("", |p| p))
    }

    /// Calls `each` with every row, in file order.
    ///
    /// # Errors
    /// [`ReadError`] when a needed column is missing, a wanted one has a type that is not understood, or the file is damaged.
    pub(crate) fn for_each(&self, wanted: &'static [Wanted], mut each: impl FnMut(&Row<'_>)) -> Result<u64, ReadError> {
        let mut places = wanted.iter().map(|w| self.place(*w)).collect::<Result<Vec<_>, _>>()?;
        if places.iter().all(Option::is_none) {
            // Some column must be decoded, or a damaged row count would be believed.
            places.push(Some(self.any_column()?));
        }
        let mut number = 0_u64;
        for group in 0..self.reader.num_row_groups() {
            number = self.group(group, &places, number, wanted, &mut each).map_err(|e| damaged(&self.path, &e))?;
        }
        Ok(number)
    }

    fn place(&self, wanted: Wanted) -> Result<Option<Place>, ReadError> {
        let name = wanted.name();
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let Some(column) = self.columns().position(|c| c == name) else {
            return match wanted {
                Wanted::Useful(_) | Wanted::Extra(_) => Ok(None),
                Wanted::Needed(_) => Err(ReadError::invalid(&self.path, format!("the column `{name}` is missing"), WRONG_COLUMN)),
            };
        };
        self.column(column).map(Some).ok_or_else(|| {
            let problem = format!("the column `{name}` is of a type that is not read ({})", schema.column(column).physical_type());
            ReadError::invalid(&self.path, problem, WRONG_COLUMN)
        })
    }

    fn any_column(&self) -> Result<Place, ReadError> {
        let found = (0..self.columns().count()).find_map(|column| self.column(column));
        found.ok_or_else(|| ReadError::invalid(&self.path, "no column is of a type that is read", WRONG_COLUMN))
    }

    fn column(&self, column: usize) -> Option<Place> {
        let descriptor = self.reader.metadata().file_metadata().schema_descr().column(column);
        Some(Place { column, meaning: Meaning::of(&descriptor)?, optional: descriptor.max_def_level() > 0 })
    }

    fn group(
        &self,
        group: usize,
        places: &[Option<Place>],
        mut number: u64,
        wanted: &'static [Wanted],
        each: &mut impl FnMut(&Row<'_>),
    ) -> Result<u64, ParquetError> {
        let group = contained(|| self.reader.get_row_group(group))?;
        let mut left: usize = group.metadata().num_rows().try_into().map_err(|_| ParquetError::General("negative row count".into()))?;
        let open = |place: &Option<Place>| {
            let Some(Place { column, .. }) = *place else { return Ok(None) };
            let chunk = group.metadata().column(column);
            Ok::<_, ParquetError>(Some(get_column_reader(chunk.column_descr_ptr(), pages::open(&self.pages, chunk, left)?)))
        };
        let mut readers: Vec<Option<ColumnReader>> = contained(|| places.iter().map(open).collect())?;
        while left > 0 {
            let rows = left.min(BATCH);
            left -= rows;
            let columns: Vec<Column> = contained(|| {
                let batch = readers.iter_mut().zip(places).map(|pair| match pair {
                    (Some(reader), Some(place)) => cells(reader, place.meaning, place.optional, rows),
                    _ => Ok(Column::Absent),
                });
                batch.collect()
            })?;
            for at in 0..rows {
                number += 1;
                each(&Row { file: self.file, number: number.try_into().unwrap_or(u32::MAX), wanted, columns: &columns, at });
            }
        }
        Ok(number)
    }
}

/// Whether the footer may be given to the decoder: the structure that stands before its own length and `PAR1`.
fn footer_is_sound(mut file: &File, size: u64) -> io::Result<bool> {
    let mut end = [0; 8];
    let Some(place) = size.checked_sub(8) else { return Ok(false) };
    file.seek(SeekFrom::Start(place))?;
    file.read_exact(&mut end)?;
    let [a, b, c, d, magic @ ..] = end;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let Some(place) = place.checked_sub(length).filter(|_| magic == *b"PAR1") else { return Ok(false) };
    file.seek(SeekFrom::Start(place))?;
    let mut footer = Vec::new();
    file.take(length).read_to_end(&mut footer)?;
    Ok(thrift::is_sound(&footer))
}

/// Runs a step of the `parquet` crate, which on damaged pages may panic instead of giving an error.
///
/// Found by flipping bits (its bit reader slices beyond a short page); `tests/clif_damage.rs` holds such files against it.
fn contained<T>(step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(step));
    outcome.unwrap_or_else(|_| Err(ParquetError::General("its pages cannot be decoded".into())))
}

fn damaged(path: &Path, error: &ParquetError) -> ReadError {
    ReadError::invalid(path, format!("the Parquet file is damaged or incomplete ({error})"), DAMAGED)
}
