//! 100,000 patients on one core and on all: `cargo run --release -p barograph-solver-bench --bin scaling`.
//!
//! Every round times one thread, all threads of one process, and as many processes of one thread each, which share nothing but the machine: what those
//! lose against one alone, no program can have on that machine. A ratio is taken within a round, between neighbours in time, and the median
//! over rounds is told.

use std::error::Error;
use std::process::{Command, Stdio};
use std::time::Instant;

use barograph_dynamics::{Method, Patient, Settings, Width, run};
use barograph_solver_bench::case::Case;
use barograph_solver_bench::ours;

const PATIENTS: u64 = 100_000;
const ROUNDS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let cores = std::thread::available_parallelism()?.get();
    let share = PATIENTS / cores as u64;
    if std::env::args().nth(1).as_deref() == Some("--share") {
        println!("{}", integrate(&Case::bench(10.0, share)?, 1, 4));
        return Ok(());
    }
    let case = Case::bench(10.0, PATIENTS)?;
    let (mut threads, mut processes) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let (one, all) = (integrate(&case, 1, 2), integrate(&case, cores, 2));
        let (alone, together) = (shares(1)?, shares(cores)?);
        println!(
            "round {round}: two times {PATIENTS}: {one:.3} s on one thread, {all:.3} s on {cores}; a share four times: {alone:.3} s alone, {together:.3} s with {cores} at once"
        );
        threads.push(one / all);
        processes.push(cores as f64 * alone / together);
    }
    println!("over one core, median of {ROUNDS} rounds (least to most):");
    println!("{cores} threads: {}", spread(threads));
    println!("{cores} processes that share nothing: {}", spread(processes));
    Ok(())
}

/// Seconds for all patients, so many times, every row looked at.
fn integrate(case: &Case, threads: usize, times: usize) -> f64 {
    let wall = Instant::now();
    for _ in 0..times {
        let settings = Settings { threads, ..ours::settings(case, Method::Rodas5P, 1e-5, Width::Eight) };
        let admit = |n, patient: &mut Patient| patient.clone_from(&case.patients[n as usize]);
        let results = run(&case.model, &settings, 0..case.patients.len() as u64, admit, |course, ()| {
            let sound = course.rows.iter().all(|value| value.is_finite() && *value >= 0.0);
            (sound, course.peak(6).1)
        });
        let failed = results.iter().filter(|result| result.is_err()).count();
        let unsound = results.iter().flatten().filter(|(sound, _)| !sound).count();
        assert!(failed + unsound == 0, "{failed} failed, {unsound} with NaN or negative values");
    }
    wall.elapsed().as_secs_f64()
}

/// Mean seconds that processes side by side take for a share of the patients each.
fn shares(count: usize) -> Result<f64, Box<dyn Error>> {
    let start = |_| Command::new(std::env::current_exe()?).arg("--share").stdout(Stdio::piped()).spawn();
    let children = (0..count).map(start).collect::<Result<Vec<_>, std::io::Error>>()?;
    let mut sum = 0.0;
    for child in children {
        sum += String::from_utf8(child.wait_with_output()?.stdout)?.trim().parse::<f64>()?;
    }
    Ok(sum / count as f64)
}

fn spread(mut ratios: Vec<f64>) -> String {
    ratios.sort_by(f64::total_cmp);
    format!("{:.2} ({:.2} to {:.2})", ratios[ratios.len() / 2], ratios[0], ratios[ratios.len() - 1])
}
