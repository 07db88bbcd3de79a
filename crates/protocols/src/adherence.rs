//! How treatment as it was given compares with what a plan made due, for one patient.

use crate::engine::{Change, ChangeKind, Share};
use crate::language::{Rule, Strength};
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
        /// How much was given of what was due.
        share: Share,
    },
    /// It was given when it was overdue.
    Late {
        /// How long after it became due.
        after: Span,
        /// How much was given of what was due.
        share: Share,
    },
    /// It was no longer due before it was given, and was not overdue then.
    Lapsed,
    /// It was overdue, and was not given before the rule fell silent or forbade it.
    NotGiven,
    /// The record ends while it is due.
    Open,
    /// It was to be considered, and was given.
    Taken {
        /// How long after it could be considered.
        after: Span,
        /// How much was given of what was to be considered.
        share: Share,
    },
    /// It was to be considered, and was not given before the rule fell silent or a limit came to forbid it.
    NotTaken,
    /// It may still be considered as the record ends.
    OptionOpen,
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
            Self::Taken { .. } => "option taken",
            Self::NotTaken => "option not taken",
            Self::OptionOpen => "option open at the end of the record",
        }
    }

    /// How much was given of what was due; `None` where nothing was given.
    pub const fn share(&self) -> Option<Share> {
        match self {
            Self::InTime { share, .. } | Self::Late { share, .. } | Self::Taken { share, .. } => Some(*share),
            Self::Lapsed | Self::NotGiven | Self::Open | Self::NotTaken | Self::OptionOpen => None,
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
    /// Whether nobody can tell, for want of charting, if it is still due.
    untold: bool,
}

/// Whether what a rule asks for is merely to be considered.
fn considers(rule: &Rule) -> bool {
    rule.strength == Strength::Consider
}

fn given(rule: &Rule, overdue: bool, after: Span, share: Share) -> Outcome {
    match (considers(rule), overdue) {
        (true, _) => Outcome::Taken { after, share },
        (false, true) => Outcome::Late { after, share },
        (false, false) => Outcome::InTime { after, share },
    }
}

impl Running<'_> {
    /// What became of it where it was not given, and is no longer due or cannot be told to be.
    fn ceased(&self) -> Outcome {
        match (considers(self.rule), self.overdue) {
            (true, _) => Outcome::NotTaken,
            (false, true) => Outcome::NotGiven,
            (false, false) => Outcome::Lapsed,
        }
    }

    /// What became of it where the record ends.
    fn open(&self) -> Outcome {
        if considers(self.rule) { Outcome::OptionOpen } else { Outcome::Open }
    }
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
            let outcome = if r.untold { r.ceased() } else { r.open() };
            out.asked.push(Asked { rule: r.rule, what: r.what, since: r.since, outcome });
        }
        out.asked.sort_by_key(|a| a.since);
        out
    }

    fn follow(&mut self, running: &mut Vec<Running<'p>>, kind: &ChangeKind<'p>, rule: &'p Rule, change: &Change<'p>) {
        let place = running.iter().position(|r| r.rule.id == rule.id && r.what == change.what);
        let (what, since) = (change.what.clone(), change.at);
        if let ChangeKind::Due { refused: None } = kind {
            match place.and_then(|place| running.get_mut(place)) {
                // It was due before a gap in the charting, and still is: it is asked once.
                Some(r) => r.untold = false,
                None => running.push(Running { rule, what, since, overdue: false, untold: false }),
            }
            return;
        }
        if let (ChangeKind::Given { late, early: true, share, .. }, None) = (kind, place) {
            let outcome = given(rule, false, *late, *share);
            self.asked.push(Asked { rule, what, since, outcome });
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
        if let (ChangeKind::Overdue | ChangeKind::Untold, Some(r)) = (kind, running.get_mut(place)) {
            r.overdue |= *kind == ChangeKind::Overdue;
            r.untold = *kind == ChangeKind::Untold;
            return;
        }
        let r = running.remove(place);
        let outcome = match kind {
            ChangeKind::Given { late, share, .. } => given(r.rule, r.overdue, *late, *share),
            _ => r.ceased(),
        };
        self.asked.push(Asked { rule: r.rule, what: r.what, since: r.since, outcome });
    }
}
