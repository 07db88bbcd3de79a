//! The matrix of a Rosenbrock step, W = I/(h gamma) - J, factored symbolically.
//!
//! The order of elimination is Markowitz's on the diagonal (least fill). There is no pivoting at run time: W tends to I/(h gamma)
//! as the step shrinks, so a small pivot is answered by a smaller step. [`Factored::least_pivot`] tells the engine.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{Graph, Id, Node};

/// The factors as nodes, and where a solution finds them.
pub(crate) struct Factored {
    /// Multipliers, reciprocal pivots and the upper triangle over its pivots, in the order in which `Node::Factor` counts them.
    pub(crate) elements: Vec<Id>,
    /// The solution of W x = b, reading `Node::Factor` and `Node::Known`.
    pub(crate) solution: Vec<Id>,
    /// The least |pivot| h gamma: 1 for small steps, near 0 where pivoting would have been needed.
    pub(crate) least_pivot: Id,
}

pub(crate) fn factor(graph: &mut Graph, size: usize, jacobian: &BTreeMap<(usize, usize), Id>) -> Factored {
    let shift = graph.add_node(Node::Shift);
    let mut matrix: BTreeMap<(usize, usize), Id> = BTreeMap::new();
    for (&place, &element) in jacobian {
        let negative = graph.negate(element);
        matrix.insert(place, negative);
    }
    for i in 0..size {
        let diagonal = jacobian.get(&(i, i)).map_or(shift, |&element| graph.subtract(shift, element));
        matrix.insert((i, i), diagonal);
    }
    let mut remaining: BTreeSet<usize> = (0..size).collect();
    let mut factors = Factors { elements: Vec::new(), solution: (0..size).map(|i| graph.add_node(Node::Known(i))).collect() };
    let mut backward: Vec<Pivot> = Vec::new();
    let mut least: Option<Id> = None;
    while let Some(pivot) = choose(&matrix, &remaining) {
        remaining.remove(&pivot);
        let diagonal = matrix[&(pivot, pivot)];
        let magnitude = graph.unary(Node::Abs(diagonal));
        least = Some(least.map_or(magnitude, |least| graph.min(least, magnitude)));
        let reciprocal = graph.reciprocal(diagonal);
        let row: Vec<(usize, Id)> = remaining.iter().filter_map(|&j| Some((j, *matrix.get(&(pivot, j))?))).collect();
        for &i in &remaining {
            let Some(&below) = matrix.get(&(i, pivot)) else { continue };
            let multiplier = graph.multiply(below, reciprocal);
            factors.eliminate(graph, i, pivot, multiplier);
            for &(j, above) in &row {
                let product = graph.multiply(multiplier, above);
                let updated = match matrix.get(&(i, j)) {
                    Some(&element) => graph.subtract(element, product),
                    None => graph.negate(product),
                };
                matrix.insert((i, j), updated);
            }
        }
        let over_pivot = |(j, element)| (j, graph.multiply(element, reciprocal));
        let row = row.into_iter().map(over_pivot).collect();
        backward.push(Pivot { at: pivot, reciprocal, row });
    }
    // Divided by its pivot before what is known is taken away, each unknown waits for one operation after the one before it and not for two.
    for &Pivot { at: pivot, reciprocal, .. } in &backward {
        let reciprocal = factors.keep(graph, reciprocal);
        factors.solution[pivot] = graph.multiply(factors.solution[pivot], reciprocal);
    }
    for Pivot { at: pivot, row, .. } in backward.into_iter().rev() {
        for (j, element) in row {
            factors.eliminate(graph, pivot, j, element);
        }
    }
    let least = least.unwrap_or(shift);
    let least_pivot = graph.divide(least, shift);
    Factored { elements: factors.elements, solution: factors.solution, least_pivot }
}

/// A pivot's row, its reciprocal, and the columns of what stands right of it over the pivot.
struct Pivot {
    at: usize,
    reciprocal: Id,
    row: Vec<(usize, Id)>,
}

struct Factors {
    elements: Vec<Id>,
    solution: Vec<Id>,
}

impl Factors {
    /// The element as the solution reads it.
    fn keep(&mut self, graph: &mut Graph, element: Id) -> Id {
        let at = self.elements.iter().position(|&kept| kept == element).unwrap_or_else(|| {
            self.elements.push(element);
            self.elements.len() - 1
        });
        graph.add_node(Node::Factor(at))
    }

    /// `x[i] -= element * x[j]`. What is negative is kept without its sign and added: most of -J is.
    fn eliminate(&mut self, graph: &mut Graph, i: usize, j: usize, element: Id) {
        let (magnitude, negative) = match graph.node(element) {
            Node::Negate(inner) => (inner, true),
            _ => (element, false),
        };
        let factor = self.keep(graph, magnitude);
        let product = graph.multiply(factor, self.solution[j]);
        let eliminated = if negative { Graph::add } else { Graph::subtract };
        self.solution[i] = eliminated(graph, self.solution[i], product);
    }
}

/// The diagonal element with the least Markowitz count; ties go to the first.
fn choose(matrix: &BTreeMap<(usize, usize), Id>, remaining: &BTreeSet<usize>) -> Option<usize> {
    remaining.iter().copied().min_by_key(|&p| {
        let in_row = remaining.iter().filter(|&&j| j != p && matrix.contains_key(&(p, j))).count();
        let in_column = remaining.iter().filter(|&&i| i != p && matrix.contains_key(&(i, p))).count();
        in_row * in_column
    })
}
