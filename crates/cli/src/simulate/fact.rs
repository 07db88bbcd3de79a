//! A published fact beside what the model gives.

use std::fmt::Write as _;

/// One number that a fact is judged by.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) ours: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Told, but the fact is not judged by it.
    pub(super) only_told: bool,
}

impl Check {
    pub(super) fn inside(&self) -> bool {
        self.only_told || (self.low..=self.high).contains(&self.ours)
    }
}

/// A fact of the list that the model must reproduce.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) id: &'static str,
    pub(super) what: &'static str,
    /// The source, and how sure it is.
    pub(super) source: &'static str,
    pub(super) checks: Vec<Check>,
}

impl Fact {
    pub(super) fn new(id: &'static str, what: &'static str, source: &'static str) -> Self {
        Self { id, what, source, checks: Vec::new() }
    }

    /// Adds a number with its published band.
    pub(super) fn check(mut self, what: &'static str, ours: f64, low: f64, high: f64) -> Self {
        self.checks.push(Check { what, ours, low, high, only_told: false });
        self
    }

    /// Adds a number that is only told.
    pub(super) fn told(mut self, what: &'static str, ours: f64) -> Self {
        self.checks.push(Check { what, ours, low: f64::NAN, high: f64::NAN, only_told: true });
        self
    }

    /// Adds something that holds or does not.
    pub(super) fn holds(self, what: &'static str, holds: bool) -> Self {
        self.check(what, f64::from(u8::from(holds)), 1.0, 1.0)
    }

    pub(super) fn inside(&self) -> bool {
        self.checks.iter().all(Check::inside)
    }
}

/// The facts as a table in Markdown.
pub(super) fn markdown(facts: &[Fact]) -> String {
    let mut out = String::from("| fact | what | published band | ours | inside |\n|---|---|---|---|---|\n");
    for fact in facts {
        for (i, check) in fact.checks.iter().enumerate() {
            let (id, what) = if i == 0 { (fact.id, format!("{} [{}]", fact.what, fact.source)) } else { ("", String::new()) };
            let band = band(check);
            let ours = if (check.low, check.high) == (1.0, 1.0) {
                if check.ours == 1.0 { "yes".into() } else { "no".into() }
            } else {
                short(check.ours)
            };
            let verdict = if check.only_told {
                ""
            } else if check.inside() {
                "yes"
            } else {
                "**no**"
            };
            let what = if what.is_empty() { check.what.to_owned() } else { format!("{what}: {}", check.what) };
            let _ = writeln!(out, "| {id} | {what} | {band} | {ours} | {verdict} |");
        }
    }
    let inside = facts.iter().filter(|f| f.inside()).count();
    let _ = writeln!(out, "\n{inside} of {} facts have every number inside its band.", facts.len());
    out
}

fn band(check: &Check) -> String {
    if check.only_told {
        "(told only)".into()
    } else if (check.low, check.high) == (1.0, 1.0) {
        "must hold".into()
    } else if check.high.is_infinite() {
        format!(">= {}", short(check.low))
    } else if check.low.is_infinite() {
        format!("<= {}", short(check.high))
    } else {
        format!("{} to {}", short(check.low), short(check.high))
    }
}

/// Three significant digits.
pub(super) fn short(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return x.to_string();
    }
    let digits = (2 - x.abs().log10().floor() as i32).clamp(0, 9) as usize;
    if x.abs() >= 1e5 || x.abs() < 1e-3 { format!("{x:.2e}") } else { format!("{x:.digits$}") }
}
