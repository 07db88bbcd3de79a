//! Programs as Rust text, for a build script.

use std::fmt::Write;

use crate::program::{Operation, Program, Value};
use crate::syntax::Comparison;
use crate::system::System;

/// A Rust `impl` of `trait_path` (the engine's trait `Equations`) for a new unit struct `name`.
pub fn rust(system: &System, name: &str, doc: &str, trait_path: &str) -> String {
    let n = system.states;
    let timed = if system.timed { n } else { 0 };
    let mut text = String::new();
    let _ = writeln!(text, "/// {doc}\n#[derive(Debug, Clone, Copy)]\npub(crate) struct {name};\n\nimpl {trait_path} for {name} {{");
    let head = "    #[inline(always)]\n    fn";

    for (name, program, prefix, count) in [("fill", &system.fill, "d", system.slots), ("initial", &system.initial, "d", n)] {
        let _ = writeln!(text, "{head} {name}<N: Arithmetic>(p: &[N], out: &mut [N]) {{");
        text += &names(&[("p", "p", system.parameters), ("out", prefix, count)], "return");
        text += &body(program, "v", "f");
        text += &stores(&program.results, &[(prefix, count)]);
        let _ = writeln!(text, "    }}\n");
    }

    let _ = writeln!(text, "{head} rhs<N: Arithmetic>(t: N, y: &[N], p: &[N], dy: &mut [N]) {{");
    text += &names(&[("y", "s", n), ("p", "p", system.slots), ("dy", "d", n)], "return");
    text += &body(&system.rhs, "v", "f");
    text += &stores(&system.rhs.results, &[("d", n)]);
    let _ = writeln!(text, "    }}\n");

    let _ = writeln!(
        text,
        "{head} prepare<N: Arithmetic>(t: N, y: &[N], p: &[N], [shift, by_time]: [N; 2], rate: &[N], [dt, factors]: [&mut [N]; 2], k: &mut [[N; 8]]) -> N {{"
    );
    let slices =
        [("y", "s", n), ("p", "p", system.slots), ("rate", "r", n), ("dt", "e", timed), ("factors", "f", system.factors), ("k", "k", n)];
    text += &names(&slices, "return N::splat(f64::NAN)");
    text += &body(&system.prepare, "v", "f");
    let results = &system.prepare.results;
    text += &stores(&results[n..], &[("e", timed), ("f", system.factors)]);
    text += &knowns(n, |i| {
        let dy = format!("v{} + *r{i}", results[i]);
        if system.timed { format!("by_time.mul_add(v{}, {dy})", results[n + i]) } else { dy }
    });
    let factors: String = (0..system.factors).map(|i| format!("        let g{i} = v{};\n", results[n + timed + i])).collect();
    text += &factors;
    text += &body(&system.solve, "w", "g");
    text += &columns(&system.solve, "0");
    if let Some(pivot) = results.last() {
        let _ = writeln!(text, "        v{pivot}");
    }
    let _ = writeln!(text, "    }}\n");

    let _ = writeln!(
        text,
        "{head} stage<N: Arithmetic>(t: N, y: &[N], p: &[N], [factors, extra]: [&[N]; 2], inverse: N, at: usize, [a, c]: [&[f64; 8]; 2], u: &mut [N], k: &mut [[N; 8]]) {{"
    );
    let slices =
        [("y", "y", n), ("p", "p", system.slots), ("factors", "f", system.factors), ("extra", "e", n), ("u", "q", n), ("k", "k", n)];
    text += &names(&slices, "return");
    text += &combination(n);
    text += &body(&system.rhs, "v", "f").replace("*s", "s");
    let dy = &system.rhs.results;
    text += &knowns(n, |i| format!("x{i}.mul_add(inverse, v{})", dy[i]));
    text += &body(&system.solve, "w", "f");
    text += &columns(&system.solve, "at & 7");
    let _ = writeln!(text, "    }}\n}}\n");
    text
}

/// How many states are combined at once, so that their sums stay in registers.
const GROUP: usize = 10;

/// The argument `s` of a stage and the sum `x` over earlier stages, for every state. The argument of the last stages is the one before
/// (kept in `u`) plus the stage before.
fn combination(states: usize) -> String {
    let mut text = String::new();
    let groups = states.div_ceil(GROUP);
    for group in 0..groups {
        let members = group * states / groups..(group + 1) * states / groups;
        let each = |f: &dyn Fn(usize) -> String| members.clone().map(f).collect::<String>();
        text += &each(&|i| format!("        let mut s{i} = *y{i};\n        let mut x{i} = *e{i};\n"));
        text +=
            "        if at < 6 {\n            for j in 0..at {\n                let (a, c) = (N::splat(a[j & 7]), N::splat(c[j & 7]));\n";
        text += &each(&|i| {
            format!(
                "                let m = k{i}[j & 7];\n                s{i} = m.mul_add(a, s{i});\n                x{i} = m.mul_add(c, x{i});\n"
            )
        });
        text += "            }\n            if at == 5 {\n";
        text += &each(&|i| format!("                *q{i} = s{i};\n"));
        text += "            }\n        } else {\n            for j in 0..at {\n                let c = N::splat(c[j & 7]);\n";
        text += &each(&|i| format!("                x{i} = k{i}[j & 7].mul_add(c, x{i});\n"));
        text += "            }\n";
        text += &each(&|i| format!("            s{i} = *q{i} + k{i}[(at - 1) & 7];\n            *q{i} = s{i};\n"));
        text += "        }\n";
    }
    text
}

fn list(prefix: &str, count: usize) -> String {
    (0..count).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>().join(", ")
}

/// Names for the elements of slices; a slice of another length ends the function.
fn names(slices: &[(&str, &str, usize)], otherwise: &str) -> String {
    let taken = slices.iter().filter(|slice| slice.2 > 0);
    taken.map(|&(slice, prefix, count)| format!("        let [{}] = {slice} else {{ {otherwise} }};\n", list(prefix, count))).collect()
}

fn knowns(count: usize, value: impl Fn(usize) -> String) -> String {
    (0..count).map(|i| format!("        let b{i} = {};\n", value(i))).collect()
}

fn stores(results: &[Value], groups: &[(&str, usize)]) -> String {
    let targets = groups.iter().flat_map(|&(prefix, count)| (0..count).map(move |i| format!("{prefix}{i}")));
    targets.zip(results).map(|(target, value)| format!("        *{target} = v{value};\n")).collect()
}

fn columns(program: &Program, at: &str) -> String {
    program.results.iter().enumerate().map(|(i, value)| format!("        k{i}[{at}] = w{value};\n")).collect()
}

fn body(program: &Program, prefix: &str, factor: &str) -> String {
    let mut text = String::new();
    for (at, operation) in program.operations.iter().enumerate() {
        let _ = writeln!(text, "        let {prefix}{at} = {};", expression(operation, prefix, factor));
    }
    text
}

fn expression(operation: &Operation, v: &str, factor: &str) -> String {
    match *operation {
        Operation::Constant(value) if value.is_finite() => format!("N::splat({value:?})"),
        Operation::Constant(value) => format!("N::splat(f64::from_bits({:#x}))", value.to_bits()),
        Operation::Time => "t".into(),
        Operation::Shift => "shift".into(),
        Operation::State(at) => format!("*s{at}"),
        Operation::Parameter(at) | Operation::Slot(at) => format!("*p{at}"),
        Operation::Factor(at) => format!("{}{factor}{at}", if factor == "f" { "*" } else { "" }),
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
