//! A CSV file with a header: columns by name, and every defective row in the ledger.

use super::rows::Rows;
use crate::ReadError;
use ::csv::StringRecord;
use barograph_record::{Ledger, Reason};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// What a file must look like.
pub(super) struct Layout {
    /// Columns that are understood; [`Table::get`] takes a position in this list.
    pub(super) columns: &'static [&'static str],
    /// How many of the first ones must be there.
    pub(super) required: usize,
    /// What to do when the header is not right.
    pub(super) remedy: &'static str,
}

/// A file being read, and the row at hand.
pub(super) struct Table {
    rows: Rows<Box<dyn BufRead>>,
    path: PathBuf,
    /// The file's name, as evidence and the ledger give it.
    pub(super) name: String,
    places: Vec<Option<usize>>,
    width: usize,
    row: StringRecord,
    count: u64,
}

impl Table {
    /// Opens a file and reads its header; columns of other names are noted in the ledger.
    ///
    /// # Errors
    /// [`ReadError`] when the file cannot be read, is empty or in UTF-16, or lacks a required column.
    pub(super) fn open(path: &Path, layout: &Layout, ledger: &mut Ledger) -> Result<Self, ReadError> {
        let input = BufReader::with_capacity(1 << 16, File::open(path).map_err(|e| ReadError::io(path, e))?);
        Self::of(Box::new(input), path, layout, ledger)
    }

    /// Reads the header of a stream that is called by a path.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(super) fn of(mut input: Box<dyn BufRead>, path: &Path, layout: &Layout, ledger: &mut Ledger) -> Result<Self, ReadError> {
        check_start(&mut input, path)?;
        let mut rows = Rows::new(input);
        let mut header = StringRecord::new();
        let line = match rows.next(&mut header).map_err(|e| ReadError::io(path, e))? {
            None => return Err(ReadError::invalid(path, "the file is empty", layout.remedy)),
            Some((line, Err(defect))) => {
                return Err(ReadError::invalid(path, format_args!("header on line {line}: {}", defect.name()), layout.remedy));
            }
            Some((line, Ok(()))) => line,
        };
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let places = places(&header, line, path, layout)?;
        for (i, column) in header.iter().enumerate().filter(|(i, _)| !places.contains(&Some(*i))) {
            let column = column.trim();
            let column = if column.is_empty() { format!("column {}", i + 1) } else { column.to_owned() };
            ledger.note(&name, line, &column, Reason::FieldIgnored, "unknown column");
        }
        Ok(Self { rows, path: path.to_owned(), name, places, width: header.len(), row: header, count: 0 })
    }

    /// Goes to the next sound row and gives its line; rows that are not sound go to the ledger.
    ///
    /// # Errors
    /// [`ReadError::Io`] when the file cannot be read on.
    pub(super) fn next(&mut self, ledger: &mut Ledger) -> Result<Option<u32>, ReadError> {
        loop {
            let Some((line, result)) = self.rows.next(&mut self.row).map_err(|e| ReadError::io(&self.path, e))? else {
                ledger.count_rows(&self.name, self.count);
                return Ok(None);
            };
            self.count += 1;
            match result {
                Err(defect) => self.malformed(line, defect.name(), ledger),
                Ok(()) if self.row.len() != self.width => {
                    let problem = format!("{} fields where the header has {}", self.row.len(), self.width);
                    self.malformed(line, &problem, ledger);
                }
                Ok(()) => return Ok(Some(line)),
            }
        }
    }

    /// The field of a column in the row at hand, trimmed; empty when the file has no such column.
    pub(super) fn get(&self, column: usize) -> &str {
        self.places.get(column).copied().flatten().and_then(|i| self.row.get(i)).unwrap_or_default().trim()
    }

    fn malformed(&self, line: u32, problem: &str, ledger: &mut Ledger) {
        ledger.note(&self.name, line, "", Reason::Malformed, problem);
    }
}

/// Refuses what is no text in UTF-8 and other separators than commas by the first line, and skips a UTF-8 byte order mark.
fn check_start(input: &mut impl BufRead, path: &Path) -> Result<(), ReadError> {
    let start = input.fill_buf().map_err(|e| ReadError::io(path, e))?;
    if let Some(error) = ReadError::no_text(path, start) {
        return Err(error);
    }
    let first_line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    if !first_line.contains(&b',') {
        for (separator, plural) in [(b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")] {
            if first_line.contains(&separator) {
                let problem = format_args!("columns are separated by {plural}, not commas");
                return Err(ReadError::invalid(path, problem, "save it as comma-separated CSV, with a point in decimal numbers"));
            }
        }
    }
    if start.starts_with(&[0xef, 0xbb, 0xbf]) {
        input.consume(3);
    }
    Ok(())
}

fn places(header: &StringRecord, line: u32, path: &Path, layout: &Layout) -> Result<Vec<Option<usize>>, ReadError> {
    if header.iter().any(|cell| cell.contains('\r')) {
        let remedy = "save the file with LF or CRLF line ends";
        return Err(ReadError::invalid(path, "lines end in a bare carriage return", remedy));
    }
    let mut places = Vec::with_capacity(layout.columns.len());
    for (i, name) in layout.columns.iter().enumerate() {
        let mut found = header.iter().enumerate().filter(|(_, cell)| cell.trim().eq_ignore_ascii_case(name)).map(|(place, _)| place);
        let place = found.next();
        if found.next().is_some() {
            return Err(ReadError::invalid(path, format_args!("line {line} names the column {name:?} twice"), layout.remedy));
        }
        if place.is_none() && i < layout.required {
            let problem = format_args!("line {line}, the header, has no column {name:?}");
            return Err(ReadError::invalid(path, problem, layout.remedy));
        }
        places.push(place);
    }
    Ok(places)
}
