//! Conditions that cannot be meant as they stand.

use super::{Linter, asks};
use crate::language::{Condition, Problem, Protocol, SignalIs, nearest};
use barograph_grading::{companions, scales};
use barograph_record::{Kind, PlausibleRanges, Signal};
use std::ops::Range;
use toml::Spanned;

/// Longest time that a condition may look back: ten years.
const MOST_HOURS: f64 = 87_660.0;

pub(super) fn check(linter: &mut Linter<'_>, protocol: &Protocol, list: &[Spanned<Condition>]) {
    for condition in list {
        one(linter, protocol, &condition.span(), condition.get_ref());
    }
}

fn one(linter: &mut Linter<'_>, protocol: &Protocol, span: &Range<usize>, condition: &Condition) {
    match condition {
        Condition::All(inner) | Condition::Any(inner) => {
            if inner.is_empty() {
                linter.error(span, "an empty list of conditions", "name at least one, or remove it");
            }
            if matches!(condition, Condition::All(_)) {
                contradicts(linter, protocol, inner, "so `all` of them never hold");
            }
            check(linter, protocol, inner);
        }
        Condition::Not(inner) => one(linter, protocol, &inner.span(), inner.get_ref()),
        Condition::Grade(g) => {
            of_scale(linter, protocol, span, g.of.as_deref());
            bounded(linter, span, "grade", g.at_least.is_some() || g.at_most.is_some());
            ordered(linter, span, g.at_least.map(f64::from), g.at_most.map(f64::from));
            if let Some(grade) = [g.at_least, g.at_most].into_iter().flatten().find(|n| *n > 5) {
                linter.error(span, format!("there is no grade {grade}"), "grades run from 0 to 5");
            }
            if g.at_least == Some(5) {
                linter.error(span, "grade 5 is death, for which nothing is due", "ask for grade 4 or less");
            }
            if g.at_least == Some(0) && g.at_most.is_none_or(|m| m >= 5) {
                linter.warn(span, "every patient has a grade of 0 or more", "leave the condition out, or raise its bound");
            }
            hours(linter, span, "held_hours", g.held_hours);
        }
        Condition::Worse(w) => {
            if w.after.is_some() == w.within_hours.is_some() {
                linter.error(span, "worse than what is not clear", "give exactly one of `after` (a drug) and `within_hours`");
            }
            if w.support && w.after.is_none() {
                linter.error(span, "support is compared with that at a dose", "name the drug in `after`, or leave `support` out");
            }
            hours(linter, span, "within_hours", w.within_hours);
        }
        Condition::NoImprovement(n) => hours(linter, span, "hours", Some(n.hours)),
        Condition::Fever(f) => hours(linter, span, "held_hours", f.held_hours),
        Condition::Circulation(c) => {
            bounded(linter, span, "circulation", c.at_least.is_some() || c.at_most.is_some());
            ordered(linter, span, c.at_least, c.at_most);
            hours(linter, span, "held_hours", c.held_hours);
        }
        Condition::Breathing(b) => {
            bounded(linter, span, "breathing", b.at_least.is_some() || b.at_most.is_some());
            ordered(linter, span, b.at_least, b.at_most);
            hours(linter, span, "held_hours", b.held_hours);
        }
        Condition::HighDoseVasopressors(_) => {}
        Condition::Signal(s) => signal(linter, span, s),
        Condition::Trend(t) => {
            if !(t.factor.is_finite() && t.factor > 0.0) || t.factor == 1.0 {
                linter.error(
                    span,
                    format!("a factor of {} is no trend", t.factor),
                    "above 1 means a rise to that multiple, below 1 a fall to it",
                );
            }
            if t.name.kind() != Kind::Measurement {
                linter.error(
                    span,
                    format!("{} is not measured, so it has no trend", t.name),
                    "name a measured signal: `barograph list signals`",
                );
            }
            hours(linter, span, "within_hours", Some(t.within_hours));
        }
        Condition::Doses(d) => {
            bounded(linter, span, "doses", d.at_least.is_some() || d.at_most.is_some());
            ordered(linter, span, d.at_least, d.at_most);
            drugs(linter, span, d.drug.0.len());
            hours(linter, span, "within_hours", d.within_hours);
        }
        Condition::SinceDose(s) => {
            bounded(linter, span, "since_dose", s.at_least_hours.is_some() || s.at_most_hours.is_some());
            ordered(linter, span, s.at_least_hours, s.at_most_hours);
            drugs(linter, span, s.drug.0.len());
        }
        Condition::Since(s) => {
            bounded(linter, span, "since", s.at_least_hours.is_some() || s.at_most_hours.is_some());
            ordered(linter, span, s.at_least_hours, s.at_most_hours);
        }
        Condition::Age(a) => {
            bounded(linter, span, "age", a.from_years.is_some() || a.below_years.is_some());
            plausible_age(linter, span, a.from_years);
            plausible_age(linter, span, a.below_years);
            ordered(linter, span, a.from_years, a.below_years);
        }
        Condition::Product(names) => drugs(linter, span, names.0.len()),
        Condition::Stated(s) => {
            if s.what.trim().is_empty() {
                linter.error(span, "nothing is to be stated", "write in `what` the words that somebody charts");
            }
            hours(linter, span, "within_hours", Some(s.within_hours));
        }
    }
}

fn of_scale(linter: &mut Linter<'_>, protocol: &Protocol, span: &Range<usize>, of: Option<&str>) {
    let Some(id) = of.filter(|id| id != protocol.scale.get_ref()) else { return };
    if companions::by_id(id).is_some() {
        return;
    }
    if scales::by_id(id).is_some() {
        let reason =
            format!("the plan expects {:?}, and this asks for a grade of {id:?}: grades are refused, not mapped", protocol.scale.get_ref());
        linter.error(span, reason, "leave `of` out, or write a plan of its own for that scale");
    } else {
        let hint = nearest(id, companions::ALL.iter().map(|c| c.id()));
        let hint = hint.map_or("see `barograph list scales`".to_owned(), |n| format!("did you mean {n:?}?"));
        linter.error(span, format!("{id:?} is neither the plan's scale nor a companion"), hint);
    }
}

fn signal(linter: &mut Linter<'_>, span: &Range<usize>, s: &SignalIs) {
    let bounds = [s.at_least, s.above, s.at_most, s.below];
    let numbers = bounds.iter().any(Option::is_some);
    if numbers == s.is.is_some() {
        linter.error(span, format!("what {} must be is not clear", s.name), "give bounds (at_least, above, at_most, below), or words (is)");
    }
    match (s.name.kind(), &s.is) {
        (Kind::Coded(allowed), Some(words)) => {
            if let Some(word) = words.0.iter().find(|w| !allowed.contains(&w.0)) {
                let known = allowed.iter().map(|w| w.name()).collect::<Vec<_>>().join(", ");
                linter.error(span, format!("{} never is {:?}", s.name, word.0.name()), format!("it is one of {known}"));
            }
        }
        (Kind::Coded(_), None) => linter.error(span, format!("{} carries words, not numbers", s.name), "use `is = [\"…\"]`"),
        (_, Some(_)) => linter.error(span, format!("{} carries numbers, not words", s.name), "use at_least, above, at_most or below"),
        _ => {}
    }
    if matches!(s.name.kind(), Kind::Dose | Kind::Stated) {
        linter.error(span, format!("{} is not measured", s.name), "use `doses` for what is given and `stated` for what somebody stated");
    }
    if bounds.into_iter().flatten().any(|x| !x.is_finite()) {
        linter.error(span, "a bound is no number", "write a finite number");
    }
    if !s.times_baseline && s.is.is_none() {
        plausible(linter, span, s);
    }
    let (low, high) = (s.at_least.or(s.above), s.at_most.or(s.below));
    ordered(linter, span, low, high);
    if s.count == 0 {
        linter.error(span, "no reading is asked for", "count is 1 or more");
    }
    if s.before_infusion && (s.held_hours.is_some() || s.count > 1 || s.times_baseline) {
        linter.error(span, "before_infusion asks for one reading only", "leave out count, held_hours and times_baseline");
    }
    hours(linter, span, "within_hours", Some(s.within_hours));
    hours(linter, span, "held_hours", s.held_hours);
}

/// Bounds that no reading reaches, since the gate takes such readings for charting errors: the rule would always or never speak.
fn plausible(linter: &mut Linter<'_>, span: &Range<usize>, s: &SignalIs) {
    let range = PlausibleRanges::shipped().of(s.name);
    for (key, bound) in [("at_least", s.at_least), ("above", s.above), ("at_most", s.at_most), ("below", s.below)] {
        let Some(x) = bound.filter(|x| x.is_finite() && !(range.low..=range.high).contains(x)) else { continue };
        let (unit, high) = (s.name.unit(), if range.high == f64::MAX { "any number".to_owned() } else { range.high.to_string() });
        let reason = format!("{key} = {x} is no {} that is ever read: readings run from {} to {high} {unit}", s.name, range.low);
        let celsius = (x - 32.0) / 1.8;
        let hint = if s.name == Signal::Temperature && (range.low..=range.high).contains(&celsius) {
            format!("bounds are in {unit}: {x} degrees Fahrenheit are {celsius:.1} {unit}")
        } else {
            format!("write the bound in {unit} (`barograph list signals`)")
        };
        linter.error(span, reason.trim_end(), hint);
    }
}

const EXCLUDES: &str = "this excludes a condition before it";

/// Two conditions of a list that exclude each other, where all must hold.
pub(super) fn contradicts(linter: &mut Linter<'_>, protocol: &Protocol, list: &[Spanned<Condition>], so: &str) {
    let asks = asks::all(list, protocol);
    if let Some(second) = asks::contradiction(&asks) {
        let told = linter.problems.len();
        linter.error(&second.span, format!("{EXCLUDES}, {so}"), "remove one of the two, or join them with `any`");
        // An `all` among the conditions of a rule was told already.
        let (before, new) = linter.problems.split_at(told);
        let place = |p: &Problem| (p.line, p.column);
        if new.iter().any(|n| before.iter().any(|b| b.reason.starts_with(EXCLUDES) && place(b) == place(n))) {
            linter.problems.truncate(told);
        }
    }
}

/// Years that somebody may live.
const MOST_YEARS: f64 = 120.0;

pub(super) fn plausible_age(linter: &mut Linter<'_>, span: &Range<usize>, age: Option<f64>) {
    if let Some(x) = age.filter(|x| !(0.0..=MOST_YEARS).contains(x)) {
        linter.error(span, format!("nobody is {x} years old"), format!("write years from 0 to {MOST_YEARS}"));
    }
}

fn hours(linter: &mut Linter<'_>, span: &Range<usize>, key: &str, hours: Option<f64>) {
    if let Some(x) = hours.filter(|x| !(*x > 0.0 && *x <= MOST_HOURS)) {
        linter.error(span, format!("{key} = {x} is no length of time"), format!("write hours above 0, {MOST_HOURS} at most"));
    }
}

fn bounded(linter: &mut Linter<'_>, span: &Range<usize>, key: &str, has: bool) {
    if !has {
        linter.error(span, format!("{key} has no bound, so it says nothing"), "give the lower or the upper bound, or both");
    }
}

fn ordered<L: PartialOrd>(linter: &mut Linter<'_>, span: &Range<usize>, low: Option<L>, high: Option<L>) {
    if low.zip(high).is_some_and(|(low, high)| low > high) {
        linter.error(span, "the lower bound lies above the upper one, so this never holds", "put the two bounds in order");
    }
}

fn drugs(linter: &mut Linter<'_>, span: &Range<usize>, count: usize) {
    if count == 0 {
        linter.error(span, "an empty list of names", "name at least one");
    }
}
