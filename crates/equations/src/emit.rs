//! Programs as Rust text, for a build script.

use std::fmt::Write;

use crate::program::{Operation, Program};
use crate::syntax::Comparison;
use crate::system::System;

/// A Rust `impl` of `trait_path` (the engine's trait `Equations`) for a new unit struct `name`.
pub fn rust(system: &System, name: &str, doc: &str, trait_path: &str) -> String {
    let n = system.states;
    let timed = if system.timed { n } else { 0 };
    let mut text = String::new();
    let _ = writeln!(text, "/// {doc}\n#[derive(Debug, Clone, Copy)]\npub(crate) struct {name};\n\nimpl {trait_path} for {name} {{");
    let head = "    #[inline(always)]\n    fn";

    let _ = writeln!(text, "{head} rhs<N: Arithmetic>(t: N, y: &[N], p: &[N], dy: &mut [N]) {{");
    text += &names(&[("y", "s", n), ("p", "p", system.slots), ("dy", "d", n)], "return");
    text += &body(&system.rhs, "v");
    text += &stores(&system.rhs, &[("d", n)]);
    let _ = writeln!(text, "    }}\n");

    let _ = writeln!(
        text,
        "{head} prepare<N: Arithmetic>(t: N, y: &[N], p: &[N], shift: N, [dy, dt, factors]: [&mut [N]; 3]) -> N {{"
    );
    let slices = [("y", "s", n), ("p", "p", system.slots), ("dy", "d", n), ("dt", "e", timed), ("factors", "f", system.factors)];
    text += &names(&slices, "return N::splat(f64::NAN)");
    text += &body(&system.prepare, "v");
    text += &stores(&system.prepare, &[("d", n), ("e", timed), ("f", system.factors)]);
    if let Some(pivot) = system.prepare.results.last() {
        let _ = writeln!(text, "        v{pivot}");
    }
    let _ = writeln!(text, "    }}\n");

    let _ = writeln!(text, "{head} solve<N: Arithmetic>(factors: &[N], x: &[N], k: &mut [[N; 8]], at: usize) {{");
    text += &names(&[("factors", "f", system.factors), ("x", "x", n), ("k", "k", n)], "return");
    text += &knowns(n, |i| format!("*x{i}"));
    text += &body(&system.solve, "w");
    text += &columns(&system.solve);
    let _ = writeln!(text, "    }}\n");

    let _ = writeln!(
        text,
        "{head} stage<N: Arithmetic>(t: N, y: &[N], p: &[N], [factors, x, rate]: [&[N]; 3], inverse: N, k: &mut [[N; 8]], at: usize) {{"
    );
    let slices = [("y", "s", n), ("p", "p", system.slots), ("factors", "f", system.factors), ("x", "x", n), ("rate", "r", n)];
    text += &names(&slices, "return");
    text += &names(&[("k", "k", n)], "return");
    text += &body(&system.rhs, "v");
    let dy = &system.rhs.results;
    text += &knowns(n, |i| format!("x{i}.mul_add(inverse, v{} + *r{i})", dy[i]));
    text += &body(&system.solve, "w");
    text += &columns(&system.solve);
    let _ = writeln!(text, "    }}\n}}\n");
    text
}

fn list(prefix: &str, count: usize) -> String {
    (0..count).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>().join(", ")
}

/// Names for the elements of slices; a slice of another length ends the function.
fn names(slices: &[(&str, &str, usize)], otherwise: &str) -> String {
    let taken = slices.iter().filter(|slice| slice.2 > 0);
    taken
        .map(|&(slice, prefix, count)| {
            format!("        let [{}] = {slice} else {{ {otherwise} }};\n", list(prefix, count))
        })
        .collect()
}

fn knowns(count: usize, value: impl Fn(usize) -> String) -> String {
    (0..count).map(|i| format!("        let b{i} = {};\n", value(i))).collect()
}

fn stores(program: &Program, groups: &[(&str, usize)]) -> String {
    let targets = groups.iter().flat_map(|&(prefix, count)| (0..count).map(move |i| format!("{prefix}{i}")));
    targets.zip(&program.results).map(|(target, value)| format!("        *{target} = v{value};\n")).collect()
}

fn columns(program: &Program) -> String {
    program.results.iter().enumerate().map(|(i, value)| format!("        k{i}[at & 7] = w{value};\n")).collect()
}

fn body(program: &Program, prefix: &str) -> String {
    let mut text = String::new();
    for (at, operation) in program.operations.iter().enumerate() {
        let _ = writeln!(text, "        let {prefix}{at} = {};", expression(operation, prefix));
    }
    text
}

fn expression(operation: &Operation, v: &str) -> String {
    match *operation {
        Operation::Constant(value) if value.is_finite() => format!("N::splat({value:?})"),
        Operation::Constant(value) => format!("N::splat(f64::from_bits({:#x}))", value.to_bits()),
        Operation::Time => "t".into(),
        Operation::Shift => "shift".into(),
        Operation::State(at) => format!("*s{at}"),
        Operation::Parameter(at) | Operation::Slot(at) => format!("*p{at}"),
        Operation::Factor(at) => format!("*f{at}"),
        Operation::Known(at) => format!("b{at}"),
        Operation::Negate(a) => format!("{v}{a}.negate()"),
        Operation::Reciprocal(a) => format!("{v}{a}.recip()"),
        Operation::Sqrt(a) => format!("{v}{a}.sqrt()"),
        Operation::Exp(a) => format!("{v}{a}.exp()"),
        Operation::Ln(a) => format!("{v}{a}.ln()"),
        Operation::Abs(a) => format!("{v}{a}.abs()"),
        Operation::Add(a, b) => format!("{v}{a} + {v}{b}"),
        Operation::Subtract(a, b) => format!("{v}{a} - {v}{b}"),
        Operation::Multiply(a, b) => format!("{v}{a} * {v}{b}"),
        Operation::MultiplyAdd(a, b, c) => format!("{v}{a}.mul_add({v}{b}, {v}{c})"),
        Operation::NegativeMultiplyAdd(a, b, c) => format!("{v}{a}.neg_mul_add({v}{b}, {v}{c})"),
        Operation::MultiplySubtract(a, b, c) => format!("{v}{a}.mul_sub({v}{b}, {v}{c})"),
        Operation::Power(a, b) => format!("{v}{a}.pow({v}{b})"),
        Operation::Min(a, b) => format!("{v}{a}.min({v}{b})"),
        Operation::Max(a, b) => format!("{v}{a}.max({v}{b})"),
        Operation::Select(comparison, a, b, c, d) => {
            let (name, a, b) = match comparison {
                Comparison::Less => ("select_less", a, b),
                Comparison::AtMost => ("select_at_most", a, b),
                Comparison::Greater => ("select_less", b, a),
                Comparison::AtLeast => ("select_at_most", b, a),
                Comparison::Equal => ("select_equal", a, b),
            };
            format!("N::{name}({v}{a}, {v}{b}, {v}{c}, {v}{d})")
        }
    }
}
