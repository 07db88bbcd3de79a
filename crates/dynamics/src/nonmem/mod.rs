//! Event tables in the manner of NONMEM, for any model of the library.
//!
//! A table is text: a header line, then one record a line, cells separated by commas, semicolons, tabs or blanks. Lines that begin with `#`
//! are comments; `.`, `NA` and nothing mean that a cell is missing. Reading is pure: text in, patients out.
//!
//! | column | meaning |
//! |---|---|
//! | `ID` | the subject; its records stand together |
//! | `TIME` | in the model's unit of time; it goes back within a subject only at a reset, which begins another occasion |
//! | `DV`, `MDV` | what was observed; `MDV` 1 where it is missing |
//! | `AMT` | dose in the unit of the state that it enters |
//! | `RATE` or `DUR` | amount by time, or time, of an infusion; 0 or missing for a bolus |
//! | `EVID` | 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose; without the column a record with an amount is a dose |
//! | `ADDL`, `II` | how many more doses follow, and how far apart |
//! | `SS` | 1: the dose finds the steady state of doses `II` apart |
//! | `CMT` | where to: the number of a state from 1, or its name; for an observation also the name of an output |
//! | a parameter's name | a covariate; see [`Carry`] for what holds between two records |
//!
//! **Time 0** is that of the model's initial state. A subject whose first record comes later begins at 0 all the same, with the covariates of that record
//! (the events that a model has of itself, such as the end of growth in `stein-2019`, happen at their time).
//!
//! **Where.** Without `CMT` (or with 0) a dose enters the first state and an observation sees the first output (the first state where there is none). `CMT` 1 on
//! an observation is the first *state*: an amount, where the output may be a concentration. [`Prediction::of`] says what was seen.
//!
//! **Order.** Records of one instant act in their order, so an observation after a dose sees it, and sees its own record's covariates. Additional doses come
//! before records of the same instant that stand below the record that asks for them, as in NONMEM. Infusions overlap and add up.
//!
//! **Resets** put every state back to its beginning and end infusions. Additional doses of a reset with dose (EVID 4) are plain doses. Covariates pass over a
//! reset. A missing covariate is filled from its neighbours, never 0.
//!
//! **Bioavailability and lag.** There are no columns for them: bioavailability is a parameter of the equations (`F_oral` in
//! `dexamethasone-krzyzanski-2021`), a lag a later `TIME`. Columns that are none of the above (`ALAG1`, `F1`, `CENS`, `DVID`, ...) are named in
//! [`Reading::ignored`].
//!
//! Refused, with row and column: clock times and `DATE`, `RATE` -1 and -2 (rates modelled elsewhere), `SS` 2, endless infusions and infusions longer than `II`
//! at steady state, negative compartments (switching off), amounts that are negative or 0, an `II` that neither `ADDL` nor `SS` uses, what belongs to a dose on any other record, and a reset or steady
//! state while additional doses are still to come (NONMEM, rxode2 and mrgsolve need not agree on whether they are given).

mod expand;
mod record;
mod simulate;
mod subject;
mod table;

pub use simulate::{Prediction, SimulationError};
pub use subject::{Carry, Observation, Reading, Subject, read, read_carrying};
pub use table::Fault;
