//! The child's own threshold of hypotension, as a function of time.

use crate::axes::PressureSet;
use crate::hypotension::{HypotensionSet, Threshold};
use crate::policy::Policy;
use barograph_record::{Comparator, Instant, Patient, Record, Signal, Span, Value};

/// How far age moves before it is computed anew. Between, the threshold is that of the day's start,
/// which is off by less than 0.006 mm\[Hg\].
const STEP: Span = Span::from_ms(86_400_000);

/// The patient's own pressure from before the infusion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// Median of the readings, mm\[Hg\].
    pub median: f64,
    /// How many they are.
    pub readings: usize,
    /// Over how many days before the infusion.
    pub days: f64,
    /// Below which fraction of the median a pressure is low.
    pub fraction: f64,
}

impl Baseline {
    /// The baseline of these readings under a policy that asks for one.
    pub(crate) fn of(mut readings: Vec<f64>, policy: &Policy) -> Option<Self> {
        let (days, fraction) = (policy.baseline_days, policy.baseline_fraction);
        readings.sort_by(f64::total_cmp);
        let [a, b] = [readings.len().checked_sub(1)? / 2, readings.len() / 2].map(|i| readings.get(i).copied());
        (fraction > 0.0).then_some(Self { median: f64::midpoint(a?, b?), readings: readings.len(), days, fraction })
    }

    /// mm\[Hg\] below which a pressure is low.
    pub fn low(&self) -> f64 {
        self.fraction * self.median
    }

    /// Whether a reading of this instant is one of them.
    pub(crate) fn covers(at: Instant, policy: &Policy) -> bool {
        at < Instant::INFUSION && -at.days() <= policy.baseline_days
    }
}

/// Gives the threshold of low systolic pressure at any instant of one patient's record.
#[derive(Clone, Debug)]
pub struct ThresholdClock {
    patient: Patient,
    set: Option<&'static HypotensionSet>,
    whole_years: bool,
    baseline: Option<Baseline>,
    day: i64,
    current: Threshold,
}

impl ThresholdClock {
    /// A clock for the patient of a record, by the thresholds of a scale; the policy's know the patient's own baseline.
    pub fn of(record: &Record, set: PressureSet, policy: &Policy) -> Self {
        let mut clock = Self::by(set.thresholds(policy), &record.patient, policy);
        let before = record.events.iter().filter(|e| e.signal == Signal::SystolicBp && Baseline::covers(e.at, policy));
        let exact = before.filter_map(|e| if let Value::Number(mmhg, Comparator::Exact) = e.value { Some(mmhg) } else { None });
        if let Some(baseline) = Baseline::of(exact.collect(), policy).filter(|_| set == PressureSet::Policy) {
            clock.set_baseline(baseline);
        }
        clock
    }

    /// A clock by another set than the policy's, for a scale that brings its own.
    pub(crate) fn by(set: Option<&'static HypotensionSet>, patient: &Patient, policy: &Policy) -> Self {
        let undecided = Threshold { low: 0.0, high: f64::INFINITY };
        let mut clock =
            Self { patient: patient.clone(), set, whole_years: policy.age_in_whole_years, baseline: None, day: 0, current: undecided };
        clock.current = clock.compute(0);
        clock
    }

    /// Makes every pressure that is low by the patient's own baseline low as well.
    pub(crate) fn set_baseline(&mut self, baseline: Baseline) {
        self.baseline = Some(baseline);
        self.current = self.compute(self.day);
    }

    /// The published thresholds that it goes by.
    pub const fn set(&self) -> Option<&'static HypotensionSet> {
        self.set
    }

    /// The patient's own baseline, where the policy asks for one and there is one.
    pub const fn baseline(&self) -> Option<Baseline> {
        self.baseline
    }

    /// The age in years by which it goes at an instant, where it is known.
    pub fn years(&self, at: Instant) -> Option<f64> {
        // The first day of life begins within the day before birth at the latest.
        let years = self.patient.years_at(at).or_else(|| self.patient.years_at(at + STEP));
        if self.whole_years { years.map(f64::floor) } else { years }
    }

    /// The threshold in force at an instant.
    pub fn at(&mut self, at: Instant) -> Threshold {
        let day = at.ms().div_euclid(STEP.ms());
        if day != self.day {
            self.day = day;
            self.current = self.compute(day);
        }
        self.current
    }

    fn compute(&self, day: i64) -> Threshold {
        let years = self.years(Instant::from_ms(day * STEP.ms()));
        let own = self.set.map_or(Threshold { low: 0.0, high: f64::INFINITY }, |set| set.at(years));
        let baseline = self.baseline.map_or(0.0, |baseline| baseline.low());
        Threshold { low: own.low.max(baseline), high: own.high.max(baseline) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barograph_record::Age;

    #[test]
    fn a_child_of_four_has_seventy_eight() {
        let policy = Policy::default_1().unwrap();
        let patient = Patient { age: Age::AtInfusion(4.0), ..Patient::new("p") };
        let mut clock = ThresholdClock::by(policy.hypotension(), &patient, &policy);
        assert_eq!(clock.at(Instant::INFUSION).low, 78.0);
        let later = clock.at(Instant::from_ms(10 * STEP.ms())).low;
        assert!(later > 78.0 && later < 78.1, "{later}");
        assert_eq!(clock.at(Instant::INFUSION).low, 78.0);
    }

    #[test]
    fn own_baseline_can_only_raise_it() {
        let policy = Policy::default_1().unwrap();
        let patient = Patient { age: Age::AtInfusion(15.0), ..Patient::new("p") };
        let mut clock = ThresholdClock::by(policy.hypotension(), &patient, &policy);
        for (median, low) in [(120.0, 96.0), (75.0, 90.0)] {
            clock.set_baseline(Baseline { median, readings: 3, days: 7.0, fraction: 0.8 });
            assert_eq!(clock.at(Instant::INFUSION).low, low);
        }
    }

    #[test]
    fn a_baseline_is_the_median_of_its_readings() {
        let policy = Policy::from_toml("name = \"x\"\nbaseline_fraction = 0.8").unwrap();
        let of = |readings: &[f64]| Baseline::of(readings.to_vec(), &policy).map(|b| (b.median, b.readings, b.low()));
        assert_eq!(of(&[120.0, 90.0, 100.0]), Some((100.0, 3, 80.0)));
        assert_eq!(of(&[120.0, 100.0]), Some((110.0, 2, 88.0)));
        assert_eq!(of(&[]), None);
        assert_eq!(Baseline::of(vec![100.0], &Policy::default_1().unwrap()), None, "the default asks for none");
    }
}
