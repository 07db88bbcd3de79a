//! What some models need beside their text: schedules of events and closed forms.

use crate::model::ModelError;
use crate::problem::Problem;

pub mod barros_2021;
pub mod chaudhury_2020;
pub mod dwivedi_2014;
mod replace;
pub mod stein_2019;

pub use replace::Replace;

/// The events that a model has of itself, whoever the patient: the end of growth in `stein-2019` and `chaudhury-2020`, the courses of
/// `barros-2021-hdlm2` and `barros-2021-raji`. A problem of any other model comes back as it was. Set parameters first: events depend on them.
///
/// # Errors
/// None for the models of the library.
pub fn scheduled(problem: Problem) -> Result<(Problem, Replace), ModelError> {
    let mut problem = problem;
    let mut events = Replace::default();
    match problem.model().text().id.as_str() {
        "stein-2019" => problem = stein_2019::scheduled(problem, stein_2019::Drugs::default())?,
        "chaudhury-2020" => problem = chaudhury_2020::scheduled(problem)?,
        "barros-2021-hdlm2" => events = barros_2021::hdlm2(&mut problem)?,
        "barros-2021-raji" => events = barros_2021::raji(&mut problem)?,
        _ => {}
    }
    Ok((problem, events))
}
