//! The Penn scale, used in the registration trials of tisagenlecleucel.
//!
//! Source: Porter D, Frey N, Wood PA, Weng Y, Grupp SA. Grading of cytokine release syndrome associated with the CAR T
//! cell therapy tisagenlecleucel. J Hematol Oncol 2018;11:35. DOI 10.1186/s13045-018-0571-y, correction 13 June 2018.
//! Table read in reproductions (secondary); the high doses, start and stop are recalled.
//!
//! | Grade | Any of |
//! |---|---|
//! | 1 | a mild reaction that needs supportive care only |
//! | 2 | organ dysfunction (grade 2 creatinine, grade 3 liver tests); a hospital stay for symptoms of CRS such as neutropenic fever; intravenous treatment other than for pressure |
//! | 3 | worse organ dysfunction (grade 3 creatinine, grade 4 liver tests); hypotension treated with several fluid boluses or low doses of vasopressors; coagulopathy needing plasma, cryoprecipitate or fibrinogen; hypoxia needing any oxygen, CPAP or BiPAP |
//! | 4 | vasopressors at a high dose; hypoxia needing mechanical ventilation |
//! | 5 | death due to CRS |
//!
//! - CRS starts with the first day of fever or myalgia. Myalgia is not charted; hypotension or hypoxia without fever
//!   is graded and remarked on.
//! - CRS stops when there has been neither fever nor a vasopressor for 24 hours (the policy's resolution hours). Oxygen
//!   does not hold it open; where it outlasts the end, that is remarked on.
//! - High doses are those of `knowledge/vasopressor-doses.toml`, table `penn-2014`, once they have run for 3 hours.
//!   They are per kilogram but for phenylephrine and the dopamine term of the equivalent, which need the weight.
//! - Plasma and cryoprecipitate stand for coagulopathy while signs are about; fibrinogen concentrate has no signal.
//! - Organ toxicity counts where the policy gives the laboratory's limits; ALT, AST and bilirubin are the liver tests.
//!   A child's limits depend on age.
//!
//! The reason of a hospital stay is not charted: fever alone is grade 1 unless the policy opens it. So is one fluid
//! bolus grade 2.

use super::parts::{self, CirculationGrades, Part};
use super::{Facts, Notes, Scale, Signs, Verdict, Verified};
use crate::axes::{Axes, Known, Organ, PressureSet};
use crate::course::{Cause, Grade};
use crate::missing::Missing;
use crate::policy::DoseTables;
use barograph_record::Instant;

/// The scale `penn-2014`.
pub(super) struct Penn2014;

const SET: PressureSet = PressureSet::Policy;

fn liver(toxicity: u8) -> u8 {
    if toxicity >= 3 { toxicity - 1 } else { 0 }
}

fn kidney(toxicity: u8) -> u8 {
    if toxicity >= 2 { toxicity.min(3) } else { 0 }
}

impl Scale for Penn2014 {
    fn id(&self) -> &'static str {
        "penn-2014"
    }

    fn title(&self) -> &'static str {
        "Penn grading scale for cytokine release syndrome"
    }

    fn citation(&self) -> &'static str {
        "Porter 2018, J Hematol Oncol 11:35, DOI 10.1186/s13045-018-0571-y"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, axes: &Axes, now: Instant) -> Verdict {
        let high = axes.answers().high_dose(DoseTables::Penn2014);
        let several_boluses = axes.answers().several_boluses;
        let fluids = if several_boluses { Grade::exactly(3) } else { axes.choices.penn_single_bolus };
        let grades = CirculationGrades { fluids, one: 3, several: Grade::exactly(3), worst: 4, undecided: Missing::TreatmentOfHypotension };
        let transfused = axes.answers().signs_about && axes.organs.recent_product(now).is_some();
        let verdict = parts::worst(
            axes,
            SET,
            &[
                parts::fever(axes, axes.choices.penn_fever, Missing::HospitalStay),
                parts::circulation(axes, SET, grades),
                parts::on_vasopressors(axes, SET, high, 4),
                parts::oxygen(axes, 3, 3),
                parts::ventilation(axes, Grade::exactly(3), 4),
                parts::organ(axes, Organ::Transaminases, liver),
                parts::organ(axes, Organ::Bilirubin, liver),
                parts::organ(axes, Organ::Creatinine, kidney),
                if transfused { Part { floor: 3, ceiling: 3, ..Part::ABSENT } } else { Part::ABSENT },
            ],
        );
        let mut verdict = parts::organs_noted(axes, verdict);
        // Nothing is estimated where any oxygen makes the grade.
        verdict.notes = verdict.notes.without(Notes::FIO2_ESTIMATED);
        verdict
    }

    fn causes(&self, axes: &Axes, now: Instant, facts: &mut Facts, out: &mut Vec<Cause>) {
        facts.tell(axes, now, SET, out);
        parts::dose_causes(axes, axes.answers().high_dose(DoseTables::Penn2014), out);
        let product = axes.organs.recent_product(now).filter(|_| axes.answers().signs_about);
        out.extend(product.map(|evidence| Cause { role: "coagulopathy", evidence }));
    }

    fn signs(&self, axes: &Axes) -> Option<Signs> {
        let signs = parts::any_sign(axes, SET);
        let attributed = axes.attribution.circulation.is_some();
        let holds = !attributed && axes.answers().on_vasopressors;
        let afebrile = parts::fever_present(axes) == Known::No;
        let free = afebrile && (attributed || axes.answers().free_of_vasopressors);
        Some(Signs { holds, free, ..signs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organ_dysfunction_is_grade_two_or_three() {
        assert_eq!([0, 1, 2, 3, 4].map(liver), [0, 0, 0, 2, 3]);
        assert_eq!([0, 1, 2, 3, 4].map(kidney), [0, 0, 2, 3, 3]);
    }
}
