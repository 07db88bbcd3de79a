//! Straight-line programs: what is printed as Rust and what is interpreted are the same operations in the same order.

use std::collections::{BTreeMap, HashMap};

use crate::graph::{Graph, Id, Node};
use crate::syntax::Comparison;

/// Where a value stands in a program: the number of the operation that makes it.
pub type Value = u32;

/// An operation of a program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// A constant.
    Constant(f64),
    /// Time.
    Time,
    /// A state.
    State(usize),
    /// A parameter, in the program that fills the slots and in the initial values.
    Parameter(usize),
    /// A slot: what depends on parameters alone, computed once per patient.
    Slot(usize),
    /// 1/(h gamma)
    Shift,
    /// An element of the factors.
    Factor(usize),
    /// An element of the right-hand side that is solved for.
    Known(usize),
    /// `-a`
    Negate(Value),
    /// `1/a`
    Reciprocal(Value),
    /// Square root.
    Sqrt(Value),
    /// Exponential.
    Exp(Value),
    /// Natural logarithm.
    Ln(Value),
    /// Absolute value.
    Abs(Value),
    /// `a + b`
    Add(Value, Value),
    /// `a - b`
    Subtract(Value, Value),
    /// `a / b`
    Divide(Value, Value),
    /// `a * b`
    Multiply(Value, Value),
    /// `a * b + c`, rounded once
    MultiplyAdd(Value, Value, Value),
    /// `c - a * b`, rounded once
    NegativeMultiplyAdd(Value, Value, Value),
    /// `a * b - c`, rounded once
    MultiplySubtract(Value, Value, Value),
    /// `a^b`
    Power(Value, Value),
    /// The smaller.
    Min(Value, Value),
    /// The larger.
    Max(Value, Value),
    /// `a ? b` then c else d
    Select(Comparison, Value, Value, Value, Value),
}

/// Operations, each reading earlier ones, and the values that come out.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The operations.
    pub operations: Vec<Operation>,
    /// The values that come out, in the order of the nodes asked for.
    pub results: Vec<Value>,
}

/// What is computed once per patient, shared by all programs of a model.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots {
    pub(crate) nodes: Vec<Id>,
    index: HashMap<Id, usize>,
}

impl Slots {
    fn of(&mut self, id: Id) -> usize {
        *self.index.entry(id).or_insert_with(|| {
            self.nodes.push(id);
            self.nodes.len() - 1
        })
    }
}

/// The program for some nodes. With `slots`, what depends on parameters alone is read from a slot.
pub(crate) fn program(graph: &Graph, results: &[Id], slots: Option<&mut Slots>) -> Program {
    let fixed = fixed(graph);
    let mut builder = Builder { graph, fixed, slots, uses: HashMap::new(), made: HashMap::new(), operations: Vec::new() };
    builder.count(results);
    let results = results.iter().map(|&id| builder.make(id)).collect();
    Program { operations: builder.operations, results }
}

/// Which nodes depend on parameters alone (constants do not count).
fn fixed(graph: &Graph) -> Vec<bool> {
    let mut fixed = vec![false; graph.len()];
    for index in 0..graph.len() {
        let node = graph.node(Id(index as u32));
        let mut operands = node.operands();
        let any = node.operands().any(|id| fixed[id.0 as usize]);
        fixed[index] = matches!(node, Node::Parameter(_)) || any && operands.all(|id| fixed[id.0 as usize] || graph.value(id).is_some());
    }
    fixed
}

struct Builder<'a> {
    graph: &'a Graph,
    fixed: Vec<bool>,
    slots: Option<&'a mut Slots>,
    uses: HashMap<Id, usize>,
    made: HashMap<Id, Value>,
    operations: Vec<Operation>,
}

impl Builder<'_> {
    fn hoisted(&self, id: Id) -> bool {
        self.slots.is_some() && self.fixed[id.0 as usize]
    }

    /// How often each node is read: a product that is read once melts into its sum.
    fn count(&mut self, results: &[Id]) {
        let mut waiting: BTreeMap<Id, usize> = BTreeMap::new();
        for &id in results {
            *waiting.entry(id).or_default() += 1;
        }
        while let Some((id, count)) = waiting.pop_last() {
            *self.uses.entry(id).or_default() += count;
            if !self.hoisted(id) {
                for operand in self.graph.node(id).operands() {
                    *waiting.entry(operand).or_default() += 1;
                }
            }
        }
    }

    /// The operands of a product that only this reader needs.
    fn product(&self, id: Id) -> Option<(Id, Id)> {
        match self.graph.node(id) {
            Node::Multiply(a, b) if self.uses[&id] == 1 && !self.hoisted(id) && self.quotient(a, b).is_none() => Some((a, b)),
            _ => None,
        }
    }

    /// Dividend and divisor of a product with a reciprocal that only this reader needs; a reciprocal that others share is cheaper shared.
    fn quotient(&self, a: Id, b: Id) -> Option<(Id, Id)> {
        let divisor = |id: Id| match self.graph.node(id) {
            Node::Reciprocal(divisor) if self.uses[&id] == 1 && !self.hoisted(id) => Some(divisor),
            _ => None,
        };
        divisor(b).map(|divisor| (a, divisor)).or_else(|| divisor(a).map(|divisor| (b, divisor)))
    }

    fn make(&mut self, id: Id) -> Value {
        // An explicit stack: a long sum is a deep graph.
        let mut stack = vec![id];
        while let Some(&top) = stack.last() {
            if self.made.contains_key(&top) {
                stack.pop();
                continue;
            }
            let needed = self.reads(top);
            let missing: Vec<Id> = needed.into_iter().filter(|operand| !self.made.contains_key(operand)).collect();
            if missing.is_empty() {
                let operation = self.operation(top);
                self.made.insert(top, self.operations.len() as Value);
                self.operations.push(operation);
                stack.pop();
            } else {
                stack.extend(missing.into_iter().rev());
            }
        }
        self.made[&id]
    }

    fn reads(&self, id: Id) -> Vec<Id> {
        if self.hoisted(id) {
            return Vec::new();
        }
        match self.graph.node(id) {
            Node::Add(a, b) | Node::Subtract(a, b) => match (self.product(a), self.product(b)) {
                (_, Some((x, y))) => vec![x, y, a],
                (Some((x, y)), None) => vec![x, y, b],
                (None, None) => vec![a, b],
            },
            Node::Multiply(a, b) => self.quotient(a, b).map_or_else(|| vec![a, b], |(a, b)| vec![a, b]),
            node => node.operands().collect(),
        }
    }

    fn operation(&mut self, id: Id) -> Operation {
        let hoisted = self.hoisted(id);
        if let Some(slots) = self.slots.as_mut().filter(|_| hoisted) {
            return Operation::Slot(slots.of(id));
        }
        let made = |id: Id| self.made[&id];
        match self.graph.node(id) {
            Node::Constant(bits) => Operation::Constant(f64::from_bits(bits)),
            Node::Time => Operation::Time,
            Node::State(index) => Operation::State(index),
            Node::Parameter(index) => Operation::Parameter(index),
            Node::Shift => Operation::Shift,
            Node::Factor(index) => Operation::Factor(index),
            Node::Known(index) => Operation::Known(index),
            Node::Negate(a) => Operation::Negate(made(a)),
            Node::Reciprocal(a) => Operation::Reciprocal(made(a)),
            Node::Sqrt(a) => Operation::Sqrt(made(a)),
            Node::Exp(a) => Operation::Exp(made(a)),
            Node::Ln(a) => Operation::Ln(made(a)),
            Node::Abs(a) => Operation::Abs(made(a)),
            Node::Add(a, b) => match (self.product(a), self.product(b)) {
                (_, Some((x, y))) => Operation::MultiplyAdd(made(x), made(y), made(a)),
                (Some((x, y)), None) => Operation::MultiplyAdd(made(x), made(y), made(b)),
                (None, None) => Operation::Add(made(a), made(b)),
            },
            Node::Subtract(a, b) => match (self.product(a), self.product(b)) {
                (_, Some((x, y))) => Operation::NegativeMultiplyAdd(made(x), made(y), made(a)),
                (Some((x, y)), None) => Operation::MultiplySubtract(made(x), made(y), made(b)),
                (None, None) => Operation::Subtract(made(a), made(b)),
            },
            Node::Multiply(a, b) => match self.quotient(a, b) {
                Some((dividend, divisor)) => Operation::Divide(made(dividend), made(divisor)),
                None => Operation::Multiply(made(a), made(b)),
            },
            Node::Power(a, b) => Operation::Power(made(a), made(b)),
            Node::Min(a, b) => Operation::Min(made(a), made(b)),
            Node::Max(a, b) => Operation::Max(made(a), made(b)),
            Node::Select(comparison, a, b, c, d) => Operation::Select(comparison, made(a), made(b), made(c), made(d)),
        }
    }
}
