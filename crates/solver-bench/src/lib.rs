//! The ten-state bench model, its patients, and how the error of an integrator is measured.
//!
//! Error of a patient: the largest over states and save times of |y - ref|/(|ref| + floor), floor = 1e-3 of the state's typical peak. An
//! integrator's figure is the 99th percentile over patients. Equal tolerance is not equal error, so tools are compared at equal error.

use barograph_dynamics::random::{Draws, log_sd};
use barograph_dynamics::{Dose, Patient};

pub mod chart;
pub mod ours;
pub mod peer;

/// States of the bench model.
pub const STATES: usize = 10;
/// Rows of a course: every quarter of a day for 28 days.
pub const ROWS: usize = 113;
/// When tocilizumab is given, in days, and how much, in mg.
pub const DOSE: (f64, f64) = (5.0, 560.0);
/// The number of tocilizumab's central compartment among the states.
pub const CENTRAL: usize = 7;

/// How many parameters differ between patients; they are the model's first.
pub const VARIED: usize = 7;

/// The varied parameters of the patients `0..count`, drawn before the clock starts.
pub fn draw(stiffness: f64, count: u64) -> Vec<[f64; VARIED]> {
    let patient = |number| {
        let mut parameters = [0.0; VARIED];
        vary(number, stiffness, &mut parameters);
        parameters
    };
    (0..count).map(patient).collect()
}

/// The times of the rows.
pub fn times() -> Vec<f64> {
    (0..ROWS).map(|row| row as f64 * 0.25).collect()
}

/// Puts the varied parameters of a patient: stiffness, rho, kk, kG, k6, CL and T0 are the first seven parameters of the model.
pub fn vary(number: u64, stiffness: f64, parameters: &mut [f64]) {
    let mut draws = Draws::new(20_261_122, number, 0, 0);
    let varied = [(1.0, 0.2), (1.1, 0.3), (12.0, 0.5), (9000.0, 0.6), (0.3, 0.35), (1000.0, 1.0)];
    parameters[0] = stiffness;
    for (parameter, (median, cv)) in parameters[1..].iter_mut().zip(varied) {
        *parameter = draws.lognormal(median, log_sd(cv));
    }
}

/// Sets a patient up for the engine.
pub fn admit(number: u64, stiffness: f64, patient: &mut Patient) {
    vary(number, stiffness, &mut patient.parameters);
    patient.doses.push(Dose::bolus(CENTRAL, DOSE.0, DOSE.1));
}

/// The floors of the error measure: 1e-3 of the median over patients of each state's peak.
pub fn floors(reference: &[Vec<f64>]) -> Vec<f64> {
    (0..STATES)
        .map(|state| {
            let peak = |course: &Vec<f64>| course.iter().skip(state).step_by(STATES).copied().fold(0.0, f64::max);
            let mut peaks: Vec<f64> = reference.iter().map(peak).collect();
            peaks.sort_by(f64::total_cmp);
            1e-3 * peaks[peaks.len() / 2]
        })
        .collect()
}

/// The 99th percentile over patients of the largest relative error.
pub fn p99(courses: &[Vec<f64>], reference: &[Vec<f64>], floors: &[f64]) -> f64 {
    let mut errors: Vec<f64> = courses.iter().zip(reference).map(|(course, reference)| worst(course, reference, floors)).collect();
    errors.sort_by(f64::total_cmp);
    errors[(errors.len() * 99).div_ceil(100) - 1]
}

/// The largest relative error of one course. The row at the time of the dose is left out: tools differ in whether it is before or after.
pub fn worst(course: &[f64], reference: &[f64], floors: &[f64]) -> f64 {
    let dose_row = (DOSE.0 / 0.25) as usize;
    let mut worst = if course.len() == reference.len() { 0.0 } else { f64::INFINITY };
    for (at, (y, exact)) in course.iter().zip(reference).enumerate() {
        if at / STATES != dose_row {
            let error = (y - exact).abs() / (exact.abs() + floors[at % STATES]);
            worst = if error <= worst { worst } else { error };
        }
    }
    worst
}
