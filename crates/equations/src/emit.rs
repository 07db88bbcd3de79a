//! Programs as Rust text, for a build script.

use std::fmt::Write;

use crate::program::{Operation, Program, Value};
use crate::syntax::Comparison;
use crate::system::System;

/// A Rust `impl` of the engine's trait `Equations`, which stands in `module` with `Workspace`, `Lengths` and `rodas5p`, for a new unit struct `name`.
pub fn rust(system: &System, name: &str, doc: &str, module: &str) -> String {
    let n = system.states;
    let mut text = String::new();
    let _ = writeln!(text, "/// {doc}\n#[derive(Debug, Clone, Copy)]\npub(crate) struct {name};\n\nimpl {module}::Equations for {name} {{");
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

    text += &attempt(system, module);
    text
}

/// One attempt of a step: the first stage with the factors, then the others in a loop. All in one function, since what stands between the
/// stages of a step, arguments and lengths to check, would cost an eighth of it.
fn attempt(system: &System, module: &str) -> String {
    let n = system.states;
    let timed = if system.timed { n } else { 0 };
    let mut text = format!(
        "    #[inline(always)]\n    fn attempt<N: Arithmetic>(w: &mut {module}::Workspace<N>, lengths: {module}::Lengths<N>) -> N {{\n"
    );
    let used = if system.timed { "A, BY_TIME, C, STAGES, TIMES" } else { "A, C, STAGES" };
    let _ = writeln!(text, "        use {module}::rodas5p::{{{used}}};");
    text += "        let [h, inverse, shift] = lengths;\n";
    if system.timed {
        text += "        let t = w.t;\n";
    }
    let slices = [
        ("&w.y[..]", "y", n),
        ("&w.p[..]", "p", system.slots),
        ("&w.rate[..]", "r", n),
        ("&w.by_infusion[..]", "o", n),
        ("&mut w.dt[..]", "e", timed),
        ("&mut w.factors[..]", "f", system.factors),
        ("&mut w.u[..]", "q", n),
        ("&mut w.k[..]", "k", n),
    ];
    text += &names(&slices, "return N::splat(f64::NAN)");

    text += &body(&system.prepare, "v", "f").replace("*s", "*y");
    let results = &system.prepare.results;
    text += &stores(&results[n..], &[("e", timed), ("f", system.factors)]);
    if system.timed {
        text += "        let weight = h * N::splat(BY_TIME[0]);\n";
    }
    text += &knowns(n, |i| {
        let dy = format!("v{} + *r{i}", results[i]);
        if system.timed { format!("weight.mul_add(v{}, {dy})", results[n + i]) } else { dy }
    });
    let factors: String = (0..system.factors).map(|i| format!("        let g{i} = v{};\n", results[n + timed + i])).collect();
    text += &factors;
    text += &body(&system.solve, "w", "g");
    text += &columns(&system.solve, "0");
    let _ = writeln!(text, "        let pivot = {};", results.last().map_or("N::splat(1.0)".into(), |pivot| format!("v{pivot}")));

    text += "        for at in 1..STAGES {\n";
    if system.timed {
        text += "        let weight = h * h * N::splat(BY_TIME[at]);\n";
        text += "        let t = h.mul_add(N::splat(TIMES[at]), t);\n";
    }
    text += &combination(n, system.timed);
    text += &body(&system.rhs, "v", "f").replace("*s", "s");
    let dy = &system.rhs.results;
    text += &knowns(n, |i| format!("x{i}.mul_add(inverse, v{})", dy[i]));
    text += &body(&system.solve, "w", "f");
    text += &columns(&system.solve, "at");
    text += "        }\n        pivot\n    }\n}\n\n";
    text
}

/// How many states are combined at once, so that their sums stay in registers.
const GROUP: usize = 14;

/// The argument `s` of a stage and the sum `x` over earlier stages, for every state. The argument of the last stages is the one before
/// (kept in `u`) plus the stage before.
fn combination(states: usize, timed: bool) -> String {
    let mut text = String::new();
    let groups = states.div_ceil(GROUP);
    for group in 0..groups {
        let members = group * states / groups..(group + 1) * states / groups;
        let each = |f: &dyn Fn(usize) -> String| members.clone().map(f).collect::<String>();
        let known = |i| if timed { format!("weight.mul_add(*e{i}, *o{i})") } else { format!("*o{i}") };
        text += &each(&|i| format!("        let mut s{i} = *y{i};\n        let mut x{i} = {};\n", known(i)));
        text += "        if at < 6 {\n            for j in 0..at {\n                let (a, c) = (N::splat(A[at - 1][j]), N::splat(C[at - 1][j]));\n";
        text += &each(&|i| {
            format!(
                "                let m = k{i}[j];\n                s{i} = m.mul_add(a, s{i});\n                x{i} = m.mul_add(c, x{i});\n"
            )
        });
        text += "            }\n            if at == 5 {\n";
        text += &each(&|i| format!("                *q{i} = s{i};\n"));
        text += "            }\n        } else {\n            for j in 0..at {\n                let c = N::splat(C[at - 1][j]);\n";
        text += &each(&|i| format!("                x{i} = k{i}[j].mul_add(c, x{i});\n"));
        text += "            }\n";
        text += &each(&|i| format!("            s{i} = *q{i} + k{i}[at - 1];\n            *q{i} = s{i};\n"));
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
        Operation::Divide(a, b) => format!("{v}{a}.divide({v}{b})"),
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
