//! Everything known about one patient, in time order, with units and provenance.
//!
//! The crate does no I/O, reads no clock and draws no randomness. Readers hand raw observations to
//! a [`RecordBuilder`], which checks units and plausibility, keeps corrections straight and puts
//! whatever it cannot use into the [`Ledger`]; nothing is dropped in silence. The result is a [`Record`].

mod age;
mod builder;
mod code;
mod event;
mod knowledge;
mod ledger;
mod patient;
mod plausible;
mod record;
mod signal;
mod texts;
mod time;
mod unit;

pub use age::Age;
pub use builder::{Observation, RawTime, RawValue, RecordBuilder, Status};
pub use code::Code;
pub use event::{Comparator, Event, Origin, TextId, Value};
pub use knowledge::{Knowledge, Verified};
pub use ledger::{Entry, Ledger, Reason};
pub use patient::{Patient, Sex};
pub use plausible::{PlausibleRanges, Range};
pub use record::{Files, Record};
pub use signal::{Group, Kind, Signal};
pub use texts::Texts;
pub use time::{Instant, Span};
pub use unit::{Context, Dimension, Unit, UnitError, round_significant};
