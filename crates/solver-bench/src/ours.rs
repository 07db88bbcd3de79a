//! Our engine.

use barograph_dynamics::{Method, Model, Patient, Settings, Width, run};
use cpu_time::ThreadTime;

use crate::case::Case;

/// Settings of a run on one thread.
pub fn settings(case: &Case, method: Method, rtol: f64, lanes: Width) -> Settings {
    Settings { method, lanes, threads: 1, ..Settings::new(case.times.clone()).rtol(rtol) }
}

/// The courses of the patients; a course that fails is empty. `model` is the case's own, printed or interpreted.
pub fn courses(model: &Model, settings: &Settings, patients: &[Patient]) -> Vec<Vec<f64>> {
    let admit = |number: u64, patient: &mut Patient| patient.clone_from(&patients[number as usize]);
    let results = run(model, settings, 0..patients.len() as u64, admit, |course, ()| course.rows.to_vec());
    results.into_iter().map(Result::unwrap_or_default).collect()
}

/// Seconds of this thread's processor time per patient; every row is made and handed over. The patients are run `times` over, so that
/// a small number of them does not show the idle lanes at the end of a run.
pub fn seconds(model: &Model, settings: &Settings, patients: &[Patient], times: usize) -> f64 {
    let count = patients.len() * times;
    let clock = ThreadTime::now();
    let admit = |number: u64, patient: &mut Patient| patient.clone_from(&patients[number as usize % patients.len()]);
    let results = run(model, settings, 0..count as u64, admit, |course, ()| {
        std::hint::black_box(course.rows);
    });
    std::hint::black_box(results);
    clock.elapsed().as_secs_f64() / count as f64
}
