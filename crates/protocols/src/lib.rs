//! Published management plans as text, the doses they name, and what they make due for one patient.
//!
//! A [`Protocol`](language::Protocol) is read from TOML that a clinician can correct. The [`Engine`](engine::Engine) puts one or several to work
//! on a patient's events: it is causal and incremental like the grader, and says what is due, by which rule, on which evidence, in which dose.
//!
//! The crate does no I/O, reads no clock and draws no randomness.

pub mod adherence;
pub mod assumptions;
pub mod doses;
pub mod engine;
pub mod exposure;
pub mod language;
pub mod library;
pub mod lint;
