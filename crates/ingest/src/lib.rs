//! Readers: one folder per source, each turning its own vocabulary into records.
//!
//! Every row of input becomes an event or a ledger entry. Readers parse and map; units,
//! plausibility, corrections and order are the business of [`RecordBuilder`](barograph_record::RecordBuilder).

mod clif;
mod concepts;
mod csv;
mod error;
mod fhir;
mod instant;
mod parquet;
mod pushes;
pub mod vignette;

use barograph_record::{Ledger, Record};
use std::io::BufRead;
use std::path::{Path, PathBuf};

pub use error::ReadError;
pub use fhir::read_ndjson;

/// Kinds of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A folder with `patients.csv` and `events.csv`.
    Csv,
    /// The same two tables as Parquet: `patients.parquet` and `events.parquet`.
    Parquet,
    /// FHIR R4 JSON: a bundle, a resource, or a folder of NDJSON files.
    Fhir,
    /// A folder of CLIF 2.x Parquet files.
    Clif,
    /// Markdown stories with a timeline, or a folder of them.
    Vignette,
}

/// What a reader may be told beyond the path.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A CSV file `patient,infusion_time[,product]` that names each patient's infusion.
    pub infusions: Option<PathBuf>,
    /// A TOML file that extends the shipped concept maps.
    pub concepts: Option<PathBuf>,
}

/// Receives each record as soon as it is complete.
pub type Sink<'a> = dyn FnMut(Record) + 'a;

impl Format {
    /// Every format, with its name on the command line.
    pub const ALL: &'static [(&'static str, Self)] =
        &[("csv", Self::Csv), ("parquet", Self::Parquet), ("fhir", Self::Fhir), ("clif", Self::Clif), ("vignette", Self::Vignette)];

    /// Guesses the format of a stream from its first bytes: JSON begins with a brace.
    pub fn of_stream(start: &[u8]) -> Self {
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        if text.starts_with(b"{") { Self::Fhir } else { Self::Csv }
    }

    /// Whether an input of this format may be a stream.
    pub const fn streams(self) -> bool {
        matches!(self, Self::Csv | Self::Fhir)
    }

    /// Guesses the format of a path from what it holds.
    ///
    /// # Errors
    /// [`ReadError`] when the path does not exist or holds nothing that any reader knows.
    pub fn detect(path: &Path) -> Result<Self, ReadError> {
        let has = |name: &str| path.join(name).is_file();
        let extension = |p: &Path| p.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
        if path.is_file() {
            return match extension(path).as_deref() {
                Some("md") => Ok(Self::Vignette),
                Some("json" | "ndjson") => Ok(Self::Fhir),
                // Refused by its reader, which says what to give instead.
                Some("csv") => Ok(Self::Csv),
                _ => Err(ReadError::unknown_format(path)),
            };
        }
        match (has("events.csv") || has("patients.csv"), has("events.parquet") || has("patients.parquet")) {
            (true, true) => {
                let remedy = "say which is meant: --from csv or --from parquet";
                return Err(ReadError::invalid(path, "the folder holds its tables as CSV and as Parquet", remedy));
            }
            (true, false) => return Ok(Self::Csv),
            (false, true) => return Ok(Self::Parquet),
            (false, false) => {}
        }
        let entries = std::fs::read_dir(path).map_err(|e| ReadError::io(path, e))?;
        let mut found = None;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            match extension(&entry.path()).as_deref() {
                Some("parquet") if name.starts_with("clif_") => return Ok(Self::Clif),
                Some("json" | "ndjson") => found = Some(Self::Fhir),
                Some("md") if found.is_none() => found = Some(Self::Vignette),
                _ => {}
            }
        }
        found.ok_or_else(|| ReadError::unknown_format(path))
    }
}

/// Reads every record of an input, in the order of patient ids.
///
/// # Errors
/// [`ReadError`] when the input as a whole cannot be read; single rows go to the ledger instead.
pub fn read(path: &Path, format: Format, options: &Options, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    match format {
        Format::Csv => csv::read(path, csv::Kept::AsText, options, ledger, sink),
        Format::Parquet => csv::read(path, csv::Kept::AsParquet, options, ledger, sink),
        Format::Fhir => fhir::read(path, options, ledger, sink),
        Format::Clif => clif::read(path, options, ledger, sink),
        Format::Vignette => vignette::read(path, options, ledger, sink),
    }
}

/// Reads every record of a stream: the table of events alone (CSV; patients are those it names, of unknown age), or FHIR, as NDJSON or as one Bundle or resource.
/// `name` is how evidence and ledger call it.
///
/// # Errors
/// [`ReadError`] when the stream as a whole cannot be read, or its format is one of folders; single rows go to the ledger instead.
pub fn read_stream(
    stream: Box<dyn BufRead>,
    name: &str,
    format: Format,
    options: &Options,
    ledger: &mut Ledger,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    match format {
        Format::Csv => csv::read_stream(stream, name, options, ledger, sink),
        Format::Fhir => fhir::read_stream(stream, name, options, ledger, sink),
        Format::Parquet | Format::Clif | Format::Vignette => {
            let remedy = "give its folder; only the table of events (csv) and FHIR can be a stream";
            Err(ReadError::invalid(Path::new(name), "this format is not read from a stream", remedy))
        }
    }
}
