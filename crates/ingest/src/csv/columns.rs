//! The tables of the plain-text form kept as Parquet: the same columns, each a text or a number.

use super::events::Intake;
use super::infusions::Infusions;
use super::{Builders, patients};
use crate::instant::Offsets;
use crate::parquet::{Row, Table, Wanted};
use crate::{ReadError, Sink};
use barograph_record::{Ledger, Reason};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

const PATIENTS: &[Wanted; 8] = &[
    Wanted::Needed("patient"),
    Wanted::Extra("birth_date"),
    Wanted::Extra("age_years"),
    Wanted::Extra("sex"),
    Wanted::Extra("weight_kg"),
    Wanted::Extra("height_cm"),
    Wanted::Extra("product"),
    Wanted::Extra("infusion_time"),
];

const EVENTS: &[Wanted; 8] = &[
    Wanted::Needed("patient"),
    Wanted::Needed("time"),
    Wanted::Needed("signal"),
    Wanted::Needed("value"),
    Wanted::Extra("unit"),
    Wanted::Extra("detail"),
    Wanted::Extra("recorded"),
    Wanted::Extra("channel"),
];

/// Reads every patient and opens a builder for each.
pub(super) fn patients(path: &Path, infusions: &mut Infusions, offsets: &mut Offsets, ledger: &mut Ledger) -> Result<Builders, ReadError> {
    let mut builders = Builders::new();
    let (table, file) = open(path, PATIENTS, ledger)?;
    let rows = table.for_each(PATIENTS, |row| {
        let cells = cells(row, PATIENTS);
        patients::add(&mut builders, infusions, offsets, &file, row.number, ledger, |column| &cells[column]);
    })?;
    ledger.count_rows(&file, rows);
    Ok(builders)
}

/// Reads every event into its patient's builder.
///
/// Where the patients are known beforehand, those whose last row was read are given to `sink`, as far as the order of ids allows: a large table that is in
/// the order of its patients is never held as a whole.
pub(super) fn events(path: &Path, intake: &mut Intake<'_, '_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (table, file) = open(path, EVENTS, intake.ledger)?;
    let mut last = last_rows(&table)?;
    let rows = table.for_each(EVENTS, |row| {
        let cells = cells(row, EVENTS);
        intake.add(&file, row.number, |column| &cells[column]);
        if last.get(&*cells[0]) == Some(&row.number) {
            last.remove(&*cells[0]);
            intake.give_before(&last, sink);
        }
    })?;
    intake.ledger.count_rows(&file, rows);
    Ok(())
}

/// The last row of each patient.
fn last_rows(table: &Table) -> Result<HashMap<String, u32>, ReadError> {
    let mut last: HashMap<String, u32> = HashMap::new();
    table.for_each(&[Wanted::Needed("patient")], |row| {
        let id = row.text("patient").unwrap_or_default();
        match last.get_mut(&*id) {
            Some(known) => *known = row.number,
            None => {
                last.insert(id.into_owned(), row.number);
            }
        }
    })?;
    Ok(last)
}

/// Opens a table; columns of other names are noted in the ledger.
fn open(path: &Path, wanted: &[Wanted], ledger: &mut Ledger) -> Result<(Table, String), ReadError> {
    let table = Table::open(path, 0)?;
    let file = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    for column in table.columns().filter(|c| wanted.iter().all(|w| w.name() != *c)) {
        ledger.note(&file, 0, column, Reason::FieldIgnored, "unknown column");
    }
    Ok((table, file))
}

/// The cells of a row as texts, in the order of the columns wanted; null is empty.
fn cells<'r>(row: &Row<'r>, wanted: &[Wanted; 8]) -> [Cow<'r, str>; 8] {
    wanted.each_ref().map(|column| row.text(column.name()).unwrap_or_default())
}
