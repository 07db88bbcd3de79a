//! Scores held to their publications: every edge, every unit, and what a missing input does.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

mod common;
mod ctcae;
mod dic;
mod easix;
mod hscore;
mod kdigo;
mod knowledge;
mod model;
mod organ;
mod phoenix;
mod properties;
mod vasoactive;
mod windows;
