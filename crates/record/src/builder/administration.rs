//! Rows of a drug that say that it was not given.
//!
//! A medication chart has a row for what was held or refused too, often with the amount that was ordered. Such a row is no dose. Words are
//! read narrowly: what says both that it was given and that it was not stays a dose, and the ledger says so.

use super::{Observation, RawValue};
use crate::{Group, Signal};

/// What the words of a row say of a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing against its having been given.
    Given,
    /// That it was not given.
    NotGiven,
    /// Both.
    Unclear,
}

/// Wordings that a dose was not given, with blanks around them.
const NOT_GIVEN: &[&str] = &[
    " not given ",
    " not administered ",
    " not done ",
    " not received ",
    " not taken ",
    " never given ",
    " held ",
    " hold ",
    " withheld ",
    " refused ",
    " refuses ",
    " declined ",
    " omitted ",
    " missed ",
    " cancelled ",
    " canceled ",
];

/// Words beside which such a wording may speak of something else than this dose.
const OTHERWISE: &[&str] = &[
    "administered",
    "after",
    "before",
    "earlier",
    "given",
    "last",
    "later",
    "min",
    "minutes",
    "next",
    "not",
    "previous",
    "previously",
    "prior",
    "received",
    "restarted",
    "resumed",
    "taken",
    "then",
];

/// Reads what was written beside an amount, or in its place.
pub(super) fn read(text: &str) -> Said {
    if text.is_empty() {
        return Said::Given;
    }
    let letters: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let plain = format!(" {} ", letters.split_whitespace().collect::<Vec<_>>().join(" "));
    // Neighbours share a blank, so one wording may follow another.
    let mut rest = plain.clone();
    for wording in NOT_GIVEN {
        while rest.contains(wording) {
            rest = rest.replacen(wording, " ", 1);
        }
    }
    if rest == plain {
        return Said::Given;
    }
    if rest.split_whitespace().any(|word| OTHERWISE.contains(&word)) { Said::Unclear } else { Said::NotGiven }
}

/// Whether the words of a drug's row say that it was not given. An infusion whose row says so and has a rate runs: support is not taken
/// away from a patient for a word.
pub(super) fn not_given(row: &Observation<'_>) -> Said {
    let drug = matches!(row.signal.group(), Group::Drug | Group::Fluid) || row.signal == Signal::VasopressorPush;
    if !drug && !row.signal.is_rate() {
        return Said::Given;
    }
    let value = if let RawValue::Text(text) = row.value { read(text) } else { Said::Given };
    match (value, read(row.detail)) {
        _ if !drug => match read(row.detail) {
            Said::Given => Said::Given,
            _ => Said::Unclear,
        },
        (Said::NotGiven, Said::Given | Said::NotGiven) | (Said::Given, Said::NotGiven) => Said::NotGiven,
        (Said::Given, Said::Given) => Said::Given,
        _ => Said::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_wording_takes_a_dose_away() {
        for text in [
            "not given",
            "Held",
            "refused",
            "Refused by patient.",
            "HELD - platelets 9",
            "not given: vomited",
            "patient refused",
            "on hold",
            "held until 14:00",
        ] {
            assert_eq!(read(text), Said::NotGiven, "{text}");
        }
        for text in ["", "given", "IV, household", "Infusion, 240 mg", "threshold reached", "first dose"] {
            assert_eq!(read(text), Said::Given, "{text}");
        }
        for text in [
            "held, then given",
            "refused by mouth, given IV",
            "not held",
            "next dose held",
            "held for 10 min, resumed",
            "previous dose refused",
        ] {
            assert_eq!(read(text), Said::Unclear, "{text}");
        }
    }
}
