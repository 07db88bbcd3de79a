//! Names are declared before they are used, states have one derivative each, and nothing is declared in vain.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, Place, suggestion};
use crate::parse::{Declarations, declarations};
use crate::syntax::{Condition, Expr, Function, Model};

/// Reads a model's text and checks it.
///
/// # Errors
/// The first fault with its line and column.
pub fn parse(text: &str) -> Result<Model, Error> {
    let Declarations { mut model, mut derivatives, timed } = declarations(text)?;
    let definitions = model.derived.iter().chain(&model.lets).map(|definition| (definition.name.clone(), definition.place));
    let states = model.states.iter().map(|state| (state.name.clone(), state.place));
    let mut scope = Scope { later: definitions.chain(states).collect(), ..Scope::default() };
    for parameter in &model.parameters {
        scope.declare(&parameter.name, parameter.place)?;
    }
    for derived in &model.derived {
        scope.uses(&derived.expression)?;
        scope.declare(&derived.name, derived.place)?;
    }
    for state in &model.states {
        scope.uses(&state.initial)?;
    }
    for state in &model.states {
        scope.declare(&state.name, state.place)?;
    }
    scope.time = true;
    for intermediate in &model.lets {
        scope.uses(&intermediate.expression)?;
        scope.declare(&intermediate.name, intermediate.place)?;
    }
    for state in &mut model.states {
        let Some((derivative, _)) = derivatives.remove(&state.name) else {
            return Err(Error::new(state.place, format!("`{0}` has no derivative; write `d {0} = ...`", state.name)));
        };
        scope.uses(&derivative)?;
        state.derivative = derivative;
    }
    if let Some((name, (_, place))) = derivatives.into_iter().min_by_key(|(_, (_, place))| *place) {
        let near = suggestion(&name, model.states.iter().map(|state| state.name.as_str()));
        let hint = if near.is_empty() { format!("; write `state {name} = ...` for its beginning") } else { near };
        return Err(Error::new(place, format!("`{name}` is not a state{hint}")));
    }
    if model.states.is_empty() {
        return Err(Error::new(Place { line: 1, column: 1 }, "the model has no `state`"));
    }
    if !timed {
        let message =
            "the text does not say its unit of time; write `time h` (hours) or `time d` (days; also `s` and `min`) on a line of its own";
        return Err(Error::new(Place { line: 1, column: 1 }, message));
    }
    let mut outputs = HashSet::new();
    for output in &model.outputs {
        scope.uses(&output.expression)?;
        if !outputs.insert(output.name.as_str()) {
            return Err(Error::new(output.place, format!("the output `{}` is given twice", output.name)));
        }
    }
    let parameters = model.parameters.iter().map(|parameter| (&parameter.name, parameter.place));
    let definitions = model.derived.iter().chain(&model.lets).map(|definition| (&definition.name, definition.place));
    let unused = parameters.chain(definitions).filter(|(name, _)| !scope.used.contains(*name));
    model.unused = unused.map(|(name, place)| (name.clone(), place)).collect();
    Ok(model)
}

#[derive(Default)]
struct Scope {
    declared: HashMap<String, Place>,
    used: HashSet<String>,
    /// Everything that the text defines, whether or not it may be used yet.
    later: HashMap<String, Place>,
    time: bool,
}

impl Scope {
    fn declare(&mut self, name: &str, place: Place) -> Result<(), Error> {
        let reserved = name == "t" || name == "if" || Function::ALL.iter().any(|(known, ..)| *known == name);
        if reserved {
            return Err(Error::new(place, format!("`{name}` has a meaning of its own; choose another name")));
        }
        match self.declared.insert(name.to_owned(), place) {
            Some(first) => Err(Error::new(place, format!("`{name}` is declared already on line {}", first.line))),
            None => Ok(()),
        }
    }

    fn uses(&mut self, expression: &Expr) -> Result<(), Error> {
        match expression {
            Expr::Number(_) => Ok(()),
            Expr::Name(name, _) if name == "t" && self.time => Ok(()),
            Expr::Name(name, place) => {
                if self.declared.contains_key(name) {
                    self.used.insert(name.clone());
                    return Ok(());
                }
                if name == "t" {
                    return Err(Error::new(*place, "time `t` has no value here: derived and initial values depend on parameters alone"));
                }
                if let Some(later) = self.later.get(name) {
                    let message = if self.time {
                        format!(
                            "`{name}` is defined on line {}, after it is used here; put it before, unless each needs the other, which has no solution",
                            later.line
                        )
                    } else {
                        format!(
                            "`{name}` (line {}) cannot be used here: derived and initial values depend on parameters, and on derived values above them",
                            later.line
                        )
                    };
                    return Err(Error::new(*place, message));
                }
                let near = suggestion(name, self.declared.keys().map(String::as_str));
                Err(Error::new(*place, format!("`{name}` is not declared before it is used here{near}")))
            }
            Expr::Negate(inner) => self.uses(inner),
            Expr::Binary(_, left, right) => {
                self.uses(left)?;
                self.uses(right)
            }
            Expr::Call(_, arguments) => arguments.iter().try_for_each(|argument| self.uses(argument)),
            Expr::If(condition, then, otherwise) => {
                self.tests(condition)?;
                self.uses(then)?;
                self.uses(otherwise)
            }
        }
    }

    fn tests(&mut self, condition: &Condition) -> Result<(), Error> {
        match condition {
            Condition::Compare(_, left, right) => {
                self.uses(left)?;
                self.uses(right)
            }
            Condition::And(left, right) | Condition::Or(left, right) => {
                self.tests(left)?;
                self.tests(right)
            }
            Condition::Not(inner) => self.tests(inner),
        }
    }
}
