//! Grades of cytokine release syndrome over time.

mod course;

pub use course::{Cause, Episode, Evidence, Gap, Grade, Graded, Onset, Peak, Resolution, Role, Step};
