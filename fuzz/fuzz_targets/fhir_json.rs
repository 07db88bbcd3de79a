//! Fuzzes the reader of FHIR documents.
#![no_main]

use barograph_fuzz::{fhir, folder::Folder};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::new);

fuzz_target!(|data: &[u8]| fhir::run_json(&FOLDER, data));
