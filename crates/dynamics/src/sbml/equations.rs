//! What the file says, as a text of the equation language.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use barograph_equations::{Expr, Function, Operator, TimeUnit};

use super::document::{Sbml, SbmlEvent, Symbol, Value};
use super::math::{TIME, binary, named};
use super::print::Printer;
use super::refusal::Refusal;
use super::walk::{tested, used};

/// What a symbol is in the equations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Parameter,
    /// Computed once, from an initial assignment.
    Derived,
    State,
    Let,
    /// A concentration in a compartment that changes size: computed from a state that is the amount.
    Amount,
}

/// States that an event sets, and whether to a concentration in a compartment that changes size.
pub(super) type Targets = Vec<(String, bool)>;

/// The text, and what the events need to find their values in it.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) text: String,
    /// Each event: states that it sets, in the order of the outputs `event_N_set_M`; whether the value is a concentration, which the size of its compartment (`event_N_size_M`)
    /// makes an amount once all else is set.
    pub(super) targets: Vec<Targets>,
    /// How many outputs `stop_N` give times at which to stop.
    pub(super) stops: usize,
}

pub(super) struct Writer<'a> {
    pub(super) sbml: &'a Sbml,
    pub(super) roles: HashMap<&'a str, Role>,
    names: HashMap<&'a str, String>,
    amounts: HashMap<&'a str, String>,
    /// The file's units of time in one of the model's.
    pace: f64,
    /// The first symbol without a value that was written somewhere all the same.
    lacking: RefCell<Option<String>>,
}

pub(super) fn write(sbml: &Sbml, time: TimeUnit, pace: f64) -> Result<Written, Refusal> {
    let (roles, names) = (roles(sbml)?, names(sbml));
    let writer = Writer { sbml, amounts: amounts(&roles, &names), roles, names, pace, lacking: RefCell::new(None) };
    writer.check_names()?;
    writer.text(time)
}

fn roles(sbml: &Sbml) -> Result<HashMap<&str, Role>, Refusal> {
    let mut roles = HashMap::new();
    let assigned: HashSet<&str> = sbml.assigned.iter().map(|(id, _)| id.as_str()).collect();
    let reacting: HashSet<&str> = sbml.reactions.iter().flat_map(|reaction| reaction.changes.iter().map(|(id, _)| id.as_str())).collect();
    let set: HashSet<&str> = sbml.events.iter().flat_map(|event| event.assignments.iter().map(|(id, _)| id.as_str())).collect();
    for symbol in &sbml.symbols {
        let id = symbol.id.as_str();
        let role = if assigned.contains(id) {
            Role::Let
        } else if sbml.rates.contains_key(id) || set.contains(id) || (reacting.contains(id) && !symbol.held) {
            Role::State
        } else if sbml.starts.contains_key(id) || matches!(symbol.value, Value::Species { .. }) {
            Role::Derived
        } else {
            Role::Parameter
        };
        if roles.insert(id, role).is_some() {
            return Err(Refusal::name(id, format!("the id is given twice (line {})", symbol.line)));
        }
    }
    for reaction in &sbml.reactions {
        if roles.insert(&reaction.id, Role::Let).is_some() {
            return Err(Refusal::name(&reaction.id, "the id of the reaction is given twice"));
        }
    }
    let ruled = assigned.iter().copied().chain(sbml.rates.keys().map(String::as_str));
    for id in ruled.chain(set.iter().copied()).chain(reacting.iter().copied()).chain(sbml.starts.keys().map(String::as_str)) {
        if !sbml.symbols.iter().any(|symbol| symbol.id == id) {
            return Err(Refusal::name(id, "a rule, reaction or event speaks of it, but it is no compartment, species or parameter"));
        }
    }
    flowing(sbml, &set, &mut roles)?;
    Ok(roles)
}

/// Concentrations in compartments that change size: their amounts are what reactions change and what dilution leaves as it is.
fn flowing<'a>(sbml: &'a Sbml, set: &HashSet<&str>, roles: &mut HashMap<&'a str, Role>) -> Result<(), Refusal> {
    for symbol in &sbml.symbols {
        let Value::Species { compartment, as_amount, conversion, .. } = &symbol.value else { continue };
        if let Some(name) = [Some(compartment), conversion.as_ref()].into_iter().flatten().find(|name| !roles.contains_key(name.as_str())) {
            return Err(Refusal::name(name, format!("the species `{}` speaks of it, but it is no compartment or parameter", symbol.id)));
        }
        let (id, flows) = (symbol.id.as_str(), matches!(roles.get(compartment.as_str()), Some(Role::State | Role::Let)));
        if *as_amount || !flows || roles.get(id) == Some(&Role::Let) {
            continue;
        }
        if !sbml.rates.contains_key(id) {
            roles.insert(id, Role::Amount);
        } else if set.contains(compartment.as_str()) {
            let message =
                format!("an event changes this compartment, and a rate rule the concentration of `{id}` in it, which is not supported");
            return Err(Refusal::name(compartment, message));
        }
    }
    Ok(())
}

/// Names of the equation language: the file's ids, with `_` after those that have another meaning there.
fn names(sbml: &Sbml) -> HashMap<&str, String> {
    let ids = || sbml.symbols.iter().map(|symbol| symbol.id.as_str()).chain(sbml.reactions.iter().map(|reaction| reaction.id.as_str()));
    let taken: HashSet<&str> = ids().collect();
    let reserved = |name: &str| name == "t" || name == "if" || Function::ALL.iter().any(|(known, ..)| *known == name);
    ids()
        .map(|id| {
            let mut name = id.to_owned();
            while reserved(&name) || (name != id && taken.contains(name.as_str())) {
                name.push('_');
            }
            (id, name)
        })
        .collect()
}

/// The mark of an amount beside the name of its concentration; no SBML id can hold it.
const AMOUNT: &str = "!amount";

/// Names of the states that are amounts behind concentrations.
fn amounts<'a>(roles: &HashMap<&'a str, Role>, names: &HashMap<&'a str, String>) -> HashMap<&'a str, String> {
    let of = |(&id, _): (&&'a str, &Role)| {
        let mut name = format!("{id}_amount");
        while names.values().any(|taken| *taken == name) {
            name.push('_');
        }
        (id, name)
    };
    roles.iter().filter(|(_, role)| **role == Role::Amount).map(of).collect()
}

impl<'a> Writer<'a> {
    pub(super) fn print(&self, expression: &Expr) -> String {
        self.with_printer(|printer| printer.expression(expression))
    }

    fn with_printer<R>(&self, f: impl FnOnce(&Printer) -> R) -> R {
        let name = |id: &str| match self.names.get(id) {
            Some(name) => {
                let missing = |symbol: &Symbol| matches!(symbol.value, Value::Missing);
                if self.roles.get(id) == Some(&Role::Parameter) && self.symbol(id).is_some_and(missing) {
                    self.lacking.borrow_mut().get_or_insert_with(|| id.to_owned());
                }
                name.clone()
            }
            None if id.ends_with(AMOUNT) => self.amounts.get(id.trim_end_matches(AMOUNT)).cloned().unwrap_or_default(),
            None if id == TIME && self.pace != 1.0 => format!("({:?}*t)", self.pace),
            None if id == TIME => "t".into(),
            None => id.to_owned(),
        };
        f(&Printer { name: &name })
    }

    /// Every name that an expression uses is known.
    fn check_names(&self) -> Result<(), Refusal> {
        let sbml = self.sbml;
        let rules = sbml.assigned.iter().map(|(id, expression)| (id, expression)).chain(&sbml.rates).chain(&sbml.starts);
        let reactions =
            sbml.reactions.iter().flat_map(|r| std::iter::once(&r.rate).chain(r.changes.iter().map(|(_, e)| e)).map(|e| (&r.id, e)));
        let parts = |event: &'a SbmlEvent| {
            event.assignments.iter().map(|(_, e)| e).chain(&event.delay).chain(&event.priority).map(|e| (&event.id, e))
        };
        let events = sbml.events.iter().flat_map(parts);
        let known = |name: &str| name == TIME || self.roles.contains_key(name);
        for (id, expression) in rules.chain(reactions).chain(events) {
            for name in used(expression) {
                if !known(name) {
                    return Err(Refusal::name(name, format!("`{id}` uses it, but it is not defined")));
                }
            }
        }
        for event in &sbml.events {
            let mut names = Vec::new();
            tested(&event.trigger, &mut names);
            if let Some(name) = names.into_iter().find(|name| !known(name)) {
                return Err(Refusal::name(name, format!("`{}` uses it, but it is not defined", event.id)));
            }
        }
        Ok(())
    }

    pub(super) fn symbol(&self, id: &str) -> Option<&'a Symbol> {
        self.sbml.symbols.iter().find(|symbol| symbol.id == id)
    }

    /// Names in an order in which each comes after those it uses.
    fn ordered<'b>(wanted: &[(&'b str, Vec<&'b str>)]) -> Result<Vec<&'b str>, Refusal> {
        let mut waiting: Vec<&(&str, Vec<&str>)> = wanted.iter().collect();
        let mut done = Vec::new();
        while !waiting.is_empty() {
            let open: HashSet<&str> = waiting.iter().map(|(id, _)| *id).collect();
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, uses)| !uses.iter().any(|name| open.contains(name)));
            if ready.is_empty() {
                return Err(Refusal::name(rest[0].0, "it depends on itself by way of rules"));
            }
            done.extend(ready.iter().map(|(id, _)| *id));
            waiting = rest;
        }
        Ok(done)
    }

    fn text(&self, time: TimeUnit) -> Result<Written, Refusal> {
        let sbml = self.sbml;
        let unit = time.symbol();
        let mut out = format!(
            "# {}\n#\n# Imported from SBML.\nmodel {} \"{}\"\nverified assumed\ntime {unit}\n\n",
            quoted(&sbml.title),
            word(&sbml.id),
            quoted(if sbml.title.is_empty() { &sbml.id } else { &sbml.title })
        );
        let of_role = |role: Role| sbml.symbols.iter().filter(move |symbol| self.roles.get(symbol.id.as_str()) == Some(&role));
        let named = |symbol: &Symbol| (self.names[symbol.id.as_str()].clone(), symbol.unit.clone(), quoted(&symbol.title));
        for symbol in of_role(Role::Parameter) {
            let (name, unit, title) = named(symbol);
            // What has no value may stand in the file as long as nothing needs it.
            let Value::Given(value) = symbol.value else { continue };
            let _ = writeln!(out, "parameter {name} = {value:?} {unit} \"{title}\"");
        }
        let mut parts = 0;
        let mut derived: HashMap<&str, Expr> = HashMap::new();
        for symbol in of_role(Role::Derived) {
            derived.insert(&symbol.id, self.start(&symbol.id, &mut Vec::new(), &mut parts)?);
        }
        let uses: Vec<(&str, Vec<&str>)> = of_role(Role::Derived).map(|s| (s.id.as_str(), Vec::new())).collect();
        let uses: Vec<(&str, Vec<&str>)> = uses
            .into_iter()
            .map(|(id, _)| {
                let names = used(&derived[id]).into_iter().filter_map(|name| self.roles.get_key_value(name).map(|(known, _)| *known));
                (id, names.collect())
            })
            .collect();
        for id in Self::ordered(&uses)? {
            let Some(symbol) = self.symbol(id) else { continue };
            let (name, unit, title) = named(symbol);
            let _ = writeln!(out, "derived {name} = {} {unit} \"{title}\"", self.print(&derived[id]));
        }
        for symbol in of_role(Role::State) {
            let (name, unit, title) = named(symbol);
            let start = self.print(&self.start(&symbol.id, &mut Vec::new(), &mut parts)?);
            let _ = writeln!(out, "state {name} = {start} {unit} \"{title}\" signed");
        }
        for (symbol, compartment) in self.of_amount() {
            let (concentration, size) =
                (self.start(&symbol.id, &mut Vec::new(), &mut parts)?, self.start(compartment, &mut Vec::new(), &mut parts)?);
            let start = self.print(&binary(Operator::Multiply, concentration, size));
            let _ = writeln!(
                out,
                "state {} = {start} {} \"amount of {}\" signed",
                self.amounts[symbol.id.as_str()],
                symbol.amount_unit,
                quoted(&symbol.title)
            );
        }
        out.push('\n');
        self.lets(&mut out)?;
        for symbol in of_role(Role::State) {
            let _ = writeln!(out, "d {} = {}", self.names[symbol.id.as_str()], self.print(&self.derivative(symbol)));
        }
        for (symbol, _) in self.of_amount() {
            let _ = writeln!(out, "d {} = {}", self.amounts[symbol.id.as_str()], self.print(&self.derivative(symbol)));
        }
        for symbol in of_role(Role::Let).chain(of_role(Role::Amount)) {
            let (name, unit, title) = named(symbol);
            let _ = writeln!(out, "output {name} = {name} {unit} \"{title}\"");
        }
        let (targets, stops) = self.events(&mut out)?;
        if let Some(id) = self.lacking.take() {
            return Err(Refusal::name(&id, "it has no value, and equations need it; a compartment without a size has no default either"));
        }
        Ok(Written { text: out, targets, stops })
    }

    /// Species that are kept as amounts, with their compartments.
    fn of_amount(&self) -> impl Iterator<Item = (&'a Symbol, &'a str)> {
        self.sbml.symbols.iter().filter_map(|symbol| match &symbol.value {
            Value::Species { compartment, .. } if self.roles.get(symbol.id.as_str()) == Some(&Role::Amount) => {
                Some((symbol, compartment.as_str()))
            }
            _ => None,
        })
    }

    fn lets(&self, out: &mut String) -> Result<(), Refusal> {
        let sbml = self.sbml;
        let concentration = |(symbol, compartment): (&'a Symbol, &str)| {
            let amount = named(&format!("{}{AMOUNT}", symbol.id));
            (symbol.id.as_str(), binary(Operator::Divide, amount, named(compartment)))
        };
        let concentrations: Vec<(&str, Expr)> = self.of_amount().map(concentration).collect();
        let rules: Vec<(&str, &Expr)> = sbml
            .assigned
            .iter()
            .map(|(id, expression)| (id.as_str(), expression))
            .chain(sbml.reactions.iter().map(|reaction| (reaction.id.as_str(), &reaction.rate)))
            .chain(concentrations.iter().map(|(id, expression)| (*id, expression)))
            .collect();
        let wanted: Vec<(&str, Vec<&str>)> = rules.iter().map(|(id, expression)| (*id, used(expression))).collect();
        for id in Self::ordered(&wanted)? {
            if let Some((_, expression)) = rules.iter().find(|(known, _)| *known == id) {
                let _ = writeln!(out, "let {} = {}", self.names[id], self.print(expression));
            }
        }
        Ok(())
    }

    fn derivative(&self, symbol: &Symbol) -> Expr {
        let mut sum: Option<Expr> = self.sbml.rates.get(&symbol.id).cloned();
        if !symbol.held {
            for reaction in &self.sbml.reactions {
                for (_, amount) in reaction.changes.iter().filter(|(id, _)| *id == symbol.id) {
                    let (amount, minus) = match amount {
                        Expr::Negate(inner) => (&**inner, true),
                        other => (other, false),
                    };
                    let rate = match &symbol.value {
                        Value::Species { conversion: Some(factor), .. } => binary(Operator::Multiply, named(factor), named(&reaction.id)),
                        _ => named(&reaction.id),
                    };
                    let term = if *amount == Expr::Number(1.0) { rate } else { binary(Operator::Multiply, amount.clone(), rate) };
                    sum = Some(match (sum, minus) {
                        (None, false) => term,
                        (None, true) => Expr::Negate(Box::new(term)),
                        (Some(sum), minus) => binary(if minus { Operator::Subtract } else { Operator::Add }, sum, term),
                    });
                }
            }
            if let (Some(change), Value::Species { compartment, as_amount: false, .. }) = (&sum, &symbol.value)
                && !self.sbml.rates.contains_key(&symbol.id)
                && self.roles.get(symbol.id.as_str()) == Some(&Role::State)
            {
                sum = Some(binary(Operator::Divide, change.clone(), named(compartment)));
            }
        }
        let change = sum.unwrap_or(Expr::Number(0.0));
        if self.pace == 1.0 { change } else { binary(Operator::Multiply, Expr::Number(self.pace), change) }
    }

    /// Triggers, delays, priorities and values of events as outputs; and the times that conditions name, so that the run stops there.
    fn events(&self, out: &mut String) -> Result<(Vec<Targets>, usize), Refusal> {
        let mut targets = Vec::new();
        for (at, event) in self.sbml.events.iter().enumerate() {
            let trigger = self.with_printer(|printer| printer.condition(&event.trigger));
            let _ = writeln!(out, "output event_{at}_trigger = if({trigger}, 1, 0) 1 \"{}\"", quoted(&event.id));
            for (name, part) in [("delay", &event.delay), ("priority", &event.priority)] {
                let value = part.as_ref().map_or_else(|| "0".to_owned(), |part| self.print(part));
                let _ = writeln!(out, "output event_{at}_{name} = {value} ?");
            }
            let mut set = Vec::new();
            for (to, (id, value)) in event.assignments.iter().enumerate() {
                let (state, concentration) = match self.roles.get(id.as_str()) {
                    Some(Role::State) => (self.names[id.as_str()].clone(), false),
                    Some(Role::Amount) => (self.amounts[id.as_str()].clone(), true),
                    _ => return Err(Refusal::name(id, format!("the event `{}` sets what a rule gives", event.id))),
                };
                let _ = writeln!(out, "output event_{at}_set_{to} = {} ?", self.print(value));
                if let (true, Some(Value::Species { compartment, .. })) = (concentration, self.symbol(id).map(|symbol| &symbol.value)) {
                    let _ = writeln!(out, "output event_{at}_size_{to} = {} ?", self.print(&named(compartment)));
                }
                set.push((state, concentration));
            }
            targets.push(set);
        }
        let mut stops = Vec::new();
        let sbml = self.sbml;
        let of_rules = sbml.assigned.iter().map(|(_, e)| e).chain(sbml.rates.values()).chain(sbml.reactions.iter().map(|r| &r.rate));
        of_rules.for_each(|expression| self.stops(expression, &mut stops));
        sbml.events.iter().for_each(|event| self.stops_of(&event.trigger, &mut stops));
        stops.dedup();
        for (at, stop) in stops.iter().enumerate() {
            let _ = writeln!(out, "output stop_{at} = ({stop})/{:?} ?", self.pace);
        }
        Ok((targets, stops.len()))
    }
}

/// A text that fits between quotation marks on one line.
fn quoted(text: &str) -> String {
    text.chars().map(|c| if c == '"' || c == '#' || c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// A unit or id without characters that the language reads otherwise.
fn word(text: &str) -> String {
    let clean: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    if clean.is_empty() { "1".into() } else { clean }
}
