//! SBML (levels 2 and 3) for models of ordinary differential equations.
//!
//! [`read`] turns a file into a text of the equation language, which is what runs; [`Import::text`] shows it. Read are compartments,
//! also those that change size, species (as amounts or concentrations), parameters, local parameters, conversion factors, function definitions,
//! initial assignments, assignment and rate rules, reactions with kinetic laws (the stoichiometry constant, computed, or an id that rules change),
//! piecewise expressions, and events with triggers on time or state, delays, priorities, persistence. [`Import::solve`] runs a file with its
//! events; a file without events is a [`Model`] like any other.
//!
//! **Time** is the file's own: seconds, minutes, hours, days, or of no stated unit. A file in another unit (weeks, milliseconds) runs in hours ([`Import::pace`]).
//!
//! **Compartments that change size.** A concentration in one is kept as an amount (a state `ID_amount`), so that growth dilutes.
//!
//! **Events.** A row at the time of an event shows the states after it, as other tools for SBML do. Events of one instant and equal (or no) priority are
//! executed in the order of the file, where the specification leaves it to chance. Triggers on states are watched at 256 points between two stops (times that
//! conditions name, delayed events): one that holds only between two of them goes unseen. Steps end at these points also where rates switch by a piecewise expression.
//!
//! **Powers.** A negative base needs a whole number as its exponent, be it written or the value of a parameter; else the power is not a number. So is a piecewise expression
//! without `otherwise` where no piece holds.
//!
//! **Constraints** change no number: they are named in [`Import::notes`] and not watched.
//!
//! **Missing values** (also `NaN`) are never taken for 1, but for the stoichiometry of level 2, whose default that is. What has no value may stand in a file as long
//! as rules give it or nothing needs it.
//!
//! **Units** change no number. They are written into the text, `?` where the file states none, so that [`barograph_equations::units`] can tell which do not hang together.
//!
//! **Refused**, each with its element and line: algebraic rules, delay and rateOf symbols, fast reactions,
//! extension packages that change the mathematics, functions of `MathML` that the language lacks (inverse trigonometry, factorial), values that
//! are needed and not given, two rules or a rule and a reaction for one symbol, and concentrations with a rate rule in compartments that events change.
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
mod units;
mod walk;

use barograph_equations::TimeUnit;

pub use events::{EventError, Trajectory};
pub use refusal::Refusal;

use crate::model::{Model, ModelError};
use document::document;
use equations::{Written, write};
use events::{Event, Set};

/// A file that can be run.
#[derive(Debug)]
pub struct Import {
    /// The equations as a text of the equation language. Events stand in it as outputs: triggers, delays, priorities and what they set.
    pub text: String,
    /// The model, to be run without its events.
    pub model: Model,
    /// The values of the model's parameters for [`Import::solve`], in its order; the file's to begin with.
    pub parameters: Vec<f64>,
    /// States at the start, where they are not what the file says.
    pub states: Vec<(usize, f64)>,
    /// How many units of the file's time one of the model's is: 1, but where the file's is none of seconds, minutes, hours and days.
    pub pace: f64,
    /// What the file holds that bears on no number and is not watched, such as constraints.
    pub notes: Vec<String>,
    events: Vec<Event>,
    stops: usize,
}

impl Import {
    /// The names of the outputs that are the file's own: variables given by assignment rules.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        let per_event: usize =
            self.events.iter().map(|event| 3 + event.sets.len() + event.sets.iter().filter(|set| set.size.is_some()).count()).sum();
        let own = self.model.text.outputs.len().saturating_sub(per_event + self.stops);
        self.model.text.outputs[..own].iter().map(|output| output.name.as_str())
    }

    /// The ids of the events.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|event| event.id.as_str())
    }
}

/// Reads a file. `time` is the unit of the file's time where it states none; where nobody does, it runs in a time of no stated unit, which changes no number.
///
/// # Errors
/// What is wrong or not supported, with its element.
pub fn read(xml: &str, time: Option<TimeUnit>) -> Result<Import, Refusal> {
    let sbml = document(xml)?;
    let known = |seconds: f64| TimeUnit::ALL.into_iter().find(|(.., own)| *own == Some(seconds)).map(|(_, unit, ..)| (unit, 1.0));
    let (unit, pace) = match (sbml.seconds, time) {
        (Some(seconds), _) => known(seconds).unwrap_or((TimeUnit::Hour, 3600.0 / seconds)),
        (None, time) => (time.unwrap_or(TimeUnit::Unstated), 1.0),
    };
    let Written { text, targets, stops } = write(&sbml, unit, pace)?;
    let model = Model::parse(&text).map_err(|fault| Refusal::Equations(fault.to_string()))?;
    let find = |fault: ModelError| Refusal::Equations(fault.to_string());
    let mut events = Vec::new();
    for (at, (event, targets)) in sbml.events.iter().zip(targets).enumerate() {
        let output = |name: String| model.output(&format!("event_{at}_{name}")).map_err(find);
        let mut sets = Vec::new();
        for (to, (state, concentration)) in targets.iter().enumerate() {
            let size = concentration.then(|| output(format!("size_{to}"))).transpose()?;
            sets.push(Set { state: model.state(state).map_err(find)?, value: output(format!("set_{to}"))?, size });
        }
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
            sets,
        });
    }
    let parameters = model.typical();
    Ok(Import { text, model, parameters, states: Vec::new(), pace, notes: sbml.notes, events, stops })
}
