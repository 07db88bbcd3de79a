//! Fuzzes the reader of FHIR NDJSON.
#![no_main]

use barograph_fuzz::fhir;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fhir::run_ndjson(data));
