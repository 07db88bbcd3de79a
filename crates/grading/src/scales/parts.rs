//! What the scales have in common: a grade is the worst of its parts, and each part knows its own doubt.

use super::{Awaited, Notes, Signs, Verdict};
use crate::axes::{Axes, BreathingSupport, CirculatorySupport, Doubt, Known, Organ, OxygenNeed, PressureSet, Reading, Ventilation};
use crate::course::{Cause, Grade};
use crate::missing::{Missing, Unstated};
use crate::policy::{NoninvasiveVentilation, PersistentHypotension};

/// One sign as grades: what is certain, what is not excluded, and the doubt between.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) floor: u8,
    pub(super) ceiling: u8,
    pub(super) doubt: Doubt,
    pub(super) unstated: Missing,
}

impl Part {
    pub(super) const ABSENT: Self = Self { floor: 0, ceiling: 0, doubt: Doubt::None, unstated: Missing::Nothing };

    pub(super) fn of<L: Copy>(reading: Reading<L>, grade: impl Fn(L) -> u8) -> Self {
        Self { floor: grade(reading.floor), ceiling: grade(reading.ceiling), doubt: reading.doubt, unstated: reading.unstated }
    }

    /// A part whose levels the definition itself may leave open, with what would decide it.
    fn open<L: Copy>(reading: Reading<L>, undecided: Missing, grade: impl Fn(L) -> Grade) -> Self {
        let (floor, ceiling) = (grade(reading.floor).floor(), grade(reading.ceiling).ceiling());
        match reading.doubt {
            Doubt::None if floor < ceiling => Self { floor, ceiling, doubt: Doubt::Undecided, unstated: undecided },
            doubt => Self { floor, ceiling, doubt, unstated: reading.unstated },
        }
    }
}

impl Verdict {
    /// Nothing graded yet.
    pub(super) fn none() -> Self {
        Self {
            grade: Grade::NONE,
            charted_ceiling: 0,
            unstated: Unstated::default(),
            gap: false,
            uncharted: false,
            suspected: 0,
            pressure_unknown: false,
            awaited: None,
            spell: 0,
            pending: 0,
            notes: Notes::NONE,
        }
    }

    /// Takes in one part whose ceiling matters.
    pub(super) fn weigh(&mut self, part: Part) {
        self.unstated.add(part.unstated);
        match part.doubt {
            Doubt::Lapsed => self.gap = true,
            Doubt::Uncharted => {
                self.gap = true;
                self.uncharted = true;
            }
            Doubt::Suspected => self.suspected = self.suspected.max(part.ceiling),
            // Held back as `awaited` and `pending`.
            Doubt::Detail | Doubt::Reason => {}
            Doubt::Pending => self.pending = self.pending.max(part.ceiling),
            Doubt::None | Doubt::Undecided => self.charted_ceiling = self.charted_ceiling.max(part.ceiling),
        }
    }
}

/// The worst of all parts, by a scale that does not ask for fever.
pub(super) fn worst(axes: &Axes, set: PressureSet, parts: &[Part]) -> Verdict {
    let floor = parts.iter().map(|p| p.floor).max().unwrap_or(0);
    let ceiling = parts.iter().map(|p| p.ceiling).max().unwrap_or(0);
    let mut verdict = Verdict { grade: Grade::between(floor, ceiling), charted_ceiling: floor, ..Verdict::none() };
    verdict.pressure_unknown = matches!(axes.answers().by(set).low.doubt, Doubt::Lapsed | Doubt::Uncharted);
    verdict.spell = if axes.attribution.breathing.is_some() { 0 } else { axes.breathing.spell() };
    for part in parts.iter().filter(|p| p.ceiling > floor) {
        verdict.weigh(*part);
        let reason = part.doubt == Doubt::Reason;
        let higher = verdict.awaited.is_none_or(|a| part.ceiling > a.ceiling);
        if (reason || part.doubt == Doubt::Detail) && higher {
            verdict.awaited = Some(Awaited { ceiling: part.ceiling, reason });
        }
    }
    verdict.notes = notes(axes, set);
    verdict
}

/// Fever as far as nobody attributed it elsewhere.
pub(super) fn fever_present(axes: &Axes) -> Known {
    axes.answers().fever
}

/// Fever as a part; it is grade 1 everywhere but where a definition leaves more open.
pub(super) fn fever(axes: &Axes, grade: Grade, undecided: Missing) -> Part {
    let doubt = if axes.fever.charted() { Doubt::Lapsed } else { Doubt::Uncharted };
    match fever_present(axes) {
        Known::Yes => Part::open(Reading::exactly(()), undecided, |()| grade),
        Known::No => Part::ABSENT,
        Known::Unknown => Part { floor: 0, ceiling: grade.ceiling(), doubt, unstated: Missing::Temperature },
    }
}

/// What a scale makes of the support of the circulation, whatever its dose and time.
#[derive(Clone, Copy)]
pub(super) struct CirculationGrades {
    /// Hypotension without vasopressor.
    pub(super) fluids: Grade,
    /// One vasopressor.
    pub(super) one: u8,
    /// Several vasopressors.
    pub(super) several: Grade,
    /// The worst that vasopressors could make, where nothing is known of them.
    pub(super) worst: u8,
    /// What would decide a grade that the definition leaves open.
    pub(super) undecided: Missing,
}

pub(super) fn circulation(axes: &Axes, set: PressureSet, grades: CirculationGrades) -> Part {
    if axes.attribution.circulation.is_some() {
        return Part::ABSENT;
    }
    let reading = axes.answers().by(set).support;
    let part = Part::open(reading, grades.undecided, |support| match support {
        CirculatorySupport::None => Grade::NONE,
        CirculatorySupport::WithoutVasopressor => grades.fluids,
        CirculatorySupport::OneVasopressor => Grade::exactly(grades.one),
        CirculatorySupport::SeveralVasopressors => grades.several,
    });
    let unknown = reading.doubt == Doubt::Uncharted && reading.ceiling == CirculatorySupport::SeveralVasopressors;
    if unknown { Part { ceiling: part.ceiling.max(grades.worst), ..part } } else { part }
}

/// Something that can only be said of vasopressors that run because of hypotension.
pub(super) fn on_vasopressors(axes: &Axes, set: PressureSet, reading: Reading<bool>, grade: u8) -> Part {
    if axes.attribution.circulation.is_some() || !reading.ceiling || !axes.answers().perhaps_on_vasopressors {
        return Part::ABSENT;
    }
    let part = Part::of(reading, |holds| if holds { grade } else { 0 });
    let support = axes.answers().by(set).support;
    if support.floor >= CirculatorySupport::OneVasopressor {
        part
    } else if part.doubt == Doubt::Pending {
        // Whether or not it counts, its time is not yet up.
        Part { floor: 0, ..part }
    } else {
        Part { floor: 0, ceiling: part.ceiling, doubt: support.doubt, unstated: support.unstated }
    }
}

/// Several vasopressors, as a condition.
pub(super) fn several(axes: &Axes, set: PressureSet) -> Reading<bool> {
    let reading = axes.answers().by(set).support;
    let is = |support| support == CirculatorySupport::SeveralVasopressors;
    Reading { floor: is(reading.floor), ceiling: is(reading.ceiling), doubt: reading.doubt, unstated: reading.unstated }
}

/// Either of two conditions.
pub(super) fn either(a: Reading<bool>, b: Reading<bool>) -> Reading<bool> {
    match (a.floor || b.floor, a.ceiling) {
        (true, _) => Reading::exactly(true),
        (false, true) => a,
        (false, false) => b,
    }
}

/// A pressure that stays low under strong support: it was charted as low under it, and not only before.
pub(super) fn persistent(axes: &Axes, set: PressureSet, support: Reading<bool>, grade: u8) -> Part {
    const JUDGED: Missing = Missing::LifeThreatening;
    let by_set = axes.answers().by(set);
    let pressure = match by_set.low {
        // The next reading tells whether the support has raised it.
        low if low.floor && !by_set.low_under_strong_support => Reading::between(false, true, Doubt::Suspected, Missing::BloodPressure),
        low => low,
    };
    let low = match axes.choices.persistent {
        PersistentHypotension::Never => Reading::exactly(false),
        PersistentHypotension::Refractory => pressure,
        PersistentHypotension::Undecided => Reading::between(false, true, Doubt::Undecided, JUDGED),
    };
    let both = if low.floor {
        support
    } else if low.ceiling {
        Reading { floor: false, ceiling: support.ceiling, ..low }
    } else {
        low
    };
    on_vasopressors(axes, set, both, grade)
}

/// Oxygen by its fraction.
pub(super) fn oxygen(axes: &Axes, below_40: u8, at_least_40: u8) -> Part {
    if axes.attribution.breathing.is_some() {
        return Part::ABSENT;
    }
    Part::of(axes.answers().oxygen, |need| match need {
        OxygenNeed::None => 0,
        OxygenNeed::Below40 => below_40,
        OxygenNeed::AtLeast40 => at_least_40,
    })
}

/// Ventilation, where the definition places CPAP and BiPAP.
pub(super) fn ventilation(axes: &Axes, noninvasive: Grade, invasive: u8) -> Part {
    const UNDECIDED: Missing = Missing::NoninvasiveVentilation;
    if axes.attribution.breathing.is_some() {
        return Part::ABSENT;
    }
    Part::open(axes.answers().ventilation, UNDECIDED, |ventilation| match ventilation {
        Ventilation::None => Grade::NONE,
        Ventilation::Noninvasive => noninvasive,
        Ventilation::Invasive => Grade::exactly(invasive),
    })
}

/// CPAP and BiPAP, where the definition does not say; oxygen grades them besides.
pub(super) fn noninvasive_unnamed(axes: &Axes) -> Grade {
    match axes.choices.noninvasive {
        NoninvasiveVentilation::Ventilator => Grade::exactly(4),
        NoninvasiveVentilation::Oxygen => Grade::NONE,
        NoninvasiveVentilation::Undecided => Grade::between(0, 4),
    }
}

/// One organ's toxicity while signs are about; `grade` turns its toxicity grade into one of the scale.
pub(super) fn organ(axes: &Axes, organ: Organ, grade: fn(u8) -> u8) -> Part {
    if axes.answers().signs_about { Part::of(axes.answers().organ(organ), grade) } else { Part::ABSENT }
}

/// Organ toxicity as Lee 2014, CARTOX and Mahadeo 2019 couple it: grade for grade, but grade 4 transaminitis is grade 3.
pub(super) fn organs_as_lee(axes: &Axes) -> [Part; 3] {
    [
        organ(axes, Organ::Transaminases, |grade| grade.min(3)),
        organ(axes, Organ::Bilirubin, |grade| grade),
        organ(axes, Organ::Creatinine, |grade| grade),
    ]
}

/// The remark that organ toxicity is left out, for scales that grade it.
pub(super) fn organs_noted(axes: &Axes, mut verdict: Verdict) -> Verdict {
    verdict.notes = verdict.notes.with(Notes::ORGANS_NOT_GRADED, verdict.grade.ceiling() > 0 && !axes.organs.complete());
    verdict
}

/// The remark that doses are not those published, for scales that use the table of Lee 2014.
pub(super) fn doses_noted(axes: &Axes, mut verdict: Verdict) -> Verdict {
    verdict.notes = verdict.notes.with(Notes::DOSES_SCALED, axes.choices.lee_scaled && axes.answers().on_vasopressors);
    verdict
}

/// Fever, hypotension and hypoxia, each of which makes CRS and is over when it is gone.
pub(super) fn any_sign(axes: &Axes, set: PressureSet) -> Signs {
    let attribution = &axes.attribution;
    let low = attribution.circulation.is_none() && axes.answers().by(set).support.floor > CirculatorySupport::None;
    let breathing = axes.answers().breathing;
    let hypoxic = attribution.breathing.is_none() && breathing.floor > BreathingSupport::None;
    let fever = fever_present(axes);
    let circulates = attribution.circulation.is_some() || axes.answers().by(set).free;
    let breathes = attribution.breathing.is_some() || breathing.ceiling == BreathingSupport::None;
    Signs {
        febrile: fever == Known::Yes,
        present: low || hypoxic,
        holds: low || hypoxic,
        free: fever == Known::No && circulates && breathes,
    }
}

/// The rates behind a high dose, while it is one.
pub(super) fn dose_causes(axes: &Axes, high: Reading<bool>, out: &mut Vec<Cause>) {
    if high.ceiling && axes.attribution.circulation.is_none() {
        axes.circulation.dose_causes(out);
    }
}

/// Whether support is on that is older than the infusion, as far as nobody attributed it elsewhere.
pub(super) fn older_support(axes: &Axes) -> bool {
    let breathing = axes.attribution.breathing.is_none() && axes.breathing.older_than_infusion();
    breathing || (axes.attribution.circulation.is_none() && axes.circulation.older_than_infusion())
}

fn notes(axes: &Axes, set: PressureSet) -> Notes {
    let fever = fever_present(axes);
    let breathing = axes.attribution.breathing.is_none();
    Notes::NONE
        .with(Notes::WITHOUT_FEVER, fever == Known::No && any_sign(axes, set).present)
        .with(Notes::AXILLARY, fever == Known::Yes && axes.fever.axillary())
        .with(Notes::SOLE_VASOPRESSIN, axes.circulation.sole_vasopressin())
        .with(Notes::INOTROPE, axes.circulation.uncounted_inotrope())
        .with(Notes::OTHER_INDICATION, axes.breathing.ventilated_for_other_reason())
        .with(Notes::INDICATION_UNSTATED, breathing && axes.answers().ventilation.unstated == Missing::VentilationIndication)
        .with(Notes::ATTRIBUTED, axes.attribution.any())
        .with(Notes::HOME_SUPPORT, breathing && axes.breathing.on_home_support())
        .with(Notes::SUPPORT_BEFORE, older_support(axes))
        .with(Notes::FIO2_ESTIMATED, breathing && axes.breathing.fio2_estimated())
}
