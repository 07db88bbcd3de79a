//! Doses: what a child of some weight, height and age is given, with the arithmetic as text.

mod rule;

pub use rule::{Amount, Band, DoseFile, DoseRule, Product};
