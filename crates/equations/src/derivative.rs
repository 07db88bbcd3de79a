//! Partial derivatives, node by node.

use std::collections::{BTreeSet, HashMap};

use crate::graph::{Graph, Id, Node};
use crate::syntax::Comparison;

/// The least base that the derivative of a power divides by.
const TINY: f64 = 1e-300;

/// Derivatives with respect to one variable, remembered between calls.
pub(crate) struct Derivative {
    variable: Id,
    known: HashMap<Id, Id>,
}

impl Derivative {
    /// Derivatives with respect to `variable`, a node such as [`Node::State`].
    pub(crate) fn by(variable: Id) -> Self {
        Self { variable, known: HashMap::new() }
    }

    /// The derivative of `id`.
    pub(crate) fn of(&mut self, graph: &mut Graph, id: Id) -> Id {
        if id == self.variable {
            return graph.constant(1.0);
        }
        if let Some(&known) = self.known.get(&id) {
            return known;
        }
        // Operands come before a node, so an explicit order keeps the stack shallow.
        let mut needed = BTreeSet::from([id]);
        let mut waiting = vec![id];
        while let Some(node) = waiting.pop() {
            for operand in graph.node(node).operands() {
                if !self.known.contains_key(&operand) && needed.insert(operand) {
                    waiting.push(operand);
                }
            }
        }
        for node in needed {
            let derivative = self.rule(graph, node);
            self.known.insert(node, derivative);
        }
        self.known[&id]
    }

    fn at(&self, graph: &mut Graph, id: Id) -> Id {
        if id == self.variable { graph.constant(1.0) } else { self.known[&id] }
    }

    fn rule(&self, graph: &mut Graph, id: Id) -> Id {
        let node = graph.node(id);
        if id == self.variable {
            return graph.constant(1.0);
        }
        let mut inner = node.operands().map(|operand| self.at(graph, operand)).collect::<Vec<_>>().into_iter();
        let mut next = |graph: &mut Graph| inner.next().unwrap_or_else(|| graph.constant(0.0));
        let first = next(graph);
        let second = next(graph);
        match node {
            Node::Constant(_) | Node::Time | Node::State(_) | Node::Parameter(_) => graph.constant(0.0),
            Node::Shift | Node::Factor(_) | Node::Known(_) => graph.constant(0.0),
            Node::Negate(_) => graph.negate(first),
            Node::Add(..) => graph.add(first, second),
            Node::Subtract(..) if graph.rounds(id) => graph.constant(0.0),
            Node::Subtract(..) => graph.subtract(first, second),
            Node::Multiply(a, b) => {
                let left = graph.multiply(first, b);
                let right = graph.multiply(a, second);
                graph.add(left, right)
            }
            Node::Reciprocal(_) => {
                let square = graph.multiply(id, id);
                let product = graph.multiply(square, first);
                graph.negate(product)
            }
            Node::Sqrt(_) => {
                let half = graph.constant(0.5);
                let scaled = graph.multiply(half, first);
                graph.divide(scaled, id)
            }
            Node::Exp(_) => graph.multiply(id, first),
            Node::Ln(a) => graph.divide(first, a),
            Node::Abs(a) => {
                let zero = graph.constant(0.0);
                let negative = graph.negate(first);
                graph.select(Comparison::Less, a, zero, negative, first)
            }
            Node::Min(a, b) => graph.select(Comparison::AtMost, a, b, first, second),
            Node::Max(a, b) => graph.select(Comparison::AtMost, b, a, first, second),
            Node::Power(a, b) => power(graph, id, (a, first), (b, second)),
            Node::Select(comparison, left, right, ..) => {
                let (third, fourth) = (next(graph), next(graph));
                graph.select(comparison, left, right, third, fourth)
            }
        }
    }
}

/// d(a^b) = a^b (b a'/a + b' ln a); a is kept from 0, where a^b is 0 too and so is the product.
fn power(graph: &mut Graph, id: Id, (a, da): (Id, Id), (b, db): (Id, Id)) -> Id {
    let tiny = graph.constant(TINY);
    let base = graph.max(a, tiny);
    let ratio = graph.divide(id, base);
    let scaled = graph.multiply(b, ratio);
    let by_base = graph.multiply(scaled, da);
    if graph.value(db) == Some(0.0) {
        return by_base;
    }
    let ln = graph.unary(Node::Ln(base));
    let scaled = graph.multiply(id, ln);
    let by_exponent = graph.multiply(scaled, db);
    graph.add(by_base, by_exponent)
}
