//! One patient's schedule: parameters, doses, changes, decisions.

/// An amount of drug entering a state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dose {
    /// The state that it enters.
    pub state: usize,
    /// When, in the model's time.
    pub time: f64,
    /// How much, in the state's unit.
    pub amount: f64,
    /// Over how long, at a constant rate; 0 for a bolus.
    pub duration: f64,
}

impl Dose {
    /// All at once.
    pub fn bolus(state: usize, time: f64, amount: f64) -> Self {
        Self { state, time, amount, duration: 0.0 }
    }

    /// At a constant rate.
    pub fn infusion(state: usize, time: f64, amount: f64, duration: f64) -> Self {
        Self { state, time, amount, duration }
    }
}

/// A parameter that takes another value from some time on; the engine stops exactly there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The parameter.
    pub parameter: usize,
    /// When, in the model's time.
    pub time: f64,
    /// Its value from then on.
    pub value: f64,
}

/// One patient to be simulated. What lies before the start of the run happens at its start.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patient {
    /// Values of the model's parameters, in its order.
    pub parameters: Vec<f64>,
    /// States at the start, where they are not what the model says.
    pub states: Vec<(usize, f64)>,
    /// Doses, in any order.
    pub doses: Vec<Dose>,
    /// Changes of parameters, in any order.
    pub changes: Vec<Change>,
    /// When the policy is asked, in any order.
    pub decisions: Vec<f64>,
}

impl Patient {
    /// Whether every event is at a finite time and of a finite size.
    pub(crate) fn is_finite(&self) -> bool {
        let dose = |dose: &Dose| dose.time.is_finite() && dose.amount.is_finite() && dose.duration.is_finite();
        let change = |change: &Change| change.time.is_finite();
        self.doses.iter().all(dose) && self.changes.iter().all(change) && self.decisions.iter().all(|time| time.is_finite())
    }
}

/// What happens at a stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Act {
    StopInfusion,
    Set { parameter: usize, value: f64 },
    Bolus { state: usize, amount: f64 },
    Infuse { state: usize, rate: f64, until: f64 },
    Decide,
}

impl Act {
    /// The order of what happens at one instant: an infusion ends before the next begins, and a decision sees what was given.
    fn rank(&self) -> u8 {
        match self {
            Self::StopInfusion => 0,
            Self::Set { .. } => 1,
            Self::Bolus { .. } => 2,
            Self::Infuse { .. } => 3,
            Self::Decide => 4,
        }
    }
}

/// What is still to happen, soonest last.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    items: Vec<(f64, Act)>,
}

impl Agenda {
    pub(crate) fn clear(&mut self) {
        self.items.clear();
    }

    pub(crate) fn add(&mut self, time: f64, act: Act) {
        let after = |&(t, ref a): &(f64, Act)| (t, a.rank()) > (time, act.rank());
        let at = self.items.partition_point(after);
        self.items.insert(at, (time, act));
    }

    pub(crate) fn dose(&mut self, dose: &Dose) {
        if dose.duration > 0.0 {
            let until = dose.time + dose.duration;
            self.add(dose.time, Act::Infuse { state: dose.state, rate: dose.amount / dose.duration, until });
            self.add(until, Act::StopInfusion);
        } else {
            self.add(dose.time, Act::Bolus { state: dose.state, amount: dose.amount });
        }
    }

    pub(crate) fn next_time(&self) -> f64 {
        self.items.last().map_or(f64::INFINITY, |&(time, _)| time)
    }

    /// The next act if it is due at `now` or before.
    pub(crate) fn due(&mut self, now: f64) -> Option<Act> {
        if self.next_time() <= now { self.items.pop().map(|(_, act)| act) } else { None }
    }
}
