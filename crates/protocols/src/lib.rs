//! Published management plans as text, the doses they name, and what they make due for one patient.
//!
//! A [`Protocol`](language::Protocol) is read from TOML that a clinician can correct.
//!
//! The crate does no I/O, reads no clock and draws no randomness.

pub mod doses;
pub mod language;
pub mod library;
