//! The command as a person or a script meets it: exit statuses, files written, and messages that say what to do.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod broken;
mod plans;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn barograph(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_barograph"));
    command.args(args).env("NO_COLOR", "1");
    command
}

/// Status, standard output, standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = barograph(args).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Runs the command, which must fail with this status and a message that holds each of these.
fn fails(args: &[&str], status: i32, says: &[&str]) {
    let (code, out, message) = run(args);
    assert_eq!(code, status, "{args:?}: {message}");
    assert!(out.is_empty(), "{args:?} printed {out}");
    assert!(message.ends_with('\n') && !message.ends_with("\n\n"), "{message:?}");
    for part in says {
        assert!(message.contains(part), "{args:?}: {part:?} is not in {message:?}");
    }
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn vignettes() -> String {
    format!("{HERE}/../../vignettes")
}

fn plain_text() -> String {
    format!("{HERE}/../../examples/plain-text")
}

#[test]
fn results_are_not_written_over_what_is_read() {
    let data = folder("over-input");
    for name in ["patients.csv", "events.csv"] {
        std::fs::copy(format!("{}/{name}", plain_text()), data.join(name)).unwrap();
    }
    let before = std::fs::read(data.join("events.csv")).unwrap();
    let path = |name: &str| data.join(name).to_str().unwrap().to_owned();
    let (input, events, patients) = (path(""), path("events.csv"), path("patients.csv"));
    for command in [&["grade"][..], &["report"], &["scores"], &["advise"], &["cohort", "adherence"], &["cohort", "concordance"]] {
        let line = [command, &[&input, "--out", &events]].concat();
        fails(&line, 2, &["--out names", "events.csv", "give another file"]);
        let line = [command, &[&input, "--ledger", &patients]].concat();
        fails(&line, 2, &["--ledger names", "patients.csv", "give another file"]);
    }
    let both = path("both.csv");
    fails(&["grade", &input, "--out", &both, "--ledger", &both], 2, &["--out and --ledger both name", "give two files"]);
    assert_eq!(std::fs::read(data.join("events.csv")).unwrap(), before);
    // Results of an earlier run are no input.
    for _ in 0..2 {
        assert_eq!(run(&["grade", &input, "--out", &path("grades.csv"), "--ledger", &path("ledger.csv")]).0, 0);
    }
}

#[test]
fn a_graded_folder_is_status_0_in_every_shape() {
    let input = plain_text();
    let (status, table, _) = run(&["grade", &input]);
    assert_eq!(status, 0);
    assert!(table.starts_with("patient ") && table.lines().count() > 1, "{table}");
    let (status, lines, _) = run(&["grade", &input, "--format", "jsonl"]);
    assert_eq!(status, 0);
    let patients = |text: &str| text.lines().filter(|l| l.starts_with(r#"{"patient":""#) && l.ends_with('}')).count();
    assert_eq!(patients(&lines), lines.lines().count());
    let (status, csv, _) = run(&["grade", &input, "--format", "csv"]);
    assert_eq!((status, csv.lines().count()), (0, lines.lines().count() + 1));
    let out = folder("out").join("new/grades.jsonl");
    let (status, nothing, _) = run(&["grade", &input, "--format", "jsonl", "--out", out.to_str().unwrap()]);
    assert_eq!((status, nothing.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(out).unwrap(), lines);
}

#[test]
fn the_ledger_file_holds_every_row_that_standard_error_counts() {
    let folder = folder("ledger");
    let events = "patient,time,signal,value,unit\np,1,crp,38.5,furlong\np,1,aura,blue,\np,1,temperature,38.5,Cel\n";
    written(&folder, "events.csv", events);
    let ledger = folder.join("ledger.csv");
    let (status, _, message) = run(&["grade", folder.to_str().unwrap(), "--ledger", ledger.to_str().unwrap()]);
    assert_eq!(status, 0, "{message}");
    let ledger = std::fs::read_to_string(ledger).unwrap();
    let expected = ["file,row,field,reason,what", "events.csv,2,unit,unit,", "events.csv,3,signal,unmapped-concept,aura"];
    for (line, start) in ledger.lines().zip(expected) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(ledger.lines().count(), expected.len());
    assert!(message.contains("ledger: 2 entries for 3 rows read, 1 events made"), "{message}");
    assert!(message.contains("furlong") && !message.contains("--ledger FILE"), "{message}");
    let (_, _, message) = run(&["grade", folder.to_str().unwrap()]);
    assert!(message.contains("--ledger FILE"), "the hint: {message}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let ledger = folder("pipe").join("ledger.csv");
    for args in [
        &["grade", &vignettes(), "--format", "jsonl", "--ledger", ledger.to_str().unwrap()][..],
        &["list", "signals"],
        &["list", "policies"],
    ] {
        let mut child = barograph(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("roken pipe"), "{args:?}");
    }
    assert!(std::fs::read_to_string(ledger).unwrap().contains("entered-in-error"), "the ledger is whole all the same");
}

#[test]
fn help_and_version_are_answers() {
    let (status, out, _) = run(&["--version"]);
    assert_eq!((status, out.as_str()), (0, concat!("barograph ", env!("CARGO_PKG_VERSION"), "\n")));
    let (status, out, _) = run(&["grade", "--help"]);
    assert_eq!(status, 0);
    assert!(out.contains("--infusions") && out.contains("--policy"), "{out}");
    fails(&[], 2, &["Usage: barograph <COMMAND>", "demo"]);
    fails(&["grade"], 2, &["<INPUT>"]);
    fails(&["diagnose"], 2, &["diagnose"]);
}

#[test]
fn every_shelf_lists_something_of_its_own() {
    for (shelf, holds) in [
        ("scales", "astct-2019"),
        ("signals", "norepinephrine         ug/kg/min"),
        ("policies", "fever_threshold = 38"),
        ("hypotension", "haque-2007"),
        ("notes", "onset-after-day-14"),
        ("models", "hanson-2016"),
        ("protocols", "asco-2021"),
        ("doses", "tocilizumab-crs"),
    ] {
        let (status, out, error) = run(&["list", shelf]);
        assert_eq!((status, error.as_str()), (0, ""), "{shelf}");
        assert!(out.contains(holds), "{shelf}: {out}");
    }
    fails(&["list", "cupboards"], 2, &["possible values: scales, scores"]);
    fails(&["list", "models", "--model", "hanson"], 2, &["unknown model \"hanson\"", "hanson-2016"]);
    fails(&["list", "scales", "--model", "hanson-2016"], 2, &["--model belongs to `barograph list models`"]);
    let (status, page, _) = run(&["list", "models", "--model", "hanson-2016"]);
    assert_eq!(status, 0);
    assert!(page.contains("let LT = pos(1 - T_tot/l)") && page.contains("BIOMD0000000837"), "{page}");
}

#[test]
fn every_face_says_that_it_is_no_medical_device() {
    let input = plain_text();
    let page = folder("caution").join("report.html");
    assert_eq!(run(&["report", &input, "--out", page.to_str().unwrap()]).0, 0);
    let demo = folder("caution-demo").join("report.html");
    let printed = [
        &["--help"][..],
        &["demo", "--out", demo.to_str().unwrap()],
        &["advise", &input],
        &["advise", &input, "--patient", "p7"],
        &["advise", &input, "--format", "json"],
    ]
    .map(|args| run(args).1);
    let read = [page, demo.clone(), Path::new(HERE).join("../../README.md")].map(|path| std::fs::read_to_string(path).unwrap());
    for text in printed.iter().chain(&read) {
        assert!(text.to_lowercase().contains("research software, not a medical device"), "{}", &text[..text.len().min(400)]);
    }
    for line in printed[4].lines() {
        assert!(line.contains("not a medical device"), "each object may be passed on alone: {line}");
    }
}

#[test]
fn the_demo_writes_its_report_and_says_where() {
    let page = folder("demo").join("deep/report.html");
    let (status, out, _) = run(&["demo", "--out", page.to_str().unwrap()]);
    assert_eq!(status, 0);
    assert!(out.contains(page.to_str().unwrap()) && out.contains("classic-severe") && out.contains("not a medical device"), "{out}");
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("classic-severe"), "{}", &html[..200]);
    let report = page.with_file_name("own.html");
    let (status, _, message) = run(&["report", &plain_text(), "--out", report.to_str().unwrap()]);
    assert_eq!(status, 0);
    assert!(message.contains("open") && report.is_file(), "{message}");
}

/// Runs the command with this on its standard input.
fn piped(args: &[&str], input: &str) -> (i32, String, String) {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut command = barograph(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that refuses its line closes the pipe unread.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn standard_input_holds_events_or_fhir() {
    let events = "patient,time,signal,value\np,1,temperature,36.8\np,2,temperature,39\np,2,oxygen_device,room_air\np,2,systolic_bp,110\n";
    let (status, graded, message) = piped(&["grade", "-", "--format", "jsonl"], events);
    assert_eq!(status, 0, "{message}");
    assert!(graded.contains(r#""patient":"p""#) && graded.contains(r#""evidence":["stdin:3""#), "{graded}");
    let (_, as_a_folder, _) = {
        let child = folder("standard-input");
        written(&child, "events.csv", events);
        run(&["grade", child.to_str().unwrap(), "--format", "jsonl"])
    };
    assert_eq!(graded.replace("stdin:", "events.csv:"), as_a_folder, "a stream grades as the file does");

    let about = r#""subject":{"reference":"Patient/p"},"status":"final""#;
    let code = r#""code":{"coding":[{"system":"http://loinc.org","code":"8310-5"}]}"#;
    let patient = r#"{"resourceType":"Patient","id":"p"}"#;
    let stay = r#"{"resourceType":"Encounter","id":"e","class":{"code":"IMP"},"subject":{"reference":"Patient/p"},"period":{"start":"2024-01-01T00:00:00Z"}}"#;
    let fever = format!(
        r#"{{"resourceType":"Observation","id":"t",{about},{code},"effectiveDateTime":"2024-01-03T00:00:00Z","valueQuantity":{{"value":39,"code":"Cel"}}}}"#
    );
    let entries = [patient, stay, &fever].map(|r| format!("{{\n  \"resource\": {r}\n}}")).join(",\n");
    let bundle = format!("{{\n\"resourceType\": \"Bundle\",\n\"type\": \"collection\",\n\"entry\": [{entries}]\n}}\n");
    let ndjson = format!("{patient}\n{stay}\n{fever}\n");
    let one_line = bundle.replace('\n', "");
    let graded = [&bundle, &ndjson, &one_line].map(|text| piped(&["grade", "-", "--from", "fhir", "--format", "jsonl"], text));
    for (status, found, message) in &graded {
        assert_eq!((*status, found), (0, &graded[0].1), "{message}");
        assert!(found.contains(r#""evidence":["Observation/t"]"#), "{found}");
    }
    assert_eq!(piped(&["grade", "-", "--format", "jsonl"], &bundle).1, graded[0].1, "a brace is FHIR");

    let cut = &bundle[..bundle.len() - 10];
    for (args, text, code, says) in [
        (&["grade", "-", "--from", "clif"][..], "", 2, "standard input holds"),
        (&["grade", "-"], "", 3, "stdin: the file is empty"),
        (&["grade", "-"], "patient,time\n", 3, "has no column"),
        (&["grade", "-"], "patient,time,signal,value\n", 4, "nothing to grade in standard input"),
        (&["grade", "-", "--from", "fhir"], cut, 3, "breaks off"),
    ] {
        let (status, out, message) = piped(args, text);
        assert_eq!((status, out.as_str()), (code, ""), "{args:?}: {message}");
        assert!(message.contains(says), "{args:?}: {message}");
    }
}

#[test]
fn explain_names_the_childs_own_threshold_and_its_source() {
    let explain = |more: &[&str]| {
        let input = vignettes();
        let (status, told, _) = run(&[&["explain", &input, "--patient", "four-year-old-at-76"], more].concat());
        assert_eq!(status, 0);
        told
    };
    let told = explain(&[]);
    assert!(told.contains("Hypotension: a systolic pressure below 78.0 mm[Hg] at 4.0 years"), "{told}");
    assert!(told.contains("pals: American Heart Association") && told.contains("(secondary)"), "{told}");
    assert!(told.contains("hypotension: systolic bp 76 mm[Hg]") && told.contains(", below 78.0"), "{told}");
    // A scale that brings its own thresholds, and a policy that asks for the own baseline.
    let told = explain(&["--scale", "cartox-2018"]);
    assert!(told.contains("below 90.0 mm[Hg]") && told.contains("cartox-2018: Neelapu 2018"), "{told}");
    let child = folder("own-baseline");
    let policy = written(&child, "policy.toml", "name = \"own\"\nbaseline_fraction = 0.8\n");
    written(&child, "patients.csv", "patient,age_years\np,15\n");
    let rows = "p,-1,systolic_bp,118\np,-0.5,systolic_bp,122\np,1,temperature,39\np,1,systolic_bp,95\np,1.1,systolic_bp,94\n";
    written(&child, "events.csv", &format!("patient,time,signal,value\n{rows}"));
    let (_, told, _) = run(&["explain", child.to_str().unwrap(), "--patient", "p", "--policy", &policy]);
    assert!(told.contains("below 96.0 mm[Hg] at 15.0 years"), "{told}");
    assert!(told.contains("0.8 of the own baseline of 120.0, 96.0 mm[Hg] (median of 2 from the 7 days before the infusion)"), "{told}");
}

#[test]
fn explain_shows_one_patient_and_one_step() {
    let input = vignettes();
    let (status, all, _) = run(&["explain", &input, "--patient", "classic-severe"]);
    let (_, step, _) = run(&["explain", &input, "--patient", "classic-severe", "--at", "3.5"]);
    assert_eq!(status, 0);
    assert!(all.contains("because  fever") && all.contains("classic-severe.md:"), "{all}");
    assert!(step.lines().count() < all.lines().count() && step.contains("because"), "{step}");
    fails(&["explain", &input, "--patient", "nobody"], 2, &[r#"no patient "nobody""#, "afebrile-on-norepinephrine", "more"]);
    fails(&["explain", &input, "--patient", "classic-severe", "--at", "x"], 2, &[r#"--at "x""#, "--at 2.5"]);
}

#[test]
fn mistakes_on_the_command_line_are_status_2_and_name_the_choices() {
    let input = plain_text();
    fails(&["grade", &input, "--scale", "nonsense"], 2, &[r#""nonsense""#, "astct-2019", "all"]);
    fails(&["grade", &input, "--from", "dicom"], 2, &["csv, parquet, fhir, clif, vignette"]);
    fails(&["grade", &input, "--format", "xml"], 2, &["table, jsonl, csv"]);
    let folder = folder("policy");
    for (text, says) in [
        ("name = \"ours\"\nfever_treshold = 38.5\n", &["fever_treshold", "fever_threshold"][..]),
        ("fever_threshold = 38.5\n", &["name"]),
        ("name = \"ours\"\nfever_threshold = \"hot\"\n", &["fever_threshold", "hot"]),
        ("name = \"ours\"\nfever_threshold = 100.4\n", &["fever_threshold = 100.4", "45"]),
        ("name = \"ours\"\nhypotension_set = \"kiggs\"\n", &["kiggs", "mahadeo-2019"]),
        ("name = \"ours\n", &["line 1"]),
    ] {
        let policy = written(&folder, "policy.toml", text);
        fails(&["grade", &input, "--policy", &policy], 2, &[&["policy.toml"][..], says].concat());
    }
    let concepts = written(&folder, "concepts.toml", "");
    fails(&["grade", &input, "--concepts", &concepts], 2, &["--concepts", "--from csv", "leave it out"]);
}

#[test]
fn what_cannot_be_read_is_status_3_and_says_what_to_do() {
    let folder = folder("unreadable");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fails(&["grade", &at("none")], 3, &["none", "check that the path exists"]);
    std::fs::create_dir(folder.join("empty")).unwrap();
    fails(&["grade", &at("empty")], 3, &["events.csv", "clif_*.parquet", "--from"]);
    fails(&["grade", &at("empty"), "--from", "csv"], 3, &["events.csv"]);
    fails(&["grade", &at("empty"), "--from", "clif"], 3, &["clif_hospitalization.parquet"]);
    fails(&["grade", &at("empty"), "--from", "vignette"], 3, &["patient block", "docs/formats.md"]);
    std::fs::create_dir(folder.join("garbage")).unwrap();
    written(&folder.join("garbage"), "clif_hospitalization.parquet", "these bytes are no Parquet file");
    fails(&["grade", &at("garbage")], 3, &["clif_hospitalization.parquet", "damaged", "export the table again"]);
    fails(&["grade", &plain_text(), "--policy", &at("none.toml")], 3, &["none.toml", "--policy"]);
    fails(&["grade", &format!("{}/events.csv", plain_text())], 3, &["the input is a folder", "give the folder"]);
    // A file where a folder is wanted.
    let file = written(&folder, "file", "");
    fails(&["grade", &plain_text(), "--out", &format!("{file}/grades.csv")], 3, &["cannot write", "folder"]);
    fails(&["demo", "--out", &format!("{file}/report.html")], 3, &["cannot write"]);
}

#[test]
fn an_input_without_anything_to_grade_is_status_4() {
    for (name, events, what) in [
        ("nobody", "patient,time,signal,value\n", "no patient"),
        ("nothing", "patient,time,signal,value\np,1,aura,blue\n", "no event that could be used"),
    ] {
        let folder = folder(name);
        written(&folder, "events.csv", events);
        let input = folder.to_str().unwrap();
        let says = [what, "--ledger FILE"];
        let commands: [&[&str]; 6] = [
            &["grade", input],
            &["scores", input],
            &["advise", input],
            &["explain", input, "--patient", "p"],
            &["cohort", "adherence", input],
            &["cohort", "concordance", input],
        ];
        for command in commands {
            fails(command, 4, &says);
        }
        // Nothing is written in any format, to standard output or to a file: a row would look like a patient without CRS.
        for (command, formats) in [("grade", ["csv", "jsonl"]), ("scores", ["csv", "jsonl"]), ("advise", ["json", "table"])] {
            for format in formats {
                fails(&[command, input, "--format", format], 4, &says);
                let out = folder.join("out");
                fails(&[command, input, "--format", format, "--out", out.to_str().unwrap()], 4, &says);
                assert!(!out.exists(), "{command} {format}");
            }
        }
    }
    // One patient with an event is enough, and those without come in their place.
    let folder = folder("something");
    written(&folder, "patients.csv", "patient,age_years\na,6\nb,6\nc,6\n");
    written(&folder, "events.csv", "patient,time,signal,value\nb,1,temperature,37\n");
    let (status, out, _) = run(&["grade", folder.to_str().unwrap(), "--format", "csv"]);
    let patients: Vec<&str> = out.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!((status, patients), (0, vec!["a", "b", "c"]));
}

#[test]
fn an_input_that_cannot_be_read_leaves_neither_a_header_nor_an_empty_file() {
    let folder = folder("kept");
    let missing = folder.join("none").to_str().unwrap().to_owned();
    for command in ["grade", "scores"] {
        fails(&[command, &missing, "--format", "csv"], 3, &["check that the path exists"]);
        let kept = written(&folder, "kept.csv", "an earlier result");
        fails(&[command, &missing, "--format", "csv", "--out", &kept], 3, &["check that the path exists"]);
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "an earlier result", "{command}");
    }
    let kept = written(&folder, "kept.txt", "an earlier result");
    fails(&["advise", &missing, "--out", &kept], 3, &["check that the path exists"]);
    fails(&["advise", &vignettes(), "--patient", "nobody", "--out", &kept], 2, &["no patient"]);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "an earlier result");
    let new = folder.join("a/b/grades.csv");
    let (status, _, message) = run(&["grade", &plain_text(), "--format", "csv", "--out", new.to_str().unwrap()]);
    assert!(status == 0 && message.contains("made the folder") && message.contains("a/b"), "{message}");
}

#[test]
fn every_help_says_what_the_exit_status_means() {
    for args in [
        &["--help"][..],
        &["grade", "--help"],
        &["advise", "--help"],
        &["cohort", "adherence", "--help"],
        &["protocol", "check", "--help"],
        &["solve", "--help"],
        &["simulate", "facts", "--help"],
    ] {
        let (status, out, _) = run(args);
        assert!(status == 0 && out.contains("Exit status:") && out.contains("  4  "), "{args:?}: {out}");
    }
}

#[test]
fn a_moment_is_a_day_as_printed_or_a_date() {
    let input = plain_text();
    fails(&["advise", &input, "--at", "noon"], 2, &["--at \"noon\"", "--at 2.5", "2024-03-01T12:00:00Z"]);
    fails(
        &["explain", &vignettes(), "--patient", "classic-severe", "--at", "2024-03-01T12:00:00Z"],
        2,
        &["the infusion time is not known", "--at 2.5"],
    );
    // Eight hours after day 3.0417 are printed as day 3.375, and are found by it.
    let vignettes = format!("{HERE}/../../vignettes/protocols");
    let at = |day: &str| run(&["advise", &vignettes, "--patient", "better-before-8-hours", "--protocol", "asco-2021", "--at", day]).1;
    assert!(at("3.0417").contains("day 3.0417"), "{}", at("3.0417"));
    assert_eq!(at("3.0417"), at("day 3.0417"));
}

#[test]
fn the_example_of_the_readme_is_what_the_command_says() {
    let readme = std::fs::read_to_string(format!("{HERE}/../../README.md")).unwrap();
    let rows = std::fs::read_to_string(format!("{}/events.csv", plain_text())).unwrap();
    let shown: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("    p7,")).collect();
    assert!(shown.len() > 3 && shown.iter().all(|row| rows.contains(row)), "{shown:?}");
    let (_, after) = readme.split_once("`barograph explain examples/plain-text --patient p7` makes\n\n").unwrap();
    let (status, said, _) = run(&["explain", &plain_text(), "--patient", "p7"]);
    let example: Vec<&str> = after.lines().map_while(|line| line.strip_prefix("    ")).take_while(|line| line.trim() != "…").collect();
    assert!(status == 0 && example.len() > 10);
    assert!(said.contains(&example.join("\n")), "README:\n{}\n\nthe command:\n{said}", example.join("\n"));
}
