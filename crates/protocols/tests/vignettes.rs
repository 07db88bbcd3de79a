//! Executes the vignettes of the plans: every line of every `advice` block in `vignettes/protocols/`.
//!
//! A failure names the story, the expected line and what the plan said, so that a clinician can tell which of the two is wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_grading::Policy;
use barograph_grading::companions::Options;
use barograph_ingest::vignette::{AdviceExpectation, AdviceState, Story, read_stories};
use barograph_protocols::doses::Rounding;
use barograph_protocols::engine::{Advice, ChangeKind, DoseOption, Engine, Item, Standing, Truth};
use barograph_protocols::library;
use barograph_record::{Instant, Ledger, Reason};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// "At a day", in days: more than the rounding of a day written with four decimals, less than half a minute.
const ROUNDING: f64 = 0.0003;

fn stories() -> Vec<Story> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vignettes/protocols");
    let mut ledger = Ledger::listing();
    let stories = read_stories(&folder, &mut ledger).unwrap();
    let slips: Vec<_> =
        ledger.entries().iter().filter(|e| !matches!(e.reason, Reason::Superseded | Reason::EnteredInError | Reason::NotDone)).collect();
    assert!(slips.is_empty(), "lines of vignettes that were not understood: {slips:#?}");
    stories
}

/// One thing that a plan says: of which rule, where it stands, in which words.
struct Said {
    rule: Option<String>,
    state: AdviceState,
    words: String,
}

fn state(standing: &Standing<'_>) -> AdviceState {
    match standing {
        Standing::Due { .. } => AdviceState::Due,
        Standing::Overdue { .. } => AdviceState::Overdue,
        Standing::Option { .. } => AdviceState::Option,
        Standing::Holds { .. } => AdviceState::Holds,
        Standing::Refused(_) => AdviceState::Refused,
        Standing::Covered(_) => AdviceState::Covered,
        Standing::Done { .. } => AdviceState::Done,
        Standing::Scheduled { .. } => AdviceState::Scheduled,
        Standing::Complete { .. } => AdviceState::Complete,
    }
}

fn dose(option: &DoseOption<'_>) -> String {
    let drug = option.give.drug.name().replace('_', " ");
    let refused = option.refused.as_ref().map_or(String::new(), |r| format!(" (refused: {})", r.id));
    match &option.dose {
        None => format!("{drug}: no dose read{refused}"),
        Some(Err(why)) => format!("{drug}: {why}{refused}"),
        Some(Ok(dose)) => {
            format!("{drug} {}{refused} [{}; {}]", dose.shown(), dose.arithmetic.join("; "), dose.remarks.join("; "))
        }
    }
}

fn words(item: &Item<'_>) -> String {
    let mut text = item.what.clone();
    match &item.standing {
        Standing::Refused(refusal) => write!(text, " | limit {}: {}", refusal.id, refusal.reason).unwrap(),
        Standing::Covered(rule) => write!(text, " | asked for by {}", rule.id).unwrap(),
        _ => {}
    }
    for option in &item.doses {
        write!(text, " | {}", dose(option)).unwrap();
    }
    for (caution, truth) in &item.cautions {
        let sure = if *truth == Truth::Yes { "" } else { " (not excluded)" };
        write!(text, " | caution {}{sure}", caution.id).unwrap();
    }
    for cause in &item.because {
        write!(text, " | because {}", cause.describe()).unwrap();
    }
    text
}

/// What one plan says at a moment, and what changed at it.
fn said(advice: &Advice<'_>, engine: &Engine<'_>, day: f64) -> Vec<Said> {
    let of_rule = |rule: &str, state, words| Said { rule: Some(rule.to_owned()), state, words };
    let of_plan = |state, words: &str| Said { rule: None, state, words: words.to_owned() };
    let mut out: Vec<Said> = advice.items.iter().map(|i| of_rule(&i.rule.id, state(&i.standing), words(i))).collect();
    out.extend(advice.possible.iter().map(|p| of_rule(&p.rule.id, AdviceState::Open, p.chart.join("; "))));
    if advice.applies.truth == Truth::No {
        out.push(of_plan(AdviceState::Outside, &advice.applies.text));
    } else if !advice.applies.text.is_empty() {
        out.push(of_plan(AdviceState::Note, &advice.applies.text));
    }
    out.extend(advice.notes.iter().map(|n| of_plan(AdviceState::Note, n)));
    let changes = engine.clone().finish();
    for change in changes.iter().filter(|c| c.protocol.id == advice.protocol.id && (c.at.days() - day).abs() <= ROUNDING) {
        let (state, words) = match &change.kind {
            ChangeKind::Given { share, .. } => (AdviceState::Given, format!("{} | {}", change.what, share.words())),
            ChangeKind::Lapsed => (AdviceState::Lapsed, change.what.clone()),
            ChangeKind::WithoutRule { .. } => (AdviceState::Unasked, change.what.clone()),
            ChangeKind::AgainstLimit { limit, .. } => (AdviceState::AgainstLimit, format!("{} | limit {limit}", change.what)),
            ChangeKind::Due { .. } | ChangeKind::Overdue | ChangeKind::Untold | ChangeKind::TakenOver { .. } => continue,
        };
        out.push(Said { rule: change.rule.map(|r| r.id.clone()), state, words });
    }
    out
}

/// The story told up to a moment to all the plans that it speaks of.
fn told(story: &Story, day: f64) -> Engine<'static> {
    let named: BTreeSet<&str> = story.advice.iter().map(|e| e.protocol.as_str()).collect();
    let plans: Vec<_> = named.into_iter().map(|id| library::protocol(id).unwrap_or_else(|| panic!("there is no plan {id}"))).collect();
    let (policy, options) = (Policy::default_1().unwrap(), Options::default_1().unwrap());
    let mut engine = Engine::new(&story.record.patient, &policy, &options, Rounding::None, plans).unwrap();
    let moment = Instant::from_days(day + ROUNDING).unwrap();
    for event in story.record.events.iter().take_while(|e| e.at <= moment) {
        engine.push(event, &story.record.texts);
    }
    engine.wait_until(moment);
    engine
}

fn meets(expected: &AdviceExpectation, said: &[Said]) -> bool {
    let of_plan = expected.rule.is_none();
    let holds = |s: &Said, words: &[String]| words.iter().all(|w| s.words.contains(w.as_str()));
    if expected.state == AdviceState::Silent {
        let past = |s: &Said| matches!(s.state, AdviceState::Given | AdviceState::Lapsed);
        return said.iter().all(|s| s.rule != expected.rule || (!of_plan && past(s)) || (of_plan && !holds(s, &expected.words)));
    }
    said.iter().any(|s| s.state == expected.state && (of_plan || s.rule == expected.rule) && holds(s, &expected.words))
}

fn failures(story: &Story) -> Vec<String> {
    let (id, file) = (&story.record.patient.id, story.record.files.first().map_or("?", |f| f));
    let mut failures = Vec::new();
    for expected in &story.advice {
        let plan = library::protocol(&expected.protocol).unwrap_or_else(|| panic!("{file}: there is no plan {}", expected.protocol));
        if let Some(rule) = &expected.rule {
            assert!(plan.rules.iter().any(|r| r.get_ref().id == *rule), "{file}:{}: {} has no rule {rule}", expected.line, plan.id);
        }
        let engine = told(story, expected.day);
        let all = engine.at(Instant::from_days(expected.day + ROUNDING).unwrap());
        let advice = all.iter().find(|a| a.protocol.id == expected.protocol).unwrap();
        let said = said(advice, &engine, expected.day);
        if !meets(expected, &said) {
            let mut text = format!("{file}:{}: {id}: {expected:?}\n  the grade is {}; the plan says:\n", expected.line, advice.grade);
            for s in &said {
                writeln!(text, "    {} {:?} {}", s.rule.as_deref().unwrap_or("plan"), s.state, s.words).unwrap();
            }
            failures.push(text);
        }
    }
    failures
}

#[test]
fn every_plan_advises_as_the_stories_expect() {
    let failures: Vec<String> = stories().iter().flat_map(failures).collect();
    assert!(failures.is_empty(), "{} expectations are not met\n\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_story_is_told() {
    for story in stories() {
        let id = &story.record.patient.id;
        assert!(story.prose.split_whitespace().count() >= 15, "{id} has too little prose");
        assert!(!story.advice.is_empty(), "{id} expects no advice");
        // What scales should say stands in `vignettes/`, where it is executed.
        assert!(story.expectations.is_empty(), "{id} expects grades");
        assert_ne!(&story.title, id, "{id} has no heading of its own");
    }
}

#[test]
fn every_rule_limit_and_caution_has_a_story() {
    let stories = stories();
    let all: Vec<&AdviceExpectation> = stories.iter().flat_map(|s| &s.advice).collect();
    let mut untold = Vec::new();
    for plan in library::protocols() {
        let own: Vec<&AdviceExpectation> = all.iter().copied().filter(|e| e.protocol == plan.id).collect();
        let silent = [AdviceState::Silent, AdviceState::Open];
        for rule in plan.rules.iter().map(|r| &r.get_ref().id) {
            if !own.iter().any(|e| e.rule.as_ref() == Some(rule) && !silent.contains(&e.state)) {
                untold.push(format!("{}: rule {rule}", plan.id));
            }
        }
        let named = |word: &String| own.iter().any(|e| e.words.contains(word));
        let limits = plan.limits.iter().map(|l| format!("limit {}", l.get_ref().id));
        untold.extend(limits.filter(|word| !named(word)).map(|word| format!("{}: {word}", plan.id)));
        let cautions = plan.cautions.iter().map(|c| &c.get_ref().id);
        let untold_cautions = cautions.filter(|id| !named(&format!("caution {id}")) && !named(&format!("limit {id}")));
        untold.extend(untold_cautions.map(|id| format!("{}: caution {id}", plan.id)));
    }
    assert!(untold.is_empty(), "no vignette tells of\n{}", untold.join("\n"));
}
