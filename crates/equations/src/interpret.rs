//! Running a program on numbers, one operation after another; values share registers as soon as they are dead.

use crate::arithmetic::Arithmetic;
use crate::program::{Operation, Program};
use crate::syntax::Comparison;

/// What a program may read. Slices that a program does not read may be empty.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a, N> {
    /// Time.
    pub time: N,
    /// 1/(h gamma)
    pub shift: N,
    /// States, or what is solved for.
    pub states: &'a [N],
    /// Parameters, or slots.
    pub parameters: &'a [N],
    /// Elements of the factors.
    pub factors: &'a [N],
}

/// A program with registers instead of values.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    steps: Vec<(u32, Operation)>,
    results: Vec<u32>,
    registers: usize,
}

impl Tape {
    /// Gives each value of a program a register.
    pub fn new(program: &Program) -> Self {
        let mut last = vec![0; program.operations.len()];
        for (at, operation) in program.operations.iter().enumerate() {
            map(*operation, |value| {
                last[value as usize] = at;
                value
            });
        }
        for &result in &program.results {
            last[result as usize] = usize::MAX;
        }
        let mut tape = Self::default();
        let mut register_of = vec![0_u32; program.operations.len()];
        let mut free: Vec<u32> = Vec::new();
        for (at, operation) in program.operations.iter().enumerate() {
            let mut dying = Vec::new();
            let step = map(*operation, |value| {
                let register = register_of[value as usize];
                if last[value as usize] == at && !dying.contains(&register) {
                    dying.push(register);
                }
                register
            });
            free.extend(dying);
            let register = free.pop().unwrap_or_else(|| {
                tape.registers += 1;
                (tape.registers - 1) as u32
            });
            register_of[at] = register;
            tape.steps.push((register, step));
        }
        tape.results = program.results.iter().map(|&value| register_of[value as usize]).collect();
        tape
    }

    /// How many registers a run needs.
    pub fn registers(&self) -> usize {
        self.registers
    }

    /// Runs the program; `registers` holds at least [`Tape::registers`], the results go to `results` in order. What a program
    /// reads beyond the end of a slice is NaN.
    #[inline(always)]
    pub fn run<N: Arithmetic>(&self, inputs: &Inputs<N>, registers: &mut [N], results: &mut [N]) {
        let missing = N::splat(f64::NAN);
        let read = |from: &[N], at: usize| from.get(at).copied().unwrap_or(missing);
        for &(target, operation) in &self.steps {
            let r = |at: u32| registers[at as usize];
            let value = match operation {
                Operation::Constant(value) => N::splat(value),
                Operation::Time => inputs.time,
                Operation::Shift => inputs.shift,
                Operation::State(at) | Operation::Known(at) => read(inputs.states, at),
                Operation::Parameter(at) | Operation::Slot(at) => read(inputs.parameters, at),
                Operation::Factor(at) => read(inputs.factors, at),
                Operation::Negate(a) => r(a).negate(),
                Operation::Reciprocal(a) => r(a).recip(),
                Operation::Sqrt(a) => r(a).sqrt(),
                Operation::Exp(a) => r(a).exp(),
                Operation::Ln(a) => r(a).ln(),
                Operation::Abs(a) => r(a).abs(),
                Operation::Add(a, b) => r(a) + r(b),
                Operation::Subtract(a, b) => r(a) - r(b),
                Operation::Divide(a, b) => r(a).divide(r(b)),
                Operation::Multiply(a, b) => r(a) * r(b),
                Operation::MultiplyAdd(a, b, c) => r(a).mul_add(r(b), r(c)),
                Operation::NegativeMultiplyAdd(a, b, c) => r(a).neg_mul_add(r(b), r(c)),
                Operation::MultiplySubtract(a, b, c) => r(a).mul_sub(r(b), r(c)),
                Operation::Power(a, b) => r(a).pow(r(b)),
                Operation::Min(a, b) => r(a).min(r(b)),
                Operation::Max(a, b) => r(a).max(r(b)),
                Operation::Select(comparison, a, b, c, d) => select(comparison, r(a), r(b), r(c), r(d)),
            };
            registers[target as usize] = value;
        }
        for (result, &register) in results.iter_mut().zip(&self.results) {
            *result = registers[register as usize];
        }
    }
}

#[inline(always)]
fn select<N: Arithmetic>(comparison: Comparison, left: N, right: N, a: N, b: N) -> N {
    match comparison {
        Comparison::Less => N::select_less(left, right, a, b),
        Comparison::AtMost => N::select_at_most(left, right, a, b),
        Comparison::Greater => N::select_less(right, left, a, b),
        Comparison::AtLeast => N::select_at_most(right, left, a, b),
        Comparison::Equal => N::select_equal(left, right, a, b),
    }
}

/// The operation with every value it reads replaced.
pub(crate) fn map(operation: Operation, mut f: impl FnMut(u32) -> u32) -> Operation {
    match operation {
        Operation::Constant(_) | Operation::Time | Operation::Shift | Operation::State(_) => operation,
        Operation::Parameter(_) | Operation::Slot(_) | Operation::Factor(_) | Operation::Known(_) => operation,
        Operation::Negate(a) => Operation::Negate(f(a)),
        Operation::Reciprocal(a) => Operation::Reciprocal(f(a)),
        Operation::Sqrt(a) => Operation::Sqrt(f(a)),
        Operation::Exp(a) => Operation::Exp(f(a)),
        Operation::Ln(a) => Operation::Ln(f(a)),
        Operation::Abs(a) => Operation::Abs(f(a)),
        Operation::Add(a, b) => Operation::Add(f(a), f(b)),
        Operation::Subtract(a, b) => Operation::Subtract(f(a), f(b)),
        Operation::Divide(a, b) => Operation::Divide(f(a), f(b)),
        Operation::Multiply(a, b) => Operation::Multiply(f(a), f(b)),
        Operation::MultiplyAdd(a, b, c) => Operation::MultiplyAdd(f(a), f(b), f(c)),
        Operation::NegativeMultiplyAdd(a, b, c) => Operation::NegativeMultiplyAdd(f(a), f(b), f(c)),
        Operation::MultiplySubtract(a, b, c) => Operation::MultiplySubtract(f(a), f(b), f(c)),
        Operation::Power(a, b) => Operation::Power(f(a), f(b)),
        Operation::Min(a, b) => Operation::Min(f(a), f(b)),
        Operation::Max(a, b) => Operation::Max(f(a), f(b)),
        Operation::Select(comparison, a, b, c, d) => Operation::Select(comparison, f(a), f(b), f(c), f(d)),
    }
}
