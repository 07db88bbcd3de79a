//! Grading told as stories and as properties, without any reader in between.

mod astct;
mod common;
mod properties;
