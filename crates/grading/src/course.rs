//! The result of grading: a course of steps, and the episodes found in it.

use barograph_record::{Comparator, Event, Instant, Origin, Record, Signal, Span, Value};
use serde::de::{Deserialize, Deserializer, Error};
use std::sync::Arc;

/// A grade as what is certain and what cannot be excluded.
///
/// The two meet when all that matters is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Grade {
    floor: u8,
    ceiling: u8,
}

impl Grade {
    /// No syndrome, and none that could be.
    pub const NONE: Self = Self { floor: 0, ceiling: 0 };

    /// A grade between two bounds, which are put in order.
    pub const fn between(a: u8, b: u8) -> Self {
        if a <= b { Self { floor: a, ceiling: b } } else { Self { floor: b, ceiling: a } }
    }

    /// A grade that is known exactly.
    pub const fn exactly(grade: u8) -> Self {
        Self { floor: grade, ceiling: grade }
    }

    /// The grade that is certain.
    pub const fn floor(self) -> u8 {
        self.floor
    }

    /// The grade that cannot be excluded.
    pub const fn ceiling(self) -> u8 {
        self.ceiling
    }

    /// Whether all that matters is known.
    pub const fn is_exact(self) -> bool {
        self.floor == self.ceiling
    }

    /// The worse of two, bound by bound.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { floor: self.floor.max(other.floor), ceiling: self.ceiling.max(other.ceiling) }
    }
}

/// Reads `"3"`, or `"2-3"`.
impl<'de> Deserialize<'de> for Grade {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let one = |text: &str| text.trim().parse::<u8>().ok().filter(|grade| *grade <= 5);
        let (floor, ceiling) = text.split_once('-').unwrap_or((&text, &text));
        match (one(floor), one(ceiling)) {
            (Some(floor), Some(ceiling)) if floor <= ceiling => Ok(Self { floor, ceiling }),
            _ => Err(Error::custom(format!("{text:?} is not a grade; write \"2\", or \"2-3\""))),
        }
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_exact() { write!(f, "{}", self.floor) } else { write!(f, "{}-{}", self.floor, self.ceiling) }
    }
}

/// One charted fact behind a grade.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// What was observed.
    pub signal: Signal,
    /// What was found.
    pub value: Value,
    /// When.
    pub at: Instant,
    /// Where it was read.
    pub origin: Origin,
}

impl Evidence {
    /// The fact that an event tells.
    pub const fn of(event: &Event) -> Self {
        Self { signal: event.signal, value: event.value, at: event.at, origin: event.origin }
    }
}

/// How a fact bears on a grade, in a few words ("fever", "hypotension", "one vasopressor").
pub type Role = &'static str;

/// Whether two names are the same. Nearly always one constant is compared with itself or with one of another length,
/// which costs far less to see than comparing the letters.
pub(crate) fn same(a: &'static str, b: &'static str) -> bool {
    a.len() == b.len() && (a.as_ptr() == b.as_ptr() || a == b)
}

/// One reason for a grade: its role and the fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cause {
    /// What the fact amounts to.
    pub role: Role,
    /// The fact.
    pub evidence: Evidence,
}

impl Cause {
    /// The reason in one line: `fever 38.6 Cel at day 2.50`.
    pub fn describe(&self) -> String {
        let Evidence { signal, value, at, .. } = self.evidence;
        let what = match value {
            Value::Number(x, comparator) => {
                let sign = match comparator {
                    Comparator::Exact => "",
                    Comparator::Below => "<",
                    Comparator::Above => ">",
                };
                // A temperature converted from Fahrenheit has more digits than meaning.
                let scale = if x.abs() >= 10.0 { 1e2 } else { 1e4 };
                let x = (x * scale).round() / scale;
                format!("{sign}{x} {}", signal.unit())
            }
            Value::Code(code) => code.name().replace('_', " "),
            Value::Unquantified if signal.is_kept_unread() || signal.is_watched() => "not understood".to_owned(),
            Value::Unquantified => "in unstated amount".to_owned(),
            Value::Words => String::new(),
        };
        let name = signal.name().replace('_', " ");
        let subject = if self.role.contains(name.as_str()) || signal == Signal::Temperature {
            self.role.to_owned()
        } else {
            format!("{}: {name}", self.role)
        };
        format!("{} at {at}", format!("{subject} {what}").trim_end())
    }
}

/// A stretch of time over which nothing that matters to the grade changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Start.
    pub from: Instant,
    /// End; the start of the next step, or the last charting.
    pub to: Instant,
    /// The grade held.
    pub grade: Grade,
    /// The facts behind it.
    pub because: Arc<[Cause]>,
    /// What would have to be charted for floor and ceiling to meet.
    pub unstated: Arc<[&'static str]>,
    /// Whether the patient could have been watched; false between a discharge and what is charted next.
    pub observed: bool,
}

impl Step {
    /// Whether the next step says the same of the patient: grade, what is missing, and facts of the same kind.
    pub(crate) fn continues_as(&self, next: &Self) -> bool {
        let kind = |c: &Cause| (c.evidence.signal, c.evidence.value.code());
        (self.grade, self.observed) == (next.grade, next.observed)
            && self.unstated.len() == next.unstated.len()
            && self.unstated.iter().zip(&*next.unstated).all(|(a, b)| same(a, b))
            && self.because.len() == next.because.len()
            && self.because.iter().zip(&*next.because).all(|(a, b)| kind(a) == kind(b) && same(a.role, b.role))
    }

    /// How long it lasted.
    pub fn length(&self) -> Span {
        self.to - self.from
    }
}

/// When an episode began: after the last charting that excluded it, at the first that showed it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Onset {
    /// First charting that satisfied the definition.
    pub at: Instant,
    /// Last charting that did not; `None` when there was none since infusion.
    pub after: Option<Instant>,
}

/// When an episode ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// When the definition of resolution was satisfied.
    pub at: Instant,
    /// The last charted sign.
    pub last_sign: Instant,
}

/// The worst grade of an episode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Highest floor and highest ceiling.
    pub grade: Grade,
    /// When the highest floor was first reached.
    pub at: Instant,
}

/// A stretch in which something that matters was not charted.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Start.
    pub from: Instant,
    /// End.
    pub to: Instant,
    /// What was not charted.
    pub unstated: Vec<&'static str>,
}

/// One episode of the syndrome; number 0 stands for the whole record where there was none.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// Counted from 1; 0 when the record holds no episode.
    pub number: u32,
    /// When it began; `None` for number 0.
    pub onset: Option<Onset>,
    /// When it ended; `None` when the record does not show it.
    pub resolved: Option<Resolution>,
    /// Its worst grade.
    pub peak: Peak,
    /// Its steps in time order.
    pub course: Vec<Step>,
    /// Stretches inside it that were not charted.
    pub gaps: Vec<Gap>,
    /// Named remarks, such as `onset-after-day-14`.
    pub notes: Vec<&'static str>,
}

/// One patient's record graded by one scale under one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Graded {
    /// Id of the scale.
    pub scale: &'static str,
    /// Name of the policy.
    pub policy: String,
    /// The episodes in time order, or the single episode number 0.
    pub episodes: Vec<Episode>,
}

impl Episode {
    /// Every distinct source behind the course, in the order of the record's citation.
    pub fn evidence(&self, record: &Record) -> Vec<String> {
        let mut origins: Vec<Origin> = self.course.iter().flat_map(|s| s.because.iter().map(|c| c.evidence.origin)).collect();
        origins.sort_unstable();
        origins.dedup();
        origins.into_iter().map(|o| record.cite(o)).collect()
    }
}
