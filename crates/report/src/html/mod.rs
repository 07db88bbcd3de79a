//! One self-contained page: cohort figures, then each child's course, with the evidence behind every grade.
//!
//! The page holds everything it needs (styles, scripts, data) and forbids itself the network. What a patient's
//! record says is escaped in the markup and, in the data block, cannot close its script.

mod advice;
mod cohort;
mod escape;
mod figure;
mod page;
mod patient;
mod scores;
mod series;

use barograph_grading::Graded;
use barograph_protocols::engine::Change;
use barograph_record::{Instant, Ledger, Record};
use cohort::Cohort;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub use scores::ScoreSeries;

/// A scale or score named on the page.
#[derive(Clone, Debug, Default)]
pub struct ScaleMeta {
    /// Its id; of a scale as in [`Graded::scale`].
    pub id: String,
    /// Its publication, in words.
    pub citation: String,
}

/// What the page says of itself.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// Title of the page; "CRS grading report" when empty.
    pub title: String,
    /// Version of barograph.
    pub version: String,
    /// Name of the policy.
    pub policy: String,
    /// What was read, as the user named it.
    pub input: String,
    /// When the page was made, as text; the crate reads no clock.
    pub made: Option<String>,
    /// The scales that graded the patients.
    pub scales: Vec<ScaleMeta>,
    /// The scores shown beside the grades.
    pub scores: Vec<ScaleMeta>,
}

/// One patient as the page shows it.
#[derive(Clone, Copy, Debug)]
pub struct PatientView<'a> {
    /// The record that was graded.
    pub record: &'a Record,
    /// One result per scale.
    pub graded: &'a [Graded],
    /// Scores over time; those without a value are not shown.
    pub scores: &'a [ScoreSeries],
    /// The child's own systolic threshold (mmHg) from each instant on; empty when none is known.
    pub thresholds: &'a [(Instant, f64)],
    /// Heading beside the id, such as a vignette's title.
    pub title: Option<&'a str>,
    /// A few words on the patient, such as a vignette's story.
    pub story: Option<&'a str>,
    /// What plans made due over time, in time order.
    pub advice: &'a [Change<'a>],
}

impl<'a> PatientView<'a> {
    /// A view of a record and its grades, with nothing added.
    pub fn new(record: &'a Record, graded: &'a [Graded]) -> Self {
        Self { record, graded, scores: &[], thresholds: &[], title: None, story: None, advice: &[] }
    }
}

/// One patient under several treatments: numbers beside each other, in place of the cohort's.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Heading.
    pub title: String,
    /// A few words on what is compared.
    pub text: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// What is told, and a text for each column.
    pub rows: Vec<(String, Vec<String>)>,
    /// A figure, as a whole SVG file.
    pub figure: String,
}

/// What the ledger counted, as the page tells it.
#[derive(Debug, Default)]
struct LedgerCounts {
    rows: u64,
    events: u64,
    /// Rows by reason.
    reasons: BTreeMap<&'static str, u64>,
}

/// The page under construction; it keeps only each patient's compact data.
#[derive(Debug, Default)]
pub struct HtmlReport {
    meta: Meta,
    ledger: Option<LedgerCounts>,
    cohort: Cohort,
    comparison: Option<Comparison>,
    patients: Vec<patient::Entry>,
}

impl HtmlReport {
    /// An empty page.
    pub fn new(meta: Meta) -> Self {
        Self { meta, ..Self::default() }
    }

    /// Adds one patient; patients appear in the order they are added.
    ///
    /// # Errors
    /// When the patient's data cannot be put into JSON, which no finite number or text causes.
    pub fn add(&mut self, view: &PatientView<'_>) -> io::Result<()> {
        self.patients.push(patient::Entry::new(view)?);
        self.cohort.add(view.graded);
        Ok(())
    }

    /// Makes the page one of a patient under several treatments: of these no share is told, as it would be of a cohort.
    pub fn compare(&mut self, comparison: Comparison) {
        self.comparison = Some(comparison);
    }

    /// Tells the page what the ledger counted; call it once everything is read.
    pub fn ledger(&mut self, ledger: &Ledger) {
        let mut reasons = BTreeMap::new();
        for (_, reason, _, n) in ledger.counts() {
            *reasons.entry(reason.name()).or_default() += n;
        }
        self.ledger = Some(LedgerCounts { rows: ledger.rows().map(|(_, n)| n).sum(), events: ledger.events(), reasons });
    }

    /// Writes the page.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        page::write(out, self)
    }
}
