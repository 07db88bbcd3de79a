//! From syntax to the symbolic form.

use std::collections::HashMap;

use crate::graph::{Graph, Id, Node};
use crate::syntax::{Condition, Expr, Function, Model, Operator};

/// What a model computes, as nodes of one graph.
#[derive(Debug, Clone)]
pub(crate) struct Symbols {
    /// The graph.
    pub(crate) graph: Graph,
    /// Initial values, of parameters alone.
    pub(crate) initial: Vec<Id>,
    /// Derivatives of the states.
    pub(crate) derivatives: Vec<Id>,
    /// Outputs.
    pub(crate) outputs: Vec<Id>,
}

/// The nodes of a checked model.
pub(crate) fn symbols(model: &Model) -> Symbols {
    let mut lowering = Lowering { graph: Graph::default(), names: HashMap::new() };
    for (index, parameter) in model.parameters.iter().enumerate() {
        let id = lowering.graph.add_node(Node::Parameter(index));
        lowering.names.insert(parameter.name.clone(), id);
    }
    for derived in &model.derived {
        let id = lowering.expression(&derived.expression);
        lowering.names.insert(derived.name.clone(), id);
    }
    let initial = model.states.iter().map(|state| lowering.expression(&state.initial)).collect();
    let time = lowering.graph.add_node(Node::Time);
    lowering.names.insert("t".into(), time);
    for (index, state) in model.states.iter().enumerate() {
        let id = lowering.graph.add_node(Node::State(index));
        lowering.names.insert(state.name.clone(), id);
    }
    for intermediate in &model.lets {
        let id = lowering.expression(&intermediate.expression);
        lowering.names.insert(intermediate.name.clone(), id);
    }
    let derivatives = model.states.iter().map(|state| lowering.expression(&state.derivative)).collect();
    let outputs = model.outputs.iter().map(|output| lowering.expression(&output.expression)).collect();
    Symbols { graph: lowering.graph, initial, derivatives, outputs }
}

struct Lowering {
    graph: Graph,
    names: HashMap<String, Id>,
}

impl Lowering {
    fn expression(&mut self, expression: &Expr) -> Id {
        match expression {
            Expr::Number(number) => self.graph.constant(*number),
            // The checker has seen every name; NaN would show a name that it has not.
            Expr::Name(name, _) => match self.names.get(name) {
                Some(&id) => id,
                None => self.graph.constant(f64::NAN),
            },
            Expr::Negate(inner) => {
                let inner = self.expression(inner);
                self.graph.negate(inner)
            }
            Expr::Binary(operator, left, right) => {
                let (a, b) = (self.expression(left), self.expression(right));
                match operator {
                    Operator::Add => self.graph.add(a, b),
                    Operator::Subtract => self.graph.subtract(a, b),
                    Operator::Multiply => self.graph.multiply(a, b),
                    Operator::Divide => self.graph.divide(a, b),
                    Operator::Power => self.graph.power(a, b),
                }
            }
            Expr::Call(function, arguments) => {
                let arguments: Vec<Id> = arguments.iter().map(|argument| self.expression(argument)).collect();
                self.call(*function, &arguments)
            }
            Expr::If(condition, then, otherwise) => {
                let (then, otherwise) = (self.expression(then), self.expression(otherwise));
                self.condition(condition, then, otherwise)
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &[Id]) -> Id {
        let graph = &mut self.graph;
        match (function, arguments) {
            (Function::Exp, &[x]) => graph.unary(Node::Exp(x)),
            (Function::Ln, &[x]) => graph.unary(Node::Ln(x)),
            (Function::Log10, &[x]) => {
                let ln = graph.unary(Node::Ln(x));
                let scale = graph.constant(std::f64::consts::LOG10_E);
                graph.multiply(ln, scale)
            }
            (Function::Sqrt, &[x]) => graph.unary(Node::Sqrt(x)),
            (Function::Abs, &[x]) => graph.unary(Node::Abs(x)),
            (Function::Min, &[a, b]) => graph.min(a, b),
            (Function::Max, &[a, b]) => graph.max(a, b),
            (Function::Pos, &[x]) => {
                let zero = graph.constant(0.0);
                graph.max(x, zero)
            }
            (Function::Hill, &[x, k, n]) => {
                let zero = graph.constant(0.0);
                let positive = graph.max(x, zero);
                let ratio = graph.divide(positive, k);
                let raised = graph.power(ratio, n);
                let one = graph.constant(1.0);
                let denominator = graph.add(one, raised);
                graph.divide(raised, denominator)
            }
            (Function::Power, &[x, n]) => graph.signed_power(x, n),
            (Function::Floor, &[x]) => graph.floor(x),
            (Function::Ceil, &[x]) => {
                let negative = graph.negate(x);
                let floor = graph.floor(negative);
                graph.negate(floor)
            }
            (Function::Sin, &[x]) => graph.sine(x, 0.0),
            (Function::Cos, &[x]) => graph.sine(x, 1.0),
            (Function::Tanh, &[x]) => graph.tanh(x),
            // The parser has counted the arguments; NaN would show a count that it let pass.
            _ => graph.constant(f64::NAN),
        }
    }

    fn condition(&mut self, condition: &Condition, then: Id, otherwise: Id) -> Id {
        match condition {
            Condition::Compare(comparison, left, right) => {
                let (left, right) = (self.expression(left), self.expression(right));
                self.graph.select(*comparison, left, right, then, otherwise)
            }
            Condition::And(left, right) => {
                let inner = self.condition(right, then, otherwise);
                self.condition(left, inner, otherwise)
            }
            Condition::Or(left, right) => {
                let inner = self.condition(right, then, otherwise);
                self.condition(left, then, inner)
            }
            Condition::Not(inner) => self.condition(inner, otherwise, then),
        }
    }
}
