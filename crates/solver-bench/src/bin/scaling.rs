//! 100,000 patients on one core and on all: `cargo run --release -p barograph-solver-bench --bin scaling`.
//!
//! Wall time needs an idle machine; processor time does not, and shows what sharing costs.

use std::error::Error;
use std::time::Instant;

use barograph_dynamics::{Method, Patient, Settings, Width, run};
use barograph_solver_bench::case::Case;
use barograph_solver_bench::ours;
use cpu_time::ProcessTime;

const PATIENTS: u64 = 100_000;
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let case = Case::bench(10.0, PATIENTS)?;
    let cores = std::thread::available_parallelism()?.get();
    let mut best = [(f64::INFINITY, f64::INFINITY); 2];
    for _ in 0..ROUNDS {
        for (threads, best) in [1, cores].into_iter().zip(&mut best) {
            let settings = Settings { threads, ..ours::settings(&case, Method::Rodas5P, 1e-5, Width::Eight) };
            let (wall, cpu) = (Instant::now(), ProcessTime::now());
            let results = run(
                &case.model,
                &settings,
                0..PATIENTS,
                |n, patient: &mut Patient| patient.clone_from(&case.patients[n as usize]),
                |course, ()| {
                    let sound = course.rows.iter().all(|value| value.is_finite() && *value >= 0.0);
                    (sound, course.peak(6).1)
                },
            );
            let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
            *best = (best.0.min(wall), best.1.min(cpu));
            let failed = results.iter().filter(|result| result.is_err()).count();
            let unsound = results.iter().flatten().filter(|(sound, _)| !sound).count();
            println!("{threads} thread(s): wall {wall:.3} s, processor {cpu:.3} s, {failed} failed, {unsound} with NaN or negative values");
        }
    }
    let [(wall_one, cpu_one), (wall_all, cpu_all)] = best;
    println!(
        "{cores} cores over one, least of {ROUNDS} rounds: {:.2} times as fast by the wall; processor time {:.3} times that of one",
        wall_one / wall_all,
        cpu_all / cpu_one
    );
    Ok(())
}
