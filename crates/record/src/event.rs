//! One thing that happened.

use crate::{Code, Instant, Signal};

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
    /// Given or running, in an amount that is not stated or could not be converted.
    Unquantified,
    /// Free words, kept in the event's detail.
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
}

impl Event {
    /// Rank within one instant: what is worse for the patient is applied later and so prevails.
    ///
    /// Two pressures charted at one minute leave the lower; a bag change charted as stop and start
    /// leaves the infusion running. The rank makes a record independent of the order of its rows.
    pub(crate) fn severity_rank(&self) -> (u8, f64) {
        let number = |sign: f64| self.value.number().map_or((1, 0.0), |x| (0, sign * x));
        match self.signal {
            Signal::SystolicBp | Signal::DiastolicBp | Signal::MeanBp | Signal::Spo2 | Signal::Gcs | Signal::Ice => number(-1.0),
            _ => match self.value {
                Value::Code(code) => (0, f64::from(code as u8)),
                _ => number(1.0),
            },
        }
    }
}
