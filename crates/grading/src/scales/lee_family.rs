//! What Lee 2014 and the two scales written after it, CARTOX and its edition for children, have in common.
//!
//! All three grade the dose of vasopressors, the fraction of oxygen, ventilation, and organ toxicity by CTCAE v4.03; they
//! differ in what is low, which doses are high, what makes hypotension life-threatening, and in CPAP and BiPAP.

use super::parts::{self, CirculationGrades};
use super::{Facts, Signs, Verdict};
use crate::axes::{Axes, Choices, PressureSet, Reading};
use crate::course::{Cause, Grade};
use crate::missing::Missing;
use crate::policy::DoseTables;
use barograph_record::Instant;

/// Strong support, of whether doses are high and whether there are several vasopressors.
type Strong = fn(Reading<bool>, Reading<bool>) -> Reading<bool>;

/// Where one of the three stands.
pub(super) struct LeeFamily {
    /// Which pressure is low.
    pub(super) pressures: PressureSet,
    /// Which doses are high: grade 3.
    pub(super) doses: fn(&Choices) -> DoseTables,
    /// Under which support a pressure that stays low is grade 4; `None` where hypotension makes no grade 4.
    pub(super) persistent: Option<Strong>,
    /// What CPAP and BiPAP are.
    pub(super) noninvasive: fn(&Axes) -> Grade,
}

impl LeeFamily {
    pub(super) fn grade(&self, axes: &Axes) -> Verdict {
        let set = self.pressures;
        let high = self.high(axes);
        let grades = CirculationGrades {
            fluids: Grade::exactly(2),
            one: 2,
            several: Grade::exactly(3),
            worst: if self.persistent.is_some() { 4 } else { 3 },
            undecided: Missing::Nothing,
        };
        let persistent = |support: Strong| parts::persistent(axes, set, support(high, parts::several(axes, set)), 4);
        let [transaminases, bilirubin, creatinine] = parts::organs_as_lee(axes);
        let verdict = parts::worst(
            axes,
            set,
            &[
                parts::fever(axes, Grade::exactly(1), Missing::Nothing),
                parts::circulation(axes, set, grades),
                parts::on_vasopressors(axes, set, high, 3),
                self.persistent.map_or(parts::Part::ABSENT, persistent),
                parts::oxygen(axes, 2, 3),
                parts::ventilation(axes, (self.noninvasive)(axes), 4),
                transaminases,
                bilirubin,
                creatinine,
            ],
        );
        parts::doses_noted(axes, parts::organs_noted(axes, verdict))
    }

    pub(super) fn causes(&self, axes: &Axes, now: Instant, facts: &mut Facts, out: &mut Vec<Cause>) {
        facts.tell(axes, now, self.pressures, out);
        parts::dose_causes(axes, self.high(axes), out);
    }

    pub(super) fn signs(&self, axes: &Axes) -> Signs {
        parts::any_sign(axes, self.pressures)
    }

    fn high(&self, axes: &Axes) -> Reading<bool> {
        axes.answers().high_dose((self.doses)(&axes.choices))
    }
}
