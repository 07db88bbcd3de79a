//! Executes the vignettes: every expectation of every story in `vignettes/`.
//!
//! A failure names the story, the expected line and the course found, so that a clinician can tell which of the two is wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_grading::companions::{self, Options};
use barograph_grading::scales::{self, Notes};
use barograph_grading::{Episode, Policy, grade};
use barograph_ingest::vignette::{Expectation, Resolution, Story, read_stories};
use barograph_record::{Instant, Ledger, Reason};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// Days written with two decimals are exact enough.
const TOLERANCE: f64 = 0.005;

/// "Just after", in days: more than the rounding of a day written with four decimals, less than a minute.
const JUST_AFTER: f64 = 0.0002;

fn vignettes() -> Vec<Story> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vignettes");
    let mut ledger = Ledger::listing();
    let stories = read_stories(&folder, &mut ledger).unwrap();
    // A story may tell of charting that was corrected or not given, or of support that could not be read; anything else in the ledger is a slip of its author.
    let told = |reason| {
        use Reason::{EnteredInError, ImplausibleAmount, NotDone, Superseded, Unread};
        matches!(reason, Superseded | EnteredInError | NotDone | Unread | ImplausibleAmount)
    };
    let slips: Vec<_> = ledger.entries().iter().filter(|e| !told(e.reason)).collect();
    assert!(slips.is_empty(), "lines of vignettes that were not understood: {slips:#?}");
    stories
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE
}

/// What one episode does not have of what is expected.
fn misses(expected: &Expectation, found: &Episode) -> Vec<String> {
    let mut misses = Vec::new();
    let peak = (found.peak.grade.floor(), found.peak.grade.ceiling());
    if peak != expected.peak {
        misses.push(format!("peak is {}", found.peak.grade));
    }
    if let Some(onset) = expected.onset {
        let at = found.onset.map(|o| o.at.days());
        let after = found.onset.and_then(|o| o.after).map(Instant::days);
        if !at.is_some_and(|at| near(at, onset.day)) {
            misses.push(format!("onset is {at:?}"));
        }
        if onset.after_day.is_some_and(|day| !after.is_some_and(|after| near(after, day))) {
            misses.push(format!("onset is after {after:?}"));
        }
    }
    let resolved = found.resolved.map(|r| r.at.days());
    let agrees = match expected.resolved {
        None => true,
        Some(Resolution::Never) => resolved.is_none(),
        Some(Resolution::Day(day)) => resolved.is_some_and(|r| near(r, day)),
    };
    if !agrees {
        misses.push(format!("resolved is {resolved:?}"));
    }
    for moment in &expected.course {
        let at = moment.day + JUST_AFTER;
        // The last step has no length where the record ends with what began it.
        let step = found.course.iter().rfind(|s| s.from.days() <= at).filter(|s| at < s.to.days() || s.from == s.to);
        let grade = step.map(|s| s.grade);
        if grade.map(|g| (g.floor(), g.ceiling())) != Some(moment.grade) {
            let grade = grade.map_or("outside the episode".to_owned(), |g| g.to_string());
            misses.push(format!("day {} is {grade}, not {}-{}", moment.day, moment.grade.0, moment.grade.1));
        }
    }
    for note in expected.notes.iter().filter(|n| !found.notes.contains(&n.as_str())) {
        misses.push(format!("the note {note} is missing"));
    }
    let steps = found.course.iter().flat_map(|s| s.unstated.iter());
    let unstated: BTreeSet<String> = steps.chain(found.gaps.iter().flat_map(|g| &g.unstated)).map(|u| u.replace(' ', "-")).collect();
    for axis in expected.unstated.iter().filter(|a| !unstated.contains(*a)) {
        misses.push(format!("{axis} is not listed as unstated"));
    }
    misses
}

fn describe(episodes: &[Episode]) -> String {
    let mut text = String::new();
    for e in episodes {
        let onset = e.onset.map_or(String::new(), |o| {
            let after = o.after.map_or(String::new(), |a| format!(" after {:.4}", a.days()));
            format!("; onset {:.4}{after}", o.at.days())
        });
        let resolved = e.resolved.map_or("never".to_owned(), |r| format!("{:.4}", r.at.days()));
        writeln!(text, "  episode {}: peak {}{onset}; resolved {resolved}; notes {}", e.number, e.peak.grade, e.notes.join(", ")).unwrap();
        for step in &e.course {
            let because: Vec<_> = step.because.iter().map(barograph_grading::Cause::describe).collect();
            let unstated = if step.unstated.is_empty() { String::new() } else { format!("; unstated {}", step.unstated.join(", ")) };
            writeln!(text, "    {:.4}:{}  {}{unstated}", step.from.days(), step.grade, because.join("; ")).unwrap();
        }
    }
    text
}

/// The episodes of a story by a scale, or by a companion over ASTCT 2019.
fn episodes(story: &Story, policy: &Policy, id: &str) -> Option<Vec<Episode>> {
    if let Some(scale) = scales::by_id(id) {
        return Some(grade(&story.record, policy, [scale]).remove(0).episodes);
    }
    let crs = companions::crs(&story.record, policy)?;
    Some(companions::by_id(id)?.grade(&story.record, &crs, &Options::default_1().unwrap()).episodes)
}

/// The lines of one story that are not met, each with the course found.
fn failures(story: &Story, policy: &Policy) -> Vec<String> {
    let id = &story.record.patient.id;
    let file = story.record.files.first().map_or("?", |f| f);
    let mut failures = Vec::new();
    if story.expectations.is_empty() {
        failures.push(format!("{file}: {id} expects nothing"));
    }
    let ids: BTreeSet<&str> = story.expectations.iter().map(|e| e.scale.as_str()).collect();
    // All at once, as they share their axes: one scale must not disturb another.
    let graded = grade(&story.record, policy, scales::ALL.iter().copied());
    for id_of_scale in ids {
        let own = graded.iter().find(|g| g.scale == id_of_scale).map(|g| g.episodes.clone());
        let Some(episodes) = own.or_else(|| episodes(story, policy, id_of_scale)) else {
            failures.push(format!("{file}: {id}: there is no scale {id_of_scale}"));
            continue;
        };
        let expectations: Vec<_> = story.expectations.iter().filter(|e| e.scale == id_of_scale).collect();
        let mut fail = |line: u32, what: &str| {
            failures.push(format!("{file}:{line}: {id} by {id_of_scale}: {what}\n{}", describe(&episodes)));
        };
        for expected in &expectations {
            match episodes.iter().find(|e| e.number == expected.episode) {
                None => fail(expected.line, &format!("there is no episode {}", expected.episode)),
                Some(found) => misses(expected, found).iter().for_each(|miss| fail(expected.line, miss)),
            }
        }
        let last = expectations.last().map_or(0, |e| e.line);
        for found in episodes.iter().filter(|f| expectations.iter().all(|e| e.episode != f.number)) {
            fail(last, &format!("episode {} is not expected", found.number));
        }
    }
    failures
}

#[test]
fn every_story_is_graded_as_its_author_expects() {
    let policy = Policy::default_1().unwrap();
    let failures: Vec<String> = vignettes().iter().flat_map(|story| failures(story, &policy)).collect();
    assert!(failures.is_empty(), "{} expectations are not met\n\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_scale_alone_grades_as_in_company() {
    let policy = Policy::default_1().unwrap();
    for story in vignettes() {
        let together = grade(&story.record, &policy, scales::ALL.iter().copied());
        let alone: Vec<_> = scales::ALL.iter().flat_map(|scale| grade(&story.record, &policy, [*scale])).collect();
        assert_eq!(together, alone, "{}", story.record.patient.id);
    }
}

#[test]
fn every_scale_is_told_in_every_grade() {
    let stories = vignettes();
    for scale in scales::ALL {
        let floors: BTreeSet<u8> =
            stories.iter().flat_map(|s| &s.expectations).filter(|e| e.scale == scale.id()).map(|e| e.peak.0).collect();
        // What CTCAE 4.03 grades is stated, not derived.
        let wanted: &[u8] = if scale.id() == "ctcae-4.03" { &[0, 2, 5] } else { &[0, 1, 2, 3, 4, 5] };
        assert!(wanted.iter().all(|grade| floors.contains(grade)), "{}: {floors:?}", scale.id());
    }
}

#[test]
fn every_story_is_told() {
    for story in vignettes() {
        let id = &story.record.patient.id;
        assert!(story.prose.split_whitespace().count() >= 15, "{id} has too little prose");
        assert!(!story.record.events.is_empty(), "{id} has no timeline");
        assert_ne!(&story.title, id, "{id} has no heading of its own");
    }
}

#[test]
fn every_note_occurs_in_a_story() {
    let told: BTreeSet<String> = vignettes().into_iter().flat_map(|s| s.expectations).flat_map(|e| e.notes).collect();
    let of_scales = Notes::ALL.iter().map(|(_, name, _)| (*name).to_owned());
    let known: BTreeSet<String> = of_scales.chain(companions::NOTES.iter().map(|(name, _)| (*name).to_owned())).collect();
    // The days of a vignette are counted from infusion by their author, so none can be assumed; and doses are scaled
    // only under another policy than the default.
    let untellable = ["infusion-time-assumed", "doses-scaled-to-weight"];
    let untold: Vec<_> = known.difference(&told).filter(|n| !untellable.contains(&n.as_str())).collect();
    assert!(untold.is_empty(), "no vignette expects the notes {untold:?}");
    let unknown: Vec<_> = told.difference(&known).collect();
    assert!(unknown.is_empty(), "vignettes expect notes that do not exist: {unknown:?}");
}

#[test]
fn every_story_that_a_public_grader_answers_otherwise_exists() {
    let table = include_str!("../../../docs/peers.md");
    let stories = vignettes();
    let told: BTreeSet<&str> = stories.iter().map(|s| s.record.patient.id.as_str()).collect();
    let mut named = 0;
    for cells in table.lines().map(|line| line.split('|').collect::<Vec<_>>()).filter(|cells| cells.len() == 8) {
        // The fourth column names the stories.
        for id in cells[4].split('`').skip(1).step_by(2) {
            assert!(told.contains(id), "docs/peers.md names the story {id}, which is not told");
            named += 1;
        }
    }
    assert!(named >= 30, "{named} stories are named");
}
