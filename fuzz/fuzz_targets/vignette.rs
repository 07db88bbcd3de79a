//! Fuzzes the reader of vignettes.
#![no_main]

use barograph_fuzz::{grading, vignette};
use barograph_grading::Policy;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(grading::policies);

fuzz_target!(|data: &[u8]| vignette::run(data, &POLICIES[0]));
