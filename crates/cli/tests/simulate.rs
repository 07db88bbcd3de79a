//! `barograph simulate`: what is simulated can be read back and is graded the same.
#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::path::{Path, PathBuf};
use std::process::Command;

fn run(args: &[&str]) -> (bool, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_barograph")).args(args).output().unwrap();
    (out.status.success(), String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap())
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulate").join(name);
    let _ = std::fs::remove_dir_all(&path);
    path
}

/// The grades in the summary come from the record in memory; `grade` reads the files. Both must agree, and nothing may be lost in the ledger.
#[test]
fn a_population_round_trips_through_files_and_grades_the_same() {
    let out = folder("population");
    let path = out.to_str().unwrap();
    let (ok, told, complaint) = run(&["simulate", "--population", "plausible", "--n", "12", "--seed", "3", "--days", "30", "--out", path]);
    assert!(ok, "{complaint}");
    assert!(told.contains("12 virtual children"), "{told}");
    let (ok, graded, complaint) = run(&["grade", path, "--scale", "astct-2019", "--format", "csv"]);
    assert!(ok, "{complaint}");
    assert!(!complaint.contains("ledger"), "{complaint}");
    let peaks = |text: &str, id: &str, peak: &str| -> Vec<(String, u8)> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let at = |name: &str| headers.iter().position(|h| h == name).unwrap_or_else(|| panic!("no {name} in {headers:?}"));
        let (id, peak) = (at(id), at(peak));
        let mut all: Vec<(String, u8)> = Vec::new();
        for row in reader.records() {
            let row = row.unwrap();
            let grade: u8 = row[peak].parse().unwrap();
            match all.iter_mut().find(|(known, _)| *known == row[id]) {
                Some((_, best)) => *best = grade.max(*best),
                None => all.push((row[id].to_owned(), grade)),
            }
        }
        all
    };
    let summary = std::fs::read_to_string(out.join("summary.csv")).unwrap();
    let (in_memory, from_files) = (peaks(&summary, "patient", "astct_2019"), peaks(&graded, "patient", "peak_floor"));
    assert_eq!(in_memory.len(), 12);
    assert_eq!(in_memory, from_files);
    assert!(in_memory.iter().any(|(_, grade)| *grade > 0));
}

#[test]
fn threads_do_not_change_a_population() {
    let (one, two) = (folder("one"), folder("two"));
    for (path, threads) in [(&one, "1"), (&two, "2")] {
        let args =
            ["simulate", "--population", "plausible", "--n", "130", "--days", "5", "--threads", threads, "--out", path.to_str().unwrap()];
        assert!(run(&args).0);
    }
    for file in ["patients.csv", "events.csv", "summary.csv"] {
        assert!(std::fs::read(one.join(file)).unwrap() == std::fs::read(two.join(file)).unwrap(), "{file}");
    }
}

#[test]
fn one_child_is_a_page_of_two_arms() {
    let page = folder("one-child").join("page.html");
    let (ok, told, complaint) =
        run(&["simulate", "--burden", "60", "--age", "8", "--weight", "26", "--tocilizumab", "4", "--out", page.to_str().unwrap()]);
    assert!(ok, "{complaint}");
    assert!(told.contains("8 years, 26 kg, 60.0 %"), "{told}");
    let html = std::fs::read_to_string(page).unwrap();
    assert!(html.contains("support-only") && html.contains("treated"));
}

#[test]
fn wrong_numbers_are_refused() {
    for args in [["simulate", "--weight", "0.5"], ["simulate", "--tocilizumab", "never"], ["simulate", "--population", "martians"]] {
        assert!(!run(&args).0, "{args:?}");
    }
}
