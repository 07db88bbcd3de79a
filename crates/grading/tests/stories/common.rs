//! Records from short texts, for tests.

use barograph_grading::{Episode, Policy, grade, scales};
use barograph_record::{Age, Files, Instant, Ledger, Observation, Patient, RawTime, RawValue, Reason, Record, RecordBuilder, Signal};
use std::fmt::Write as _;

/// A record from lines `day signal value[@channel] [detail]`; canonical units.
pub(crate) fn record(age_years: f64, timeline: &str) -> Record {
    let files: Files = ["events.csv".into()].into();
    let patient = Patient { age: Age::AtInfusion(age_years), weight_kg: Some(20.0), ..Patient::new("p") };
    let mut builder = RecordBuilder::new(patient);
    let mut ledger = Ledger::listing();
    for (i, line) in timeline.lines().map(str::trim).filter(|l| !l.is_empty()).enumerate() {
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default();
        let at = RawTime::Day(Instant::from_days(word().parse().unwrap()).unwrap());
        let signal = Signal::from_name(word()).unwrap();
        let value = word();
        let (value, channel) = value.split_once('@').unwrap_or((value, ""));
        let row = Observation { channel, detail: word(), row: i as u32 + 2, ..Observation::new(at, signal, RawValue::Text(value)) };
        builder.push(&row, &files, &mut ledger);
    }
    // A story may tell of support that could not be read.
    assert!(ledger.entries().iter().all(|e| e.reason == Reason::Unread), "{:?}", ledger.entries());
    builder.finish(&files, &mut ledger)
}

/// The episodes of a record by ASTCT 2019 under the default policy.
pub(crate) fn astct(record: &Record) -> Vec<Episode> {
    astct_under(record, &Policy::default_1().unwrap())
}

/// The episodes of a record by ASTCT 2019 under a policy.
pub(crate) fn astct_under(record: &Record, policy: &Policy) -> Vec<Episode> {
    let scale = scales::by_id("astct-2019").unwrap();
    grade(record, policy, [scale]).remove(0).episodes
}

/// `1@3-4` for episode 1 with peak 3 to 4.
pub(crate) fn peaks(episodes: &[Episode]) -> String {
    episodes.iter().map(|e| format!("{}@{}", e.number, e.peak.grade)).collect::<Vec<_>>().join(" ")
}

/// Vitals every four hours between two days: a normal child on room air, with this temperature.
pub(crate) fn well(from: f64, to: f64, celsius: f64) -> String {
    let mut text = String::new();
    let mut day = from;
    while day <= to + 1e-9 {
        for vital in [&format!("temperature {celsius}"), "systolic_bp 105", "spo2 98", "oxygen_device room_air"] {
            writeln!(text, "{day:.4} {vital}").unwrap();
        }
        day += 1.0 / 6.0;
    }
    text
}
