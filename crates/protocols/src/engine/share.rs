//! How much was given of what was due.

use super::facts::Facts;
use super::limits;
use crate::doses::{Amount, Dose, DoseRefused, Settings, number, show};
use crate::language::{Drug, Rule};
use barograph_record::{Instant, Span};

/// How an amount that was given compares with the amount that was due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Share {
    /// It is what was due, within the policy's tolerance.
    AsDue,
    /// It is this fraction of the least that was due.
    Less(f64),
    /// It is this multiple of the most that was due.
    More(f64),
    /// How much was given is not recorded.
    NotRecorded,
    /// How much was due is not known.
    NotCompared(NotCompared),
}

/// Why an amount is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotCompared {
    /// The plan names no dose.
    NoDose,
    /// The dose is that of a day, given in parts that no source names.
    OfADay,
    /// No dose could be computed for this patient, for want of a weight, say.
    DoseRefused,
    /// The dose due rests on a weight that is doubtful.
    DoubtfulWeight,
}

impl Share {
    /// The comparison in words.
    pub fn words(self) -> String {
        match self {
            Self::AsDue => "as much as was due".to_owned(),
            Self::Less(share) | Self::More(share) => format!("{:.0} % of the dose due", share * 100.0),
            Self::NotRecorded => "amount not recorded".to_owned(),
            Self::NotCompared(why) => format!("amount not compared: {}", why.words()),
        }
    }
}

impl NotCompared {
    /// The reason in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoDose => "the plan names no dose",
            Self::OfADay => "the dose is that of a day",
            Self::DoseRefused => "no dose could be computed for want of weight, height or age",
            Self::DoubtfulWeight => "the weight is not likely at that age, or leaps",
        }
    }
}

/// A dose that came for what was due.
#[derive(Clone)]
pub(super) struct Answered<'p> {
    pub(super) rule: &'p Rule,
    drug: Drug,
    at: Instant,
    /// Until when parts of it count.
    until: Instant,
    /// How much was due, with its unit.
    due: Result<(Amount, String), NotCompared>,
    /// The last weight (kg).
    kg: Option<f64>,
}

impl<'p> Answered<'p> {
    /// A dose that comes now for what is due; a course has some time between its doses.
    pub(super) fn new(
        rule: &'p Rule,
        drug: Drug,
        due: Option<Result<Dose, DoseRefused>>,
        interval: Option<Span>,
        facts: &Facts,
        settings: &Settings,
    ) -> Self {
        let due = match due {
            None => Err(NotCompared::NoDose),
            Some(Err(_)) => Err(NotCompared::DoseRefused),
            Some(Ok(dose)) if dose.per_day => Err(NotCompared::OfADay),
            Some(Ok(dose)) if dose.unlikely_weight => Err(NotCompared::DoubtfulWeight),
            Some(Ok(dose)) => Ok((dose.amount, dose.unit)),
        };
        let parts = interval.map_or(Span::ZERO, |every| Span::from_hours(every.hours() * settings.parts_of_interval));
        let until = facts.now + parts.max(settings.parts_within);
        Self { rule, drug, at: facts.now, until, due, kg: facts.body.weight.map(|w| w.value) }
    }

    /// Whether it is this dose.
    pub(super) fn is(&self, rule: &Rule, drug: Drug, at: Instant) -> bool {
        std::ptr::eq(self.rule, rule) && self.drug == drug && self.at == at
    }

    /// What was given, with the parts that were charted since; `None` where an amount is not recorded.
    fn given(&self, facts: &Facts) -> Option<f64> {
        let parts = facts.doses.of(self.drug).iter().filter(|g| self.at <= g.at && g.at <= self.until);
        parts.map(|g| limits::amount(g, self.kg)).sum()
    }

    /// How an amount compares with what was due.
    fn compare(&self, given: Option<f64>, settings: &Settings) -> Share {
        let Some(given) = given else { return Share::NotRecorded };
        match &self.due {
            Err(why) => Share::NotCompared(*why),
            Ok((due, _)) if given < due.low * (1.0 - settings.tolerance) - 1e-9 => Share::Less(given / due.low),
            Ok((due, _)) if given > due.high * (1.0 + settings.tolerance) + 1e-9 => Share::More(given / due.high),
            Ok(_) => Share::AsDue,
        }
    }

    /// How much was given of what was due, as far as it is charted.
    pub(super) fn share(&self, facts: &Facts, settings: &Settings) -> Share {
        self.compare(self.given(facts), settings)
    }

    /// What to say of it, where it is not what was due.
    pub(super) fn note(&self, facts: &Facts, settings: &Settings) -> Option<String> {
        let given = self.given(facts);
        let (due, unit) = self.due.as_ref().ok()?;
        let (name, due) = (self.drug.name().replace('_', " "), show(*due, unit));
        match self.compare(given, settings) {
            share @ (Share::Less(_) | Share::More(_)) => {
                Some(format!("{name} {} {unit} at {} is {}, {due}", number(given?), self.at, share.words()))
            }
            share @ Share::NotRecorded => Some(format!("{name} at {}: {}; {due} was due", self.at, share.words())),
            Share::AsDue | Share::NotCompared(_) => None,
        }
    }
}
