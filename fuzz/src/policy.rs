//! Policy files: arbitrary text, and a story graded under what is accepted.

use crate::grading;
use barograph_grading::{Policy, grade, scales};
use barograph_ingest::vignette::parse_stories;
use barograph_record::{Ledger, Record};

/// A story in which every axis moves.
const STORY: &str = "```patient\nage_years: 6\nweight_kg: 20\n```\n```timeline\n\
    0..6 every 6h temperature 37; systolic_bp 100; diastolic_bp 60; spo2 97; oxygen_device room_air\n\
    1.1 temperature 39.2; acetaminophen 200 mg\n1.5 fluid_bolus 20 mL/kg; systolic_bp 62\n\
    2 norepinephrine 0.1 channel=a; oxygen_device nasal_cannula; oxygen_flow 2\n2.3 vasopressin 0.0005; oxygen_device bipap\n\
    2.6 tocilizumab 8 mg/kg; ventilation_indication hypoxia; oxygen_device invasive_ventilation\n\
    3 norepinephrine 0; vasopressin 0; oxygen_device high_flow_nasal_cannula; oxygen_flow 10\n\
    4.1 oxygen_device room_air; encounter end\n5 encounter start; temperature 38.4\n```\n";

/// The story's record.
#[must_use]
pub fn record() -> Record {
    let mut ledger = Ledger::listing();
    let mut stories = parse_stories("story.md", STORY.as_bytes(), &mut ledger);
    assert!(ledger.is_empty(), "{:?}", ledger.entries());
    stories.remove(0).record
}

/// Reads arbitrary bytes as a policy.
pub fn run(data: &[u8], record: &Record) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Policy::from_toml(text) {
        Ok(policy) => grading::check(&grade(record, &policy, scales::ALL.iter().copied())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
