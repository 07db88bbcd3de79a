//! The accounting that must come out even: nothing read is dropped in silence.

use barograph_record::{Entry, Ledger, Record};
use std::collections::BTreeSet;

/// Rows counted of a file.
#[must_use]
pub fn rows(ledger: &Ledger, file: &str) -> u64 {
    ledger.rows().filter(|(name, _)| *name == file).map(|(_, rows)| rows).sum()
}

/// Entries of a file that say of a row that it was lost.
pub fn lost<'l>(ledger: &'l Ledger, file: &'l str) -> impl Iterator<Item = &'l Entry> {
    ledger.entries().iter().filter(move |e| &*e.file == file && e.row > 0 && e.reason.loses_the_row())
}

/// Events made of the rows of a file.
#[must_use]
pub fn made(records: &[Record], file: &str) -> u64 {
    let of_file = |r: &Record| {
        let name = |e: &&barograph_record::Event| r.files.get(usize::from(e.origin.file)).is_some_and(|f| &**f == file);
        r.events.iter().filter(name).count() as u64
    };
    records.iter().map(of_file).sum()
}

/// Where one row is one event: rows are events and lost rows, no more and no fewer.
pub fn each_row_is_one_event(records: &[Record], ledger: &Ledger, file: &str) {
    let (rows, made, lost) = (rows(ledger, file), made(records, file), lost(ledger, file).count() as u64);
    assert_eq!(rows, made + lost, "{file}: {rows} rows, {made} events, {lost} lost: {:#?}", ledger.entries());
}

/// Rows of a file that an event or a ledger entry speaks of.
#[must_use]
pub fn spoken_for(records: &[Record], ledger: &Ledger, file: &str) -> BTreeSet<u32> {
    let of_file = |r: &Record, number: u16| r.files.get(usize::from(number)).is_some_and(|f| &**f == file);
    let events = records.iter().flat_map(|r| r.events.iter().filter(move |e| of_file(r, e.origin.file)).map(|e| e.origin.row));
    let entries = ledger.entries().iter().filter(|e| &*e.file == file).map(|e| e.row);
    events.chain(entries).filter(|row| *row > 0).collect()
}

/// The ledger's own sums agree: its counts are its entries, its events are the records'.
pub fn sums(records: &[Record], ledger: &Ledger) {
    assert_eq!(ledger.len(), ledger.entries().len() as u64, "the ledger counts what it lists");
    assert_eq!(ledger.events(), records.iter().map(|r| r.events.len() as u64).sum::<u64>(), "the ledger counts every event");
}
