//! `patients.csv`: one patient a row.

use super::Builders;
use super::infusions::Infusions;
use super::patient::WrittenPatient;
use super::table::{Layout, Table};
use crate::ReadError;
use crate::instant::{Offsets, timestamp};
use barograph_record::{Ledger, Reason, RecordBuilder};
use std::path::Path;

pub(super) const LAYOUT: Layout = Layout {
    columns: &["patient", "birth_date", "age_years", "sex", "weight_kg", "height_cm", "product", "infusion_time"],
    required: 1,
    remedy: "its first line must name the columns: patient,birth_date,age_years,sex,weight_kg,height_cm,product,infusion_time \
             (any may be absent but patient)",
};

/// Reads every patient and opens a builder for each.
pub(super) fn read(path: &Path, infusions: &mut Infusions, offsets: &mut Offsets, ledger: &mut Ledger) -> Result<Builders, ReadError> {
    let mut builders = Builders::new();
    let mut table = Table::open(path, &LAYOUT, ledger)?;
    while let Some(line) = table.next(ledger)? {
        add(&mut builders, infusions, offsets, &table.name, line, ledger, |column| table.get(column));
    }
    Ok(builders)
}

/// Opens a builder for the patient of a row; `get` gives its cells in the order of the layout.
pub(super) fn add<'t>(
    builders: &mut Builders,
    infusions: &mut Infusions,
    offsets: &mut Offsets,
    file: &str,
    line: u32,
    ledger: &mut Ledger,
    get: impl Fn(usize) -> &'t str,
) {
    let written = WrittenPatient {
        id: get(0),
        birth_date: get(1),
        age_years: get(2),
        sex: get(3),
        weight_kg: get(4),
        height_cm: get(5),
        product: get(6),
        infusion_time: get(7),
    };
    if written.id.is_empty() {
        return ledger.note(file, line, "patient", Reason::Malformed, "no patient is named");
    }
    if builders.contains_key(written.id) {
        return ledger.note(file, line, "patient", Reason::DuplicatePatient, "described in an earlier row");
    }
    offsets.meet(written.infusion_time, file, line, "infusion_time");
    let infusion = infusions.take(written.id);
    let mut ignored = |field: &str, why: &str| ledger.note(file, line, field, Reason::FieldIgnored, why);
    let mut patient = written.read(infusion.as_ref().map(|i| i.time), &mut ignored);
    if let Some(named) = infusion {
        // The list stands before the table, and says so where the two disagree.
        if !written.infusion_time.is_empty() && timestamp(written.infusion_time) != Some(named.time) {
            ignored("infusion_time", "the list of infusions names another time, which stands");
        }
        if let Some(product) = named.product {
            if !written.product.is_empty() && !written.product.eq_ignore_ascii_case(&product) {
                ignored("product", "the list of infusions names another product, which stands");
            }
            patient.product = Some(product);
        }
    }
    builders.insert(patient.id.clone(), RecordBuilder::new(patient));
}
