//! Fuzzes event tables.
#![no_main]

use barograph_dynamics::Model;
use barograph_fuzz::models;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static MODEL: LazyLock<Model> = LazyLock::new(models::oral);

fuzz_target!(|data: &[u8]| models::run_table(data, &MODEL));
