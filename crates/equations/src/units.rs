//! Whether the units that a model declares hang together.
//!
//! A number in an equation may hide a unit (`1000*A/V` turns mg/L into ug/L), so whatever a number multiplies is not judged; sums, comparisons,
//! derivatives and definitions made of names alone are. What is found is a hint to the author, not a fault: the numbers are taken as they stand.

use std::collections::{BTreeMap, HashMap};

use crate::error::{Error, Place};
use crate::syntax::{Condition, Expr, Function, Model, Operator};

/// Known symbols: base, and how many of the base one is.
const SYMBOLS: [(&str, &str, f64); 37] = [
    ("g", "g", 1.0),
    ("kg", "g", 1e3),
    ("mg", "g", 1e-3),
    ("ug", "g", 1e-6),
    ("ng", "g", 1e-9),
    ("pg", "g", 1e-12),
    ("fg", "g", 1e-15),
    ("L", "L", 1.0),
    ("dL", "L", 1e-1),
    ("mL", "L", 1e-3),
    ("uL", "L", 1e-6),
    ("nL", "L", 1e-9),
    ("mol", "mol", 1.0),
    ("mmol", "mol", 1e-3),
    ("umol", "mol", 1e-6),
    ("nmol", "mol", 1e-9),
    ("pmol", "mol", 1e-12),
    ("fmol", "mol", 1e-15),
    ("s", "d", 1.0 / 86_400.0),
    ("min", "d", 1.0 / 1440.0),
    ("h", "d", 1.0 / 24.0),
    ("d", "d", 1.0),
    ("wk", "d", 7.0),
    ("a", "d", 365.25),
    ("m", "m", 1.0),
    ("cm", "m", 1e-2),
    ("mm", "m", 1e-3),
    ("mmHg", "mmHg", 1.0),
    ("mm[Hg]", "mmHg", 1.0),
    ("kPa", "mmHg", 7.500_615_6),
    ("Pa", "mmHg", 7.500_615_6e-3),
    ("percent", "1", 1e-2),
    ("%", "1", 1e-2),
    ("1", "1", 1.0),
    ("kcells", "cells", 1e3),
    ("Mcells", "cells", 1e6),
    ("cell", "cells", 1.0),
];

/// Symbols of concentration: amount of substance in a litre.
const MOLAR: [(&str, f64); 6] = [("M", 1.0), ("mM", 1e-3), ("uM", 1e-6), ("nM", 1e-9), ("pM", 1e-12), ("fM", 1e-15)];

/// Exponents of base units, and a factor.
#[derive(Debug, Clone, PartialEq)]
struct Unit {
    factor: f64,
    bases: BTreeMap<String, f64>,
}

impl Unit {
    fn none() -> Self {
        Self { factor: 1.0, bases: BTreeMap::new() }
    }

    fn read(text: &str) -> Self {
        let mut unit = Self::none();
        let mut sign = 1.0;
        for part in text.split_inclusive(['*', '/']) {
            let symbol = part.trim_end_matches(['*', '/']);
            // `mL2` is a symbol and an exponent, `60` and `1e-3` are factors.
            let factor = symbol.starts_with(|c: char| c.is_ascii_digit()) && symbol.parse::<f64>().is_ok();
            let digits = if factor { symbol } else { symbol.trim_end_matches(|c: char| c.is_ascii_digit()) };
            let (name, exponent) = match symbol[digits.len()..].parse::<f64>() {
                Ok(exponent) if !digits.is_empty() => (digits, exponent),
                _ => (symbol, 1.0),
            };
            unit = unit.times(&Self::symbol(name), sign * exponent);
            sign = if part.ends_with('/') { -1.0 } else { 1.0 };
        }
        unit
    }

    fn symbol(name: &str) -> Self {
        if let Some(factor) = name.parse::<f64>().ok().filter(|_| name.starts_with(|c: char| c.is_ascii_digit())) {
            return Self { factor, ..Self::none() };
        }
        if let Some((_, factor)) = MOLAR.iter().find(|(known, _)| *known == name) {
            return Self { factor: *factor, bases: [("mol".to_owned(), 1.0), ("L".to_owned(), -1.0)].into() };
        }
        let (base, factor) = SYMBOLS.iter().find(|(known, ..)| *known == name).map_or((name, 1.0), |(_, base, factor)| (base, *factor));
        let bases = if base == "1" || base.is_empty() { BTreeMap::new() } else { [(base.to_owned(), 1.0)].into() };
        Self { factor, bases }
    }

    fn times(mut self, other: &Self, exponent: f64) -> Self {
        self.factor *= other.factor.powf(exponent);
        for (base, power) in &other.bases {
            let now = self.bases.entry(base.clone()).or_insert(0.0);
            *now += power * exponent;
        }
        self.bases.retain(|_, power| power.abs() > 1e-9);
        self
    }

    fn is_like(&self, other: &Self) -> bool {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
        self.bases.keys().eq(other.bases.keys()) && self.bases.values().zip(other.bases.values()).all(near)
    }

    fn is(&self, other: &Self) -> bool {
        self.is_like(other) && (self.factor / other.factor - 1.0).abs() < 1e-6
    }

    fn is_number(&self) -> bool {
        self.bases.is_empty()
    }

    /// Such as `g/L/d`, without the factor.
    fn bases(&self) -> String {
        let one = |(base, power): (&String, &f64)| if power.abs() == 1.0 { base.clone() } else { format!("{base}{}", power.abs()) };
        let above: Vec<String> = self.bases.iter().filter(|(_, power)| **power > 0.0).map(one).collect();
        let below: String = self.bases.iter().filter(|(_, power)| **power < 0.0).map(|part| format!("/{}", one(part))).collect();
        format!("{}{below}", if above.is_empty() { "1".to_owned() } else { above.join("*") })
    }
}

/// What units a checked model declares that do not fit its equations, each with the place of the equation.
pub fn units(model: &Model) -> Vec<Error> {
    let mut judge = Judge { names: HashMap::new(), found: Vec::new(), place: Place::default() };
    for parameter in &model.parameters {
        judge.names.insert(&parameter.name, stated(&parameter.unit));
    }
    for state in &model.states {
        judge.names.insert(&state.name, stated(&state.unit));
    }
    let day = model.time.seconds().map(|_| Unit::read(model.time.symbol()));
    judge.names.insert("t", day.clone());
    for definition in model.derived.iter().chain(&model.lets) {
        judge.place = definition.place;
        let found = judge.unit(&definition.expression);
        let declared = stated(&definition.unit);
        judge.fits(&definition.name, &definition.unit, found.as_ref(), declared.as_ref());
        judge.names.insert(&definition.name, declared.or(found));
    }
    for state in &model.states {
        judge.place = state.place;
        let found = judge.unit(&state.initial);
        let own = stated(&state.unit);
        judge.fits(&state.name, &state.unit, found.as_ref(), own.as_ref());
        let found = judge.unit(&state.derivative);
        judge.fits(
            &format!("d {}", state.name),
            &format!("{}/{}", state.unit, model.time.symbol()),
            found.as_ref(),
            own.zip(day.as_ref()).map(|(own, day)| own.times(day, -1.0)).as_ref(),
        );
    }
    for output in &model.outputs {
        judge.place = output.place;
        let found = judge.unit(&output.expression);
        judge.fits(&output.name, &output.unit, found.as_ref(), stated(&output.unit).as_ref());
    }
    judge.found
}

/// `?` says that the unit is not stated.
fn stated(unit: &str) -> Option<Unit> {
    (!unit.is_empty() && unit != "?").then(|| Unit::read(unit))
}

struct Judge<'a> {
    /// `None` where a number hides the unit.
    names: HashMap<&'a str, Option<Unit>>,
    found: Vec<Error>,
    place: Place,
}

impl Judge<'_> {
    fn fits(&mut self, name: &str, asked: &str, found: Option<&Unit>, declared: Option<&Unit>) {
        let (Some(found), Some(declared)) = (found, declared) else { return };
        if found.is(declared) {
            return;
        }
        let message = if found.is_like(declared) {
            format!("`{name}` should be in {asked}; its expression is {} times that unit", found.factor / declared.factor)
        } else {
            format!("`{name}` should be in {asked}; its expression is in {}", found.bases())
        };
        self.found.push(Error::new(self.place, message));
    }

    /// The unit of both, which stand on either side of a sum or comparison.
    fn same(&mut self, a: Option<Unit>, b: Option<Unit>, what: &str) -> Option<Unit> {
        if let (Some(a), Some(b)) = (&a, &b)
            && !a.is(b)
        {
            let message = if a.is_like(b) {
                format!("{what} of units that differ by a factor of {}", b.factor / a.factor)
            } else {
                format!("{what} of {} and {}", a.bases(), b.bases())
            };
            self.found.push(Error::new(self.place, message));
        }
        a.or(b)
    }

    fn unit(&mut self, expression: &Expr) -> Option<Unit> {
        match expression {
            Expr::Number(_) => None,
            Expr::Name(name, _) => self.names.get(name.as_str()).cloned().flatten(),
            Expr::Negate(inner) => self.unit(inner),
            Expr::Binary(operator, left, right) => {
                let (a, b) = (self.unit(left), self.unit(right));
                match operator {
                    Operator::Add => self.same(a, b, "a sum"),
                    Operator::Subtract => self.same(a, b, "a difference"),
                    Operator::Multiply => Some(a?.times(&b?, 1.0)),
                    Operator::Divide => Some(a?.times(&b?, -1.0)),
                    Operator::Power => raised(a, right),
                }
            }
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::If(test, then, otherwise) => {
                self.test(test);
                let (a, b) = (self.unit(then), self.unit(otherwise));
                self.same(a, b, "a choice")
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> Option<Unit> {
        let mut units: Vec<Option<Unit>> = arguments.iter().map(|argument| self.unit(argument)).collect();
        let first = units.first().cloned().flatten();
        match function {
            Function::Power => raised(first, arguments.get(1)?),
            Function::Floor | Function::Ceil => first,
            Function::Exp | Function::Tanh => {
                if let Some(unit) = first.filter(|unit| !unit.is_number()) {
                    self.found.push(Error::new(self.place, format!("an exponential of {}", unit.bases())));
                }
                Some(Unit::none())
            }
            Function::Ln | Function::Log10 | Function::Sin | Function::Cos => None,
            Function::Sqrt => Some(Unit::none().times(&first?, 0.5)),
            Function::Abs | Function::Pos => first,
            Function::Min | Function::Max | Function::Hill => {
                let second = units.get_mut(1).and_then(Option::take);
                let both = self.same(first, second, "a comparison");
                if function == Function::Hill { Some(Unit::none()) } else { both }
            }
        }
    }

    fn test(&mut self, test: &Condition) {
        match test {
            Condition::Compare(_, a, b) => {
                let (a, b) = (self.unit(a), self.unit(b));
                self.same(a, b, "a comparison");
            }
            Condition::And(a, b) | Condition::Or(a, b) => {
                self.test(a);
                self.test(b);
            }
            Condition::Not(inner) => self.test(inner),
        }
    }
}

fn raised(base: Option<Unit>, exponent: &Expr) -> Option<Unit> {
    match number(exponent) {
        Some(exponent) => Some(Unit::none().times(&base?, exponent)),
        None => base.filter(|base| base.is(&Unit::none())),
    }
}

fn number(expression: &Expr) -> Option<f64> {
    match expression {
        Expr::Number(number) => Some(*number),
        Expr::Negate(inner) => number(inner).map(|number| -number),
        _ => None,
    }
}
