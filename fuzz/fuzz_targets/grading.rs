//! Fuzzes the grader.
#![no_main]

use barograph_fuzz::grading;
use barograph_grading::Policy;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(grading::policies);

fuzz_target!(|input: grading::Input| grading::run(&input, &POLICIES));
