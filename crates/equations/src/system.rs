//! Everything an integrator needs of a model, as programs.

use std::collections::BTreeMap;

use crate::derivative::Derivative;
use crate::factor::factor;
use crate::graph::{Id, Node};
use crate::lower::{Symbols, symbols};
use crate::program::{Program, Slots, program};
use crate::syntax::Model;

/// A model's programs. Values that depend on parameters alone are computed once per patient, into slots.
#[derive(Debug, Clone)]
pub struct System {
    /// The number of states.
    pub states: usize,
    /// The number of parameters.
    pub parameters: usize,
    /// The number of slots.
    pub slots: usize,
    /// The number of elements of the factors.
    pub factors: usize,
    /// Whether time stands in the right-hand side.
    pub timed: bool,
    /// Parameters to slots.
    pub fill: Program,
    /// Parameters to initial values.
    pub initial: Program,
    /// Derivatives of the states.
    pub rhs: Program,
    /// Derivatives, then (if `timed`) their derivatives by time, then the factors of I/(h gamma) - J, then the least pivot
    /// (times h gamma).
    pub prepare: Program,
    /// The solution of a linear system with those factors.
    pub solve: Program,
    /// The elements of the Jacobian that are not zero.
    pub jacobian: Program,
    /// Row and column of each of them.
    pub pattern: Vec<(usize, usize)>,
    /// Outputs.
    pub outputs: Program,
}

impl System {
    /// Differentiates, factors and orders a checked model.
    pub fn new(model: &Model) -> Self {
        let Symbols { mut graph, initial, derivatives, outputs } = symbols(model);
        let states = derivatives.len();
        let mut elements: BTreeMap<(usize, usize), Id> = BTreeMap::new();
        for column in 0..states {
            let variable = graph.add_node(Node::State(column));
            let mut by = Derivative::by(variable);
            for (row, &derivative) in derivatives.iter().enumerate() {
                let element = by.of(&mut graph, derivative);
                if graph.value(element) != Some(0.0) {
                    elements.insert((row, column), element);
                }
            }
        }
        let time = graph.add_node(Node::Time);
        let mut by = Derivative::by(time);
        let timed: Vec<Id> = derivatives.iter().map(|&derivative| by.of(&mut graph, derivative)).collect();
        let is_timed = timed.iter().any(|&id| graph.value(id) != Some(0.0));
        let factored = factor(&mut graph, states, &elements);

        let mut slots = Slots::default();
        let rhs = program(&graph, &derivatives, Some(&mut slots));
        let mut wanted = derivatives.clone();
        if is_timed {
            wanted.extend(&timed);
        }
        wanted.extend(&factored.elements);
        wanted.push(factored.least_pivot);
        let prepare = program(&graph, &wanted, Some(&mut slots));
        let solve = program(&graph, &factored.solution, None);
        let (pattern, nonzeros): (Vec<_>, Vec<Id>) = elements.into_iter().unzip();
        let jacobian = program(&graph, &nonzeros, Some(&mut slots));
        let outputs = program(&graph, &outputs, Some(&mut slots));
        let fill = program(&graph, &slots.nodes, None);
        let initial = program(&graph, &initial, None);
        Self {
            states,
            parameters: model.parameters.len(),
            slots: slots.nodes.len(),
            factors: factored.elements.len(),
            timed: is_timed,
            fill,
            initial,
            rhs,
            prepare,
            solve,
            jacobian,
            pattern,
            outputs,
        }
    }
}
