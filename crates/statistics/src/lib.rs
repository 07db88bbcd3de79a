//! Estimators on plain arrays.
//!
//! Agreement of two gradings ([`CrossTable`], [`Kappa`]), proportions ([`wilson`]), medians ([`Median`]), and
//! resampling ([`Bootstrap`]) from a counter-based generator ([`Generator`]): the same seed gives the same
//! bits on every machine and at any number of threads.
//!
//! An estimate that does not exist is [`NotDefined`], with the reason in words; no function returns NaN.
//! The crate does no I/O, reads no clock and draws no unseeded randomness.

mod bootstrap;
mod confidence;
mod cross_table;
mod generator;
mod kappa;
mod median;
mod not_defined;
mod proportion;

pub use bootstrap::{Bootstrap, Resampled};
pub use confidence::{Confidence, Interval};
pub use cross_table::{CrossTable, OutOfRange};
pub use generator::Generator;
pub use kappa::{Kappa, Weights};
pub use median::{Median, MedianInterval};
pub use not_defined::NotDefined;
pub use proportion::wilson;
