//! The work-precision diagram of docs/solver.md: `cargo run --release -p barograph-solver-bench --features cvode --bin work-precision`.
//!
//! Every tool's error is measured over a range of tolerances; the tolerance that meets a target error is interpolated, and the tool is timed there,
//! in rounds that take every tool in turn, so that each round gives a ratio to the anchors. Times are processor time of one thread.
//!
//! To run a part: `--model TEXT` and `--tool TEXT` choose the problems and tools whose name holds the text, `--target 1e-4` one error,
//! `--rounds N` how often. The anchors always run.

use std::error::Error;
use std::fmt::Write;

use barograph_dynamics::{Method, Model, Width};
use barograph_solver_bench::case::{Case, p99};
use barograph_solver_bench::peers::{self, Peer};
use barograph_solver_bench::{chart, ours};

const TARGETS: [f64; 4] = [1e-3, 1e-4, 1e-5, 1e-6];

#[derive(Clone, Copy, PartialEq)]
enum Tool {
    Ours(Method, Width),
    Interpreted(Method, Width),
    Peer(Peer),
}

/// The tools of the table; the anchors come last.
const TOOLS: &[(&str, Tool)] = &[
    ("Rodas5P, 8 lanes", Tool::Ours(Method::Rodas5P, Width::Eight)),
    ("Rodas5P, 4 lanes", Tool::Ours(Method::Rodas5P, Width::Four)),
    ("Tsit5, 8 lanes", Tool::Ours(Method::Tsit5, Width::Eight)),
    ("Rodas5P interpreted, 8 lanes", Tool::Interpreted(Method::Rodas5P, Width::Eight)),
    ("diffsol tsit45", Tool::Peer(Peer::Tsit45)),
    ("diffsol BDF", Tool::Peer(Peer::Bdf)),
    #[cfg(feature = "cvode")]
    ("CVODE BDF", Tool::Peer(Peer::Cvode)),
];
const ANCHORS: usize = if cfg!(feature = "cvode") { 2 } else { 1 };

/// What was asked for.
struct Choice {
    model: String,
    tool: String,
    targets: Vec<f64>,
    rounds: usize,
}

impl Choice {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut choice = Self { model: String::new(), tool: String::new(), targets: TARGETS.to_vec(), rounds: 7 };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} wants a value"))?;
            match name.as_str() {
                "--model" => choice.model = value,
                "--tool" => choice.tool = value,
                "--target" => choice.targets = vec![value.parse()?],
                "--rounds" => choice.rounds = value.parse::<usize>()?.max(1),
                _ => return Err(format!("{name} is none of --model, --tool, --target, --rounds").into()),
            }
        }
        Ok(choice)
    }

    fn is_all(&self) -> bool {
        self.model.is_empty() && self.tool.is_empty() && self.targets.len() == TARGETS.len()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let choice = Choice::read()?;
    let columns: String = choice.targets.iter().map(|target| format!("| p99 {target:e} ")).collect();
    println!("| problem | tool {columns}|\n|---|---{}|", "|---".repeat(choice.targets.len()));
    let mut curves = Vec::new();
    for stiffness in [1.0, 10.0, 100.0] {
        if format!("bench, S = {stiffness}").contains(&choice.model) {
            Measured::new(Case::bench(stiffness, 1000)?, stiffness < 50.0).rows(&choice, &mut curves)?;
        }
    }
    for (treated, name) in [(true, "child, treated"), (false, "child, untreated")] {
        if name.contains(&choice.model) {
            Measured::new(Case::child(treated, 400)?, true).rows(&choice, &mut curves)?;
        }
    }
    if choice.is_all() {
        std::fs::write("docs/figures/solver-work-precision.svg", chart::svg(&curves))?;
    }
    Ok(())
}

/// A case with what errors are measured against.
struct Measured {
    case: Case,
    interpreted: Model,
    reference: Vec<Vec<f64>>,
    floors: Vec<f64>,
    /// Whether explicit methods can follow it at all.
    explicit: bool,
}

/// How many patients are timed, and how often ours, which takes a fraction of the time, runs them.
const TIMED: usize = 200;
const OURS_TIMES: usize = 15;

impl Measured {
    fn new(case: Case, explicit: bool) -> Self {
        let courses = |method| ours::courses(&case.model, &ours::settings(&case, method, 1e-12, Width::Eight), &case.patients);
        let reference = courses(Method::Rodas5P);
        let floors = case.floors(&reference);
        if explicit {
            let apart = p99(&courses(Method::Tsit5), &reference, &floors);
            eprintln!("{}: Rodas5P and Tsit5 at 1e-12 agree to p99 {apart:.1e}", case.name);
        }
        let interpreted = Model::from_text(case.model.text().clone());
        Self { case, interpreted, reference, floors, explicit }
    }

    /// Prints the rows of the table as they are done.
    fn rows(&self, choice: &Choice, curves: &mut Vec<chart::Curve>) -> Result<(), Box<dyn Error>> {
        let anchors = TOOLS.len() - ANCHORS;
        let wanted = |&(at, (name, tool)): &(usize, &(&str, Tool))| {
            let explicit = matches!(tool, Tool::Ours(Method::Tsit5, _) | Tool::Peer(Peer::Tsit45));
            (at >= anchors || name.contains(&choice.tool)) && (self.explicit || !explicit)
        };
        let tools: Vec<(&str, Tool)> = TOOLS.iter().enumerate().filter(wanted).map(|(_, tool)| *tool).collect();
        let anchors = tools.len() - ANCHORS..tools.len();
        let errors: Vec<Vec<(f64, f64)>> = tools.iter().map(|(_, tool)| self.errors(*tool)).collect();
        let mut rows: Vec<String> = tools.iter().map(|(name, _)| format!("| {} | {name} ", self.case.name)).collect();
        let mut points = vec![Vec::new(); tools.len()];
        for &target in &choice.targets {
            let rtols: Vec<Option<f64>> = errors.iter().map(|errors| at(errors, target)).collect();
            let mut rounds: Vec<Vec<Option<f64>>> = Vec::new();
            for _ in 0..choice.rounds {
                let seconds = |((_, tool), rtol): (&(&str, Tool), &Option<f64>)| rtol.map(|rtol| self.seconds(*tool, rtol)).transpose();
                rounds.push(tools.iter().zip(&rtols).map(seconds).collect::<Result<_, _>>()?);
            }
            for (tool, row) in rows.iter_mut().enumerate() {
                let Some(speed) = median(rounds.iter().filter_map(|round| Some(1.0 / round[tool]?))) else {
                    *row += "| – ";
                    continue;
                };
                let ratio = |anchor: usize| median(rounds.iter().filter_map(|round| Some(round[anchor]? / round[tool]?)));
                let ratios: Vec<String> = anchors.clone().map(|anchor| ratio(anchor).map_or("–".into(), |x| format!("{x:.1}x"))).collect();
                let _ = write!(row, "| {speed:.0}/s ({}) ", ratios.join(", "));
                points[tool].push((target, speed));
            }
        }
        for ((row, points), (name, _)) in rows.iter().zip(points).zip(&tools) {
            println!("{row}|");
            curves.push(chart::Curve { panel: self.case.name.clone(), name: (*name).into(), points });
        }
        Ok(())
    }

    /// Errors over tolerances, from coarse to fine; a tolerance at which the tool gives up is left out.
    fn errors(&self, tool: Tool) -> Vec<(f64, f64)> {
        let mut errors = Vec::new();
        let patients = &self.case.patients;
        for step in 0..14 {
            let rtol = 10_f64.powf(-2.5 - 0.5 * f64::from(step));
            let courses = match tool {
                Tool::Ours(method, lanes) => {
                    Ok(ours::courses(&self.case.model, &ours::settings(&self.case, method, rtol, lanes), patients))
                }
                Tool::Interpreted(method, lanes) => {
                    Ok(ours::courses(&self.interpreted, &ours::settings(&self.case, method, rtol, lanes), patients))
                }
                Tool::Peer(peer) => peers::courses(peer, &self.case, rtol, patients).map(|(courses, _)| courses),
            };
            let Ok(courses) = courses else { continue };
            errors.push((rtol, p99(&courses, &self.reference, &self.floors)));
            if errors.last().is_some_and(|&(_, error)| error < TARGETS[TARGETS.len() - 1]) {
                break;
            }
        }
        errors
    }

    /// Seconds per patient.
    fn seconds(&self, tool: Tool, rtol: f64) -> Result<f64, Box<dyn Error>> {
        let patients = &self.case.patients[..TIMED];
        let ours = |model, method, lanes| Ok(ours::seconds(model, &ours::settings(&self.case, method, rtol, lanes), patients, OURS_TIMES));
        match tool {
            Tool::Ours(method, lanes) => ours(&self.case.model, method, lanes),
            Tool::Interpreted(method, lanes) => ours(&self.interpreted, method, lanes),
            Tool::Peer(peer) => Ok(peers::courses(peer, &self.case, rtol, patients)?.1),
        }
    }
}

/// The tolerance at which an error is met: log-linear between the last point above it and the next.
fn at(errors: &[(f64, f64)], target: f64) -> Option<f64> {
    let above = errors.iter().rposition(|&(_, error)| error >= target)?;
    let (&(r0, e0), &(r1, e1)) = (errors.get(above)?, errors.get(above + 1)?);
    let share = (e0 / target).ln() / (e0 / e1).ln();
    Some((r0.ln() + share * (r1 / r0).ln()).exp())
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
