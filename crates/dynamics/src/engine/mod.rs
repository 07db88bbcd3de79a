//! The integrator: made for populations.
//!
//! `drive.rs` is the loop, `rodas5p.rs` the method, `kernel.rs` what it asks of a model, `patient.rs` and `ward.rs` what it knows of patients.

mod drive;
mod kernel;
mod lanes;
mod patient;
mod rodas5p;
mod simd;
mod tsit5;
mod ward;

pub use drive::Method;
pub(crate) use drive::Plan;
pub(crate) use kernel::{Equations, Interpreted, Printed};
pub use patient::{Change, Dose, Patient};
pub use simd::Width;
pub(crate) use simd::{Backend, drive};
pub(crate) use ward::{Finished, Programs, Ward};
pub use ward::{Moment, Reason};
