//! Faces of a graded record: [`jsonl`] for programs, [`advice`] for what plans make due, [`Table`] for the terminal, [`explain`] for the
//! evidence behind a grade, [`scores`] over time, and [`HtmlReport`] for one page that opens
//! offline and prints.
//!
//! The crate computes no grade and changes none. It writes what grading found, each fact with its
//! citation, and says of every figure out of how many it is counted.

pub mod advice;
pub mod explain;
mod html;
pub mod jsonl;
pub mod scores;
pub mod summary;
mod table;
mod words;

pub use html::{Comparison, HtmlReport, Meta, PatientView, ScaleMeta, ScoreSeries};
pub use table::Table;
