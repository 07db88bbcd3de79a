//! Support of breathing that is older than the infusion: what the cells cannot have caused.
//!
//! What a patient breathed through when the cells were infused is the baseline. Until room air is charted, support counts only
//! where it is more than that: a device of a higher kind, a higher flow, a higher fraction.

use super::{Breathing, amount_unread, by_rate};
use crate::axes::{Doubt, Known, Reading};
use crate::missing::Missing;
use crate::policy::SupportBeforeInfusion;
use barograph_record::Code;

/// What was on at the infusion; the device is `None` where it was not charted or could not be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Before {
    device: Option<Code>,
    flow: Option<f64>,
    fio2: Option<f64>,
    indication: Option<Code>,
    /// Whether it was less at any time since. What then comes back may be a new need, so it is no longer certain that it is the old one.
    lowered: bool,
}

/// Kinds of device, from least to most support.
const fn kind(device: Code) -> u8 {
    match device {
        Code::NasalCannula | Code::BlowBy => 1,
        Code::SimpleMask | Code::VenturiMask | Code::NonRebreather | Code::HighFlowNasalCannula => 2,
        Code::Cpap | Code::Bipap => 3,
        Code::InvasiveVentilation => 4,
        Code::Ecmo => 5,
        _ => 0,
    }
}

/// Whether a number is higher than it was; what is not charted on either side is no change.
fn higher(now: Option<f64>, was: Option<f64>, unread: bool) -> Known {
    match (now, was) {
        (Some(now), Some(was)) if now > was => Known::Yes,
        (Some(_), Some(_)) => Known::No,
        (None, None) if !unread => Known::No,
        _ => Known::Unknown,
    }
}

fn either(a: Known, b: Known) -> Known {
    match (a, b) {
        (Known::Yes, _) | (_, Known::Yes) => Known::Yes,
        (Known::No, Known::No) => Known::No,
        _ => Known::Unknown,
    }
}

impl Breathing {
    /// Takes what is on as the baseline: the cells are infused now.
    pub(in crate::axes) fn infuse(&mut self) {
        if self.older == SupportBeforeInfusion::Graded {
            return;
        }
        let device = self.charted_device();
        if device == Some(Code::RoomAir) || (device.is_none() && !self.lacks_device() && !self.unread()) {
            return;
        }
        let indication = self.indication_code();
        self.before = Some(Before { device, flow: self.flow_rate(), fio2: self.fio2_percent(), indication, lowered: false });
    }

    /// Whether what is on now is certainly less than it was at the infusion.
    fn lower(&self) -> bool {
        let less = |now: Option<f64>, was: Option<f64>| matches!((now, was), (Some(now), Some(was)) if now < was);
        let Some(was) = self.before else { return false };
        match (self.charted_device(), was.device) {
            (Some(now), Some(device)) if kind(now) != kind(device) => kind(now) < kind(device),
            _ => less(self.flow_rate(), was.flow) || less(self.fio2_percent(), was.fio2),
        }
    }

    /// Remembers that support was less than at the infusion; after each charting of it.
    pub(super) fn look_if_lowered(&mut self) {
        let lower = self.lower();
        if let Some(before) = &mut self.before {
            before.lowered |= lower;
        }
    }

    /// Whether what is on now is more than it was at the infusion; `None` where there was none, or it has ended since.
    fn raised(&self) -> Option<Known> {
        let was = self.before?;
        let raised = self.above(was);
        Some(if raised == Known::No && was.lowered && !self.lower() { Known::Unknown } else { raised })
    }

    fn above(&self, was: Before) -> Known {
        let unread = |charted: Option<crate::course::Evidence>| charted.is_some_and(amount_unread);
        let flow = higher(self.flow_rate(), was.flow, unread(self.flow));
        let fio2 = match (self.fio2_percent(), was.fio2) {
            (Some(now), None) if now <= self.room_air_fio2 => Known::No,
            (now, was) => higher(now, was, unread(self.fio2)),
        };
        let (now, device) = match (self.charted_device(), was.device) {
            (Some(now), Some(device)) => (now, device),
            // A flow through a device that was never charted is told by its rate.
            (None, None) if self.lacks_device() && !self.unread() => return either(flow, fio2),
            _ => return Known::Unknown,
        };
        let other_reason = |code| matches!(code, Some(Code::AirwayProtection | Code::Procedure));
        let worse_reason = other_reason(was.indication) && self.indication_code() == Some(Code::Hypoxia);
        match kind(now).cmp(&kind(device)) {
            _ if worse_reason => Known::Yes,
            std::cmp::Ordering::Greater => Known::Yes,
            // A step down through which more oxygen runs is not plainly one.
            std::cmp::Ordering::Less if fio2 == Known::Yes => Known::Unknown,
            std::cmp::Ordering::Less => Known::No,
            std::cmp::Ordering::Equal if now == device && by_rate(now) => either(flow, fio2),
            std::cmp::Ordering::Equal if now == device => fio2,
            std::cmp::Ordering::Equal => match (self.fio2_percent(), was.fio2) {
                (Some(_), Some(_)) => fio2,
                _ => Known::Unknown,
            },
        }
    }

    /// Leaves out what was on before the infusion and is no more now.
    pub(super) fn above_before<L: Copy + PartialEq>(&self, reading: Reading<L>, none: L) -> Reading<L> {
        let left = match self.raised() {
            None | Some(Known::Yes) => return reading,
            Some(_) if reading.ceiling == none => return reading,
            Some(Known::No) => self.older == SupportBeforeInfusion::LeftOut,
            Some(Known::Unknown) => false,
        };
        if left {
            return Reading::exactly(none);
        }
        match reading.doubt {
            Doubt::None => Reading::between(none, reading.ceiling, Doubt::Undecided, Missing::SupportBeforeInfusion),
            doubt => Reading { floor: none, doubt, ..reading },
        }
    }

    /// Whether support is on that was on before the infusion and does not certainly count.
    pub fn older_than_infusion(&self) -> bool {
        self.raised().is_some_and(|raised| raised != Known::Yes)
    }
}
