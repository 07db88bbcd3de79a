//! Death, and whether CRS caused it.

use super::Known;
use crate::course::Evidence;
use barograph_record::{Code, Event};

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
        let cause = cause.to_lowercase();
        let names = |words: &[&str]| words.iter().any(|w| cause.contains(w));
        // How somebody died is not why.
        let mechanism = names(&["organ failure", "multiorgan", "cardiac arrest", "respiratory failure"])
            && !names(&["sepsis", "septic", "due to", "from "]);
        let of_crs = if cause.trim().is_empty() || names(&["unknown"]) || (mechanism && !names(&["crs", "cytokine"])) {
            Known::Unknown
        } else if names(&["crs", "cytokine"]) && !names(&["not ", "no crs", "unrelated", "other than", "without"]) {
            Known::Yes
        } else {
            Known::No
        };
        Some(Self { evidence: Evidence::of(event), of_crs })
    }
}
