//! Prints the equations of the models as plain Rust on `f64` for the other integrators, so that they run compiled code with a symbolic Jacobian.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

use barograph_equations::{Comparison, Operation, Program, System, parse};

const MODELS: [&str; 2] = ["bench", "child"];

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut text = String::new();
    for id in MODELS {
        let path = Path::new(&root).join(format!("../dynamics/models/{id}.model"));
        println!("cargo:rerun-if-changed={}", path.display());
        let model = parse(&fs::read_to_string(&path)?).map_err(io::Error::other)?;
        text += &equations(id, &System::new(&model))?;
    }
    fs::write(Path::new(&out).join("equations.rs"), text)
}

/// A module of functions, and the static that points at them.
fn equations(id: &str, system: &System) -> io::Result<String> {
    let System { states, slots, parameters, pattern, .. } = system;
    let mut text = format!("mod {id} {{\n");
    for (name, program) in [("fill", &system.fill), ("initial", &system.initial)] {
        text += &function(name, "parameters: &[f64]", &[("parameters", *parameters)], program)?;
    }
    for (name, program) in [("rhs", &system.rhs), ("jacobian", &system.jacobian)] {
        text += &function(name, "time: f64, states: &[f64], slots: &[f64]", &[("states", *states), ("slots", *slots)], program)?;
    }
    let _ = writeln!(
        text,
        "}}\n/// The model `{id}`.\npub static {}: Equations = Equations {{ states: {states}, slots: {slots}, pattern: &{pattern:?}, \
         fill: {id}::fill, initial: {id}::initial, rhs: {id}::rhs, jacobian: {id}::jacobian }};\n",
        id.to_uppercase()
    );
    Ok(text)
}

/// A program as a function that writes its results to `out`; it does nothing where a slice has another length.
fn function(name: &str, arguments: &str, slices: &[(&str, usize)], program: &Program) -> io::Result<String> {
    let mut text = format!("pub(super) fn {name}({arguments}, out: &mut [f64]) {{\n");
    for (slice, length) in slices {
        let _ = writeln!(text, "let Ok({slice}) = <&[f64; {length}]>::try_from({slice}) else {{ return }};");
    }
    let _ = writeln!(text, "let Ok(out) = <&mut [f64; {}]>::try_from(out) else {{ return }};", program.results.len());
    for (at, operation) in program.operations.iter().enumerate() {
        let _ = writeln!(text, "let v{at}: f64 = {};", expression(operation)?);
    }
    for (at, value) in program.results.iter().enumerate() {
        let _ = writeln!(text, "out[{at}] = v{value};");
    }
    Ok(text + "}\n")
}

/// An operation as Rust. Sums of products stay two operations: a peer is built for any machine, and there a fused one would be a call.
fn expression(operation: &Operation) -> io::Result<String> {
    Ok(match *operation {
        Operation::Constant(value) => format!("f64::from_bits({:#x})", value.to_bits()),
        Operation::Time => "time".into(),
        Operation::State(at) => format!("states[{at}]"),
        Operation::Parameter(at) => format!("parameters[{at}]"),
        Operation::Slot(at) => format!("slots[{at}]"),
        Operation::Negate(a) => format!("-v{a}"),
        Operation::Reciprocal(a) => format!("1.0 / v{a}"),
        Operation::Sqrt(a) => format!("v{a}.sqrt()"),
        Operation::Exp(a) => format!("v{a}.exp()"),
        Operation::Ln(a) => format!("v{a}.ln()"),
        Operation::Abs(a) => format!("v{a}.abs()"),
        Operation::Add(a, b) => format!("v{a} + v{b}"),
        Operation::Subtract(a, b) => format!("v{a} - v{b}"),
        Operation::Divide(a, b) => format!("v{a} / v{b}"),
        Operation::Multiply(a, b) => format!("v{a} * v{b}"),
        Operation::MultiplyAdd(a, b, c) => format!("v{a} * v{b} + v{c}"),
        Operation::NegativeMultiplyAdd(a, b, c) => format!("v{c} - v{a} * v{b}"),
        Operation::MultiplySubtract(a, b, c) => format!("v{a} * v{b} - v{c}"),
        Operation::Power(a, b) => format!("v{a}.powf(v{b})"),
        Operation::Min(a, b) => format!("if v{a} < v{b} {{ v{a} }} else {{ v{b} }}"),
        Operation::Max(a, b) => format!("if v{a} > v{b} {{ v{a} }} else {{ v{b} }}"),
        Operation::Select(comparison, a, b, c, d) => {
            let sign = match comparison {
                Comparison::Less => "<",
                Comparison::AtMost => "<=",
                Comparison::Greater => ">",
                Comparison::AtLeast => ">=",
                Comparison::Equal => "==",
            };
            format!("if v{a} {sign} v{b} {{ v{c} }} else {{ v{d} }}")
        }
        Operation::Shift | Operation::Factor(_) | Operation::Known(_) => {
            return Err(io::Error::other("an operation of a factorisation in a derivative"));
        }
    })
}
