//! CLIF: an arbitrary Parquet file as one table beside sound ones.

use crate::balance;
use crate::folder::Folder;
use barograph_ingest::Format;
use barograph_record::{Ledger, Record};

const PATIENT: &[u8] = include_bytes!("../sound/clif_patient.parquet");
const HOSPITALIZATION: &[u8] = include_bytes!("../sound/clif_hospitalization.parquet");

const VITALS: &str = "clif_vitals.parquet";
const RESPIRATORY: &str = "clif_respiratory_support.parquet";
const MEDICATION: &str = "clif_medication_admin_continuous.parquet";

/// A folder with the tables that say who the patients are.
#[must_use]
pub fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("clif_patient.parquet", PATIENT);
    folder.write("clif_hospitalization.parquet", HOSPITALIZATION);
    folder
}

/// Reads arbitrary bytes as the table `vitals`.
pub fn run_vitals(folder: &Folder, data: &[u8]) {
    if let Some((records, ledger)) = read(folder, VITALS, data) {
        balance::each_row_is_one_event(&records, &ledger, VITALS);
    }
}

/// Reads arbitrary bytes as the table `respiratory_support`, whose rows give up to three events.
pub fn run_respiratory(folder: &Folder, data: &[u8]) {
    if let Some((records, ledger)) = read(folder, RESPIRATORY, data) {
        let rows = balance::rows(&ledger, RESPIRATORY);
        assert_eq!(balance::spoken_for(&records, &ledger, RESPIRATORY).len() as u64, rows, "every row is an event or in the ledger");
    }
}

/// Reads arbitrary bytes as the table `medication_admin_continuous`.
pub fn run_medication(folder: &Folder, data: &[u8]) {
    if let Some((records, ledger)) = read(folder, MEDICATION, data) {
        balance::each_row_is_one_event(&records, &ledger, MEDICATION);
    }
}

fn read(folder: &Folder, name: &str, data: &[u8]) -> Option<(Vec<Record>, Ledger)> {
    folder.write(name, data);
    let (records, ledger) = folder.read(Format::Clif).ok()?;
    balance::sums(&records, &ledger);
    Some((records, ledger))
}
