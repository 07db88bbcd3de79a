//! Vital signs as measured: the truth with support, noise and gaps.

use super::ladder::{Breathing, Support};
use crate::child::draws::Draws;
use crate::child::model::ChildState;

/// One round of vital signs; `None` where a measurement was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Measured {
    pub(crate) temperature: Option<f64>,
    pub(crate) systolic: Option<f64>,
    pub(crate) diastolic: Option<f64>,
    pub(crate) spo2: Option<f64>,
    pub(crate) heart_rate: Option<f64>,
    pub(crate) respiratory_rate: Option<f64>,
}

/// The systolic pressure under vasopressors: each saturates, and inflamed vessels answer less (assumed).
pub(crate) fn systolic(state: &ChildState<'_>, support: &Support) -> f64 {
    let c = support.circulation;
    let most = state.norepinephrine_effect();
    let answer = 1.0 - 0.6 * state.endothelium();
    let rise = most * c.norepinephrine / (c.norepinephrine + 0.3) + 0.8 * most * c.epinephrine / (c.epinephrine + 0.2);
    let vasopressin = if c.vasopressin > 0.0 { 8.0 } else { 0.0 };
    state.pressure() + rise * answer + vasopressin * (1.0 - 0.4 * state.endothelium())
}

/// The saturation under a step of oxygen.
pub(crate) fn saturation(state: &ChildState<'_>, breathing: Breathing) -> f64 {
    98.0 - state.saturation_deficit() * (1.0 - breathing.gain())
}

/// Measures: noise of monitors, rounding, and a share of measurements that is left out.
pub(crate) fn measure(state: &ChildState<'_>, age_years: f64, support: &Support, draws: &mut Draws) -> Measured {
    // All draws are made, charted or not, so that the noise of one vital sign does not depend on a gap in another.
    let noise: [f64; 6] = std::array::from_fn(|_| draws.normal());
    let missed: [bool; 6] = std::array::from_fn(|_| draws.chance(MISSED));
    let keep = |i: usize, value: f64| (!missed[i]).then_some(value);
    let temperature = state.temperature() + 0.12 * noise[0];
    let true_systolic = systolic(state, support);
    let systolic = (true_systolic + 4.0 * noise[1]).max(30.0);
    let diastolic = (0.6 * true_systolic - 12.0 * state.endothelium() + 3.0 * noise[2]).clamp(15.0, systolic - 8.0);
    let spo2 = (saturation(state, support.breathing) + 0.8 * noise[3]).clamp(50.0, 100.0);
    let fever = (temperature - 37.0).max(0.0);
    let rest = 105.0 - 2.2 * age_years.min(18.0);
    let fall = (1.0 - true_systolic / state.pressure_in_health()).max(0.0);
    let heart = (rest + 10.0 * fever + 80.0 * fall + 5.0 * noise[4]).clamp(40.0, 220.0);
    let quick = state.saturation_deficit() * (1.0 - 0.6 * support.breathing.gain());
    let breaths = (28.0 - 0.7 * age_years.min(18.0) + 2.0 * fever + 0.8 * quick + 1.5 * noise[5]).clamp(8.0, 70.0);
    Measured {
        temperature: keep(0, (temperature * 10.0).round() / 10.0),
        systolic: keep(1, systolic.round()),
        // A cuff gives both or none.
        diastolic: keep(1, diastolic.round()),
        spo2: keep(3, spo2.round()),
        heart_rate: keep(4, heart.round()),
        respiratory_rate: keep(5, breaths.round()),
    }
}

/// The share of measurements left out.
const MISSED: f64 = 0.03;
