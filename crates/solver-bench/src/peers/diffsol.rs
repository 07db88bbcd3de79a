//! diffsol with equations of its own kind, so that it fills its Jacobian in one call.

use std::cell::RefCell;
use std::error::Error;

use barograph_dynamics::{Dose, Patient};
use cpu_time::ThreadTime;
use diffsol::{
    ConstantOp, Matrix, MatrixCommon, NalgebraContext, NalgebraLU, NalgebraMat, NonLinearOp, NonLinearOpJacobian, OdeBuilder, OdeEquations,
    OdeEquationsRef, OdeSolverMethod, OdeSolverStopReason, Op, ParameterisedOp, UnitCallable,
};

use super::Courses;
use crate::case::Case;
use crate::equations::Equations;

type M = NalgebraMat<f64>;
type V = <M as MatrixCommon>::V;

/// A method of diffsol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Bdf,
    Tsit45,
}

pub(super) fn courses(method: Method, case: &Case, rtol: f64, patients: &[Patient]) -> Result<Courses, Box<dyn Error>> {
    let equations = case.equations;
    let patient = OnePatient {
        equations,
        slots: vec![0.0; equations.slots],
        initial: vec![0.0; equations.states],
        elements: RefCell::new(vec![0.0; equations.pattern.len()]),
        context: NalgebraContext::default(),
    };
    let mut problem = OdeBuilder::<M>::new().rtol(rtol).atol(case.atol(rtol)).build_from_eqn(patient)?;
    let mut courses = Vec::new();
    let clock = ThreadTime::now();
    for patient in patients {
        super::set_up(equations, patient, &mut problem.eqn.slots, &mut problem.eqn.initial);
        let mut course = Vec::with_capacity(case.times.len() * equations.states);
        match method {
            Method::Bdf => follow(problem.bdf::<NalgebraLU<f64>>()?, 1, &patient.doses, &case.times, &mut course)?,
            Method::Tsit45 => follow(problem.tsit45()?, 4, &patient.doses, &case.times, &mut course)?,
        }
        courses.push(course);
    }
    Ok((courses, clock.elapsed().as_secs_f64() / patients.len() as f64))
}

/// Steps from dose to dose and to the end; interpolates at the times of the rows.
fn follow<'a, S: OdeSolverMethod<'a, OnePatient>>(
    mut solver: S,
    order: usize,
    doses: &[Dose],
    times: &[f64],
    course: &mut Vec<f64>,
) -> Result<(), Box<dyn Error>> {
    let mut row = solver.state().y.clone();
    let mut next = 0;
    let end = times.last().copied().unwrap_or(0.0);
    for dose in doses.iter().map(Some).chain([None]) {
        let stop = dose.map_or(end, |dose| dose.time);
        solver.set_stop_time(stop)?;
        loop {
            let reason = solver.step()?;
            let now = solver.state().t;
            while next < times.len() && times[next] <= now {
                solver.interpolate_inplace(times[next], &mut row)?;
                course.extend_from_slice(row.batch_as_slice(0));
                next += 1;
            }
            if reason == OdeSolverStopReason::TstopReached {
                break;
            }
        }
        if let Some(dose) = dose {
            let problem = solver.problem();
            let mut state = solver.state_mut();
            state.y.batch_as_mut_slice(0)[dose.state] += dose.amount;
            // Without these the next steps start from the derivative and step before the dose, and fail.
            problem.eqn.rhs().call_inplace(state.y, *state.t, state.dy);
            state.set_step_size(problem.h0, &problem.atol, problem.rtol, &problem.eqn, order);
        }
    }
    Ok(())
}

/// The equations of a case with one patient's values.
struct OnePatient {
    equations: &'static Equations,
    slots: Vec<f64>,
    initial: Vec<f64>,
    elements: RefCell<Vec<f64>>,
    context: NalgebraContext,
}

/// The equations as the right-hand side.
struct Rhs<'a>(&'a OnePatient);

/// The equations as the initial values.
struct Initial<'a>(&'a OnePatient);

macro_rules! op {
    ($($name:ty: $patient:ident => $inner:expr;)*) => { $(
        impl Op for $name {
            type T = f64;
            type V = V;
            type M = M;
            type C = NalgebraContext;
            fn context(&self) -> &NalgebraContext {
                let $patient = self;
                &$inner.context
            }
            fn nstates(&self) -> usize {
                let $patient = self;
                $inner.equations.states
            }
            fn nout(&self) -> usize {
                self.nstates()
            }
            fn nparams(&self) -> usize {
                0
            }
        }
    )* };
}

op! {
    OnePatient: patient => patient;
    Rhs<'_>: patient => patient.0;
    Initial<'_>: patient => patient.0;
}

impl ConstantOp for Initial<'_> {
    fn call_inplace(&self, _: f64, y: &mut V) {
        y.batch_as_mut_slice(0).copy_from_slice(&self.0.initial);
    }
}

impl NonLinearOp for Rhs<'_> {
    fn call_inplace(&self, y: &V, t: f64, dy: &mut V) {
        (self.0.equations.rhs)(t, y.batch_as_slice(0), &self.0.slots, dy.batch_as_mut_slice(0));
    }
}

impl NonLinearOpJacobian for Rhs<'_> {
    fn jac_mul_inplace(&self, y: &V, t: f64, v: &V, product: &mut V) {
        let mut elements = self.0.elements.borrow_mut();
        (self.0.equations.jacobian)(t, y.batch_as_slice(0), &self.0.slots, &mut elements);
        let (v, product) = (v.batch_as_slice(0), product.batch_as_mut_slice(0));
        product.fill(0.0);
        for (&(row, column), element) in self.0.equations.pattern.iter().zip(&*elements) {
            product[row] += element * v[column];
        }
    }

    fn jacobian_inplace(&self, y: &V, t: f64, jacobian: &mut M) {
        let mut elements = self.0.elements.borrow_mut();
        (self.0.equations.jacobian)(t, y.batch_as_slice(0), &self.0.slots, &mut elements);
        let jacobian = jacobian.inner_mut();
        for (&place, &element) in self.0.equations.pattern.iter().zip(&*elements) {
            jacobian[place] = element;
        }
    }
}

impl<'a> OdeEquationsRef<'a> for OnePatient {
    type Mass = ParameterisedOp<'a, UnitCallable<M>>;
    type Rhs = Rhs<'a>;
    type Root = ParameterisedOp<'a, UnitCallable<M>>;
    type Init = Initial<'a>;
    type Out = ParameterisedOp<'a, UnitCallable<M>>;
    type Reset = ParameterisedOp<'a, UnitCallable<M>>;
}

impl OdeEquations for OnePatient {
    fn rhs(&self) -> Rhs<'_> {
        Rhs(self)
    }
    fn mass(&self) -> Option<ParameterisedOp<'_, UnitCallable<M>>> {
        None
    }
    fn init(&self) -> Initial<'_> {
        Initial(self)
    }
    // The values are put where they belong by `courses`.
    fn set_params(&mut self, _: &V) {}
    fn get_params(&self, _: &mut V) {}
}
