//! Grading told as stories and as properties, without any reader in between.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are not test functions to the lint

mod astct;
mod common;
mod companions;
mod properties;
mod scales;
