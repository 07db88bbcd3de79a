//! What plans made due, as marks in the time course: one lane for each plan.

use crate::words;
use barograph_protocols::engine::{Change, ChangeKind, Share};
use barograph_protocols::language::{Rule, Strength};
use barograph_record::Record;

/// One mark: day, lane, words, source.
pub(super) struct AdviceMark {
    pub(super) day: f64,
    pub(super) lane: String,
    pub(super) text: String,
    pub(super) cite: String,
}

/// Whether nobody is late who does not follow a rule.
fn is_option(rule: &Rule) -> bool {
    rule.strength != Strength::Recommended
}

fn due(rule: &Rule) -> &'static str {
    if is_option(rule) { "could be considered" } else { "was due" }
}

/// The marks of everything that changed, in time order.
pub(super) fn marks<'c>(record: &'c Record, changes: &'c [Change<'_>]) -> impl Iterator<Item = AdviceMark> + 'c {
    changes.iter().map(|change| {
        let text = match (&change.kind, change.rule) {
            (ChangeKind::Due { refused: Some(limit) }, Some(rule)) => format!("refused by {limit}: {}", rule.title),
            (ChangeKind::Given { late, share, .. }, Some(rule)) => {
                let after = if late.ms() > 0 { format!(" {:.1} h after it {}", late.hours(), due(rule)) } else { String::new() };
                let amount = if *share == Share::AsDue { String::new() } else { format!(" ({})", share.words()) };
                format!("given{after}{amount}: {}", rule.title)
            }
            (ChangeKind::Due { refused: None }, Some(rule)) if is_option(rule) => format!("an option: {}", rule.title),
            (ChangeKind::Lapsed, Some(rule)) if is_option(rule) => format!("an option no longer: {}", rule.title),
            (ChangeKind::AgainstLimit { limit, .. }, _) => format!("given against the limit {limit}"),
            (kind, Some(rule)) => format!("{}: {}", kind.name(), rule.title),
            (kind, None) => kind.name().to_owned(),
        };
        let cite = match (&change.kind, change.rule) {
            (
                ChangeKind::Given { evidence, .. } | ChangeKind::WithoutRule { evidence, .. } | ChangeKind::AgainstLimit { evidence, .. },
                _,
            ) => record.cite(evidence.origin),
            (_, Some(rule)) => format!("{}; {}", rule.citation, rule.verified.warning().unwrap_or(rule.verified.name())),
            (_, None) => change.protocol.citation.clone(),
        };
        AdviceMark { day: words::days(change.at), lane: change.protocol.id.clone(), text: format!("{}: {text}", change.what), cite }
    })
}
