//! What plans make due for a patient: [`text`] for people, [`json`] for programs, [`Overview`] for many patients at once.

pub mod json;
mod overview;
pub mod text;

use crate::words;
use barograph_grading::Policy;
use barograph_protocols::assumptions::assumptions;
use barograph_protocols::engine::{Item, Standing};
use barograph_protocols::language::{Rule, Verified};

pub use overview::Overview;

/// Where an action stands, in one word.
pub(crate) fn word(standing: &Standing<'_>) -> &'static str {
    match standing {
        Standing::Due { .. } => "due",
        Standing::Overdue { .. } => "overdue",
        Standing::Option { .. } => "option",
        Standing::Holds { .. } => "holds",
        Standing::Refused(_) => "refused",
        Standing::Covered(_) => "covered",
        Standing::Done { .. } => "done",
        Standing::Scheduled { .. } => "scheduled",
        Standing::Complete { .. } => "complete",
    }
}

/// The times that go with it.
fn times(standing: &Standing<'_>) -> String {
    let day = words::moment;
    match standing {
        Standing::Due { since, by } => format!("since day {}, by day {}", day(*since), day(*by)),
        Standing::Overdue { since, by } => format!("since day {}, was to be done by day {}", day(*since), day(*by)),
        Standing::Holds { since } => format!("since day {}; a record cannot show whether it was done", day(*since)),
        Standing::Refused(refusal) => {
            let lifts = refusal.lifts.map_or("time alone does not lift it".to_owned(), |at| format!("lifts on day {}", day(at)));
            format!("limit {} ({}): {}; {lifts}", refusal.id, refusal.verified.name(), refusal.reason)
        }
        Standing::Covered(rule) => format!("asked for already: {}", rule.title),
        Standing::Done { at, late } if late.ms() > 0 => format!("on day {}, {:.1} h after it became due", day(*at), late.hours()),
        Standing::Done { at, .. } => format!("on day {}", day(*at)),
        Standing::Scheduled { next } => format!("due again on day {}", day(*next)),
        Standing::Complete { at } => format!("since day {}", day(*at)),
        Standing::Option { since } => format!("open since day {}; not taking it is no omission", day(*since)),
    }
}

/// What advice rests on that no source says.
fn rests_on(policy: &Policy) -> String {
    let told: Vec<String> = assumptions(policy).iter().map(|(key, value)| format!("{key} = {value}")).collect();
    format!(
        "Policy {}; assumed by this project, where no source speaks: {}, weight_for_age (why, and how to set them otherwise: barograph list policies)",
        policy.name,
        told.join(", ")
    )
}

/// How sure a rule is, with its warning.
fn verified(verified: Verified) -> String {
    verified.warning().map_or(verified.name().to_owned(), str::to_uppercase)
}

/// Rule, source and how sure it is.
fn source(rule: &Rule) -> String {
    format!("{} [{}; {}]", rule.title, rule.citation, verified(rule.verified))
}

/// The doses of an action, each in a few words.
pub(crate) fn doses(item: &Item<'_>) -> Vec<String> {
    let dose = |option: &barograph_protocols::engine::DoseOption<'_>| {
        let name = option.give.drug.name().replace('_', " ");
        match &option.dose {
            Some(Ok(dose)) if dose.unlikely_weight => format!("{name} {} (unlikely weight: weigh again)", dose.shown()),
            Some(Ok(dose)) => format!("{name} {}", dose.shown()),
            Some(Err(why)) => format!("{name}, dose refused: {why}"),
            None => name,
        }
    };
    item.doses.iter().map(dose).collect()
}
