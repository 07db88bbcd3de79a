//! The symbolic form against arithmetic that knows nothing of it: differences for derivatives, elimination with pivoting for factors.

use barograph_equations::{Inputs, Program, System, Tape, parse};
use proptest::prelude::*;

/// Every kind of node, a dense corner, a loose state, and time.
const MODEL: &str = r#"
model all "All"
time d
parameter a = 0.7 1
parameter n = 2.3 1
derived b = exp(a)/2 1
state X = a 1
state Y = 2 1
state Z = b + 1 1
state W = 1 1
let s = X*Y/(1 + Z)
d X = -a*X + hill(Y, b, n)*Z^3 - s
d Y = sqrt(1 + X^2)*ln(2 + Z) - Y*exp(-0.3*X) + t*X
d Z = min(X, 2*Y) - max(Z, 0.1*X)*abs(X - Y) + X^2.5 + if(X < Y && Z >= 1, s*s, -s)
d W = drift - 3*W
let drift = t^2/(1 + t) - W^-2
output total = X + Y + Z + W*t 1
"#;

fn run(program: &Program, time: f64, shift: f64, states: &[f64], parameters: &[f64], factors: &[f64]) -> Vec<f64> {
    let tape = Tape::new(program);
    let mut registers = vec![f64::NAN; tape.registers()];
    let mut results = vec![f64::NAN; program.results.len()];
    tape.run(&Inputs { time, shift, states, parameters, factors }, &mut registers, &mut results);
    results
}

/// Gaussian elimination with partial pivoting.
fn solve(mut matrix: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for p in 0..n {
        let best = (p..n).max_by(|&i, &j| matrix[i][p].abs().total_cmp(&matrix[j][p].abs())).unwrap_or(p);
        matrix.swap(p, best);
        b.swap(p, best);
        for i in p + 1..n {
            let factor = matrix[i][p] / matrix[p][p];
            let pivot = matrix[p].clone();
            for (element, above) in matrix[i].iter_mut().zip(pivot) {
                *element -= factor * above;
            }
            b[i] -= factor * b[p];
        }
    }
    for p in (0..n).rev() {
        let sum: f64 = (p + 1..n).map(|j| matrix[p][j] * b[j]).sum();
        b[p] = (b[p] - sum) / matrix[p][p];
    }
    b
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn derivatives_and_factors_are_right(
        states in prop::array::uniform4(0.2_f64..3.0), time in 0.1_f64..2.0, shift in 20.0_f64..1000.0, b in prop::array::uniform4(-1.0_f64..1.0)
    ) {
        // Away from the kinks, where a difference would straddle them.
        let [x, y, z, _] = states;
        prop_assume!((x - y).abs() > 1e-3 && (x - 2.0 * y).abs() > 1e-3 && (z - 0.1 * x).abs() > 1e-3 && (z - 1.0).abs() > 1e-3);
        let model = parse(MODEL).unwrap();
        let system = System::new(&model);
        prop_assert!(system.timed);
        let slots = run(&system.fill, 0.0, 0.0, &[], &[0.7, 2.3], &[]);
        let rhs = |time: f64, states: &[f64]| run(&system.rhs, time, 0.0, states, &slots, &[]);
        let mut jacobian = vec![vec![0.0; 4]; 4];
        let elements = run(&system.jacobian, time, 0.0, &states, &slots, &[]);
        for (&(row, column), element) in system.pattern.iter().zip(&elements) {
            jacobian[row][column] = *element;
        }
        for column in 0..4 {
            let h = 1e-6;
            let (mut above, mut below) = (states, states);
            above[column] += h;
            below[column] -= h;
            let (above, below) = (rhs(time, &above), rhs(time, &below));
            for row in 0..4 {
                let difference = (above[row] - below[row]) / (2.0 * h);
                let size = 1.0 + difference.abs() + above[row].abs();
                prop_assert!((difference - jacobian[row][column]).abs() < 1e-7 * size, "{row} {column}: {} {difference}", jacobian[row][column]);
            }
        }
        let prepared = run(&system.prepare, time, shift, &states, &slots, &[]);
        // A quotient whose divisor others share is a product there, so the last bit may differ.
        for (one, other) in prepared.iter().zip(rhs(time, &states)) {
            prop_assert!((one - other).abs() <= 1e-14 * (states.iter().sum::<f64>().powi(4) + other.abs()), "{one} {other}");
        }
        let (above, below) = (rhs(time + 1e-6, &states), rhs(time - 1e-6, &states));
        for row in 0..4 {
            let difference = (above[row] - below[row]) / 2e-6;
            prop_assert!((prepared[4 + row] - difference).abs() < 1e-6 * (1.0 + difference.abs()));
        }
        let factors = &prepared[8..8 + system.factors];
        let solution = run(&system.solve, 0.0, 0.0, &b, &[], factors);
        let mut matrix: Vec<Vec<f64>> = jacobian.iter().map(|row| row.iter().map(|element| -element).collect()).collect();
        for (i, row) in matrix.iter_mut().enumerate() {
            row[i] += shift;
        }
        for (mine, exact) in solution.iter().zip(solve(matrix, b.to_vec())) {
            prop_assert!((mine - exact).abs() < 1e-9 * (1e-3 + exact.abs()), "{mine} {exact}");
        }
        let pivot = prepared[8 + system.factors];
        prop_assert!(pivot > 0.0 && pivot.is_finite());
    }
}

#[test]
fn what_depends_on_parameters_alone_is_computed_once() {
    let text = "model m \"M\"\ntime d\nparameter V = 2 1\nparameter k = 3 1\nstate A = 1 1\nd A = -k/V*exp(k)*A\noutput c = A/V 1\n";
    let system = System::new(&parse(text).unwrap());
    // k/V exp(k) for the right-hand side, its negative for the Jacobian, 1/V for the output.
    assert_eq!(system.slots, 3);
    assert!(system.rhs.operations.len() <= 4, "{:?}", system.rhs.operations);
    assert!(!system.timed);
}

#[test]
fn a_derivative_that_is_zero_on_both_sides_of_a_min_is_no_derivative() {
    // Of 1/(1 + A) by time or B the derivative is a zero with the other sign than that of the constant.
    let text = "model m \"M\"\ntime d\nstate A = 1 1\nstate B = 1 1\nstate C = 1 1\nd A = -A\nd B = -B\nd C = 2*B*min(1, 1/(1 + A)) - C\n";
    let system = System::new(&parse(text).unwrap());
    assert!(!system.timed);
    assert_eq!(system.pattern, [(0, 0), (1, 1), (2, 0), (2, 1), (2, 2)]);
    let text = "model m \"M\"\ntime d\nstate A = 1 1\nstate B = 1 1\nd A = -A\nd B = min(1, 1/(1 + A))\n";
    assert_eq!(System::new(&parse(text).unwrap()).pattern, [(0, 0), (1, 0)]);
}
