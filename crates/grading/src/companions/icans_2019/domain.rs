//! One domain of ICANS at an instant.

use crate::course::Grade;
use barograph_record::Event;

/// One domain: what is certain, what is not excluded, and the latter as it was last charted.
pub(super) struct Domain<'r> {
    pub(super) grade: Grade,
    pub(super) charted_ceiling: u8,
    pub(super) unstated: Option<&'static str>,
    pub(super) fact: Option<(&'static str, &'r Event)>,
    pub(super) lapse: Lapse,
}

/// Whether a domain is open because its charting is too old, or was never there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lapse {
    No,
    TooOld,
    Never,
}

impl<'r> Domain<'r> {
    pub(super) const ABSENT: Self = Self { grade: Grade::NONE, charted_ceiling: 0, unstated: None, fact: None, lapse: Lapse::No };

    pub(super) fn known(grade: u8, role: &'static str, event: &'r Event) -> Self {
        Self { grade: Grade::exactly(grade), charted_ceiling: grade, fact: Some((role, event)), ..Self::ABSENT }
    }

    /// Nothing excludes the highest grade; `charted` is what it was when last charted.
    pub(super) fn lapsed(charted: Option<u8>, unstated: &'static str) -> Self {
        let lapse = if charted.is_some() { Lapse::TooOld } else { Lapse::Never };
        Self { grade: Grade::between(0, 4), charted_ceiling: charted.unwrap_or(0), unstated: Some(unstated), fact: None, lapse }
    }

    pub(super) fn undecided(floor: u8, ceiling: u8, unstated: &'static str) -> Self {
        Self { grade: Grade::between(floor, ceiling), charted_ceiling: ceiling, unstated: Some(unstated), ..Self::ABSENT }
    }
}
