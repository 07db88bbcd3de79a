//! A small language for models of ordinary differential equations.
//!
//! A model is one text that reads like its paper:
//!
//! ```text
//! # One line of documentation.
//! model decay "A drug that leaves"
//! time d
//! parameter k = 0.3 1/d "elimination"
//! state A = 100 mg "amount" atol 1e-6
//! d A = -k*A
//! output amount = A mg "amount"
//! ```
//!
//! [`parse`] reads and checks it (faults come with line and column), [`System::new`] differentiates it and factors the matrix of an
//! implicit step symbolically, and the resulting [`Program`]s are printed as Rust by a build script ([`rust`]) or run as they
//! are ([`Tape`]). Both ways give the same bits, since they are the same operations in the same order.
//!
//! Read `syntax.rs` for the language, `graph.rs` for the symbolic form, `program.rs` for what is run.

#![allow(
    clippy::inline_always,
    clippy::many_single_char_names,
    clippy::match_same_arms,
    reason = "inlining is what lets a function use the registers of its caller; mathematics has short names; node kinds are grouped by line"
)]

mod arithmetic;
mod audit;
mod check;
mod composed;
mod derivative;
pub mod elementary;
mod emit;
mod error;
mod expression;
mod factor;
mod graph;
mod interpret;
mod lower;
mod parse;
mod program;
mod scanner;
mod syntax;
mod system;
mod units;

pub use arithmetic::Arithmetic;
pub use check::parse;
pub use emit::rust;
pub use error::{Error, Place};
pub use interpret::{Inputs, Tape};
pub use program::{Operation, Program, Value};
pub use syntax::{Comparison, Condition, Definition, Expr, Function, Model, Operator, Parameter, State, TimeUnit, Verified};
pub use system::System;
pub use units::units;
