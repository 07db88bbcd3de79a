//! The ladder of support: fluids, vasopressors, oxygen, up when a child fails and down when it holds.

use super::Measured;
use crate::child::ward::{circulation, oxygen};

/// What runs for the circulation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Circulation {
    /// ug/kg/min.
    pub norepinephrine: f64,
    /// ug/kg/min.
    pub epinephrine: f64,
    /// U/kg/min.
    pub vasopressin: f64,
}

impl Circulation {
    /// Whether any vasopressor runs.
    pub fn runs(&self) -> bool {
        self.norepinephrine > 0.0 || self.epinephrine > 0.0 || self.vasopressin > 0.0
    }
}

/// How breathing is supported, from nothing to the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breathing {
    /// Nothing.
    #[default]
    RoomAir,
    /// Low flow.
    NasalCannula,
    /// More than 6 L/min.
    HighFlow,
    /// A mask with positive pressure.
    Bipap,
    /// A tube.
    Ventilated,
}

impl Breathing {
    const STEPS: [Self; 5] = [Self::RoomAir, Self::NasalCannula, Self::HighFlow, Self::Bipap, Self::Ventilated];

    /// The share of the fall of saturation that it makes good (`[oxygen]` of the ward).
    pub const fn gain(self) -> f64 {
        match self {
            Self::RoomAir => 0.0,
            Self::NasalCannula => oxygen::GAIN_CANNULA,
            Self::HighFlow => oxygen::GAIN_HIGH_FLOW,
            Self::Bipap => oxygen::GAIN_BIPAP,
            Self::Ventilated => oxygen::GAIN_VENTILATED,
        }
    }

    fn up(self) -> Self {
        Self::STEPS.get(self as usize + 1).copied().unwrap_or(self)
    }

    fn down(self) -> Self {
        Self::STEPS.get((self as usize).wrapping_sub(1)).copied().unwrap_or(self)
    }
}

/// All support.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Support {
    /// Vasopressors.
    pub circulation: Circulation,
    /// Oxygen and ventilation.
    pub breathing: Breathing,
}

impl Support {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        self.circulation.runs() || self.breathing > Breathing::RoomAir
    }
}

/// What was decided in a round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Action {
    /// A bolus of crystalloid, mL/kg.
    Bolus(f64),
    /// Vasopressors were changed.
    Vasopressors,
    /// Oxygen was changed.
    Oxygen,
}

/// The bedside's rules and memory. The rules are assumed ordinary practice: boluses, then norepinephrine, then a second drug; oxygen by steps; down again
/// after hours of stability. Their numbers are `[circulation]` and `[oxygen]` of the ward.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ladder {
    pub(crate) support: Support,
    /// Prefers vasopressin as second drug.
    pub(crate) prefers_vasopressin: bool,
    boluses: Vec<f64>,
    low: u32,
    stable: f64,
    changed_drug: f64,
    short_of_oxygen: u32,
    saturated: f64,
    changed_oxygen: f64,
    last: f64,
}

/// Hours, in days, less what sums of rounds may be short of it.
const fn days(hours: f64) -> f64 {
    hours / 24.0 - 1e-9
}

impl Ladder {
    pub(crate) fn new(prefers_vasopressin: bool) -> Self {
        let never = f64::NEG_INFINITY;
        Self { prefers_vasopressin, changed_drug: never, changed_oxygen: never, last: never, ..Self::default() }
    }

    /// Looks at what was measured and acts. `limit` is the child's lowest normal pressure; `holds` tells what saturation a lower step would leave.
    pub(crate) fn act(&mut self, day: f64, seen: &Measured, limit: f64, holds: impl Fn(Breathing) -> f64) -> Vec<Action> {
        let hours = if self.last.is_finite() { (day - self.last) * 24.0 } else { 0.0 };
        self.last = day;
        let mut out = Vec::new();
        if let Some(systolic) = seen.systolic {
            self.circulate(day, hours, systolic, limit, &mut out);
        }
        if let Some(saturation) = seen.spo2 {
            self.oxygenate(day, hours, saturation, holds, &mut out);
        }
        out
    }

    fn circulate(&mut self, day: f64, hours: f64, systolic: f64, limit: f64, out: &mut Vec<Action>) {
        // What runs is set to hold the pressure clear of the limit.
        let limit = if self.support.circulation.runs() { limit + circulation::CLEAR } else { limit };
        if systolic < limit {
            self.low += 1;
            self.stable = 0.0;
        } else {
            self.low = 0;
            self.stable = if systolic > limit + circulation::MARGIN { self.stable + hours } else { 0.0 };
        }
        if f64::from(self.low) >= circulation::LOW_IN_A_ROW {
            self.support_pressure(day, out);
        } else if self.stable >= circulation::WEAN_AFTER_HOURS && self.support.circulation.runs() {
            self.wean();
            self.stable = circulation::WEAN_AFTER_HOURS - circulation::WEAN_EVERY_HOURS;
            out.push(Action::Vasopressors);
        }
    }

    fn support_pressure(&mut self, day: f64, out: &mut Vec<Action>) {
        self.boluses.retain(|given| day - given < 1.0);
        let c = &mut self.support.circulation;
        if !c.runs() && (self.boluses.len() as f64) < circulation::BOLUSES_IN_24_HOURS {
            if self.boluses.last().is_none_or(|given| day - given >= circulation::HOURS_BETWEEN_BOLUSES * days(1.0)) {
                self.boluses.push(day);
                self.low = 0;
                out.push(Action::Bolus(circulation::BOLUS_ML_PER_KG));
            }
            return;
        }
        if day - self.changed_drug < days(circulation::HOURS_BETWEEN_STEPS) {
            return;
        }
        let (first, step) = (circulation::NOREPINEPHRINE_SECOND_DRUG, circulation::STEP_UP);
        if c.norepinephrine < first - 1e-9 {
            c.norepinephrine =
                if c.norepinephrine == 0.0 { circulation::NOREPINEPHRINE_BEGIN } else { (c.norepinephrine + step).min(first) };
        } else if c.vasopressin == 0.0 && self.prefers_vasopressin {
            c.vasopressin = circulation::VASOPRESSIN;
        } else if c.epinephrine == 0.0 {
            c.epinephrine = circulation::EPINEPHRINE_BEGIN;
        } else if c.norepinephrine < circulation::NOREPINEPHRINE_MOST - 1e-9 {
            c.norepinephrine += step;
        } else if c.epinephrine < circulation::EPINEPHRINE_MOST - 1e-9 {
            c.epinephrine += step;
        } else {
            return;
        }
        self.changed_drug = day;
        self.low = 1;
        out.push(Action::Vasopressors);
    }

    fn wean(&mut self) {
        let c = &mut self.support.circulation;
        let (step, rest) = (circulation::STEP_DOWN, circulation::STEP_DOWN_REST);
        let less = |rate: f64| if rate < step + rest { 0.0 } else { rate - step };
        if c.epinephrine > 0.0 {
            c.epinephrine = less(c.epinephrine);
        } else if c.vasopressin > 0.0 {
            c.vasopressin = 0.0;
        } else {
            c.norepinephrine = less(c.norepinephrine);
        }
    }

    fn oxygenate(&mut self, day: f64, hours: f64, saturation: f64, holds: impl Fn(Breathing) -> f64, out: &mut Vec<Action>) {
        if saturation < oxygen::LOW {
            self.short_of_oxygen += 1;
            self.saturated = 0.0;
        } else {
            self.short_of_oxygen = 0;
            self.saturated = if saturation > oxygen::STABLE { self.saturated + hours } else { 0.0 };
        }
        let breathing = self.support.breathing;
        let low = f64::from(self.short_of_oxygen) >= oxygen::LOW_IN_A_ROW;
        let since = day - self.changed_oxygen;
        if low && breathing < Breathing::Ventilated && since >= days(oxygen::HOURS_BETWEEN_STEPS_UP) {
            self.support.breathing = breathing.up();
        } else if self.saturated >= oxygen::STABLE_HOURS
            && breathing > Breathing::RoomAir
            && since >= oxygen::HOURS_BETWEEN_STEPS_DOWN / 24.0
        {
            self.saturated = 0.0;
            if holds(breathing.down()) > oxygen::ENOUGH_ON_LESS {
                self.support.breathing = breathing.down();
            }
        }
        if self.support.breathing != breathing {
            self.changed_oxygen = day;
            self.short_of_oxygen = 0;
            out.push(Action::Oxygen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(ladder: &mut Ladder, hour: u32, systolic: f64, spo2: f64) -> Vec<Action> {
        let seen = Measured { temperature: Some(37.0), systolic: Some(systolic), spo2: Some(spo2), ..Measured::default() };
        ladder.act(f64::from(hour) / 24.0, &seen, 90.0, |_| 97.0)
    }

    #[test]
    fn one_low_pressure_does_nothing_and_fluids_come_before_vasopressors() {
        let mut ladder = Ladder::new(false);
        assert!(round(&mut ladder, 0, 80.0, 98.0).is_empty());
        assert_eq!(round(&mut ladder, 1, 80.0, 98.0), [Action::Bolus(20.0)]);
        let mut boluses = 1;
        for hour in 2..40 {
            for action in round(&mut ladder, hour, 70.0, 98.0) {
                assert!(action != Action::Vasopressors || boluses == 3, "a vasopressor after {boluses} boluses");
                boluses += u32::from(matches!(action, Action::Bolus(_)));
            }
        }
        assert_eq!(boluses, 3);
        let c = ladder.support.circulation;
        assert!(c.norepinephrine >= 0.2 && c.epinephrine > 0.0, "{c:?}");
        for hour in 40..200 {
            round(&mut ladder, hour, 120.0, 98.0);
        }
        assert!(!ladder.support.circulation.runs());
    }

    #[test]
    fn oxygen_goes_up_by_steps_and_down_again() {
        let mut ladder = Ladder::new(false);
        for hour in 0..30 {
            round(&mut ladder, hour, 110.0, 85.0);
        }
        assert_eq!(ladder.support.breathing, Breathing::Ventilated);
        for hour in 30..100 {
            round(&mut ladder, hour, 110.0, 98.0);
        }
        assert_eq!(ladder.support.breathing, Breathing::RoomAir);
    }
}
