//! What plans made due, as marks in the time course: one lane for each plan.

use crate::words;
use barograph_protocols::engine::{Change, ChangeKind};
use barograph_record::Record;

/// One mark: day, lane, words, source.
pub(super) struct AdviceMark {
    pub(super) day: f64,
    pub(super) lane: String,
    pub(super) text: String,
    pub(super) cite: String,
}

/// The marks of everything that changed, in time order.
pub(super) fn marks<'c>(record: &'c Record, changes: &'c [Change<'_>]) -> impl Iterator<Item = AdviceMark> + 'c {
    changes.iter().map(|change| {
        let text = match (&change.kind, change.rule) {
            (ChangeKind::Due { refused: Some(limit) }, Some(rule)) => format!("refused by {limit}: {}", rule.title),
            (ChangeKind::Given { late, .. }, Some(rule)) if late.ms() > 0 => {
                format!("given {:.1} h after it was due: {}", late.hours(), rule.title)
            }
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
