//! `patients.csv`: one patient a row.

use super::Builders;
use super::infusions::Infusions;
use super::patient::WrittenPatient;
use super::table::{Layout, Table};
use crate::ReadError;
use barograph_record::{Ledger, Reason, RecordBuilder};
use std::path::Path;

const LAYOUT: Layout = Layout {
    columns: &["patient", "birth_date", "age_years", "sex", "weight_kg", "height_cm", "product", "infusion_time"],
    required: 1,
    remedy: "its first line must name the columns: patient,birth_date,age_years,sex,weight_kg,height_cm,product,infusion_time \
             (any may be absent but patient)",
};

/// Reads every patient and opens a builder for each.
pub(super) fn read(path: &Path, infusions: &mut Infusions, ledger: &mut Ledger) -> Result<Builders, ReadError> {
    let mut builders = Builders::new();
    let mut table = Table::open(path, &LAYOUT, ledger)?;
    while let Some(line) = table.next(ledger)? {
        let written = WrittenPatient {
            id: table.get(0),
            birth_date: table.get(1),
            age_years: table.get(2),
            sex: table.get(3),
            weight_kg: table.get(4),
            height_cm: table.get(5),
            product: table.get(6),
            infusion_time: table.get(7),
        };
        if written.id.is_empty() {
            ledger.note(&table.name, line, "patient", Reason::Malformed, "no patient is named");
            continue;
        }
        if builders.contains_key(written.id) {
            ledger.note(&table.name, line, "patient", Reason::DuplicatePatient, "described in an earlier row");
            continue;
        }
        let infusion = infusions.take(written.id);
        let mut ignored = |field: &str, why: &str| ledger.note(&table.name, line, field, Reason::FieldIgnored, why);
        let mut patient = written.read(infusion.as_ref().map(|i| i.time), &mut ignored);
        if let Some(product) = infusion.and_then(|i| i.product) {
            patient.product = Some(product);
        }
        builders.insert(patient.id.clone(), RecordBuilder::new(patient));
    }
    Ok(builders)
}
