//! Death, and whether CRS caused it.

use super::wording::Syndrome;
use super::{Known, wording};
use crate::course::Evidence;
use barograph_record::{Code, Event};

/// Beginnings of words, or words, that name a cause, other than the syndrome asked about where they name that.
const OTHER_CAUSES: &[&str] = &[
    "accident",
    "aspergill",
    "bacter",
    "bleeding",
    "candid",
    "carhlh",
    "cerebral edema",
    "cerebral oedema",
    "crs",
    "cytokine",
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
    /// Whether no cause is named at all.
    silent: bool,
}

impl Death {
    /// Reads a death row; `None` when it says that the patient did not die.
    pub(super) fn read(event: &Event, cause: &str) -> Option<Self> {
        if event.value.code() != Some(Code::Yes) {
            return None;
        }
        Some(Self { evidence: Evidence::of(event), of_crs: caused_by(&wording::CRS, cause), silent: cause.trim().is_empty() })
    }

    /// Takes in another death row of the same instant: one that names a cause speaks for one that names none, and two
    /// that contradict each other decide nothing.
    pub(super) fn beside(&mut self, event: &Event, cause: &str) {
        let Some(other) = Self::read(event, cause) else { return };
        if self.silent {
            *self = other;
        } else if !other.silent && other.of_crs != self.of_crs {
            self.of_crs = Known::Unknown;
        }
    }
}

/// Whether a death was caused by a syndrome, as the words of its cause say; the syndrome beside anything else, like a cause that is not
/// recognised, leaves it open.
pub(crate) fn caused_by(syndrome: &Syndrome, cause: &str) -> Known {
    let plain = syndrome.plain(cause);
    let mechanism = wording::before_cause(&plain).filter(|(how, _)| MECHANISMS.contains(how));
    if syndrome.is_all_of(&plain) || mechanism.is_some_and(|(_, why)| syndrome.is_all_of(why)) {
        return Known::Yes;
    }
    let denied = syndrome.beside_denial(&plain);
    let rest = denied.as_deref().unwrap_or(&plain);
    let nothing_else = denied.is_some() && matches!(rest, "" | "cause" | "causes" | "death" | "died");
    let padded = format!(" {rest}");
    let others = OTHER_CAUSES.iter().filter(|name| !syndrome.owns(name));
    let other = others.into_iter().any(|name| padded.contains(&format!(" {name}")));
    let plainly = !syndrome.is_named_in(rest) && !wording::doubts(rest);
    if plainly && (other || nothing_else) { Known::No } else { Known::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wording::{CRS, ICANS, IEC_HS};

    #[test]
    fn only_a_plain_wording_tells_a_syndrome_from_another_cause() {
        for (cause, icans, iec_hs, crs) in [
            ("icans", Known::Yes, Known::No, Known::No),
            ("ICANS grade 5", Known::Yes, Known::No, Known::No),
            ("due to severe neurotoxicity", Known::Yes, Known::No, Known::No),
            ("ICANS with diffuse cerebral oedema", Known::Yes, Known::No, Known::No),
            ("respiratory failure due to ICANS", Known::Yes, Known::No, Known::No),
            ("IEC-HS", Known::No, Known::Yes, Known::No),
            ("carHLH", Known::No, Known::Yes, Known::No),
            ("CRS", Known::No, Known::No, Known::Yes),
            ("cytokine release syndrome", Known::No, Known::No, Known::Yes),
            ("sepsis", Known::No, Known::No, Known::No),
            ("leukaemia progression; ICANS was excluded", Known::No, Known::Unknown, Known::Unknown),
            ("no ICANS", Known::No, Known::Unknown, Known::Unknown),
            // Two causes, a doubt, a history, or a cause that is not recognised decide nothing.
            ("ICANS and CRS", Known::Unknown, Known::No, Known::Unknown),
            ("possible ICANS", Known::Unknown, Known::Unknown, Known::Unknown),
            ("sepsis after resolved ICANS", Known::Unknown, Known::Unknown, Known::Unknown),
            ("ICANS?", Known::Unknown, Known::Unknown, Known::Unknown),
            ("HLH", Known::No, Known::Unknown, Known::No),
            ("cardiac arrest", Known::Unknown, Known::Unknown, Known::Unknown),
            ("", Known::Unknown, Known::Unknown, Known::Unknown),
        ] {
            let read = (caused_by(&ICANS, cause), caused_by(&IEC_HS, cause), caused_by(&CRS, cause));
            assert_eq!(read, (icans, iec_hs, crs), "{cause:?}");
        }
    }
}
