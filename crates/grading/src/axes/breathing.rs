//! Breathing: hypoxia by the support it needs.

mod before;
mod home;
mod oxygen;
mod saturation;

use super::{Doubt, Reading, range};
use crate::course::{Cause, Evidence};
use crate::missing::Missing;
use crate::policy::{HighFlowAtLowRate, Policy, SupportBeforeInfusion, UnchartedOxygen, VentilationWithoutIndication};
use barograph_record::{Code, Event, Instant, Value};
use before::Before;
pub use oxygen::{OxygenNeed, Ventilation};
use saturation::Saturations;

/// How much support breathing needs, by kind of device; flow and fraction are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum BreathingSupport {
    /// Room air.
    None,
    /// Low-flow nasal cannula, or blow-by.
    LowFlow,
    /// High-flow nasal cannula, or any face mask.
    HighFlow,
    /// CPAP, BiPAP, ventilation through a tube.
    PositivePressure,
}

use BreathingSupport::{HighFlow, LowFlow, None as NoSupport, PositivePressure};

/// Whether support by this device is told by its rate.
const fn by_rate(device: Code) -> bool {
    matches!(device, Code::NasalCannula | Code::HighFlowNasalCannula)
}

/// Whether a flow or fraction was charted and could not be read.
fn amount_unread(charted: Evidence) -> bool {
    charted.value.number().is_none()
}

/// A number as it was charted, or the next beyond it where it is qualified.
fn nearest(value: Value) -> Option<f64> {
    let (lowest, highest) = range(value)?;
    Some(if lowest.is_finite() { lowest } else { highest })
}

/// Why a flow or fraction is not known: what could not be read is not settled by what is charted soon after it.
fn doubt_of(amount: Option<Evidence>) -> Doubt {
    if amount.is_some_and(amount_unread) { Doubt::Undecided } else { Doubt::Detail }
}

/// Oxygen and ventilation over time.
#[derive(Clone, Debug)]
pub struct Breathing {
    device: Option<Evidence>,
    flow: Option<Evidence>,
    /// When the flow last took another rate.
    flow_changed: Option<Instant>,
    fio2: Option<Evidence>,
    indication: Option<Evidence>,
    /// Counts stretches on one device, so that a detail charted later finds the device it belongs to.
    spell: u32,
    saturations: Saturations,
    /// Support at home, with its flow or, of a device that is not told by its flow, its FiO2 in per cent.
    baselines: Vec<(Code, Option<f64>)>,
    /// Whether somebody charted support at home in words that could not be read.
    unread_baseline: bool,
    /// What was on at the infusion, until room air.
    before: Option<Before>,
    older: SupportBeforeInfusion,
    low_flow_limit: f64,
    /// FiO2 in per cent: up to which it is room air, and from which oxygen is high.
    room_air_fio2: f64,
    high_fio2: f64,
    at_low_rate: HighFlowAtLowRate,
    assume_hypoxia: bool,
    uncharted_is_none: bool,
    subtract_baseline: bool,
    below_40_up_to: f64,
    at_least_40_from: f64,
}

impl Breathing {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            device: None,
            flow: None,
            flow_changed: None,
            fio2: None,
            indication: None,
            spell: 1,
            saturations: Saturations::new(policy),
            baselines: Vec::new(),
            unread_baseline: false,
            before: None,
            older: policy.support_before_infusion,
            low_flow_limit: policy.low_flow_limit,
            room_air_fio2: policy.room_air_fio2,
            high_fio2: policy.high_fio2,
            at_low_rate: policy.high_flow_at_low_rate,
            assume_hypoxia: policy.ventilation_without_indication == VentilationWithoutIndication::Hypoxia,
            uncharted_is_none: policy.uncharted_oxygen == UnchartedOxygen::None,
            subtract_baseline: policy.subtract_baseline_support,
            below_40_up_to: policy.cannula_below_40_up_to,
            at_least_40_from: policy.cannula_at_least_40_from,
        }
    }

    /// A change of device ends the flow and fraction of the old one, unless nothing was on before.
    pub(super) fn device(&mut self, event: &Event) {
        let before = self.code();
        let after = event.value.code();
        // A device charted after its flow is the one that the flow ran through.
        let unread = self.unread();
        let continues = if unread || after.is_none() {
            false
        } else if self.lacks_device() {
            after != Some(Code::RoomAir)
        } else {
            before == after
        };
        self.spell = self.spell.saturating_add(u32::from(!continues));
        let from_nothing = !unread && matches!(before, None | Some(Code::RoomAir));
        if (before != after || unread) && (!from_nothing || after == Some(Code::RoomAir)) {
            self.flow = self.flow.filter(|f| f.at == event.at);
            self.fio2 = self.fio2.filter(|f| f.at == event.at);
        }
        if before == Some(Code::InvasiveVentilation) && after != before {
            self.indication = self.indication.filter(|i| i.at == event.at);
        }
        if after == Some(Code::RoomAir) {
            self.before = None;
        }
        self.device = Some(Evidence::of(event));
        self.look_if_lowered();
    }

    pub(super) fn flow(&mut self, event: &Event) {
        let rate = nearest(event.value);
        if rate.is_none() || self.flow_rate() != rate {
            self.flow_changed = Some(event.at);
        }
        if event.value.number() == Some(0.0) && self.code().is_none_or(by_rate) {
            self.before = None;
        }
        self.flow = Some(Evidence::of(event));
        self.look_if_lowered();
    }

    pub(super) fn fio2(&mut self, event: &Event) {
        self.fio2 = Some(Evidence::of(event));
        self.look_if_lowered();
    }

    pub(super) fn saturation(&mut self, event: &Event) {
        self.saturations.take(event);
    }

    pub(super) fn indication(&mut self, event: &Event) {
        self.indication = Some(Evidence::of(event));
    }

    pub(super) fn forget(&mut self) {
        self.spell = self.spell.saturating_add(1);
        self.before = None;
        self.device = None;
        self.flow = None;
        self.flow_changed = None;
        self.fio2 = None;
        self.indication = None;
        self.saturations.forget();
    }

    fn code(&self) -> Option<Code> {
        self.device.and_then(|d| d.value.code())
    }

    /// Whether the device charted last could not be read, so that it may be any or none; or, on room air and where no device was
    /// charted, whether a flow or fraction charted since could not.
    fn unread(&self) -> bool {
        let amount = |e: Option<Evidence>| e.is_some_and(|e| amount_unread(e) && self.device.is_none_or(|d| e.at > d.at));
        match self.device.map(|d| d.value.code()) {
            Some(None) => true,
            Some(Some(Code::RoomAir)) | None => amount(self.flow) || amount(self.fio2),
            Some(_) => false,
        }
    }

    /// Whether the reason charted last for ventilation could not be read.
    fn unread_indication(&self) -> bool {
        self.indication.is_some_and(|i| i.value.code().is_none())
    }

    fn indication_code(&self) -> Option<Code> {
        self.indication.and_then(|i| i.value.code())
    }

    /// Litres per minute as last charted for the present device; just above or below the number where it is so qualified.
    pub fn flow_rate(&self) -> Option<f64> {
        self.flow.and_then(|f| nearest(f.value))
    }

    /// The lowest and the highest flow that was charted for the present device.
    fn flow_range(&self) -> Option<(f64, f64)> {
        self.flow.and_then(|f| range(f.value))
    }

    /// The row of that fraction, while the patient is on more than room air.
    pub(crate) fn fio2_charted(&self) -> Option<Evidence> {
        self.fio2.filter(|_| self.charted_device().is_none_or(|device| device != Code::RoomAir))
    }

    /// Fraction of inspired oxygen in per cent as last charted for the present device; just above or below the number where it is so
    /// qualified.
    pub fn fio2_percent(&self) -> Option<f64> {
        self.fio2.and_then(|f| nearest(f.value))
    }

    /// The support that breathing needs now.
    pub fn support(&self, now: Instant) -> Reading<BreathingSupport> {
        self.above_before(self.support_in_all(now), NoSupport)
    }

    fn support_in_all(&self, now: Instant) -> Reading<BreathingSupport> {
        let Some(device) = self.charted_device() else { return self.without_device() };
        let reading = match device {
            Code::NasalCannula => self.cannula(),
            Code::HighFlowNasalCannula => self.high_flow(),
            Code::BlowBy => Reading::exactly(LowFlow),
            Code::SimpleMask | Code::VenturiMask | Code::NonRebreather => Reading::exactly(HighFlow),
            Code::Cpap | Code::Bipap | Code::InvasiveVentilation | Code::Ecmo => self.positive_pressure(device),
            _ => return self.room_air(now),
        };
        self.above_baseline(device, reading, NoSupport)
    }

    /// The device, unless oxygen was charted since that cannot have run through it.
    fn charted_device(&self) -> Option<Code> {
        self.code().filter(|_| !self.contradicts_room_air() && !self.unread())
    }

    /// Oxygen that runs through a device not charted.
    fn lacks_device(&self) -> bool {
        let flows = self.flow_rate().is_some_and(|f| f > 0.0) || self.fio2_percent().is_some_and(|f| f > self.room_air_fio2);
        self.contradicts_room_air() || (self.code().is_none() && flows)
    }

    /// Which stretch on one device this is; a detail of the same stretch speaks of the same support.
    pub const fn spell(&self) -> u32 {
        self.spell
    }

    /// Oxygen charted after room air, without a device: the device is what is missing.
    fn contradicts_room_air(&self) -> bool {
        let Some(device) = self.device.filter(|d| d.value.code() == Some(Code::RoomAir)) else { return false };
        let oxygen = |e: Option<Evidence>, above: f64| e.is_some_and(|e| e.at >= device.at && e.value.number().is_some_and(|x| x > above));
        oxygen(self.flow, 0.0) || oxygen(self.fio2, self.room_air_fio2)
    }

    fn without_device(&self) -> Reading<BreathingSupport> {
        if self.lacks_device() {
            // Even a great flow may be blow-by, which is low flow.
            let floor = if self.perhaps_at_home() { NoSupport } else { LowFlow };
            Reading::between(floor, PositivePressure, self.without_device_doubt(), Missing::OxygenDevice)
        } else if self.unread() {
            Reading::between(NoSupport, PositivePressure, Doubt::Undecided, Missing::OxygenDevice)
        } else if self.uncharted_is_none {
            Reading::exactly(NoSupport)
        } else {
            Reading::between(NoSupport, PositivePressure, Doubt::Uncharted, Missing::Oxygen)
        }
    }

    /// A device charted later is the one that oxygen ran through, but not the one that somebody tried to chart before.
    fn without_device_doubt(&self) -> Doubt {
        if self.unread() { Doubt::Undecided } else { Doubt::Detail }
    }

    fn room_air(&self, now: Instant) -> Reading<BreathingSupport> {
        self.saturations.doubt(now, NoSupport, LowFlow)
    }

    fn cannula(&self) -> Reading<BreathingSupport> {
        match self.flow_range() {
            None => Reading::between(LowFlow, HighFlow, doubt_of(self.flow), Missing::OxygenFlow),
            Some((_, 0.0)) => Reading::exactly(NoSupport),
            Some((lowest, _)) if lowest > self.low_flow_limit => Reading::exactly(HighFlow),
            Some((_, highest)) if highest <= self.low_flow_limit => Reading::exactly(LowFlow),
            Some(_) => Reading::between(LowFlow, HighFlow, Doubt::Undecided, Missing::OxygenFlow),
        }
    }

    fn high_flow(&self) -> Reading<BreathingSupport> {
        match (self.at_low_rate, self.flow_range()) {
            (_, Some((_, 0.0))) => Reading::exactly(NoSupport),
            (_, Some((lowest, _))) if lowest > self.low_flow_limit => Reading::exactly(HighFlow),
            (HighFlowAtLowRate::Device, _) => Reading::exactly(HighFlow),
            (_, Some((_, highest))) if highest > self.low_flow_limit => {
                Reading::between(LowFlow, HighFlow, Doubt::Undecided, Missing::OxygenFlow)
            }
            (HighFlowAtLowRate::Flow, Some(_)) => Reading::exactly(LowFlow),
            (_, Some(_)) => Reading::between(LowFlow, HighFlow, Doubt::Undecided, Missing::HighFlow),
            (_, None) => Reading::between(LowFlow, HighFlow, doubt_of(self.flow), Missing::OxygenFlow),
        }
    }

    fn positive_pressure(&self, device: Code) -> Reading<BreathingSupport> {
        match self.indication_code() {
            Some(Code::AirwayProtection | Code::Procedure) => self.through_tube_for_other_reason(NoSupport, PositivePressure),
            None if self.unread_indication() => {
                Reading::between(NoSupport, PositivePressure, Doubt::Undecided, Missing::VentilationIndication)
            }
            None if device == Code::InvasiveVentilation && !self.assume_hypoxia => {
                Reading::between(NoSupport, PositivePressure, Doubt::Reason, Missing::VentilationIndication)
            }
            _ => Reading::exactly(PositivePressure),
        }
    }

    /// What support amounts to that is there for another reason than hypoxia: nothing, unless so much oxygen runs that there may be hypoxia too.
    fn through_tube_for_other_reason<L: Copy>(&self, none: L, some: L) -> Reading<L> {
        let much = self.fio2.and_then(|f| range(f.value)).is_some_and(|(_, highest)| highest >= self.high_fio2);
        if much { Reading::between(none, some, Doubt::Undecided, Missing::OxygenRequirement) } else { Reading::exactly(none) }
    }

    /// Whether a ventilated patient is ventilated for another reason than hypoxia.
    pub fn ventilated_for_other_reason(&self) -> bool {
        let other = matches!(self.indication_code(), Some(Code::AirwayProtection | Code::Procedure));
        other && matches!(self.code(), Some(Code::Cpap | Code::Bipap | Code::InvasiveVentilation | Code::Ecmo))
    }

    /// Whether a high-flow cannula runs at a rate that is low flow by its number.
    pub fn high_flow_at_low_rate(&self) -> bool {
        self.code() == Some(Code::HighFlowNasalCannula) && self.flow_rate().is_some_and(|f| f > 0.0 && f <= self.low_flow_limit)
    }

    /// The facts behind what it answered at the present instant.
    pub fn causes(&self, answered: Reading<BreathingSupport>, now: Instant, out: &mut Vec<Cause>) {
        if answered.ceiling == NoSupport && !self.ventilated_for_other_reason() {
            return;
        }
        let device = self.device.filter(|d| d.value.code() != Some(Code::RoomAir));
        out.extend(device.map(|evidence| Cause { role: "oxygen device", evidence }));
        let without = device.is_none_or(|d| d.value.code().is_none());
        let by_flow = without || matches!(self.code(), Some(Code::NasalCannula | Code::HighFlowNasalCannula));
        out.extend(self.flow.filter(|_| by_flow).map(|evidence| Cause { role: "oxygen flow", evidence }));
        out.extend(self.fio2.filter(|_| without).map(|evidence| Cause { role: "fio2", evidence }));
        let ventilated = self.code() == Some(Code::InvasiveVentilation);
        out.extend(self.indication.filter(|_| ventilated).map(|evidence| Cause { role: "ventilation indication", evidence }));
        if device.is_none() {
            out.extend(self.saturations.suspect(now).map(|evidence| Cause { role: "spo2 on room air", evidence }));
        }
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        self.saturations.deadline(now)
    }

    /// Changes whenever the facts behind the answer change in kind.
    pub(crate) fn fingerprint(&self) -> u32 {
        let kind = |charted: Option<Evidence>| charted.map_or(0, |c| c.value.code().map_or(0xff, |code| code as u32 + 1));
        kind(self.device) | kind(self.indication) << 8
    }
}
