//! Grades of cytokine release syndrome over time, as floor and ceiling, with the evidence behind each step.
//!
//! Grading takes two steps. [`axes`] turn events into what is certain and what cannot be excluded of
//! fever, circulation and breathing, under a named [`Policy`]. [`scales`] turn axes at an instant into a
//! grade; each published definition stands in a file of its own. The [`Grader`] drives both, event by
//! event, and folds the course into episodes.
//!
//! The crate does no I/O, reads no clock and draws no randomness. Pushing events one by one gives
//! exactly what grading the whole record gives.

pub mod axes;
pub mod companions;
mod course;
mod fold;
mod grader;
pub mod hypotension;
mod live;
mod missing;
pub mod policy;
pub mod scales;
pub mod scores;
mod threshold;
mod toxicity;
mod watch;

pub use course::{Cause, Episode, Evidence, Gap, Grade, Graded, Onset, Peak, Resolution, Role, Step};
pub use grader::{Grader, grade};
pub use live::LiveGrader;
pub use missing::{Missing, Unstated};
pub use policy::{Decision, Policy, PolicyError};
pub use threshold::{Baseline, ThresholdClock};
pub use watch::{Now, Watch};
