//! Vignettes: arbitrary Markdown.

use crate::{balance, grading};
use barograph_grading::{Policy, grade, scales};
use barograph_ingest::vignette::parse_stories;
use barograph_record::{Ledger, Record};

const NAME: &str = "x.md";

/// Events above which a story is read but not graded, for speed.
const MOST_GRADED: usize = 500;

/// Reads arbitrary bytes as stories, and grades what they tell.
pub fn run(data: &[u8], policy: &Policy) {
    let mut ledger = Ledger::listing();
    let stories = parse_stories(NAME, data, &mut ledger);
    let records: Vec<Record> = stories.into_iter().map(|story| story.record).collect();
    balance::sums(&records, &ledger);
    balance::each_row_is_one_event(&records, &ledger, NAME);
    for record in records.iter().filter(|r| r.events.len() <= MOST_GRADED) {
        grading::check(&grade(record, policy, scales::ALL.iter().copied()));
    }
}
