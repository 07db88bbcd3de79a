//! What a run shares, what a lane holds in registers, and what it holds beside them.

use super::kernel::Kernel;
use super::lanes::{Lanes, WIDEST};
use super::patient::{Agenda, Patient};
use super::rodas5p::STAGES;
use super::ward::Programs;

/// The integration method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// `Rodas5P`: for any model; its cost hardly grows with stiffness.
    #[default]
    Rodas5P,
    /// Tsit5: explicit, for models whose fastest rate times the duration is below about 1000.
    Tsit5,
}

impl Method {
    /// The first step after a start or an event, in times in which the states would change by their own size. It falls with the tolerance; the
    /// factors were found by counting attempts at equal error on the models of docs/solver.md.
    pub(crate) fn first_step(self, rtol: f64) -> f64 {
        let factor = match self {
            Self::Rodas5P => 4000.0,
            Self::Tsit5 => 1500.0,
        };
        factor * rtol.sqrt().sqrt()
    }
}

/// What is common to all patients of a run.
pub(crate) struct Plan<'a> {
    pub(crate) states: usize,
    pub(crate) parameters: usize,
    pub(crate) slots: usize,
    pub(crate) factors: usize,
    pub(crate) programs: &'a Programs,
    pub(crate) start: f64,
    pub(crate) end: f64,
    /// When rows are wanted, ascending.
    pub(crate) times: &'a [f64],
    /// Which states the rows hold.
    pub(crate) keep: &'a [usize],
    /// The least value that is reported of each of them: 0 where it cannot be negative.
    pub(crate) floor: &'a [f64],
    pub(crate) rtol: f64,
    /// [`Method::first_step`].
    pub(crate) first_step: f64,
    pub(crate) atol: &'a [f64],
    /// 1 where a state cannot be negative, else 0.
    pub(crate) positive: &'a [f64],
    pub(crate) most_steps: u32,
    pub(crate) method: Method,
}

impl Plan<'_> {
    /// The numbers that one lane's rows need: a row more than wanted, for what is not due is written too, and a block for what spills over.
    pub(super) fn room<L: Lanes>(&self) -> usize {
        (self.times.len() + 1) * self.keep.len() + L::WIDTH
    }
}

/// A patient's side of a lane: what is touched once per patient, event or row.
#[derive(Default)]
pub(super) struct Bed {
    pub(super) patient: Patient,
    pub(super) agenda: Agenda,
    pub(super) infusions: Vec<(f64, usize, f64)>,
    pub(super) parameters: Vec<f64>,
    pub(super) slots: Vec<f64>,
    pub(super) states: Vec<f64>,
}

pub(crate) struct Workspace<L> {
    pub(crate) t: L,
    pub(super) h: L,
    pub(super) stop: L,
    pub(super) next_row: L,
    /// Each lane's next row: its number and its place in `rows`.
    pub(super) row_number: [usize; WIDEST],
    pub(super) row_place: [usize; WIDEST],
    /// The step that suited the equations just after the patient's last event. Doses resemble one another: what suited one is a good first guess
    /// for the next, where the step before it is not.
    pub(super) opening_step: L,
    /// The lanes whose next accepted step is such a step.
    pub(super) opening: u32,
    pub(crate) y: Vec<L>,
    pub(crate) u: Vec<L>,
    pub(crate) k: Vec<[L; STAGES]>,
    pub(super) dense: Vec<[L; 5]>,
    /// Each lane's rows, [`Plan::room`] numbers a lane.
    pub(super) rows: Vec<f64>,
    /// The patients' parameters, and the slots that follow from them.
    pub(super) parameters: Vec<L>,
    pub(crate) p: Vec<L>,
    pub(super) dy: Vec<L>,
    pub(crate) dt: Vec<L>,
    /// The rates of infusions, and times the step; zero where nobody has any.
    pub(crate) rate: Vec<L>,
    pub(crate) by_infusion: Vec<L>,
    pub(crate) factors: Vec<L>,
    pub(super) scratch: Vec<L>,
    pub(super) attempted: L,
    pub(super) accepted: L,
    pub(super) occupied: u32,
    pub(super) infused: u32,
}

impl<L: Lanes> Workspace<L> {
    pub(super) fn new(kernel: &dyn Kernel<L>, plan: &Plan) -> Self {
        let zero = L::splat(0.0);
        let n = plan.states;
        Self {
            t: L::splat(plan.start),
            h: L::splat(1e-6),
            stop: L::splat(f64::INFINITY),
            next_row: L::splat(f64::INFINITY),
            row_number: [0; WIDEST],
            row_place: std::array::from_fn(|lane| lane * plan.room::<L>()),
            opening_step: L::splat(f64::INFINITY),
            opening: 0,
            y: vec![zero; n],
            u: vec![zero; n],
            k: vec![[zero; STAGES]; n],
            dense: vec![[zero; 5]; plan.keep.len()],
            rows: vec![f64::NAN; plan.room::<L>() * L::WIDTH],
            parameters: vec![zero; plan.parameters],
            p: vec![zero; plan.slots],
            dy: vec![zero; n],
            dt: vec![zero; n],
            rate: vec![zero; n],
            by_infusion: vec![zero; n],
            factors: vec![zero; plan.factors],
            scratch: vec![zero; kernel.scratch()],
            attempted: zero,
            accepted: zero,
            occupied: 0,
            infused: 0,
        }
    }
}
