//! `MathML` to expressions. Functions that the file defines are written out where they are called.

use std::cell::Cell;
use std::collections::HashMap;

use barograph_equations::{Comparison, Condition, Expr, Function, Operator, Place};
use roxmltree::Node;

use super::refusal::Refusal;
use super::walk::{size, size_of};

/// The name that stands for time until the text is written; no SBML id can be like it.
pub(super) const TIME: &str = "time!";

/// Deeper nesting than this is refused.
const DEEPEST: usize = 60;

/// More parts than this, after functions are written out, are refused.
const LARGEST: usize = 200_000;

/// A function that the file defines.
pub(super) struct Defined<'a> {
    pub(super) arguments: Vec<String>,
    pub(super) body: Node<'a, 'a>,
}

/// What names mean where an expression stands.
pub(super) struct Scope<'a, 'b> {
    pub(super) functions: &'b HashMap<String, Defined<'a>>,
    /// Arguments of a function, local parameters of a reaction.
    pub(super) bound: HashMap<String, Expr>,
    pub(super) parts: &'b Cell<usize>,
}

pub(super) fn named(name: &str) -> Expr {
    Expr::Name(name.to_owned(), Place::default())
}

pub(super) fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    Expr::Binary(operator, Box::new(left), Box::new(right))
}

/// The children that are elements.
pub(super) fn children<'a>(node: Node<'a, 'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(Node::is_element)
}

/// The expression of a `<math>` element.
pub(super) fn math<'a>(math: Node<'a, 'a>, scope: &Scope<'a, '_>) -> Result<Expr, Refusal> {
    expression(only_child(math)?, scope, 0)
}

/// The condition of a `<math>` element.
pub(super) fn truth<'a>(math: Node<'a, 'a>, scope: &Scope<'a, '_>) -> Result<Condition, Refusal> {
    condition(only_child(math)?, scope, 0)
}

fn only_child<'a>(node: Node<'a, 'a>) -> Result<Node<'a, 'a>, Refusal> {
    let mut inner = children(node);
    match (inner.next(), inner.next()) {
        (Some(child), None) => Ok(child),
        _ => Err(Refusal::at(node, "exactly one expression belongs here")),
    }
}

fn count(node: Node, scope: &Scope, depth: usize) -> Result<(), Refusal> {
    scope.parts.set(scope.parts.get() + 1);
    if depth > DEEPEST {
        return Err(Refusal::at(node, "the expression is nested too deeply"));
    }
    if scope.parts.get() > LARGEST {
        return Err(Refusal::at(node, "the expressions of this file are too large when functions are written out"));
    }
    Ok(())
}

fn text<'a>(node: Node<'a, 'a>) -> &'a str {
    node.text().unwrap_or("").trim()
}

fn expression<'a>(node: Node<'a, 'a>, scope: &Scope<'a, '_>, depth: usize) -> Result<Expr, Refusal> {
    count(node, scope, depth)?;
    match node.tag_name().name() {
        "cn" => number(node).map(Expr::Number),
        "ci" => {
            let name = text(node);
            let Some(bound) = scope.bound.get(name) else { return Ok(named(name)) };
            scope.parts.set(scope.parts.get() + size(bound));
            count(node, scope, depth)?;
            Ok(bound.clone())
        }
        "csymbol" => match node.attribute("definitionURL").and_then(|url| url.rsplit('/').next()) {
            Some("time") => Ok(named(TIME)),
            Some("avogadro") => Ok(Expr::Number(6.022_140_76e23)),
            Some("delay") => Err(Refusal::at(
                node,
                "the symbol `delay` makes this a delay differential equation, which is not supported; a chain of compartments (transit compartments) comes near a delay",
            )),
            Some(other) => Err(Refusal::at(node, format!("the symbol `{other}` is not supported"))),
            None => Err(Refusal::at(node, "a symbol without definitionURL")),
        },
        "pi" => Ok(Expr::Number(std::f64::consts::PI)),
        "exponentiale" => Ok(Expr::Number(std::f64::consts::E)),
        "piecewise" => piecewise(node, scope, depth),
        "apply" => apply(node, scope, depth),
        "semantics" => match children(node).next() {
            Some(child) => expression(child, scope, depth + 1),
            None => Err(Refusal::at(node, "nothing in it")),
        },
        other => Err(Refusal::at(node, format!("`{other}` is not supported as a number"))),
    }
}

fn number(node: Node) -> Result<f64, Refusal> {
    if let Some(base) = node.attribute("base").filter(|base| base.trim() != "10") {
        return Err(Refusal::at(node, format!("a number in base {base} is not supported")));
    }
    let parts: Vec<&str> = node.children().filter(Node::is_text).map(|part| part.text().unwrap_or("").trim()).collect();
    let read = |part: &str| {
        let number = part.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| Refusal::at(node, format!("`{part}` is not a finite number")))
    };
    match (node.attribute("type").unwrap_or("real"), parts.as_slice()) {
        ("real" | "integer" | "double", [one]) => read(one),
        ("e-notation", [mantissa, exponent]) => {
            read(exponent)?;
            read(&format!("{mantissa}e{}", exponent.trim_start_matches('+')))
        }
        ("rational", [above, below]) => {
            let (above, below) = (read(above)?, read(below)?);
            if below == 0.0 { Err(Refusal::at(node, "a rational number with denominator 0")) } else { Ok(above / below) }
        }
        (kind, _) => Err(Refusal::at(node, format!("a number of type `{kind}` in this form is not supported"))),
    }
}

fn piecewise<'a>(node: Node<'a, 'a>, scope: &Scope<'a, '_>, depth: usize) -> Result<Expr, Refusal> {
    let mut pieces = Vec::new();
    let mut otherwise = None;
    for child in children(node) {
        let parts: Vec<Node> = children(child).collect();
        match (child.tag_name().name(), parts.as_slice()) {
            ("piece", [value, test]) => pieces.push((expression(*value, scope, depth + 1)?, condition(*test, scope, depth + 1)?)),
            ("otherwise", [value]) => otherwise = Some(expression(*value, scope, depth + 1)?),
            _ => return Err(Refusal::at(child, "a piece is a value and a condition, an otherwise a value")),
        }
    }
    // Without `otherwise` it has no value where no piece holds.
    let last = otherwise.unwrap_or(Expr::Number(f64::NAN));
    Ok(pieces.into_iter().rev().fold(last, |rest, (value, test)| Expr::If(Box::new(test), Box::new(value), Box::new(rest))))
}

/// The operator of an `apply`, its qualifier (`degree`, `logbase`) and its arguments.
struct Applied<'a> {
    operator: Node<'a, 'a>,
    qualifier: Option<Node<'a, 'a>>,
    arguments: Vec<Node<'a, 'a>>,
}

fn applied<'a>(node: Node<'a, 'a>) -> Result<Applied<'a>, Refusal> {
    let mut inner = children(node);
    let operator = inner.next().ok_or_else(|| Refusal::at(node, "nothing is applied"))?;
    let (qualifiers, arguments): (Vec<_>, Vec<_>) = inner.partition(|node| matches!(node.tag_name().name(), "degree" | "logbase"));
    Ok(Applied { operator, qualifier: qualifiers.first().copied(), arguments })
}

fn apply<'a>(node: Node<'a, 'a>, scope: &Scope<'a, '_>, depth: usize) -> Result<Expr, Refusal> {
    let Applied { operator, qualifier, arguments } = applied(node)?;
    let mut values = arguments.iter().map(|argument| expression(*argument, scope, depth + 1));
    let name = operator.tag_name().name();
    let fold = |operator: Operator, start: f64, values: &mut dyn Iterator<Item = Result<Expr, Refusal>>| {
        let mut values = values.collect::<Result<Vec<_>, _>>()?.into_iter();
        let first = values.next().unwrap_or(Expr::Number(start));
        Ok(values.fold(first, |left, right| binary(operator, left, right)))
    };
    match name {
        "plus" => return fold(Operator::Add, 0.0, &mut values),
        "times" => return fold(Operator::Multiply, 1.0, &mut values),
        "min" | "max" => {
            let function = if name == "min" { Function::Min } else { Function::Max };
            let values = values.collect::<Result<Vec<_>, _>>()?;
            let least = values.into_iter().reduce(|left, right| Expr::Call(function, vec![left, right]));
            return least.ok_or_else(|| Refusal::at(node, "of nothing"));
        }
        "ci" => {
            let values = values.collect::<Result<Vec<_>, _>>()?;
            let (body, scope) = called(operator, values, scope)?;
            return expression(body, &scope, depth + 1);
        }
        _ => {}
    }
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let root = |argument: Expr| Expr::Call(Function::Sqrt, vec![argument]);
    match (name, <[Expr; 1]>::try_from(values)) {
        ("minus", Ok([a])) => Ok(Expr::Negate(Box::new(a))),
        ("exp", Ok([a])) => Ok(Expr::Call(Function::Exp, vec![a])),
        ("ln", Ok([a])) => Ok(Expr::Call(Function::Ln, vec![a])),
        ("abs", Ok([a])) => Ok(Expr::Call(Function::Abs, vec![a])),
        ("floor", Ok([a])) => Ok(Expr::Call(Function::Floor, vec![a])),
        ("ceiling", Ok([a])) => Ok(Expr::Call(Function::Ceil, vec![a])),
        (name, Ok([a])) if CIRCULAR.contains(&name) => {
            scope.parts.set(scope.parts.get().saturating_add(size(&a)));
            count(node, scope, depth)?;
            Ok(circular(name, a))
        }
        ("root", Ok([a])) => match qualifier {
            None => Ok(root(a)),
            Some(degree) => match expression(only_child(degree)?, scope, depth + 1)? {
                Expr::Number(2.0) => Ok(root(a)),
                degree => Ok(raised(a, binary(Operator::Divide, Expr::Number(1.0), degree))),
            },
        },
        ("log", Ok([a])) => match qualifier {
            None => Ok(Expr::Call(Function::Log10, vec![a])),
            Some(base) => match expression(only_child(base)?, scope, depth + 1)? {
                Expr::Number(10.0) => Ok(Expr::Call(Function::Log10, vec![a])),
                base => Ok(binary(Operator::Divide, Expr::Call(Function::Ln, vec![a]), Expr::Call(Function::Ln, vec![base]))),
            },
        },
        ("minus" | "divide" | "power", Err(values)) => {
            let operator_of = match name {
                "minus" => Operator::Subtract,
                "divide" => Operator::Divide,
                _ => Operator::Power,
            };
            match <[Expr; 2]>::try_from(values) {
                Ok([a, b]) if operator_of == Operator::Power => Ok(raised(a, b)),
                Ok([a, b]) => Ok(binary(operator_of, a, b)),
                Err(_) => Err(Refusal::at(operator, "takes two arguments")),
            }
        }
        (name, Ok(_)) => Err(Refusal::at(operator, format!("`{name}` of one argument is not supported"))),
        ("quotient" | "rem", Err(values)) => match <[Expr; 2]>::try_from(values) {
            Ok([a, b]) => {
                // Each is written up to four times, which counts.
                scope.parts.set(scope.parts.get().saturating_add(3 * (size(&a) + size(&b))));
                count(node, scope, depth)?;
                Ok(divided(name == "rem", a, b))
            }
            Err(_) => Err(Refusal::at(operator, "takes two arguments")),
        },
        (name, Err(_)) => Err(Refusal::at(operator, format!("`{name}` of these arguments is not supported"))),
    }
}

/// A power; also of a negative base, wherever its exponent turns out to be whole. With a number as its exponent, `^` is as good.
fn raised(base: Expr, exponent: Expr) -> Expr {
    let written = match &exponent {
        Expr::Negate(inner) => matches!(**inner, Expr::Number(_)),
        exponent => matches!(exponent, Expr::Number(_)),
    };
    if written { binary(Operator::Power, base, exponent) } else { Expr::Call(Function::Power, vec![base, exponent]) }
}

/// Functions that the language has, or that are made of what it has.
const CIRCULAR: [&str; 12] = ["sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "sech", "csch", "coth"];

fn circular(name: &str, a: Expr) -> Expr {
    let call = |function, a| Expr::Call(function, vec![a]);
    let one_over = |e| binary(Operator::Divide, Expr::Number(1.0), e);
    let half = |operator| {
        let both = binary(operator, call(Function::Exp, a.clone()), call(Function::Exp, Expr::Negate(Box::new(a.clone()))));
        binary(Operator::Divide, both, Expr::Number(2.0))
    };
    match name {
        "sin" => call(Function::Sin, a),
        "cos" => call(Function::Cos, a),
        "tan" => binary(Operator::Divide, call(Function::Sin, a.clone()), call(Function::Cos, a)),
        "cot" => binary(Operator::Divide, call(Function::Cos, a.clone()), call(Function::Sin, a)),
        "sec" => one_over(call(Function::Cos, a)),
        "csc" => one_over(call(Function::Sin, a)),
        "sinh" => half(Operator::Subtract),
        "cosh" => half(Operator::Add),
        "csch" => one_over(half(Operator::Subtract)),
        "sech" => one_over(half(Operator::Add)),
        "coth" => one_over(call(Function::Tanh, a)),
        _ => call(Function::Tanh, a),
    }
}

/// The whole part of a quotient, towards zero, or what remains.
fn divided(remainder: bool, a: Expr, b: Expr) -> Expr {
    let ratio = binary(Operator::Divide, a.clone(), b.clone());
    let (down, up) = (Expr::Call(Function::Floor, vec![ratio.clone()]), Expr::Call(Function::Ceil, vec![ratio.clone()]));
    let negative = Condition::Compare(Comparison::Less, ratio, Expr::Number(0.0));
    let whole = Expr::If(Box::new(negative), Box::new(up), Box::new(down));
    if remainder { binary(Operator::Subtract, a, binary(Operator::Multiply, b, whole)) } else { whole }
}

/// The body of a function that the file defines, and what its arguments mean there.
fn called<'a, 'b>(operator: Node<'a, 'a>, values: Vec<Expr>, scope: &Scope<'a, 'b>) -> Result<(Node<'a, 'a>, Scope<'a, 'b>), Refusal> {
    let name = text(operator);
    let Some(defined) = scope.functions.get(name) else {
        return Err(Refusal::at(operator, format!("no function `{name}` is defined")));
    };
    if defined.arguments.len() != values.len() {
        let message = format!("the function `{name}` takes {} argument(s), not {}", defined.arguments.len(), values.len());
        return Err(Refusal::at(operator, message));
    }
    let bound = defined.arguments.iter().cloned().zip(values).collect();
    Ok((defined.body, Scope { functions: scope.functions, bound, parts: scope.parts }))
}

fn condition<'a>(node: Node<'a, 'a>, scope: &Scope<'a, '_>, depth: usize) -> Result<Condition, Refusal> {
    count(node, scope, depth)?;
    let constant = |holds: bool| Condition::Compare(Comparison::Equal, Expr::Number(1.0), Expr::Number(f64::from(u8::from(holds))));
    match node.tag_name().name() {
        "true" => return Ok(constant(true)),
        "false" => return Ok(constant(false)),
        "apply" => {}
        other => return Err(Refusal::at(node, format!("`{other}` is not supported as a condition"))),
    }
    let Applied { operator, arguments, .. } = applied(node)?;
    let name = operator.tag_name().name();
    let comparison = match name {
        "lt" => Comparison::Less,
        "leq" => Comparison::AtMost,
        "gt" => Comparison::Greater,
        "geq" => Comparison::AtLeast,
        "eq" | "neq" => Comparison::Equal,
        "and" | "or" => {
            let parts = arguments.iter().map(|argument| condition(*argument, scope, depth + 1)).collect::<Result<Vec<_>, _>>()?;
            let join =
                |a, b| if name == "and" { Condition::And(Box::new(a), Box::new(b)) } else { Condition::Or(Box::new(a), Box::new(b)) };
            return Ok(parts.into_iter().reduce(join).unwrap_or_else(|| constant(name == "and")));
        }
        "xor" => {
            let parts = arguments.iter().map(|argument| condition(*argument, scope, depth + 1)).collect::<Result<Vec<_>, _>>()?;
            let both = |a: &Condition, b: &Condition| Condition::And(Box::new(a.clone()), Box::new(Condition::Not(Box::new(b.clone()))));
            let either = |a: Condition, b: Condition| {
                // Each is written twice, which counts.
                scope.parts.set(scope.parts.get().saturating_add(2 * (size_of(&a) + size_of(&b))));
                Condition::Or(Box::new(both(&a, &b)), Box::new(both(&b, &a)))
            };
            let mut parts = parts.into_iter();
            let mut all = parts.next().unwrap_or_else(|| constant(false));
            for part in parts {
                all = either(all, part);
                count(node, scope, depth)?;
            }
            return Ok(all);
        }
        "not" => match arguments.as_slice() {
            [one] => return Ok(Condition::Not(Box::new(condition(*one, scope, depth + 1)?))),
            _ => return Err(Refusal::at(operator, "takes one argument")),
        },
        "ci" => {
            let values = arguments.iter().map(|argument| expression(*argument, scope, depth + 1)).collect::<Result<Vec<_>, _>>()?;
            let (body, scope) = called(operator, values, scope)?;
            return condition(body, &scope, depth + 1);
        }
        other => return Err(Refusal::at(operator, format!("`{other}` is not supported as a condition"))),
    };
    let values = arguments.iter().map(|argument| expression(*argument, scope, depth + 1)).collect::<Result<Vec<_>, _>>()?;
    let pairs = values.windows(2).map(|pair| Condition::Compare(comparison, pair[0].clone(), pair[1].clone()));
    let Some(all) = pairs.reduce(|a, b| Condition::And(Box::new(a), Box::new(b))) else {
        return Err(Refusal::at(operator, "compares two values"));
    };
    Ok(if name == "neq" { Condition::Not(Box::new(all)) } else { all })
}
