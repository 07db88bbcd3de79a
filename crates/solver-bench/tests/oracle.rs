//! Our integrator against integrators that know nothing of it, at tight tolerances, and the equations that they are given.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

use barograph_dynamics::{Method, Model, Problem, Settings, Width};
use barograph_equations::{Inputs, Program, Tape};
use barograph_solver_bench::case::{Case, p99};
use barograph_solver_bench::ours;
use barograph_solver_bench::peers::{self, Peer};
use diffsol::{NalgebraLU, NalgebraMat, OdeBuilder, OdeSolverMethod};

mod by_hand;

type M = NalgebraMat<f64>;

fn evaluate(program: &Program, time: f64, states: &[f64], parameters: &[f64]) -> Vec<f64> {
    let tape = Tape::new(program);
    let (mut registers, mut results) = (vec![0.0; tape.registers()], vec![0.0; program.results.len()]);
    tape.run(&Inputs { time, shift: 0.0, states, parameters, factors: &[] }, &mut registers, &mut results);
    results
}

/// The states at the times, by diffsol's BDF with the model's symbolic Jacobian.
fn oracle(model: &Model, times: &[f64]) -> Vec<Vec<f64>> {
    let system = model.system();
    let slots = evaluate(&system.fill, 0.0, &[], &model.typical());
    let initial = evaluate(&system.initial, 0.0, &[], &model.typical());
    let (rhs_slots, jacobian_slots) = (slots.clone(), slots);
    let problem = OdeBuilder::<M>::new()
        .rtol(1e-10)
        .atol(vec![1e-13; system.states])
        .rhs_implicit(
            move |y: &[f64], _: &[f64], t: f64, dy: &mut [f64]| dy.copy_from_slice(&evaluate(&system.rhs, t, y, &rhs_slots)),
            move |y: &[f64], _: &[f64], t: f64, v: &[f64], jv: &mut [f64]| {
                jv.fill(0.0);
                let elements = evaluate(&system.jacobian, t, y, &jacobian_slots);
                for (&(row, column), element) in system.pattern.iter().zip(elements) {
                    jv[row] += element * v[column];
                }
            },
        )
        .init(move |_: &[f64], _: f64, y: &mut [f64]| y.copy_from_slice(&initial), system.states)
        .build()
        .unwrap();
    let mut solver = problem.bdf::<NalgebraLU<f64>>().unwrap();
    let mut rows = Vec::new();
    for &time in times {
        while solver.state().t < time {
            solver.step().unwrap();
        }
        rows.push(solver.interpolate(time).unwrap().batch_as_slice(0).to_vec());
    }
    rows
}

const MODELS: [&str; 3] = [
    // Robertson's problem: rates from 1e-2 to 1e7.
    "model robertson \"Robertson\"\ntime d\nstate A = 1 1\nstate B = 0 1\nstate C = 0 1\nd A = -0.04*A + 1e4*B*C\nd B = 0.04*A - 1e4*B*C - 3e7*B^2\nd C = 3e7*B^2\n",
    // Functions, powers that are not whole, time in the equations.
    "model functions \"Functions\"\ntime d\nparameter n = 2.3 1\nstate X = 1 1\nstate Y = 0.5 1\nd X = hill(Y, 0.4, n) - 0.3*X + 0.1*exp(-t)\nd Y = X^1.5/(1 + sqrt(X)) - Y*ln(2 + X) + 0.2*t/(1 + t)\n",
    // An oscillator whose corners are sharp.
    "model pol \"Van der Pol\"\ntime d\nparameter mu = 20 1\nstate X = 2 1 signed\nstate V = 0 1 signed\nd X = V\nd V = mu*(1 - X^2)*V - X\n",
];

#[test]
fn trajectories_are_those_of_diffsol() {
    let times: Vec<f64> = (1..=40).map(|i| f64::from(i) * 0.25).collect();
    for text in MODELS {
        let model = Model::parse(text).unwrap();
        let exact = oracle(&model, &times);
        for method in [Method::Rodas5P, Method::Tsit5] {
            if method == Method::Tsit5 && text.contains("robertson") {
                continue;
            }
            let settings = Settings { method, atol_scale: 1e-4, ..Settings::new(times.clone()).rtol(1e-10) };
            let solution = Problem::new(&model).solve(&settings).unwrap();
            for (index, exact) in exact.iter().enumerate() {
                for (own, exact) in solution.row(index).iter().zip(exact) {
                    let error = (own - exact).abs() / (1e-6 + exact.abs());
                    assert!(error < 1e-6, "{} {method:?} at {}: {own} {exact}", model.text().id, times[index]);
                }
            }
        }
    }
}

/// The error of the engine at 1e-10 against a peer at `rtol`, for every problem of the table.
fn apart(peer: Peer, rtol: f64) -> Vec<(String, f64)> {
    let cases = [Case::bench(1.0, 40), Case::bench(100.0, 40), Case::child(true, 16), Case::child(false, 16)];
    let apart = |case: Result<Case, _>| {
        let case: Case = case.unwrap();
        let own = ours::courses(&case.model, &ours::settings(&case, Method::Rodas5P, 1e-10, Width::Eight), &case.patients);
        let (theirs, _) = peers::courses(peer, &case, rtol, &case.patients).unwrap();
        let error = p99(&own, &theirs, &case.floors(&theirs));
        (case.name, error)
    };
    cases.into_iter().map(apart).collect()
}

#[test]
fn the_problems_of_the_table_are_those_of_diffsol() {
    for (name, error) in apart(Peer::Bdf, 1e-9) {
        assert!(error < 2e-6, "{name}: {error:e}");
    }
}

#[cfg(feature = "cvode")]
#[test]
fn the_problems_of_the_table_are_those_of_cvode() {
    for (name, error) in apart(Peer::Cvode, 1e-10) {
        assert!(error < 2e-6, "{name}: {error:e}");
    }
}

/// Slots and states of some patients of a case, the states from the middle of their courses.
fn moments(case: &Case) -> Vec<(Vec<f64>, Vec<f64>)> {
    let settings = ours::settings(case, Method::Rodas5P, 1e-6, Width::Eight);
    let courses = ours::courses(&case.model, &settings, &case.patients);
    let moment = |(patient, course): (&barograph_dynamics::Patient, &Vec<f64>)| {
        let mut slots = vec![0.0; case.equations.slots];
        (case.equations.fill)(&patient.parameters, &mut slots);
        let width = case.equations.states;
        (slots, course[30 * width..31 * width].to_vec())
    };
    case.patients.iter().zip(&courses).map(moment).collect()
}

/// The peers' bench model is the one written by hand from its equations.
#[test]
fn the_printed_bench_model_is_the_one_by_hand() {
    let case = Case::bench(10.0, 20).unwrap();
    for ((slots, states), patient) in moments(&case).iter().zip(&case.patients) {
        let mut printed = [0.0; 10];
        (case.equations.rhs)(0.0, states, slots, &mut printed);
        let by_hand = by_hand::rhs(states, &patient.parameters);
        for (index, (a, b)) in printed.iter().zip(by_hand).enumerate() {
            // Differences of large terms: measured against what the state would need a day for.
            assert!((a - b).abs() < 1e-10 * (b.abs() + 100.0 * states[index].abs()), "state {index}: {a} {b}");
        }
    }
}

/// A Jacobian that is wrong would make the peers slow, not wrong.
#[test]
fn the_printed_jacobians_are_those_of_finite_differences() {
    for case in [Case::bench(1.0, 4).unwrap(), Case::child(true, 4).unwrap()] {
        let equations = case.equations;
        for (slots, states) in moments(&case) {
            let mut elements = vec![0.0; equations.pattern.len()];
            (equations.jacobian)(0.0, &states, &slots, &mut elements);
            let rhs = |states: &[f64]| {
                let mut rates = vec![0.0; equations.states];
                (equations.rhs)(0.0, states, &slots, &mut rates);
                rates
            };
            let at = rhs(&states);
            for column in 0..equations.states {
                let step = 1e-5 * states[column].abs().max(1e-6);
                let moved = |by: f64| {
                    let mut states = states.clone();
                    states[column] += by;
                    rhs(&states)
                };
                let (up, down) = (moved(step), moved(-step));
                for row in 0..equations.states {
                    let found = equations.pattern.iter().position(|place| *place == (row, column)).map_or(0.0, |at| elements[at]);
                    let slope = (up[row] - down[row]) / (2.0 * step);
                    let rounding = 1e-10 * (at[row].abs() + states[row].abs()) / step;
                    assert!((found - slope).abs() <= 1e-5 * slope.abs() + rounding, "{} {row} {column}: {found} {slope}", case.name);
                }
            }
        }
    }
}
