//! Event tables in the manner of NONMEM, for any model of the library.
//!
//! A table is text: a header line, then one record a line, cells separated by commas, semicolons, tabs or blanks. Lines that begin with `#`
//! are comments, and so are those that a column `C` marks with `C`; `.`, `NA` and nothing mean that a cell is missing. Reading is pure: text in, patients out.
//!
//! | column | meaning |
//! |---|---|
//! | `ID` | the subject; its records stand together |
//! | `TIME` | in the model's unit of time; it goes back within a subject only at a reset, which begins another occasion |
//! | `TIME`, `DATE` | or a clock: `08:30` beside a date (`2026-03-01`; `DATE`, `DAT1` to `DAT3` as in NONMEM), or `2026-03-01T08:30`; counted from the subject's first record |
//! | `DV`, `MDV` | what was observed; `MDV` 1 where it is missing |
//! | `AMT` | dose in the unit of the state that it enters |
//! | `RATE` or `DUR` | amount by time, or time, of an infusion; 0 or missing for a bolus; `RATE` -1 and -2: as `R1` or `D1` says |
//! | `F1`, `ALAG1`, `R1`, `D1` | of doses into the first state: bioavailability, lag, rate, duration; also by its name, `F_depot` |
//! | `EVID` | 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose; without the column a record with an amount is a dose |
//! | `ADDL`, `II` | how many more doses follow, and how far apart |
//! | `SS` | 1: the dose finds the steady state of doses `II` apart; 2: that comes on top of what is there |
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
//! **Bioavailability, lag, modelled rates.** `F1`, `ALAG1`, `R1`, `D1` (or `F_depot`, ...) may be columns, or parameters of the model that its equations do not use; the column counts. A parameter that the
//! equations use is theirs alone (`F_oral` in `dexamethasone-krzyzanski-2021`). What holds for a record's dose holds for its additional doses. Of a `RATE` the rate stays and what does not arrive makes the
//! infusion shorter; of a `DUR` the duration stays. With a lag the record of a steady state finds the doses before it, and its own comes late.
//!
//! **What is not read.** Columns that are none of the above (`CENS`, `DVID`, ...), and rates and durations that no record asks for, are named in [`Reading::ignored`].
//!
//! Refused, with row and column: endless infusions and infusions or lags longer than `II`
//! at steady state, negative compartments (switching off), amounts that are negative or 0, an `II` that neither `ADDL` nor `SS` uses, what belongs to a dose on any other record, and a reset or steady
//! state while additional or late doses are still to come (NONMEM, rxode2 and mrgsolve need not agree on whether they are given).

mod clock;
mod delivery;
mod expand;
mod record;
mod simulate;
mod subject;
mod table;

pub use delivery::speaks_of_doses;
pub use simulate::{Prediction, SimulationError};
pub use subject::{Carry, Observation, Reading, Setup, Subject, read, read_with};
pub use table::Fault;
