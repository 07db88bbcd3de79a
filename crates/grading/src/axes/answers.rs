//! What the axes answer at one instant, computed once and read by every scale.

use super::{Axes, BreathingSupport, CirculatorySupport, Doubt, Known, Organ, OxygenNeed, PressureSet, Reading, Ventilation};
use crate::missing::Missing;
use crate::policy::DoseTables;
use barograph_record::Instant;

/// Every answer that a scale may read. Where two are equal, every scale grades alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answers {
    /// Fever as far as nobody attributed it elsewhere.
    pub fever: Known,
    /// Support of the circulation by the policy's thresholds, where vasopressin never makes several of one.
    pub circulation: Reading<CirculatorySupport>,
    /// Support of breathing by device.
    pub breathing: Reading<BreathingSupport>,
    /// Oxygen by its fraction.
    pub oxygen: Reading<OxygenNeed>,
    /// Ventilation.
    pub ventilation: Reading<Ventilation>,
    /// Whether vasopressors have run for the hours in all that are long (24).
    pub long_on_vasopressors: Reading<bool>,
    /// Whether any vasopressor runs that certainly counts.
    pub on_vasopressors: bool,
    /// Whether any does that perhaps counts: one that ran before the infusion may be no more than it was.
    pub perhaps_on_vasopressors: bool,
    /// Whether it is known that none does.
    pub free_of_vasopressors: bool,
    /// Whether several fluid boluses were given not long ago.
    pub several_boluses: bool,
    /// Whether signs of CRS are about; see [`Axes::signs_about`].
    pub signs_about: bool,
    /// The grade that somebody stated by CTCAE v4.03, while it holds.
    pub reported: Option<u8>,
    by_set: [BySet; 3],
    doses: [Reading<bool>; 2],
    organs: [Reading<u8>; 3],
    spell: u32,
    details: [u32; 3],
    episodes: u32,
    death: Option<Known>,
    flags: u32,
}

/// What depends on the thresholds of hypotension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BySet {
    /// Support of the circulation, where vasopressin is a vasopressor unless the policy says that it is not.
    pub support: Reading<CirculatorySupport>,
    /// Whether the pressure is low, whatever the support.
    pub low: Reading<bool>,
    /// Whether a low pressure was charted under doses that may be high or under several vasopressors.
    pub low_under_strong_support: bool,
    /// Whether it is known that no vasopressor runs and that the last pressures were not low.
    pub free: bool,
    /// Changes whenever the readings behind the answer change in kind.
    pub(super) fingerprint: u32,
}

impl Answers {
    /// What depends on the thresholds of hypotension.
    pub fn by(&self, set: PressureSet) -> &BySet {
        set.of(self.by_set.each_ref())
    }

    /// Whether the vasopressors that run have been high-dose for long enough.
    pub fn high_dose(&self, tables: DoseTables) -> Reading<bool> {
        let [lee, penn] = self.doses;
        match tables {
            DoseTables::Lee2014 => lee,
            DoseTables::Penn2014 => penn,
            DoseTables::Both => lee.and_or(penn, Missing::DoseTable),
        }
    }

    /// The grade of an organ's toxicity.
    pub const fn organ(&self, organ: Organ) -> Reading<u8> {
        let [transaminases, bilirubin, creatinine] = self.organs;
        match organ {
            Organ::Transaminases => transaminases,
            Organ::Bilirubin => bilirubin,
            Organ::Creatinine => creatinine,
        }
    }

    /// Changes whenever a dose becomes high or is so no longer.
    pub(crate) fn dose_fingerprint(&self) -> u32 {
        self.doses.iter().fold(0, |bits, dose| bits << 2 | u32::from(dose.floor) << 1 | u32::from(dose.ceiling))
    }

    /// Those of the fingerprints of attribution, of pressure by a set of thresholds, of infusions and of breathing.
    pub(crate) fn details(&self, set: PressureSet) -> [u32; 4] {
        let [attribution, infusions, breathing] = self.details;
        [attribution, self.by(set).fingerprint, infusions, breathing]
    }

    /// The sets of thresholds by which anything changed, in the order of [`PressureSet::ALL`].
    pub(crate) fn changed_since(&self, before: &Self) -> [bool; 3] {
        if self == before {
            return [false; 3];
        }
        let everywhere = Self { by_set: before.by_set, ..*self } != *before;
        let mut changed = self.by_set.iter().zip(&before.by_set).map(|(now, before)| everywhere || now != before);
        PressureSet::ALL.map(|_| changed.next().unwrap_or(true))
    }

    /// The answers before anything is charted.
    pub(super) const fn unknown() -> Self {
        let circulation =
            Reading::between(CirculatorySupport::None, CirculatorySupport::SeveralVasopressors, Doubt::Uncharted, Missing::BloodPressure);
        let by_set = BySet {
            support: circulation,
            low: Reading::between(false, true, Doubt::Uncharted, Missing::BloodPressure),
            low_under_strong_support: false,
            free: false,
            fingerprint: 0,
        };
        let breathing = Reading::between(BreathingSupport::None, BreathingSupport::PositivePressure, Doubt::Uncharted, Missing::Oxygen);
        Self {
            fever: Known::Unknown,
            circulation,
            breathing,
            oxygen: Reading::between(OxygenNeed::None, OxygenNeed::AtLeast40, Doubt::Uncharted, Missing::Oxygen),
            ventilation: Reading::between(Ventilation::None, Ventilation::Invasive, Doubt::Uncharted, Missing::Oxygen),
            long_on_vasopressors: Reading::exactly(false),
            on_vasopressors: false,
            perhaps_on_vasopressors: false,
            free_of_vasopressors: false,
            several_boluses: false,
            signs_about: false,
            by_set: [by_set; 3],
            doses: [Reading::exactly(false); 2],
            organs: [Reading::exactly(0); 3],
            spell: 0,
            details: [0; 3],
            episodes: 0,
            reported: None,
            death: None,
            flags: 0,
        }
    }

    pub(super) fn of(axes: &Axes, now: Instant) -> Self {
        let circulation = &axes.circulation;
        let signs_about = axes.signs_about(now);
        let by = |set| BySet {
            support: circulation.support_by(set, now),
            low: circulation.pressure(set, now),
            low_under_strong_support: circulation.low_under_strong_support(set),
            free: circulation.free_of_support_by(set, now),
            fingerprint: circulation.pressure_fingerprint(set, now),
        };
        let flags = [
            axes.fever.axillary(),
            axes.fever.charted(),
            axes.breathing.on_home_support(),
            axes.breathing.high_flow_at_low_rate(),
            axes.breathing.fio2_estimated(),
            axes.breathing.older_than_infusion(),
            circulation.older_than_infusion(),
            axes.syndrome.open(now),
            axes.syndrome.certainly_open(now),
            axes.syndrome.certainly_waived(now),
            axes.syndrome.established().is_some(),
            axes.syndrome.resolved().is_some(),
            axes.syndrome.waived().is_some(),
            axes.syndrome.masked_by(now).is_some(),
            axes.organs.recent_product(now).is_some(),
            axes.reported.unusable(),
            axes.away(),
            axes.lost(now),
        ];
        Self {
            fever: if axes.attribution.fever.is_some() { Known::No } else { axes.fever.present(now) },
            circulation: circulation.support(now),
            breathing: axes.breathing.support(now),
            oxygen: axes.breathing.oxygen(now),
            ventilation: axes.breathing.ventilation(),
            long_on_vasopressors: circulation.long_on_vasopressors(now),
            on_vasopressors: circulation.on_vasopressors(now),
            perhaps_on_vasopressors: circulation.perhaps_on_vasopressors(now),
            free_of_vasopressors: circulation.free_of_vasopressors(now),
            several_boluses: circulation.several_boluses(now),
            signs_about,
            by_set: PressureSet::ALL.map(by),
            doses: circulation.high_doses(now),
            organs: axes.organs.grades_now(now),
            spell: axes.breathing.spell(),
            details: [axes.attribution.fingerprint(), circulation.infusion_fingerprint(), axes.breathing.fingerprint()],
            episodes: axes.syndrome.episodes(),
            reported: axes.reported.holding(now, signs_about).map(|(grade, _)| grade),
            death: axes.death.map(|d| d.of_crs),
            flags: flags.iter().fold(0, |bits, flag| bits << 1 | u32::from(*flag)),
        }
    }
}
