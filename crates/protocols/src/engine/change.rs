//! What happened to advice over time.

use super::share::Share;
use crate::language::{Protocol, Rule};
use barograph_grading::Evidence;
use barograph_record::{Instant, Span};

/// One change of what a plan makes due.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'p> {
    /// When.
    pub at: Instant,
    /// The plan.
    pub protocol: &'p Protocol,
    /// The rule; `None` for a dose that no rule asked for.
    pub rule: Option<&'p Rule>,
    /// The action in words, or the drug.
    pub what: String,
    /// What changed.
    pub kind: ChangeKind<'p>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeKind<'p> {
    /// It became due; with the dose and the limit that forbids it, where there is one.
    Due {
        /// The limit or contraindication.
        refused: Option<String>,
    },
    /// It is overdue.
    Overdue,
    /// It was given.
    Given {
        /// How long after it became due; zero within a course before its hour.
        late: Span,
        /// Whether it is a dose of a course that came before its hour.
        early: bool,
        /// How its amount compares with what was due.
        share: Share,
        /// The dose.
        evidence: Evidence,
    },
    /// It is no longer due, and was not done.
    Lapsed,
    /// It was due, was not done, and for want of charting nobody can tell whether it still is.
    Untold,
    /// It was not done, and another rule asks for the same dose from now on, in its place.
    TakenOver {
        /// That rule.
        by: &'p Rule,
        /// Its action in words.
        what: String,
    },
    /// A dose that no rule of the plan asked for.
    WithoutRule {
        /// The dose.
        evidence: Evidence,
        /// Whether a rule could not be excluded.
        possible: bool,
    },
    /// A dose that a limit forbade.
    AgainstLimit {
        /// The dose.
        evidence: Evidence,
        /// The limit.
        limit: String,
    },
}

impl ChangeKind<'_> {
    /// The kind in words.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Due { refused: None } => "due",
            Self::Due { refused: Some(_) } => "refused",
            Self::Overdue => "overdue",
            Self::Given { .. } => "given",
            Self::Lapsed => "lapsed",
            Self::Untold => "can no longer be told",
            Self::TakenOver { .. } => "asked for by another rule",
            Self::WithoutRule { .. } => "given without a rule",
            Self::AgainstLimit { .. } => "given against a limit",
        }
    }
}
