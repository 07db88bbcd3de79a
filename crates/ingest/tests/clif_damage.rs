//! Damaged Parquet files: an error that names the file and says what to do, never a panic.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod clif_fixture;

use barograph_ingest::{Options, ReadError};
use clif_fixture::{Cells, Style, child, folder, read_with, sheet, write, zstd};
use std::path::Path;

const NOON: &str = "2024-01-01T12:00:00Z";

/// Reads the folder with a damaged file in it; gives whether it was refused.
fn refused(folder: &Path, name: &str, bytes: &[u8]) -> bool {
    std::fs::write(folder.join(name), bytes).unwrap();
    match read_with(folder, &Options::default()) {
        Ok(_) => false,
        Err(error @ ReadError::Invalid { .. }) => {
            let text = error.to_string();
            assert!(text.contains(name) && text.contains(';'), "{text}");
            true
        }
        Err(other) => panic!("{other}"),
    }
}

fn vitals(style: Style) -> (std::path::PathBuf, Vec<u8>) {
    let folder = folder();
    child(&folder, style);
    let times: Vec<&'static str> = vec![NOON; 40];
    let value = |i: i32| if i % 7 == 0 { None } else { Some(36.0 + f64::from(i) / 10.0) };
    let rest = vec![
        ("vital_category", Cells::Text((0..40).map(|i| Some(if i % 2 == 0 { "temp_c" } else { "heart_rate" })).collect())),
        ("vital_value", Cells::Double((0..40).map(value).collect())),
        ("meas_site_name", Cells::Text((0..40).map(|i| (i % 3 == 0).then_some("Oral")).collect())),
    ];
    write(&folder, "vitals", &sheet("recorded_dttm", &times, rest), style);
    let bytes = std::fs::read(folder.join("clif_vitals.parquet")).unwrap();
    (folder, bytes)
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    let (folder, bytes) = vitals(Style::default());
    for end in (0..bytes.len()).step_by(5) {
        assert!(refused(&folder, "clif_vitals.parquet", &bytes[..end]), "cut at {end}");
    }
    assert!(!refused(&folder, "clif_vitals.parquet", &bytes));
}

#[test]
fn flipped_bits_never_panic() {
    std::panic::set_hook(Box::new(|_| ())); // contained panics of the decoder would fill the output
    let styles = [Style::default(), Style { dictionary: false, compression: zstd(), unit: "NANOS", group: 16 }];
    let mut damaged = 0;
    for style in styles {
        let (folder, bytes) = vitals(style);
        for (i, bit) in (0..bytes.len()).step_by(3).zip([0, 3, 6, 7, 1].into_iter().cycle()) {
            let mut bytes = bytes.clone();
            bytes[i] ^= 1 << bit;
            damaged += usize::from(refused(&folder, "clif_vitals.parquet", &bytes));
        }
    }
    // Parquet carries no checksum here, so a flip inside a value may pass; flips of structure must not.
    assert!(damaged > 300, "{damaged}");
}

#[test]
fn a_damaged_table_that_is_not_read_is_refused_too() {
    let (folder, bytes) = vitals(Style::default());
    assert!(!refused(&folder, "clif_adt.parquet", &bytes));
    assert!(refused(&folder, "clif_adt.parquet", &bytes[..bytes.len() / 2]));
    assert!(refused(&folder, "clif_adt.parquet", b"patient_id,in_dttm\n1,2\n"));
}

/// A run of nulls packs millions of rows into a few bytes, each of which would be a ledger entry.
#[test]
fn a_file_that_states_more_rows_than_it_can_hold_is_refused() {
    let (folder, _) = vitals(Style::default());
    let sheet = |rows| vec![("in_dttm", Cells::Time(vec![None; rows])), ("location_category", Cells::Text(vec![None; rows]))];
    write(&folder, "adt", &sheet(2_000), Style::default());
    assert!(read_with(&folder, &Options::default()).is_ok());
    write(&folder, "adt", &sheet(1_000_000), Style::default());
    let error = read_with(&folder, &Options::default()).unwrap_err().to_string();
    assert!(error.contains("clif_adt.parquet") && error.contains("1000000 rows in"), "{error}");
}
