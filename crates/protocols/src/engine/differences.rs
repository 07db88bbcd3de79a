//! Where plans that look at the same patient differ, and why.

use super::advice::{Advice, Item, Standing};
use crate::language::{Action, Drug, Rule};

/// What one plan says of one drug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position<'p> {
    /// Id of the plan.
    pub protocol: &'p str,
    /// Whether it is due, and if not, why not.
    pub says: String,
    /// Whether it makes the drug due.
    pub due: bool,
    /// Whether it speaks of the drug, and of the patient.
    pub stance: Stance,
}

/// Whether a plan has anything to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stance {
    /// It gives the drug by some rule.
    Speaks,
    /// No rule of it gives the drug.
    Never,
    /// It is not for the patient.
    NotForPatient,
}

/// One drug of which plans do not say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<'p> {
    /// The drug.
    pub drug: Drug,
    /// What each plan says.
    pub positions: Vec<Position<'p>>,
}

fn gives(rule: &Rule, drug: Drug) -> bool {
    rule.then.iter().any(|action| match action.get_ref() {
        Action::Give(give) => give.drug == drug,
        Action::OneOf(gives) => gives.iter().any(|g| g.get_ref().drug == drug),
        _ => false,
    })
}

/// What is said of a plan none of whose rules gives a drug.
const NEVER: &str = "never gives it";

/// Every drug that at least one plan makes due and at least one does not, with each plan's reason; plans that never give it, and
/// plans that are not for the patient, come last.
pub fn differences<'p>(all: &[Advice<'p>]) -> Vec<Difference<'p>> {
    let mut out = Vec::new();
    for drug in Drug::all() {
        let positions: Vec<Position<'p>> = all.iter().map(|advice| position(advice, drug)).collect();
        let due = positions.iter().filter(|p| p.due).count();
        if due > 0 && due < positions.len() {
            let mut positions = positions;
            positions.sort_by_key(|p| (!p.due, p.stance));
            out.push(Difference { drug, positions });
        }
    }
    out
}

fn position<'p>(advice: &Advice<'p>, drug: Drug) -> Position<'p> {
    let (due, says) = say(advice, drug);
    let stance = match advice.applies.truth {
        super::Truth::No => Stance::NotForPatient,
        _ if advice.protocol.rules.iter().any(|r| gives(r.get_ref(), drug)) => Stance::Speaks,
        _ => Stance::Never,
    };
    Position { protocol: &advice.protocol.id, says, due, stance }
}

fn say(advice: &Advice<'_>, drug: Drug) -> (bool, String) {
    if advice.applies.truth == super::Truth::No {
        return (false, format!("is not for this patient: {}", advice.applies.text));
    }
    let mut items = advice.items.iter().filter(|i| i.doses.iter().any(|d| d.give.drug == drug));
    let told = |word: &str, item: &Item<'_>| {
        let option = item.doses.iter().find(|d| d.give.drug == drug);
        let dose = match option.and_then(|o| o.dose.as_ref()) {
            Some(Ok(dose)) if dose.unlikely_weight => format!(", {} (unlikely weight: weigh again)", dose.shown()),
            Some(Ok(dose)) => format!(", {}", dose.shown()),
            Some(Err(_)) => ", dose refused".to_owned(),
            None => String::new(),
        };
        format!("{word}{dose} ({})", item.rule.title)
    };
    let wanted = |standing: &Standing<'_>| matches!(standing, Standing::Due { .. } | Standing::Overdue { .. });
    if let Some(item) = items.clone().find(|i| wanted(&i.standing)) {
        return (true, told("due", item));
    }
    if let Some(item) = items.clone().find(|i| matches!(i.standing, Standing::Option { .. })) {
        return (false, told("an option", item));
    }
    if let Some(item) = items.next() {
        let why = match &item.standing {
            Standing::Refused(refusal) => format!("refused: {}", refusal.reason),
            Standing::Done { at, .. } => format!("done {at}"),
            Standing::Scheduled { next } => format!("due again {next}"),
            Standing::Complete { at } => format!("complete since {at}"),
            _ => "asked for by another rule".to_owned(),
        };
        return (false, why);
    }
    if let Some(possible) = advice.possible.iter().find(|p| gives(p.rule, drug)) {
        return (false, format!("cannot be excluded ({}): chart {}", possible.rule.title, possible.chart.join(", ")));
    }
    // Of the rules that would give it, the one with the least in its way.
    let silent = advice.silent.iter().filter(|s| gives(s.rule, drug)).min_by_key(|s| (s.over, s.missing.len()));
    (
        false,
        silent.map_or(NEVER.to_owned(), |s| {
            // A rule that gave way to a stronger one has nothing missing.
            let asks =
                if s.missing.is_empty() { "gives way to another rule".to_owned() } else { format!("asks for {}", s.missing.join(" and ")) };
            format!("not due: {asks} ({})", s.rule.title)
        }),
    )
}
