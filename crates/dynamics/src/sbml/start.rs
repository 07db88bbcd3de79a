//! Values at the start: initial assignments, initial amounts and concentrations, rules, each from parameters and derived values only.

use barograph_equations::{Condition, Expr, Operator};

use super::document::Value;
use super::equations::{Role, Writer};
use super::math::{TIME, binary, named};
use super::refusal::Refusal;

/// More parts than this in initial values are refused.
const LARGEST: usize = 200_000;

impl Writer<'_> {
    /// The value of a symbol at the start, from parameters and derived values only.
    pub(super) fn start(&self, id: &str, open: &mut Vec<String>, parts: &mut usize) -> Result<Expr, Refusal> {
        if open.iter().any(|earlier| earlier == id) {
            return Err(Refusal::name(id, "its initial value depends on itself"));
        }
        open.push(id.to_owned());
        let expression = self.own_start(id)?;
        let found = self.at_start(&expression, open, parts)?;
        open.pop();
        Ok(found)
    }

    /// The value of a symbol at the start, as the file gives it.
    fn own_start(&self, id: &str) -> Result<Expr, Refusal> {
        if let Some(reaction) = self.sbml.reactions.iter().find(|reaction| reaction.id == id) {
            return Ok(reaction.rate.clone());
        }
        if let Some((_, rule)) = self.sbml.assigned.iter().find(|(known, _)| known == id) {
            return Ok(rule.clone());
        }
        if let Some(start) = self.sbml.starts.get(id) {
            return Ok(start.clone());
        }
        match self.symbol(id).map(|symbol| &symbol.value) {
            Some(Value::Given(value)) => Ok(Expr::Number(*value)),
            Some(Value::Species { amount, concentration, compartment, as_amount, .. }) => {
                let size = || named(compartment);
                match (amount, concentration, as_amount) {
                    (Some(amount), _, true) => Ok(Expr::Number(*amount)),
                    (_, Some(concentration), false) => Ok(Expr::Number(*concentration)),
                    (Some(amount), None, false) => Ok(binary(Operator::Divide, Expr::Number(*amount), size())),
                    (None, Some(concentration), true) => Ok(binary(Operator::Multiply, Expr::Number(*concentration), size())),
                    (None, None, _) => Err(Refusal::name(id, "the species has no initial amount or concentration")),
                }
            }
            Some(Value::Missing) | None => Err(Refusal::name(id, "it has no value at the start")),
        }
    }

    fn at_start(&self, expression: &Expr, open: &mut Vec<String>, parts: &mut usize) -> Result<Expr, Refusal> {
        *parts += 1;
        if *parts > LARGEST || open.len() > 100 {
            return Err(Refusal::name(open.first().map_or("", String::as_str), "its initial value is too long a chain of others"));
        }
        let mut all = |expressions: &[Expr]| expressions.iter().map(|e| self.at_start(e, open, parts)).collect::<Result<Vec<_>, _>>();
        Ok(match expression {
            Expr::Number(_) => expression.clone(),
            Expr::Name(name, _) if name == TIME => Expr::Number(0.0),
            Expr::Name(name, _) => match self.roles.get(name.as_str()) {
                Some(Role::Parameter | Role::Derived) => expression.clone(),
                _ => self.start(name, open, parts)?,
            },
            Expr::Negate(inner) => Expr::Negate(Box::new(self.at_start(inner, open, parts)?)),
            Expr::Binary(operator, left, right) => binary(*operator, self.at_start(left, open, parts)?, self.at_start(right, open, parts)?),
            Expr::Call(function, arguments) => Expr::Call(*function, all(arguments)?),
            Expr::If(test, then, otherwise) => {
                let test = self.test_at_start(test, open, parts)?;
                let (then, otherwise) = (self.at_start(then, open, parts)?, self.at_start(otherwise, open, parts)?);
                Expr::If(Box::new(test), Box::new(then), Box::new(otherwise))
            }
        })
    }

    fn test_at_start(&self, test: &Condition, open: &mut Vec<String>, parts: &mut usize) -> Result<Condition, Refusal> {
        let mut two = |a: &Condition, b: &Condition| {
            Ok((Box::new(self.test_at_start(a, open, parts)?), Box::new(self.test_at_start(b, open, parts)?)))
        };
        Ok(match test {
            Condition::And(a, b) => {
                let (a, b) = two(a, b)?;
                Condition::And(a, b)
            }
            Condition::Or(a, b) => {
                let (a, b) = two(a, b)?;
                Condition::Or(a, b)
            }
            Condition::Not(inner) => Condition::Not(Box::new(self.test_at_start(inner, open, parts)?)),
            Condition::Compare(comparison, a, b) => {
                Condition::Compare(*comparison, self.at_start(a, open, parts)?, self.at_start(b, open, parts)?)
            }
        })
    }
}
