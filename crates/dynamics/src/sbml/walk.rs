//! Through the parts of an expression.

use barograph_equations::{Condition, Expr};

/// How many parts an expression has.
pub(super) fn size(expression: &Expr) -> usize {
    1 + match expression {
        Expr::Number(_) | Expr::Name(..) => 0,
        Expr::Negate(inner) => size(inner),
        Expr::Binary(_, left, right) => size(left) + size(right),
        Expr::Call(_, arguments) => arguments.iter().map(size).sum(),
        Expr::If(test, then, otherwise) => size_of(test) + size(then) + size(otherwise),
    }
}

/// How many parts a condition has.
pub(super) fn size_of(condition: &Condition) -> usize {
    1 + match condition {
        Condition::Compare(_, left, right) => size(left) + size(right),
        Condition::And(left, right) | Condition::Or(left, right) => size_of(left) + size_of(right),
        Condition::Not(inner) => size_of(inner),
    }
}

/// The names that an expression uses.
pub(super) fn used(expression: &Expr) -> Vec<&str> {
    let mut names = Vec::new();
    gather(expression, &mut names);
    names
}

fn gather<'a>(expression: &'a Expr, names: &mut Vec<&'a str>) {
    match expression {
        Expr::Number(_) => {}
        Expr::Name(name, _) => names.push(name),
        Expr::Negate(inner) => gather(inner, names),
        Expr::Binary(_, left, right) => {
            gather(left, names);
            gather(right, names);
        }
        Expr::Call(_, arguments) => arguments.iter().for_each(|argument| gather(argument, names)),
        Expr::If(test, then, otherwise) => {
            tested(test, names);
            gather(then, names);
            gather(otherwise, names);
        }
    }
}

pub(super) fn tested<'a>(test: &'a Condition, names: &mut Vec<&'a str>) {
    match test {
        Condition::Compare(_, a, b) => {
            gather(a, names);
            gather(b, names);
        }
        Condition::And(a, b) | Condition::Or(a, b) => {
            tested(a, names);
            tested(b, names);
        }
        Condition::Not(inner) => tested(inner, names),
    }
}
