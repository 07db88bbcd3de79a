//! Systolic pressure against the child's own threshold.

use super::{Doubt, lapse, range};
use crate::course::Evidence;
use crate::hypotension::{HypotensionSet, Threshold};
use crate::missing::Missing;
use crate::policy::{Confirmation, Policy};
use crate::threshold::{Baseline, ThresholdClock};
use barograph_record::{Event, Instant, Patient, Span};

/// What the readings so far amount to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Uncharted,
    /// Charted, and not understood.
    Unread,
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
    /// Low before the infusion, which says nothing of the time after it.
    LowBefore {
        at: Instant,
    },
    /// Low twice in a row, or low and treated.
    Low {
        first: Evidence,
        at: Instant,
    },
}

/// By which thresholds a pressure is low.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressureSet {
    /// The policy's.
    Policy,
    /// Those of CARTOX: 90 mm\[Hg\] at any age.
    Cartox2018,
    /// Those of Mahadeo 2019.
    Mahadeo2019,
}

impl PressureSet {
    /// Every set.
    pub(super) const ALL: [Self; 3] = [Self::Policy, Self::Cartox2018, Self::Mahadeo2019];

    /// The published thresholds.
    pub(crate) fn thresholds(self, policy: &Policy) -> Option<&'static HypotensionSet> {
        match self {
            Self::Policy => policy.hypotension(),
            Self::Cartox2018 => HypotensionSet::by_id("cartox-2018"),
            Self::Mahadeo2019 => HypotensionSet::by_id("mahadeo-2019"),
        }
    }

    /// The one of this set, where there is one of each in the order of [`Self::ALL`].
    pub(crate) fn of<T>(self, [policy, cartox, mahadeo]: [T; 3]) -> T {
        match self {
            Self::Policy => policy,
            Self::Cartox2018 => cartox,
            Self::Mahadeo2019 => mahadeo,
        }
    }
}

/// Low, not low, or in doubt, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Low,
    Normal,
    Doubtful(Doubt, Missing),
}

/// Systolic pressure over time.
#[derive(Clone, Debug)]
pub(super) struct Pressure {
    /// One for each [`PressureSet`], in its order.
    tracks: [Track; 3],
    bolus: Option<Evidence>,
    /// The last instants at which fluid was given, as many as make several boluses.
    boluses: Vec<Instant>,
    several: usize,
    together: Span,
    rules: Rules,
    window: Span,
    before: Option<Before>,
}

/// One set of thresholds, and what the readings amount to by it.
#[derive(Clone, Debug)]
struct Track {
    clock: ThresholdClock,
    state: State,
    /// The last reading's instant, and the state that it found.
    before: (Instant, State),
}

#[derive(Clone, Copy, Debug)]
struct Rules {
    one_reading: bool,
    apart: Span,
    within: Span,
    treatment: Span,
}

/// Pressures from before infusion, of which the median is the patient's own baseline.
#[derive(Clone, Debug)]
struct Before {
    policy: Policy,
    readings: Vec<f64>,
}

impl Rules {
    fn low(self, before: State, reading: Evidence, bolus: Option<Evidence>) -> State {
        let at = reading.at;
        let treated = bolus.is_some_and(|b| at - b.at <= self.treatment);
        // What was low long ago, with nothing since, says nothing of this reading.
        let before = match before {
            State::LowOnce { at: last, .. } | State::Low { at: last, .. } if at - last > self.within => State::Uncharted,
            _ => before,
        };
        match before {
            State::Low { first, .. } => State::Low { first, at },
            State::LowOnce { first, .. } if at - first.at >= self.apart => State::Low { first, at },
            State::LowOnce { first, .. } if !(treated || self.one_reading) => State::LowOnce { first, at },
            _ if treated || self.one_reading => State::Low { first: reading, at },
            _ => State::LowOnce { first: reading, at },
        }
    }
}

impl Pressure {
    pub(super) fn new(patient: &Patient, policy: &Policy) -> Self {
        let by = |set| Track {
            clock: ThresholdClock::by(PressureSet::thresholds(set, policy), patient, policy),
            state: State::Uncharted,
            before: (Instant::MIN, State::Uncharted),
        };
        Self {
            tracks: PressureSet::ALL.map(by),
            bolus: None,
            boluses: Vec::new(),
            several: (policy.several_boluses as usize).max(1),
            together: Span::from_hours(policy.bolus_hours),
            rules: Rules {
                one_reading: policy.hypotension_confirmation == Confirmation::OneReading,
                apart: Span::from_minutes(policy.confirmation_minutes),
                within: Span::from_hours(policy.confirmation_hours),
                treatment: Span::from_minutes(policy.fluid_treatment_minutes),
            },
            window: Span::from_hours(policy.pressure_window_hours),
            before: (policy.baseline_fraction > 0.0).then(|| Before { policy: policy.clone(), readings: Vec::new() }),
        }
    }

    pub(super) fn read(&mut self, event: &Event) {
        let Some((lowest, highest)) = range(event.value) else { return self.unread() };
        if lowest == highest {
            self.gather_baseline(event.at, lowest);
        }
        let (reading, at) = (Evidence::of(event), event.at);
        // Of several pressures at one instant (a cuff beside an arterial line) the last, which is the lowest, stands:
        // the others are no reading of their own between it and the one before.
        for track in &mut self.tracks {
            if at != track.before.0 {
                track.before = (at, track.state);
            }
            let Threshold { low, high } = track.clock.at(at);
            track.state = if lowest >= high {
                State::Normal { at }
            } else if highest >= low {
                State::Undecided { at }
            } else {
                self.rules.low(track.before.1, reading, self.bolus)
            };
        }
    }

    /// A pressure that could not be read may have been low: a normal one before it vouches no longer.
    fn unread(&mut self) {
        for track in &mut self.tracks {
            if matches!(track.state, State::Uncharted | State::Normal { .. } | State::Undecided { .. } | State::LowBefore { .. }) {
                track.state = State::Unread;
            }
        }
    }

    pub(super) fn bolus(&mut self, event: &Event) {
        if event.value.number() == Some(0.0) {
            return;
        }
        self.bolus = Some(Evidence::of(event));
        if self.boluses.last() != Some(&event.at) {
            if self.boluses.len() >= self.several {
                self.boluses.remove(0);
            }
            self.boluses.push(event.at);
        }
        self.treat(event.at);
    }

    /// Takes a low pressure that is treated now for hypotension.
    pub(super) fn treat(&mut self, now: Instant) {
        for track in &mut self.tracks {
            if let State::LowOnce { first, at } = track.state
                && now - at <= self.rules.treatment
            {
                track.state = State::Low { first, at };
            }
        }
    }

    fn first_of_several(&self) -> Option<Instant> {
        self.boluses.first().copied().filter(|_| self.boluses.len() >= self.several)
    }

    /// Whether several boluses were given not long ago.
    pub(super) fn several_boluses(&self, now: Instant) -> bool {
        self.first_of_several().is_some_and(|first| now - first <= self.together)
    }

    fn gather_baseline(&mut self, at: Instant, mmhg: f64) {
        let Some(before) = &mut self.before else { return };
        if Baseline::covers(at, &before.policy) {
            before.readings.push(mmhg);
        } else if at >= Instant::INFUSION
            && let Some(baseline) = Baseline::of(std::mem::take(&mut before.readings), &before.policy)
        {
            // The published sets of the scales that bring their own know no baseline.
            let [policy, ..] = &mut self.tracks;
            policy.clock.set_baseline(baseline);
        }
    }

    /// Lets go of what was low before the infusion, and of the fluids given for it.
    pub(super) fn infuse(&mut self) {
        for track in &mut self.tracks {
            if let State::LowOnce { at, .. } | State::Low { at, .. } = track.state {
                track.state = State::LowBefore { at };
                track.before = (Instant::MIN, track.state);
            }
        }
        self.bolus = None;
        self.boluses.clear();
    }

    pub(super) fn forget(&mut self) {
        for track in &mut self.tracks {
            track.state = State::Uncharted;
            track.before = (Instant::MIN, State::Uncharted);
        }
        self.bolus = None;
        self.boluses.clear();
    }

    fn state(&self, set: PressureSet) -> State {
        set.of(self.tracks.each_ref()).state
    }

    pub(super) fn verdict(&self, set: PressureSet, now: Instant) -> Verdict {
        let holds = |at: Instant| now <= at + self.window;
        let lapsed = Verdict::Doubtful(Doubt::Lapsed, Missing::BloodPressure);
        match self.state(set) {
            State::Uncharted => Verdict::Doubtful(Doubt::Uncharted, Missing::BloodPressure),
            State::Normal { at } if holds(at) => Verdict::Normal,
            State::Low { at, .. } if holds(at) => Verdict::Low,
            State::LowOnce { at, .. } if holds(at) => Verdict::Doubtful(Doubt::Suspected, Missing::SecondBloodPressure),
            State::Undecided { at } if holds(at) => Verdict::Doubtful(Doubt::Undecided, Missing::BloodPressureThreshold),
            _ => lapsed,
        }
    }

    /// Whether any pressure is known of the stay.
    pub(super) fn charted(&self) -> bool {
        self.tracks.iter().any(|track| !matches!(track.state, State::Uncharted | State::Unread))
    }

    /// The first of the low readings, while they are low.
    pub(super) fn low_reading(&self, set: PressureSet) -> Option<Evidence> {
        match self.state(set) {
            State::LowOnce { first, .. } | State::Low { first, .. } => Some(first),
            _ => None,
        }
    }

    /// Whether the last pressure was low, be it before the infusion.
    pub(super) fn last_was_low(&self, set: PressureSet) -> bool {
        matches!(self.state(set), State::LowOnce { .. } | State::Low { .. } | State::LowBefore { .. })
    }

    /// When the pressure was last charted as low, while it is.
    pub(super) fn last_low(&self, set: PressureSet) -> Option<Instant> {
        match self.state(set) {
            State::LowOnce { at, .. } | State::Low { at, .. } => Some(at),
            _ => None,
        }
    }

    /// The last fluid bolus.
    pub(super) const fn last_bolus(&self) -> Option<Evidence> {
        self.bolus
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        // Every reading is taken by every set, so all lapse together.
        let lapses = match self.state(PressureSet::Policy) {
            State::Uncharted | State::Unread => None,
            State::Normal { at }
            | State::LowOnce { at, .. }
            | State::Undecided { at }
            | State::LowBefore { at }
            | State::Low { at, .. } => Some(lapse(at, self.window)),
        };
        let together = self.first_of_several().map(|first| lapse(first, self.together));
        [lapses, together].into_iter().flatten().filter(|d| *d > now).min()
    }
}
