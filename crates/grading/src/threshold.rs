//! The child's own threshold of hypotension, as a function of time.

use crate::hypotension::{HypotensionSet, Threshold};
use crate::policy::Policy;
use barograph_record::{Instant, Patient, Span};

/// How far age moves before it is computed anew. Between, the threshold is that of the day's start,
/// which is off by less than 0.006 mm\[Hg\].
const STEP: Span = Span::from_ms(86_400_000);

/// Gives the threshold of low systolic pressure at any instant of one patient's record.
#[derive(Clone, Debug)]
pub struct ThresholdClock {
    patient: Patient,
    set: Option<&'static HypotensionSet>,
    whole_years: bool,
    baseline_low: f64,
    day: i64,
    current: Threshold,
}

impl ThresholdClock {
    /// A clock for one patient under a policy.
    pub fn new(patient: &Patient, policy: &Policy) -> Self {
        Self::by(policy.hypotension(), patient, policy)
    }

    /// A clock by another set than the policy's, for a scale that brings its own.
    pub(crate) fn by(set: Option<&'static HypotensionSet>, patient: &Patient, policy: &Policy) -> Self {
        let undecided = Threshold { low: 0.0, high: f64::INFINITY };
        let mut clock =
            Self { patient: patient.clone(), set, whole_years: policy.age_in_whole_years, baseline_low: 0.0, day: 0, current: undecided };
        clock.current = clock.compute(0);
        clock
    }

    /// Makes every pressure below this one low as well (from the patient's own baseline).
    pub(crate) fn set_baseline_low(&mut self, mmhg: f64) {
        self.baseline_low = mmhg;
        self.current = self.compute(self.day);
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
        // The first day of life begins within the day before birth at the latest.
        let at = Instant::from_ms(day * STEP.ms());
        let years = self.patient.years_at(at).or_else(|| self.patient.years_at(at + STEP));
        let years = if self.whole_years { years.map(f64::floor) } else { years };
        let own = self.set.map_or(Threshold { low: 0.0, high: f64::INFINITY }, |set| set.at(years));
        Threshold { low: own.low.max(self.baseline_low), high: own.high.max(self.baseline_low) }
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
        let mut clock = ThresholdClock::new(&patient, &policy);
        assert_eq!(clock.at(Instant::INFUSION).low, 78.0);
        let later = clock.at(Instant::from_ms(10 * STEP.ms())).low;
        assert!(later > 78.0 && later < 78.1, "{later}");
        assert_eq!(clock.at(Instant::INFUSION).low, 78.0);
    }

    #[test]
    fn own_baseline_can_only_raise_it() {
        let policy = Policy::default_1().unwrap();
        let mut clock = ThresholdClock::new(&Patient { age: Age::AtInfusion(15.0), ..Patient::new("p") }, &policy);
        clock.set_baseline_low(96.0);
        assert_eq!(clock.at(Instant::INFUSION).low, 96.0);
        clock.set_baseline_low(60.0);
        assert_eq!(clock.at(Instant::INFUSION).low, 90.0);
    }
}
