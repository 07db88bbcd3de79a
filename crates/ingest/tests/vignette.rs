//! The vignette reader, on two sound files and defect by defect.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_ingest::vignette::{AdviceState, Onset, Resolution, Step, Story, parse_stories, read_stories};
use barograph_ingest::{Format, Options, read};
use barograph_record::{Age, Instant, Ledger, Reason, Signal, Value};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/vignettes")
}

fn parse(text: &str) -> (Vec<Story>, Ledger) {
    let mut ledger = Ledger::listing();
    let stories = parse_stories("story.md", text.as_bytes(), &mut ledger);
    balanced(&stories, &ledger);
    (stories, ledger)
}

fn noted(ledger: &Ledger) -> Vec<(u32, Reason)> {
    ledger.entries().iter().map(|e| (e.row, e.reason)).collect()
}

/// Every observation is an event or a ledger entry that loses it.
fn balanced(stories: &[Story], ledger: &Ledger) {
    let made: u64 = stories.iter().map(|s| s.record.events.len() as u64).sum();
    let lost = ledger.entries().iter().filter(|e| e.reason.loses_the_row()).count() as u64;
    assert_eq!(ledger.rows().map(|(_, n)| n).sum::<u64>(), made + lost);
}

#[test]
fn a_story_is_read_with_its_lines() {
    let mut ledger = Ledger::listing();
    let stories = read_stories(&fixtures().join("one-vasopressor.md"), &mut ledger).unwrap();
    assert!(ledger.is_empty(), "{:?}", ledger.entries());
    balanced(&stories, &ledger);
    let [story] = &stories[..] else { panic!("one story") };
    assert_eq!(story.title, "Fever, then one vasopressor");
    assert!(story.prose.starts_with("A seven-year-old") && story.prose.ends_with("one vasopressor all the same."), "{}", story.prose);
    let record = &story.record;
    assert_eq!(
        (record.patient.id.as_str(), record.patient.age, record.patient.weight_kg),
        ("one-vasopressor", Age::AtInfusion(7.5), Some(24.0))
    );

    let temperatures: Vec<_> = record.events.iter().filter(|e| e.signal == Signal::Temperature).collect();
    // Every four hours from day 0 to hour 52, then day 2.25 itself.
    assert_eq!(temperatures.len(), 14 + 1 + 2);
    assert_eq!((temperatures[14].at.days(), temperatures[15].value.number()), (2.25, Some(38.611_111_1)));
    assert_eq!(record.texts.get(temperatures[15].detail), "axillary");
    assert_eq!(record.cite(temperatures[15].origin), "one-vasopressor.md:18");

    let rates: Vec<_> = record.events.iter().filter(|e| e.signal == Signal::Norepinephrine).collect();
    assert_eq!(rates.iter().map(|e| e.value.is_running()).collect::<Vec<_>>(), [true, true, false, false]);
    assert_ne!(rates[0].channel, rates[1].channel);
    assert_eq!((rates[1].at.days(), rates[1].known.days(), record.texts.get(rates[1].detail)), (3.5, 3.75, "second bag"));

    let [expected] = &story.expectations[..] else { panic!("one expectation") };
    assert_eq!((expected.line, expected.peak, expected.onset), (27, (3, 3), Some(Onset { day: 2.5, after_day: Some(2.25) })));
    assert_eq!(expected.course, [Step { day: 2.5, grade: (1, 1) }, Step { day: 3.0, grade: (3, 3) }]);
}

#[test]
fn what_plans_should_say_is_read_beside_the_grades() {
    let text = "```patient\nid: a\n```\n```timeline\n1 temperature 39\n```\n```advice\n# at the fever\nasco-2021 at 1: grade-1-support due acetaminophen, 240 mg\n\
                asco-2021 at noon: nothing\n```\n```expect\nastct-2019 episode 1: peak 1-4\n```\n";
    let (stories, ledger) = parse(text);
    let [story] = &stories[..] else { panic!("one story") };
    let [advice] = &story.advice[..] else { panic!("one line of advice: {:?}", story.advice) };
    assert_eq!((advice.line, advice.state, advice.words.len()), (9, AdviceState::Due, 2));
    assert_eq!((story.expectations.len(), story.record.events.len()), (1, 1));
    assert_eq!(noted(&ledger), [(10, Reason::Malformed)]);
}

#[test]
fn a_file_may_hold_several_stories() {
    let stories = read_stories(&fixtures().join("siblings.md"), &mut Ledger::counting()).unwrap();
    let titles: Vec<_> = stories.iter().map(|s| s.title.as_str()).collect();
    assert_eq!(titles, ["Afebrile throughout", "Fever of unknown origin"]);
    assert!(stories[0].prose.contains("The file shows two stories") && stories[0].prose.ends_with("cannot be excluded."));
    assert!(stories[1].prose.is_empty());
    assert_eq!(stories[0].record.patient.years_at(Instant::INFUSION), Some(12.0));
    assert_eq!(stories[0].record.events.len(), 14 * 3 + 1);
    assert_eq!(stories[0].expectations.len(), 2);
    assert_eq!(stories[1].expectations[0].resolved, Some(Resolution::Never));
}

#[test]
fn a_folder_gives_records_in_the_order_of_ids() {
    assert_eq!(Format::detect(&fixtures()).unwrap(), Format::Vignette);
    let mut ids = Vec::new();
    let mut ledger = Ledger::listing();
    read(&fixtures(), Format::Vignette, &Options::default(), &mut ledger, &mut |r| ids.push(r.patient.id)).unwrap();
    assert_eq!(ids, ["one-vasopressor", "sibling-a", "sibling-b"]);
    assert!(ledger.is_empty());
    let options = Options { infusions: Some("infusions.csv".into()), ..Options::default() };
    let error = read(&fixtures(), Format::Vignette, &options, &mut ledger, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("infusion_time"), "{error}");
}

#[test]
fn a_readme_is_passed_over_in_a_folder_and_refused_as_the_input() {
    let folder = std::env::temp_dir().join(format!("barograph-vignette-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let readme = folder.join("README.md");
    fs::write(&readme, "# Stories\n```text\n```\n").unwrap();
    let mut ledger = Ledger::listing();
    let refusal = |path: &Path, ledger: &mut Ledger| read_stories(path, ledger).map(|_| ()).unwrap_err().to_string();
    assert!(refusal(&readme, &mut ledger).contains("README.md: there is no patient block"));
    assert!(refusal(&folder, &mut ledger).contains("no patient block"));
    assert!(refusal(&folder.join("absent.md"), &mut ledger).contains("cannot read"));

    fs::write(folder.join("a.md"), "```patient\nid: p1\n```\n```timeline\n1 crp 20\n```\n").unwrap();
    fs::write(folder.join("b.md"), "```patient\nid: p1\n```\n```timeline\n1 crp 30\n```\n").unwrap();
    let stories = read_stories(&folder, &mut ledger).unwrap();
    assert_eq!((stories.len(), noted(&ledger)), (1, vec![(1, Reason::DuplicatePatient), (5, Reason::DuplicatePatient)]));
    balanced(&stories, &ledger);

    fs::write(&readme, [0xff, 0xfe, b'#', 0]).unwrap();
    assert!(refusal(&folder, &mut ledger).contains("UTF-16"));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn bad_lines_are_noted_and_the_rest_is_used() {
    let text = "```timeline\n1 crp 20\n```\n\
                ```patient\nage_years: 400\nheight\ncolour: blue\nsex: male\nsex: female\n```\n\
                ```timeline\n1 crp\n1 crp 20\nlater crp 20\n1 fever 39\n2 heart_rate 999\n1..2 every 12h crq 3\n```\n\
                ```expect\nastct-2019 peak 3\nastct-2019 episode 1: peak 1\n```\n";
    let (stories, ledger) = parse(text);
    let [story] = &stories[..] else { panic!("one story") };
    assert_eq!((story.record.patient.id.as_str(), story.title.as_str()), ("story", "story"), "the file's name stands for an id");
    assert_eq!(story.record.events.iter().map(|e| e.signal).collect::<Vec<_>>(), [Signal::Crp]);
    assert_eq!(story.expectations.len(), 1);
    assert_eq!(
        noted(&ledger),
        [
            (2, Reason::Malformed),
            (6, Reason::Malformed),
            (7, Reason::FieldIgnored),
            (9, Reason::FieldIgnored),
            (4, Reason::FieldIgnored),
            (12, Reason::Malformed),
            (14, Reason::Malformed),
            (15, Reason::UnmappedConcept),
            (16, Reason::Implausible),
            (17, Reason::UnmappedConcept),
            (17, Reason::UnmappedConcept),
            (17, Reason::UnmappedConcept),
            (20, Reason::Malformed),
        ]
    );
}

#[test]
fn corrections_and_words_are_read_as_in_a_table() {
    let text = "```patient\nid: p1\n```\n```timeline\n1 temperature 39.9\n1 temperature 37.9 Cel corrected by the nurse\n\
                2 death CRS\n3 oxygen_device nasal_cannula left\n```\n";
    let (stories, ledger) = parse(text);
    let record = &stories[0].record;
    assert_eq!(record.events.iter().map(|e| e.value.number()).collect::<Vec<_>>(), [Some(37.9), None, None]);
    assert_eq!(record.texts.get(record.events[0].detail), "by the nurse");
    assert!(matches!(record.events[1].value, Value::Code(_)));
    // A word has no unit, so what stands in its place is noted.
    assert_eq!(noted(&ledger), [(8, Reason::FieldIgnored), (5, Reason::Superseded)]);
}

#[test]
fn a_missing_fence_is_noted() {
    let (stories, ledger) = parse("```patient\nid: p1\n```timeline\n1 crp 20\n");
    assert_eq!(stories[0].record.events.len(), 1);
    assert_eq!(noted(&ledger), [(1, Reason::Malformed), (3, Reason::Malformed)]);
}

#[test]
fn repeated_charting_cannot_fill_the_memory() {
    let lines = "0..30 every 5min crp 20; spo2 98; ferritin 500\n".repeat(1_000);
    let (stories, ledger) = parse(&format!("```patient\n```\n```timeline\n{lines}```\n"));
    assert!(stories[0].record.events.len() < 200_000);
    assert_eq!(ledger.entries().iter().filter(|e| e.reason == Reason::Malformed).count(), 1_000 - 7);
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        "```(patient|timeline|expect|text)?",
        "~~~~? ?(patient|timeline)?",
        "#{1,3} [a-z]{0,4}",
        "(id|age_years|birth_date|infusion_time|weight_kg|x): ?(p[12]|7|-1|2012-06-15|2024-06-15T00:00:00Z)?",
        "-?[0-4](\\.5)? (temperature|norepinephrine|crq|death) (<?[0-9]{1,2}|stopped|x) ?(Cel|-|furlong)? ?(corrected|entered-in-error|channel=a|recorded=[x4])?(; spo2 9[0-9])?",
        "[0-2]\\.\\.[0-4x] every (4h|30min|0h|1x) (crp 20|x)",
        "(astct-2019|lee-2014) episode [0-2]: (peak [0-6];)? ?(onset [0-9] after [0-9x])?(; course [0-9]:[0-9])?",
        ".{0,20}",
    ]
}

proptest! {

    #[test]
    fn any_bytes_are_survived(text in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut ledger = Ledger::listing();
        let text = [b"```patient\n```\n```timeline\n".as_slice(), &text].concat();
        let stories = parse_stories("story.md", &text, &mut ledger);
        balanced(&stories, &ledger);
    }

    #[test]
    fn no_line_vanishes(lines in prop::collection::vec(line(), 0..40)) {
        parse(&lines.join("\n"));
    }

    #[test]
    fn every_line_of_a_timeline_is_counted(lines in prop::collection::vec("[0-9] (crp|crq) [0-9x]{1,2}", 0..20)) {
        let (_, ledger) = parse(&format!("```patient\n```\n```timeline\n{}\n```", lines.join("\n")));
        prop_assert_eq!(ledger.rows().map(|(_, n)| n).sum::<u64>(), lines.len() as u64);
    }
}
