//! Vital signs as measured: the truth with support, noise and gaps (`[monitors]`, `[vital_signs]` and `[response]` of the ward).

use super::ladder::{Breathing, Support};
use crate::child::draws::Draws;
use crate::child::model::ChildState;
use crate::child::ward::{monitors, response, vital_signs};

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
    let answer = 1.0 - response::INFLAMED_LOSS * state.endothelium();
    let rise = most * c.norepinephrine / (c.norepinephrine + response::NOREPINEPHRINE_HALF)
        + response::EPINEPHRINE_SHARE * most * c.epinephrine / (c.epinephrine + response::EPINEPHRINE_HALF);
    let vasopressin = if c.vasopressin > 0.0 { response::VASOPRESSIN_RISE } else { 0.0 };
    state.pressure() + rise * answer + vasopressin * (1.0 - response::INFLAMED_LOSS_VASOPRESSIN * state.endothelium())
}

/// The saturation under a step of oxygen.
pub(crate) fn saturation(state: &ChildState<'_>, breathing: Breathing) -> f64 {
    vital_signs::SATURATION_IN_HEALTH - state.saturation_deficit() * (1.0 - breathing.gain())
}

/// Measures: noise of monitors, rounding, and a share of measurements that is left out.
pub(crate) fn measure(state: &ChildState<'_>, age_years: f64, support: &Support, draws: &mut Draws) -> Measured {
    // All draws are made, charted or not, so that the noise of one vital sign does not depend on a gap in another.
    let noise: [f64; 6] = std::array::from_fn(|_| draws.normal());
    let missed: [bool; 6] = std::array::from_fn(|_| draws.chance(monitors::MISSED));
    let keep = |i: usize, value: f64| (!missed[i]).then_some(value);
    let temperature = state.temperature() + monitors::TEMPERATURE * noise[0];
    let true_systolic = systolic(state, support);
    let systolic = (true_systolic + monitors::SYSTOLIC * noise[1]).max(30.0);
    let diastolic = vital_signs::DIASTOLIC_SHARE * true_systolic - vital_signs::DIASTOLIC_LOSS * state.endothelium();
    let diastolic = (diastolic + monitors::DIASTOLIC * noise[2]).clamp(15.0, systolic - 8.0);
    let spo2 = (saturation(state, support.breathing) + monitors::SATURATION * noise[3]).clamp(50.0, 100.0);
    let fever = (temperature - vital_signs::NORMAL_TEMPERATURE).max(0.0);
    let years = age_years.min(vital_signs::ADULT_YEARS);
    let rest = vital_signs::HEART_RATE - vital_signs::HEART_RATE_A_YEAR * years;
    let fall = (1.0 - true_systolic / state.pressure_in_health()).max(0.0);
    let heart = rest + vital_signs::HEART_RATE_A_DEGREE * fever + vital_signs::HEART_RATE_PRESSURE * fall;
    let heart = (heart + monitors::HEART_RATE * noise[4]).clamp(40.0, 220.0);
    let quick = state.saturation_deficit() * (1.0 - vital_signs::BREATHING_EASED * support.breathing.gain());
    let breaths = vital_signs::RESPIRATORY_RATE - vital_signs::RESPIRATORY_RATE_A_YEAR * years;
    let breaths = breaths + vital_signs::RESPIRATORY_RATE_A_DEGREE * fever + vital_signs::RESPIRATORY_RATE_A_PER_CENT * quick;
    let breaths = (breaths + monitors::RESPIRATORY_RATE * noise[5]).clamp(8.0, 70.0);
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
