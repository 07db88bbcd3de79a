//! What each face of a graded record shows, on three invented children.

#![allow(clippy::unwrap_used)] // helpers of tests, which fail by panicking

mod children;
mod page;
mod text;
