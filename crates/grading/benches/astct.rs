//! Events per second through axes and scales, in memory, on one core: ASTCT alone, and all scales at once.
//!
//! The record is an intensive-care month: vital signs every few minutes, oxygen and vasopressor changes,
//! drugs and laboratory values, with fever, hypotension and support coming and going.

#![allow(clippy::expect_used)] // a benchmark has nobody to hand an error to

use barograph_grading::{Policy, grade, scales};
use barograph_record::{Age, Code, Comparator, Event, Instant, Origin, Patient, Record, Signal, TextId, Texts, Value};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

const DAYS: i64 = 30;
const MINUTES_APART: i64 = 5;

/// A small deterministic generator; benchmarks need no better.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn month(seed: u64) -> Record {
    let mut dice = Dice(seed);
    let mut events = Vec::new();
    let mut push = |minute: i64, signal: Signal, value: Value| {
        let at = Instant::from_ms(minute * 60_000);
        events.push(Event { at, known: at, signal, value, channel: 0, detail: TextId(0), origin: Origin::default(), half_digit: 0.0 });
    };
    let number = |x: f64| Value::Number(x, Comparator::Exact);
    for step in 0..DAYS * 24 * 60 / MINUTES_APART {
        let minute = step * MINUTES_APART;
        let ill = (3..9).contains(&(minute / 1440));
        let base = if ill { 380 } else { 366 };
        push(minute, Signal::Temperature, number((base + dice.roll(20)) as f64 / 10.0));
        push(minute, Signal::SystolicBp, number((if ill { 78 } else { 95 } + dice.roll(30)) as f64));
        push(minute, Signal::HeartRate, number((90 + dice.roll(60)) as f64));
        push(minute, Signal::Spo2, number((90 + dice.roll(11)) as f64));
        if step % 12 == 0 {
            let devices = [Code::RoomAir, Code::NasalCannula, Code::HighFlowNasalCannula, Code::RoomAir];
            push(minute, Signal::OxygenDevice, Value::Code(devices[dice.roll(4) as usize]));
            push(minute, Signal::OxygenFlow, number(dice.roll(10) as f64));
            push(minute, Signal::Norepinephrine, number(if ill { dice.roll(3) as f64 * 0.05 } else { 0.0 }));
            push(minute, Signal::Crp, number(dice.roll(300) as f64));
        }
        if step % 72 == 0 {
            push(minute, Signal::Acetaminophen, number(250.0));
        }
    }
    let patient = Patient { age: Age::AtInfusion(7.0), ..Patient::new(seed.to_string()) };
    Record { patient, events, texts: Texts::default(), files: Vec::new().into() }
}

fn grading(c: &mut Criterion) {
    let records: Vec<Record> = (0..20).map(month).collect();
    let events: usize = records.iter().map(|r| r.events.len()).sum();
    let policy = Policy::default_1().expect("the default policy parses");
    let scale = scales::by_id("astct-2019").expect("the scale exists");
    let mut group = c.benchmark_group("grade");
    group.throughput(Throughput::Elements(events as u64));
    group.bench_function("astct-2019", |b| {
        b.iter(|| {
            for record in &records {
                black_box(grade(record, &policy, [scale]));
            }
        });
    });
    group.bench_function("all-scales", |b| {
        b.iter(|| {
            for record in &records {
                black_box(grade(record, &policy, scales::ALL.iter().copied()));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, grading);
criterion_main!(benches);
