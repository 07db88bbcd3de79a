//! The models of the library: texts under `models/`, and code that the build script prints from some of them.

use crate::engine::{Backend, Printed};

#[allow(unused_variables, unused_parens, clippy::all, clippy::pedantic)]
mod printed {
    include!(concat!(env!("OUT_DIR"), "/printed.rs"));
}

/// A model's id, its text, and what makes its printed equations.
type Entry = (&'static str, &'static str, Option<fn() -> Box<dyn Backend>>);

include!(concat!(env!("OUT_DIR"), "/library.rs"));
