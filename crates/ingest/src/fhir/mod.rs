//! HL7 FHIR R4: a bundle, a resource, an NDJSON file, or a folder of these.
//!
//! Each resource is read once, in whatever order it comes, into compact facts ([`store`]); when all has
//! been read the facts of each patient become a record ([`finish`]). What is done with each resource and
//! field, and what goes to the ledger, is written down in `docs/formats-fhir.md`.
//!
//! Source: HL7 FHIR R4 (4.0.1), <https://hl7.org/fhir/R4/>; Bulk Data Access, <https://hl7.org/fhir/uv/bulkdata/>.

mod bundle;
mod condition;
mod context;
mod encounter;
mod finish;
mod infusions;
mod lines;
mod medication;
mod model;
mod observation;
mod patient;
mod procedure;
mod resource;
mod salvage;
mod store;
mod units;

use crate::concepts::ConceptMap;
use crate::{Options, ReadError, Sink};
use barograph_record::{Files, Ledger, Reason};
use context::Context;
use infusions::Infusions;
use lines::Line;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use store::Store;

/// Bytes read at a time; a line longer than this is copied once.
const BUFFER: usize = 1 << 20;

/// Reads every record of a FHIR input.
pub(crate) fn read(path: &Path, options: &Options, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let paths = if path.is_dir() { listing(path)? } else { vec![path.to_owned()] };
    if paths.is_empty() {
        return Err(ReadError::unknown_format(path));
    }
    let concepts = ConceptMap::load(options.concepts.as_deref())?;
    let mut reader = Reader::new(&concepts, ledger);
    for path in &paths {
        let file = File::open(path).map_err(|e| ReadError::io(path, e))?;
        reader.open(&path.file_name().unwrap_or_default().to_string_lossy());
        let buffered = BufReader::with_capacity(BUFFER, file);
        let read = if has_extension(path, "ndjson") { reader.lines(buffered) } else { reader.document(buffered, || File::open(path)) };
        read.map_err(|e| failed(path, e))?;
    }
    reader.finish(options, sink)
}

/// Reads FHIR resources, one a line, from a stream, and makes the records once it ends.
///
/// `name` is how evidence and ledger name the stream. At most one line (of up to 64 MiB) and the
/// compact facts are held in memory.
///
/// # Errors
/// [`ReadError`] when the stream cannot be read or breaks off within its last line, or for a file that the options name; single lines go
/// to the ledger.
pub fn read_ndjson(stream: impl BufRead, name: &str, options: &Options, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let concepts = ConceptMap::load(options.concepts.as_deref())?;
    let mut reader = Reader::new(&concepts, ledger);
    reader.open(name);
    reader.lines(stream).map_err(|e| failed(Path::new(name), e))?;
    reader.finish(options, sink)
}

/// Reads a stream of FHIR: resources one a line, or one Bundle or resource as a whole, which is then held in memory.
pub(crate) fn read_stream(
    mut stream: Box<dyn BufRead>,
    name: &str,
    options: &Options,
    ledger: &mut Ledger,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let io = |e| ReadError::io(Path::new(name), e);
    let mut text = Vec::new();
    stream.by_ref().take(lines::LONGEST as u64).read_until(b'\n', &mut text).map_err(io)?;
    let first: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(text.strip_prefix(BOM).unwrap_or(&text));
    let more = !stream.fill_buf().map_err(io)?.is_empty();
    if first.is_ok() && more {
        return read_ndjson(io::Cursor::new(text).chain(stream), name, options, ledger, sink);
    }
    stream.read_to_end(&mut text).map_err(io)?;
    let concepts = ConceptMap::load(options.concepts.as_deref())?;
    let mut reader = Reader::new(&concepts, ledger);
    reader.open(name);
    reader.document(&*text, || Ok(&*text)).map_err(|e| failed(Path::new(name), e))?;
    reader.finish(options, sink)
}

/// A file that breaks off is refused: what is missing of it must not look as if it had not happened.
fn failed(path: &Path, e: io::Error) -> ReadError {
    match e.kind() {
        io::ErrorKind::UnexpectedEof => ReadError::invalid(path, e, "copy or export it again, and compare its size with the original"),
        _ => ReadError::io(path, e),
    }
}

/// What is wrong with a text that ends within a JSON value.
fn broken_off(bytes: &[u8]) -> Option<serde_json::Error> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return None;
    }
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).err().filter(serde_json::Error::is_eof)
}

fn cut_off(e: &serde_json::Error) -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, format!("the file breaks off ({})", resource::describe(e)))
}

/// The JSON and NDJSON files of a folder, by name.
fn listing(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| ReadError::io(folder, e))? {
        let path = entry.map_err(|e| ReadError::io(folder, e))?.path();
        if path.is_file() && (has_extension(&path, "json") || has_extension(&path, "ndjson")) {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

/// What is gathered while files are read.
struct Reader<'a> {
    concepts: &'a ConceptMap,
    store: Store,
    ledger: &'a mut Ledger,
    files: Vec<Box<str>>,
    /// Index of the file being read, held at the last that an origin can name.
    file: u16,
    name: String,
}

impl<'a> Reader<'a> {
    fn new(concepts: &'a ConceptMap, ledger: &'a mut Ledger) -> Self {
        Self { concepts, store: Store::default(), ledger, files: Vec::new(), file: 0, name: String::new() }
    }

    /// Begins a file.
    fn open(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.file = u16::try_from(self.files.len()).unwrap_or(u16::MAX);
        if self.files.len() < usize::from(u16::MAX) {
            self.files.push(name.into());
        } else if self.files.len() == usize::from(u16::MAX) {
            self.files.push("(further files)".into());
        }
    }

    fn context(&mut self) -> Context<'_> {
        Context { concepts: self.concepts, store: &mut self.store, ledger: self.ledger, file: self.file, name: &self.name, row: 0 }
    }

    /// Reads one resource a line.
    fn lines(&mut self, stream: impl BufRead) -> io::Result<()> {
        let mut resources = 0;
        let mut cut = None;
        let mut cx = self.context();
        let read = lines::for_each(stream, lines::LONGEST, |line| {
            cx.row = cx.row.saturating_add(1);
            if let Line::Last(bytes) = line {
                cut = broken_off(bytes);
            }
            let bytes = match line {
                Line::Bytes(bytes) | Line::Last(bytes) if cx.row == 1 => bytes.strip_prefix(BOM).unwrap_or(bytes),
                Line::Bytes(bytes) | Line::Last(bytes) => bytes,
                Line::TooLong => {
                    resources += 1;
                    return cx.note("", Reason::Malformed, "a line above 64 MiB");
                }
            };
            match std::str::from_utf8(bytes) {
                Ok(text) if text.trim_ascii().is_empty() => {}
                Ok(text) => resources += resource::read(text, "", 0, &mut cx),
                Err(_) => {
                    resources += 1;
                    cx.note("", Reason::Malformed, "not UTF-8");
                }
            }
        });
        self.ledger.count_rows(&self.name, resources);
        match cut {
            Some(e) => Err(cut_off(&e)),
            None => read,
        }
    }

    /// Reads one JSON document, a bundle entry by entry; another resource is read again from the start.
    fn document<R: Read>(&mut self, mut stream: impl BufRead, again: impl FnOnce() -> io::Result<R>) -> io::Result<()> {
        if stream.fill_buf()?.starts_with(BOM) {
            stream.consume(BOM.len());
        }
        let mut resources = 0;
        let mut seen = bundle::Seen::default();
        let mut cx = self.context();
        let mut deserializer = serde_json::Deserializer::from_reader(stream);
        let read = bundle::read(&mut deserializer, &mut seen, &mut |entry| {
            cx.row = cx.row.saturating_add(1);
            resources += resource::read_entry(entry, 0, &mut cx);
        });
        match read.and_then(|()| deserializer.end()) {
            _ if seen.is_other => {
                cx.row = 1;
                resources += single(again()?, &mut cx)?;
            }
            Ok(()) if seen.is_bundle => {}
            Ok(()) => {
                resources += 1;
                cx.note("resourceType", Reason::Malformed, "not a FHIR resource");
            }
            Err(e) if e.is_io() => return Err(e.into()),
            Err(e) if e.is_eof() => return Err(cut_off(&e)),
            Err(e) => {
                resources += 1;
                cx.row = cx.row.saturating_add(1);
                cx.note("", Reason::Malformed, &resource::describe(&e));
            }
        }
        self.ledger.count_rows(&self.name, resources);
        Ok(())
    }

    /// Makes the records.
    fn finish(mut self, options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let infusions = match &options.infusions {
            Some(path) => Infusions::read(path, self.ledger)?,
            None => Infusions::default(),
        };
        let files: Files = std::mem::take(&mut self.files).into();
        medication::settle_deferred(&mut self.context(), &files);
        finish::finish(self.store, &files, infusions, self.ledger, sink);
        Ok(())
    }
}

/// The byte order mark that some exports begin with.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads a document that is one resource.
fn single(stream: impl Read, cx: &mut Context<'_>) -> io::Result<u64> {
    let mut bytes = Vec::new();
    let limit = lines::LONGEST as u64;
    stream.take(limit + 1).read_to_end(&mut bytes)?;
    if let Some(e) = broken_off(&bytes).filter(|_| bytes.len() as u64 <= limit) {
        return Err(cut_off(&e));
    }
    let text = std::str::from_utf8(bytes.strip_prefix(BOM).unwrap_or(&bytes));
    match text {
        _ if bytes.len() as u64 > limit => cx.note("", Reason::Malformed, "a resource above 64 MiB"),
        Ok(text) => return Ok(resource::read(text, "", 0, cx)),
        Err(_) => cx.note("", Reason::Malformed, "not UTF-8"),
    }
    Ok(1)
}
