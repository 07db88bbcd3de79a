//! The event of `chaudhury-2020`.
//!
//! Source: Chaudhury A et al. 2020, J Clin Pharmacol 60 Suppl 1:S147, BIOMD0000001024.

use crate::model::ModelError;
use crate::problem::Problem;

/// Growth ends at `Tmax`.
///
/// # Errors
/// The problem is of another model.
pub fn scheduled(problem: Problem) -> Result<Problem, ModelError> {
    let end = problem.value("Tmax")?;
    problem.change(end, "growing", 0.0)
}
