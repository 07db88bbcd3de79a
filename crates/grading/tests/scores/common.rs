//! Records from short texts, and scores as short texts.

use barograph_grading::scores::{Options, Point, by_id};
use barograph_record::{Age, Files, Instant, Ledger, Observation, Patient, RawTime, RawValue, Record, RecordBuilder, Signal};

/// A record from lines `day signal value [unit]`, of a patient of 20 kg and 110 cm.
pub(crate) fn record(age: Age, timeline: &str) -> Record {
    let patient = Patient { age, weight_kg: Some(20.0), height_cm: Some(110.0), ..Patient::new("p") };
    record_of(patient, timeline)
}

/// A record of this patient.
pub(crate) fn record_of(patient: Patient, timeline: &str) -> Record {
    let files: Files = ["events.csv".into()].into();
    let mut builder = RecordBuilder::new(patient);
    let mut ledger = Ledger::listing();
    for (i, line) in timeline.lines().map(str::trim).filter(|l| !l.is_empty()).enumerate() {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let at = RawTime::Day(Instant::from_days(word().parse().unwrap()).unwrap());
        let signal = Signal::from_name(word()).unwrap();
        let row = Observation { row: i as u32 + 2, ..Observation::new(at, signal, RawValue::Text(word())) };
        builder.push(&Observation { unit: word(), ..row }, &files, &mut ledger);
    }
    assert!(ledger.is_empty(), "{:?}", ledger.entries());
    builder.finish(&files, &mut ledger)
}

/// All points of a score, under the shipped options.
pub(crate) fn series(id: &str, record: &Record) -> Vec<Point> {
    by_id(id).unwrap().series(record, &Options::shipped().unwrap())
}

/// The last point of a score of a child of six years with everything charted on day -5 (`signal value [unit]`, by commas).
pub(crate) fn last(id: &str, inputs: &str) -> Point {
    last_at(id, 6.0, inputs)
}

/// The last point at an age.
pub(crate) fn last_at(id: &str, years: f64, inputs: &str) -> Point {
    let timeline: String = inputs.split(',').map(|line| format!("-5 {}\n", line.trim())).collect();
    series(id, &record(Age::AtInfusion(years), &timeline)).pop().unwrap()
}

/// `3`, or `1..4` where floor and ceiling differ.
pub(crate) fn told(point: &Point) -> String {
    if point.exact() { point.floor.to_string() } else { format!("{}..{}", point.floor, point.ceiling) }
}
