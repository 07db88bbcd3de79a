//! Fuzzes SBML files.
#![no_main]

use barograph_fuzz::models;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| models::run_sbml(data));
