//! CARTOX, the grading of the CAR-T-cell-therapy-associated toxicity working group at MD Anderson.
//!
//! Source: Neelapu SS, Tummala S, Kebriaei P, et al. Chimeric antigen receptor T-cell therapy: assessment and
//! management of toxicities. Nat Rev Clin Oncol 2018;15:47-62. DOI 10.1038/nrclinonc.2017.148. Table read in
//! reproductions (secondary); that its high doses are those of Lee 2014 is recalled.
//!
//! | Grade | Fever of 38 °C or more | Systolic pressure below 90 mmHg | Oxygen to keep saturation above 90 % | Organ toxicity |
//! |---|---|---|---|---|
//! | 1 | yes, or grade 1 organ toxicity | no | no | 1 |
//! | 2 | any | answers to fluids or a low dose of a vasopressor | FiO2 below 40 % | 2 |
//! | 3 | any | a high dose or several vasopressors | FiO2 of 40 % or more | 3, or grade 4 transaminitis |
//! | 4 | any | life-threatening | ventilator | 4 other than transaminitis |
//! | 5 | death | | | |
//!
//! - Hypotension is below 90 mmHg at any age, as written for adults; most healthy infants are below it.
//! - Fever is not mandatory. CRS begins with the first sign and is over once all have been gone for the policy's hours.
//! - "Life-threatening" is read as a pressure that stays low on a high dose or several vasopressors; the policy decides.
//! - FiO2 as measured; on a plain cannula without it, estimated from the flow. CPAP and BiPAP: the policy decides.
//! - Organ toxicity (CTCAE v4.03) counts where the policy gives the laboratory's limits; grade 1 makes no difference
//!   beside a sign, and does not begin CRS by itself.

use super::lee_family::LeeFamily;
use super::parts;
use super::{Facts, Scale, Signs, Verdict, Verified};
use crate::axes::{Axes, PressureSet};
use crate::course::Cause;
use crate::policy::DoseTables;
use barograph_record::Instant;

/// The scale `cartox-2018`.
pub(super) struct Cartox2018;

const FAMILY: LeeFamily = LeeFamily {
    pressures: PressureSet::Cartox2018,
    doses: |_| DoseTables::Lee2014,
    persistent: Some(parts::either),
    noninvasive: parts::noninvasive_unnamed,
};

impl Scale for Cartox2018 {
    fn id(&self) -> &'static str {
        "cartox-2018"
    }

    fn title(&self) -> &'static str {
        "CARTOX grading of cytokine release syndrome"
    }

    fn citation(&self) -> &'static str {
        "Neelapu 2018, Nat Rev Clin Oncol 15:47, DOI 10.1038/nrclinonc.2017.148"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, axes: &Axes, _now: Instant) -> Verdict {
        FAMILY.grade(axes)
    }

    fn causes(&self, axes: &Axes, now: Instant, facts: &mut Facts, out: &mut Vec<Cause>) {
        FAMILY.causes(axes, now, facts, out);
    }

    fn pressures(&self) -> PressureSet {
        FAMILY.pressures
    }

    fn signs(&self, axes: &Axes) -> Option<Signs> {
        Some(FAMILY.signs(axes))
    }
}
