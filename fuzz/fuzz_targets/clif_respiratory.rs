//! Fuzzes the reader of the CLIF table of respiratory.
#![no_main]

use barograph_fuzz::{clif, contained, folder::Folder};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static FOLDER: LazyLock<Folder> = LazyLock::new(clif::folder);

fuzz_target!(init: contained::let_foreign_panics_unwind(), |data: &[u8]| clif::run_respiratory(&FOLDER, data));
