//! SBML (levels 2 and 3) for models of ordinary differential equations.
//!
//! [`read`] turns a file into a text of the equation language, which is what runs; [`Import::text`] shows it. Read are compartments,
//! also those that change size, species (as amounts or concentrations), parameters, local parameters, conversion factors, function definitions,
//! initial assignments, assignment and rate rules, reactions with kinetic laws (the stoichiometry constant, computed, or an id that rules change),
//! piecewise expressions, and events with triggers on time or state, delays, priorities, persistence. [`Import::solve`] runs a file with its
//! events; a file without events is a [`Model`] like any other.
//!
//! **Time** of the language is hours or days. A file that states its unit of time is converted (a file in seconds runs in hours); one that states
//! none needs to be told.
//!
//! **Compartments that change size.** A concentration in one is kept as an amount (a state `ID_amount`), so that growth dilutes.
//!
//! **Events.** A row at the time of an event shows the states after it, as other tools for SBML do. Events of one instant and equal (or no) priority are
//! executed in the order of the file, where the specification leaves it to chance. Triggers on states are watched at 256 points between two stops (times that
//! conditions name, delayed events): one that holds only between two of them goes unseen. Steps end at these points also where rates switch by a piecewise expression.
//!
//! **Powers.** A negative base needs a whole number of at most 32 in the file as its exponent; with a parameter as its exponent the power is not a number.
//!
//! **Missing values** (also `NaN`) are never taken for 1, but for the stoichiometry of level 2, whose default that is. What has no value may stand in a file as long
//! as rules give it or nothing needs it.
//!
//! **Units** other than that of time are neither checked nor converted.
//!
//! **Refused**, each with its element and line: algebraic rules, constraints, delay and rateOf symbols, fast reactions,
//! extension packages that change the mathematics, functions of `MathML` that the language lacks (trigonometry, floor, factorial, ...),
//! piecewise expressions without `otherwise`, values that are needed and not given, two rules or a rule and a reaction for one symbol, and in compartments that events change concentrations with a rate
//! rule or set by a delayed event.
//!
//! Written after the specification: Hucka M et al. 2019, "The Systems Biology Markup Language (SBML): Language Specification for Level 3 Version 2 Core
//! Release 2", J Integr Bioinform 16:20190021, doi:10.1515/jib-2019-0021.

mod document;
mod equations;
mod events;
mod math;
mod print;
mod refusal;
mod start;
mod stops;
mod walk;

use barograph_equations::TimeUnit;

pub use events::{EventError, Trajectory};
pub use refusal::Refusal;

use crate::model::{Model, ModelError};
use document::document;
use equations::{Written, write};
use events::Event;

/// A file that can be run.
#[derive(Debug)]
pub struct Import {
    /// The equations as a text of the equation language. Events stand in it as outputs: triggers, delays, priorities and what they set.
    pub text: String,
    /// The model, to be run without its events.
    pub model: Model,
    /// The values of the model's parameters for [`Import::solve`], in its order; the file's to begin with.
    pub parameters: Vec<f64>,
    events: Vec<Event>,
    stops: usize,
}

impl Import {
    /// The names of the outputs that are the file's own: variables given by assignment rules.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        let per_event: usize = self.events.iter().map(|event| 3 + event.sets.len()).sum();
        let own = self.model.text.outputs.len().saturating_sub(per_event + self.stops);
        self.model.text.outputs[..own].iter().map(|output| output.name.as_str())
    }

    /// The ids of the events.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|event| event.id.as_str())
    }
}

/// Reads a file. `time` is the unit of the file's time where it states none.
///
/// # Errors
/// What is wrong or not supported, with its element.
pub fn read(xml: &str, time: Option<TimeUnit>) -> Result<Import, Refusal> {
    let sbml = document(xml)?;
    let (unit, pace) = match (sbml.seconds, time) {
        (Some(86_400.0), _) => (TimeUnit::Day, 1.0),
        (Some(seconds), _) => (TimeUnit::Hour, 3600.0 / seconds),
        (None, Some(unit)) => (unit, 1.0),
        (None, None) => {
            return Err(Refusal::name("timeUnits", "the file does not state its unit of time; say whether it is hours or days"));
        }
    };
    let Written { text, targets, stops } = write(&sbml, unit, pace)?;
    let model = Model::parse(&text).map_err(|fault| Refusal::Equations(fault.to_string()))?;
    let find = |fault: ModelError| Refusal::Equations(fault.to_string());
    let mut events = Vec::new();
    for (at, (event, targets)) in sbml.events.iter().zip(targets).enumerate() {
        let output = |name: String| model.output(&format!("event_{at}_{name}")).map_err(find);
        let states = targets.iter().map(|state| model.state(state)).collect::<Result<Vec<_>, _>>().map_err(find)?;
        let values = (0..targets.len()).map(|to| output(format!("set_{to}"))).collect::<Result<Vec<_>, _>>()?;
        events.push(Event {
            id: event.id.clone(),
            trigger: output("trigger".into())?,
            delay: output("delay".into())?,
            priority: output("priority".into())?,
            has_priority: event.priority.is_some(),
            pace,
            fires_at_start: event.fires_at_start,
            persistent: event.persistent,
            values_from_trigger: event.values_from_trigger,
            sets: states.into_iter().zip(values).collect(),
        });
    }
    let parameters = model.typical();
    Ok(Import { text, model, parameters, events, stops })
}
