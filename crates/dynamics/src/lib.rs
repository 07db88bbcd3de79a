//! Mechanistic models of CAR T-cell therapy and cytokine release, and the integrator that runs them for one patient or a population.
//!
//! # A model
//! A model is one text under `models/` (the language is that of `barograph_equations`); [`Model::named`] loads it by its id, and
//! [`Model::parse`] reads a user's own. The build script prints the equations of some models as Rust (the list `PRINTED` in
//! `build.rs`); the others are interpreted, with the same bits as result. Adding a model is adding its text.
//!
//! # One patient
//! ```
//! use barograph_dynamics::{Model, Problem, Settings};
//!
//! let model = Model::parse(r#"
//!     model one-compartment "A drug that leaves"
//!     time d
//!     parameter k = 0.5 1/d "elimination"
//!     parameter V = 3.5 L "volume"
//!     state A = 0 mg "amount" atol 1e-6
//!     d A = -k*A
//!     output conc = A/V mg/L "concentration"
//! "#)?;
//! let solution = Problem::new(&model).with("k", 0.4)?.infusion("A", 1.0, 560.0, 0.04)?.solve(&Settings::every(28.0, 112))?;
//! let peak = solution.output("conc")?.into_iter().fold(0.0, f64::max);
//! assert!((140.0..160.0).contains(&peak));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! Doses and changes of parameters are stops: the integrator lands on them exactly. A row at the time of an event shows the states before
//! the event. A regime that switches at a known time is a parameter with a [`Change`], not an `if` on `t`.
//!
//! # A population
//! [`run`] asks for each patient by number, lets a [`Policy`] act at decision times (see [`Moment`]), and hands the finished [`Course`] to
//! a closure that keeps what is needed. A patient that fails is an `Err` with all it takes to run it again; the others go on.

mod catalogue;
pub mod child;
mod engine;
pub mod kinetics;
mod library;
mod model;
pub mod models;
pub mod nonmem;
mod problem;
pub mod random;
mod run;
pub mod sbml;
mod scales;

pub use catalogue::{Entry, catalogue};
pub use engine::{Change, Dose, Method, Moment, Patient, Reason, Width};
pub use model::{Model, ModelError};
pub use problem::{Problem, Solution};
pub use run::{Course, Failure, Policy, Settings, run, run_here};
pub use scales::to_scale;
