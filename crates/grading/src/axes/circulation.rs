//! Circulation: hypotension by the support it needs.

use super::infusions::Infusion;
use super::pressure::{Pressure, Verdict};
use super::{Doubt, Reading};
use crate::course::Cause;
use crate::policy::{Policy, SoleVasopressin, UnlistedVasopressors};
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
    counted: u128,
    /// Counted vasopressors that run, as of the last settled instant.
    running: usize,
    vasopressin: bool,
    inotrope: bool,
    several_since: Option<Instant>,
    overlap: Span,
    /// Whether anything of the circulation was charted, so that absent vasopressors are telling.
    stated: bool,
    vasopressin_counts: bool,
    support_defines: bool,
    unlisted_unknown: bool,
}

impl Circulation {
    pub(super) fn new(patient: &Patient, policy: &Policy) -> Self {
        Self {
            pressure: Pressure::new(patient, policy),
            infusions: Vec::new(),
            counted: policy.counted_vasopressors.iter().fold(0, |set, s| set | 1 << (*s as u8)),
            running: 0,
            vasopressin: false,
            inotrope: false,
            several_since: None,
            overlap: Span::from_minutes(policy.overlap_minutes),
            stated: false,
            vasopressin_counts: policy.sole_vasopressin == SoleVasopressin::Vasopressor,
            support_defines: policy.support_defines_hypotension,
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

    pub(super) fn infusion(&mut self, event: &Event) {
        self.stated = true;
        if let Some(infusion) = self.infusions.iter_mut().find(|i| i.signal == event.signal) {
            infusion.change(event);
        } else {
            let mut infusion = Infusion::new(event.signal);
            infusion.change(event);
            self.infusions.push(infusion);
            self.infusions.sort_by_key(|i| i.signal);
        }
    }

    pub(super) fn forget(&mut self) {
        self.pressure.forget();
        self.infusions.iter_mut().for_each(Infusion::forget);
        self.stated = false;
    }

    /// Decides, once all rows of an instant are in, what runs and since when.
    pub(super) fn settle(&mut self, now: Instant) {
        if self.infusions.is_empty() {
            return;
        }
        self.infusions.iter_mut().for_each(Infusion::settle);
        self.running = self.infusions.iter().filter(|i| self.counts(i)).count();
        self.vasopressin = self.infusions.iter().any(|i| i.runs() && i.signal == Signal::Vasopressin);
        self.inotrope = self.infusions.iter().any(|i| i.runs() && i.signal != Signal::Vasopressin && !self.counts(i));
        self.several_since = if self.running < 2 { None } else { self.several_since.or(Some(now)) };
    }

    fn counts(&self, infusion: &Infusion) -> bool {
        infusion.runs() && infusion.signal != Signal::Vasopressin && self.counted & (1 << (infusion.signal as u8)) != 0
    }

    /// Support by drugs alone.
    fn by_vasopressors(&self, now: Instant) -> CirculatorySupport {
        match self.running {
            0 if self.vasopressin && self.vasopressin_counts => OneVasopressor,
            0 => NoSupport,
            // Two that overlap briefly are a change from one to the other.
            _ if self.several_since.is_some_and(|since| now - since >= self.overlap) => SeveralVasopressors,
            _ => OneVasopressor,
        }
    }

    /// The support that the circulation needs now.
    pub fn support(&self, now: Instant) -> Reading<CirculatorySupport> {
        let drugs = self.by_vasopressors(now);
        let pressure = self.pressure.verdict(now);
        let reading = if drugs > NoSupport {
            if self.support_defines || pressure != Verdict::Normal {
                Reading::exactly(drugs)
            } else {
                Reading::between(NoSupport, drugs, Doubt::Undecided, "blood pressure without support")
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
            return Reading::between(reading.floor, SeveralVasopressors, Doubt::Uncharted, "vasopressors");
        }
        reading
    }

    /// Whether it is known that no vasopressor runs and that the last pressures were not low.
    pub fn free_of_support(&self, now: Instant) -> bool {
        self.stated && self.by_vasopressors(now) == NoSupport && self.pressure.low_reading().is_none()
    }

    /// Whether vasopressin runs without any other counted vasopressor.
    pub const fn sole_vasopressin(&self) -> bool {
        self.vasopressin && self.running == 0
    }

    /// Whether a vasoactive runs that the policy does not count.
    pub const fn uncounted_inotrope(&self) -> bool {
        self.inotrope
    }

    /// Rates of the vasoactives that run, in canonical units; `None` where a rate is not stated.
    pub fn rates(&self) -> impl Iterator<Item = (Signal, Option<f64>)> {
        self.infusions.iter().filter(|i| i.runs()).map(|i| (i.signal, i.rate()))
    }

    /// The facts behind the present answer.
    pub fn causes(&self, now: Instant, out: &mut Vec<Cause>) {
        let drugs = self.by_vasopressors(now);
        if drugs == NoSupport {
            let low = self.pressure.low_reading().filter(|_| self.support(now).ceiling > NoSupport);
            // One low pressure is a suspicion, and is called so even where the grade rests on something else.
            let role = if self.pressure.verdict(now) == Verdict::Low { "hypotension" } else { "low pressure, not confirmed" };
            out.extend(low.map(|evidence| Cause { role, evidence }));
            let bolus = self.pressure.last_bolus().filter(|b| low.is_some_and(|l| b.at >= l.at));
            out.extend(bolus.map(|evidence| Cause { role: "fluid bolus", evidence }));
            return;
        }
        for infusion in &self.infusions {
            let role = match infusion.signal {
                Signal::Vasopressin => "vasopressin",
                _ if self.counts(infusion) => "vasopressor",
                _ => continue,
            };
            out.extend(infusion.started.map(|evidence| Cause { role, evidence }));
        }
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        let overlap = self.several_since.map(|since| since + self.overlap);
        [self.pressure.deadline(), overlap].into_iter().flatten().filter(|d| *d > now).min()
    }

    /// Changes whenever the answer or the facts behind it change.
    pub(crate) fn fingerprint(&self, now: Instant) -> u64 {
        let low = match self.pressure.verdict(now) {
            Verdict::Low => 2,
            _ => u64::from(self.pressure.low_reading().is_some()),
        };
        self.infusions.iter().filter(|i| i.runs()).fold(low, |bits, i| bits | 1 << (i.signal as u8 % 62 + 2))
    }
}
