//! What plans make due for invented children.

mod common;
mod due;
mod limits;
mod properties;
mod unknown;
