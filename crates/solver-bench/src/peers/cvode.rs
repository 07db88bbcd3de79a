//! CVODE with dense factors and the symbolic Jacobian, built from the source that `sundials-sys` carries.
#![allow(unsafe_code, reason = "CVODE is a C library; every block says why it is sound")]

use std::error::Error;
use std::ffi::{c_int, c_void};
use std::ptr;

use barograph_dynamics::Patient;
use cpu_time::ThreadTime;
use sundials_sys as c;

use super::Courses;
use crate::case::Case;
use crate::equations::Equations;

pub(super) fn courses(case: &Case, rtol: f64, patients: &[Patient]) -> Result<Courses, Box<dyn Error>> {
    let mut solver = Solver::new(case.equations, rtol, &case.atol(rtol))?;
    let mut courses = Vec::new();
    let clock = ThreadTime::now();
    for patient in patients {
        courses.push(solver.course(patient, &case.times)?);
    }
    Ok((courses, clock.elapsed().as_secs_f64() / patients.len() as f64))
}

/// What the callbacks read.
struct OnePatient {
    equations: &'static Equations,
    slots: Vec<f64>,
    elements: Vec<f64>,
}

/// CVODE's memory for one model, reused from patient to patient. Everything that it points at lives as long as it does.
struct Solver {
    context: c::SUNContext,
    memory: *mut c_void,
    matrix: c::SUNMatrix,
    linear: c::SUNLinearSolver,
    y: c::N_Vector,
    atol: c::N_Vector,
    patient: Box<OnePatient>,
}

impl Solver {
    fn new(equations: &'static Equations, rtol: f64, atol: &[f64]) -> Result<Self, Box<dyn Error>> {
        let states = equations.states;
        let patient = OnePatient { equations, slots: vec![0.0; equations.slots], elements: vec![0.0; equations.pattern.len()] };
        let mut solver = Self {
            context: ptr::null_mut(),
            memory: ptr::null_mut(),
            matrix: ptr::null_mut(),
            linear: ptr::null_mut(),
            y: ptr::null_mut(),
            atol: ptr::null_mut(),
            patient: Box::new(patient),
        };
        let size = c::sunindextype::try_from(states)?;
        // SAFETY: each call is given what the calls before it made, checked not to be null; `patient` is boxed and outlives `memory`.
        unsafe {
            good(c::SUNContext_Create(c::comm_no_mpi(), &raw mut solver.context))?;
            solver.y = made(c::N_VNew_Serial(size, solver.context))?;
            solver.atol = made(c::N_VNew_Serial(size, solver.context))?;
            slice(solver.atol, states).copy_from_slice(atol);
            solver.memory = made(c::CVodeCreate(c::CV_BDF, solver.context))?;
            good(c::CVodeInit(solver.memory, Some(rhs), 0.0, solver.y))?;
            good(c::CVodeSVtolerances(solver.memory, rtol, solver.atol))?;
            good(c::CVodeSetUserData(solver.memory, (&raw mut *solver.patient).cast()))?;
            solver.matrix = made(c::SUNDenseMatrix(size, size, solver.context))?;
            solver.linear = made(c::SUNLinSol_Dense(solver.y, solver.matrix, solver.context))?;
            good(c::CVodeSetLinearSolver(solver.memory, solver.linear, solver.matrix))?;
            good(c::CVodeSetJacFn(solver.memory, Some(jacobian)))?;
            good(c::CVodeSetMaxNumSteps(solver.memory, 1_000_000))?;
        }
        Ok(solver)
    }

    fn y(&mut self) -> &mut [f64] {
        // SAFETY: `y` was made with this many elements and is borrowed with `self`.
        unsafe { slice(self.y, self.patient.equations.states) }
    }

    /// Integrates from dose to dose and to the end, starting anew after each; CVODE interpolates at the times of the rows.
    fn course(&mut self, patient: &Patient, times: &[f64]) -> Result<Vec<f64>, Box<dyn Error>> {
        let mut initial = vec![0.0; self.patient.equations.states];
        super::set_up(self.patient.equations, patient, &mut self.patient.slots, &mut initial);
        let mut course = Vec::with_capacity(times.len() * initial.len());
        self.y().copy_from_slice(&initial);
        let mut rows = times.iter().copied().peekable();
        if rows.next_if_eq(&0.0).is_some() {
            course.extend_from_slice(&initial);
        }
        let mut now = 0.0;
        let end = times.last().copied().unwrap_or(0.0);
        for dose in patient.doses.iter().map(Some).chain([None]) {
            let stop = dose.map_or(end, |dose| dose.time);
            // SAFETY: `memory` and `y` are those of `new`.
            unsafe {
                good(c::CVodeReInit(self.memory, now, self.y))?;
                good(c::CVodeSetStopTime(self.memory, stop))?;
            }
            while let Some(row) = rows.next_if(|row| *row <= stop) {
                self.advance(row, &mut now)?;
                course.extend_from_slice(self.y());
            }
            if now < stop {
                self.advance(stop, &mut now)?;
            }
            if let Some(dose) = dose {
                self.y()[dose.state] += dose.amount;
            }
        }
        Ok(course)
    }

    fn advance(&mut self, to: f64, now: &mut f64) -> Result<(), Box<dyn Error>> {
        // SAFETY: `memory` and `y` are those of `new`.
        good(unsafe { c::CVode(self.memory, to, self.y, now, c::CV_NORMAL) })
    }
}

impl Drop for Solver {
    fn drop(&mut self) {
        // SAFETY: each was made by `new` or is null, which these functions accept; the context goes last.
        unsafe {
            c::CVodeFree(&raw mut self.memory);
            c::SUNLinSolFree(self.linear);
            c::SUNMatDestroy(self.matrix);
            c::N_VDestroy(self.y);
            c::N_VDestroy(self.atol);
            c::SUNContext_Free(&raw mut self.context);
        }
    }
}

/// An error for a status below 0; above 0 are notices, such as that the stop was reached.
fn good(status: c_int) -> Result<(), Box<dyn Error>> {
    if status < 0 { Err(format!("CVODE says {status}").into()) } else { Ok(()) }
}

fn made<T>(pointer: *mut T) -> Result<*mut T, Box<dyn Error>> {
    if pointer.is_null() { Err("CVODE has no memory".into()) } else { Ok(pointer) }
}

/// The elements of a serial vector.
///
/// # Safety
/// The vector has this many elements and nothing else uses them meanwhile.
unsafe fn slice<'a>(vector: c::N_Vector, length: usize) -> &'a mut [f64] {
    // SAFETY: the caller's promise; a serial vector is contiguous.
    unsafe { std::slice::from_raw_parts_mut(c::N_VGetArrayPointer(vector), length) }
}

unsafe extern "C" fn rhs(t: f64, y: c::N_Vector, dy: c::N_Vector, patient: *mut c_void) -> c_int {
    // SAFETY: CVODE hands back the user data of `new` and two different vectors of the problem's size.
    unsafe {
        let OnePatient { equations, slots, .. } = &*patient.cast::<OnePatient>();
        (equations.rhs)(t, slice(y, equations.states), slots, slice(dy, equations.states));
    }
    0
}

unsafe extern "C" fn jacobian(
    t: f64,
    y: c::N_Vector,
    _: c::N_Vector,
    matrix: c::SUNMatrix,
    patient: *mut c_void,
    _: c::N_Vector,
    _: c::N_Vector,
    _: c::N_Vector,
) -> c_int {
    // SAFETY: as in `rhs`; a dense matrix is contiguous, column after column, and CVODE has set it to zero.
    unsafe {
        let OnePatient { equations, slots, elements } = &mut *patient.cast::<OnePatient>();
        let states = equations.states;
        (equations.jacobian)(t, slice(y, states), slots, elements);
        let matrix = std::slice::from_raw_parts_mut(c::SUNDenseMatrix_Data(matrix), states * states);
        for (&(row, column), element) in equations.pattern.iter().zip(elements) {
            matrix[column * states + row] = *element;
        }
    }
    0
}
