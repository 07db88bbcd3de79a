//! Circulation: hypotension by the support it needs.

use super::infusions::Infusion;
use super::pressure::{Pressure, PressureSet, Verdict};
use super::pushes::Pushes;
use super::regimen::{Regimen, lasted};
use super::{Answers, Doubt, Known, Reading};
use crate::course::Cause;
use crate::missing::Missing;
use crate::policy::{Policy, SoleVasopressin, SupportBeforeInfusion, UnlistedVasopressors};
use barograph_record::{Event, Instant, Patient, Signal, Span};

/// How much support the circulation needs, by kind of support; doses are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum CirculatorySupport {
    /// No hypotension.
    None,
    /// Hypotension without a vasopressor.
    WithoutVasopressor,
    /// One vasopressor.
    OneVasopressor,
    /// More than one vasopressor at the same time.
    SeveralVasopressors,
}

use CirculatorySupport::{None as NoSupport, OneVasopressor, SeveralVasopressors, WithoutVasopressor};

/// Blood pressure, fluids and vasoactives over time.
#[derive(Clone, Debug)]
pub struct Circulation {
    pressure: Pressure,
    infusions: Vec<Infusion>,
    pushes: Pushes,
    counted: u128,
    /// What runs, as of the last settled instant: what certainly counts, and what perhaps does.
    certain: Running,
    perhaps: Running,
    inotrope: bool,
    older: SupportBeforeInfusion,
    overlap: Span,
    regimen: Regimen,
    weight: Option<f64>,
    /// Whether what runs, or the weight, changed since the last settled instant.
    changed: bool,
    /// Whether anything of the circulation was charted, so that absent vasopressors are telling.
    stated: bool,
    vasopressin_counts: bool,
    support_defines: bool,
    vasopressin_among_several: bool,
    unlisted_unknown: bool,
}

/// Vasopressors that run.
#[derive(Clone, Copy, Debug, Default)]
struct Running {
    /// How many of those that the policy counts.
    counted: usize,
    vasopressin: bool,
    /// Whether a vasopressor was given at once, not long ago.
    pushed: bool,
    several_since: Option<Instant>,
    /// As `several_since`, with vasopressin among them.
    several_with_vasopressin_since: Option<Instant>,
}

impl Running {
    fn settle(&mut self, now: Instant, (counted, vasopressin): (usize, bool), vasopressin_among: bool) {
        let since = |several: bool, before: Option<Instant>| several.then(|| before.unwrap_or(now));
        (self.counted, self.vasopressin) = (counted, vasopressin);
        self.several_since = since(counted >= 2, self.several_since);
        let all = counted + usize::from(vasopressin && vasopressin_among);
        self.several_with_vasopressin_since = since(all >= 2, self.several_with_vasopressin_since);
    }
}

impl Circulation {
    pub(super) fn new(patient: &Patient, policy: &Policy) -> Self {
        Self {
            pressure: Pressure::new(patient, policy),
            infusions: Vec::new(),
            pushes: Pushes::new(policy),
            counted: policy.counted_vasopressors.iter().fold(0, |set, s| set | 1 << (*s as u8)),
            certain: Running::default(),
            perhaps: Running::default(),
            inotrope: false,
            older: policy.support_before_infusion,
            overlap: Span::from_minutes(policy.overlap_minutes),
            regimen: Regimen::new(policy),
            weight: patient.weight_kg.filter(|kg| *kg > 0.0),
            changed: false,
            stated: false,
            vasopressin_counts: policy.sole_vasopressin == SoleVasopressin::Vasopressor,
            support_defines: policy.support_defines_hypotension,
            vasopressin_among_several: policy.vasopressin_among_several,
            unlisted_unknown: policy.unlisted_vasopressors == UnlistedVasopressors::Unknown,
        }
    }

    pub(super) fn systolic(&mut self, event: &Event) {
        self.stated = true;
        self.pressure.read(event);
    }

    pub(super) fn fluid_bolus(&mut self, event: &Event) {
        self.pressure.bolus(event);
    }

    pub(super) fn push(&mut self, event: &Event) {
        self.stated = true;
        self.pressure.treat(event.at);
        self.changed |= self.pushes.take(event);
    }

    pub(super) fn infusion(&mut self, event: &Event) {
        self.stated = true;
        self.changed = true;
        if let Some(infusion) = self.infusions.iter_mut().find(|i| i.signal == event.signal) {
            infusion.change(event, self.weight);
        } else {
            let mut infusion = Infusion::new(event.signal);
            infusion.change(event, self.weight);
            self.infusions.push(infusion);
            self.infusions.sort_by_key(|i| i.signal);
        }
    }

    pub(super) fn weight(&mut self, event: &Event) {
        if let Some(kg) = event.value.number().filter(|kg| *kg > 0.0) {
            self.weight = Some(kg);
            self.changed = true;
        }
    }

    pub(super) fn forget(&mut self) {
        self.changed = true;
        self.pressure.forget();
        self.infusions.iter_mut().for_each(Infusion::forget);
        self.pushes.forget();
        self.stated = false;
    }

    /// Decides, once all rows of an instant are in, what runs and since when.
    pub(super) fn settle(&mut self, now: Instant) {
        self.changed |= self.pushes.lapse(now);
        if !self.changed {
            return;
        }
        self.changed = false;
        self.infusions.iter_mut().for_each(Infusion::settle);
        self.inotrope = self.infusions.iter().any(|i| i.runs() && i.signal != Signal::Vasopressin && !self.counts(i));
        // What has not changed since before the infusion is left out, unless what came to it leaves open what the whole is for.
        let whole = self.older != SupportBeforeInfusion::LeftOut
            || self.infusions.iter().any(|i| self.is_vasopressor(i) && i.raised() != Known::No);
        let certain = self.running(|i| i.raised() == Known::Yes);
        let perhaps = self.running(|i| whole || i.raised() == Known::Yes);
        self.certain.settle(now, certain, self.vasopressin_among_several);
        self.perhaps.settle(now, perhaps, self.vasopressin_among_several);
        [self.certain.pushed, self.perhaps.pushed] = self.pushes.counts();
        let run = [self.on_vasopressors(now), self.perhaps_on_vasopressors(now)];
        self.regimen.change(now, &self.infusions, self.weight, run);
    }

    /// How many counted vasopressors run, and whether vasopressin does, of those that hold.
    fn running(&self, holds: impl Fn(&Infusion) -> bool) -> (usize, bool) {
        let running = self.infusions.iter().filter(|i| i.runs() && holds(i));
        let vasopressin = running.clone().any(|i| i.signal == Signal::Vasopressin);
        (running.filter(|i| self.counts(i)).count(), vasopressin)
    }

    /// Takes what runs as the baseline: the cells are infused now.
    pub(super) fn infuse(&mut self) {
        if self.older == SupportBeforeInfusion::Graded {
            return;
        }
        self.infusions.iter_mut().for_each(Infusion::infuse);
        self.pushes.forget();
        self.pressure.infuse();
        self.changed = true;
    }

    /// Whether a vasopressor runs that ran before the infusion and does not certainly count.
    pub fn older_than_infusion(&self) -> bool {
        self.infusions.iter().any(|i| self.is_vasopressor(i) && i.is_older())
    }

    fn is_vasopressor(&self, infusion: &Infusion) -> bool {
        self.counts(infusion) || (infusion.runs() && infusion.signal == Signal::Vasopressin && self.vasopressin_counts)
    }

    fn counts(&self, infusion: &Infusion) -> bool {
        infusion.runs() && infusion.signal != Signal::Vasopressin && self.counted & (1 << (infusion.signal as u8)) != 0
    }

    /// Support by drugs alone.
    fn by_vasopressors(&self, now: Instant) -> CirculatorySupport {
        self.by_drugs(&self.certain, self.certain.several_since, now)
    }

    fn by_drugs(&self, running: &Running, several_since: Option<Instant>, now: Instant) -> CirculatorySupport {
        match running.counted {
            0 if running.pushed || (running.vasopressin && self.vasopressin_counts) => OneVasopressor,
            0 => NoSupport,
            // Two that overlap briefly are a change from one to the other.
            _ if several_since.is_some_and(|since| now >= lasted(since, self.overlap)) => SeveralVasopressors,
            _ => OneVasopressor,
        }
    }

    /// The support that the circulation needs now; vasopressin does not make several vasopressors of one.
    pub fn support(&self, now: Instant) -> Reading<CirculatorySupport> {
        let drugs = [&self.certain, &self.perhaps].map(|running| self.by_drugs(running, running.several_since, now));
        self.reading(drugs, self.pressure.verdict(PressureSet::Policy, now))
    }

    /// The support that the circulation needs now by a scale's own thresholds, where vasopressin is a vasopressor
    /// like any other unless the policy says that it is not.
    pub fn support_by(&self, set: PressureSet, now: Instant) -> Reading<CirculatorySupport> {
        let drugs = [&self.certain, &self.perhaps].map(|running| self.by_drugs(running, running.several_with_vasopressin_since, now));
        self.reading(drugs, self.pressure.verdict(set, now))
    }

    fn reading(&self, [drugs, perhaps]: [CirculatorySupport; 2], pressure: Verdict) -> Reading<CirculatorySupport> {
        let certain = self.reading_of(drugs, pressure);
        // Hypotension on a vasopressor that ran before may be no more than fluids are given for, or the vasopressor's.
        let perhaps = if pressure == Verdict::Low && self.older_than_infusion() { perhaps.max(OneVasopressor) } else { perhaps };
        if perhaps <= certain.ceiling {
            return certain;
        }
        let older = self.older_than_infusion() && !self.infusions.iter().any(Infusion::in_doubt);
        let what = match (older, self.perhaps.pushed) {
            (true, _) => Missing::SupportBeforeInfusion,
            (false, true) => Missing::PushedVasopressor,
            (false, false) => Missing::Vasopressors,
        };
        Reading::between(certain.floor, perhaps, Doubt::Undecided, what)
    }

    fn reading_of(&self, drugs: CirculatorySupport, pressure: Verdict) -> Reading<CirculatorySupport> {
        let reading = if drugs > NoSupport {
            if self.support_defines || pressure != Verdict::Normal {
                Reading::exactly(drugs)
            } else {
                Reading::between(NoSupport, drugs, Doubt::Undecided, Missing::BloodPressureWithoutSupport)
            }
        } else {
            match pressure {
                Verdict::Low => Reading::exactly(WithoutVasopressor),
                Verdict::Normal => Reading::exactly(NoSupport),
                Verdict::Doubtful(Doubt::Uncharted, what) if !self.stated => {
                    Reading::between(NoSupport, SeveralVasopressors, Doubt::Uncharted, what)
                }
                Verdict::Doubtful(doubt, what) => Reading::between(NoSupport, WithoutVasopressor, doubt, what),
            }
        };
        if self.unlisted_unknown && reading.ceiling < SeveralVasopressors {
            return Reading::between(reading.floor, SeveralVasopressors, Doubt::Uncharted, Missing::Vasopressors);
        }
        reading
    }

    /// Whether it is known that no vasopressor runs and that the last pressure was not low.
    pub fn free_of_support(&self, now: Instant) -> bool {
        self.free_of_support_by(PressureSet::Policy, now)
    }

    /// As [`free_of_support`](Self::free_of_support), by a scale's own thresholds.
    pub fn free_of_support_by(&self, set: PressureSet, now: Instant) -> bool {
        self.free_of_vasopressors(now) && self.pressure.charted() && !self.pressure.last_was_low(set)
    }

    /// Whether it is known that no vasopressor runs.
    pub fn free_of_vasopressors(&self, now: Instant) -> bool {
        self.stated && !self.perhaps_on_vasopressors(now)
    }

    /// Whether any vasopressor runs that certainly counts.
    pub fn on_vasopressors(&self, now: Instant) -> bool {
        self.by_vasopressors(now) > NoSupport
    }

    /// Whether any vasopressor runs, be it one that ran before the infusion and may be no more than it was.
    pub fn perhaps_on_vasopressors(&self, now: Instant) -> bool {
        self.by_drugs(&self.perhaps, self.perhaps.several_since, now) > NoSupport
    }

    /// Whether the pressure is low, whatever the support.
    pub fn pressure(&self, set: PressureSet, now: Instant) -> Reading<bool> {
        match self.pressure.verdict(set, now) {
            Verdict::Low => Reading::exactly(true),
            Verdict::Normal => Reading::exactly(false),
            Verdict::Doubtful(doubt, unstated) => Reading::between(false, true, doubt, unstated),
        }
    }

    /// Whether a low pressure was charted under strong support: doses that may be high, or several vasopressors. One
    /// from before says nothing of what the support achieves.
    pub fn low_under_strong_support(&self, set: PressureSet) -> bool {
        let strong = [self.regimen.high_since(), self.certain.several_since, self.certain.several_with_vasopressin_since];
        let since = strong.into_iter().flatten().min();
        self.pressure.last_low(set).zip(since).is_some_and(|(low, since)| low >= since)
    }

    /// Whether several fluid boluses were given not long ago.
    pub fn several_boluses(&self, now: Instant) -> bool {
        self.pressure.several_boluses(now)
    }

    /// Whether the vasopressors that run have been high-dose for long enough, by the tables of Lee 2014 and of Penn.
    pub fn high_doses(&self, now: Instant) -> [Reading<bool>; 2] {
        self.regimen.high_doses(now)
    }

    /// Whether vasopressors run and have run for the hours in all that are long (24).
    pub fn long_on_vasopressors(&self, now: Instant) -> Reading<bool> {
        self.regimen.long(now)
    }

    /// Whether vasopressin runs without any other counted vasopressor.
    pub const fn sole_vasopressin(&self) -> bool {
        self.perhaps.vasopressin && self.perhaps.counted == 0
    }

    /// Whether a vasoactive runs that the policy does not count.
    pub const fn uncounted_inotrope(&self) -> bool {
        self.inotrope
    }

    /// Rates of the vasoactives that run, in canonical units; `None` where a rate is not stated.
    pub fn rates(&self) -> impl Iterator<Item = (Signal, Option<f64>)> {
        self.infusions.iter().filter(|i| i.runs()).map(|i| (i.signal, i.rate()))
    }

    /// The rates behind a high dose.
    pub(crate) fn dose_causes(&self, out: &mut Vec<Cause>) {
        let rates = self.infusions.iter().filter(|i| self.counts(i) || i.signal == Signal::Vasopressin).filter_map(Infusion::last_change);
        out.extend(rates.map(|evidence| Cause { role: "high dose", evidence }));
    }

    /// The facts behind what it answered by a scale's own thresholds.
    pub fn causes(&self, set: PressureSet, answers: &Answers, out: &mut Vec<Cause>) {
        // A vasopressor that certainly counts speaks for itself; one that perhaps does leaves the pressure as what is certain.
        if !answers.on_vasopressors {
            let by_set = answers.by(set);
            let low = self.pressure.low_reading(set).filter(|_| by_set.support.ceiling > NoSupport);
            // One low pressure is a suspicion, and is called so even where the grade rests on something else.
            let role = if by_set.low.floor { "hypotension" } else { "low pressure, not confirmed" };
            out.extend(low.map(|evidence| Cause { role, evidence }));
            let bolus = self.pressure.last_bolus().filter(|b| low.is_some_and(|l| b.at >= l.at));
            out.extend(bolus.map(|evidence| Cause { role: "fluid bolus", evidence }));
        }
        if !answers.perhaps_on_vasopressors {
            return;
        }
        for infusion in self.infusions.iter().filter(|i| i.raised() != Known::No || self.older != SupportBeforeInfusion::LeftOut) {
            let role = match infusion.signal {
                Signal::Vasopressin => "vasopressin",
                _ if self.counts(infusion) => "vasopressor",
                _ => continue,
            };
            out.extend(infusion.started.map(|evidence| Cause { role, evidence }));
        }
        out.extend(self.pushes.last().map(|evidence| Cause { role: "vasopressor push", evidence }));
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        let several = [self.certain, self.perhaps].into_iter().flat_map(|r| [r.several_since, r.several_with_vasopressin_since]);
        let several = several.flatten().map(|since| lasted(since, self.overlap));
        let clocks = [self.pressure.deadline(now), self.regimen.deadline(now), self.pushes.deadline()];
        clocks.into_iter().flatten().chain(several).filter(|d| *d > now).min()
    }

    /// Changes whenever a pressure becomes low, is confirmed as low or is so no longer.
    pub(super) fn pressure_fingerprint(&self, set: PressureSet, now: Instant) -> u32 {
        u32::from(self.pressure.low_reading(set).is_some()) + u32::from(self.pressure.verdict(set, now) == Verdict::Low)
    }

    /// Changes whenever another vasoactive runs.
    pub(super) fn infusion_fingerprint(&self) -> u32 {
        // Vasoactives are a run of consecutive signals.
        let bit = |i: &Infusion| 1 << ((i.signal as u8).saturating_sub(Signal::Norepinephrine as u8) % 32);
        let pushed = u32::from(self.perhaps.pushed) << 31;
        self.infusions.iter().filter(|i| i.runs() && i.raised() != Known::No).fold(pushed, |bits, i| bits | bit(i))
    }
}
