//! One instant of all axes, to tell whether anything that a scale reads has changed.

use super::{Axes, BreathingSupport, Known, OxygenNeed, Reading, Ventilation, circulation};
use barograph_record::Instant;

/// Every answer that a scale may read. Two equal moments are graded alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    fever: Known,
    circulation: circulation::Moment,
    breathing: Reading<BreathingSupport>,
    oxygen: Reading<OxygenNeed>,
    ventilation: Reading<Ventilation>,
    spell: u32,
    details: [u32; 3],
    episodes: u32,
    organs: [Reading<u8>; 3],
    reported: Option<u8>,
    death: Option<Known>,
    flags: u32,
}

impl Axes {
    pub(crate) fn moment(&self, now: Instant) -> Moment {
        let flags = [
            self.fever.axillary(),
            self.fever.charted(),
            self.breathing.on_home_support(),
            self.breathing.high_flow_at_low_rate(),
            self.breathing.fio2_estimated(),
            self.syndrome.open(now),
            self.syndrome.certainly_open(now),
            self.syndrome.established().is_some(),
            self.syndrome.resolved().is_some(),
            self.syndrome.waived().is_some(),
            self.syndrome.masked_by(now).is_some(),
            self.organs.recent_product(now).is_some(),
            self.reported.unusable(),
            self.signs_about(now),
            self.away,
            self.lost(now),
        ];
        Moment {
            fever: self.fever.present(now),
            circulation: self.circulation.moment(now),
            breathing: self.breathing.support(now),
            oxygen: self.breathing.oxygen(now),
            ventilation: self.breathing.ventilation(),
            spell: self.breathing.spell(),
            details: [self.attribution.fingerprint(), self.circulation.fingerprint(now), self.breathing.fingerprint()],
            episodes: self.syndrome.episodes(),
            organs: self.organs.moment(now),
            reported: self.reported.holding(now, self.signs_about(now)).map(|(grade, _)| grade),
            death: self.death.map(|d| d.of_crs),
            flags: flags.iter().fold(0, |bits, flag| bits << 1 | u32::from(*flag)),
        }
    }
}
