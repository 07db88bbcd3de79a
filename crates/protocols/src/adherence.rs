//! How treatment as it was given compares with what a plan made due, for one patient.

use crate::engine::{Change, ChangeKind};
use crate::language::Rule;
use barograph_record::{Instant, Span};

/// What became of one thing that was due.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// The action in words.
    pub what: String,
    /// Since when it was due.
    pub since: Instant,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of something due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// It was given before it was overdue.
    InTime {
        /// How long after it became due.
        after: Span,
    },
    /// It was given when it was overdue.
    Late {
        /// How long after it became due.
        after: Span,
    },
    /// It was no longer due before it was given, and was not overdue then.
    Lapsed,
    /// It was overdue, and was not given before the rule fell silent or forbade it.
    NotGiven,
    /// The record ends while it is due.
    Open,
}

impl Outcome {
    /// The outcome in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InTime { .. } => "given in time",
            Self::Late { .. } => "given late",
            Self::Lapsed => "lapsed before it was overdue",
            Self::NotGiven => "overdue and not given",
            Self::Open => "open at the end of the record",
        }
    }
}

/// A dose that the plan did not ask for, or forbade.
#[derive(Clone, Debug, PartialEq)]
pub struct Stray {
    /// The drug.
    pub what: String,
    /// When.
    pub at: Instant,
    /// Why it stands here.
    pub why: Why,
}

/// Why a dose is a stray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No rule asked for it.
    WithoutRule,
    /// No rule certainly asked for it; one could not be excluded.
    PerhapsARule,
    /// A limit forbade it.
    AgainstLimit(String),
}

/// One patient under one plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Adherence<'p> {
    /// What was due, in time order.
    pub asked: Vec<Asked<'p>>,
    /// Doses that the plan did not ask for, or forbade.
    pub strays: Vec<Stray>,
}

/// Something due whose outcome is not known yet.
struct Running<'p> {
    rule: &'p Rule,
    what: String,
    since: Instant,
    overdue: bool,
}

impl<'p> Adherence<'p> {
    /// Reads what became of everything due from the changes of one plan.
    pub fn of<'c>(changes: impl IntoIterator<Item = &'c Change<'p>>) -> Self
    where
        'p: 'c,
    {
        let mut out = Self::default();
        let mut running: Vec<Running<'p>> = Vec::new();
        for change in changes {
            let stray = |why| Stray { what: change.what.clone(), at: change.at, why };
            match (&change.kind, change.rule) {
                (ChangeKind::WithoutRule { possible, .. }, _) => {
                    out.strays.push(stray(if *possible { Why::PerhapsARule } else { Why::WithoutRule }));
                }
                (ChangeKind::AgainstLimit { limit, .. }, _) => out.strays.push(stray(Why::AgainstLimit(limit.clone()))),
                (kind, Some(rule)) => out.follow(&mut running, kind, rule, change),
                (_, None) => {}
            }
        }
        for r in running {
            out.asked.push(Asked { rule: r.rule, what: r.what, since: r.since, outcome: Outcome::Open });
        }
        out.asked.sort_by_key(|a| a.since);
        out
    }

    fn follow(&mut self, running: &mut Vec<Running<'p>>, kind: &ChangeKind<'p>, rule: &'p Rule, change: &Change<'p>) {
        let place = running.iter().position(|r| r.rule.id == rule.id && r.what == change.what);
        if let ChangeKind::Due { refused: None } = kind {
            if place.is_none() {
                running.push(Running { rule, what: change.what.clone(), since: change.at, overdue: false });
            }
            return;
        }
        let Some(place) = place else { return };
        if let ChangeKind::TakenOver { by, what } = kind {
            let old = running.remove(place);
            // What two rules come to ask for together is asked once, since the first of them did.
            match running.iter_mut().find(|r| r.rule.id == by.id && r.what == *what) {
                Some(r) => (r.since, r.overdue) = (r.since.min(old.since), r.overdue || old.overdue),
                None => running.push(Running { rule: by, what: what.clone(), ..old }),
            }
            return;
        }
        if *kind == ChangeKind::Overdue {
            if let Some(r) = running.get_mut(place) {
                r.overdue = true;
            }
            return;
        }
        let r = running.remove(place);
        let outcome = match kind {
            ChangeKind::Given { late, .. } if r.overdue => Outcome::Late { after: *late },
            ChangeKind::Given { late, .. } => Outcome::InTime { after: *late },
            _ if r.overdue => Outcome::NotGiven,
            _ => Outcome::Lapsed,
        };
        self.asked.push(Asked { rule: r.rule, what: r.what, since: r.since, outcome });
    }
}
