//! What the fuzz targets do with their input, apart from the engine, so that a plain test can do it too.
//!
//! Each module is a target: `run` takes the input and panics where something that must hold does not.
//! See `docs/fuzzing.md`.

#![forbid(unsafe_code)]

pub mod balance;
pub mod clif;
pub mod contained;
pub mod csv;
pub mod fhir;
pub mod folder;
pub mod grading;
pub mod models;
pub mod policy;
pub mod protocol;
pub mod unit;
pub mod vignette;

use cap::Cap;
use std::alloc::System;

/// Bytes that an input of a few kilobytes may make the project hold at once; more ends the run as a finding.
const MOST_BYTES: usize = 256 << 20;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, MOST_BYTES);
