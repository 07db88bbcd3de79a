//! Support axes: events become step functions of fever, circulation and breathing over time.
//!
//! An axis knows only events and the policy, never a scale. At any instant it answers with what is
//! certain and what cannot be excluded, and with the facts behind both. Axes are causal: an answer at
//! an instant rests on what was charted up to then. Deadlines say when an answer will change by the
//! mere passage of time, so that a driver can stop there.

mod answers;
mod attribution;
mod breathing;
mod circulation;
mod death;
mod doses;
mod fever;
mod infusions;
mod organs;
mod pressure;
mod pushes;
mod regimen;
mod reported;
mod syndrome;
pub(crate) mod wording;

use crate::course::Grade;
use crate::missing::Missing;
use crate::policy::{DoseBasis, DoseTables, NoninvasiveVentilation, PersistentHypotension, Policy};
use barograph_record::{Code, Comparator, Event, Instant, Patient, Signal, Span, Texts, Value};

pub use answers::{Answers, BySet};
pub use attribution::Attribution;
pub use breathing::{Breathing, BreathingSupport, OxygenNeed, Ventilation};
pub use circulation::{Circulation, CirculatorySupport};
pub use death::Death;
pub(crate) use death::caused_by;
pub use doses::{DoseTable, DoseUnit, Equivalent};
pub use fever::Fever;
pub use organs::{Organ, Organs};
pub use pressure::PressureSet;
pub use reported::Reported;
pub use syndrome::Syndrome;

/// What a policy decides of single definitions, where it is not for the axes to know them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choices {
    /// Whether CPAP and BiPAP are a ventilator.
    pub noninvasive: NoninvasiveVentilation,
    /// Whether pressure that stays low is life-threatening.
    pub persistent: PersistentHypotension,
    /// Whether absolute doses are scaled to weight.
    pub lee_scaled: bool,
    /// Which doses are high in Mahadeo 2019.
    pub mahadeo_doses: DoseTables,
    /// Which doses are high for MSKCC.
    pub mskcc_doses: DoseTables,
    /// Several vasopressors by CTCAE 5.0.
    pub ctcae5_several: Grade,
    /// Hypotension without vasopressor or several boluses by Penn.
    pub penn_single_bolus: Grade,
    /// Fever alone by Penn.
    pub penn_fever: Grade,
    /// Hypotension without vasopressor by MSKCC.
    pub mskcc_fluids: Grade,
}

/// Whether something is so, where it may not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It was not charted.
    Unknown,
}

/// Why an axis is not known exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// It is known exactly.
    None,
    /// It was never charted.
    Uncharted,
    /// Its last charting is too old.
    Lapsed,
    /// One low pressure awaits the second.
    Suspected,
    /// It is charted, but not in the detail that would decide.
    Undecided,
    /// It is charted, and a detail that is usually charted beside it (flow, device) is not there yet.
    Detail,
    /// It is charted, and the reason for it is not there yet.
    Reason,
    /// It is charted, and goes on towards a length of time that would make more of it.
    Pending,
}

/// A level that is certain and one that cannot be excluded, with what would decide between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading<L> {
    /// Certain.
    pub floor: L,
    /// Not excluded.
    pub ceiling: L,
    /// Why they differ.
    pub doubt: Doubt,
    /// What was not charted; nothing when they meet.
    pub unstated: Missing,
}

impl Reading<bool> {
    /// Certain where both are, not excluded where either is not; `undecided` is what decides where each is exact.
    pub(crate) fn and_or(self, other: Self, undecided: Missing) -> Self {
        let (floor, ceiling) = (self.floor && other.floor, self.ceiling || other.ceiling);
        if floor == ceiling {
            return Self::exactly(floor);
        }
        let unstated = [self.unstated, other.unstated].into_iter().find(|u| *u != Missing::Nothing);
        Self::between(floor, ceiling, Doubt::Undecided, unstated.unwrap_or(undecided))
    }
}

impl<L: Copy> Reading<L> {
    pub(crate) const fn exactly(level: L) -> Self {
        Self { floor: level, ceiling: level, doubt: Doubt::None, unstated: Missing::Nothing }
    }

    pub(crate) const fn between(floor: L, ceiling: L, doubt: Doubt, unstated: Missing) -> Self {
        Self { floor, ceiling, doubt, unstated }
    }
}

/// All axes of one patient.
#[derive(Clone, Debug)]
pub struct Axes {
    /// Body temperature.
    pub fever: Fever,
    /// Blood pressure, fluids and vasoactives.
    pub circulation: Circulation,
    /// Oxygen and ventilation.
    pub breathing: Breathing,
    /// Which axes somebody attributed to another cause.
    pub attribution: Attribution,
    /// Death, once charted.
    pub death: Option<Death>,
    /// Whether its instant was settled: what held then stands, for no charting lapses after it.
    ended: bool,
    /// The course of the syndrome that several scales rest on.
    pub syndrome: Syndrome,
    /// Organ toxicity by the laboratory.
    pub organs: Organs,
    /// Grades that somebody stated.
    pub reported: Reported,
    /// What the policy decides of single definitions.
    pub choices: Choices,
    /// Whether there is fever, whether there is hypotension or hypoxia, and when there last was any of them.
    febrile: bool,
    supported: bool,
    last_sign: Instant,
    signs_last: Span,
    answers: Answers,
    encounters: u32,
    away: bool,
    /// Whether the hour of the infusion has come.
    infused: bool,
    last_charting: Option<Instant>,
    lost_after: Span,
}

impl Axes {
    /// Axes before anything is charted.
    pub fn new(patient: &Patient, policy: &Policy) -> Self {
        Self {
            fever: Fever::new(policy),
            circulation: Circulation::new(patient, policy),
            breathing: Breathing::new(policy),
            attribution: Attribution::default(),
            death: None,
            ended: false,
            syndrome: Syndrome::new(policy),
            organs: Organs::new(policy),
            reported: Reported::new(policy.resolution()),
            choices: Choices {
                noninvasive: policy.noninvasive_ventilation,
                persistent: policy.persistent_hypotension,
                lee_scaled: policy.lee_dose_basis == DoseBasis::PerKg70,
                mahadeo_doses: policy.mahadeo_dose_table,
                mskcc_doses: policy.mskcc_dose_table,
                ctcae5_several: policy.ctcae5_several_vasopressors,
                penn_single_bolus: policy.penn_single_bolus,
                penn_fever: policy.penn_fever_in_hospital,
                mskcc_fluids: policy.mskcc_fluids,
            },
            febrile: false,
            supported: false,
            last_sign: Instant::MIN,
            signs_last: policy.resolution(),
            answers: Answers::unknown(),
            encounters: 0,
            away: false,
            infused: false,
            last_charting: None,
            lost_after: Span::from_hours(policy.resolution_hours + policy.new_episode_hours),
        }
    }

    /// Whether a signal bears on the axes at all; laboratory values, say, do not, and so do not show
    /// that the patient's temperature or pressure was watched.
    pub fn bears(signal: Signal) -> bool {
        use barograph_record::Group::{Drug, Fluid, Oxygen, Vasoactive};
        matches!(signal.group(), Oxygen | Vasoactive | Fluid | Drug)
            || matches!(
                signal,
                Signal::Temperature
                    | Signal::SystolicBp
                    | Signal::Spo2
                    | Signal::Weight
                    | Signal::ReportedGrade
                    | Signal::Attribution
                    | Signal::BaselineSupport
                    | Signal::Death
                    | Signal::Encounter
            )
    }

    /// Whether a row of this signal bears on the axes under their policy: laboratory values do where it grades them.
    pub fn take(&self, signal: Signal) -> bool {
        Self::bears(signal) || self.organs.grades(signal)
    }

    /// Whether a row of this signal, which bears on the axes, shows that the patient was being watched.
    /// A drug given does not: it goes on after the last temperature was taken. Nor does a weight, a laboratory value
    /// or a grade that somebody stated.
    pub fn watches(signal: Signal) -> bool {
        use barograph_record::Group::{Chemistry, Drug};
        !matches!(signal.group(), Drug | Chemistry) && !matches!(signal, Signal::Weight | Signal::ReportedGrade)
    }

    /// Takes one event that [bears](Self::bears) on the axes; events come in the order of a record.
    pub fn apply(&mut self, event: &Event, texts: &Texts) {
        if let Some(death) = &mut self.death {
            // Of two death rows of one instant neither goes before the other.
            if event.signal == Signal::Death && event.at == death.evidence.at {
                death.beside(event, texts.get(event.detail));
            }
            return;
        }
        self.infuse(event.at);
        match event.signal {
            Signal::Encounter => return self.encounter(event),
            Signal::Temperature => self.fever.temperature(event, texts.get(event.detail)),
            Signal::SystolicBp => self.circulation.systolic(event),
            Signal::FluidBolus => self.circulation.fluid_bolus(event),
            Signal::VasopressorPush => self.circulation.push(event),
            Signal::OxygenDevice => self.breathing.device(event),
            Signal::OxygenFlow => self.breathing.flow(event),
            Signal::Fio2 => self.breathing.fio2(event),
            Signal::Spo2 => self.breathing.saturation(event),
            Signal::VentilationIndication => self.breathing.indication(event),
            Signal::BaselineSupport => self.breathing.baseline(event, texts.get(event.detail)),
            Signal::Attribution => self.attribution.judge(event, texts.get(event.detail)),
            // A date of death is known of patients whom nobody watched.
            Signal::Death => return self.death = Death::read(event, texts.get(event.detail)),
            // A stop charted after the discharge is the end of the paperwork, not a sign of watching.
            signal if signal.is_rate() && self.away && !event.value.is_running() => return,
            Signal::Weight => return self.circulation.weight(event),
            Signal::ReportedGrade => return self.reported.state(event, texts.get(event.detail)),
            Signal::Ffp | Signal::Cryoprecipitate => return self.organs.product(event),
            signal if signal.is_rate() => self.circulation.infusion(event),
            signal if self.organs.grades(signal) => return self.organs.value(event),
            _ => return self.syndrome.drug(event),
        }
        self.away = false;
        self.last_charting = Some(event.at);
    }

    /// Brings everything that depends on the hour up to date; call once per instant, after its events.
    pub fn settle(&mut self, now: Instant) {
        if self.ended {
            return;
        }
        self.ended = self.death.is_some() && now >= Instant::INFUSION;
        self.infuse(now);
        // Unwatched for long enough, CRS could have resolved and come back unseen.
        if self.lost(now) {
            self.syndrome.lose();
        }
        self.circulation.settle(now);
        self.syndrome.settle(now, &self.fever, &self.circulation, &self.breathing, &self.attribution);
        if self.death.is_some_and(|d| d.of_crs == Known::Yes) {
            self.syndrome.dies(now, &self.fever);
        }
        self.watch_signs(now);
        self.answers = Answers::of(self, now);
    }

    /// What the axes answer at the instant that was settled last.
    pub const fn answers(&self) -> &Answers {
        &self.answers
    }

    fn watch_signs(&mut self, now: Instant) {
        if now < Instant::INFUSION {
            return;
        }
        let febrile = self.attribution.fever.is_none() && self.fever.present(now) == Known::Yes;
        let low = self.attribution.circulation.is_none() && self.circulation.support(now).floor > CirculatorySupport::None;
        let hypoxic = self.attribution.breathing.is_none() && self.breathing.support(now).floor > BreathingSupport::None;
        let supported = low || hypoxic;
        if supported || self.supported {
            self.last_sign = now;
        }
        if let Some(fever) = self.fever.last_fever().filter(|_| febrile) {
            self.last_sign = self.last_sign.max(fever.at);
        }
        self.febrile = febrile;
        self.supported = supported;
    }

    /// Whether there is fever, hypotension or hypoxia by the policy's thresholds, or was until not long ago.
    /// What else may be due to CRS, such as organ toxicity, is taken for it only then.
    pub fn signs_about(&self, now: Instant) -> bool {
        self.febrile || self.supported || now - self.last_sign < self.signs_last
    }

    /// Whether nothing has been charted for so long that signs could have come and gone.
    pub fn lost(&self, now: Instant) -> bool {
        // The dead are not lost from sight.
        self.death.is_none() && self.last_charting.is_some_and(|last| now - last >= self.lost_after)
    }

    /// The next instant after `now` at which some answer changes by the passage of time.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        if self.death.is_some() {
            return None;
        }
        let lost = self.last_charting.map(|last| last + self.lost_after);
        let axes = [self.fever.deadline(now), self.circulation.deadline(now), self.breathing.deadline(now), self.organs.deadline(now)];
        // While there are signs, they are about whatever the hour.
        let signs = (!self.febrile && !self.supported).then_some(self.last_sign + self.signs_last);
        axes.into_iter().chain([self.syndrome.deadline(now), self.reported.deadline(), signs, lost]).flatten().filter(|d| *d > now).min()
    }

    /// Whether the patient was discharged and neither readmitted nor charted since. Nobody is expected to
    /// chart then, and severe CRS would have brought the patient back.
    pub const fn away(&self) -> bool {
        self.away
    }

    /// The last charting of anything that bears on the axes.
    pub const fn last_charting(&self) -> Option<Instant> {
        self.last_charting
    }

    /// A discharge ends what held "until changed": nobody charts its end.
    fn encounter(&mut self, event: &Event) {
        if event.value.code() == Some(Code::Start) {
            self.encounters += 1;
            self.away = false;
            return;
        }
        self.encounters = self.encounters.saturating_sub(1);
        if self.encounters == 0 {
            self.away = true;
            self.forget();
        }
    }

    /// What is on when the cells are infused is the baseline.
    fn infuse(&mut self, now: Instant) {
        if !self.infused && now >= Instant::INFUSION {
            self.infused = true;
            self.breathing.infuse();
            self.circulation.infuse();
        }
    }

    /// Lets go of everything that was charted as holding.
    pub(crate) fn forget(&mut self) {
        self.fever.forget();
        self.circulation.forget();
        self.breathing.forget();
    }
}

/// The lowest and the highest number that a value may stand for: "above 6" is more than 6.
fn range(value: Value) -> Option<(f64, f64)> {
    match value {
        Value::Number(x, Comparator::Exact) => Some((x, x)),
        Value::Number(x, Comparator::Below) => Some((f64::NEG_INFINITY, x.next_down())),
        Value::Number(x, Comparator::Above) => Some((x.next_up(), f64::INFINITY)),
        _ => None,
    }
}

/// The first instant at which a reading no longer holds: the window's last instant is still inside,
/// so that charting exactly as often as the window demands leaves no gap.
fn lapse(at: Instant, window: Span) -> Instant {
    at + window + Span::from_ms(1)
}
