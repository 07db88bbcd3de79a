//! Many records at once.
//!
//! [`Concordance`] takes patients one by one, each graded by several scales, and says how far the scales agree on the
//! peak grade, in whom they differ, and which rule decided on either side. It also sets grades that
//! somebody reported against the derived ones. [`AdherenceReport`] sets treatment as it was given against what plans made due. Results of different scales are compared, never pooled.

mod adherence;
mod concordance;
mod figure;

pub use adherence::AdherenceReport;
pub use concordance::{Agreement, Comparison, Concordance, Disagreement, KappaEstimate, Report, RulePair, Side};
