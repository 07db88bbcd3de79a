//! Times that conditions name, at which the run must stop since what holds changes there.

use barograph_equations::{Condition, Expr};

use super::equations::{Role, Writer};
use super::math::TIME;
use super::walk::{size, used};

impl Writer<'_> {
    /// Adds the times that the conditions of an expression name.
    pub(super) fn stops(&self, expression: &Expr, found: &mut Vec<String>) {
        match expression {
            Expr::Number(_) | Expr::Name(..) => {}
            Expr::Negate(inner) => self.stops(inner, found),
            Expr::Binary(_, left, right) => {
                self.stops(left, found);
                self.stops(right, found);
            }
            Expr::Call(_, arguments) => arguments.iter().for_each(|argument| self.stops(argument, found)),
            Expr::If(test, then, otherwise) => {
                self.stops_of(test, found);
                self.stops(then, found);
                self.stops(otherwise, found);
            }
        }
    }

    /// Adds the times that a condition names.
    pub(super) fn stops_of(&self, test: &Condition, found: &mut Vec<String>) {
        match test {
            Condition::And(a, b) | Condition::Or(a, b) => {
                self.stops_of(a, found);
                self.stops_of(b, found);
            }
            Condition::Not(inner) => self.stops_of(inner, found),
            Condition::Compare(_, a, b) => {
                for (time, other) in [(a, b), (b, a)] {
                    let constant = |name: &str| matches!(self.roles.get(name), Some(Role::Parameter | Role::Derived));
                    if matches!(time, Expr::Name(name, _) if name == TIME) && size(other) < 100 && used(other).into_iter().all(constant) {
                        found.push(self.print(other));
                    }
                }
            }
        }
    }
}
