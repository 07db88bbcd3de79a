//! Expressions as text of the equation language.

use barograph_equations::{Comparison, Condition, Expr, Function, Operator};

/// How an expression is written: what each name is called.
pub(super) struct Printer<'a> {
    pub(super) name: &'a dyn Fn(&str) -> String,
}

impl Printer<'_> {
    pub(super) fn expression(&self, expression: &Expr) -> String {
        match expression {
            Expr::Number(number) if number.is_nan() => "(0/0)".to_owned(),
            Expr::Number(number) if *number < 0.0 || (*number == 0.0 && number.is_sign_negative()) => format!("(-{:?})", number.abs()),
            Expr::Number(number) => format!("{number:?}"),
            Expr::Name(name, _) => (self.name)(name),
            Expr::Negate(inner) => format!("(-{})", self.tight(inner)),
            Expr::Binary(operator, left, right) => {
                let (sign, left, right) = match operator {
                    Operator::Add => (" + ", self.expression(left), self.loose(right)),
                    Operator::Subtract => (" - ", self.expression(left), self.loose(right)),
                    Operator::Multiply => ("*", self.loose(left), self.tight(right)),
                    Operator::Divide => ("/", self.loose(left), self.tight(right)),
                    Operator::Power => ("^", self.tight(left), self.tight(right)),
                };
                format!("{left}{sign}{right}")
            }
            Expr::Call(function, arguments) => {
                let name = Function::ALL.iter().find(|(_, known, _)| known == function).map_or("", |(name, ..)| name);
                let arguments: Vec<String> = arguments.iter().map(|argument| self.expression(argument)).collect();
                format!("{name}({})", arguments.join(", "))
            }
            Expr::If(condition, then, otherwise) => {
                format!("if({}, {}, {})", self.condition(condition), self.expression(then), self.expression(otherwise))
            }
        }
    }

    /// In brackets where it is a sum.
    fn loose(&self, expression: &Expr) -> String {
        let text = self.expression(expression);
        if matches!(expression, Expr::Binary(Operator::Add | Operator::Subtract, ..)) { format!("({text})") } else { text }
    }

    /// In brackets where it is an operation at all.
    fn tight(&self, expression: &Expr) -> String {
        let text = self.expression(expression);
        if matches!(expression, Expr::Binary(..)) { format!("({text})") } else { text }
    }

    pub(super) fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Compare(comparison, left, right) => {
                let sign = match comparison {
                    Comparison::Less => "<",
                    Comparison::AtMost => "<=",
                    Comparison::Greater => ">",
                    Comparison::AtLeast => ">=",
                    Comparison::Equal => "==",
                };
                format!("{} {sign} {}", self.expression(left), self.expression(right))
            }
            Condition::And(left, right) => format!("({}) && ({})", self.condition(left), self.condition(right)),
            Condition::Or(left, right) => format!("({}) || ({})", self.condition(left), self.condition(right)),
            Condition::Not(inner) => format!("!({})", self.condition(inner)),
        }
    }
}
