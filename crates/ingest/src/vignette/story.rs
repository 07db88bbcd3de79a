//! From the blocks of a file to its stories.

use super::advice::AdviceExpectation;
use super::expectation::Expectation;
use super::markdown::{Block, Kind, Line, blocks};
use super::timeline::charting;
use crate::csv::observation::WrittenObservation;
use crate::csv::patient::WrittenPatient;
use barograph_record::{Files, Ledger, Reason, Record, RecordBuilder};
use std::collections::BTreeSet;

/// Most observations that one file may stand for, so that a slip in repeated charting cannot fill the memory.
const MOST_OBSERVATIONS: usize = 200_000;

/// One child's story.
#[derive(Clone, Debug)]
pub struct Story {
    /// What was observed.
    pub record: Record,
    /// The nearest heading above the `patient` block, or else the patient's id.
    pub title: String,
    /// The Markdown around the blocks.
    pub prose: String,
    /// What the scales should say, in the order written.
    pub expectations: Vec<Expectation>,
    /// What the plans should say, in the order written.
    pub advice: Vec<AdviceExpectation>,
}

/// A story in the making.
struct Draft {
    /// Absent for a patient described before, whose lines go to the ledger.
    builder: Option<RecordBuilder>,
    title: String,
    prose: String,
    expectations: Vec<Expectation>,
    advice: Vec<AdviceExpectation>,
}

struct Reader<'a, 'l> {
    name: &'a str,
    files: Files,
    ledger: &'l mut Ledger,
    rows: u64,
    budget: usize,
    /// Prose that no story has yet.
    prose: Vec<Line<'a>>,
    drafts: Vec<Draft>,
}

/// Reads the stories of one file. `seen` holds the ids of patients described before, and gains those described here.
pub(super) fn stories(name: &str, bytes: &[u8], seen: &mut BTreeSet<String>, ledger: &mut Ledger) -> Vec<Story> {
    let files: Files = [name.into()].into();
    let mut reader = Reader { name, files, ledger, rows: 0, budget: MOST_OBSERVATIONS, prose: Vec::new(), drafts: Vec::new() };
    for block in blocks(bytes) {
        if block.unclosed {
            reader.lose(block.line, Reason::Malformed, "the block is not closed; its closing fence is missing");
        }
        match block.kind {
            Kind::Prose => reader.prose.extend(block.lines),
            Kind::Patient => reader.patient(&block, seen),
            Kind::Timeline => reader.block(&block, Reader::charting),
            Kind::Expect => reader.block(&block, Reader::expectation),
            Kind::Advice => reader.block(&block, Reader::advice),
        }
    }
    reader.finish()
}

impl<'a> Reader<'a, '_> {
    /// Notes a line that is lost, and counts it as read.
    fn lose(&mut self, line: u32, reason: Reason, what: &str) {
        self.rows += 1;
        self.ledger.note(self.name, line, "", reason, what);
    }

    /// The lines of a block that say something.
    fn data<'b>(&mut self, block: &'b Block<'a>) -> Vec<(u32, &'b str)> {
        let mut out = Vec::with_capacity(block.lines.len());
        for line in &block.lines {
            match line.data() {
                Some("") => {}
                Some(text) => out.push((line.number, text)),
                None => self.lose(line.number, Reason::Malformed, "not UTF-8"),
            }
        }
        out
    }

    /// Begins a story.
    fn patient(&mut self, block: &Block<'a>, seen: &mut BTreeSet<String>) {
        let title = self.begin_prose();
        let mut written = WrittenPatient::default();
        for (number, text) in self.data(block) {
            let Some((key, value)) = text.split_once(':').map(|(key, value)| (key.trim(), value.trim())) else {
                self.lose(number, Reason::Malformed, "a line of a patient block is \"field: value\"");
                continue;
            };
            let field = match key {
                "id" => &mut written.id,
                "birth_date" => &mut written.birth_date,
                "age_years" => &mut written.age_years,
                "sex" => &mut written.sex,
                "weight_kg" => &mut written.weight_kg,
                "height_cm" => &mut written.height_cm,
                "product" => &mut written.product,
                "infusion_time" => &mut written.infusion_time,
                _ => {
                    self.ledger.note(self.name, number, key, Reason::FieldIgnored, "unknown field");
                    continue;
                }
            };
            if field.is_empty() {
                *field = value;
            } else {
                self.ledger.note(self.name, number, key, Reason::FieldIgnored, "stated in an earlier line");
            }
        }
        let default_id = self.default_id();
        if written.id.is_empty() {
            written.id = &default_id;
        }
        let builder = seen.insert(written.id.to_owned()).then(|| {
            let mut ignored = |field: &str, why: &str| self.ledger.note(self.name, block.line, field, Reason::FieldIgnored, why);
            RecordBuilder::new(written.read(None, &mut ignored))
        });
        if builder.is_none() {
            self.lose(block.line, Reason::DuplicatePatient, "a story before has this id");
        }
        let title = title.unwrap_or_else(|| written.id.to_owned());
        self.drafts.push(Draft { builder, title, prose: String::new(), expectations: Vec::new(), advice: Vec::new() });
        self.hand_over_prose();
    }

    /// The file's name, numbered from its second story on.
    fn default_id(&self) -> String {
        let stem = self.name.rsplit_once('.').map_or(self.name, |(stem, _)| stem);
        match self.drafts.len() {
            0 => stem.to_owned(),
            n => format!("{stem}-{}", n + 1),
        }
    }

    /// Closes the last story's prose above the nearest heading and gives that heading's words.
    fn begin_prose(&mut self) -> Option<String> {
        let Some(place) = self.prose.iter().rposition(|line| line.heading.is_some()) else {
            self.hand_over_prose();
            return None;
        };
        if !self.drafts.is_empty() {
            let next = self.prose.split_off(place);
            self.hand_over_prose();
            self.prose = next;
        }
        // With an earlier story the heading is now the first line, else it is where it was found.
        let place = self.prose.iter().rposition(|line| line.heading.is_some())?;
        self.prose.remove(place).heading
    }

    /// Gives the prose read so far to the last story, if there is one.
    fn hand_over_prose(&mut self) {
        let Some(draft) = self.drafts.last_mut() else { return };
        for line in self.prose.drain(..) {
            draft.prose.push_str(&line.text);
            draft.prose.push('\n');
        }
    }

    /// Reads the lines of a block of the last story.
    fn block(&mut self, block: &Block<'a>, read: fn(&mut Self, &mut Draft, u32, &str)) {
        self.hand_over_prose();
        let mut draft = self.drafts.pop();
        for (number, text) in self.data(block) {
            match &mut draft {
                None => self.lose(number, Reason::Malformed, "no patient block stands before"),
                Some(draft) if draft.builder.is_none() => self.lose(number, Reason::DuplicatePatient, "a story before has this id"),
                Some(draft) => read(self, draft, number, text),
            }
        }
        self.drafts.extend(draft);
    }

    fn charting(&mut self, draft: &mut Draft, number: u32, text: &str) {
        let Some(builder) = &mut draft.builder else { return };
        let charting = match charting(text) {
            Ok(charting) => charting,
            Err(problem) => return self.lose(number, Reason::Malformed, problem),
        };
        let count = charting.instants.len() * charting.observations.len();
        let Some(left) = self.budget.checked_sub(count) else {
            return self.lose(number, Reason::Malformed, "more than 200000 observations in one file");
        };
        self.budget = left;
        self.rows += count as u64;
        for &at in &charting.instants {
            for words in &charting.observations {
                let written = WrittenObservation {
                    at,
                    signal: words.signal,
                    value: words.value,
                    unit: words.unit,
                    detail: &words.detail,
                    recorded: words.recorded,
                    channel: words.channel,
                    row: number,
                };
                written.push(builder, &self.files, self.ledger);
            }
        }
    }

    fn expectation(&mut self, draft: &mut Draft, number: u32, text: &str) {
        match Expectation::parse(text) {
            Ok(expectation) => draft.expectations.push(Expectation { line: number, ..expectation }),
            Err(error) => self.lose(number, Reason::Malformed, &error.to_string()),
        }
    }

    fn advice(&mut self, draft: &mut Draft, number: u32, text: &str) {
        match AdviceExpectation::parse(text) {
            Ok(expectation) => draft.advice.push(AdviceExpectation { line: number, ..expectation }),
            Err(error) => self.lose(number, Reason::Malformed, &error.to_string()),
        }
    }

    fn finish(mut self) -> Vec<Story> {
        self.hand_over_prose();
        self.ledger.count_rows(self.name, self.rows);
        let mut stories = Vec::with_capacity(self.drafts.len());
        for draft in self.drafts {
            let Some(builder) = draft.builder else { continue };
            let record = builder.finish(&self.files, self.ledger);
            let prose = draft.prose.trim().to_owned();
            stories.push(Story { record, title: draft.title, prose, expectations: draft.expectations, advice: draft.advice });
        }
        stories
    }
}
