//! Courses of antibody for `dwivedi-2014-anti-il6r` and `dwivedi-2014-anti-il6`.
//!
//! Source: Dwivedi G et al. 2014, CPT Pharmacometrics Syst Pharmacol 3:e89, BIOMD0000000535 and BIOMD0000000537: doses at 0.1 h, then every 2 or 4 weeks.

use crate::model::ModelError;
use crate::problem::Problem;

/// What 1 mg of an antibody of 148 kDa makes in 2.88 L of serum, nmol/L.
pub const NANOMOLAR_A_MG: f64 = 2.346;

/// Time of the first dose, hours.
pub const FIRST: f64 = 0.1;

/// `count` boluses of `mg`, every `weeks`. The first is at 0.1 h, those after it at whole weeks, as in the source.
///
/// # Errors
/// The problem is of another model.
pub fn dosed(problem: Problem, mg: f64, weeks: u32, count: u32) -> Result<Problem, ModelError> {
    (0..count).try_fold(problem, |problem, dose| {
        let time = if dose == 0 { FIRST } else { f64::from(dose * weeks * 7 * 24) };
        problem.bolus("Ab", time, mg * NANOMOLAR_A_MG)
    })
}
