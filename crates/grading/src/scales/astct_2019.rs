//! ASTCT 2019 consensus grading of cytokine release syndrome.
//!
//! Source: Lee DW, Santomasso BD, Locke FL, et al. ASTCT consensus grading for cytokine release syndrome
//! and neurologic toxicity associated with immune effector cells. Biol Blood Marrow Transplant
//! 2019;25:625-638. DOI 10.1016/j.bbmt.2018.12.758. Table read in reproductions (PMC9327779, PMC8021214:
//! secondary); grade 5, the indication of intubation and the 14-day remark are recalled.
//!
//! | Grade | Fever of 38.0 °C or more | Hypotension | and/or hypoxia needing |
//! |---|---|---|---|
//! | 1 | yes | none | none |
//! | 2 | yes | without vasopressor | low-flow cannula (up to 6 L/min) or blow-by |
//! | 3 | yes | one vasopressor, with or without vasopressin | high-flow cannula (over 6 L/min), face mask, non-rebreather, Venturi mask |
//! | 4 | yes | several vasopressors, vasopressin not among them | positive pressure: CPAP, BiPAP, intubation and ventilation |
//! | 5 | death due to CRS | | |
//!
//! - The grade is the worse of hypotension and hypoxia.
//! - Fever must be there at onset. Once CRS is established, treatment with an antipyretic, an anticytokine
//!   drug or a steroid waives it; hypotension and hypoxia then grade alone.
//! - Hypotension or hypoxia without fever and without waiver is not CRS by this definition: it is noted, not graded.
//! - Signs attributed to another cause do not count. Organ toxicity and vasopressor dose do not count.
//!
//! Where the definition names no number or leaves a choice, the policy decides: `barograph list policies`.

use super::parts::{Part, fever_present};
use super::{Awaited, Facts, Notes, Scale, Verdict, Verified};
use crate::axes::{Axes, BreathingSupport, CirculatorySupport, Doubt, Known};
use crate::course::{Cause, Grade};
use crate::missing::Missing;
use barograph_record::Instant;

/// The scale `astct-2019`.
pub(super) struct Astct2019;

const fn of_circulation(support: CirculatorySupport) -> u8 {
    match support {
        CirculatorySupport::None => 0,
        CirculatorySupport::WithoutVasopressor => 2,
        CirculatorySupport::OneVasopressor => 3,
        CirculatorySupport::SeveralVasopressors => 4,
    }
}

const fn of_breathing(support: BreathingSupport) -> u8 {
    match support {
        BreathingSupport::None => 0,
        BreathingSupport::LowFlow => 2,
        BreathingSupport::HighFlow => 3,
        BreathingSupport::PositivePressure => 4,
    }
}

/// Hypotension and hypoxia as far as nobody attributed them elsewhere.
fn supports(axes: &Axes) -> [Part; 2] {
    let circulation =
        if axes.attribution.circulation.is_some() { Part::ABSENT } else { Part::of(axes.answers().circulation, of_circulation) };
    let breathing = if axes.attribution.breathing.is_some() { Part::ABSENT } else { Part::of(axes.answers().breathing, of_breathing) };
    [circulation, breathing]
}

impl Scale for Astct2019 {
    fn id(&self) -> &'static str {
        "astct-2019"
    }

    fn title(&self) -> &'static str {
        "ASTCT consensus grading of cytokine release syndrome"
    }

    fn citation(&self) -> &'static str {
        "Lee 2019, Biol Blood Marrow Transplant 25:625, DOI 10.1016/j.bbmt.2018.12.758"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, axes: &Axes, now: Instant) -> Verdict {
        let fever = fever_present(axes);
        let open = axes.syndrome.open(now);
        let treated = open && axes.syndrome.waived().is_some();
        let waived = treated && axes.syndrome.certainly_waived(now);
        let [circulation, breathing] = supports(axes);
        let floor = circulation.floor.max(breathing.floor);
        let ceiling = circulation.ceiling.max(breathing.ceiling);
        let masked = !open && fever != Known::Yes && axes.syndrome.masked_by(now).is_some();

        let mut verdict = Verdict {
            pressure_unknown: matches!(circulation.doubt, Doubt::Lapsed | Doubt::Uncharted),
            spell: if axes.attribution.breathing.is_some() { 0 } else { axes.breathing.spell() },
            ..Verdict::none()
        };
        let graded = match fever {
            Known::Yes => Grade::between(floor.max(1), ceiling.max(1)),
            _ if waived => Grade::between(floor, ceiling.max(u8::from(fever == Known::Unknown))),
            // Without fever and without a waiver CRS is not certain, whatever the support. It is not
            // excluded while its fever may have been missed or hidden.
            Known::No if open && ceiling > 0 => {
                verdict.unstated.add(if treated { Missing::Resolution } else { Missing::Treatment });
                Grade::between(0, ceiling)
            }
            Known::No if masked && ceiling > 0 => {
                verdict.unstated.add(Missing::FeverUnderTreatment);
                Grade::between(0, ceiling)
            }
            Known::No => Grade::NONE,
            Known::Unknown => Grade::between(0, ceiling.max(1)),
        };
        verdict.charted_ceiling = graded.floor();
        for part in [circulation, breathing] {
            if part.ceiling > graded.floor() && graded.ceiling() > graded.floor() {
                verdict.weigh(part);
            }
        }
        if fever == Known::Unknown && !graded.is_exact() {
            verdict.gap = true;
            verdict.uncharted |= !axes.fever.charted();
            verdict.unstated.add(Missing::Temperature);
        }
        let awaited = matches!(breathing.doubt, Doubt::Detail | Doubt::Reason);
        verdict.awaited =
            awaited.then(|| Awaited { ceiling: breathing.ceiling.min(graded.ceiling()), reason: breathing.doubt == Doubt::Reason });
        verdict.grade = graded;
        verdict.notes = notes(axes, fever, waived, masked, [circulation, breathing]);
        verdict
    }

    fn causes(&self, axes: &Axes, now: Instant, _facts: &mut Facts, out: &mut Vec<Cause>) {
        if let Some(death) = axes.death {
            out.push(Cause { role: "death", evidence: death.evidence });
        }
        let fever = axes.fever.last_fever().filter(|_| fever_present(axes) == Known::Yes);
        out.extend(fever.map(|evidence| Cause { role: "fever", evidence }));
        if fever.is_none() && axes.syndrome.open(now) && axes.syndrome.certainly_waived(now) {
            out.extend(axes.syndrome.waived().map(|evidence| Cause { role: "fever waived after treatment", evidence }));
        }
        match axes.attribution.circulation {
            None => axes.circulation.causes(self.pressures(), axes.answers(), out),
            Some(evidence) => out.push(Cause { role: "hypotension attributed to another cause", evidence }),
        }
        match axes.attribution.breathing {
            None => axes.breathing.causes(axes.answers().breathing, now, out),
            Some(evidence) => out.push(Cause { role: "hypoxia attributed to another cause", evidence }),
        }
        out.extend(axes.attribution.fever.map(|evidence| Cause { role: "fever attributed to another cause", evidence }));
    }
}

fn notes(axes: &Axes, fever: Known, waived: bool, masked: bool, [circulation, breathing]: [Part; 2]) -> Notes {
    let afebrile = fever == Known::No && !waived;
    let home = axes.breathing.on_home_support() && axes.attribution.breathing.is_none();
    Notes::NONE
        .with(Notes::HYPOTENSION_WITHOUT_FEVER, afebrile && circulation.floor > 0)
        .with(Notes::HYPOXIA_WITHOUT_FEVER, afebrile && breathing.floor > 0)
        .with(Notes::AXILLARY, fever == Known::Yes && axes.fever.axillary())
        .with(Notes::MASKED, masked && fever == Known::No)
        .with(Notes::SOLE_VASOPRESSIN, axes.circulation.sole_vasopressin())
        .with(Notes::INOTROPE, axes.circulation.uncounted_inotrope())
        .with(Notes::HIGH_FLOW_AT_LOW_RATE, axes.breathing.high_flow_at_low_rate())
        .with(Notes::OTHER_INDICATION, axes.breathing.ventilated_for_other_reason())
        .with(Notes::INDICATION_UNSTATED, breathing.unstated == Missing::VentilationIndication)
        .with(Notes::ATTRIBUTED, axes.attribution.any())
        .with(Notes::HOME_SUPPORT, home)
        .with(Notes::SUPPORT_BEFORE, super::parts::older_support(axes))
        .with(Notes::FEVER_WAIVED, waived && fever != Known::Yes && (circulation.floor > 0 || breathing.floor > 0))
}
