//! `barograph simulate`: what is simulated can be read back and is graded the same.
#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

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

/// Highest grade by patient.
fn peaks(text: &str, id: &str, peak: &str) -> Vec<(String, u8)> {
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
}

/// The grades in the table of truth come from the record in memory; `grade` reads the files. Both must agree, whatever the files, and nothing may be lost
/// in the ledger.
#[test]
fn a_population_round_trips_through_files_and_grades_the_same() {
    let graded = ["csv", "parquet"].map(|format| {
        let out = folder(format);
        let path = out.to_str().unwrap();
        let args = ["simulate", "--population", "prior", "--n", "12", "--seed", "3", "--days", "30", "--format", format, "--out", path];
        let (ok, told, complaint) = run(&args);
        assert!(ok, "{complaint}");
        assert!(told.contains("12 virtual children"), "{told}");
        let (ok, graded, complaint) = run(&["grade", path, "--scale", "astct-2019", "--format", "csv"]);
        assert!(ok, "{complaint}");
        assert_eq!(complaint, "", "the ledger holds rows");
        for figure in ["bands.svg", "spaghetti.svg"] {
            assert!(std::fs::read_to_string(out.join(figure)).unwrap().contains("</svg>"));
        }
        graded
    });
    assert_eq!(graded[0], graded[1]);
    let truth = std::fs::read_to_string(Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulate/csv/truth.csv")).unwrap();
    let (in_memory, from_files) = (peaks(&truth, "patient", "astct_2019"), peaks(&graded[0], "patient", "peak_floor"));
    assert_eq!(in_memory.len(), 12);
    assert_eq!(in_memory, from_files);
    assert!(in_memory.iter().any(|(_, grade)| *grade > 0));
}

/// A simulated folder may be simulated anew, in either format, and holds one population then; a folder of real records is left as it is.
#[test]
fn only_simulated_records_are_written_over() {
    let out = folder("again");
    let path = out.to_str().unwrap();
    for format in ["csv", "parquet", "csv"] {
        let (ok, _, complaint) = run(&["simulate", "--n", "3", "--days", "2", "--format", format, "--out", path]);
        assert!(ok, "{complaint}");
        let tables = std::fs::read_dir(&out).unwrap().filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|x| x != "svg"));
        assert_eq!(tables.count(), 3);
    }
    let real = folder("registry");
    std::fs::create_dir_all(&real).unwrap();
    std::fs::write(real.join("events.csv"), "patient,time,signal,value\n").unwrap();
    let (ok, _, complaint) = run(&["simulate", "--n", "3", "--days", "2", "--format", "parquet", "--out", real.to_str().unwrap()]);
    assert!(!ok && complaint.contains("were not simulated"), "{complaint}");
    assert_eq!(std::fs::read_to_string(real.join("events.csv")).unwrap(), "patient,time,signal,value\n");
}

/// What a child was charted as given is within the daily limits, as the audit of doses sees it.
#[test]
fn acetaminophen_stays_within_its_limits() {
    let out = folder("limits");
    let (ok, ..) = run(&[
        "simulate",
        "--n",
        "8",
        "--burden",
        "80",
        "--weight",
        "80",
        "--days",
        "14",
        "--care",
        "none",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(ok);
    let mut reader = csv::Reader::from_path(out.join("events.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).filter(|r| &r[2] == "acetaminophen").collect();
    let given = |patient: &str| -> Vec<f64> { rows.iter().filter(|r| &r[0] == patient).map(|r| r[1].parse().unwrap()).collect() };
    assert!(rows.len() > 40 && rows.iter().all(|r| &r[3] == "1000"));
    for child in 0..8 {
        let times = given(&format!("v{child:06}"));
        assert!(times.windows(2).all(|w| w[1] - w[0] > 0.2493), "{times:?}");
        // Four grams a day are four doses: the fifth comes a day after the first.
        assert!(times.windows(5).all(|w| w[4] - w[0] > 0.999), "{times:?}");
    }
}

/// A search begins at the same cost whenever it is run, never ends at a higher one, and writes a value for each parameter.
#[test]
fn a_search_of_typical_values_can_be_repeated() {
    let file = folder("search").join("typical.toml");
    let costs = |rounds: &str| -> Vec<f64> {
        let (ok, told, complaint) = run(&["simulate", "search", "--n", "50", "--rounds", rounds, "--out", file.to_str().unwrap()]);
        assert!(ok, "{complaint}");
        let first = told.lines().next().and_then(|line| line.strip_prefix("cost ")).unwrap();
        first.split(" > ").map(|cost| cost.parse().unwrap()).collect()
    };
    let (start, path) = (costs("0"), costs("1"));
    assert_eq!(start.len(), 1);
    assert_eq!(start[0].to_bits(), path[0].to_bits());
    assert!(path.is_sorted_by(|a, b| a > b), "{path:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.matches("[[typical]]").count() > 20 && text.matches("[[typical]]").count() == text.matches("found = ").count());
}

#[test]
fn threads_do_not_change_a_population() {
    let (one, two) = (folder("one"), folder("two"));
    for (path, threads) in [(&one, "1"), (&two, "2")] {
        let args =
            ["simulate", "--population", "plausible", "--n", "130", "--days", "5", "--threads", threads, "--out", path.to_str().unwrap()];
        assert!(run(&args).0);
    }
    for file in ["patients.csv", "events.csv", "truth.csv"] {
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
    // Two treatments of one child are no cohort of two.
    assert!(html.contains("One virtual child under two treatments") && !html.contains("<h2>Cohort</h2>"));
}

#[test]
fn wrong_numbers_are_refused() {
    let cases: [(&[&str], &str); 14] = [
        (&["--age", "-1"], "a number from 0 to 120 is needed"),
        (&["--tocilizumab", "-4"], "a number from 0 to 365 is needed"),
        (&["--seed", "-1"], "invalid value '-1' for '--seed"),
        (&["--care", "none"], "nothing to compare with"),
        (&["--weight", "0.5"], "from 2 to 300"),
        (&["--n", "0"], "0 is not in 1.."),
        (&["--tocilizumab", "never"], "a number from 0 to 365"),
        (&["--population", "martians"], "[possible values: calibrated, plausible, prior]"),
        (
            &["--tocilizumab", "4", "--tocilizumab", "4.2"],
            "--tocilizumab 4 and 4.2 are too close: the label allows another dose after 8 hours",
        ),
        (&["--tocilizumab", "50"], "--tocilizumab 50 comes after the end: 42 days are simulated; raise --days"),
        (&["--dexamethasone", "4", "--dexamethasone", "5"], "a course lasts 3 days"),
        (&["--anakinra", "4", "--anakinra", "10.9"], "a course lasts 7 days"),
        (
            &["--tocilizumab", "1", "--tocilizumab", "2", "--tocilizumab", "3", "--tocilizumab", "4", "--tocilizumab", "5"],
            "--tocilizumab is given 5 times; the label allows 4 doses",
        ),
        (&["--out", "/dev/null/folder", "--n", "2"], "cannot write"),
    ];
    for (args, says) in cases {
        let (ok, _, complaint) = run(&[&["simulate"], args].concat());
        assert!(!ok && complaint.contains(says), "{args:?}: {complaint}");
    }
}

/// Harm that is asked for is there: a blockade that takes half the growth of the cells leaves fewer of them, in the same children, and it is said that no such population was calibrated.
#[test]
fn a_parameter_may_be_set_in_every_child() {
    let area = |name: &str, set: &[&str]| {
        let out = folder(name);
        let args = ["simulate", "--n", "12", "--days", "30", "--tocilizumab", "2", "--out", out.to_str().unwrap()];
        let (ok, told, complaint) = run(&[&args[..], set].concat());
        assert!(ok, "{complaint}");
        let truth = std::fs::read_to_string(out.join("truth.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(truth.as_bytes());
        let at = |name: &str| truth.lines().next().unwrap().split(',').position(|column| column == name).unwrap();
        let rows: Vec<(f64, f64)> = reader
            .records()
            .map(|row| row.unwrap())
            .map(|row| (row[at("car_t_area_28")].parse().unwrap(), row[at("eps_T")].parse().unwrap()))
            .collect();
        (rows, told)
    };
    let ((harmed, told), (spared, plain)) = (area("harmed", &["--set", "eps_T=-0.5"]), area("spared", &["--set", "eps_T=0"]));
    assert!(told.contains("With eps_T=-0.5 in every child: no published cohort"), "{told}");
    assert!(plain.contains("With eps_T=0"), "{plain}");
    assert!(harmed.iter().all(|(_, eps)| *eps == -0.5) && harmed.iter().zip(&spared).all(|(harmed, spared)| harmed.0 < spared.0));
    for (set, says) in [("WT=3", "give it with --weight"), ("no_such=1", "no parameter `no_such`"), ("eps_T", "is not NAME=VALUE")] {
        let (ok, _, complaint) = run(&["simulate", "--set", set]);
        assert!(!ok && complaint.contains(says), "{complaint}");
    }
}
