//! One child, whatever the format: the same facts through CSV, FHIR, CLIF and vignettes give the same grades.
//!
//! Only what cites the source differs (`evidence`). What a format cannot carry at all is tested apart: there it may
//! widen a grade, and never narrow it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value, unreachable_pub, missing_docs)] // a test fails by panicking

mod child;
mod clif;
mod fhir;
mod text;

use barograph_grading::{Graded, Policy, grade, scales};
use barograph_ingest::{Format, Options, read};
use barograph_record::{Event, Group, Instant, Ledger, Record};
use barograph_report::jsonl;
use child::{Child, deceased, survivor};
use std::path::{Path, PathBuf};

type Writer = fn(&Path, &[Child]);

const FORMATS: &[(&str, Format, Writer)] = &[
    ("csv", Format::Csv, text::csv),
    ("parquet", Format::Parquet, text::parquet),
    ("vignette", Format::Vignette, text::vignette),
    ("fhir-bundle", Format::Fhir, fhir::bundle),
    ("fhir-ndjson", Format::Fhir, fhir::ndjson),
    ("clif", Format::Clif, clif::clif),
];

/// What a format made of the children.
struct Told {
    records: Vec<Record>,
    graded: Vec<Vec<Graded>>,
    ledger: Ledger,
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formats").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn tell(test: &str, (name, format, write): &(&str, Format, Writer), children: &[Child]) -> Told {
    let folder = folder(&format!("{test}-{name}"));
    write(&folder, children);
    assert_eq!(Format::detect(&folder).unwrap(), *format, "{name}");
    let mut ledger = Ledger::listing();
    let mut records = Vec::new();
    read(&folder, *format, &Options::default(), &mut ledger, &mut |r| records.push(r)).unwrap();
    let policy = Policy::default_1().unwrap();
    let graded = records.iter().map(|r| grade(r, &policy, scales::ALL.iter().copied())).collect();
    Told { records, graded, ledger }
}

impl Told {
    /// What `grade --format jsonl` prints.
    fn lines(&self) -> String {
        let mut out = Vec::new();
        for (record, graded) in self.records.iter().zip(&self.graded) {
            jsonl::write(&mut out, record, graded).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    /// The same without the citations, which are the format's own.
    fn grades(&self) -> String {
        let without = |line: &str| {
            let (grades, evidence) = line.rsplit_once(",\"evidence\":[").unwrap();
            assert!(evidence.ends_with("]}"), "{line}");
            format!("{grades}\n")
        };
        self.lines().lines().map(without).collect()
    }

    /// Every event as a line: when, what, and of laboratory values when they were known (CLIF tells it of no other).
    fn events(&self) -> String {
        let line = |patient: &str, e: &Event| {
            let known = if matches!(e.signal.group(), Group::Chemistry | Group::Cytokine) { e.known.days() } else { e.at.days() };
            format!("{patient} {} {} {:?} known {known}\n", e.at.days(), e.signal, e.value)
        };
        self.records.iter().flat_map(|r| r.events.iter().map(|e| line(&r.patient.id, e))).collect()
    }
}

/// Fails with the first line in which two texts differ.
fn assert_same(a: &str, b: &str, what: &str) {
    let differ = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    assert!(differ.is_none(), "{what}: {differ:#?}");
    assert_eq!(a.len(), b.len(), "{what}: one has lines that the other lacks");
}

#[test]
fn six_writings_of_two_children_give_the_same_grades() {
    let children = [survivor(), deceased()];
    let told: Vec<Told> = FORMATS.iter().map(|f| tell("same", f, &children)).collect();
    let [csv, others @ ..] = &told[..] else { panic!("no formats") };
    let episodes: Vec<_> = csv.graded.iter().map(|g| (g[0].episodes.len(), g[0].episodes[0].peak.grade.to_string())).collect();
    assert_eq!(episodes, [(1, "4".to_owned()), (1, "4-5".to_owned())], "{}", csv.grades());
    for (other, (name, ..)) in others.iter().zip(&FORMATS[1..]) {
        assert_same(&other.events(), &csv.events(), name);
        assert_same(&other.grades(), &csv.grades(), name);
        assert_ne!(other.lines(), csv.lines(), "{name} cites its own sources");
    }
}

/// In a Parquet table a patient is given as soon as its last row is read: rows of patients in any order must lose nothing of it, nor the order of ids.
#[test]
fn rows_of_patients_in_any_order_give_the_same_records() {
    let (first, second) = (survivor(), deceased());
    let [csv, parquet] = [&FORMATS[0], &FORMATS[1]];
    let there = tell("in-order", csv, &[first.clone(), second.clone()]);
    for (name, children) in [("in-order", [first.clone(), second.clone()]), ("reversed", [second, first])] {
        let told = tell(name, parquet, &children);
        assert_same(&told.events(), &there.events(), name);
        assert_same(&told.grades(), &there.grades(), name);
    }
}

#[test]
fn nothing_of_the_children_is_lost_but_what_was_mistaken() {
    let children = [survivor(), deceased()];
    for format in FORMATS {
        let told = tell("ledger", format, &children);
        let lost: Vec<_> =
            told.ledger.entries().iter().filter(|e| e.row > 0 && e.reason.loses_the_row()).map(|e| e.reason.name()).collect();
        // CLIF knows no versions of a row, so the mistaken one is not in its tables.
        let expected: &[&str] = if format.0 == "clif" { &[] } else { &["superseded"] };
        assert_eq!(lost, expected, "{}", format.0);
    }
}

#[test]
fn the_hour_of_the_day_changes_nothing() {
    let children = [survivor(), deceased()];
    let later = children.clone().map(|c| c.shifted(11));
    for format in FORMATS {
        assert_same(&tell("shifted", format, &later).lines(), &tell("unshifted", format, &children).lines(), format.0);
    }
}

#[test]
fn the_units_change_nothing() {
    let children = [survivor(), deceased()];
    let otherwise = children.clone().map(|c| c.converted());
    for format in FORMATS {
        let (a, b) = (tell("units", format, &otherwise), tell("other-units", format, &children));
        assert_same(&a.lines(), &b.lines(), format.0);
    }
}

#[test]
fn what_a_format_cannot_carry_widens_a_grade_and_never_narrows_it() {
    let mut child = survivor();
    child.ventilate(86.0, "hypoxia");
    let told = |i: usize| tell("ventilated", &FORMATS[i], std::slice::from_ref(&child)).graded[0][0].episodes[0].clone();
    let (csv, clif) = (told(0), told(4));
    // CLIF has no place for the reason of ventilation.
    let at = |e: &barograph_grading::Episode, hour: f64| {
        let instant = Instant::from_days(hour / 24.0).unwrap();
        e.course.iter().find(|s| s.from <= instant && instant < s.to).unwrap().grade
    };
    assert_eq!((at(&csv, 87.0).to_string().as_str(), at(&clif, 87.0).to_string().as_str()), ("4", "3-4"));
    for hour in 61..130 {
        let (known, wide) = (at(&csv, f64::from(hour)), at(&clif, f64::from(hour)));
        assert!(wide.floor() <= known.floor() && known.ceiling() <= wide.ceiling(), "hour {hour}: {known} is not within {wide}");
    }
}
