//! The integrator: made for populations.
//!
//! `drive.rs` is the loop, `rodas5p.rs` the method, `kernel.rs` what it asks of a model, `patient.rs` and `ward.rs` what it knows of patients.

mod drive;
mod kernel;
mod lanes;
mod patient;
mod rodas5p;
mod ward;

pub(crate) use drive::{Plan, drive};
pub(crate) use kernel::{Equations, Interpreted, Kernel, Point};
pub use patient::{Change, Dose, Patient};
pub(crate) use ward::{Finished, Programs, Ward};
pub use ward::{Moment, Reason};
