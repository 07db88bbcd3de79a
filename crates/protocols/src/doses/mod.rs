//! Doses: what a child of some weight, height and age is given, with the arithmetic as text.

mod arithmetic;
mod body;
mod round;
mod rule;
mod settings;
#[cfg(test)]
mod tests;

pub use arithmetic::{Dose, DoseRefused, mosteller};
pub(crate) use arithmetic::{number, show};
pub use body::{Body, Measured};
pub use rule::{Amount, Band, DoseFile, DoseRule, Product};
pub use settings::{Rounding, Settings, equivalence_source, prednisolone_equivalent, steroid_equivalence};
