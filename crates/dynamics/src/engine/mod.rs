//! The integrator: made for populations.
//!
//! `drive.rs` is the loop: start there. `step.rs` attempts a step (`rodas5p.rs`, `tsit5.rs` hold the methods' numbers), `rows.rs` makes what is
//! wanted of it, `beds.rs` attends to patients at their stops. `kernel.rs` is what the engine asks of a model, `ward.rs` what it asks of a
//! population, `simd.rs` and `registers.rs` the machine's registers.
//!
//! **Why loops count here.** The engine is compiled once for each width, into functions that may use the wide registers. Small functions without
//! arguments that matter (iterator adaptors, closures) are not always inlined into those, and a call spills every register. So what runs at every
//! step counts from 0 to n over slices of length n.
//!
//! **Why an attempt takes the workspace.** A call for each stage with a struct of slices cost an eighth of the time: the lengths, just written
//! number by number, were read back side by side, which the machine cannot forward from its store buffer. And slices as single arguments, of
//! which the compiler believes that they do not overlap, let it read everything early and spill it: a fifth slower on the model of a child.

mod beds;
mod drive;
mod kernel;
mod lanes;
mod patient;
mod registers;
pub(crate) mod rodas5p;
mod rows;
mod simd;
mod step;
mod tsit5;
mod ward;
mod workspace;

pub(crate) use kernel::{Equations, Interpreted, Lengths, Printed};
pub use patient::{Change, Dose, Patient};
pub use simd::Width;
pub(crate) use simd::{Backend, drive};
pub(crate) use ward::{Finished, Programs, Ward};
pub use ward::{Moment, Reason};
pub use workspace::Method;
pub(crate) use workspace::{Plan, Workspace};
