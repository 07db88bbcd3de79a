//! Fuzzes plan files.
#![no_main]

use barograph_fuzz::protocol::{Bench, run};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static BENCH: LazyLock<Bench> = LazyLock::new(Bench::new);

fuzz_target!(|data: &[u8]| run(data, &BENCH));
