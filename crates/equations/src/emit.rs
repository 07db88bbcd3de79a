//! Programs as Rust text, for a build script.

use std::fmt::Write;

use crate::program::{Operation, Program};
use crate::syntax::Comparison;
use crate::system::System;

/// A Rust `impl` of `trait_path` (a trait with `rhs`, `prepare` and `solve` as in the engine) for a new unit struct `name`.
pub fn rust(system: &System, name: &str, doc: &str, trait_path: &str) -> String {
    let n = system.states;
    let mut text = String::new();
    let _ = writeln!(text, "/// {doc}\n#[derive(Debug, Clone, Copy)]\npub(crate) struct {name};\n");
    let _ = writeln!(text, "impl {trait_path} for {name} {{");
    let head = "    #[inline(always)]\n    fn";
    let _ = writeln!(text, "{head} rhs<N: Arithmetic>(t: N, y: &[N], p: &[N], dy: &mut [N]) {{\n        let _ = t;");
    text += &inputs("y", "s", n);
    text += &inputs("p", "p", system.slots);
    text += &results("dy", "d", n);
    text += &body(&system.rhs);
    text += &stores(&system.rhs, &[("d", n)]);
    let _ = writeln!(text, "    }}\n");
    let _ = writeln!(
        text,
        "{head} prepare<N: Arithmetic>(t: N, y: &[N], p: &[N], shift: N, dy: &mut [N], dt: &mut [N], factors: &mut [N]) -> N {{"
    );
    let _ = writeln!(text, "        let _ = (t, &dt);\n        let nan = N::splat(f64::NAN);");
    text += &inputs("y", "s", n).replace("return", "return nan");
    text += &inputs("p", "p", system.slots).replace("return", "return nan");
    text += &results("dy", "d", n).replace("return", "return nan");
    let timed = if system.timed { n } else { 0 };
    text += &results("dt", "e", timed).replace("return", "return nan");
    text += &results("factors", "f", system.factors).replace("return", "return nan");
    text += &body(&system.prepare);
    text += &stores(&system.prepare, &[("d", n), ("e", timed), ("f", system.factors)]);
    if let Some(pivot) = system.prepare.results.last() {
        let _ = writeln!(text, "        v{pivot}");
    }
    let _ = writeln!(text, "    }}\n");
    let _ = writeln!(text, "{head} solve<N: Arithmetic>(factors: &[N], x: &mut [N]) {{");
    text += &inputs("factors", "f", system.factors);
    text += &results("x", "x", n);
    text += &body(&system.solve).replace("KNOWN", "*x");
    text += &stores(&system.solve, &[("x", n)]);
    let _ = writeln!(text, "    }}\n}}");
    text
}

fn list(prefix: &str, count: usize) -> String {
    (0..count).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>().join(", ")
}

fn inputs(slice: &str, prefix: &str, count: usize) -> String {
    if count == 0 { String::new() } else { format!("        let [{}] = {slice} else {{ return }};\n", list(prefix, count)) }
}

fn results(slice: &str, prefix: &str, count: usize) -> String {
    inputs(slice, prefix, count)
}

fn stores(program: &Program, groups: &[(&str, usize)]) -> String {
    let targets = groups.iter().flat_map(|&(prefix, count)| (0..count).map(move |i| format!("{prefix}{i}")));
    targets.zip(&program.results).map(|(target, value)| format!("        *{target} = v{value};\n")).collect()
}

fn body(program: &Program) -> String {
    let mut text = String::new();
    for (at, operation) in program.operations.iter().enumerate() {
        let _ = writeln!(text, "        let v{at} = {};", expression(operation));
    }
    text
}

fn expression(operation: &Operation) -> String {
    match *operation {
        Operation::Constant(value) if value.is_finite() => format!("N::splat({value:?})"),
        Operation::Constant(value) => format!("N::splat(f64::from_bits({:#x}))", value.to_bits()),
        Operation::Time => "t".into(),
        Operation::Shift => "shift".into(),
        Operation::State(at) => format!("*s{at}"),
        Operation::Parameter(at) | Operation::Slot(at) => format!("*p{at}"),
        Operation::Factor(at) => format!("*f{at}"),
        Operation::Known(at) => format!("KNOWN{at}"),
        Operation::Negate(a) => format!("v{a}.negate()"),
        Operation::Reciprocal(a) => format!("v{a}.recip()"),
        Operation::Sqrt(a) => format!("v{a}.sqrt()"),
        Operation::Exp(a) => format!("v{a}.exp()"),
        Operation::Ln(a) => format!("v{a}.ln()"),
        Operation::Abs(a) => format!("v{a}.abs()"),
        Operation::Add(a, b) => format!("v{a} + v{b}"),
        Operation::Subtract(a, b) => format!("v{a} - v{b}"),
        Operation::Multiply(a, b) => format!("v{a} * v{b}"),
        Operation::MultiplyAdd(a, b, c) => format!("v{a}.mul_add(v{b}, v{c})"),
        Operation::NegativeMultiplyAdd(a, b, c) => format!("v{a}.neg_mul_add(v{b}, v{c})"),
        Operation::MultiplySubtract(a, b, c) => format!("v{a}.mul_sub(v{b}, v{c})"),
        Operation::Power(a, b) => format!("v{a}.pow(v{b})"),
        Operation::Min(a, b) => format!("v{a}.min(v{b})"),
        Operation::Max(a, b) => format!("v{a}.max(v{b})"),
        Operation::Select(comparison, a, b, c, d) => {
            let (name, a, b) = match comparison {
                Comparison::Less => ("select_less", a, b),
                Comparison::AtMost => ("select_at_most", a, b),
                Comparison::Greater => ("select_less", b, a),
                Comparison::AtLeast => ("select_at_most", b, a),
                Comparison::Equal => ("select_equal", a, b),
            };
            format!("N::{name}(v{a}, v{b}, v{c}, v{d})")
        }
    }
}
