//! The scale of Memorial Sloan Kettering Cancer Center.
//!
//! Source: Park JH, Rivière I, Gonen M, et al. Long-term follow-up of CD19 CAR therapy in acute lymphoblastic leukemia.
//! N Engl J Med 2018;378:449-459. DOI 10.1056/NEJMoa1709919. Table read in a reproduction (PMC7006459: secondary).
//!
//! | Grade | Any of |
//! |---|---|
//! | 1 | mild: observation or supportive care only |
//! | 2 | any vasopressor for less than 24 h; oxygen below 40 % |
//! | 3 | any vasopressor for 24 h or more; oxygen of 40 % or more |
//! | 4 | hypotension refractory to high-dose vasopressors; mechanical ventilation |
//! | 5 | death |
//!
//! - Fever is not mandatory. CRS begins with the first sign and is over once all have been gone for the policy's hours.
//! - Vasopressor time adds up over pauses shorter than the policy's. Until it reaches 24 h the grade is provisional,
//!   grade 2 with a ceiling of 3; once the vasopressors are stopped earlier, the peak is 2.
//! - "Refractory" is read as a pressure that stays low on a high dose; the table of high doses is the policy's.
//! - Fluids alone are not named: grade 1 by default. Organ toxicity is not part of the scale.
//! - FiO2 as measured; on a plain cannula without it, estimated from the flow. CPAP and BiPAP: the policy decides.

use super::parts::{self, CirculationGrades};
use super::{Facts, Notes, Scale, Signs, Verdict, Verified};
use crate::axes::{Axes, PressureSet};
use crate::course::{Cause, Grade};
use crate::missing::Missing;
use barograph_record::Instant;

/// The scale `mskcc-2018`.
pub(super) struct Mskcc2018;

const SET: PressureSet = PressureSet::Policy;

impl Scale for Mskcc2018 {
    fn id(&self) -> &'static str {
        "mskcc-2018"
    }

    fn title(&self) -> &'static str {
        "Memorial Sloan Kettering grading of cytokine release syndrome"
    }

    fn citation(&self) -> &'static str {
        "Park 2018, N Engl J Med 378:449, DOI 10.1056/NEJMoa1709919"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, axes: &Axes, _now: Instant) -> Verdict {
        let grades = CirculationGrades {
            fluids: axes.choices.mskcc_fluids,
            one: 2,
            several: Grade::exactly(2),
            worst: 4,
            undecided: Missing::TreatmentOfHypotension,
        };
        let long = axes.answers().long_on_vasopressors;
        let high = axes.answers().high_dose(axes.choices.mskcc_doses);
        let mut verdict = parts::worst(
            axes,
            SET,
            &[
                parts::fever(axes, Grade::exactly(1), Missing::Nothing),
                parts::circulation(axes, SET, grades),
                parts::on_vasopressors(axes, SET, long, 3),
                parts::persistent(axes, SET, high, 4),
                parts::oxygen(axes, 2, 3),
                parts::ventilation(axes, parts::noninvasive_unnamed(axes), 4),
            ],
        );
        verdict.notes = verdict.notes.with(Notes::PROVISIONAL, verdict.pending > 0);
        parts::doses_noted(axes, verdict)
    }

    fn causes(&self, axes: &Axes, now: Instant, facts: &mut Facts, out: &mut Vec<Cause>) {
        facts.tell(axes, now, SET, out);
        parts::dose_causes(axes, axes.answers().high_dose(axes.choices.mskcc_doses), out);
    }

    fn signs(&self, axes: &Axes) -> Option<Signs> {
        Some(parts::any_sign(axes, SET))
    }
}
