//! Lee 2014, the consensus of the National Cancer Institute and others.
//!
//! Source: Lee DW, Gardner R, Porter DL, et al. Current concepts in the diagnosis and management of cytokine release
//! syndrome. Blood 2014;124:188-195. DOI 10.1182/blood-2014-05-552729. Table read in reproductions (secondary); the
//! high doses are recalled, the 3 hours secondary.
//!
//! | Grade | Any of |
//! |---|---|
//! | 1 | symptoms that need symptomatic treatment only: fever, nausea, fatigue, headache, myalgia, malaise |
//! | 2 | oxygen with FiO2 below 40 %; hypotension that answers to fluids or to a low dose of one vasopressor; grade 2 organ toxicity |
//! | 3 | oxygen with FiO2 of 40 % or more; hypotension on a high dose or on several vasopressors; grade 3 organ toxicity, or grade 4 transaminitis |
//! | 4 | ventilator support; grade 4 organ toxicity other than transaminitis |
//! | 5 | death due to CRS |
//!
//! - Fever is not mandatory. CRS begins with the first fever, hypotension or hypoxia and is over once all have been
//!   gone for the policy's hours; the source names no number.
//! - High doses are those of `knowledge/vasopressor-doses.toml`, table `lee-2014`, once they have run for 3 hours.
//!   They are absolute: without a weight the ceiling opens. A policy may scale them from an adult of 70 kg.
//! - FiO2 as measured; on a plain cannula without it, estimated from the flow.
//! - Organ toxicity (CTCAE v4.03) counts where the policy gives the laboratory's limits. A child's limits depend on age.
//! - Some copies of the table print grade 3 as "below 40 %"; it is 40 % or more.
//!
//! Whether CPAP and BiPAP are ventilator support the source does not say; the policy decides.

use super::lee_family::LeeFamily;
use super::parts;
use super::{Facts, Scale, Signs, Verdict, Verified};
use crate::axes::{Axes, PressureSet};
use crate::course::Cause;
use crate::policy::DoseTables;
use barograph_record::Instant;

/// The scale `lee-2014`.
pub(super) struct Lee2014;

const FAMILY: LeeFamily =
    LeeFamily { pressures: PressureSet::Policy, doses: |_| DoseTables::Lee2014, persistent: None, noninvasive: parts::noninvasive_unnamed };

impl Scale for Lee2014 {
    fn id(&self) -> &'static str {
        "lee-2014"
    }

    fn title(&self) -> &'static str {
        "Lee 2014 consensus grading of cytokine release syndrome"
    }

    fn citation(&self) -> &'static str {
        "Lee 2014, Blood 124:188, DOI 10.1182/blood-2014-05-552729"
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

    fn signs(&self, axes: &Axes) -> Option<Signs> {
        Some(FAMILY.signs(axes))
    }
}
