//! What some models need beside their text: schedules of events and closed forms.

pub mod barros_2021;
pub mod chaudhury_2020;
pub mod dwivedi_2014;
mod replace;
pub mod stein_2019;

pub use replace::Replace;
