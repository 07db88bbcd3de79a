//! States of any size, solved as a single course.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use barograph_dynamics::{Model, Problem, Settings, Solution, to_scale};

/// A drug in moles, far below the default tolerance.
#[test]
fn small_states_are_not_lost_in_the_tolerance() {
    let model = Model::parse(
        "model small \"Small\"\ntime d\nparameter k = 1 1/d\nstate A = 1e-12 mol\nstate C = 0 mol\nd A = -k*A\nd C = k*A - C*k\n",
    )
    .unwrap();
    let problem = Problem::new(&model);
    let settings = Settings::every(10.0, 10).rtol(1e-8);
    let solve = |settings: &Settings| problem.solve(settings);
    let plain = solve(&settings).unwrap().state("A").unwrap()[10];
    assert!((plain / (1e-12 * (-10.0_f64).exp()) - 1.0).abs() > 0.1, "the default tolerance is no longer too coarse");
    let solution = to_scale(&model, &settings, solve, Solution::largest).unwrap();
    for (at, t) in solution.times.iter().enumerate() {
        let [a, c] = solution.row(at) else { unreachable!() };
        let gone = (-t).exp();
        assert!((a / (1e-12 * gone) - 1.0).abs() < 1e-5, "A({t}) = {a}");
        assert!((c - 1e-12 * t * gone).abs() < 1e-17, "C({t}) = {c}");
    }
}

/// A text that gives its own tolerance keeps it, and one whose states are large is solved once.
#[test]
fn nothing_is_solved_again_without_need() {
    for state in ["A = 1e-12 mol atol 1e-15", "A = 100 mg"] {
        let model = Model::parse(&format!("model one \"One\"\ntime d\nstate {state}\nd A = -A\n")).unwrap();
        let problem = Problem::new(&model);
        let mut times = 0;
        let solve = |settings: &Settings| {
            times += 1;
            problem.solve(settings)
        };
        to_scale(&model, &Settings::every(1.0, 10), solve, Solution::largest).unwrap();
        assert_eq!(times, 1, "{state}");
    }
}
