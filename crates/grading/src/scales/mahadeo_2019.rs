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

use super::parts::{self, CirculationGrades};
use super::{Scale, Signs, Verdict, Verified};
use crate::axes::{Axes, PressureSet};
use crate::course::{Cause, Grade};
use barograph_record::Instant;

/// The scale `mahadeo-2019`.
pub(super) struct Mahadeo2019;

const SET: PressureSet = PressureSet::Mahadeo2019;

const CIRCULATION: CirculationGrades =
    CirculationGrades { fluids: Grade::exactly(2), one: 2, several: Grade::exactly(3), worst: 4, undecided: "" };

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
        let high = axes.answers().high_dose(axes.choices.mahadeo_doses);
        let several = parts::several(axes, SET);
        let [transaminases, bilirubin, creatinine] = parts::organs_as_lee(axes);
        let verdict = parts::worst(
            axes,
            SET,
            &[
                parts::fever(axes, Grade::exactly(1), ""),
                parts::circulation(axes, SET, CIRCULATION),
                parts::on_vasopressors(axes, SET, high, 3),
                parts::persistent(axes, SET, several, 4),
                parts::oxygen(axes, 2, 3),
                parts::ventilation(axes, Grade::exactly(3), 4),
                transaminases,
                bilirubin,
                creatinine,
            ],
        );
        parts::doses_noted(axes, parts::organs_noted(axes, verdict))
    }

    fn causes(&self, axes: &Axes, now: Instant, out: &mut Vec<Cause>) {
        parts::causes(axes, now, SET, out);
        parts::dose_causes(axes, axes.answers().high_dose(axes.choices.mahadeo_doses), out);
    }

    fn signs(&self, axes: &Axes) -> Option<Signs> {
        Some(parts::any_sign(axes, SET))
    }
}
