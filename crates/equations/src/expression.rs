//! Expressions: precedence climbing by one function a level.

use crate::error::Error;
use crate::scanner::{Scanner, Token};
use crate::syntax::{Comparison, Condition, Expr, Function, Operator};

/// Nesting beyond this is refused, so that no text can exhaust the stack.
const DEEPEST: usize = 200;

pub(crate) fn expression(scanner: &mut Scanner, depth: usize) -> Result<Expr, Error> {
    let mut left = product(scanner, depth)?;
    loop {
        // What is no token may be a unit: it ends the expression, and whoever comes next judges it.
        let operator = match scanner.peek() {
            Ok(Token::Sign("+")) => Operator::Add,
            Ok(Token::Sign("-")) => Operator::Subtract,
            _ => return Ok(left),
        };
        scanner.next()?;
        left = Expr::Binary(operator, Box::new(left), Box::new(product(scanner, depth)?));
    }
}

fn product(scanner: &mut Scanner, depth: usize) -> Result<Expr, Error> {
    let mut left = signed(scanner, depth)?;
    loop {
        let operator = match scanner.peek() {
            Ok(Token::Sign("*")) => Operator::Multiply,
            Ok(Token::Sign("/")) => Operator::Divide,
            _ => return Ok(left),
        };
        scanner.next()?;
        left = Expr::Binary(operator, Box::new(left), Box::new(signed(scanner, depth)?));
    }
}

fn signed(scanner: &mut Scanner, depth: usize) -> Result<Expr, Error> {
    if depth > DEEPEST {
        return Err(Error::new(scanner.place(), "this expression is nested too deeply; name parts of it with `let`"));
    }
    if scanner.peek()? == Token::Sign("-") {
        scanner.next()?;
        return Ok(Expr::Negate(Box::new(signed(scanner, depth + 1)?)));
    }
    let base = atom(scanner, depth)?;
    if scanner.peek() != Ok(Token::Sign("^")) {
        return Ok(base);
    }
    scanner.next()?;
    let exponent = signed(scanner, depth + 1)?;
    Ok(Expr::Binary(Operator::Power, Box::new(base), Box::new(exponent)))
}

fn atom(scanner: &mut Scanner, depth: usize) -> Result<Expr, Error> {
    let place = scanner.place();
    match scanner.next()? {
        Token::Number(number) => Ok(Expr::Number(number)),
        Token::Sign("(") => {
            let inner = expression(scanner, depth + 1)?;
            expect(scanner, ")")?;
            Ok(inner)
        }
        Token::Name(name) if scanner.peek() == Ok(Token::Sign("(")) => {
            scanner.next()?;
            if name == "if" {
                let condition = disjunction(scanner, depth + 1)?;
                expect(scanner, ",")?;
                let then = expression(scanner, depth + 1)?;
                expect(scanner, ",")?;
                let otherwise = expression(scanner, depth + 1)?;
                expect(scanner, ")")?;
                return Ok(Expr::If(Box::new(condition), Box::new(then), Box::new(otherwise)));
            }
            let Some(&(_, function, arity)) = Function::ALL.iter().find(|(known, ..)| *known == name) else {
                let known = Function::ALL.iter().map(|(known, ..)| *known).collect::<Vec<_>>().join(", ");
                return Err(Error::new(place, format!("there is no function `{name}`; there are {known} and if")));
            };
            let mut arguments = vec![expression(scanner, depth + 1)?];
            while scanner.peek()? == Token::Sign(",") {
                scanner.next()?;
                arguments.push(expression(scanner, depth + 1)?);
            }
            expect(scanner, ")")?;
            if arguments.len() != arity {
                let given = arguments.len();
                return Err(Error::new(place, format!("`{name}` takes {arity} argument(s), not {given}")));
            }
            Ok(Expr::Call(function, arguments))
        }
        Token::Name(name) => Ok(Expr::Name(name, place)),
        other => Err(Error::new(place, format!("a number, a name or `(` belongs here, not {}", other.describe()))),
    }
}

fn disjunction(scanner: &mut Scanner, depth: usize) -> Result<Condition, Error> {
    let mut left = conjunction(scanner, depth)?;
    while scanner.peek()? == Token::Sign("||") {
        scanner.next()?;
        left = Condition::Or(Box::new(left), Box::new(conjunction(scanner, depth)?));
    }
    Ok(left)
}

fn conjunction(scanner: &mut Scanner, depth: usize) -> Result<Condition, Error> {
    let mut left = negation(scanner, depth)?;
    while scanner.peek()? == Token::Sign("&&") {
        scanner.next()?;
        left = Condition::And(Box::new(left), Box::new(negation(scanner, depth)?));
    }
    Ok(left)
}

fn negation(scanner: &mut Scanner, depth: usize) -> Result<Condition, Error> {
    if depth > DEEPEST {
        return Err(Error::new(scanner.place(), "this condition is nested too deeply"));
    }
    match scanner.peek()? {
        Token::Sign("!") => {
            scanner.next()?;
            Ok(Condition::Not(Box::new(negation(scanner, depth + 1)?)))
        }
        Token::Sign("(") if holds_condition(*scanner)? => {
            scanner.next()?;
            let inner = disjunction(scanner, depth + 1)?;
            expect(scanner, ")")?;
            Ok(inner)
        }
        _ => comparison(scanner, depth),
    }
}

/// Whether the bracket that comes next holds a condition: a comparison stands in it, also within further brackets, but not only among the arguments of
/// a function.
fn holds_condition(mut ahead: Scanner) -> Result<bool, Error> {
    let (mut depth, mut call, mut after_name) = (0_usize, None, false);
    loop {
        let token = ahead.next()?;
        match token {
            Token::Sign("(") => {
                depth += 1;
                if after_name {
                    call.get_or_insert(depth);
                }
            }
            Token::Sign(")") if depth <= 1 => return Ok(false),
            Token::Sign(")") => {
                if call == Some(depth) {
                    call = None;
                }
                depth -= 1;
            }
            Token::Sign("<" | "<=" | ">" | ">=" | "==" | "&&" | "||" | "!") if call.is_none() => return Ok(true),
            Token::End => return Ok(false),
            _ => {}
        }
        after_name = matches!(token, Token::Name(_));
    }
}

fn comparison(scanner: &mut Scanner, depth: usize) -> Result<Condition, Error> {
    let left = expression(scanner, depth + 1)?;
    let place = scanner.place();
    let comparison = match scanner.next()? {
        Token::Sign("<") => Comparison::Less,
        Token::Sign("<=") => Comparison::AtMost,
        Token::Sign(">") => Comparison::Greater,
        Token::Sign(">=") => Comparison::AtLeast,
        Token::Sign("==") => Comparison::Equal,
        other => {
            return Err(Error::new(place, format!("a comparison (< <= > >= ==) belongs here, not {}", other.describe())));
        }
    };
    Ok(Condition::Compare(comparison, left, expression(scanner, depth + 1)?))
}

pub(crate) fn expect(scanner: &mut Scanner, sign: &'static str) -> Result<(), Error> {
    let place = scanner.place();
    match scanner.next()? {
        Token::Sign(found) if found == sign => Ok(()),
        other => Err(Error::new(place, format!("`{sign}` belongs here, not {}", other.describe()))),
    }
}
