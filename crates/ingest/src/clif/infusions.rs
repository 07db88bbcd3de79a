//! The file of `--infusions`: who was infused when, where the tables do not say.

use crate::{ReadError, instant};
use barograph_record::{Ledger, Reason};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

const REMEDY: &str = "its first line must name the columns: patient,infusion_time and optionally product";

/// One patient's infusion.
pub(super) struct Infusion {
    pub(super) time: Timestamp,
    pub(super) product: Option<String>,
    line: u32,
}

/// Infusions by patient, each to be taken once.
#[derive(Default)]
pub(super) struct Infusions {
    file: String,
    by_patient: BTreeMap<String, Infusion>,
}

#[derive(Deserialize)]
struct Line {
    patient: String,
    infusion_time: String,
    product: Option<String>,
}

impl Infusions {
    /// Reads the file, if one is given.
    ///
    /// # Errors
    /// [`ReadError`] when the file cannot be read or lacks a column.
    pub(super) fn read(path: Option<&Path>, ledger: &mut Ledger) -> Result<Self, ReadError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let invalid = |e: csv::Error| ReadError::invalid(path, e, REMEDY);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(|e| match e.into_kind() {
            csv::ErrorKind::Io(source) => ReadError::io(path, source),
            other => ReadError::invalid(path, format!("{other:?}"), REMEDY),
        })?;
        let headers = reader.headers().map_err(invalid)?.clone();
        if !["patient", "infusion_time"].iter().all(|name| headers.iter().any(|h| h == *name)) {
            return Err(ReadError::invalid(path, "a column is missing", REMEDY));
        }
        let mut out = Self { file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), ..Self::default() };
        let mut rows = 0;
        for record in reader.records() {
            rows += 1;
            let line: u32 = record.as_ref().ok().and_then(|r| r.position()).map_or(0, |p| p.line().try_into().unwrap_or(u32::MAX));
            let Ok(Ok(row)) = record.map(|r| r.deserialize::<Line>(Some(&headers))) else {
                ledger.note(&out.file, line, "", Reason::Malformed, "the row does not have the columns of the header");
                continue;
            };
            let product = row.product.filter(|p| !p.is_empty());
            let Some(time) = instant::timestamp(&row.infusion_time) else {
                ledger.note(&out.file, line, "infusion_time", Reason::Time, &row.infusion_time);
                continue;
            };
            if let Entry::Vacant(entry) = out.by_patient.entry(row.patient) {
                entry.insert(Infusion { time, product, line });
            } else {
                ledger.note(&out.file, line, "patient", Reason::DuplicatePatient, "infused in an earlier row");
            }
        }
        ledger.count_rows(&out.file, rows);
        Ok(out)
    }

    /// The infusion of a patient, once.
    pub(super) fn take(&mut self, patient: &str) -> Option<Infusion> {
        self.by_patient.remove(patient)
    }

    /// Notes the infusions that no patient of the input took.
    pub(super) fn finish(self, ledger: &mut Ledger) {
        for infusion in self.by_patient.values() {
            ledger.note(&self.file, infusion.line, "patient", Reason::UnknownPatient, "not in the input");
        }
    }
}
