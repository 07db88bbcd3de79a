//! CTCAE laboratory terms, versions 4.03, 5.0 and 6.0.
//!
//! **Grades** (0 to 4) of ALT, AST, bilirubin, creatinine, fibrinogen, INR, neutrophils and platelets, by the laboratory's
//! limits of normal (from the options) and the baseline: the last value before infusion. CTCAE has no term for ferritin,
//! D-dimer, CRP or a cytokine, and none is invented.
//!
//! **Versions differ**: v4.03 grades transaminases and bilirubin by the limit of normal alone; v5.0 by the baseline
//! where that was above it; v6.0 by a steeper ladder of the baseline. v6.0 moved neutrophils (grade 4 below 0.1 10*9/L, not
//! 0.5) and platelets (there called thrombocytopenia; grade 4 below 10, not 25). The version is part of the id, and
//! grades of different versions are never pooled. Children with leukaemia often start at grade 4.
//!
//! **Source**: NCI, as coded in pharmaverse/admiral. **Verified**: secondary. admiral rounds to significant digits before
//! it compares and takes an unknown baseline for normal; here values are compared to nine digits, and an unknown
//! baseline is unknown. Clauses on bleeding, transfusion and symptoms are not read.
//!
//! **Missing**: without a limit or a baseline the rules that need them may or may not apply: floor and ceiling open.
//! Whether a patient is anticoagulated has no signal.

use super::form::{Page, Published, Rung, check, points};
use super::measure::{Grain, Measure};
use super::options::Options;
use super::sheet::Sheet;
use super::state::walk;
use super::{Bounds, Point, Score};
use barograph_record::{Comparator, Instant, Record, Signal, Span, Value, round_significant};
use serde::Deserialize;

static V4: Published<Terms> = Published::new("ctcae-4.03", include_str!("../../../../knowledge/scores/ctcae-4.03.toml"));
static V5: Published<Terms> = Published::new("ctcae-5.0", include_str!("../../../../knowledge/scores/ctcae-5.0.toml"));
static V6: Published<Terms> = Published::new("ctcae-6.0", include_str!("../../../../knowledge/scores/ctcae-6.0.toml"));

/// One laboratory term of one version.
pub struct Ctcae {
    id: &'static str,
    version: &'static Published<Terms>,
    signal: Signal,
}

macro_rules! terms {
    ($($name:ident: $version:ident, $id:literal, $signal:ident;)*) => {
        $(
            #[doc = concat!("The term `", $id, "`.")]
            pub static $name: Ctcae = Ctcae { id: $id, version: &$version, signal: Signal::$signal };
        )*

        /// Every term of every version.
        pub static TERMS: &[&Ctcae] = &[$(&$name),*];
    };
}

terms! {
    V4_ALT: V4, "ctcae-4.03-alt", Alt;
    V4_AST: V4, "ctcae-4.03-ast", Ast;
    V4_BILIRUBIN: V4, "ctcae-4.03-bilirubin", Bilirubin;
    V4_CREATININE: V4, "ctcae-4.03-creatinine", Creatinine;
    V4_FIBRINOGEN: V4, "ctcae-4.03-fibrinogen", Fibrinogen;
    V4_INR: V4, "ctcae-4.03-inr", Inr;
    V4_ANC: V4, "ctcae-4.03-anc", Anc;
    V4_PLATELETS: V4, "ctcae-4.03-platelets", Platelets;
    V5_ALT: V5, "ctcae-5.0-alt", Alt;
    V5_AST: V5, "ctcae-5.0-ast", Ast;
    V5_BILIRUBIN: V5, "ctcae-5.0-bilirubin", Bilirubin;
    V5_CREATININE: V5, "ctcae-5.0-creatinine", Creatinine;
    V5_FIBRINOGEN: V5, "ctcae-5.0-fibrinogen", Fibrinogen;
    V5_INR: V5, "ctcae-5.0-inr", Inr;
    V5_ANC: V5, "ctcae-5.0-anc", Anc;
    V5_PLATELETS: V5, "ctcae-5.0-platelets", Platelets;
    V6_ALT: V6, "ctcae-6.0-alt", Alt;
    V6_AST: V6, "ctcae-6.0-ast", Ast;
    V6_BILIRUBIN: V6, "ctcae-6.0-bilirubin", Bilirubin;
    V6_CREATININE: V6, "ctcae-6.0-creatinine", Creatinine;
    V6_FIBRINOGEN: V6, "ctcae-6.0-fibrinogen", Fibrinogen;
    V6_INR: V6, "ctcae-6.0-inr", Inr;
    V6_ANC: V6, "ctcae-6.0-anc", Anc;
    V6_PLATELETS: V6, "ctcae-6.0-platelets", Platelets;
}

/// The terms of one version.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    term: Vec<Term>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawTerm")]
struct Term {
    title: String,
    measure: Measure,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    title: String,
    signal: Signal,
    unit: String,
    rule: Vec<Rule>,
}

/// Rungs for a value, or for its multiple of a limit or of the baseline.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    of: Reference,
    #[serde(default)]
    when: Condition,
    rungs: Vec<Rung>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reference {
    Value,
    UpperLimit,
    LowerLimit,
    Baseline,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Condition {
    #[default]
    Always,
    BaselineAboveUpperLimit,
    BaselineNotAboveUpperLimit,
    BaselineBelowLowerLimit,
    BelowLowerLimit,
    Anticoagulated,
}

impl TryFrom<RawTerm> for Term {
    type Error = String;

    fn try_from(raw: RawTerm) -> Result<Self, String> {
        let RawTerm { title, signal, unit, rule } = raw;
        for one in &rule {
            check(signal, one.rungs.iter()).map_err(|e| e.to_string())?;
        }
        Ok(Self { title, measure: Measure::new(signal, &unit).map_err(|e| e.to_string())?, rule })
    }
}

/// What a value is held against.
struct Known {
    value: Bounds,
    grain: Grain,
    lower: Option<f64>,
    upper: Option<f64>,
    baseline: Option<f64>,
}

impl Known {
    fn reference(&self, of: Reference) -> Option<f64> {
        match of {
            Reference::Value => Some(1.0),
            Reference::UpperLimit => self.upper,
            Reference::LowerLimit => self.lower,
            Reference::Baseline => self.baseline,
        }
        .filter(|x| *x > 0.0)
    }

    /// Whether a condition holds; `None` where that is not known.
    fn holds(&self, when: Condition) -> Option<bool> {
        match when {
            Condition::Always => Some(true),
            Condition::BaselineAboveUpperLimit => Some(self.baseline? > self.upper?),
            Condition::BaselineNotAboveUpperLimit => Some(self.baseline? <= self.upper?),
            Condition::BaselineBelowLowerLimit => Some(self.baseline? < self.lower?),
            Condition::BelowLowerLimit => {
                let lower = self.lower?;
                let (floor, ceiling) = (self.value.floor < lower, self.value.ceiling < lower);
                (floor == ceiling).then_some(floor)
            }
            Condition::Anticoagulated => None,
        }
    }
}

impl Term {
    fn grade(&self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let value = sheet.read(&self.measure);
        let (lower, upper) = sheet.state.options.limits_of(self.measure.signal);
        let in_unit = |x: Option<f64>| self.measure.convert(x?, None).ok();
        let grain = sheet.grain(&self.measure);
        let known =
            Known { value, grain, lower: in_unit(lower), upper: in_unit(upper), baseline: in_unit(baseline(sheet, self.measure.signal)) };
        self.rule.iter().fold(Bounds::ZERO, |grade, rule| grade.max(sheet.part(|sheet| rule.grade(&known, sheet))))
    }
}

impl Rule {
    fn grade(&self, known: &Known, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let applies = known.holds(self.when);
        if applies == Some(false) {
            return Bounds::ZERO;
        }
        let multiple = if let Some(reference) = known.reference(self.of) {
            known.value.through(|x| round_significant(x / reference))
        } else {
            Bounds::ANY
        };
        // A multiple of the baseline is one of what the same laboratory charted.
        let by_limit = known.reference(self.of).filter(|_| self.of != Reference::Baseline);
        let grade = points(&self.rungs, multiple, by_limit.map_or(Grain::NONE, |limit| known.grain.over(limit)));
        if applies.is_none() || known.reference(self.of).is_none() {
            self.say_what_is_missing(known, sheet);
        }
        if applies.is_none() { Bounds { floor: 0.0, ceiling: grade.ceiling } } else { grade }
    }

    fn say_what_is_missing(&self, known: &Known, sheet: &mut Sheet<'_, '_>) {
        use Condition::{Anticoagulated, BaselineAboveUpperLimit, BaselineBelowLowerLimit, BaselineNotAboveUpperLimit, BelowLowerLimit};
        let by_baseline = matches!(self.when, BaselineAboveUpperLimit | BaselineNotAboveUpperLimit | BaselineBelowLowerLimit);
        let by_upper = matches!(self.when, BaselineAboveUpperLimit | BaselineNotAboveUpperLimit);
        let by_lower = matches!(self.when, BaselineBelowLowerLimit | BelowLowerLimit);
        if known.upper.is_none() && (by_upper || self.of == Reference::UpperLimit) {
            sheet.miss("upper limit of normal");
        }
        if known.lower.is_none() && (by_lower || self.of == Reference::LowerLimit) {
            sheet.miss("lower limit of normal");
        }
        if known.baseline.is_none() && (by_baseline || self.of == Reference::Baseline) {
            sheet.miss("baseline before infusion");
        }
        if self.when == Anticoagulated {
            sheet.miss("anticoagulation");
        }
    }
}

/// The last value at or before infusion, once the infusion has been given.
fn baseline(sheet: &mut Sheet<'_, '_>, signal: Signal) -> Option<f64> {
    let state = sheet.state;
    if state.now <= Instant::INFUSION {
        return None;
    }
    let reach = Span::from_hours(state.options.baseline_days * 24.0);
    let event = state.past().find(|e| e.signal == signal && e.at <= Instant::INFUSION)?;
    match event.value {
        Value::Number(x, Comparator::Exact) if Instant::INFUSION - event.at <= reach => {
            sheet.cite(event);
            Some(x)
        }
        _ => None,
    }
}

impl Ctcae {
    fn term(&self) -> Option<&'static Term> {
        self.page().table.term.iter().find(|t| t.measure.signal == self.signal)
    }

    fn page(&self) -> &'static Page<Terms> {
        self.version.page()
    }
}

impl Score for Ctcae {
    fn id(&self) -> &str {
        self.id
    }

    fn title(&self) -> &str {
        self.term().map_or("", |t| &t.title)
    }

    fn citation(&self) -> &str {
        &self.page().citation
    }

    fn verified(&self) -> &str {
        &self.page().verified
    }

    fn population(&self) -> &str {
        &self.page().population
    }

    fn warning(&self) -> Option<&str> {
        self.page().warning.as_deref()
    }

    fn series(&self, record: &Record, options: &Options) -> Vec<Point> {
        let Some(term) = self.term() else { return Vec::new() };
        walk(record, options, &[self.signal], &[], |sheet| term.grade(sheet))
    }
}
