//! The lines of a `timeline` block.

use crate::instant::{days, raw_time};
use barograph_record::{Instant, RawTime, Span};

/// Most instants that one line of repeated charting may stand for.
const MOST_INSTANTS: i64 = 10_000;

/// One line: the instants it speaks of, and the observations made at each.
#[derive(Debug, PartialEq)]
pub(super) struct Charting<'a> {
    pub(super) instants: Vec<RawTime>,
    pub(super) observations: Vec<Words<'a>>,
}

/// The words of one observation.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Words<'a> {
    pub(super) signal: &'a str,
    pub(super) value: &'a str,
    pub(super) unit: &'a str,
    pub(super) detail: String,
    pub(super) recorded: &'a str,
    pub(super) channel: &'a str,
}

/// Reads a line such as `2.5 temperature 38.6 Cel axillary; spo2 94` or `0..2 every 4h  temperature 36.8`.
///
/// # Errors
/// What is wrong with the line, in words.
pub(super) fn charting(line: &str) -> Result<Charting<'_>, &'static str> {
    let (time, rest) = first_word(line);
    let (instants, rest) = match time.split_once("..") {
        None => (vec![raw_time(time).ok_or("the line does not begin with a day")?], rest),
        Some((from, to)) => {
            let (every, rest) = first_word(rest);
            let (step, rest) = first_word(rest);
            if every != "every" {
                return Err("a range of days is followed by \"every\" and a step, as in \"0..2 every 4h\"");
            }
            let (from, to) = (days(from).ok_or("the first day is not a number")?, days(to).ok_or("the last day is not a number")?);
            (repeated(from, to, span(step).ok_or("the step is not like 4h, 30min or 1d")?)?, rest)
        }
    };
    let observations: Vec<_> = rest.split(';').map(str::trim).filter(|text| !text.is_empty()).map(observation).collect::<Result<_, _>>()?;
    if observations.is_empty() {
        return Err("nothing is observed");
    }
    Ok(Charting { instants, observations })
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// From the first instant in steps, and the last one itself whether or not a step meets it.
fn repeated(from: Instant, to: Instant, step: Span) -> Result<Vec<RawTime>, &'static str> {
    if to < from {
        return Err("the last day is before the first");
    }
    let steps = (to - from).ms() / step.ms();
    if steps >= MOST_INSTANTS {
        return Err("more than 10000 instants in one line");
    }
    let mut instants: Vec<RawTime> = (0..=steps).map(|i| RawTime::Day(from + Span::from_ms(i * step.ms()))).collect();
    if instants.last() != Some(&RawTime::Day(to)) {
        instants.push(RawTime::Day(to));
    }
    Ok(instants)
}

fn span(text: &str) -> Option<Span> {
    let digits = text.trim_end_matches(char::is_alphabetic);
    let hours = match text.strip_prefix(digits)? {
        "min" => 1.0 / 60.0,
        "h" => 1.0,
        "d" => 24.0,
        _ => return None,
    };
    Some(Span::from_hours(crate::instant::decimal(digits)? * hours)).filter(|span| span.ms() > 0)
}

fn observation(text: &str) -> Result<Words<'_>, &'static str> {
    let mut plain = text.split_whitespace();
    let mut words = Words {
        signal: plain.next().unwrap_or_default(),
        value: plain.next().ok_or("an observation is a signal and a value")?,
        ..Words::default()
    };
    let mut unit = None;
    for word in plain {
        if let Some(channel) = word.strip_prefix("channel=") {
            words.channel = channel;
        } else if let Some(recorded) = word.strip_prefix("recorded=") {
            words.recorded = recorded;
        } else if unit.is_none() {
            unit = Some(word);
        } else {
            if !words.detail.is_empty() {
                words.detail.push(' ');
            }
            words.detail.push_str(word);
        }
    }
    words.unit = unit.filter(|unit| *unit != "-").unwrap_or_default();
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instants(line: &str) -> Vec<f64> {
        let day = |time: &RawTime| match time {
            RawTime::Day(at) => at.days(),
            RawTime::Absolute(_) => f64::NAN,
        };
        charting(line).unwrap().instants.iter().map(day).collect()
    }

    #[test]
    fn a_line_holds_a_day_and_observations() {
        let line =
            "2.5  temperature 38.6 Cel axillary left;norepinephrine 0.1 channel=bag2 ug/kg/min recorded=3.2 new bag; death yes - CRS;";
        let read = charting(line).unwrap();
        assert_eq!(
            read.observations,
            [
                Words { signal: "temperature", value: "38.6", unit: "Cel", detail: "axillary left".to_owned(), ..Words::default() },
                Words {
                    signal: "norepinephrine",
                    value: "0.1",
                    unit: "ug/kg/min",
                    detail: "new bag".to_owned(),
                    recorded: "3.2",
                    channel: "bag2"
                },
                Words { signal: "death", value: "yes", detail: "CRS".to_owned(), ..Words::default() },
            ]
        );
        assert_eq!(instants(line), [2.5]);
    }

    #[test]
    fn repeated_charting_meets_both_ends() {
        assert_eq!(instants("0..1 every 12h spo2 98"), [0.0, 0.5, 1.0]);
        assert_eq!(instants("0..1.25 every 12h spo2 98"), [0.0, 0.5, 1.0, 1.25]);
        assert_eq!(instants("-1..1 every 1d spo2 98"), [-1.0, 0.0, 1.0]);
        assert_eq!(instants("2..2 every 30min spo2 98"), [2.0]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in [
            "",
            "noon temperature 38",
            "1",
            "1 ;",
            "1 temperature",
            "1 temperature 38; spo2",
            "0..1 temperature 38",
            "0..1 every temperature 38",
            "0..1 every 0h temperature 38",
            "0..1 every -1h temperature 38",
            "0..1 every 4x temperature 38",
            "0..x every 4h temperature 38",
            "2..1 every 4h temperature 38",
            "0..36000 every 1min temperature 38",
            "0..1 every 0.0000001min temperature 38",
            "0..1 every 4h",
        ] {
            assert!(charting(line).is_err(), "{line}");
        }
    }
}
