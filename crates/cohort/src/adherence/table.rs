//! One plan over many patients.

use barograph_protocols::adherence::{Adherence, Asked, Outcome, Stray, Why};
use barograph_protocols::engine::{Applies, Share, Truth};
use barograph_protocols::language::{Protocol, Rule, Strength};
use std::collections::{BTreeMap, BTreeSet};

/// One plan over many patients.
#[derive(Debug)]
pub(super) struct PlanTable<'p> {
    pub(super) protocol: &'p Protocol,
    /// Patients for whom it is, for whom that is not known, and for whom it is not.
    pub(super) applies: [u64; 3],
    /// Patients whom it advises although they are outside its population.
    pub(super) outside: u64,
    rows: BTreeMap<(usize, String), Row<'p>>,
    pub(super) strays: BTreeMap<(String, &'static str), u64>,
    pub(super) lines: Vec<Line<'p>>,
}

/// One action of one rule over many patients.
#[derive(Debug)]
pub(super) struct Row<'p> {
    pub(super) rule: &'p Rule,
    pub(super) what: String,
    pub(super) patients: BTreeSet<u64>,
    pub(super) in_time: u64,
    pub(super) late: u64,
    pub(super) not_given: u64,
    pub(super) lapsed: u64,
    pub(super) open: u64,
    /// Of what was to be considered.
    pub(super) taken: u64,
    pub(super) not_taken: u64,
    /// Hours from due to given.
    pub(super) hours: Vec<f64>,
    pub(super) amounts: Amounts,
}

/// Doses that were given for what was due, by how much they were of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Amounts {
    pub(super) as_due: u64,
    pub(super) less: u64,
    pub(super) more: u64,
    pub(super) not_recorded: u64,
    pub(super) not_compared: u64,
}

/// One thing due, or one stray dose, of one patient.
#[derive(Debug)]
pub(super) struct Line<'p> {
    pub(super) patient: String,
    pub(super) rule: Option<&'p Rule>,
    pub(super) what: String,
    pub(super) day: f64,
    pub(super) outcome: String,
    pub(super) hours: Option<f64>,
    pub(super) share: Option<Share>,
}

impl<'p> Row<'p> {
    fn new(asked: &Asked<'p>) -> Self {
        Self {
            rule: asked.rule,
            what: asked.what.clone(),
            patients: BTreeSet::new(),
            in_time: 0,
            late: 0,
            not_given: 0,
            lapsed: 0,
            open: 0,
            taken: 0,
            not_taken: 0,
            hours: Vec::new(),
            amounts: Amounts::default(),
        }
    }

    /// Whether nobody is late who does not do it.
    pub(super) fn is_option(&self) -> bool {
        self.rule.strength == Strength::Consider
    }

    pub(super) const fn asked(&self) -> u64 {
        self.in_time + self.late + self.not_given + self.lapsed + self.open + self.taken + self.not_taken
    }

    /// Counts one outcome; gives the hours from due to given.
    fn count(&mut self, outcome: &Outcome) -> Option<f64> {
        let (counter, after) = match outcome {
            Outcome::InTime { after, .. } => (&mut self.in_time, Some(after)),
            Outcome::Late { after, .. } => (&mut self.late, Some(after)),
            Outcome::Taken { after, .. } => (&mut self.taken, Some(after)),
            Outcome::Lapsed => (&mut self.lapsed, None),
            Outcome::NotGiven => (&mut self.not_given, None),
            Outcome::NotTaken => (&mut self.not_taken, None),
            Outcome::Open | Outcome::OptionOpen => (&mut self.open, None),
        };
        *counter += 1;
        let hours = after.map(|after| after.hours());
        self.hours.extend(hours);
        if let Some(share) = outcome.share() {
            self.amounts.count(share);
        }
        hours
    }
}

impl Amounts {
    const fn count(&mut self, share: Share) {
        let counter = match share {
            Share::AsDue => &mut self.as_due,
            Share::Less(_) => &mut self.less,
            Share::More(_) => &mut self.more,
            Share::NotRecorded => &mut self.not_recorded,
            Share::NotCompared(_) => &mut self.not_compared,
        };
        *counter += 1;
    }

    /// Each count with its name, as long as there is any.
    pub(super) const fn named(&self) -> [(&'static str, u64); 5] {
        [
            ("as due", self.as_due),
            ("less than due", self.less),
            ("more than due", self.more),
            ("not recorded", self.not_recorded),
            ("not compared", self.not_compared),
        ]
    }
}

impl<'p> PlanTable<'p> {
    pub(super) fn new(protocol: &'p Protocol) -> Self {
        Self { protocol, applies: [0; 3], outside: 0, rows: BTreeMap::new(), strays: BTreeMap::new(), lines: Vec::new() }
    }

    /// The rows of what is to be done, in the order of the plan.
    pub(super) fn to_do(&self) -> impl Iterator<Item = &Row<'p>> {
        self.rows.values().filter(|row| !row.is_option())
    }

    /// The rows of what is to be considered.
    pub(super) fn to_consider(&self) -> impl Iterator<Item = &Row<'p>> {
        self.rows.values().filter(|row| row.is_option())
    }

    /// Adds one patient, by number and id.
    pub(super) fn add(&mut self, number: u64, patient: &str, applies: &Applies, adherence: &Adherence<'p>) {
        let place = match applies.truth {
            Truth::Yes => 0,
            Truth::Unknown => 1,
            Truth::No => 2,
        };
        if let Some(count) = self.applies.get_mut(place) {
            *count += 1;
        }
        self.outside += u64::from(applies.truth == Truth::Yes && !applies.text.is_empty());
        adherence.asked.iter().for_each(|asked| self.add_asked(number, patient, asked));
        adherence.strays.iter().for_each(|stray| self.add_stray(patient, stray));
    }

    fn add_asked(&mut self, number: u64, patient: &str, asked: &Asked<'p>) {
        let order = self.protocol.rules.iter().position(|r| r.get_ref().id == asked.rule.id).unwrap_or(usize::MAX);
        let row = self.rows.entry((order, asked.what.clone())).or_insert_with(|| Row::new(asked));
        row.patients.insert(number);
        let hours = row.count(&asked.outcome);
        self.lines.push(Line {
            patient: patient.to_owned(),
            rule: Some(asked.rule),
            what: asked.what.clone(),
            day: asked.since.days(),
            outcome: asked.outcome.name().to_owned(),
            hours,
            share: asked.outcome.share(),
        });
    }

    fn add_stray(&mut self, patient: &str, stray: &Stray) {
        let (kind, outcome) = match &stray.why {
            Why::WithoutRule => ("without a rule", "given without a rule".to_owned()),
            Why::PerhapsARule => ("perhaps by a rule", "given; a rule cannot be excluded".to_owned()),
            Why::AgainstLimit(limit) => ("against a limit", format!("given against the limit {limit}")),
        };
        *self.strays.entry((stray.what.clone(), kind)).or_default() += 1;
        let (what, day) = (stray.what.clone(), stray.at.days());
        self.lines.push(Line { patient: patient.to_owned(), rule: None, what, day, outcome, hours: None, share: None });
    }
}
