//! The protocol language: types of what stands in `knowledge/protocols/`. `docs/protocol-language.md` describes every key.

mod action;
mod condition;
mod problem;
mod protocol;
mod words;

pub use action::{Action, Care, DoseStep, Give, Test};
pub use barograph_record::Verified;
pub use condition::{
    AgeIs, BreathingIs, BreathingLevel, CirculationIs, CirculationLevel, Condition, Doses, FeverIs, GradeIs, HighDose, HighDoseTable,
    NoImprovement, Reference, SignalIs, Silence, Since, SinceDose, Start, Stated, Trend, Which, Word,
};
pub use problem::{Problem, Severity};
pub use protocol::{Basis, Caution, CautionKind, Kind, Limit, Outside, Population, Protocol, Rule, Strength};
pub use words::{Drug, OneOrMany, nearest};

impl Protocol {
    /// Reads a protocol file. Only its form is checked; [`lint`](crate::lint::lint) looks at its sense.
    ///
    /// # Errors
    /// A [`Problem`] at the line that is not TOML, or has a key or word that the language does not know.
    pub fn from_toml(text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error| Problem::of_toml(text, &error))
    }
}
