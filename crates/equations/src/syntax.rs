//! A model as it is written: declarations and expressions.

use crate::error::Place;

/// An arithmetic expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A number.
    Number(f64),
    /// A declared name, or `t` for time.
    Name(String, Place),
    /// A change of sign.
    Negate(Box<Expr>),
    /// `a op b`.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// A function of one, two or three arguments.
    Call(Function, Vec<Expr>),
    /// `if(condition, then, otherwise)`.
    If(Box<Condition>, Box<Expr>, Box<Expr>),
}

/// The operators of two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`, right associative
    Power,
}

/// The functions a model may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `exp(x)`
    Exp,
    /// `ln(x)`
    Ln,
    /// `log10(x)`
    Log10,
    /// `sqrt(x)`
    Sqrt,
    /// `abs(x)`
    Abs,
    /// `min(a, b)`
    Min,
    /// `max(a, b)`
    Max,
    /// `pos(x)`: the larger of x and 0
    Pos,
    /// `hill(x, k, n)`: x^n/(x^n + k^n), 0 where x is not positive
    Hill,
    /// `power(x, n)`: as `x^n`, and for a negative x wherever n is a whole number, also one that a parameter gives
    Power,
    /// `floor(x)`: the largest whole number that is not above x
    Floor,
    /// `ceil(x)`: the smallest whole number that is not below x
    Ceil,
    /// `sin(x)`, of radians
    Sin,
    /// `cos(x)`, of radians
    Cos,
    /// `tanh(x)`
    Tanh,
}

impl Function {
    /// Every function with its name and number of arguments.
    pub const ALL: [(&'static str, Self, usize); 15] = [
        ("exp", Self::Exp, 1),
        ("ln", Self::Ln, 1),
        ("log10", Self::Log10, 1),
        ("sqrt", Self::Sqrt, 1),
        ("abs", Self::Abs, 1),
        ("min", Self::Min, 2),
        ("max", Self::Max, 2),
        ("pos", Self::Pos, 1),
        ("hill", Self::Hill, 3),
        ("power", Self::Power, 2),
        ("floor", Self::Floor, 1),
        ("ceil", Self::Ceil, 1),
        ("sin", Self::Sin, 1),
        ("cos", Self::Cos, 1),
        ("tanh", Self::Tanh, 1),
    ];
}

/// A condition inside `if`.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// `a < b` and its kin.
    Compare(Comparison, Expr, Expr),
    /// `a && b`
    And(Box<Condition>, Box<Condition>),
    /// `a || b`
    Or(Box<Condition>, Box<Condition>),
    /// `!a`
    Not(Box<Condition>),
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
}

/// How well a number or a model is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Read in the primary source.
    Primary,
    /// Read in a secondary source.
    Secondary,
    /// Recalled, not read again.
    Recalled,
    /// Computed from other numbers.
    Derived,
    /// A choice without a source.
    Assumed,
}

impl Verified {
    /// Every word with its meaning.
    pub const ALL: [(&'static str, Self); 5] = [
        ("primary", Self::Primary),
        ("secondary", Self::Secondary),
        ("recalled", Self::Recalled),
        ("derived", Self::Derived),
        ("assumed", Self::Assumed),
    ];
}

/// The unit of a model's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeUnit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    #[default]
    Day,
    /// Of no stated unit.
    Unstated,
}

impl TimeUnit {
    /// Every unit with its symbol in a text, its name, and its seconds.
    pub const ALL: [(&'static str, Self, &'static str, Option<f64>); 5] = [
        ("s", Self::Second, "seconds", Some(1.0)),
        ("min", Self::Minute, "minutes", Some(60.0)),
        ("h", Self::Hour, "hours", Some(3600.0)),
        ("d", Self::Day, "days", Some(86_400.0)),
        ("1", Self::Unstated, "no stated unit", None),
    ];

    fn entry(self) -> (&'static str, Self, &'static str, Option<f64>) {
        Self::ALL.into_iter().find(|(_, unit, ..)| *unit == self).unwrap_or(Self::ALL[3])
    }

    /// As a text has it.
    pub fn symbol(self) -> &'static str {
        self.entry().0
    }

    /// In a word, in the plural.
    pub fn name(self) -> &'static str {
        self.entry().2
    }

    /// How many seconds one is, where that is stated.
    pub fn seconds(self) -> Option<f64> {
        self.entry().3
    }
}

/// A parameter: a number that a patient may have otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name in the equations.
    pub name: String,
    /// Its typical value.
    pub value: f64,
    /// Its unit, as written.
    pub unit: String,
    /// What it is.
    pub description: String,
    /// How well it is known, where that differs from the model.
    pub verified: Option<Verified>,
    /// Where it is declared.
    pub place: Place,
}

/// A name for an expression: `derived`, `let` or `output`.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub expression: Expr,
    /// Its unit, as written; empty where a `let` gives none.
    pub unit: String,
    /// What it is.
    pub description: String,
    /// Where it is declared.
    pub place: Place,
}

/// A state with its differential equation.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Its name in the equations.
    pub name: String,
    /// Its value at the beginning, from parameters and derived values.
    pub initial: Expr,
    /// Its rate of change.
    pub derivative: Expr,
    /// Its unit, as written.
    pub unit: String,
    /// What it is.
    pub description: String,
    /// The absolute error that does not matter, in the state's unit.
    pub atol: Option<f64>,
    /// Whether values below zero have a meaning; else they are an error of integration.
    pub signed: bool,
    /// Where it is declared.
    pub place: Place,
}

/// A checked model: every name that is used is declared, every state has one derivative.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Model {
    /// Its id, such as `hanson-2016`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The published source.
    pub citation: String,
    /// The DOI of the source.
    pub doi: Option<String>,
    /// How well the text is known.
    pub verified: Option<Verified>,
    /// The unit of `t` and of all rates.
    pub time: TimeUnit,
    /// The reference page: the comment block at the head of the file, Markdown.
    pub doc: String,
    /// Parameters in order of declaration.
    pub parameters: Vec<Parameter>,
    /// Values computed from parameters once per patient.
    pub derived: Vec<Definition>,
    /// States in order of declaration.
    pub states: Vec<State>,
    /// Intermediates of the right-hand side.
    pub lets: Vec<Definition>,
    /// What a user sees.
    pub outputs: Vec<Definition>,
    /// Parameters, derived values and intermediates that nothing uses, with their place: usually a slip.
    pub unused: Vec<(String, Place)>,
}

impl Model {
    /// Whether a rate switches by an `if`. A step of an integrator may pass over a condition that holds for less than its length, and no error tells; so
    /// steps should end where results are wanted.
    pub fn switches(&self) -> bool {
        let lets = self.lets.iter().map(|definition| &definition.expression);
        lets.chain(self.states.iter().map(|state| &state.derivative)).any(Expr::switches)
    }
}

impl Expr {
    fn switches(&self) -> bool {
        match self {
            Self::Number(_) | Self::Name(..) => false,
            Self::Negate(inner) => inner.switches(),
            Self::Binary(_, left, right) => left.switches() || right.switches(),
            Self::Call(Function::Floor | Function::Ceil, _) | Self::If(..) => true,
            Self::Call(_, arguments) => arguments.iter().any(Self::switches),
        }
    }
}
