//! The file of `--infusions`: who was infused when, where the main input does not say.

use super::table::{Layout, Table};
use crate::ReadError;
use crate::instant::{Offsets, timestamp};
use barograph_record::{Ledger, Reason};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;

const LAYOUT: Layout = Layout {
    columns: &["patient", "infusion_time", "product"],
    required: 2,
    remedy: "its first line must name the columns: patient,infusion_time and optionally product",
};

/// One patient's infusion.
pub(crate) struct Infusion {
    pub(crate) time: Timestamp,
    pub(crate) product: Option<String>,
    line: u32,
}

/// Infusions by patient, each to be taken once.
#[derive(Default)]
pub(crate) struct Infusions {
    file: String,
    by_patient: BTreeMap<String, Infusion>,
    /// How its times are written.
    pub(super) offsets: Offsets,
}

impl Infusions {
    /// Reads the file, if one is given.
    ///
    /// # Errors
    /// [`ReadError`] when the file cannot be read or lacks a column.
    pub(crate) fn read(path: Option<&Path>, ledger: &mut Ledger) -> Result<Self, ReadError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let mut table = Table::open(path, &LAYOUT, ledger)?;
        let mut by_patient = BTreeMap::new();
        let mut offsets = Offsets::default();
        while let Some(line) = table.next(ledger)? {
            let (id, product) = (table.get(0), table.get(2));
            offsets.meet(table.get(1), &table.name, line, "infusion_time");
            if id.is_empty() {
                ledger.note(&table.name, line, "patient", Reason::Malformed, "no patient is named");
            } else if by_patient.contains_key(id) {
                ledger.note(&table.name, line, "patient", Reason::DuplicatePatient, "infused in an earlier row");
            } else if let Some(time) = timestamp(table.get(1)) {
                let product = (!product.is_empty()).then(|| product.to_owned());
                by_patient.insert(id.to_owned(), Infusion { time, product, line });
            } else {
                ledger.note(&table.name, line, "infusion_time", Reason::Time, table.get(1));
            }
        }
        Ok(Self { file: table.name, by_patient, offsets })
    }

    /// The infusion of a patient, once.
    pub(crate) fn take(&mut self, patient: &str) -> Option<Infusion> {
        self.by_patient.remove(patient)
    }

    /// Notes the infusions that no patient of the input took.
    pub(crate) fn finish(self, ledger: &mut Ledger) {
        for infusion in self.by_patient.values() {
            ledger.note(&self.file, infusion.line, "patient", Reason::UnknownPatient, "not in the input");
        }
    }
}
