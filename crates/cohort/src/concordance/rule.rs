//! Which rule decided on either side where two grades of a patient differ.
//!
//! On the side that grades higher, the facts that joined at the step where its peak was first reached decide (with all
//! others of the same role, for two vasopressors are more than the second); where none joined, as when a dose ran
//! for long enough, all facts of that step but the fever do. The lower side is read at the same moment when its grade
//! then is its peak as well, on the same signals if it names them, so that both rules speak of the same facts; otherwise
//! at its own peak.

use super::comparison::{Disagreement, Side};
use super::peak::Peak;
use super::reported::Stated;
use barograph_grading::scales::Notes;
use barograph_grading::{Cause, Grade, Step};
use barograph_record::{Code, Record, Signal};

/// The disagreement on one patient; none where the certain grades are the same.
pub(super) fn between(record: &Record, first: &Peak<'_>, second: &Peak<'_>) -> Option<Disagreement> {
    let (a, b) = (first.grade.floor(), second.grade.floor());
    let sides = match a.cmp(&b) {
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Greater => {
            let (high, low) = sides(record, first, second);
            [high, low]
        }
        std::cmp::Ordering::Less => {
            let (high, low) = sides(record, second, first);
            [low, high]
        }
    };
    let [first, second] = sides;
    Some(Disagreement { patient: record.patient.id.clone(), first, second })
}

/// The disagreement between a derived and a reported grade.
pub(super) fn against_report(record: &Record, derived: &Peak<'_>, stated: &Stated) -> Option<Disagreement> {
    if derived.grade.floor() == stated.grade {
        return None;
    }
    let first = if derived.grade.floor() == 0 { nothing(record, derived) } else { side(record, derived.grade, &deciding(derived)) };
    let fact = format!("reported {} at {} [{}]", stated.grade, stated.at, record.cite(stated.origin));
    let second = Side { grade: Grade::exactly(stated.grade), rule: "reported".to_owned(), facts: vec![fact] };
    Some(Disagreement { patient: record.patient.id.clone(), first, second })
}

fn sides(record: &Record, high: &Peak<'_>, low: &Peak<'_>) -> (Side, Side) {
    let decided = deciding(high);
    let upper = side(record, high.grade, &decided);
    if low.grade.floor() == 0 {
        return (upper, nothing(record, low));
    }
    let now = low.step_at(high.at).filter(|(step, _)| step.grade.floor() == low.grade.floor());
    let causes = match now {
        None => deciding(low),
        Some((step, _)) => {
            let shared = |c: &Cause| decided.iter().any(|d| d.evidence.signal == c.evidence.signal);
            let on_same: Vec<Cause> = step.because.iter().copied().filter(shared).collect();
            if on_same.is_empty() { but_fever(&step.because) } else { on_same }
        }
    };
    (upper, side(record, low.grade, &causes))
}

/// The facts that made the peak.
fn deciding(peak: &Peak<'_>) -> Vec<Cause> {
    let Some((step, before)) = peak.step_at(peak.at) else { return Vec::new() };
    let others = but_fever(&step.because);
    let before: &[Cause] = before.map_or(&[], |b: &Step| &b.because);
    let same_kind =
        |a: &Cause, b: &Cause| (a.role, a.evidence.signal, a.evidence.value.code()) == (b.role, b.evidence.signal, b.evidence.value.code());
    let joined = |differs: &dyn Fn(&Cause, &Cause) -> bool| {
        let new: Vec<&Cause> = others.iter().filter(|c| before.iter().all(|b| differs(c, b))).collect();
        others.iter().copied().filter(|c| new.iter().any(|n| n.role == c.role)).collect::<Vec<Cause>>()
    };
    let by_kind = joined(&|a, b| !same_kind(a, b));
    let by_value = joined(&|a, b| !same_kind(a, b) || a.evidence.value != b.evidence.value);
    [by_kind, by_value].into_iter().find(|found| !found.is_empty()).unwrap_or(others)
}

/// All facts but the fever, which every grade has, and what was attributed elsewhere, which raises none; these where
/// there is nothing else.
fn but_fever(causes: &[Cause]) -> Vec<Cause> {
    let is_fever = |c: &Cause| c.evidence.signal == Signal::Temperature || c.role.starts_with("fever");
    let is_other = |c: &Cause| c.evidence.signal == Signal::Attribution;
    let others: Vec<Cause> = causes.iter().filter(|c| !is_fever(c) && !is_other(c)).copied().collect();
    if others.is_empty() { causes.to_vec() } else { others }
}

fn side(record: &Record, grade: Grade, causes: &[Cause]) -> Side {
    let facts = causes.iter().map(|c| format!("{} [{}]", c.describe(), record.cite(c.evidence.origin))).collect();
    Side { grade, rule: words(causes), facts }
}

/// Remarks that tell why a scale grades nothing.
const TELLING: Notes = Notes::HYPOTENSION_WITHOUT_FEVER
    .union(Notes::HYPOXIA_WITHOUT_FEVER)
    .union(Notes::MASKED)
    .union(Notes::INOTROPE)
    .union(Notes::OTHER_INDICATION)
    .union(Notes::ATTRIBUTED)
    .union(Notes::HOME_SUPPORT)
    .union(Notes::DEATH_OTHER);

/// A side that is certain of nothing: the remarks, or what is unstated, say why.
fn nothing(record: &Record, peak: &Peak<'_>) -> Side {
    let telling = TELLING.names();
    let notes: Vec<&str> = peak.notes().into_iter().filter(|n| telling.contains(n)).collect();
    let rule = match (notes.is_empty(), peak.grade.is_exact()) {
        (false, _) => notes.join(", "),
        (true, true) => "nothing that it grades".to_owned(),
        (true, false) => "nothing certain".to_owned(),
    };
    let causes = peak.causes();
    let facts = causes.iter().map(|c| format!("{} [{}]", c.describe(), record.cite(c.evidence.origin))).collect();
    Side { grade: peak.grade, rule, facts }
}

/// The rule behind the facts, without their numbers, so that patients decided by the same rule meet:
/// "two vasopressors", "oxygen device high flow nasal cannula".
fn words(causes: &[Cause]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for cause in causes {
        if seen.contains(&cause.role) {
            continue;
        }
        seen.push(cause.role);
        let alike = || causes.iter().filter(|c| c.role == cause.role);
        let mut signals: Vec<Signal> = alike().map(|c| c.evidence.signal).collect();
        signals.sort_unstable();
        signals.dedup();
        let named = cause.evidence.signal.name() == cause.role;
        parts.push(if cause.evidence.signal.is_rate() && !named {
            counted(signals.len(), cause.role)
        } else {
            let mut codes: Vec<&str> = alike().filter_map(|c| c.evidence.value.code()).map(Code::name).collect();
            codes.dedup();
            let codes = codes.join(", ").replace('_', " ");
            format!("{} {codes}", cause.role).trim_end().to_owned()
        });
    }
    if parts.is_empty() { "no fact named".to_owned() } else { parts.join(", ") }
}

fn counted(n: usize, role: &str) -> String {
    match n {
        1 => format!("one {role}"),
        2 => format!("two {role}s"),
        3 => format!("three {role}s"),
        n => format!("{n} {role}s"),
    }
}
