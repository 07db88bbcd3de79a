//! A flat table of texts and numbers, written row by row as CSV or Parquet.

use super::Files;
use crate::failure::Failure;
use crate::output::{failed, open};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulate) struct Column<'a> {
    name: &'a str,
    text: bool,
}

impl<'a> Column<'a> {
    pub(in crate::simulate) const fn text(name: &'a str) -> Self {
        Self { name, text: true }
    }

    pub(in crate::simulate) const fn number(name: &'a str) -> Self {
        Self { name, text: false }
    }
}

/// What stands in a row.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulate) enum Cell<'a> {
    /// A text, for a column of texts.
    Text(&'a str),
    /// A number, for a column of numbers.
    Number(f64),
    /// A number, of which CSV shows so many decimals.
    Rounded(f64, usize),
    /// Nothing.
    Empty,
}

impl From<Option<f64>> for Cell<'_> {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, |x| Self::Rounded(x, 3))
    }
}

/// Rows of a Parquet file that are held until they are written as a group.
const GROUP: usize = 1 << 18;

/// A table under way.
pub(in crate::simulate) struct Table {
    path: PathBuf,
    to: To,
}

enum To {
    Csv(csv::Writer<Box<dyn Write>>),
    Parquet(Columns),
}

impl Table {
    pub(super) fn create(path: &Path, files: Files, columns: &[Column<'_>]) -> Result<Self, Failure> {
        let failed = failed(Some(path));
        let to = match files {
            Files::Csv => {
                let mut csv = csv::Writer::from_writer(open(Some(path))?);
                csv.write_record(columns.iter().map(|c| c.name)).map_err(|e| failed(io::Error::other(e)))?;
                To::Csv(csv)
            }
            Files::Parquet => {
                let create = || {
                    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
                    File::create(path)
                };
                To::Parquet(Columns::create(create().map_err(&failed)?, columns).map_err(|e| failed(io::Error::other(e)))?)
            }
        };
        Ok(Self { path: path.to_owned(), to })
    }

    /// Adds a row, its cells in the order of the columns.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Failure> {
        let done = match &mut self.to {
            To::Csv(csv) => text(csv, cells).map_err(io::Error::other),
            To::Parquet(columns) => columns.row(cells).map_err(io::Error::other),
        };
        done.map_err(|e| failed(Some(&self.path))(e))
    }

    pub(super) fn finish(self) -> Result<(), Failure> {
        let done = match self.to {
            To::Csv(mut csv) => csv.flush(),
            To::Parquet(columns) => columns.finish().map_err(io::Error::other),
        };
        done.map_err(failed(Some(&self.path)))
    }
}

fn text(csv: &mut csv::Writer<Box<dyn Write>>, cells: &[Cell<'_>]) -> Result<(), csv::Error> {
    for cell in cells {
        match cell {
            Cell::Text(text) => csv.write_field(text)?,
            Cell::Number(x) => csv.write_field(number(*x))?,
            Cell::Rounded(x, decimals) => csv.write_field(rounded(*x, *decimals))?,
            Cell::Empty => csv.write_field("")?,
        }
    }
    csv.write_record(None::<&[u8]>)
}

/// A number as it is, short also where it is very small.
fn number(x: f64) -> String {
    if x != 0.0 && x.abs() < 1e-5 { format!("{x:e}") } else { x.to_string() }
}

/// A number to so many decimals, without those that are nought at its end.
fn rounded(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let short = if decimals == 0 { &text } else { text.trim_end_matches('0').trim_end_matches('.') };
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// A Parquet file and the rows that are not yet in it.
struct Columns {
    file: SerializedFileWriter<File>,
    held: Vec<Held>,
    rows: usize,
}

/// Cells of one column.
enum Held {
    Text(Vec<ByteArray>),
    /// Numbers, and for each row whether there is one.
    Number(Vec<f64>, Vec<i16>),
}

impl Columns {
    fn create(file: File, columns: &[Column<'_>]) -> Result<Self, ParquetError> {
        let line = |c: &Column<'_>| {
            if c.text { format!("required binary {} (string);", c.name) } else { format!("optional double {};", c.name) }
        };
        let schema = format!("message barograph {{ {} }}", columns.iter().map(line).collect::<String>());
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let file = SerializedFileWriter::new(file, Arc::new(parse_message_type(&schema)?), Arc::new(properties))?;
        let held = columns.iter().map(|c| if c.text { Held::Text(Vec::new()) } else { Held::Number(Vec::new(), Vec::new()) }).collect();
        Ok(Self { file, held, rows: 0 })
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ParquetError> {
        for (column, cell) in self.held.iter_mut().zip(cells) {
            match (column, *cell) {
                (Held::Text(texts), Cell::Text(text)) => texts.push(text.into()),
                (Held::Text(texts), _) => texts.push(ByteArray::new()),
                (Held::Number(numbers, there), Cell::Number(x) | Cell::Rounded(x, _)) => {
                    numbers.push(x);
                    there.push(1);
                }
                (Held::Number(_, there), _) => there.push(0),
            }
        }
        self.rows += 1;
        if self.rows == GROUP { self.group() } else { Ok(()) }
    }

    fn group(&mut self) -> Result<(), ParquetError> {
        self.rows = 0;
        let mut group = self.file.next_row_group()?;
        for held in &mut self.held {
            let Some(mut column) = group.next_column()? else { break };
            match held {
                Held::Text(texts) => {
                    column.typed::<ByteArrayType>().write_batch(texts, None, None)?;
                    texts.clear();
                }
                Held::Number(numbers, there) => {
                    column.typed::<DoubleType>().write_batch(numbers, Some(there), None)?;
                    numbers.clear();
                    there.clear();
                }
            }
            column.close()?;
        }
        group.close()?;
        Ok(())
    }

    fn finish(mut self) -> Result<(), ParquetError> {
        if self.rows > 0 {
            self.group()?;
        }
        self.file.close()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_nought_has_no_sign() {
        let shown =
            [(0.0, 3), (-0.0004, 3), (1.250, 3), (10.0, 1), (100.0, 0), (-0.4, 0), (-2.5, 1)].map(|(x, decimals)| rounded(x, decimals));
        assert_eq!(shown, ["0", "0", "1.25", "10", "100", "0", "-2.5"]);
        assert_eq!([0.0, 1e-9, 0.25].map(number), ["0", "1e-9", "0.25"]);
    }
}
