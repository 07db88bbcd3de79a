//! Text, JSON, CSV and figures, against golden files; `BLESS=1 cargo test` writes them anew.
//!
//! The figures stand in `docs/figures`, so that what the documentation shows is what the code draws.

use crate::children::hundred;
use barograph_cohort::{Concordance, Report};
use std::path::{Path, PathBuf};

fn compare(path: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        return std::fs::write(path, text).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, golden, "{} differs; BLESS=1 writes it anew", path.display());
}

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn figure(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/figures").join(name)
}

fn written(write: impl Fn(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The first two scales and what was reported on them.
fn two() -> Report {
    let mut report = hundred().finish();
    report.comparisons.truncate(1);
    report.reported.truncate(1);
    report.profiles.clear();
    report
}

#[test]
fn text() {
    compare(&here("concordance.txt"), &written(|out| two().write_text(out)));
}

#[test]
fn rows() {
    compare(&here("cells.csv"), &written(|out| two().write_csv(out)));
    compare(&here("agreement.csv"), &written(|out| two().write_agreement_csv(out)));
    let parted = written(|out| two().write_disagreements_csv(out));
    compare(&here("disagreements.csv"), &parted.lines().take(4).flat_map(|l| [l, "\n"]).collect::<String>());
}

#[test]
fn json_holds_everything() {
    let json = written(|out| hundred().finish().write_json(out));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let pair = &value["comparisons"][0];
    assert_eq!((value["patients"].as_u64(), value["comparisons"].as_array().map(Vec::len)), (Some(100), Some(28)));
    assert_eq!((pair["first"].as_str(), pair["second"].as_str()), (Some("astct-2019"), Some("lee-2014")));
    assert_eq!((pair["n"].as_u64(), pair["by_floor"][3][2].as_u64()), (Some(100), Some(12)));
    assert_eq!(pair["disagreements"].as_array().map(Vec::len), Some(23));
    let undefined = &value["reported"][1]["kappas"][2]["kappa"]["not_defined_because"];
    assert_eq!(undefined.as_str(), Some("there is no observation"));
}

#[test]
fn figures() {
    let report = hundred().finish();
    let [penn, derived] = [&report.comparisons[1], &report.reported[0]];
    compare(&figure("concordance-heat-map.svg"), &report.heat_map(&report.comparisons[0]));
    compare(&figure("concordance-alluvial.svg"), &report.alluvial());
    assert!(report.heat_map(penn).contains("penn-2014") && report.heat_map(derived).contains("reported astct-2019"));
}

#[test]
fn the_same_cohort_gives_the_same_bytes() {
    let json = || written(|out| hundred().finish().write_json(out));
    assert_eq!(json(), json());
}

#[test]
fn foreign_names_stay_text() {
    let mut concordance = Concordance::new(["<b>\"&\u{1b}-1", "b"]);
    concordance.add(&crate::children::record("p\u{1b}[31m", &[]), &[]);
    let report = concordance.finish();
    let svg = report.heat_map(&report.comparisons[0]) + &report.alluvial();
    assert!(!svg.contains("<b>") && !svg.contains('\u{1b}'));
    assert!(!written(|out| report.write_text(out)).contains('\u{1b}'));
}

#[test]
fn few_and_no_scales_still_draw() {
    for ids in [vec![], vec!["a"]] {
        let report = Concordance::new(ids).finish();
        assert!(report.alluvial().trim_end().ends_with("</svg>"));
        assert!(written(|out| report.write_text(out)).contains("name at least two"));
    }
}
