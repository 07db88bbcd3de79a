//! One thing that happened.

use crate::{Code, Instant, Signal, Texts};
use std::cmp::Ordering;

/// How a laboratory qualified a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    /// The number itself.
    #[default]
    Exact,
    /// Below the lower limit of quantification, or simply less than the number.
    Below,
    /// Above the upper limit of quantification, or simply more than the number.
    Above,
}

/// What an event says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A number in the signal's canonical unit.
    Number(f64, Comparator),
    /// A word of the signal's closed list.
    Code(Code),
    /// Given or running, in an amount that is not stated or could not be converted. Of oxygen, ventilation, neurology and
    /// dialysis ([`Signal::is_kept_unread`]) and vital signs ([`Signal::is_watched`]): charted, and not understood.
    Unquantified,
    /// Free words, kept in the event's detail. Of an infusion: words that do not say whether it runs.
    Words,
}

impl Value {
    /// The number, if it is one.
    pub const fn number(self) -> Option<f64> {
        match self {
            Self::Number(x, _) => Some(x),
            _ => None,
        }
    }

    /// How the number is qualified; a value without a number is exact.
    const fn comparator(self) -> Comparator {
        match self {
            Self::Number(_, comparator) => comparator,
            _ => Comparator::Exact,
        }
    }

    /// The code, if it is one.
    pub const fn code(self) -> Option<Code> {
        match self {
            Self::Code(c) => Some(c),
            _ => None,
        }
    }

    /// Whether an infusion with this rate runs.
    pub fn is_running(self) -> bool {
        match self {
            Self::Number(rate, _) => rate > 0.0,
            Self::Unquantified => true,
            _ => false,
        }
    }
}

/// Index of a text in the record's [`Texts`](crate::Texts); 0 is the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub u32);

/// Where a fact was read: a file of the record and a row in it, or a resource by its id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index into the record's list of files.
    pub file: u16,
    /// One-based row of the file as a person counts lines, or 0 when `resource` names it.
    pub row: u32,
    /// Text of the resource's id, for sources whose unit is a resource; empty otherwise.
    pub resource: TextId,
}

/// One observation, treatment or judgement about a patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When it happened or was measured.
    pub at: Instant,
    /// When it became known; equal to `at` where the source has only one time.
    pub known: Instant,
    /// What was observed.
    pub signal: Signal,
    /// What was found.
    pub value: Value,
    /// Separates parallel infusions of one drug (an order, a pump); 0 where the source has none.
    pub channel: u32,
    /// Free detail: site of a temperature, scale of a grade, cause of a death.
    pub detail: TextId,
    /// Where it was read.
    pub origin: Origin,
    /// Half a unit of the last digit charted, in the canonical unit, of a measurement charted in another unit than that and converted by
    /// more than a power of ten; else 0. A published edge this near is the charted number, rounded.
    pub half_digit: f32,
}

impl Event {
    /// The order of a record: by time; within one instant by signal, and what is worse for the patient later.
    ///
    /// What comes later prevails: two pressures charted at one minute leave the lower, a bag change
    /// charted as stop and start leaves the infusion running. The order is total, so a record does not
    /// depend on the order of its rows.
    pub fn order(&self, other: &Self, texts: &Texts) -> Ordering {
        let (a, b) = (self.severity(), other.severity());
        (self.at, self.signal)
            .cmp(&(other.at, other.signal))
            .then_with(|| a.0.cmp(&b.0))
            .then_with(|| a.1.total_cmp(&b.1))
            .then_with(|| self.channel.cmp(&other.channel))
            .then_with(|| texts.get(self.detail).cmp(texts.get(other.detail)))
            .then_with(|| self.value.comparator().cmp(&other.value.comparator()))
            .then_with(|| (self.origin.file, self.origin.row).cmp(&(other.origin.file, other.origin.row)))
            .then_with(|| texts.get(self.origin.resource).cmp(texts.get(other.origin.resource)))
    }

    /// How bad the value is: what has no number after what has, and then by size.
    fn severity(&self) -> (u8, f64) {
        let lower_is_worse =
            matches!(self.signal, Signal::SystolicBp | Signal::DiastolicBp | Signal::MeanBp | Signal::Spo2 | Signal::Gcs | Signal::Ice);
        match self.value {
            Value::Number(x, _) => (0, if lower_is_worse { -x } else { x }),
            Value::Code(code) => (0, f64::from(code as u8)),
            Value::Unquantified => (1, 0.0),
            // Whatever is charted of an infusion at the same instant tells more.
            Value::Words if self.signal.is_rate() => (0, -1.0),
            Value::Words => (2, 0.0),
        }
    }
}
