//! Mahadeo 2019, CARTOX for children, by PALISI and MD Anderson.
//!
//! Source: Mahadeo KM, Khazal SJ, Abdel-Azim H, et al. Management guidelines for paediatric patients receiving chimeric
//! antigen receptor T cell therapy. Nat Rev Clin Oncol 2019;16:45-63. DOI 10.1038/s41571-018-0075-2, table 2 (primary).
//!
//! | Grade | Definition, at any temperature from grade 2 on |
//! |---|---|
//! | 1 | 38 °C or more, no hypotension, no hypoxia, organ toxicity of grade 1 at most |
//! | 2 | hypotension that answers to fluids or a low dose of a vasopressor; FiO2 below 40 % to keep saturation above 88 %; grade 2 organ toxicity |
//! | 3 | hypotension on a high dose or several vasopressors; FiO2 of 40 % or more, or BiPAP; grade 3 organ toxicity or grade 4 transaminitis |
//! | 4 | hypotension that persists despite fluids and several vasopressors; invasive ventilation; grade 4 organ toxicity other than transaminitis |
//! | 5 | death due to CRS |
//!
//! - Hypotension: below 70 + 2 × age mmHg from 1 to 10 years, below 90 mmHg above; no rule is given below 1 year, where
//!   the ceiling opens.
//! - CRS begins with the first sign and is over once all have been gone for the policy's hours.
//! - Which doses are high the policy decides: by both tables of `knowledge/vasopressor-doses.toml` unless it says
//!   otherwise, so that between the two the ceiling opens.
//! - CPAP is taken for BiPAP. FiO2 as measured; on a plain cannula without it, estimated from the flow.
//! - Organ toxicity (CTCAE v4.03) counts where the policy gives the laboratory's limits; oliguria is not charted here.

use super::lee_family::LeeFamily;
use super::{Facts, Scale, Signs, Verdict, Verified};
use crate::axes::{Axes, PressureSet};
use crate::course::{Cause, Grade};
use barograph_record::Instant;

/// The scale `mahadeo-2019`.
pub(super) struct Mahadeo2019;

const FAMILY: LeeFamily = LeeFamily {
    pressures: PressureSet::Mahadeo2019,
    doses: |choices| choices.mahadeo_doses,
    persistent: Some(|_, several| several),
    noninvasive: |_| Grade::exactly(3),
};

impl Scale for Mahadeo2019 {
    fn id(&self) -> &'static str {
        "mahadeo-2019"
    }

    fn title(&self) -> &'static str {
        "Paediatric CARTOX grading of cytokine release syndrome"
    }

    fn citation(&self) -> &'static str {
        "Mahadeo 2019, Nat Rev Clin Oncol 16:45, DOI 10.1038/s41571-018-0075-2"
    }

    fn verified(&self) -> Verified {
        Verified::Primary
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
