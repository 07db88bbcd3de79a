//! The work-precision diagram of docs/solver.md: `cargo run --release -p barograph-solver-bench --bin work-precision`.
//!
//! Every tool's error is measured over a range of tolerances; the tolerance that meets a target error is interpolated, and the tool is timed there,
//! in rounds that pair it with diffsol's BDF at its own tolerance for that target. Times are processor time of one thread.

use std::error::Error;
use std::fmt::Write;

use barograph_dynamics::{Method, Model, Width};
use barograph_solver_bench::{chart, floors, ours, p99, peer};

const TARGETS: [f64; 4] = [1e-3, 1e-4, 1e-5, 1e-6];
const PATIENTS: u64 = 1000;
const ROUNDS: usize = 7;

#[derive(Clone, Copy, PartialEq)]
enum Tool {
    Ours(Method, Width),
    Peer(peer::Method),
}

const ANCHOR: Tool = Tool::Peer(peer::Method::Bdf);
const TOOLS: [(&str, Tool); 6] = [
    ("Rodas5P, 8 lanes", Tool::Ours(Method::Rodas5P, Width::Eight)),
    ("Rodas5P, 4 lanes", Tool::Ours(Method::Rodas5P, Width::Four)),
    ("Tsit5, 8 lanes", Tool::Ours(Method::Tsit5, Width::Eight)),
    ("Rodas5P interpreted, 8 lanes", Tool::Ours(Method::Rodas5P, Width::Eight)),
    ("diffsol tsit45", Tool::Peer(peer::Method::Tsit45)),
    ("diffsol BDF", ANCHOR),
];

fn main() -> Result<(), Box<dyn Error>> {
    let printed = Model::named("bench")?;
    let interpreted = Model::from_text(printed.text().clone());
    let mut table = String::from("| S | tool | p99 1e-3 | 1e-4 | 1e-5 | 1e-6 |\n|---|---|---|---|---|---|\n");
    let mut curves = Vec::new();
    let mut headline = Vec::new();
    for stiffness in [1.0, 10.0, 100.0] {
        let exact = ours::settings(Method::Rodas5P, 1e-12, Width::Eight);
        let reference = ours::courses(&printed, &exact, stiffness, PATIENTS);
        let floors = floors(&reference);
        if stiffness < 5.0 {
            let other = ours::settings(Method::Tsit5, 1e-12, Width::Eight);
            let other = ours::courses(&printed, &other, stiffness, PATIENTS);
            println!("reference: Rodas5P and Tsit5 at 1e-12 agree to p99 {:.1e}", p99(&other, &reference, &floors));
        }
        let anchor = tolerances(ANCHOR, &printed, stiffness, &reference, &floors)?;
        for (name, tool) in TOOLS {
            if stiffness > 10.0 && matches!(tool, Tool::Ours(Method::Tsit5, _) | Tool::Peer(peer::Method::Tsit45)) {
                continue;
            }
            let model = if name.contains("interpreted") { &interpreted } else { &printed };
            let curve = tolerances(tool, model, stiffness, &reference, &floors)?;
            let _ = write!(table, "| {stiffness} | {name} ");
            let mut points = Vec::new();
            for target in TARGETS {
                let (Some(rtol), Some(theirs)) = (at(&curve, target), at(&anchor, target)) else {
                    table += "| – ";
                    continue;
                };
                let mut pairs = Vec::new();
                for _ in 0..ROUNDS {
                    let anchor = seconds(ANCHOR, &printed, stiffness, theirs)?;
                    pairs.push((seconds(tool, model, stiffness, rtol)?, anchor));
                }
                let ratio = median(pairs.iter().map(|(own, anchor)| anchor / own));
                let speed = median(pairs.iter().map(|(own, _)| 1.0 / own));
                let _ = write!(table, "| {speed:.0}/s ({ratio:.1}x) ");
                points.push((target, speed));
                if name == TOOLS[0].0 && target == 1e-4 {
                    headline.push(ratio);
                }
            }
            table += "|\n";
            println!("{}", table.lines().last().unwrap_or(""));
            curves.push(chart::Curve { panel: format!("S = {stiffness}"), name: name.into(), points });
        }
    }
    let mean = headline.iter().map(|ratio: &f64| ratio.ln()).sum::<f64>() / headline.len() as f64;
    println!("\n{table}\nRodas5P over diffsol BDF at p99 1e-4, geometric mean over S: {:.1}", mean.exp());
    std::fs::write("docs/figures/solver-work-precision.svg", chart::svg(&curves))?;
    Ok(())
}

/// Errors over tolerances, from coarse to fine.
fn tolerances(
    tool: Tool,
    model: &Model,
    stiffness: f64,
    reference: &[Vec<f64>],
    floors: &[f64],
) -> Result<Vec<(f64, f64)>, Box<dyn Error>> {
    let mut curve = Vec::new();
    for step in 0..14 {
        let rtol = 10_f64.powf(-2.5 - 0.5 * f64::from(step));
        let courses = match tool {
            Tool::Ours(method, lanes) => ours::courses(model, &ours::settings(method, rtol, lanes), stiffness, reference.len() as u64),
            Tool::Peer(method) => match peer::courses(method, stiffness, rtol, reference.len() as u64) {
                Ok((courses, _)) => courses,
                Err(_) => continue,
            },
        };
        let error = p99(&courses, reference, floors);
        curve.push((rtol, error));
        if error < TARGETS[TARGETS.len() - 1] {
            break;
        }
    }
    Ok(curve)
}

/// The tolerance at which an error is met: log-linear between the last point above it and the next.
fn at(curve: &[(f64, f64)], target: f64) -> Option<f64> {
    let above = curve.iter().rposition(|&(_, error)| error >= target)?;
    let (&(r0, e0), &(r1, e1)) = (curve.get(above)?, curve.get(above + 1)?);
    let share = (e0 / target).ln() / (e0 / e1).ln();
    Some((r0.ln() + share * (r1 / r0).ln()).exp())
}

fn seconds(tool: Tool, model: &Model, stiffness: f64, rtol: f64) -> Result<f64, Box<dyn Error>> {
    match tool {
        Tool::Ours(method, lanes) => Ok(ours::seconds(model, &ours::settings(method, rtol, lanes), stiffness, 4000).0),
        Tool::Peer(method) => Ok(peer::courses(method, stiffness, rtol, 150)?.1),
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
