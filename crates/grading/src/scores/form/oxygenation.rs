//! Oxygenation by the ratio of saturation to inspired fraction, together with the support it is reached on.

use super::super::sheet::Sheet;
use super::Bounds;
use barograph_record::{Code, Comparator, Event, Signal, Value};
use serde::Deserialize;

/// How much support a rung asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Support {
    /// None; the ratio alone decides.
    Unneeded,
    /// Anything beyond room air.
    Any,
    /// Positive pressure; whether a high-flow cannula is one is undecided.
    Ventilation,
    /// A ventilator through a tube; on ECMO that is undecided.
    Invasive,
}

/// One step of an oxygenation item.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// Saturation over inspired fraction below which it is reached; absent where the score knows only the arterial ratio.
    sf_below: Option<f64>,
    support: Support,
    points: f64,
}

/// Certain and possible: what is sure, and what cannot be excluded.
type Maybe = (bool, bool);

const YES: Maybe = (true, true);
const NO: Maybe = (false, false);
const UNKNOWN: Maybe = (false, true);

/// Points by the saturation ratio, where every step might also be reached by an arterial pressure that is not known.
pub(super) fn points(steps: &[Step], sheet: &mut Sheet<'_, '_>) -> Bounds {
    let room_air = sheet.state.options.room_air_fio2;
    let oxygen_charted = sheet.state.held(Signal::Fio2).and_then(|e| e.value.number()).is_some_and(|x| x > room_air);
    let mut device = sheet.held(Signal::OxygenDevice).and_then(|e| e.value.code());
    if oxygen_charted && device == Some(Code::RoomAir) {
        // Room air is not richer than air: one of the two chartings is wrong, and support is not excluded.
        sheet.note("room-air-with-oxygen");
        device = None;
    }
    if device.is_none() {
        // Not charted, or charted and not understood.
        sheet.miss(Signal::OxygenDevice.name());
    }
    let ratio = ratio(device, sheet);
    sheet.miss("PaO2");
    let mut bounds = Bounds::ZERO;
    for step in steps {
        let (given, possible) = supported(step.support, device, oxygen_charted);
        let reached = step.sf_below.is_some_and(|edge| ratio.is_some_and(|r| r.ceiling < edge));
        if possible {
            bounds.ceiling = bounds.ceiling.max(step.points);
        }
        if given && reached {
            bounds.floor = bounds.floor.max(step.points);
        }
    }
    bounds
}

fn supported(needed: Support, device: Option<Code>, oxygen_charted: bool) -> Maybe {
    use Code::{Bipap, Cpap, Ecmo, HighFlowNasalCannula, InvasiveVentilation, RoomAir};
    match (needed, device) {
        (Support::Unneeded, _) => YES,
        (Support::Any, None) if oxygen_charted => YES,
        (_, None) | (Support::Ventilation, Some(HighFlowNasalCannula)) | (Support::Invasive, Some(Ecmo)) => UNKNOWN,
        (Support::Any, Some(RoomAir)) => NO,
        (Support::Any, Some(_))
        | (Support::Ventilation, Some(Cpap | Bipap | InvasiveVentilation | Ecmo))
        | (Support::Invasive, Some(InvasiveVentilation)) => YES,
        (Support::Ventilation | Support::Invasive, Some(_)) => NO,
    }
}

/// Saturation in per cent over the inspired fraction, where the saturation tells.
fn ratio(device: Option<Code>, sheet: &mut Sheet<'_, '_>) -> Option<Bounds> {
    let number = |e: &Event| match e.value {
        Value::Number(x, Comparator::Exact) => Some(x),
        _ => None,
    };
    let highest = sheet.state.options.highest_telling_saturation;
    let saturation = sheet.held(Signal::Spo2).and_then(number).filter(|x| *x <= highest)?;
    let inspired = if device == Some(Code::RoomAir) {
        sheet.state.options.room_air_fio2
    } else {
        let charted = sheet.held(Signal::Fio2).and_then(number);
        if charted.is_none() {
            sheet.miss(Signal::Fio2.name());
        }
        charted?
    };
    (inspired > 0.0).then(|| Bounds::exactly(barograph_record::round_significant(saturation / (inspired / 100.0))))
}

/// Points for a ventilator through a tube.
pub(super) fn invasive(points: f64, sheet: &mut Sheet<'_, '_>) -> Bounds {
    let device = sheet.held(Signal::OxygenDevice).and_then(|e| e.value.code());
    match supported(Support::Invasive, device, false) {
        YES => Bounds::exactly(points),
        NO => Bounds::ZERO,
        _ => {
            sheet.miss(Signal::OxygenDevice.name());
            Bounds { floor: 0.0, ceiling: points }
        }
    }
}
