//! A model that can be run: its text with names and units, and its equations as code or as programs.

use barograph_equations::{Model as Text, System, Tape};

use crate::engine::{Backend, Interpreted, Programs};
use crate::library::TEXTS;

/// Why a model or a name of it cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// A text with a fault.
    #[error("the model's text, {0}")]
    Text(#[from] barograph_equations::Error),
    /// No such model in the library.
    #[error("there is no model `{0}`; there are {1}")]
    NoModel(String, String),
    /// No such name in the model.
    #[error("model `{model}` has no {kind} `{name}`; it has {known}")]
    NoName {
        /// The model's id.
        model: String,
        /// `state`, `parameter` or `output`.
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
}

/// A model that can be run.
pub struct Model {
    pub(crate) text: Text,
    pub(crate) system: System,
    pub(crate) programs: Programs,
    pub(crate) backend: Box<dyn Backend>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("id", &self.text.id).finish_non_exhaustive()
    }
}

impl Model {
    /// A model from its text, to be interpreted.
    ///
    /// # Errors
    /// A fault in the text, with line and column.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        Ok(Self::from_text(barograph_equations::parse(text)?))
    }

    /// A model from what [`barograph_equations::parse`] or a reader of another format gives, to be interpreted.
    pub fn from_text(text: Text) -> Self {
        let system = System::new(&text);
        let backend = Box::new(Interpreted::new(&system));
        Self::with(text, system, backend)
    }

    /// A model of the library; printed as code where the build script does so.
    ///
    /// # Errors
    /// There is no such model.
    pub fn named(id: &str) -> Result<Self, ModelError> {
        let Some((_, text, printed)) = TEXTS.iter().find(|(known, ..)| *known == id) else {
            return Err(ModelError::NoModel(id.into(), Self::ids().collect::<Vec<_>>().join(", ")));
        };
        let text = barograph_equations::parse(text)?;
        match printed {
            Some(backend) => {
                let system = System::new(&text);
                Ok(Self::with(text, system, backend()))
            }
            None => Ok(Self::from_text(text)),
        }
    }

    /// The ids of the library's models.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        TEXTS.iter().map(|(id, ..)| *id)
    }

    fn with(text: Text, system: System, backend: Box<dyn Backend>) -> Self {
        let programs = Programs {
            fill: Tape::new(&system.fill),
            initial: Tape::new(&system.initial),
            outputs: Tape::new(&system.outputs),
            output_count: text.outputs.len(),
        };
        Self { text, system, programs, backend }
    }

    /// The text: names, units, descriptions, sources.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The model's symbolic programs, for other integrators.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The typical values of the parameters.
    pub fn typical(&self) -> Vec<f64> {
        self.text.parameters.iter().map(|parameter| parameter.value).collect()
    }

    /// The number of a state.
    ///
    /// # Errors
    /// There is no such state.
    pub fn state(&self, name: &str) -> Result<usize, ModelError> {
        self.find("state", name, self.text.states.iter().map(|state| state.name.as_str()))
    }

    /// The number of a parameter.
    ///
    /// # Errors
    /// There is no such parameter.
    pub fn parameter(&self, name: &str) -> Result<usize, ModelError> {
        self.find("parameter", name, self.text.parameters.iter().map(|parameter| parameter.name.as_str()))
    }

    /// The number of an output.
    ///
    /// # Errors
    /// There is no such output.
    pub fn output(&self, name: &str) -> Result<usize, ModelError> {
        self.find("output", name, self.text.outputs.iter().map(|output| output.name.as_str()))
    }

    fn find<'a>(&self, kind: &'static str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Result<usize, ModelError> {
        names.clone().position(|known| known == name).ok_or_else(|| ModelError::NoName {
            model: self.text.id.clone(),
            kind,
            name: name.into(),
            known: names.collect::<Vec<_>>().join(", "),
        })
    }
}
