//! Fuzzes the unit parser.
#![no_main]

use barograph_fuzz::unit;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| unit::run(data));
