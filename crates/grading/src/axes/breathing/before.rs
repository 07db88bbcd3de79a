//! Support of breathing that is older than the infusion: what the cells cannot have caused.
//!
//! What a patient breathed through when the cells were infused is the baseline. Until room air is charted, support counts only
//! where it is more than that: a device of a higher kind, a higher flow, a higher fraction. Where it was lowered and rises again, be it not
//! above the baseline, it possibly counts.

use super::{Breathing, amount_unread, by_rate};
use crate::axes::{Doubt, Known, Reading};
use crate::missing::Missing;
use crate::policy::SupportBeforeInfusion;
use barograph_record::Code;

/// What was on at the infusion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Before {
    on: Support,
    /// The least that was on since. What rises from there may be a new need, so it is no longer certain that it is the old one.
    least: Support,
}

/// What was on; the device is `None` where it was not charted or could not be read.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Support {
    device: Option<Code>,
    flow: Option<f64>,
    fio2: Option<f64>,
    indication: Option<Code>,
}

impl Support {
    /// The least of each part of the two; a device of a lower kind is less with all that runs through it.
    fn least(self, now: Self) -> Self {
        let lower = |a: Option<f64>, b: Option<f64>| if let (Some(a), Some(b)) = (a, b) { Some(a.min(b)) } else { a.or(b) };
        match (now.device, self.device) {
            (Some(now_on), Some(device)) if kind(now_on) < kind(device) => now,
            (a, b) if a == b => Self { flow: lower(self.flow, now.flow), fio2: lower(self.fio2, now.fio2), ..self },
            // A flow through another device is another flow.
            (Some(now_on), Some(device)) if kind(now_on) == kind(device) => Self { fio2: lower(self.fio2, now.fio2), ..self },
            _ => self,
        }
    }
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
        self.saturations.forget();
        let device = self.charted_device();
        if device == Some(Code::RoomAir) || (device.is_none() && !self.lacks_device() && !self.unread()) {
            return;
        }
        let on = self.on();
        self.before = Some(Before { on, least: on });
    }

    fn on(&self) -> Support {
        let (device, indication) = (self.charted_device(), self.indication_code());
        Support { device, flow: self.flow_rate(), fio2: self.fio2_percent(), indication }
    }

    /// Remembers the least that was on since the infusion; after each charting of it.
    pub(super) fn look_if_lowered(&mut self) {
        let on = self.on();
        if let Some(before) = &mut self.before {
            before.least = before.least.least(on);
        }
    }

    /// Whether what is on now is more than it was at the infusion; `None` where there was none, or it has ended since.
    fn raised(&self) -> Option<Known> {
        let Before { on, least } = self.before?;
        Some(match self.above(on) {
            Known::No if least != on && self.above(least) != Known::No => Known::Unknown,
            raised => raised,
        })
    }

    fn above(&self, was: Support) -> Known {
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
