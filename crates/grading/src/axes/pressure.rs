//! Systolic pressure against the child's own threshold.

use super::{Doubt, lapse};
use crate::course::Evidence;
use crate::hypotension::Threshold;
use crate::policy::{Confirmation, Policy};
use crate::threshold::ThresholdClock;
use barograph_record::{Event, Instant, Patient, Span};

/// What the readings so far amount to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Uncharted,
    Normal {
        at: Instant,
    },
    /// Below the threshold once.
    LowOnce {
        first: Evidence,
        at: Instant,
    },
    /// Between what is surely low and what is surely normal at this age.
    Undecided {
        at: Instant,
    },
    /// Low twice in a row, or low and treated.
    Low {
        first: Evidence,
        at: Instant,
    },
}

/// Low, not low, or in doubt, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Low,
    Normal,
    Doubtful(Doubt, &'static str),
}

/// Systolic pressure over time.
#[derive(Clone, Debug)]
pub(super) struct Pressure {
    clock: ThresholdClock,
    state: State,
    /// The last reading's instant, and the state that it found.
    before: (Instant, State),
    bolus: Option<Evidence>,
    one_reading: bool,
    apart: Span,
    treatment: Span,
    window: Span,
    baseline: Option<Baseline>,
}

/// Pressures from before infusion, of which the median is the patient's own baseline.
#[derive(Clone, Debug)]
struct Baseline {
    fraction: f64,
    days: f64,
    readings: Vec<f64>,
}

impl Pressure {
    pub(super) fn new(patient: &Patient, policy: &Policy) -> Self {
        Self {
            clock: ThresholdClock::new(patient, policy),
            state: State::Uncharted,
            before: (Instant::MIN, State::Uncharted),
            bolus: None,
            one_reading: policy.hypotension_confirmation == Confirmation::OneReading,
            apart: Span::from_minutes(policy.confirmation_minutes),
            treatment: Span::from_minutes(policy.fluid_treatment_minutes),
            window: Span::from_hours(policy.pressure_window_hours),
            baseline: (policy.baseline_fraction > 0.0).then(|| Baseline {
                fraction: policy.baseline_fraction,
                days: policy.baseline_days,
                readings: Vec::new(),
            }),
        }
    }

    pub(super) fn read(&mut self, event: &Event) {
        let Some(mmhg) = event.value.number() else { return };
        self.gather_baseline(event.at, mmhg);
        let Threshold { low, high } = self.clock.at(event.at);
        let (reading, at) = (Evidence::of(event), event.at);
        // Of several pressures at one instant (a cuff beside an arterial line) the last, which is the lowest, stands:
        // the others are no reading of their own between it and the one before.
        if at != self.before.0 {
            self.before = (at, self.state);
        }
        self.state = if mmhg >= high {
            State::Normal { at }
        } else if mmhg >= low {
            State::Undecided { at }
        } else {
            self.low(reading)
        };
    }

    fn low(&self, reading: Evidence) -> State {
        let at = reading.at;
        let treated = self.bolus.is_some_and(|b| at - b.at <= self.treatment);
        match self.before.1 {
            State::Low { first, .. } => State::Low { first, at },
            State::LowOnce { first, .. } if at - first.at >= self.apart => State::Low { first, at },
            State::LowOnce { first, .. } if !(treated || self.one_reading) => State::LowOnce { first, at },
            _ if treated || self.one_reading => State::Low { first: reading, at },
            _ => State::LowOnce { first: reading, at },
        }
    }

    pub(super) fn bolus(&mut self, event: &Event) {
        if event.value.number() == Some(0.0) {
            return;
        }
        self.bolus = Some(Evidence::of(event));
        if let State::LowOnce { first, at } = self.state
            && event.at - at <= self.treatment
        {
            self.state = State::Low { first, at };
        }
    }

    fn gather_baseline(&mut self, at: Instant, mmhg: f64) {
        let Some(baseline) = &mut self.baseline else { return };
        if at < Instant::INFUSION {
            if -at.days() <= baseline.days {
                baseline.readings.push(mmhg);
            }
        } else if !baseline.readings.is_empty() {
            let mut readings = std::mem::take(&mut baseline.readings);
            readings.sort_by(f64::total_cmp);
            if let (Some(a), Some(b)) = (readings.get((readings.len() - 1) / 2), readings.get(readings.len() / 2)) {
                self.clock.set_baseline_low(baseline.fraction * f64::midpoint(*a, *b));
            }
        }
    }

    pub(super) fn forget(&mut self) {
        self.state = State::Uncharted;
        self.before = (Instant::MIN, State::Uncharted);
        self.bolus = None;
    }

    pub(super) fn verdict(&self, now: Instant) -> Verdict {
        let holds = |at: Instant| now <= at + self.window;
        let lapsed = Verdict::Doubtful(Doubt::Lapsed, "blood pressure");
        match self.state {
            State::Uncharted => Verdict::Doubtful(Doubt::Uncharted, "blood pressure"),
            State::Normal { at } if holds(at) => Verdict::Normal,
            State::Low { at, .. } if holds(at) => Verdict::Low,
            State::LowOnce { at, .. } if holds(at) => Verdict::Doubtful(Doubt::Suspected, "second blood pressure"),
            State::Undecided { at } if holds(at) => Verdict::Doubtful(Doubt::Undecided, "blood pressure threshold at this age"),
            _ => lapsed,
        }
    }

    /// Whether any pressure is known of the stay.
    pub(super) fn charted(&self) -> bool {
        self.state != State::Uncharted
    }

    /// The first of the low readings, while they are low.
    pub(super) fn low_reading(&self) -> Option<Evidence> {
        match self.state {
            State::LowOnce { first, .. } | State::Low { first, .. } => Some(first),
            _ => None,
        }
    }

    /// The last fluid bolus.
    pub(super) const fn last_bolus(&self) -> Option<Evidence> {
        self.bolus
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Uncharted => None,
            State::Normal { at } | State::LowOnce { at, .. } | State::Undecided { at } | State::Low { at, .. } => {
                Some(lapse(at, self.window))
            }
        }
    }
}
