//! What plans make due for invented children.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

mod amounts;
mod common;
mod due;
mod gaps;
mod handover;
mod limits;
mod options;
mod properties;
mod unknown;
