//! Reading a raw value as what its signal carries.

use crate::{Code, Comparator, Kind, Reason, Signal, Unit, Value};
use std::borrow::Cow;
use std::fmt;

/// A value as the source gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RawValue<'a> {
    /// A number with the laboratory's qualifier.
    Number(f64, Comparator),
    /// Text still to be read.
    Text(&'a str),
    /// A word of a closed list, already mapped.
    Code(Code),
    /// Given or running, amount not stated.
    Unquantified,
    /// What the reader could not read; kept of what [`Signal::is_kept_unread`] tells, where it ends what held before.
    Unread(&'a str),
}

impl fmt::Display for RawValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(x, Comparator::Exact) => write!(f, "{x}"),
            Self::Number(x, Comparator::Below) => write!(f, "<{x}"),
            Self::Number(x, Comparator::Above) => write!(f, ">{x}"),
            Self::Text(text) | Self::Unread(text) => f.write_str(text),
            Self::Code(code) => f.write_str(code.name()),
            Self::Unquantified => f.write_str("(amount not stated)"),
        }
    }
}

/// The value a signal makes of what was read; `detail` may gain what the value said beyond it.
pub(super) fn interpret(signal: Signal, raw: RawValue<'_>, detail: &mut Cow<'_, str>) -> Result<Value, Reason> {
    match signal.kind() {
        Kind::Coded(allowed) => coded(signal, raw, allowed, detail),
        Kind::Stated => stated(raw, detail),
        Kind::Rate => match raw {
            RawValue::Number(x, c) => finite(x, c),
            RawValue::Unquantified => Ok(Value::Unquantified),
            RawValue::Code(_) | RawValue::Unread(_) => Err(Reason::Value),
            RawValue::Text(text) => match text.trim().to_lowercase().as_str() {
                "running" | "started" | "start" | "restarted" | "resumed" | "continued" | "infusing" | "on" | "yes" => {
                    Ok(Value::Unquantified)
                }
                "stopped" | "stop" | "paused" | "off" | "discontinued" | "dc" | "dc'd" | "d/c" | "d/c'd" | "ended" | "finished"
                | "completed" | "held" | "on hold" | "weaned off" | "turned off" | "no" => Ok(Value::Number(0.0, Comparator::Exact)),
                _ => number(text),
            },
        },
        Kind::Dose => match raw {
            RawValue::Number(x, c) => finite(x, c),
            RawValue::Unquantified => Ok(Value::Unquantified),
            RawValue::Code(_) | RawValue::Unread(_) => Err(Reason::Value),
            RawValue::Text(text) => match text.trim().to_lowercase().as_str() {
                "" | "given" | "yes" => Ok(Value::Unquantified),
                _ => number(text),
            },
        },
        Kind::Measurement => match raw {
            RawValue::Number(x, c) => finite(x, c),
            // Nearly every value is a number, so the words of the laboratory are looked for only after it.
            RawValue::Text(text) => number(text).or_else(|reason| {
                let folded = text.trim().to_uppercase().replace(' ', "");
                if matches!(folded.as_str(), "<LLOQ" | ">ULOQ" | "<LLOD" | "BLQ" | "ALQ") {
                    *detail = Cow::Owned(join(&folded, detail));
                    return Ok(Value::Unquantified);
                }
                Err(reason)
            }),
            RawValue::Code(_) | RawValue::Unread(_) => Err(Reason::Value),
            RawValue::Unquantified => Err(Reason::MissingValue),
        },
    }
}

/// How many decimals a number was charted with; a number that is no longer text is taken as its shortest writing.
pub(super) fn decimals(raw: RawValue<'_>) -> i32 {
    let text = match raw {
        RawValue::Text(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let after = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    i32::try_from(after).unwrap_or(i32::MAX).saturating_sub(exponent.parse().unwrap_or(0)).clamp(-300, 300)
}

/// What is kept of a row that could not be read and yet ends what was charted before; its words go to the detail.
/// A row without any value says nothing.
///
/// Of an infusion or drug, words that begin with an amount ("0.1 mcg/kg/min as ordered", "0,1") say that it ran or was given, and a
/// nought that it did not; any other words leave open whether an infusion runs, and make no dose.
pub(super) fn unread(signal: Signal, raw: RawValue<'_>, reason: Reason, detail: &mut Cow<'_, str>) -> Option<Value> {
    let value = match (signal.kind(), raw) {
        _ if reason == Reason::MissingValue => None,
        _ if signal.is_kept_unread() => Some(Value::Unquantified),
        (Kind::Rate | Kind::Dose, RawValue::Text(text)) if begins_with_a_number(text) => {
            let digits = text.split(|c: char| c.is_alphabetic()).next().unwrap_or("");
            let nought = digits.chars().all(|c| !c.is_ascii_digit() || c == '0');
            Some(if nought { Value::Number(0.0, Comparator::Exact) } else { Value::Unquantified })
        }
        (Kind::Rate, RawValue::Text(_) | RawValue::Unread(_)) => Some(Value::Words),
        // A vital sign that was taken, whatever it was; words without a number are no reading.
        (Kind::Measurement, RawValue::Unread(_)) if signal.is_watched() => Some(Value::Unquantified),
        (Kind::Measurement, RawValue::Text(text)) if signal.is_watched() && text.contains(|c| matches!(c, '1'..='9')) => {
            Some(Value::Unquantified)
        }
        _ => None,
    }?;
    *detail = Cow::Owned(join(&raw.to_string(), detail));
    Some(value)
}

fn begins_with_a_number(text: &str) -> bool {
    text.trim_start_matches(['<', '>', '=', ' ']).starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

/// A number and the unit written behind it, with a blank between: `0.1 mcg/kg/min`.
pub(super) fn with_unit(text: &str) -> Option<(&str, &str)> {
    let (amount, unit) = text.trim().rsplit_once(' ').map(|(amount, unit)| (amount.trim_end(), unit))?;
    let known = number(amount).is_ok() && Unit::parse(unit).is_ok();
    known.then_some((amount, unit))
}

fn coded(signal: Signal, raw: RawValue<'_>, allowed: &[Code], detail: &mut Cow<'_, str>) -> Result<Value, Reason> {
    let code = match raw {
        RawValue::Code(code) => allowed.contains(&code).then_some(code),
        RawValue::Text(text) => Code::among(text, allowed),
        RawValue::Number(1.0, Comparator::Exact) => Code::among("1", allowed),
        RawValue::Number(0.0, Comparator::Exact) => Code::among("0", allowed),
        RawValue::Number(..) | RawValue::Unquantified | RawValue::Unread(_) => None,
    };
    match (code, raw) {
        (Some(code), _) => Ok(Value::Code(code)),
        // Support at home is often told in a phrase ("BiPAP at night"), and so is a push ("phenylephrine 100 mcg").
        (None, RawValue::Text(text)) if matches!(signal, Signal::BaselineSupport | Signal::VasopressorPush) => {
            phrase(signal, text, allowed, detail)
        }
        // A death row may name its cause, or nothing, where others say "yes".
        (None, RawValue::Text(text)) if signal == Signal::Death => {
            *detail = Cow::Owned(join(text.trim(), detail));
            Ok(Value::Code(Code::Yes))
        }
        (None, RawValue::Text(text)) if text.trim().is_empty() => Err(Reason::MissingValue),
        (None, _) => Err(Reason::Value),
    }
}

/// The one word of the list that a phrase holds; what else it says goes to the detail.
fn phrase(signal: Signal, text: &str, allowed: &[Code], detail: &mut Cow<'_, str>) -> Result<Value, Reason> {
    let folded = text.trim().to_lowercase().replace([' ', '-'], "_");
    if signal == Signal::BaselineSupport && matches!(folded.as_str(), "none" | "no" | "nil" | "n/a") {
        return Ok(Value::Code(Code::RoomAir));
    }
    let mut held = allowed.iter().filter(|code| folded.contains(code.name()));
    match (held.next_back(), folded.is_empty()) {
        (Some(code), _) => {
            *detail = Cow::Owned(join(text.trim(), detail));
            Ok(Value::Code(*code))
        }
        (None, true) => Err(Reason::MissingValue),
        (None, false) => Err(Reason::Value),
    }
}

fn stated(raw: RawValue<'_>, detail: &mut Cow<'_, str>) -> Result<Value, Reason> {
    match raw {
        RawValue::Number(x, c) => finite(x, c),
        RawValue::Text(text) => number(text).or_else(|_| {
            let words = join(text.trim(), detail);
            if words.is_empty() {
                return Err(Reason::MissingValue);
            }
            *detail = Cow::Owned(words);
            Ok(Value::Words)
        }),
        RawValue::Code(code) => {
            *detail = Cow::Owned(join(code.name(), detail));
            Ok(Value::Words)
        }
        RawValue::Unquantified => Err(Reason::MissingValue),
        RawValue::Unread(_) => Err(Reason::Value),
    }
}

fn join(first: &str, rest: &str) -> String {
    match (first.is_empty(), rest.is_empty()) {
        (_, true) => first.to_owned(),
        (true, false) => rest.to_owned(),
        (false, false) => format!("{first}; {rest}"),
    }
}

fn finite(x: f64, comparator: Comparator) -> Result<Value, Reason> {
    if x.is_finite() { Ok(Value::Number(x, comparator)) } else { Err(Reason::Value) }
}

/// A decimal number, with `<`, `<=`, `>` or `>=` before it. A decimal comma is not guessed at.
fn number(text: &str) -> Result<Value, Reason> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Reason::MissingValue);
    }
    let (comparator, digits) = if let Some(rest) = text.strip_prefix("<=").or_else(|| text.strip_prefix('<')) {
        (Comparator::Below, rest)
    } else if let Some(rest) = text.strip_prefix(">=").or_else(|| text.strip_prefix('>')) {
        (Comparator::Above, rest)
    } else {
        (Comparator::Exact, text)
    };
    let digits = digits.trim();
    // `f64::from_str` also reads "inf" and "nan", which no chart means.
    if !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E')) {
        return Err(Reason::Value);
    }
    finite(digits.parse().map_err(|_| Reason::Value)?, comparator)
}
