//! The virtual child: an integrated model, the bedside around it, and populations of such children.
//!
//! [`Child`] is who it is, drawn from a [`Population`]; [`simulate`] lets the engine and the bedside controller
//! run together and gives each child's [`Course`]: what was charted, as an ordinary [`Record`](barograph_record::Record), and
//! what was true. The crate grades nothing: a [`Treatment`] sees what is charted, and callers that decide by grade
//! bring their own.
//!
//! The equations stand in `models/child.model`; distributions and the numbers of the ward, with their sources, in `knowledge/populations`.

mod bedside;
pub mod calibration;
mod course;
mod draws;
mod extinction;
mod model;
mod person;
mod population;
mod prior;
mod run;
pub mod search;
mod summary;
mod treatment;
mod ward;

pub use bedside::{Breathing, Circulation, Note, NoteValue, Support};
pub use course::Course;
pub use model::{ChildModel, ChildState};
pub use person::{Child, Request};
pub use population::{Accepted, Population, PopulationError};
pub use prior::{Law, Prior, Typical, Vary};
pub use run::{Failure, Options, simulate};
pub use summary::{Blockade, Daily, LongTerm, Peak, Summary};
pub use treatment::{AtTimes, Drug, EraStandard, Order, Repeated, Treatment, Untreated, View};
