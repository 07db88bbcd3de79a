//! Reading times and plain numbers as the sources write them.

use barograph_record::{Instant, Ledger, RawTime, Reason};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Days from infusion beyond which a plain number is no day of a course.
///
/// A century: spreadsheets store a date of this century as a serial number of 36,526 or more, and
/// such a number must not be taken for days from infusion.
const MOST_DAYS: f64 = 36_525.0;

/// Reads an RFC 3339 time.
///
/// A date and time without an offset is taken as UTC, which is harmless as long as one input keeps to
/// one convention; a date alone is too coarse to place an event and gives `None`.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 48 {
        return None;
    }
    text.parse::<Timestamp>().ok().or_else(|| {
        let has_time = text.contains(':');
        let civil: DateTime = has_time.then(|| text.parse().ok()).flatten()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

/// Whether the times of an input keep to one convention: all with an offset from UTC, or all without.
#[derive(Debug, Default)]
pub(crate) struct Offsets {
    with: bool,
    /// File, row and field of the first time without.
    without: Option<(Box<str>, u32, &'static str)>,
}

impl Offsets {
    /// Looks at a time as it is written; what is no date with a time of day says nothing.
    pub(crate) fn meet(&mut self, text: &str, file: &str, row: u32, field: &'static str) {
        if self.with && self.without.is_some() {
            return;
        }
        // RFC 3339 writes the offset after the time of day, and the date before it has hyphens too.
        let Some((_, time)) = text.trim().split_once(['T', 't', ' ']).filter(|(_, time)| time.contains(':')) else { return };
        if time.contains(['Z', 'z', '+', '-']) {
            self.with = true;
        } else if self.without.is_none() {
            self.without = Some((file.into(), row, field));
        }
    }

    /// Notes, once, that times without an offset were read as UTC beside others with one: they may be hours off.
    pub(crate) fn finish(self, ledger: &mut Ledger) {
        if let (true, Some((file, row, field))) = (self.with, self.without) {
            ledger.note(&file, row, field, Reason::FieldIgnored, "the first time without an offset, read as UTC; others have one");
        }
    }
}

/// Reads a time written as a plain number of days from infusion, or else as RFC 3339.
pub(crate) fn raw_time(text: &str) -> Option<RawTime> {
    match days(text) {
        Some(at) => Some(RawTime::Day(at)),
        None => timestamp(text).map(RawTime::Absolute),
    }
}

/// Reads a plain number of days from infusion.
pub(crate) fn days(text: &str) -> Option<Instant> {
    decimal(text).filter(|days| days.abs() <= MOST_DAYS).and_then(Instant::from_days)
}

/// Reads a plain decimal number; `inf`, `nan`, exponents and decimal commas are refused.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    plain.then(|| text.parse().ok()).flatten().filter(|x: &f64| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_honoured_and_dates_alone_refused() {
        assert_eq!(timestamp("2024-01-01T02:00:00+02:00"), timestamp("2024-01-01T00:00:00Z"));
        assert_eq!(timestamp("2024-01-01 00:00:00"), timestamp("2024-01-01T00:00:00Z"));
        assert!(timestamp("2024-01-01T00:00:00.5Z").is_some());
        assert_eq!(timestamp("2024-01-01"), None);
        assert_eq!(timestamp("yesterday"), None);
    }

    #[test]
    fn plain_numbers_are_days_but_serial_dates_are_not() {
        assert_eq!(raw_time(" -1.5 "), Instant::from_days(-1.5).map(RawTime::Day));
        assert!(matches!(raw_time("2024-01-01T00:00:00Z"), Some(RawTime::Absolute(_))));
        for text in ["45292.5", "20240101", "2024-01-01", "1e3", "inf", "nan", "", "-", "2,5"] {
            assert_eq!(raw_time(text), None, "{text}");
        }
    }
}
