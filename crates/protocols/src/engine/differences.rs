//! Where plans that look at the same patient differ, and why.

use super::advice::{Advice, Standing};
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

/// Every drug that at least one plan makes due and at least one does not, with each plan's reason.
pub fn differences<'p>(all: &[Advice<'p>]) -> Vec<Difference<'p>> {
    let mut out = Vec::new();
    for drug in Drug::all() {
        let positions: Vec<Position<'p>> = all.iter().map(|advice| position(advice, drug)).collect();
        let due = positions.iter().filter(|p| p.due).count();
        if due > 0 && due < positions.len() {
            out.push(Difference { drug, positions });
        }
    }
    out
}

fn position<'p>(advice: &Advice<'p>, drug: Drug) -> Position<'p> {
    let (due, says) = say(advice, drug);
    Position { protocol: &advice.protocol.id, says, due }
}

fn say(advice: &Advice<'_>, drug: Drug) -> (bool, String) {
    if advice.applies.truth == super::Truth::No {
        return (false, format!("is not for this patient: {}", advice.applies.text));
    }
    let mut items = advice.items.iter().filter(|i| i.doses.iter().any(|d| d.give.drug == drug));
    let wanted = |standing: &Standing<'_>| matches!(standing, Standing::Due { .. } | Standing::Overdue { .. });
    if let Some(item) = items.clone().find(|i| wanted(&i.standing)) {
        let option = item.doses.iter().find(|d| d.give.drug == drug);
        let dose = match option.and_then(|o| o.dose.as_ref()) {
            Some(Ok(dose)) => format!(", {}", dose.shown()),
            Some(Err(_)) => ", dose refused".to_owned(),
            None => String::new(),
        };
        return (true, format!("due{dose} ({})", item.rule.title));
    }
    if let Some(item) = items.next() {
        let why = match &item.standing {
            Standing::Refused(refusal) => format!("refused: {}", refusal.reason),
            Standing::Done { at, .. } => format!("done {at}"),
            Standing::Scheduled { next } => format!("due again {next}"),
            Standing::Complete { at } => format!("complete since {at}"),
            Standing::Option => "an option".to_owned(),
            _ => "asked for by another rule".to_owned(),
        };
        return (false, why);
    }
    if let Some(possible) = advice.possible.iter().find(|p| gives(p.rule, drug)) {
        return (false, format!("cannot be excluded ({}): chart {}", possible.rule.title, possible.chart.join(", ")));
    }
    if let Some(near) = advice.near.iter().find(|n| gives(n.rule, drug)) {
        return (false, format!("not due: asks for {} ({})", near.missing, near.rule.title));
    }
    let rule = advice.protocol.rules.iter().map(toml::Spanned::get_ref).find(|r| gives(r, drug));
    (false, rule.map_or("never gives it".to_owned(), |r| format!("not due: {} does not hold", r.title)))
}
