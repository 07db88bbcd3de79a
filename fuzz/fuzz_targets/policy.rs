//! Fuzzes policy files.
#![no_main]

use barograph_fuzz::policy;
use barograph_record::Record;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static RECORD: LazyLock<Record> = LazyLock::new(policy::record);

fuzz_target!(|data: &[u8]| policy::run(data, &RECORD));
