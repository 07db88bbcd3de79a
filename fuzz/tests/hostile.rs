//! Shapes that a mutation engine is slow to grow: the long, the deep and the many. Each must end soon and in little memory.
//!
//! Run with `cargo test --release --test hostile -- --test-threads 1`; the allocator of the targets holds them to their limit.

use barograph_fuzz::{clif, csv, fhir, folder::Folder, grading, policy, unit, vignette};
use std::fmt::Write as _;

const LONG: usize = 10 << 20;
const EVENTS: &str = "patient,time,signal,value,unit,detail,recorded,channel\n";

#[test]
fn lines_of_ten_megabytes() {
    let folder = Folder::new();
    for filler in ["x", "\"", ",", "1,", "{\"a\":", "[", "\u{fffd}", "```", "# ", "0..1 every 1h spo2 98; "] {
        let line = filler.repeat(LONG / filler.len());
        csv::run_patients(&folder, format!("patient,age_years\np1,{line}\np2,7\n").as_bytes());
        csv::run_events(&folder, format!("{EVENTS}p1,1,temperature,38,{line},,,\np1,2,temperature,38,,,,\n").as_bytes());
        fhir::run_json(&folder, line.as_bytes());
        fhir::run_json(&folder, format!("{{\"resourceType\":\"Observation\",\"x\":{line}").as_bytes());
        fhir::run_ndjson(
            format!("{{\"resourceType\":\"Patient\",\"id\":\"a\"}}\n{line}\n{{\"resourceType\":\"Observation\"}}\n").as_bytes(),
        );
        vignette::run(format!("```patient\nid: {line}\n```\n```timeline\n{line}\n1 {line}\n```\n").as_bytes(), &grading::policies()[0]);
        // The TOML parser takes some thirty bytes for each of such a line.
        policy::run(format!("name = {}", filler.repeat(LONG / 10 / filler.len())).as_bytes(), &policy::record());
        unit::run(format!("1\n{line}\nmg\n").as_bytes());
    }
}

#[test]
fn a_million_open_quotes() {
    let folder = Folder::new();
    csv::run_events(&folder, format!("{EVENTS}{}", "\"\n".repeat(1_000_000)).as_bytes());
    csv::run_events(&folder, format!("{EVENTS}{}", "p1,1,\"temperature,38,,,,\n".repeat(100_000)).as_bytes());
}

#[test]
fn a_hundred_thousand_rows_of_one_instant() {
    let folder = Folder::new();
    let (mut distinct, mut equal, mut corrected) = (EVENTS.to_owned(), EVENTS.to_owned(), EVENTS.to_owned());
    for i in 0..100_000 {
        writeln!(distinct, "p1,1,temperature,38,,site {i},,").unwrap();
        writeln!(equal, "p1,1,temperature,{}38,,,,", ["", "<", ">"][i % 3]).unwrap();
        writeln!(corrected, "p1,1,norepinephrine,0.1,,corrected {i},,{i}").unwrap();
    }
    for events in [distinct, equal, corrected] {
        csv::run_events(&folder, events.as_bytes());
    }
}

#[test]
fn a_resource_repeated_in_a_hundred_thousand_versions() {
    let mut lines = String::new();
    for i in 0..100_000 {
        writeln!(
            lines,
            r#"{{"resourceType":"Observation","id":"o","meta":{{"versionId":"{i}"}},"status":"final","subject":{{"reference":"Patient/a"}},"code":{{"coding":[{{"system":"http://loinc.org","code":"8310-5"}}]}},"effectiveDateTime":"2024-01-10T00:00:00Z","valueQuantity":{{"value":38,"code":"Cel"}}}}"#
        )
        .unwrap();
    }
    fhir::run_ndjson(lines.as_bytes());
}

#[test]
fn a_file_of_nothing_but_repeated_charting() {
    let line = "0..36000 every 4d spo2 98\n";
    let text = format!("```patient\nid: a\n```\n```timeline\n{}```\n", line.repeat(10_000));
    vignette::run(text.as_bytes(), &grading::policies()[0]);
}

#[test]
fn parquet_that_is_no_parquet() {
    let folder = clif::folder();
    for bytes in [vec![0; LONG], b"PAR1".repeat(LONG / 4), [b"PAR1".as_slice(), &[0xff; 64], b"\xf0\xff\xff\x7fPAR1"].concat()] {
        clif::run_vitals(&folder, &bytes);
        clif::run_respiratory(&folder, &bytes);
        clif::run_medication(&folder, &bytes);
    }
}
