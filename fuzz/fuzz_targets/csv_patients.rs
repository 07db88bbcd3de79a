//! Fuzzes the reader of `patients.csv`.
#![no_main]

use barograph_fuzz::{csv, folder::Folder};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::new);

fuzz_target!(|data: &[u8]| csv::run_patients(&FOLDER, data));
