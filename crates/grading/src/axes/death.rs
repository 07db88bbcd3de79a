//! Death, and whether CRS caused it.

use super::{Known, wording};
use crate::course::Evidence;
use barograph_record::{Code, Event};

/// Beginnings of words, or words, that name another cause than CRS.
const OTHER_CAUSES: &[&str] = &[
    "accident",
    "aspergill",
    "bacter",
    "bleeding",
    "candid",
    "cerebral edema",
    "cerebral oedema",
    "embolism",
    "fung",
    "graft versus host",
    "gvhd",
    "haemophagocytic",
    "haemorrhag",
    "hemophagocytic",
    "hemorrhag",
    "hlh",
    "icans",
    "iec hs",
    "infection",
    "leukaemia",
    "leukemia",
    "lymphoma",
    "neurotox",
    "pneumonia",
    "progression",
    "progressive disease",
    "relapse",
    "sepsis",
    "septic",
    "septicaemia",
    "septicemia",
    "stroke",
    "trauma",
    "viral",
    "virus",
];

/// How somebody died is not why.
const MECHANISMS: &[&str] = &[
    "arrest",
    "cardiac arrest",
    "death",
    "died",
    "mods",
    "multi organ failure",
    "multiorgan failure",
    "multiple organ failure",
    "organ failure",
    "refractory shock",
    "respiratory failure",
    "shock",
];

/// A death, and what is said of its cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Death {
    /// The row that tells of it.
    pub evidence: Evidence,
    /// Whether CRS was its cause.
    pub of_crs: Known,
}

impl Death {
    /// Reads a death row; `None` when it says that the patient did not die.
    pub(super) fn read(event: &Event, cause: &str) -> Option<Self> {
        if event.value.code() != Some(Code::Yes) {
            return None;
        }
        Some(Self { evidence: Evidence::of(event), of_crs: of_crs(&wording::plain(cause)) })
    }
}

/// What the words say; CRS beside anything else, like a cause that is not recognised, leaves it open.
fn of_crs(cause: &str) -> Known {
    let mechanism = wording::before_cause(cause).filter(|(how, _)| MECHANISMS.contains(how));
    if wording::is_crs(cause) || mechanism.is_some_and(|(_, why)| wording::is_crs(why)) {
        return Known::Yes;
    }
    let denied = wording::beside_denial(cause);
    let rest = denied.as_deref().unwrap_or(cause);
    let nothing_else = denied.is_some() && matches!(rest, "" | "cause" | "causes" | "death" | "died");
    let padded = format!(" {rest}");
    let other = OTHER_CAUSES.iter().any(|name| padded.contains(&format!(" {name}")));
    let plainly = !wording::names_crs(rest) && !wording::doubts(rest);
    if plainly && (other || nothing_else) { Known::No } else { Known::Unknown }
}
