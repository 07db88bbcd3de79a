//! The file's elements as plain values; what is not supported is refused here, with its element.

use std::cell::Cell;
use std::collections::HashMap;

use barograph_equations::{Condition, Expr};
use roxmltree::{Document, Node};

use super::math::{Defined, Scope, children, math, named, truth};
use super::refusal::Refusal;
use super::units::Units;

/// Something with a value: compartment, species or parameter.
#[derive(Debug)]
pub(super) struct Symbol {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) unit: String,
    /// Of a species: the unit of its amount.
    pub(super) amount_unit: String,
    pub(super) value: Value,
    /// Whether reactions may not change it.
    pub(super) held: bool,
    pub(super) line: u32,
}

/// A value at the start.
#[derive(Debug)]
pub(super) enum Value {
    Given(f64),
    Missing,
    /// A species: amount or concentration at the start, in a compartment; whether its name stands for an amount; what turns extents of
    /// reactions into amounts of it.
    Species {
        amount: Option<f64>,
        concentration: Option<f64>,
        compartment: String,
        as_amount: bool,
        conversion: Option<String>,
    },
}

#[derive(Debug)]
pub(super) struct Reaction {
    pub(super) id: String,
    pub(super) rate: Expr,
    /// Species and what one turn of the reaction adds.
    pub(super) changes: Vec<(String, Expr)>,
}

#[derive(Debug)]
pub(super) struct SbmlEvent {
    pub(super) id: String,
    pub(super) trigger: Condition,
    /// Whether a trigger that holds at the start has just come to hold.
    pub(super) fires_at_start: bool,
    pub(super) persistent: bool,
    pub(super) values_from_trigger: bool,
    pub(super) delay: Option<Expr>,
    pub(super) priority: Option<Expr>,
    pub(super) assignments: Vec<(String, Expr)>,
}

/// The model of a file.
#[derive(Debug, Default)]
pub(super) struct Sbml {
    pub(super) id: String,
    pub(super) title: String,
    /// Seconds in the file's unit of time, where it is stated.
    pub(super) seconds: Option<f64>,
    pub(super) symbols: Vec<Symbol>,
    pub(super) starts: HashMap<String, Expr>,
    pub(super) assigned: Vec<(String, Expr)>,
    pub(super) rates: HashMap<String, Expr>,
    pub(super) reactions: Vec<Reaction>,
    pub(super) events: Vec<SbmlEvent>,
    pub(super) notes: Vec<String>,
}

pub(super) fn document(xml: &str) -> Result<Sbml, Refusal> {
    let document = Document::parse(xml).map_err(|fault| Refusal::Xml(fault.to_string()))?;
    // The tree lives as long as this function; what is kept is owned.
    model(&document)
}

fn model<'a>(document: &'a Document<'a>) -> Result<Sbml, Refusal> {
    let root = document.root_element();
    if root.tag_name().name() != "sbml" {
        return Err(Refusal::at(root, "the outermost element of SBML is <sbml>"));
    }
    let level = root.attribute("level").unwrap_or("");
    if !matches!(level, "2" | "3") {
        return Err(Refusal::at(root, format!("level `{level}` is not supported; levels 2 and 3 are")));
    }
    for package in root.attributes() {
        if package.name() == "required" && matches!(package.value(), "true" | "1") {
            return Err(Refusal::at(root, "an extension package changes the mathematics of this file (required=\"true\")"));
        }
    }
    let model = child(root, "model").ok_or_else(|| Refusal::at(root, "there is no <model>"))?;
    let mut sbml = Sbml {
        id: model.attribute("id").unwrap_or("sbml").to_owned(),
        title: model.attribute("name").unwrap_or("").to_owned(),
        seconds: seconds(model)?,
        ..Sbml::default()
    };
    let functions = list(model, "listOfFunctionDefinitions").map(function).collect::<Result<HashMap<_, _>, _>>()?;
    let parts = Cell::new(0);
    let scope = Scope { functions: &functions, bound: HashMap::new(), parts: &parts };
    let units = Units::of(model);
    symbols(model, &mut sbml)?;
    for start in list(model, "listOfInitialAssignments") {
        if sbml.starts.insert(needed(start, "symbol")?.to_owned(), math_of(start, &scope)?).is_some() {
            return Err(Refusal::at(start, "a second initial assignment gives it another value"));
        }
    }
    for rule in list(model, "listOfRules") {
        let kind = rule.tag_name().name();
        if !matches!(kind, "assignmentRule" | "rateRule") {
            let remedy = "algebraic rules are not supported; solve it for one of its variables and write an assignment rule";
            return Err(Refusal::at(rule, remedy));
        }
        let variable = needed(rule, "variable")?.to_owned();
        if sbml.rates.contains_key(&variable) || sbml.assigned.iter().any(|(known, _)| *known == variable) {
            return Err(Refusal::at(rule, "a rule further up gives it already"));
        }
        if kind == "assignmentRule" {
            sbml.assigned.push((variable, math_of(rule, &scope)?));
        } else {
            sbml.rates.insert(variable, math_of(rule, &scope)?);
        }
    }
    let constraints = list(model, "listOfConstraints").count();
    if constraints > 0 {
        sbml.notes.push(format!("constraints are not watched ({constraints} in this file)"));
    }
    for (number, node) in list(model, "listOfReactions").enumerate() {
        let reaction = reaction(node, number, level, &scope, &units, &mut sbml.symbols)?;
        sbml.reactions.push(reaction);
    }
    for (number, node) in list(model, "listOfEvents").enumerate() {
        sbml.events.push(event(node, number, level, &scope)?);
    }
    changed_once(&sbml)?;
    Ok(sbml)
}

/// What a rule gives is changed by no reaction; only a species at the boundary may stand in both.
fn changed_once(sbml: &Sbml) -> Result<(), Refusal> {
    let ruled = |id: &str| sbml.rates.contains_key(id) || sbml.assigned.iter().any(|(known, _)| known == id);
    let changes = sbml.reactions.iter().flat_map(|reaction| reaction.changes.iter().map(move |(id, _)| (reaction, id)));
    for (reaction, id) in changes {
        if ruled(id) && sbml.symbols.iter().any(|symbol| symbol.id == *id && !symbol.held) {
            let message = format!(
                "a rule gives it, and the reaction `{}` changes it; only a species with boundaryCondition=\"true\" may stand in both",
                reaction.id
            );
            return Err(Refusal::name(id, message));
        }
    }
    Ok(())
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    children(node).find(|child| child.tag_name().name() == name)
}

pub(super) fn list<'a>(node: Node<'a, 'a>, name: &str) -> impl Iterator<Item = Node<'a, 'a>> + use<'a> {
    let inner = child(node, name);
    inner.into_iter().flat_map(children).filter(|node| !matches!(node.tag_name().name(), "notes" | "annotation"))
}

fn needed<'a>(node: Node<'a, 'a>, attribute: &str) -> Result<&'a str, Refusal> {
    node.attribute(attribute).ok_or_else(|| Refusal::at(node, format!("the attribute `{attribute}` is missing")))
}

/// A number; `None` where it is missing, or `NaN`, by which some programs write that a rule gives it.
pub(super) fn number(node: Node, attribute: &str) -> Result<Option<f64>, Refusal> {
    let Some(text) = node.attribute(attribute).filter(|text| text.trim() != "NaN") else { return Ok(None) };
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(Refusal::at(node, format!("{attribute}=\"{text}\" is not a finite number"))),
    }
}

fn flag(node: Node, attribute: &str, otherwise: bool) -> bool {
    node.attribute(attribute).map_or(otherwise, |value| matches!(value, "true" | "1"))
}

/// Early versions of level 2 let a kinetic law or an event have units that are not the model's.
fn no_units_of_its_own(node: Node) -> Result<(), Refusal> {
    match ["timeUnits", "substanceUnits"].into_iter().find(|name| node.has_attribute(*name)) {
        Some(name) => Err(Refusal::at(node, format!("{name} of its own is not supported"))),
        None => Ok(()),
    }
}

fn math_of<'a>(node: Node<'a, 'a>, scope: &Scope<'a, '_>) -> Result<Expr, Refusal> {
    math(child(node, "math").ok_or_else(|| Refusal::at(node, "there is no <math>"))?, scope)
}

/// Seconds in the unit of time, by the units this file defines.
fn seconds(model: Node) -> Result<Option<f64>, Refusal> {
    let name = model.attribute("timeUnits").unwrap_or("time");
    if name == "second" {
        return Ok(Some(1.0));
    }
    let Some(unit) = list(model, "listOfUnitDefinitions").find(|unit| unit.attribute("id") == Some(name)) else { return Ok(None) };
    let parts: Vec<Node> = list(unit, "listOfUnits").collect();
    match parts.as_slice() {
        [one] if one.attribute("kind") == Some("second") => {
            let exponent = number(*one, "exponent")?.unwrap_or(1.0);
            let scale = number(*one, "scale")?.unwrap_or(0.0);
            let seconds = (number(*one, "multiplier")?.unwrap_or(1.0) * 10_f64.powf(scale)).powf(exponent);
            if exponent == 1.0 && seconds > 0.0 && seconds.is_finite() {
                Ok(Some(seconds))
            } else {
                Err(Refusal::at(*one, "this is no unit of time"))
            }
        }
        [one] if one.attribute("kind") == Some("dimensionless") => Ok(None),
        _ => Err(Refusal::at(unit, "a unit of time is a multiple of the second")),
    }
}

fn symbols<'a>(model: Node<'a, 'a>, sbml: &mut Sbml) -> Result<(), Refusal> {
    let units = Units::of(model);
    for node in list(model, "listOfCompartments") {
        let id = needed(node, "id")?;
        // Neither level has a default for the size of a compartment; only level 1 had.
        let value = number(node, "size")?.map_or(Value::Missing, Value::Given);
        sbml.symbols.push(symbol(node, id, value, true, units.compartment(node)?));
    }
    for node in list(model, "listOfSpecies") {
        let id = needed(node, "id")?;
        let value = Value::Species {
            amount: number(node, "initialAmount")?,
            concentration: number(node, "initialConcentration")?,
            compartment: needed(node, "compartment")?.to_owned(),
            as_amount: flag(node, "hasOnlySubstanceUnits", false),
            conversion: node.attribute("conversionFactor").or_else(|| model.attribute("conversionFactor")).map(str::to_owned),
        };
        let held = flag(node, "boundaryCondition", false) || flag(node, "constant", false);
        let [amount_unit, unit] = units.species(node, flag(node, "hasOnlySubstanceUnits", false))?;
        sbml.symbols.push(Symbol { amount_unit, ..symbol(node, id, value, held, unit) });
    }
    for node in list(model, "listOfParameters") {
        let value = number(node, "value")?.map_or(Value::Missing, Value::Given);
        sbml.symbols.push(symbol(node, needed(node, "id")?, value, true, units.text(node.attribute("units"))?));
    }
    Ok(())
}

fn symbol(node: Node, id: &str, value: Value, held: bool, unit: String) -> Symbol {
    let line = node.document().text_pos_at(node.range().start).row;
    let title = node.attribute("name").unwrap_or(id).to_owned();
    Symbol { id: id.to_owned(), title, unit, amount_unit: String::new(), value, held, line }
}

fn function<'a>(node: Node<'a, 'a>) -> Result<(String, Defined<'a>), Refusal> {
    let lambda = child(node, "math").and_then(|math| child(math, "lambda"));
    let lambda = lambda.ok_or_else(|| Refusal::at(node, "a function is a <lambda>"))?;
    let (bound, body): (Vec<_>, Vec<_>) = children(lambda).partition(|part| part.tag_name().name() == "bvar");
    let arguments = bound.iter().filter_map(|argument| child(*argument, "ci")).map(|name| name.text().unwrap_or("").trim().to_owned());
    match body.as_slice() {
        [body] => Ok((needed(node, "id")?.to_owned(), Defined { arguments: arguments.collect(), body: *body })),
        _ => Err(Refusal::at(lambda, "a function has exactly one expression")),
    }
}

fn reaction<'a>(
    node: Node<'a, 'a>,
    at: usize,
    level: &str,
    scope: &Scope<'a, '_>,
    units: &Units<'a>,
    symbols: &mut Vec<Symbol>,
) -> Result<Reaction, Refusal> {
    if flag(node, "fast", false) {
        return Err(Refusal::at(
            node,
            "fast reactions are not supported; give it an ordinary rate that is high, or its equilibrium as a rule",
        ));
    }
    let id = node.attribute("id").map_or_else(|| format!("reaction_{}", at + 1), str::to_owned);
    let law = child(node, "kineticLaw").ok_or_else(|| Refusal::at(node, "a reaction without kinetic law has no rate"))?;
    no_units_of_its_own(law)?;
    let mut bound = HashMap::new();
    for local in list(law, "listOfParameters").chain(list(law, "listOfLocalParameters")) {
        let name = needed(local, "id")?;
        let own = format!("{id}__{name}");
        let value = number(local, "value")?.ok_or_else(|| Refusal::at(local, "a local parameter needs a value"))?;
        symbols.push(symbol(local, &own, Value::Given(value), true, units.text(local.attribute("units"))?));
        bound.insert(name.to_owned(), named(&own));
    }
    let rate = math_of(law, &Scope { functions: scope.functions, bound, parts: scope.parts })?;
    let mut changes = Vec::new();
    for (name, sign) in [("listOfReactants", -1.0), ("listOfProducts", 1.0)] {
        for reference in list(node, name) {
            let given = number(reference, "stoichiometry")?;
            let amount = match (child(reference, "stoichiometryMath"), reference.attribute("id")) {
                (Some(given), _) => math_of(given, scope)?,
                // In level 3 the id stands for the stoichiometry, which rules, events and initial assignments may give.
                (None, Some(id)) if level == "3" => {
                    symbols.push(symbol(reference, id, given.map_or(Value::Missing, Value::Given), true, "1".to_owned()));
                    named(id)
                }
                (None, _) if level == "2" && !reference.has_attribute("stoichiometry") => Expr::Number(1.0),
                (None, _) => {
                    let missing = || Refusal::at(reference, "the stoichiometry is missing, and has no default here");
                    Expr::Number(given.ok_or_else(missing)?)
                }
            };
            let amount = if sign < 0.0 { Expr::Negate(Box::new(amount)) } else { amount };
            changes.push((needed(reference, "species")?.to_owned(), amount));
        }
    }
    Ok(Reaction { id, rate, changes })
}

fn event<'a>(node: Node<'a, 'a>, at: usize, level: &str, scope: &Scope<'a, '_>) -> Result<SbmlEvent, Refusal> {
    let id = node.attribute("id").map_or_else(|| format!("event_{}", at + 1), str::to_owned);
    no_units_of_its_own(node)?;
    let trigger = child(node, "trigger").ok_or_else(|| Refusal::at(node, "an event needs a trigger"))?;
    let condition = child(trigger, "math").ok_or_else(|| Refusal::at(trigger, "there is no <math>"))?;
    let part = |name: &str| child(node, name).map(|part| math_of(part, scope)).transpose();
    let mut assignments = Vec::new();
    for assignment in list(node, "listOfEventAssignments") {
        assignments.push((needed(assignment, "variable")?.to_owned(), math_of(assignment, scope)?));
    }
    Ok(SbmlEvent {
        id,
        trigger: truth(condition, scope)?,
        fires_at_start: level == "3" && !flag(trigger, "initialValue", true),
        persistent: flag(trigger, "persistent", true),
        values_from_trigger: flag(node, "useValuesFromTriggerTime", true),
        delay: part("delay")?,
        priority: part("priority")?,
        assignments,
    })
}
