//! Exact decimal age.

use crate::Instant;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What is known of a patient's age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Age {
    /// Born on this date; age is whole years plus the fraction of the running year of life.
    Born(Date),
    /// Decimal years at infusion, as stated by the source.
    AtInfusion(f64),
    /// Not stated.
    Unknown,
}

impl Age {
    /// Decimal years at an instant, `None` when age is not known, when a birth date is given
    /// without an infusion time, or when the instant lies before birth.
    ///
    /// With a birth date the fraction is taken between two birthdays, so that a child is exactly
    /// 12.0 at the start of the twelfth birthday (UTC). A birth on 29 February counts from 1 March in common years.
    pub fn years_at(&self, at: Instant, infusion: Option<Timestamp>) -> Option<f64> {
        match *self {
            Self::Unknown => None,
            Self::AtInfusion(years) => {
                let age = years + (at - Instant::INFUSION).days() / 365.25;
                (age >= 0.0).then_some(age)
            }
            Self::Born(birth) => {
                let moment = infusion?.as_millisecond().checked_add(at.ms())?;
                let moment = Timestamp::from_millisecond(moment).ok()?;
                let today = moment.to_zoned(TimeZone::UTC).date();
                if today < birth {
                    return None;
                }
                let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
                let whole = today.year() - birth.year() - i16::from(!had_birthday);
                let last = midnight(birthday(birth, whole)?)?;
                let next = midnight(birthday(birth, whole + 1)?)?;
                let fraction = (moment.as_millisecond() - last) as f64 / (next - last) as f64;
                Some(f64::from(whole) + fraction.clamp(0.0, 1.0))
            }
        }
    }
}

fn birthday(birth: Date, age: i16) -> Option<Date> {
    let year = birth.year().checked_add(age)?;
    Date::new(year, birth.month(), birth.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

fn midnight(date: Date) -> Option<i64> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn infusion(text: &str) -> Option<Timestamp> {
        text.parse().ok()
    }

    #[test]
    fn birthday_is_exact() {
        let age = Age::Born(Date::constant(2012, 6, 15));
        assert_eq!(age.years_at(Instant::INFUSION, infusion("2024-06-15T00:00:00Z")), Some(12.0));
        let eve = age.years_at(Instant::INFUSION, infusion("2024-06-14T23:59:00Z")).unwrap();
        assert!(eve < 12.0 && eve > 11.999);
    }

    #[test]
    fn half_a_year_is_a_half() {
        let age = Age::Born(Date::constant(2020, 1, 1));
        let years = age.years_at(Instant::INFUSION, infusion("2024-07-02T00:00:00Z")).unwrap();
        assert!((years - 4.5).abs() < 1e-9, "{years}");
    }

    #[test]
    fn leap_day_child_turns_one() {
        let age = Age::Born(Date::constant(2024, 2, 29));
        assert_eq!(age.years_at(Instant::INFUSION, infusion("2025-03-01T00:00:00Z")), Some(1.0));
    }

    #[test]
    fn unknown_and_unborn_have_no_age() {
        assert_eq!(Age::Unknown.years_at(Instant::INFUSION, None), None);
        let age = Age::Born(Date::constant(2024, 2, 29));
        assert_eq!(age.years_at(Instant::INFUSION, infusion("2023-03-01T00:00:00Z")), None);
        assert_eq!(age.years_at(Instant::INFUSION, None), None);
    }
}
