//! Our engine on the bench model.

use barograph_dynamics::{Dose, Method, Model, Patient, Settings, Width, run};
use cpu_time::ThreadTime;

use crate::{CENTRAL, DOSE, VARIED, admit, draw, times};

/// Settings of a run of the bench model on one thread.
pub fn settings(method: Method, rtol: f64, lanes: Width) -> Settings {
    Settings { method, lanes, threads: 1, ..Settings::new(times()).rtol(rtol) }
}

/// The courses of the patients `0..count`; a course that fails is empty.
pub fn courses(model: &Model, settings: &Settings, stiffness: f64, count: u64) -> Vec<Vec<f64>> {
    let admit = |number, patient: &mut Patient| admit(number, stiffness, patient);
    let results = run(model, settings, 0..count, admit, |course, ()| course.rows.to_vec());
    results.into_iter().map(Result::unwrap_or_default).collect()
}

/// Seconds of this thread's processor time per patient, and attempted steps per patient; every row is made and handed over.
pub fn seconds(model: &Model, settings: &Settings, stiffness: f64, count: u64) -> (f64, f64) {
    let drawn = draw(stiffness, count);
    let clock = ThreadTime::now();
    let admit = |number, patient: &mut Patient| {
        patient.parameters[..VARIED].copy_from_slice(&drawn[number as usize]);
        patient.doses.push(Dose::bolus(CENTRAL, DOSE.0, DOSE.1));
    };
    let results = run(model, settings, 0..count, admit, |course, ()| {
        std::hint::black_box(course.rows);
        f64::from(course.steps.1)
    });
    let seconds = clock.elapsed().as_secs_f64() / count as f64;
    (seconds, results.iter().flatten().sum::<f64>() / count as f64)
}
