//! Observation: vital signs, laboratory results, oxygen devices, scores.

use super::context::{Context, Opened, first, moment, version};
use super::model::{CodeableConcept, Coding, Decimal, Meta, Period, Quantity, Reference, Text};
use super::store::{About, Fact, Kept};
use super::units::is_unitless;
use crate::concepts::{Domain, Meaning};
use barograph_record::{Code, Comparator, Kind, Reason, Signal};
use serde::Deserialize;

/// An Observation, with the fields read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Observation<'a> {
    id: Text<'a>,
    meta: Meta<'a>,
    status: Text<'a>,
    code: CodeableConcept<'a>,
    subject: Reference<'a>,
    effective_date_time: Text<'a>,
    effective_instant: Text<'a>,
    effective_period: Period<'a>,
    issued: Text<'a>,
    value_quantity: Option<Quantity<'a>>,
    value_codeable_concept: Option<CodeableConcept<'a>>,
    value_string: Option<Text<'a>>,
    value_integer: Option<Decimal>,
    value_boolean: Option<bool>,
    data_absent_reason: Option<CodeableConcept<'a>>,
    component: Vec<Component<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Component<'a> {
    code: CodeableConcept<'a>,
    value_quantity: Option<Quantity<'a>>,
    value_codeable_concept: Option<CodeableConcept<'a>>,
    value_string: Option<Text<'a>>,
    value_integer: Option<Decimal>,
    value_boolean: Option<bool>,
    data_absent_reason: Option<CodeableConcept<'a>>,
}

/// The one value that an observation or component holds.
enum Said<'r, 'a> {
    Quantity(&'r Quantity<'a>),
    Concept(&'r CodeableConcept<'a>),
    Text(&'r str),
    Integer(f64),
    Boolean(bool),
    /// No value, and why not where that is said.
    Nothing(Option<&'r CodeableConcept<'a>>),
}

/// Picks the value out of the choice that FHIR spells as one field per type.
macro_rules! said {
    ($of:expr) => {
        if let Some(quantity) = &$of.value_quantity {
            Said::Quantity(quantity)
        } else if let Some(concept) = &$of.value_codeable_concept {
            Said::Concept(concept)
        } else if let Some(text) = &$of.value_string {
            Said::Text(text)
        } else if let Some(number) = $of.value_integer {
            Said::Integer(number.0)
        } else if let Some(yes) = $of.value_boolean {
            Said::Boolean(yes)
        } else {
            Said::Nothing($of.data_absent_reason.as_ref())
        }
    };
}

/// Why a value was not kept, and what it was.
type Refusal = (Reason, String);

/// Reads one Observation: each of its values becomes a fact or a ledger entry.
pub(super) fn read(o: &Observation<'_>, cx: &mut Context<'_>) {
    let known_ms = moment(&o.issued);
    let Some(opened) = cx.open("Observation", &o.id, version(&o.meta, known_ms, &o.status), &o.subject) else { return };
    match &*o.status {
        "final" | "amended" | "corrected" | "preliminary" => {}
        "entered-in-error" => return cx.note("status", Reason::EnteredInError, &o.code.describe()),
        "cancelled" | "registered" => return cx.note("status", Reason::NotDone, &o.status),
        other => cx.note("status", Reason::FieldIgnored, if other.is_empty() { "no status" } else { other }),
    }
    let times = [&*o.effective_date_time, &*o.effective_instant, &*o.effective_period.start];
    let at = Times { text: first(&times), known_ms };
    let whole = said!(o);
    // A panel without a value of its own is spoken for by its components.
    if o.component.is_empty() || !matches!(whole, Said::Nothing(_)) {
        part(&o.code, &whole, "value", &at, opened, cx);
    }
    for c in &o.component {
        part(&c.code, &said!(c), "component", &at, opened, cx);
    }
}

struct Times<'t> {
    text: &'t str,
    known_ms: Option<i64>,
}

fn part(code: &CodeableConcept<'_>, said: &Said<'_, '_>, field: &str, at: &Times<'_>, opened: Opened, cx: &mut Context<'_>) {
    let signal = match cx.target(Domain::Observation, code).map(|t| t.meaning) {
        Some(Meaning::Signal(signal)) => signal,
        Some(Meaning::Infusion | Meaning::Irrelevant) => return cx.note(field, Reason::NotASignal, &code.describe()),
        None => return cx.note(field, Reason::UnmappedConcept, &code.describe()),
    };
    let (value, unit) = match keep(signal, said, cx) {
        Ok(kept) => kept,
        Err((reason, what)) if reason == Reason::MissingValue || !(signal.is_kept_unread() || signal.is_watched()) => {
            return cx.note(field, reason, &what);
        }
        // What cannot be read still ends what was charted before; the gate notes it.
        Err((_, what)) => (Kept::Unread(cx.store.texts.intern(&what)), ""),
    };
    let Some(at_ms) = moment(at.text) else {
        return cx.note("effective", Reason::Time, &format!("{signal} at {:?}", at.text));
    };
    let unit = cx.store.texts.intern(unit);
    cx.add(opened, Fact { known_ms: at.known_ms, unit, ..Fact::new(About::Signal(signal), at_ms, value) });
}

/// The value and unit to hand on.
fn keep<'r>(signal: Signal, said: &Said<'r, '_>, cx: &mut Context<'_>) -> Result<(Kept, &'r str), Refusal> {
    match said {
        Said::Quantity(quantity) => {
            let Some(Decimal(number)) = quantity.value else {
                return Err((Reason::MissingValue, signal.name().to_owned()));
            };
            let comparator =
                comparator(&quantity.comparator).ok_or_else(|| (Reason::Value, format!("{signal} with {:?}", &*quantity.comparator)))?;
            let unit = cx.store.units.of(quantity);
            numeric(signal, number, comparator, unit)
        }
        Said::Integer(number) => numeric(signal, *number, Comparator::Exact, ""),
        Said::Boolean(yes) => Ok((Kept::Text(cx.store.texts.intern(if *yes { "true" } else { "false" })), "")),
        Said::Text(text) => match split_number(text) {
            Some((number, comparator, unit)) if !matches!(signal.kind(), Kind::Coded(_)) => numeric(signal, number, comparator, unit),
            _ => Ok((worded(signal, std::iter::once(*text), cx), "")),
        },
        Said::Concept(concept) => {
            let Kind::Coded(allowed) = signal.kind() else {
                return Ok((Kept::Text(cx.store.texts.intern(concept.wordings().next().unwrap_or(""))), ""));
            };
            let implied = |c: &Coding<'_>| {
                let target = cx.concepts.code(&c.system, &c.code)?;
                let same = target.meaning == Meaning::Signal(signal);
                same.then(|| Code::among(target.value.as_deref()?, allowed)).flatten()
            };
            match concept.coding.iter().find_map(implied) {
                Some(code) => Ok((Kept::Code(code), "")),
                None => match worded(signal, concept.wordings(), cx) {
                    Kept::Code(code) => Ok((Kept::Code(code), "")),
                    _ => Err((Reason::UnmappedConcept, concept.describe())),
                },
            }
        }
        Said::Nothing(reason) => {
            let why = reason.map_or_else(String::new, |r| format!(": {}", r.coding.first().map_or(&*r.text, |c| &*c.code)));
            Err((Reason::MissingValue, format!("{signal}{why}")))
        }
    }
}

/// A number; without a unit only where none is needed, since a unit is never guessed.
fn numeric(signal: Signal, number: f64, comparator: Comparator, unit: &str) -> Result<(Kept, &str), Refusal> {
    if !number.is_finite() {
        return Err((Reason::Value, format!("{signal}: not a number")));
    }
    if unit.trim().is_empty() && !is_unitless(signal) {
        return Err((Reason::Unit, format!("{signal} without a unit")));
    }
    Ok((Kept::Number(number, comparator), unit))
}

/// Words for a coded signal: a word of its list, a device's name, or the text as it stands.
fn worded<'t>(signal: Signal, texts: impl Iterator<Item = &'t str> + Clone, cx: &mut Context<'_>) -> Kept {
    if let Kind::Coded(allowed) = signal.kind() {
        let named = |text: &str| cx.concepts.device(text).filter(|_| signal.is_device());
        if let Some(code) = texts.clone().find_map(|t| Code::among(t, allowed).or_else(|| named(t))) {
            return Kept::Code(code);
        }
    }
    let mut texts = texts;
    Kept::Text(cx.store.texts.intern(texts.next().unwrap_or("")))
}

fn comparator(text: &str) -> Option<Comparator> {
    match text {
        "" => Some(Comparator::Exact),
        "<" | "<=" => Some(Comparator::Below),
        ">" | ">=" => Some(Comparator::Above),
        _ => None,
    }
}

/// Splits `<2.5 pg/mL` into its number, qualifier and unit; `None` when it does not begin with a number.
fn split_number(text: &str) -> Option<(f64, Comparator, &str)> {
    let text = text.trim();
    let signs = text.bytes().take_while(|b| matches!(b, b'<' | b'>' | b'=')).count();
    let (sign, rest) = text.split_at_checked(signs)?;
    let rest = rest.trim_start();
    let digits = rest.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+')).count();
    let (number, unit) = rest.split_at_checked(digits)?;
    // "1,500" and "38,5" are not guessed at: what follows the digits must be a unit.
    let is_unit = !unit.starts_with([',', ';', ':']);
    let number: f64 = number.parse().ok().filter(|_| is_unit)?;
    Some((number, comparator(sign)?, unit.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split_into_number_and_unit() {
        assert_eq!(split_number("<2.5 pg/mL"), Some((2.5, Comparator::Below, "pg/mL")));
        assert_eq!(split_number(">= 40000ng/mL"), Some((40_000.0, Comparator::Above, "ng/mL")));
        assert_eq!(split_number("7"), Some((7.0, Comparator::Exact, "")));
        for text in ["38,5", "", "<LLOQ", "high", "==3", "--3", "é"] {
            assert_eq!(split_number(text), None, "{text}");
        }
    }
}
