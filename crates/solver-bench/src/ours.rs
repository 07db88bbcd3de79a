//! Our engine on the bench model.

use barograph_dynamics::{Model, Settings, Width, run};
use cpu_time::ThreadTime;

use crate::{admit, times};

/// The courses of the patients `0..count`.
pub fn courses(model: &Model, stiffness: f64, rtol: f64, count: u64) -> Vec<Vec<f64>> {
    let settings = Settings::new(times()).rtol(rtol);
    let results = run(model, &settings, 0..count, |n, patient| admit(n, stiffness, patient), |course, ()| course.rows.to_vec());
    results.into_iter().map(Result::unwrap_or_default).collect()
}

/// Seconds of processor time per patient, and attempted steps per patient; every row is made and handed over.
pub fn seconds(model: &Model, stiffness: f64, rtol: f64, count: u64, lanes: Width) -> (f64, f64, f64) {
    let settings = Settings { lanes, ..Settings::new(times()).rtol(rtol) };
    let clock = ThreadTime::now();
    let results = run(
        model,
        &settings,
        0..count,
        |n, patient| admit(n, stiffness, patient),
        |course, ()| (std::hint::black_box(course.rows).len(), course.steps),
    );
    let seconds = clock.elapsed().as_secs_f64() / count as f64;
    let steps =
        |pick: fn((u32, u32)) -> u32| results.iter().flatten().map(|&(_, steps)| f64::from(pick(steps))).sum::<f64>() / count as f64;
    (seconds, steps(|steps| steps.0), steps(|steps| steps.1))
}
