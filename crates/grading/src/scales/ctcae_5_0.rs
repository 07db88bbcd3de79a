//! CTCAE v5.0, term "Cytokine release syndrome".
//!
//! Source: National Cancer Institute. Common Terminology Criteria for Adverse Events, version 5.0, 27 November 2017.
//! Wording recalled.
//!
//! | Grade | Definition |
//! |---|---|
//! | 1 | fever, with or without constitutional symptoms |
//! | 2 | hypotension that answers to fluids; hypoxia that answers to less than 40 % oxygen |
//! | 3 | hypotension managed with one vasopressor; hypoxia that needs 40 % oxygen or more |
//! | 4 | life-threatening consequences; urgent intervention indicated |
//! | 5 | death |
//!
//! - Hypotension and hypoxia grade without fever. CRS begins with the first sign and is over once all have been gone
//!   for the policy's hours; the source names neither.
//! - The dose of a vasopressor does not count, nor does organ toxicity, which has terms of its own.
//! - Invasive ventilation is taken for an urgent intervention: grade 4. Whether CPAP and BiPAP are, and what more than
//!   one vasopressor is (grade 4 by default, as grade 3 is limited to one), the policy decides.
//! - FiO2 as measured; on a plain cannula without it, estimated from the flow.

use super::parts::{self, CirculationGrades};
use super::{Facts, Scale, Signs, Verdict, Verified};
use crate::axes::{Axes, PressureSet};
use crate::course::{Cause, Grade};
use crate::missing::Missing;
use barograph_record::Instant;

/// The scale `ctcae-5.0`.
pub(super) struct Ctcae50;

const SET: PressureSet = PressureSet::Policy;

impl Scale for Ctcae50 {
    fn id(&self) -> &'static str {
        "ctcae-5.0"
    }

    fn title(&self) -> &'static str {
        "CTCAE version 5.0, cytokine release syndrome"
    }

    fn citation(&self) -> &'static str {
        "National Cancer Institute, Common Terminology Criteria for Adverse Events v5.0 (2017)"
    }

    fn verified(&self) -> Verified {
        Verified::Recalled
    }

    fn grade(&self, axes: &Axes, _now: Instant) -> Verdict {
        let grades = CirculationGrades {
            fluids: Grade::exactly(2),
            one: 3,
            several: axes.choices.ctcae5_several,
            worst: 4,
            undecided: Missing::UrgentIntervention,
        };
        parts::worst(
            axes,
            SET,
            &[
                parts::fever(axes, Grade::exactly(1), Missing::Nothing),
                parts::circulation(axes, SET, grades),
                parts::oxygen(axes, 2, 3),
                parts::ventilation(axes, parts::noninvasive_unnamed(axes), 4),
            ],
        )
    }

    fn causes(&self, axes: &Axes, now: Instant, facts: &mut Facts, out: &mut Vec<Cause>) {
        facts.tell(axes, now, SET, out);
    }

    fn signs(&self, axes: &Axes) -> Option<Signs> {
        Some(parts::any_sign(axes, SET))
    }
}
