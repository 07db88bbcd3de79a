//! The symbolic form: a graph in which equal subexpressions are one node, simplified as it grows.

use std::collections::HashMap;

use crate::elementary;
use crate::syntax::Comparison;

/// A power to a whole number of at most this size is a product; any other goes by the logarithm, which a negative base has not.
pub(crate) const LARGEST_MULTIPLIED: f64 = 32.0;

/// A node of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id(pub(crate) u32);

/// What a node computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// A constant, by its bits.
    Constant(u64),
    /// Time.
    Time,
    /// A state.
    State(usize),
    /// A parameter.
    Parameter(usize),
    /// 1/(h gamma): what the matrix of a Rosenbrock step has on its diagonal beside the Jacobian.
    Shift,
    /// An element of the factors of that matrix, as a solution reads it.
    Factor(usize),
    /// An element of a right-hand side that is solved for.
    Known(usize),
    /// `-a`
    Negate(Id),
    /// `1/a`
    Reciprocal(Id),
    /// The square root.
    Sqrt(Id),
    /// The exponential.
    Exp(Id),
    /// The natural logarithm.
    Ln(Id),
    /// The absolute value.
    Abs(Id),
    /// `a + b`
    Add(Id, Id),
    /// `a - b`
    Subtract(Id, Id),
    /// `a * b`
    Multiply(Id, Id),
    /// `a^b` for a that is not negative.
    Power(Id, Id),
    /// The smaller.
    Min(Id, Id),
    /// The larger.
    Max(Id, Id),
    /// `if a ? b then c else d` with the comparison `?` one of `<`, `<=`, `==`.
    Select(Comparison, Id, Id, Id, Id),
}

impl Node {
    /// The nodes that this node reads.
    pub(crate) fn operands(&self) -> impl Iterator<Item = Id> {
        let (operands, count) = match *self {
            Self::Constant(_) | Self::Time | Self::State(_) | Self::Parameter(_) => ([Id(0); 4], 0),
            Self::Shift | Self::Factor(_) | Self::Known(_) => ([Id(0); 4], 0),
            Self::Negate(a) | Self::Reciprocal(a) | Self::Sqrt(a) => ([a; 4], 1),
            Self::Exp(a) | Self::Ln(a) | Self::Abs(a) => ([a; 4], 1),
            Self::Add(a, b) | Self::Subtract(a, b) | Self::Multiply(a, b) => ([a, b, a, a], 2),
            Self::Power(a, b) | Self::Min(a, b) | Self::Max(a, b) => ([a, b, a, a], 2),
            Self::Select(_, a, b, c, d) => ([a, b, c, d], 4),
        };
        operands.into_iter().take(count)
    }
}

/// Nodes, each after its operands. Building through the methods simplifies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    known: HashMap<Node, Id>,
}

impl Graph {
    /// What a node computes.
    pub(crate) fn node(&self, id: Id) -> Node {
        self.nodes[id.0 as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node, made if there is none like it.
    pub(crate) fn add_node(&mut self, node: Node) -> Id {
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        self.known.insert(node, id);
        id
    }

    /// A constant. Zero has one sign: two zeros would be two nodes, and a derivative that is zero on both sides of a `min` would not be seen to be so.
    pub(crate) fn constant(&mut self, value: f64) -> Id {
        let value = if value == 0.0 { 0.0 } else { value };
        self.add_node(Node::Constant(value.to_bits()))
    }

    /// The value of a node that is a constant.
    pub(crate) fn value(&self, id: Id) -> Option<f64> {
        match self.node(id) {
            Node::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    fn is(&self, id: Id, value: f64) -> bool {
        self.value(id) == Some(value)
    }

    /// `-a`
    pub(crate) fn negate(&mut self, a: Id) -> Id {
        match self.node(a) {
            Node::Constant(bits) => self.constant(-f64::from_bits(bits)),
            Node::Negate(inner) => inner,
            Node::Subtract(left, right) => self.subtract(right, left),
            _ => self.add_node(Node::Negate(a)),
        }
    }

    /// `a + b`
    pub(crate) fn add(&mut self, a: Id, b: Id) -> Id {
        if self.is(a, 0.0) {
            return b;
        }
        if self.is(b, 0.0) {
            return a;
        }
        match (self.node(a), self.node(b)) {
            (Node::Constant(x), Node::Constant(y)) => self.constant(f64::from_bits(x) + f64::from_bits(y)),
            (_, Node::Negate(inner)) => self.subtract(a, inner),
            (Node::Negate(inner), _) => self.subtract(b, inner),
            _ => self.add_node(Node::Add(a.min(b), a.max(b))),
        }
    }

    /// `a - b`
    pub(crate) fn subtract(&mut self, a: Id, b: Id) -> Id {
        if self.is(b, 0.0) {
            return a;
        }
        if a == b {
            return self.constant(0.0);
        }
        if self.is(a, 0.0) {
            return self.negate(b);
        }
        match (self.node(a), self.node(b)) {
            (Node::Constant(x), Node::Constant(y)) => self.constant(f64::from_bits(x) - f64::from_bits(y)),
            (_, Node::Negate(inner)) => self.add(a, inner),
            _ => self.add_node(Node::Subtract(a, b)),
        }
    }

    /// `a * b`
    pub(crate) fn multiply(&mut self, a: Id, b: Id) -> Id {
        let (a, b) = (a.min(b), a.max(b));
        for (one, other) in [(a, b), (b, a)] {
            if self.is(one, 0.0) {
                return one;
            }
            if self.is(one, 1.0) {
                return other;
            }
            if self.is(one, -1.0) {
                return self.negate(other);
            }
        }
        match (self.node(a), self.node(b)) {
            (Node::Constant(x), Node::Constant(y)) => self.constant(f64::from_bits(x) * f64::from_bits(y)),
            (Node::Negate(inner), _) => {
                let product = self.multiply(inner, b);
                self.negate(product)
            }
            (_, Node::Negate(inner)) => {
                let product = self.multiply(a, inner);
                self.negate(product)
            }
            _ => self.add_node(Node::Multiply(a, b)),
        }
    }

    /// `1/a`; divisions by the same thing share it.
    pub(crate) fn reciprocal(&mut self, a: Id) -> Id {
        match self.node(a) {
            Node::Constant(bits) => self.constant(1.0 / f64::from_bits(bits)),
            Node::Negate(inner) => {
                let positive = self.reciprocal(inner);
                self.negate(positive)
            }
            _ => self.add_node(Node::Reciprocal(a)),
        }
    }

    /// `a / b`
    pub(crate) fn divide(&mut self, a: Id, b: Id) -> Id {
        if let (Some(x), Some(y)) = (self.value(a), self.value(b)) {
            return self.constant(x / y);
        }
        let reciprocal = self.reciprocal(b);
        self.multiply(a, reciprocal)
    }

    /// `a^n` by multiplication.
    pub(crate) fn integer_power(&mut self, a: Id, n: i32) -> Id {
        let (mut result, mut square) = (self.constant(1.0), a);
        let mut left = n.unsigned_abs();
        while left > 0 {
            if left & 1 == 1 {
                result = self.multiply(result, square);
            }
            left >>= 1;
            if left > 0 {
                square = self.multiply(square, square);
            }
        }
        if n < 0 { self.reciprocal(result) } else { result }
    }

    /// `a^b`; by multiplication where b is a small whole number.
    pub(crate) fn power(&mut self, a: Id, b: Id) -> Id {
        if let Some(exponent) = self.value(b) {
            if exponent.fract() == 0.0 && exponent.abs() <= LARGEST_MULTIPLIED {
                return self.integer_power(a, exponent as i32);
            }
            if exponent == 0.5 {
                return self.unary(Node::Sqrt(a));
            }
            if let Some(base) = self.value(a) {
                return self.constant(elementary::pow(base, exponent));
            }
        }
        self.add_node(Node::Power(a, b))
    }

    /// A function of one argument.
    pub(crate) fn unary(&mut self, node: Node) -> Id {
        let argument = node.operands().next().and_then(|id| self.value(id));
        match (node, argument) {
            (Node::Sqrt(_), Some(x)) => self.constant(x.sqrt()),
            (Node::Exp(_), Some(x)) => self.constant(elementary::exp(x)),
            (Node::Ln(_), Some(x)) => self.constant(elementary::ln(x)),
            (Node::Abs(_), Some(x)) => self.constant(x.abs()),
            _ => self.add_node(node),
        }
    }

    /// The smaller of two.
    pub(crate) fn min(&mut self, a: Id, b: Id) -> Id {
        match (self.value(a), self.value(b)) {
            (Some(x), Some(y)) => self.constant(x.min(y)),
            _ if a == b => a,
            _ => self.add_node(Node::Min(a.min(b), a.max(b))),
        }
    }

    /// The larger of two.
    pub(crate) fn max(&mut self, a: Id, b: Id) -> Id {
        match (self.value(a), self.value(b)) {
            (Some(x), Some(y)) => self.constant(x.max(y)),
            _ if a == b => a,
            _ => self.add_node(Node::Max(a.min(b), a.max(b))),
        }
    }

    /// `if left ? right then a else b`.
    pub(crate) fn select(&mut self, comparison: Comparison, left: Id, right: Id, a: Id, b: Id) -> Id {
        if a == b {
            return a;
        }
        let (comparison, left, right) = match comparison {
            Comparison::Greater => (Comparison::Less, right, left),
            Comparison::AtLeast => (Comparison::AtMost, right, left),
            other => (other, left, right),
        };
        if let (Some(x), Some(y)) = (self.value(left), self.value(right)) {
            let holds = match comparison {
                Comparison::Less => x < y,
                Comparison::AtMost => x <= y,
                _ => x == y,
            };
            return if holds { a } else { b };
        }
        self.add_node(Node::Select(comparison, left, right, a, b))
    }
}
