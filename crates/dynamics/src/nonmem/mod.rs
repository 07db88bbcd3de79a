//! Event tables in the manner of NONMEM, for any model of the library.
//!
//! A table is text: a header line, then one record a line, cells separated by commas, semicolons, tabs or blanks. Lines that begin with `#`
//! are comments; `.`, `NA` and nothing mean that a cell is missing. Reading is pure: text in, patients out.
//!
//! | column | meaning |
//! |---|---|
//! | `ID` | the subject; its records stand together |
//! | `TIME` | in the model's unit of time, not going back within a subject; a subject begins at its first record |
//! | `DV`, `MDV` | what was observed; `MDV` 1 where it is missing |
//! | `AMT` | dose in the unit of the state that it enters |
//! | `RATE` or `DUR` | amount by time, or time, of an infusion; 0 or missing for a bolus |
//! | `EVID` | 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose; without the column a record with an amount is a dose |
//! | `ADDL`, `II` | how many more doses follow, and how far apart |
//! | `SS` | 1: the dose finds the steady state of doses `II` apart |
//! | `CMT` | where to: the number of a state from 1, or its name; for an observation also the name of an output |
//! | a parameter's name | a covariate: it holds from its record on until another value comes |
//!
//! Without `CMT` a dose enters the first state and an observation sees the first output (the first state where there is none). Records of one
//! instant act in their order, so an observation after a dose sees it. A reset puts every state back to its beginning and ends
//! infusions. Columns that are none of these are named in [`Reading::ignored`].
//!
//! Refused, with row and column: clock times and `DATE`, `RATE` -1 and -2 (rates modelled elsewhere), `SS` 2, infusions longer than `II`
//! at steady state, negative compartments, negative amounts.

mod expand;
mod record;
mod simulate;
mod subject;
mod table;

pub use simulate::{Prediction, SimulationError};
pub use subject::{Observation, Reading, Subject, read};
pub use table::Fault;
