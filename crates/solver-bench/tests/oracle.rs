//! Our integrator against diffsol, an integrator that knows nothing of it, at tight tolerances.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

use barograph_dynamics::{Method, Model, Problem, Settings, Width};
use barograph_equations::{Inputs, Program, Tape};
use barograph_solver_bench::{floors, ours, p99, peer};
use diffsol::{NalgebraLU, NalgebraMat, OdeBuilder, OdeSolverMethod};

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

#[test]
fn the_bench_model_is_the_peers_bench_model() {
    let model = Model::named("bench").unwrap();
    for stiffness in [1.0, 100.0] {
        let settings = ours::settings(Method::Rodas5P, 1e-10, Width::Eight);
        let own = ours::courses(&model, &settings, stiffness, 40);
        let (theirs, _) = peer::courses(peer::Method::Bdf, stiffness, 1e-8, 40).unwrap();
        let error = p99(&own, &theirs, &floors(&theirs));
        assert!(error < 2e-6, "S = {stiffness}: {error:e}");
    }
}
