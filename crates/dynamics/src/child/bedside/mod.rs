//! The bedside: what nurses measure and chart, and the support that circulation and breathing are given.

mod antipyretic;
mod chart;
mod laboratory;
mod ladder;
mod vitals;

pub(super) use antipyretic::Antipyretics;
pub(super) use chart::Chart;
pub use chart::{Note, NoteValue};
pub(super) use laboratory::laboratory;
pub(super) use ladder::{Action, Ladder};
pub use ladder::{Breathing, Circulation, Support};
pub(super) use vitals::{Measured, measure, saturation};
