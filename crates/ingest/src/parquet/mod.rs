//! Flat Parquet files, guarded against damage: a table, its rows, their cells.

mod column;
mod pages;
mod row;
mod table;
mod thrift;

pub(crate) use row::{Refusal, Row, Wanted, folded};
pub(crate) use table::Table;
