//! Reading times as the sources write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

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
}
