//! The moment that `--at` names.

use crate::failure::Failure;
use barograph_record::{Instant, Patient, Span};
use jiff::Timestamp;

/// Days are printed with four decimals: this is just less than half of the last of them, so that an hour as printed finds its row.
const PRINTED: Span = Span::from_ms(4_300);

/// A moment in a patient's course.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Moment {
    /// Counted from the infusion.
    Day(Instant),
    /// Of the calendar.
    Calendar(Timestamp),
}

impl Moment {
    /// Reads what stands behind `--at`: a day from infusion as outputs print it (`2.5`, `day 2.5`), or a date and time.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let plain = text.trim();
        let number = plain.strip_prefix("day").unwrap_or(plain).trim();
        if let Some(day) = number.parse().ok().and_then(Instant::from_days) {
            return Ok(Self::Day(day + PRINTED));
        }
        plain.parse().map(Self::Calendar).map_err(|_| Failure::BadInstant(text.to_owned()))
    }

    /// The moment counted from a patient's infusion.
    pub(crate) fn of(self, patient: &Patient) -> Result<Instant, Failure> {
        match self {
            Self::Day(day) => Ok(day),
            Self::Calendar(moment) => {
                let infusion = patient.infusion.ok_or_else(|| Failure::NoInfusionDate(patient.id.clone()))?;
                Ok(Instant::from_ms(moment.as_millisecond() - infusion.as_millisecond()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_as_printed_finds_its_row() {
        // Eight hours after day 3 are printed as day 3.3333, which is a little less.
        let row = Instant::from_days(3.0).unwrap() + Span::from_hours(8.0);
        let Moment::Day(day) = Moment::read(" day 3.3333 ").unwrap() else { panic!("a day") };
        assert!(day >= row && day - row < Span::from_hours(0.01));
        for text in ["", "noon", "NaN", "inf", "1e9", "3,5"] {
            assert!(Moment::read(text).is_err(), "{text}");
        }
        let infused = Patient { infusion: Some("2024-03-01T12:00:00Z".parse().unwrap()), ..Patient::new("p") };
        let moment = Moment::read("2024-03-03T00:00:00Z").unwrap();
        assert_eq!(moment.of(&infused).unwrap(), Instant::from_days(1.5).unwrap());
        assert!(moment.of(&Patient::new("p")).is_err());
    }
}
