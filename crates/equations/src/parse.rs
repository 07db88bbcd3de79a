//! Declarations, one a line.

use std::collections::HashMap;

use crate::error::{Error, Place, suggestion};
use crate::expression::{expect, expression};
use crate::scanner::{Scanner, Token};
use crate::syntax::{Definition, Expr, Model, Parameter, State, TimeUnit, Verified};

const WORDS: [&str; 11] = ["model", "citation", "doi", "verified", "time", "parameter", "derived", "state", "let", "d", "output"];

/// What describes the whole text, and so stands in it once.
const ONCE: [&str; 5] = ["model", "citation", "doi", "verified", "time"];

/// Declarations as they come, before they are checked against each other.
#[derive(Default)]
pub(crate) struct Declarations {
    pub(crate) model: Model,
    pub(crate) derivatives: HashMap<String, (Expr, Place)>,
    /// Whether the unit of time was given.
    pub(crate) timed: bool,
}

pub(crate) fn declarations(text: &str) -> Result<Declarations, Error> {
    let mut found = Declarations::default();
    found.model.doc = head(text);
    let mut scanner = Scanner::new(text);
    let mut head: HashMap<&str, Place> = HashMap::new();
    loop {
        let place = scanner.place();
        match scanner.next()? {
            Token::End => break,
            Token::EndOfLine => {}
            Token::Name(word) => {
                if let Some(once) = ONCE.iter().find(|once| **once == word)
                    && let Some(first) = head.insert(once, place)
                {
                    return Err(Error::new(place, format!("`{word}` is given already on line {}; a text says it once", first.line)));
                }
                declaration(&word, place, &mut scanner, &mut found)?;
            }
            other => {
                let message = format!("a line begins with a word such as `parameter` or `state`, not {}", other.describe());
                return Err(Error::new(place, message));
            }
        }
    }
    if found.model.id.is_empty() {
        let message = "the model has no name; write `model my-model \"its title\"` on a line of its own";
        return Err(Error::new(Place { line: 1, column: 1 }, message));
    }
    found.timed = head.contains_key("time");
    Ok(found)
}

fn head(text: &str) -> String {
    let lines = text.lines().skip_while(|line| line.trim().is_empty()).take_while(|line| line.starts_with('#'));
    lines.map(|line| line[1..].strip_prefix(' ').unwrap_or(&line[1..])).collect::<Vec<_>>().join("\n")
}

fn declaration(word: &str, place: Place, scanner: &mut Scanner, found: &mut Declarations) -> Result<(), Error> {
    let model = &mut found.model;
    match word {
        "model" => {
            let id = scanner.word().unwrap_or("");
            if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
                return Err(Error::new(place, "`model` is followed by an id of letters, digits and `-`, then the title"));
            }
            id.clone_into(&mut model.id);
            model.title = text(scanner)?;
        }
        "citation" => model.citation = text(scanner)?,
        "doi" => model.doi = Some(scanner.line().to_owned()).filter(|doi| !doi.is_empty()),
        "verified" => {
            let given = scanner.word().unwrap_or("");
            let known = Verified::ALL.iter().find(|(known, _)| *known == given);
            model.verified = Some(
                known
                    .map(|&(_, level)| level)
                    .ok_or_else(|| Error::new(place, "`verified` is primary, secondary, recalled, derived or assumed"))?,
            );
        }
        "time" => {
            let given = scanner.word().unwrap_or("");
            let known = TimeUnit::ALL.iter().find(|(symbol, ..)| *symbol == given);
            model.time = known.map(|(_, unit, ..)| *unit).ok_or_else(|| {
                Error::new(place, "time is `s`, `min`, `h` or `d` (seconds, minutes, hours, days), or `1` (of no stated unit)")
            })?;
        }
        "parameter" => {
            let (name, place) = name(scanner)?;
            let value_place = scanner.place();
            let value = number(&expression(scanner, 0)?)
                .ok_or_else(|| Error::new(value_place, "a parameter is a number; write `derived` for an expression"))?;
            let Annotations { unit, description, verified, .. } = annotations(scanner, Of::Parameter)?;
            model.parameters.push(Parameter { name, value, unit, description, verified, place });
        }
        "derived" => model.derived.push(definition(scanner, Of::Definition)?),
        "let" => model.lets.push(definition(scanner, Of::Let)?),
        "output" => model.outputs.push(definition(scanner, Of::Definition)?),
        "state" => {
            let (name, place) = name(scanner)?;
            let initial = expression(scanner, 0)?;
            let Annotations { unit, description, atol, signed, .. } = annotations(scanner, Of::State)?;
            let derivative = Expr::Number(0.0);
            model.states.push(State { name, initial, derivative, unit, description, atol, signed, place });
        }
        "d" => {
            let (name, place) = name(scanner)?;
            let derivative = expression(scanner, 0)?;
            if let Some((_, first)) = found.derivatives.insert(name.clone(), (derivative, place)) {
                let message = format!("`d {name}` is given already on line {}", first.line);
                return Err(Error::new(place, message));
            }
        }
        other => {
            let mut hint = suggestion(other, WORDS.into_iter());
            if hint.is_empty() {
                hint = format!("; a line begins with one of {}", WORDS.join(", "));
            }
            return Err(Error::new(place, format!("no declaration begins with `{other}`{hint}")));
        }
    }
    let place = scanner.place();
    match scanner.next()? {
        Token::EndOfLine | Token::End => Ok(()),
        other => Err(Error::new(place, format!("the line should end here, before {}", other.describe()))),
    }
}

/// `NAME =`
fn name(scanner: &mut Scanner) -> Result<(String, Place), Error> {
    let place = scanner.place();
    match scanner.next()? {
        Token::Name(name) => {
            expect(scanner, "=")?;
            Ok((name, place))
        }
        other => Err(Error::new(place, format!("a name belongs here, not {}", other.describe()))),
    }
}

fn text(scanner: &mut Scanner) -> Result<String, Error> {
    let place = scanner.place();
    match scanner.next()? {
        Token::Text(text) => Ok(text),
        other => Err(Error::new(place, format!("a text in quotation marks belongs here, not {}", other.describe()))),
    }
}

fn number(expression: &Expr) -> Option<f64> {
    match expression {
        Expr::Number(number) => Some(*number),
        Expr::Negate(inner) => number(inner).map(|number| -number),
        _ => None,
    }
}

fn definition(scanner: &mut Scanner, of: Of) -> Result<Definition, Error> {
    let (name, place) = name(scanner)?;
    let expression = expression(scanner, 0)?;
    let Annotations { unit, description, .. } = annotations(scanner, of)?;
    Ok(Definition { name, expression, unit, description, place })
}

#[derive(Default)]
struct Annotations {
    unit: String,
    description: String,
    verified: Option<Verified>,
    atol: Option<f64>,
    signed: bool,
}

/// What is annotated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Parameter,
    State,
    /// `derived` or `output`.
    Definition,
    /// Its unit may be left out.
    Let,
}

/// `unit "description"`, then `verified` of a parameter, `atol NUMBER` and `signed` of a state; all but the unit may be absent.
fn annotations(scanner: &mut Scanner, of: Of) -> Result<Annotations, Error> {
    let mut about = Annotations::default();
    let place = scanner.place();
    let ahead = scanner.peek();
    if !matches!(ahead, Ok(Token::EndOfLine | Token::End | Token::Text(_))) {
        scanner.word().unwrap_or("").clone_into(&mut about.unit);
    }
    if about.unit.is_empty() && of != Of::Let {
        return Err(Error::new(place, "a unit belongs here, such as 1/h or mg/L; write 1 where there is none"));
    }
    loop {
        let place = scanner.place();
        match scanner.peek()? {
            Token::Text(_) => about.description = text(scanner)?,
            Token::Name(word) if word == "atol" && of == Of::State => {
                scanner.next()?;
                match scanner.next()? {
                    Token::Number(number) if number > 0.0 => about.atol = Some(number),
                    _ => return Err(Error::new(place, "`atol` is followed by a positive number")),
                }
            }
            Token::Name(word) if word == "signed" && of == Of::State => {
                scanner.next()?;
                about.signed = true;
            }
            Token::Name(word) if of == Of::Parameter => {
                let Some(&(_, level)) = Verified::ALL.iter().find(|(known, _)| *known == word) else {
                    return Ok(about);
                };
                scanner.next()?;
                about.verified = Some(level);
            }
            _ => return Ok(about),
        }
    }
}
