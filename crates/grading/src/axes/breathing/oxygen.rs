//! Breathing by the fraction of oxygen it needs, and by ventilation, for scales that do not grade by device.

use super::{Breathing, doubt_of};
use crate::axes::{Doubt, Reading, range};
use crate::missing::Missing;
use barograph_record::{Code, Instant};

/// How much oxygen is needed; 40 % is the boundary of every scale that grades by fraction (`high_fio2` of the policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OxygenNeed {
    /// Room air.
    None,
    /// An FiO2 below 40 %.
    Below40,
    /// An FiO2 of 40 % or more.
    AtLeast40,
}

/// How breathing is supported by pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ventilation {
    /// Not at all.
    None,
    /// CPAP or BiPAP.
    Noninvasive,
    /// Through a tube, or ECMO.
    Invasive,
}

const fn open(unstated: Missing) -> Reading<OxygenNeed> {
    Reading::between(OxygenNeed::Below40, OxygenNeed::AtLeast40, Doubt::Detail, unstated)
}

/// Support on air gives no oxygen, and is not nothing.
const SUPPORT_ON_AIR: Reading<OxygenNeed> =
    Reading::between(OxygenNeed::None, OxygenNeed::Below40, Doubt::Undecided, Missing::OxygenRequirement);

impl Breathing {
    /// The oxygen that is needed now, by measured FiO2 or, on a plain cannula, estimated from its flow.
    pub fn oxygen(&self, now: Instant) -> Reading<OxygenNeed> {
        self.above_before(self.oxygen_in_all(now), OxygenNeed::None)
    }

    fn oxygen_in_all(&self, now: Instant) -> Reading<OxygenNeed> {
        let Some(device) = self.charted_device() else { return self.oxygen_without_device() };
        let reading = match device {
            Code::NasalCannula | Code::HighFlowNasalCannula if self.flow_rate() == Some(0.0) => Reading::exactly(OxygenNeed::None),
            Code::NasalCannula if self.on_air() => self.by_flow(),
            Code::NasalCannula => self.by_fio2().unwrap_or_else(|| self.by_flow()),
            Code::HighFlowNasalCannula if self.on_air() => SUPPORT_ON_AIR,
            Code::HighFlowNasalCannula | Code::BlowBy | Code::SimpleMask | Code::VenturiMask | Code::NonRebreather => {
                self.by_fio2().unwrap_or(open(Missing::Fio2))
            }
            Code::Cpap | Code::Bipap | Code::InvasiveVentilation | Code::Ecmo => match self.ventilation_by(device) {
                Reading { ceiling: Ventilation::None, .. } => Reading::exactly(OxygenNeed::None),
                Reading { floor: Ventilation::None, doubt, unstated, .. } => {
                    Reading::between(OxygenNeed::None, OxygenNeed::AtLeast40, doubt, unstated)
                }
                _ if self.on_air() => SUPPORT_ON_AIR,
                _ => self.by_fio2().unwrap_or(open(Missing::Fio2)),
            },
            _ => self.saturations.doubt(now, OxygenNeed::None, OxygenNeed::Below40),
        };
        self.above_baseline(device, reading, OxygenNeed::None)
    }

    /// Whether the fraction charted for the present flow is that of air.
    fn on_air(&self) -> bool {
        let fio2 = self.fio2.filter(|f| self.flow_changed.is_none_or(|changed| f.at >= changed));
        fio2.and_then(|f| range(f.value)).is_some_and(|(_, highest)| highest <= self.room_air_fio2)
    }

    /// The ventilation that is needed now.
    pub fn ventilation(&self) -> Reading<Ventilation> {
        self.above_before(self.ventilation_in_all(), Ventilation::None)
    }

    fn ventilation_in_all(&self) -> Reading<Ventilation> {
        let Some(device) = self.charted_device() else {
            return if self.lacks_device() || self.unread() {
                Reading::between(Ventilation::None, Ventilation::Invasive, self.without_device_doubt(), Missing::OxygenDevice)
            } else if self.uncharted_is_none {
                Reading::exactly(Ventilation::None)
            } else {
                Reading::between(Ventilation::None, Ventilation::Invasive, Doubt::Uncharted, Missing::Oxygen)
            };
        };
        self.above_baseline(device, self.ventilation_by(device), Ventilation::None)
    }

    fn ventilation_by(&self, device: Code) -> Reading<Ventilation> {
        let other_reason = matches!(self.indication_code(), Some(Code::AirwayProtection | Code::Procedure));
        match device {
            Code::Cpap | Code::Bipap if other_reason => self.through_tube_for_other_reason(Ventilation::None, Ventilation::Noninvasive),
            Code::InvasiveVentilation | Code::Ecmo if other_reason => {
                self.through_tube_for_other_reason(Ventilation::None, Ventilation::Invasive)
            }
            Code::Cpap | Code::Bipap | Code::InvasiveVentilation | Code::Ecmo if self.unread_indication() => {
                let most = if matches!(device, Code::Cpap | Code::Bipap) { Ventilation::Noninvasive } else { Ventilation::Invasive };
                Reading::between(Ventilation::None, most, Doubt::Undecided, Missing::VentilationIndication)
            }
            Code::Cpap | Code::Bipap => Reading::exactly(Ventilation::Noninvasive),
            Code::InvasiveVentilation if self.indication_code().is_none() && !self.assume_hypoxia => {
                Reading::between(Ventilation::None, Ventilation::Invasive, Doubt::Reason, Missing::VentilationIndication)
            }
            Code::InvasiveVentilation | Code::Ecmo => Reading::exactly(Ventilation::Invasive),
            _ => Reading::exactly(Ventilation::None),
        }
    }

    /// Whether the present answer rests on an estimate from the flow of a cannula.
    pub fn fio2_estimated(&self) -> bool {
        self.charted_device() == Some(Code::NasalCannula)
            && self.flow_rate().is_some_and(|f| f > 0.0)
            && (self.on_air() || self.by_fio2().is_none())
    }

    fn by_fio2(&self) -> Option<Reading<OxygenNeed>> {
        // A fraction charted before the flow was changed was that of another flow.
        let fio2 = self.fio2.filter(|f| self.flow_changed.is_none_or(|changed| f.at >= changed))?;
        Some(match range(fio2.value) {
            Some((_, highest)) if highest < self.high_fio2 => Reading::exactly(OxygenNeed::Below40),
            Some((lowest, _)) if lowest >= self.high_fio2 => Reading::exactly(OxygenNeed::AtLeast40),
            _ => Reading { doubt: Doubt::Undecided, ..open(Missing::Fio2) },
        })
    }

    fn by_flow(&self) -> Reading<OxygenNeed> {
        match self.flow_range() {
            None => Reading { doubt: doubt_of(self.flow), ..open(Missing::OxygenFlow) },
            Some((_, highest)) if highest <= self.below_40_up_to => Reading::exactly(OxygenNeed::Below40),
            Some((lowest, _)) if lowest >= self.at_least_40_from => Reading::exactly(OxygenNeed::AtLeast40),
            Some(_) => open(Missing::Fio2),
        }
    }

    fn oxygen_without_device(&self) -> Reading<OxygenNeed> {
        let fio2 = self.fio2_percent().filter(|f| *f > self.room_air_fio2);
        if self.lacks_device() && self.perhaps_at_home() {
            let ceiling = if fio2.is_some_and(|f| f < self.high_fio2) { OxygenNeed::Below40 } else { OxygenNeed::AtLeast40 };
            Reading::between(OxygenNeed::None, ceiling, self.without_device_doubt(), Missing::OxygenDevice)
        } else if fio2.is_some_and(|f| f >= self.high_fio2) {
            Reading::exactly(OxygenNeed::AtLeast40)
        } else if fio2.is_some() {
            Reading::exactly(OxygenNeed::Below40)
        } else if self.lacks_device() {
            Reading { doubt: self.without_device_doubt(), ..open(Missing::OxygenDevice) }
        } else if self.unread() {
            Reading::between(OxygenNeed::None, OxygenNeed::AtLeast40, Doubt::Undecided, Missing::OxygenDevice)
        } else if self.uncharted_is_none {
            Reading::exactly(OxygenNeed::None)
        } else {
            Reading::between(OxygenNeed::None, OxygenNeed::AtLeast40, Doubt::Uncharted, Missing::Oxygen)
        }
    }
}
