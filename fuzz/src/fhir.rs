//! FHIR: one JSON document, or a stream of resources, one a line.

use crate::balance;
use crate::folder::Folder;
use barograph_ingest::{Format, Options, ReadError, read_ndjson};
use barograph_record::{Ledger, Record};
use serde::Deserialize;
use serde::de::IgnoredAny;

const DOCUMENT: &str = "x.json";
const STREAM: &str = "x.ndjson";

/// Types of which every resource is an event or a ledger entry; others may only describe a patient, a drug or day 0.
const ALWAYS_SPOKEN_FOR: [&str; 4] = ["Observation", "Encounter", "Condition", "Device"];

/// Reads arbitrary bytes as one document.
pub fn run_json(folder: &Folder, data: &[u8]) {
    folder.write(DOCUMENT, data);
    let (records, ledger) = match folder.read_file(DOCUMENT, Format::Fhir) {
        Ok(read) => read,
        Err(e) => return assert!(breaks_off(&e), "other damage goes to the ledger: {e}"),
    };
    check(&records, &ledger, DOCUMENT);
}

/// Reads arbitrary bytes as lines.
pub fn run_ndjson(data: &[u8]) {
    let (mut records, mut ledger) = (Vec::new(), Ledger::listing());
    let read = read_ndjson(data, STREAM, &Options::default(), &mut ledger, &mut |record| records.push(record));
    if let Err(e) = read {
        return assert!(breaks_off(&e), "other damage goes to the ledger: {e}");
    }
    check(&records, &ledger, STREAM);
    let spoken = balance::spoken_for(&records, &ledger, STREAM);
    for (row, line) in (1..).zip(data.split(|b| *b == b'\n')) {
        let line = if row == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        assert!(spoken.contains(&row) || !must_be_spoken_for(line), "line {row} vanished: {}", String::from_utf8_lossy(line));
    }
}

/// A file that ends within a JSON value is refused.
fn breaks_off(e: &ReadError) -> bool {
    e.to_string().contains("breaks off")
}

fn check(records: &[Record], ledger: &Ledger, file: &str) {
    balance::sums(records, ledger);
    let spoken = balance::spoken_for(records, ledger, file);
    assert!(spoken.len() as u64 <= balance::rows(ledger, file), "rows were spoken of that were not counted: {spoken:?}");
    assert!(records.is_sorted_by(|a, b| a.patient.id < b.patient.id), "one record a patient, in the order of ids");
}

fn must_be_spoken_for(line: &[u8]) -> bool {
    /// A resource with its type alone; other fields may hold what no number can (`1e400`) and are passed over.
    #[derive(Deserialize)]
    struct Typed {
        #[serde(rename = "resourceType")]
        kind: String,
    }
    let Ok(text) = std::str::from_utf8(line) else { return true };
    if text.trim_ascii().is_empty() {
        return false;
    }
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return true;
    }
    // Of a field that stands twice the reader and this check may believe different ones.
    if text.matches("resourceType").count() > 1 || text.contains('\\') {
        return false;
    }
    serde_json::from_str::<Typed>(text).map_or(true, |typed| ALWAYS_SPOKEN_FOR.contains(&&*typed.kind))
}
