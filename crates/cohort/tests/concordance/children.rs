//! Invented children, graded by hand: what a handful of courses come to on eight scales.

use barograph_cohort::Concordance;
use barograph_grading::{Cause, Episode, Evidence, Grade, Graded, Onset, Peak, Step};
use barograph_record::{Code, Comparator, Files, Instant, Ledger, Observation, Origin, Patient, RawTime, RawValue, Record};
use barograph_record::{RecordBuilder, Signal, Value};
use barograph_statistics::Bootstrap;

pub(crate) const SCALES: [&str; 8] =
    ["astct-2019", "lee-2014", "penn-2014", "ctcae-4.03", "ctcae-5.0", "mskcc-2018", "cartox-2018", "mahadeo-2019"];

pub(crate) fn at(day: f64) -> Instant {
    Instant::from_days(day).unwrap()
}

/// A record of one child with nothing but reported grades: `(day, value, detail)`.
pub(crate) fn record(id: &str, reported: &[(f64, &str, &str)]) -> Record {
    let mut builder = RecordBuilder::new(Patient::new(id));
    let mut ledger = Ledger::counting();
    for (day, value, detail) in reported {
        let observation = Observation::new(RawTime::Day(at(*day)), Signal::ReportedGrade, RawValue::Text(value));
        builder.push(&Observation { detail, ..observation }, &[], &mut ledger);
    }
    let files: Files = vec![Box::from("events.csv")].into();
    builder.finish(&files, &mut ledger)
}

pub(crate) fn cause(role: &'static str, signal: Signal, value: Value, day: f64) -> Cause {
    let origin = Origin { row: (day * 10.0) as u32, ..Origin::default() };
    Cause { role, evidence: Evidence { signal, value, at: at(day), origin } }
}

pub(crate) fn number(role: &'static str, signal: Signal, x: f64, day: f64) -> Cause {
    cause(role, signal, Value::Number(x, Comparator::Exact), day)
}

pub(crate) fn fever() -> Cause {
    number("fever", Signal::Temperature, 39.1, 2.0)
}

pub(crate) fn norepinephrine() -> Cause {
    number("vasopressor", Signal::Norepinephrine, 0.05, 4.0)
}

pub(crate) fn device(code: Code, day: f64) -> Cause {
    cause("oxygen device", Signal::OxygenDevice, Value::Code(code), day)
}

/// A course of steps of a day each from day 2 on, in one episode.
pub(crate) fn graded(scale: &'static str, steps: Vec<(Grade, Vec<Cause>)>, notes: Vec<&'static str>) -> Graded {
    let (mut day, mut course, mut peak) = (2.0, Vec::new(), Grade::NONE);
    let mut reached = at(2.0);
    for (grade, because) in steps {
        if grade.floor() > peak.floor() {
            reached = at(day);
        }
        peak = peak.max(grade);
        course.push(Step { from: at(day), to: at(day + 1.0), grade, because: because.into(), unstated: [].into(), observed: true });
        day += 1.0;
    }
    let episode = Episode {
        number: u32::from(peak.floor() > 0),
        onset: (peak.floor() > 0).then(|| Onset { at: at(2.0), after: None }),
        resolved: None,
        peak: Peak { grade: peak, at: reached },
        course,
        gaps: Vec::new(),
        notes,
    };
    Graded { scale, policy: "default-1".to_owned(), episodes: vec![episode] }
}

/// A child whose worst step has these facts, with the peak on each of the eight scales.
fn child(grades: [(u8, u8); 8], facts: &[Cause], notes: &[&'static str]) -> Vec<Graded> {
    let one = |(scale, (floor, ceiling)): (&'static str, (u8, u8))| {
        let (peak, note) = (Grade::between(floor, ceiling), if floor == 0 { notes.to_vec() } else { Vec::new() });
        let febrile = (Grade::exactly(floor.min(1)), vec![fever()]);
        let facts = if ceiling == 0 { Vec::new() } else { facts.to_vec() };
        graded(scale, vec![febrile.clone(), febrile, (peak, facts)], note)
    };
    SCALES.into_iter().zip(grades).map(one).collect()
}

const fn same(grade: u8) -> [(u8, u8); 8] {
    [(grade, grade); 8]
}

/// ctcae-4.03 cannot be derived: anything from 1 to 5.
const fn peaks(astct: u8, lee: u8, penn: u8, ctcae5: u8, mskcc: u8, cartox: u8, mahadeo: u8) -> [(u8, u8); 8] {
    let both = [astct, lee, penn, 1, ctcae5, mskcc, cartox, mahadeo];
    let mut grades = [(0, 0); 8];
    let mut i = 0;
    while i < 8 {
        grades[i] = (both[i], if i == 3 { 5 } else { both[i] });
        i += 1;
    }
    grades
}

/// A hundred children in which every kind of disagreement occurs.
pub(crate) fn hundred() -> Concordance {
    let epinephrine = number("vasopressor", Signal::Epinephrine, 0.1, 4.0);
    let low = number("hypotension", Signal::SystolicBp, 74.0, 4.0);
    let with = |cause: Cause| vec![fever(), cause];
    let unknown = {
        let mut g = same(1);
        g[0] = (1, 4);
        g[2] = (1, 3);
        g[3] = (1, 5);
        g
    };
    let kinds: Vec<(usize, Vec<Graded>)> = vec![
        (14, child(same(0), &[], &[])),
        (28, child(peaks(1, 1, 1, 1, 1, 1, 1), &[fever()], &[])),
        (9, child(peaks(2, 2, 2, 2, 1, 2, 2), &with(low), &[])),
        (11, child(peaks(2, 2, 3, 2, 2, 2, 2), &with(device(Code::NasalCannula, 4.0)), &[])),
        (12, child(peaks(3, 2, 3, 3, 2, 2, 2), &with(norepinephrine()), &[])),
        (8, child(peaks(4, 3, 4, 3, 3, 3, 3), &[fever(), norepinephrine(), epinephrine], &[])),
        (6, child(peaks(4, 4, 4, 4, 4, 4, 4), &with(device(Code::InvasiveVentilation, 4.0)), &[])),
        (3, child(peaks(0, 2, 3, 3, 2, 2, 2), &[norepinephrine()], &["hypotension-without-fever"])),
        (8, child(unknown, &[fever()], &[])),
        (1, child(same(5), &[cause("death", Signal::Death, Value::Code(Code::Yes), 4.0)], &[])),
    ];
    let mut concordance = Concordance::new(SCALES).with_bootstrap(Bootstrap { replicates: 199, ..Bootstrap::default() });
    let mut number = 0;
    for (n, results) in kinds {
        for _ in 0..n {
            number += 1;
            let derived = results[0].episodes[0].peak.grade.floor();
            let stated = if number % 5 == 0 { derived.saturating_sub(1) } else { derived }.to_string();
            let reported = [(5.0, stated.as_str(), "ASTCT 2019")];
            // One child in four has no report.
            let reported = if number % 4 == 0 { &[][..] } else { &reported[..] };
            concordance.add(&record(&format!("p{number}"), reported), &results);
        }
    }
    concordance
}
