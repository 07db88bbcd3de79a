//! Support of breathing that the patient has at home, and what is more than that.

use super::{Breathing, by_rate};
use crate::axes::{Doubt, Reading};
use crate::missing::Missing;
use barograph_record::{Code, Event};

impl Breathing {
    /// Support at home; several rows add up (a cannula by day, a mask by night) and room air clears them.
    pub(in crate::axes) fn baseline(&mut self, event: &Event, detail: &str) {
        let Some(device) = event.value.code() else {
            self.unread_baseline = true;
            return;
        };
        self.unread_baseline &= device != Code::RoomAir;
        self.baselines.retain(|(d, _)| *d != device && device != Code::RoomAir);
        if device != Code::RoomAir {
            // A flow is the first number; a fraction is told from other numbers ("since the age of 6") by its sign.
            let words = if by_rate(device) { detail } else { detail.split_once('%').map_or("", |(before, _)| before) };
            let mut numbers = words.split(|c: char| !(c.is_ascii_digit() || c == '.')).filter_map(|word| word.parse().ok());
            let number = if by_rate(device) { numbers.next() } else { numbers.next_back() };
            self.baselines.push((device, number));
        }
    }

    /// Leaves out what the patient has at home.
    pub(super) fn above_baseline<L: Copy + PartialEq>(&self, device: Code, reading: Reading<L>, none: L) -> Reading<L> {
        if !self.subtract_baseline {
            return reading;
        }
        let Some((_, usual)) = self.baselines.iter().find(|(d, _)| *d == device) else {
            if self.unread_baseline && reading.ceiling != none {
                return Reading::between(none, reading.ceiling, Doubt::Undecided, Missing::SupportAtHome);
            }
            return reading;
        };
        match (by_rate(device), self.flow_rate(), *usual) {
            (false, ..) => match (self.fio2_percent(), *usual) {
                (Some(now), Some(usual)) if now > usual => reading,
                (Some(now), None) if now > self.room_air_fio2 && reading.ceiling != none => {
                    Reading::between(none, reading.ceiling, Doubt::Undecided, Missing::Fio2AtHome)
                }
                _ => Reading::exactly(none),
            },
            (true, Some(flow), Some(usual)) if flow <= usual => Reading::exactly(none),
            (true, Some(_), Some(_)) => reading,
            (true, ..) => Reading::between(none, reading.ceiling, Doubt::Undecided, Missing::OxygenFlowAtHome),
        }
    }

    /// Whether oxygen through a device not charted may be no more than what the patient has at home.
    pub(super) fn perhaps_at_home(&self) -> bool {
        let within = |device: Code, usual: Option<f64>| match (self.flow_rate(), usual) {
            (Some(flow), Some(usual)) if by_rate(device) => flow <= usual,
            _ => true,
        };
        self.subtract_baseline && (self.unread_baseline || self.baselines.iter().any(|(device, usual)| within(*device, *usual)))
    }

    /// Whether the present device is one that the patient has at home.
    pub fn on_home_support(&self) -> bool {
        self.code().is_some_and(|code| self.baselines.iter().any(|(d, _)| *d == code))
    }
}
