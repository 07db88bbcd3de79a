//! Scales: published definitions that turn axes at an instant into a grade. One file each.

mod astct_2019;
mod cartox_2018;
mod ctcae_4_03;
mod ctcae_5_0;
mod facts;
mod lee_2014;
mod lee_family;
mod mahadeo_2019;
mod mskcc_2018;
mod parts;
mod penn_2014;

use crate::axes::{Axes, Known, PressureSet};
use crate::course::{Cause, Grade};
use crate::missing::{Missing, Unstated};
use barograph_record::Instant;
pub use barograph_record::Verified;
pub use facts::Facts;

/// What a scale says of one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The grade.
    pub grade: Grade,
    /// The ceiling, were what has lapsed as it was last charted and every suspicion unfounded.
    pub charted_ceiling: u8,
    /// What would have to be charted for floor and ceiling to meet.
    pub unstated: Unstated,
    /// Whether the ceiling is open because something was never charted or is too old.
    pub gap: bool,
    /// Whether what opens the ceiling was never charted at all.
    pub uncharted: bool,
    /// Grade that one low pressure, awaiting the second, would make; 0 where there is none.
    pub suspected: u8,
    /// Whether the pressure is not known now, so that a suspicion is not refuted.
    pub pressure_unknown: bool,
    /// What of breathing support is still to be charted, and what it leaves open.
    pub awaited: Option<Awaited>,
    /// Which stretch of breathing support this is; 0 where it does not count.
    pub spell: u32,
    /// Ceiling, were vasopressors to run on until their time makes a higher grade; 0 where they do not.
    pub pending: u8,
    /// Remarks that hold at this instant.
    pub notes: Notes,
}

/// A ceiling that rests on a detail still to be charted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// The grade that is not excluded without it.
    pub ceiling: u8,
    /// Whether it is the reason of the support, which may be charted at any later time.
    pub reason: bool,
}

/// The signs that open, hold and end an episode by a scale that has a course of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    /// There is fever.
    pub febrile: bool,
    /// There is another sign that makes CRS.
    pub present: bool,
    /// There is a sign other than fever that CRS is not over with.
    pub holds: bool,
    /// It is known that there is none that CRS is not over with.
    pub free: bool,
}

macro_rules! notes {
    ($($bit:literal $constant:ident $name:literal $text:literal;)*) => {
        impl Notes {
            $(#[doc = $text] pub const $constant: Self = Self(1 << $bit);)*

            /// Every remark: its name in the output and what it means.
            pub const ALL: &'static [(Self, &'static str, &'static str)] = &[$((Self::$constant, $name, $text),)*];
        }
    };
}

/// A set of named remarks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Notes(u32);

notes! {
    0 ONSET_LATE "onset-after-day-14" "CRS began later than the policy's late-onset day (14 by default); other causes deserve a look";
    1 HYPOTENSION_WITHOUT_FEVER "hypotension-without-fever" "hypotension was charted while the definition's fever was not; it is not graded as CRS";
    2 HYPOXIA_WITHOUT_FEVER "hypoxia-without-fever" "oxygen or ventilation was charted while the definition's fever was not; it is not graded as CRS";
    3 MASKED "fever-may-be-masked" "temperatures were normal under an antipyretic, anticytokine drug or steroid given before CRS was established";
    4 SOLE_VASOPRESSIN "sole-vasopressin" "vasopressin ran alone; the definition is silent and the policy decided";
    5 INOTROPE "inotrope-not-counted" "a vasoactive ran that the policy does not count as a vasopressor (milrinone, dobutamine)";
    6 HIGH_FLOW_AT_LOW_RATE "high-flow-at-low-rate" "a high-flow cannula ran at 6 L/min or less: low flow by its rate, high flow by its name";
    7 OTHER_INDICATION "ventilated-for-other-reason" "ventilation for airway protection or a procedure was left out of the grade";
    8 INDICATION_UNSTATED "ventilation-indication-unstated" "the reason for ventilation was not charted; it raised the ceiling only";
    9 ATTRIBUTED "attributed-to-other-cause" "somebody attributed a sign to another cause than CRS; it was left out of the grade";
    10 HOME_SUPPORT "home-support-subtracted" "breathing support that the patient has at home was left out of the grade";
    11 DEATH_CAUSE_UNSTATED "cause-of-death-unstated" "the patient died and the cause was not charted; where CRS is not excluded this raises the ceiling to 5";
    12 DEATH_OTHER "death-of-other-cause" "the patient died of another cause than CRS";
    30 AFTER_DEATH "charted-after-death" "vital signs are dated after the death; nothing is graded after it, so one of the two times may be wrong";
    13 NOT_RESOLVED "not-resolved-in-record" "the record ends before resolution could be shown";
    14 INFUSION_ASSUMED "infusion-time-assumed" "no infusion was recorded; day 0 is an admission standing in for it";
    15 AXILLARY "axillary-temperature" "a fever rests on an axillary temperature; no correction was made";
    27 LATER_NOT_EXCLUDED "later-crs-not-excluded" "after the episode too little was charted to exclude that CRS went on or came back";
    17 UNOBSERVED "not-observed-throughout" "the patient was discharged and came back; the days between are listed as a gap and do not open the peak";
    18 WITHOUT_FEVER "graded-without-fever" "hypotension or hypoxia was graded without fever, for which this scale does not ask";
    19 FIO2_ESTIMATED "fio2-estimated" "the FiO2 was estimated from the flow of a nasal cannula";
    20 ORGANS_NOT_GRADED "organ-toxicity-not-graded" "this scale grades organ toxicity, which the policy leaves out for want of the laboratory's limits";
    21 DOSES_SCALED "doses-scaled-to-weight" "the absolute vasopressor doses of Lee 2014 were scaled to weight: a modified definition";
    22 PROVISIONAL "vasopressor-time-provisional" "vasopressors had not yet run for the 24 h that make a higher grade";
    23 SIGN_AFTER_END "sign-after-the-end" "the scale's own end of CRS was reached while a sign that it grades was still there";
    24 JUDGEMENT "needs-judgement" "the definition asks for a judgement that charting does not hold; state it in a row of reported grade that names the scale";
    25 REPORTED "as-reported" "the grade is one that somebody stated";
    26 REPORTED_UNUSABLE "reported-grade-not-understood" "a stated grade was no whole number from 0 to 5";
    28 SUPPORT_BEFORE "support-before-infusion" "oxygen, ventilation or vasopressors ran since before the infusion; as far as they were not raised since, the policy decided";
    29 EARLIER_NOT_EXCLUDED "earlier-crs-not-excluded" "before the first episode, and apart from it, too little was charted to exclude CRS";
    16 FEVER_WAIVED "fever-waived-after-treatment" "fever was no longer needed for the grade after antipyretic, anticytokine or steroid treatment";
}

impl Notes {
    /// No remark.
    pub const NONE: Self = Self(0);

    /// Adds a remark where a condition holds.
    #[must_use]
    pub const fn with(self, note: Self, holds: bool) -> Self {
        if holds { Self(self.0 | note.0) } else { self }
    }

    /// Takes a remark away.
    #[must_use]
    pub const fn without(self, note: Self) -> Self {
        Self(self.0 & !note.0)
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of them that tell of signs which no grade shows.
    #[must_use]
    pub(crate) const fn ungraded(self) -> Self {
        let told = Self::HYPOTENSION_WITHOUT_FEVER.union(Self::HYPOXIA_WITHOUT_FEVER).union(Self::DEATH_OTHER);
        Self(self.0 & told.0)
    }

    /// Whether a remark is among them.
    pub const fn contains(self, note: Self) -> bool {
        self.0 & note.0 != 0
    }

    /// Their names, in a fixed order.
    pub fn names(self) -> Vec<&'static str> {
        Self::ALL.iter().filter(|(note, ..)| self.contains(*note)).map(|(_, name, _)| *name).collect()
    }
}

/// A published definition.
///
/// A scale is a pure function of the axes at an instant; everything that needs time stands in the axes.
pub trait Scale: Sync {
    /// Id on the command line and in every output.
    fn id(&self) -> &'static str;
    /// Name in words.
    fn title(&self) -> &'static str;
    /// Where it was published.
    fn citation(&self) -> &'static str;
    /// How sure the wording is.
    fn verified(&self) -> Verified;
    /// The grade of an instant; the axes are settled at it.
    fn grade(&self, axes: &Axes, now: Instant) -> Verdict;
    /// The facts behind that grade; called only when the grade or its facts changed.
    fn causes(&self, axes: &Axes, now: Instant, facts: &mut Facts, out: &mut Vec<Cause>);
    /// The thresholds of hypotension that it goes by; it is asked again only when something it can see has changed.
    fn pressures(&self) -> PressureSet {
        PressureSet::Policy
    }
    /// The signs that open and end an episode of this scale; `None` where episodes are those of
    /// [`Axes::syndrome`], which begin with fever.
    fn signs(&self, _axes: &Axes) -> Option<Signs> {
        None
    }
}

/// Death, which every definition treats alike: due to CRS it is grade 5, and it may be while CRS is `open`, or was never
/// excluded.
pub(crate) fn with_death(axes: &Axes, open: bool, mut verdict: Verdict) -> Verdict {
    let Some(death) = axes.death else { return verdict };
    match death.of_crs {
        Known::Yes => {
            verdict.grade = Grade::exactly(5);
            verdict.charted_ceiling = 5;
            verdict.unstated = Unstated::default();
            (verdict.gap, verdict.suspected, verdict.pending) = (false, 0, 0);
        }
        Known::Unknown if open || verdict.grade.ceiling() > 0 => {
            verdict.grade = Grade::between(verdict.grade.floor(), 5);
            verdict.charted_ceiling = 5;
            verdict.unstated.add(Missing::CauseOfDeath);
            verdict.notes = verdict.notes.union(Notes::DEATH_CAUSE_UNSTATED);
        }
        Known::Unknown => verdict.notes = verdict.notes.union(Notes::DEATH_CAUSE_UNSTATED),
        Known::No => verdict.notes = verdict.notes.union(Notes::DEATH_OTHER),
    }
    verdict
}

/// Every scale, in the order of the reference. A new one adds its file and a line here.
pub const ALL: &[&dyn Scale] = &[
    &astct_2019::Astct2019,
    &lee_2014::Lee2014,
    &penn_2014::Penn2014,
    &ctcae_4_03::Ctcae403,
    &ctcae_5_0::Ctcae50,
    &mskcc_2018::Mskcc2018,
    &cartox_2018::Cartox2018,
    &mahadeo_2019::Mahadeo2019,
];

/// The scale of this id.
pub fn by_id(id: &str) -> Option<&'static dyn Scale> {
    ALL.iter().copied().find(|scale| scale.id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_note_is_told_by_its_own_name_alone() {
        for (note, name, text) in Notes::ALL {
            assert_eq!(Notes::NONE.with(*note, true).names(), [*name]);
            assert!(!text.is_empty(), "{name}");
        }
        let all = Notes::ALL.iter().fold(Notes::NONE, |all, (note, ..)| all.union(*note));
        assert_eq!(all.0.count_ones() as usize, Notes::ALL.len());
        assert_eq!(all.names().len(), Notes::ALL.len());
    }
}
