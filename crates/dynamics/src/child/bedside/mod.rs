//! The bedside: what nurses measure and chart, and the support that circulation and breathing are given.

mod chart;
mod ladder;
mod laboratory;
mod vitals;

pub use chart::{Note, NoteValue};
pub(super) use chart::Chart;
pub(super) use ladder::{Action, Ladder};
pub(super) use laboratory::laboratory;
pub use ladder::{Breathing, Circulation, Support};
pub(super) use vitals::{Measured, measure, saturation};
