//! Records and plans from short texts.

use barograph_grading::Policy;
use barograph_grading::companions::Options;
use barograph_protocols::doses::Rounding;
use barograph_protocols::engine::{Advice, Change, ChangeKind, Engine, Standing};
use barograph_protocols::language::Protocol;
use barograph_record::{Age, Files, Instant, Ledger, Observation, Patient, RawTime, RawValue, Record, RecordBuilder, Signal};

/// A six-year-old of 20 kg. Lines are `day signal value [detail]`; canonical units.
pub(crate) fn child(timeline: &str) -> Record {
    record(&Patient { age: Age::AtInfusion(6.0), weight_kg: Some(20.0), ..Patient::new("p") }, timeline)
}

pub(crate) fn record(patient: &Patient, timeline: &str) -> Record {
    let files: Files = ["events.csv".into()].into();
    let mut builder = RecordBuilder::new(patient.clone());
    let mut ledger = Ledger::listing();
    for (i, line) in timeline.lines().map(str::trim).filter(|l| !l.is_empty()).enumerate() {
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default();
        let at = RawTime::Day(at(word().parse().unwrap()));
        let signal = Signal::from_name(word()).unwrap();
        let (value, detail) = (word(), word());
        let row = Observation { detail, row: i as u32 + 2, ..Observation::new(at, signal, RawValue::Text(value)) };
        builder.push(&row, &files, &mut ledger);
    }
    assert!(ledger.is_empty(), "{:?}", ledger.entries());
    builder.finish(&files, &mut ledger)
}

pub(crate) fn at(day: f64) -> Instant {
    Instant::from_days(day).unwrap()
}

/// A plan by ASTCT 2019 with these rules and limits.
pub(crate) fn plan(rest: &str) -> Protocol {
    let head = r#"
id = "test"
version = "1"
title = "A plan for tests"
kind = "strategy"
citation = "none"
verified = "assumed"
jurisdiction = "none"
effective_from = "2020-01-01"
scale = "astct-2019"
"#;
    Protocol::from_toml(&format!("{head}{rest}")).unwrap()
}

/// A rule that gives tocilizumab.
pub(crate) fn tocilizumab_when(when: &str) -> String {
    rule("toci", when, r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#, "")
}

pub(crate) fn rule(id: &str, when: &str, then: &str, more: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\ntitle = \"{id}\"\nwhen = [{when}]\nthen = [{then}]\ncitation = \"none\"\nverified = \"assumed\"\n{more}\n"
    )
}

/// Hourly charting of a child on room air between two days, each vital as given.
pub(crate) fn charting(from: f64, to: f64, celsius: f64, systolic: u32) -> String {
    let steps = ((to - from) * 24.0).round() as u32;
    (0..=steps)
        .map(|i| {
            let day = from + f64::from(i) / 24.0;
            format!("{day:.6} temperature {celsius}\n{day:.6} systolic_bp {systolic}\n{day:.6} spo2 98\n{day:.6} oxygen_device room_air\n")
        })
        .collect()
}

pub(crate) fn engine<'p>(record: &Record, plan: &'p Protocol) -> Engine<'p> {
    Engine::new(&record.patient, &Policy::default_1().unwrap(), &Options::default_1().unwrap(), Rounding::None, [plan]).unwrap()
}

/// What a plan says at a day, of the events up to it.
pub(crate) fn advice<'p>(record: &Record, plan: &'p Protocol, day: f64) -> Advice<'p> {
    let mut engine = engine(record, plan);
    for event in record.events.iter().filter(|e| e.at <= at(day)) {
        engine.push(event, &record.texts);
    }
    engine.at(at(day)).remove(0)
}

pub(crate) fn changes<'p>(record: &Record, plan: &'p Protocol) -> Vec<Change<'p>> {
    let mut engine = engine(record, plan);
    for event in &record.events {
        engine.push(event, &record.texts);
    }
    engine.finish()
}

/// Where the first action of a rule stands: `due`, `done`, … or `nothing`.
pub(crate) fn standing(advice: &Advice<'_>, rule: &str) -> &'static str {
    let Some(item) = advice.items.iter().find(|i| i.rule.id == rule) else {
        return if advice.possible.iter().any(|p| p.rule.id == rule) { "possible" } else { "nothing" };
    };
    match item.standing {
        Standing::Due { .. } => "due",
        Standing::Overdue { .. } => "overdue",
        Standing::Option { .. } => "option",
        Standing::Holds { .. } => "holds",
        Standing::Refused(_) => "refused",
        Standing::Covered(_) => "covered",
        Standing::Done { .. } => "done",
        Standing::Scheduled { .. } => "scheduled",
        Standing::Complete { .. } => "complete",
    }
}

/// The changes as `day kind what`.
pub(crate) fn told(changes: &[Change<'_>]) -> Vec<String> {
    changes.iter().map(|c| format!("{:.4} {} {}", c.at.days(), c.kind.name(), c.what)).collect()
}

pub(crate) fn kinds(changes: &[Change<'_>]) -> Vec<&'static str> {
    changes.iter().map(|c| ChangeKind::name(&c.kind)).collect()
}
