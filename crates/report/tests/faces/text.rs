//! What the plain-text faces write, against golden files; `BLESS=1 cargo test` writes them anew.

use super::children;

use barograph_grading::{Policy, ThresholdClock, scales};
use barograph_record::Ledger;
use barograph_report::{Table, explain, jsonl};

fn golden(name: &str, actual: &str) {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(actual == expected, "{name} differs from its golden file; it now reads:\n{actual}");
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn jsonl_is_as_designed() {
    let children = children::all(&mut Ledger::counting());
    let written = text(|out| children.iter().try_for_each(|c| jsonl::write(out, &c.record, &c.graded)));
    golden("grades.jsonl", &written);
    for line in written.lines() {
        let keys: Vec<_> = line.match_indices("\":").map(|(end, _)| end).take(1).collect();
        assert_eq!(&line[2..keys[0]], "patient", "the first key is the patient");
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        let episode = object["episode"].as_u64().unwrap();
        assert_eq!(object["onset"].is_null(), episode == 0);
        assert_eq!(object["peak"].get("day").is_none(), episode == 0);
    }
}

#[test]
fn explanations_cite_every_fact() {
    let children = children::all(&mut Ledger::counting());
    let graded = || children.iter().flat_map(|c| c.graded.iter().map(|g| (&c.record, g)));
    let policy = Policy::default_1().unwrap();
    let written: Vec<String> = graded()
        .map(|(record, g)| {
            let mut own = scales::by_id(g.scale).map(|scale| ThresholdClock::of(record, scale.pressures(), &policy));
            text(|out| explain::write(out, record, g, own.as_mut(), None))
        })
        .collect();
    golden("explain.txt", &written.join("\n"));
}

#[test]
fn one_instant_shows_one_step() {
    let children = children::all(&mut Ledger::counting());
    let explain = |day| text(|out| explain::write(out, &children[0].record, &children[0].graded[0], None, Some(children::at(day))));
    let told = explain(4.0);
    assert!(told.contains("day 4.00 to 5.50  grade 3") && !told.contains("3.25 to 4.00"), "{told}");
    assert!(explain(7.5).contains("day 6.50 to 7.50"), "the last step holds at its end");
    assert!(explain(12.0).contains("No step covers day 12.00"));
}

#[test]
fn table_is_aligned_and_fits() {
    let children = children::all(&mut Ledger::counting());
    let mut table = Table::new(false);
    for child in &children {
        table.add(&child.record, &child.graded);
    }
    let written = text(|out| table.write(out));
    golden("table.txt", &written);
    let lines: Vec<Vec<char>> = written.lines().take_while(|l| !l.is_empty()).map(|l| l.chars().collect()).collect();
    assert!(lines.iter().all(|l| l.len() <= 120));
    let header: String = lines[0].iter().collect();
    for column in ["scale", "peak", "onset", "days at", "resolved", "notes"] {
        let start = header.find(column).unwrap();
        // The two columns before every heading are blank in every row that reaches it.
        assert!(lines.iter().all(|l| l.get(start - 2..start).is_none_or(|gap| gap == [' ', ' '])), "{column}\n{written}");
    }
}

#[test]
fn colours_come_only_when_asked_for() {
    let children = children::all(&mut Ledger::counting());
    let written = |colour| {
        let mut table = Table::new(colour);
        table.add(&children[0].record, &children[0].graded);
        text(|out| table.write(out))
    };
    assert!(!written(false).contains('\u{1b}'));
    assert_eq!(written(true).replace("\u{1b}[1;31m", "").replace("\u{1b}[0m", ""), written(false));
}
