//! CTCAE v4.03, term "Cytokine release syndrome", written for reactions to an infusion.
//!
//! Source: National Cancer Institute. Common Terminology Criteria for Adverse Events, version 4.03, 14 June 2010.
//! Table read in reproductions (secondary).
//!
//! | Grade | Definition |
//! |---|---|
//! | 1 | mild; no interruption of the infusion, no intervention |
//! | 2 | interruption indicated, prompt response to symptomatic drugs; prophylaxis for up to 24 h |
//! | 3 | prolonged, or recurrent after improvement; hospital stay for sequelae |
//! | 4 | life-threatening; vasopressor or ventilator indicated |
//! | 5 | death |
//!
//! The definition cannot be derived from charting: whether a response was prompt is a judgement. While there are signs
//! of CRS the grade is therefore 0 at least and, without vasopressor or ventilation, 3 at most, otherwise 4. The
//! question to the investigator is: *Which grade? Did it respond promptly to symptomatic treatment, or was it prolonged
//! or recurrent?* The answer is taken as a `reported_grade` from 0 to 5 whose detail names `ctcae-4.03`; it holds from
//! its time on while signs last, and settles what was open before it.

use super::parts::{self, Part};
use super::{Awaited, Facts, Notes, Scale, Signs, Verdict, Verified};
use crate::axes::{Axes, BreathingSupport, CirculatorySupport, Doubt, Known, PressureSet};
use crate::course::{Cause, Grade};
use crate::missing::Missing;
use barograph_record::Instant;

/// The scale `ctcae-4.03`.
pub(super) struct Ctcae403;

const SET: PressureSet = PressureSet::Policy;

impl Scale for Ctcae403 {
    fn id(&self) -> &'static str {
        "ctcae-4.03"
    }

    fn title(&self) -> &'static str {
        "CTCAE version 4.03, cytokine release syndrome (needs judgement)"
    }

    fn citation(&self) -> &'static str {
        "National Cancer Institute, Common Terminology Criteria for Adverse Events v4.03 (2010)"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, axes: &Axes, _now: Instant) -> Verdict {
        let about = axes.answers().signs_about;
        if let Some(grade) = axes.answers().reported {
            let notes = Notes::REPORTED;
            return Verdict { grade: Grade::exactly(grade), charted_ceiling: grade, spell: 1, notes, ..Verdict::none() };
        }
        let mut verdict = parts::worst(axes, SET, &unanswered(axes));
        let judged = verdict.grade.floor().max(verdict.charted_ceiling);
        // What is certain of the signs is not certain of the grade.
        verdict.grade = Grade::between(0, verdict.grade.ceiling());
        verdict.charted_ceiling = 0;
        // The investigator's answer, given while there are signs, settles them all; else a detail of breathing
        // belongs to its own stretch of support. 1 is the stretch of the answer.
        verdict.spell = match verdict.spell {
            _ if about => 1,
            0 => 0,
            breathing => breathing.saturating_add(1),
        };
        let judgement = about.then_some(Awaited { ceiling: judged, reason: true });
        verdict.awaited = [verdict.awaited, judgement].into_iter().flatten().max_by_key(|awaited| awaited.ceiling);
        if verdict.grade.ceiling() > 0 {
            verdict.unstated.add(Missing::Judgement);
            verdict.unstated.add(Missing::Response);
        }
        verdict.notes = verdict.notes.with(Notes::JUDGEMENT, judged > 0).with(Notes::REPORTED_UNUSABLE, axes.reported.unusable());
        verdict.notes = verdict.notes.without(Notes::FIO2_ESTIMATED);
        verdict
    }

    fn causes(&self, axes: &Axes, now: Instant, facts: &mut Facts, out: &mut Vec<Cause>) {
        let reported = axes.reported.holding(now, axes.answers().signs_about);
        out.extend(reported.map(|(_, evidence)| Cause { role: "stated", evidence }));
        facts.tell(axes, now, SET, out);
    }

    fn signs(&self, axes: &Axes) -> Option<Signs> {
        let signs = parts::any_sign(axes, SET);
        let stated = axes.answers().reported.is_some_and(|grade| grade > 0);
        Some(Signs { present: signs.present || stated, ..signs })
    }
}

/// The highest grade that each sign leaves open.
fn unanswered(axes: &Axes) -> [Part; 3] {
    let circulation = if axes.attribution.circulation.is_some() {
        Part::ABSENT
    } else {
        Part::of(axes.answers().by(SET).support, |support| match support {
            CirculatorySupport::None => 0,
            CirculatorySupport::WithoutVasopressor => 3,
            CirculatorySupport::OneVasopressor | CirculatorySupport::SeveralVasopressors => 4,
        })
    };
    let breathing = if axes.attribution.breathing.is_some() {
        Part::ABSENT
    } else {
        Part::of(axes.answers().breathing, |support| match support {
            BreathingSupport::None => 0,
            BreathingSupport::LowFlow | BreathingSupport::HighFlow => 3,
            BreathingSupport::PositivePressure => 4,
        })
    };
    let doubt = if axes.fever.charted() { Doubt::Lapsed } else { Doubt::Uncharted };
    let fever = match parts::fever_present(axes) {
        Known::Yes => Part { floor: 3, ceiling: 3, ..Part::ABSENT },
        Known::No => Part::ABSENT,
        Known::Unknown => Part { floor: 0, ceiling: 3, doubt, unstated: Missing::Temperature },
    };
    [circulation, breathing, fever]
}
