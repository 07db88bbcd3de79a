//! Numbers that are none: where a model's derived values, initial states or derivatives are not finite, told by name and place.

use std::collections::HashMap;

use crate::error::{Error, Place};
use crate::graph::LARGEST_MULTIPLIED;
use crate::syntax::{Comparison, Condition, Expr, Function, Model, Operator};

impl Model {
    /// The derivatives of the states, one by one; for telling, not for integrating.
    pub fn rates(&self, parameters: &[f64], states: &[f64], time: f64) -> Vec<f64> {
        let mut values = Values::new();
        values.extend(self.parameters.iter().map(|parameter| parameter.name.as_str()).zip(parameters.iter().copied().map(varying)));
        values.extend(self.states.iter().map(|state| state.name.as_str()).zip(states.iter().copied().map(varying)));
        values.insert("t", varying(time));
        for definition in self.derived.iter().chain(&self.lets) {
            let value = evaluate(&definition.expression, &values);
            values.insert(&definition.name, (value, is_constant(&definition.expression, &values)));
        }
        self.states.iter().map(|state| evaluate(&state.derivative, &values)).collect()
    }

    /// The first derived value, initial state or (given states) derivative that is not a finite number.
    ///
    /// # Errors
    /// Its name, its place and, for a derivative, the first intermediate that is not finite either.
    pub fn audit(&self, parameters: &[f64], states: Option<&[f64]>, time: f64) -> Result<(), Error> {
        let mut values = Values::new();
        values.extend(self.parameters.iter().map(|parameter| parameter.name.as_str()).zip(parameters.iter().copied().map(varying)));
        for derived in &self.derived {
            let value = evaluate(&derived.expression, &values);
            if !value.is_finite() {
                let message =
                    format!("the derived value `{}` is {value}: is something divided by 0, or an exponential too large?", derived.name);
                return Err(Error::new(derived.place, message));
            }
            values.insert(&derived.name, (value, is_constant(&derived.expression, &values)));
        }
        let start: Vec<f64> = self.states.iter().map(|state| evaluate(&state.initial, &values)).collect();
        if let Some((state, value)) = self.states.iter().zip(&start).find(|(_, value)| !value.is_finite()) {
            return Err(Error::new(state.place, format!("`{}` is {value} at the start", state.name)));
        }
        values.extend(self.states.iter().map(|state| state.name.as_str()).zip(states.unwrap_or(&start).iter().copied().map(varying)));
        values.insert("t", varying(time));
        let mut odd: Option<(&str, f64, Place)> = None;
        for intermediate in &self.lets {
            let value = evaluate(&intermediate.expression, &values);
            if !value.is_finite() && odd.is_none() {
                odd = Some((&intermediate.name, value, intermediate.place));
            }
            values.insert(&intermediate.name, (value, is_constant(&intermediate.expression, &values)));
        }
        for state in &self.states {
            let value = evaluate(&state.derivative, &values);
            if !value.is_finite() {
                let why = match odd {
                    Some((name, value, place)) => format!("`{name}` (line {}) is {value}", place.line),
                    None => "look for a division by 0, a logarithm or root of a negative number, or a power of one (`^` takes a negative base only with \
                             a whole number as exponent, written in the text; `power(x, n)` also with one that a parameter gives)"
                        .to_owned(),
                };
                return Err(Error::new(state.place, format!("the derivative of `{}` is {value} at time {time}: {why}", state.name)));
            }
        }
        Ok(())
    }
}

/// What names stand for, and whether that is known from the text alone, whatever the parameters.
type Values<'a> = HashMap<&'a str, (f64, bool)>;

fn varying(value: f64) -> (f64, bool) {
    (value, false)
}

fn evaluate(expression: &Expr, values: &Values) -> f64 {
    let of = |expression: &Expr| evaluate(expression, values);
    match expression {
        Expr::Number(number) => *number,
        Expr::Name(name, _) => values.get(name.as_str()).map_or(f64::NAN, |(value, _)| *value),
        Expr::Negate(inner) => -of(inner),
        Expr::Binary(operator, left, right) => {
            let (a, b) = (of(left), of(right));
            match operator {
                Operator::Add => a + b,
                Operator::Subtract => a - b,
                Operator::Multiply => a * b,
                Operator::Divide => a / b,
                // As the programs do: a small whole number that is known from the text multiplies, any other exponent goes by the logarithm.
                Operator::Power if a < 0.0 && !(is_whole(b) && is_constant(right, values)) => f64::NAN,
                Operator::Power => a.powf(b),
            }
        }
        Expr::Call(function, arguments) => {
            let arguments: Vec<f64> = arguments.iter().map(of).collect();
            match (function, arguments.as_slice()) {
                (Function::Exp, [x]) => x.exp(),
                (Function::Ln, [x]) => x.ln(),
                (Function::Log10, [x]) => x.log10(),
                (Function::Sqrt, [x]) => x.sqrt(),
                (Function::Abs, [x]) => x.abs(),
                (Function::Min, [a, b]) => a.min(*b),
                (Function::Max, [a, b]) => a.max(*b),
                (Function::Pos, [x]) => x.max(0.0),
                (Function::Power, [x, n]) => x.powf(*n),
                (Function::Floor, [x]) => x.floor(),
                (Function::Ceil, [x]) => x.ceil(),
                (Function::Sin, [x]) => x.sin(),
                (Function::Cos, [x]) => x.cos(),
                (Function::Tanh, [x]) => x.tanh(),
                (Function::Hill, [x, k, n]) => {
                    let raised = (x.max(0.0) / k).powf(*n);
                    raised / (1.0 + raised)
                }
                _ => f64::NAN,
            }
        }
        Expr::If(test, then, otherwise) => of(if holds(test, values) { then } else { otherwise }),
    }
}

/// Whether the programs raise to this power by multiplication; see `Graph::power`.
fn is_whole(exponent: f64) -> bool {
    exponent.fract() == 0.0 && exponent.abs() <= LARGEST_MULTIPLIED
}

fn is_constant(expression: &Expr, values: &Values) -> bool {
    let of = |expression: &Expr| is_constant(expression, values);
    match expression {
        Expr::Number(_) => true,
        Expr::Name(name, _) => values.get(name.as_str()).is_some_and(|(_, constant)| *constant),
        Expr::Negate(inner) => of(inner),
        Expr::Binary(_, left, right) => of(left) && of(right),
        Expr::Call(_, arguments) => arguments.iter().all(of),
        Expr::If(..) => false,
    }
}

fn holds(test: &Condition, values: &Values) -> bool {
    match test {
        Condition::Compare(comparison, a, b) => {
            let (a, b) = (evaluate(a, values), evaluate(b, values));
            match comparison {
                Comparison::Less => a < b,
                Comparison::AtMost => a <= b,
                Comparison::Greater => a > b,
                Comparison::AtLeast => a >= b,
                Comparison::Equal => a == b,
            }
        }
        Condition::And(a, b) => holds(a, values) && holds(b, values),
        Condition::Or(a, b) => holds(a, values) || holds(b, values),
        Condition::Not(inner) => !holds(inner, values),
    }
}
