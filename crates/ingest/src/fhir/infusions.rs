//! The user's own list of infusions: CSV `patient,infusion_time[,product]`.

use crate::{ReadError, instant};
use barograph_record::{Ledger, Reason};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;

/// One patient's infusion as the user states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Infusion {
    pub(super) at: Timestamp,
    pub(super) product: Option<String>,
    row: u32,
}

/// Every infusion named, by patient.
#[derive(Debug, Default)]
pub(super) struct Infusions {
    name: String,
    by_patient: BTreeMap<String, Infusion>,
}

const REMEDY: &str = "give a CSV file with the columns patient,infusion_time[,product]";

impl Infusions {
    /// Reads the list; rows without a usable time or of a patient named before go to the ledger.
    ///
    /// # Errors
    /// [`ReadError`] when the file cannot be read or lacks a column.
    pub(super) fn read(path: &Path, ledger: &mut Ledger) -> Result<Self, ReadError> {
        let file = std::fs::File::open(path).map_err(|e| ReadError::io(path, e))?;
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(file);
        let headers = reader.headers().map_err(|e| ReadError::invalid(path, e, REMEDY))?.clone();
        let column = |name: &str| headers.iter().position(|h| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
        let missing = |name| ReadError::invalid(path, format!("no column `{name}`"), REMEDY);
        let patient = column("patient").ok_or_else(|| missing("patient"))?;
        let time = column("infusion_time").ok_or_else(|| missing("infusion_time"))?;
        let product = column("product");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut by_patient = BTreeMap::new();
        let mut rows = 0;
        for record in reader.records() {
            rows += 1;
            let record = record.map_err(|e| ReadError::invalid(path, e, REMEDY))?;
            let row = record.position().map_or(0, |p| u32::try_from(p.line()).unwrap_or(u32::MAX));
            let field = |i: usize| record.get(i).unwrap_or("");
            let Some(at) = instant::timestamp(field(time)) else {
                ledger.note(&name, row, "infusion_time", Reason::Time, field(time));
                continue;
            };
            let product = product.map(field).filter(|p| !p.is_empty()).map(str::to_owned);
            if by_patient.contains_key(field(patient)) {
                ledger.note(&name, row, "patient", Reason::DuplicatePatient, field(patient));
            } else {
                by_patient.insert(field(patient).to_owned(), Infusion { at, product, row });
            }
        }
        ledger.count_rows(&name, rows);
        Ok(Self { name, by_patient })
    }

    /// Takes a patient's infusion out of the list.
    pub(super) fn take(&mut self, patient: &str) -> Option<Infusion> {
        self.by_patient.remove(patient)
    }

    /// Notes the patients who were not in the input.
    pub(super) fn note_unused(self, ledger: &mut Ledger) {
        for (patient, infusion) in self.by_patient {
            ledger.note(&self.name, infusion.row, "patient", Reason::UnknownPatient, &patient);
        }
    }
}
