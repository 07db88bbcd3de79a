//! The events of `barros-2021-hdlm2` and `barros-2021-raji`.
//!
//! Source: Barros LRC et al. 2021, Cancers 13:2941, BIOMD0000001019 and BIOMD0000001020.

use super::Replace;
use crate::model::ModelError;
use crate::problem::Problem;

/// HDLM-2: 2e6 CAR-T cells on day 45, the tumour set to 1e6 cells on day 250.
///
/// # Errors
/// The problem is of another model.
pub fn hdlm2(problem: &mut Problem) -> Result<Replace, ModelError> {
    let mut events = Replace::default();
    events.put(problem, "C_T", 45.0, 2e6)?;
    events.put(problem, "T", 250.0, 1e6)?;
    Ok(events)
}

/// Raji: 1e7 CAR-T cells on day 7.
///
/// # Errors
/// The problem is of another model.
pub fn raji(problem: &mut Problem) -> Result<Replace, ModelError> {
    let mut events = Replace::default();
    events.put(problem, "C_T", 7.0, 1e7)?;
    Ok(events)
}
