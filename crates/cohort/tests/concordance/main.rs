//! Concordance of hand-made grades: what is counted, estimated, explained and drawn.

#![allow(clippy::unwrap_used)] // the lint's exception covers test functions, not their helpers

mod children;
mod counts;
mod faces;
mod rules;
