//! The forms that published scores take; each reads its numbers from a file of `knowledge/scores/`.

mod additive;
mod ladder;
mod oxygenation;
mod ratio;
mod weighted;

pub use additive::Additive;
pub use ladder::{Ladder, LadderError};
pub(super) use ladder::{Rung, check, points};
pub use ratio::Ratio;
pub use weighted::Weighted;

use super::options::Options;
use super::sheet::Sheet;
use super::state::walk;
use super::{Bounds, Point, Score};
use barograph_record::{Record, Signal};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::OnceLock;

/// A file of `knowledge/scores/`: what is said of a score, and its numbers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page<T> {
    /// Id of the score.
    pub id: String,
    /// Version of the file.
    pub version: String,
    /// What it is called.
    pub title: String,
    /// Where it was published.
    pub citation: String,
    /// How sure the numbers are: primary, secondary, recalled or derived.
    pub verified: String,
    /// In whom it was derived.
    pub population: String,
    /// What must be said wherever it is shown.
    pub warning: Option<String>,
    /// The numbers.
    pub table: T,
}

/// How a score of one form reads its numbers.
pub(super) trait Form: DeserializeOwned + Default + Send + Sync + 'static {
    /// Signals whose charting changes it.
    fn inputs(&self) -> Vec<Signal>;

    /// Ages in years at which another part of its numbers begins to hold.
    fn ages(&self) -> Vec<f64> {
        Vec::new()
    }

    /// Its value at the sheet's instant.
    fn evaluate(&'static self, sheet: &mut Sheet<'_, '_>) -> Bounds;
}

/// A score that stands in one file of `knowledge/scores/`.
pub struct Published<T: 'static> {
    id: &'static str,
    text: &'static str,
    page: OnceLock<&'static Page<T>>,
}

impl<T> Published<T> {
    pub(super) const fn new(id: &'static str, text: &'static str) -> Self {
        Self { id, text, page: OnceLock::new() }
    }
}

impl<T: DeserializeOwned + Default> Published<T> {
    pub(super) fn page(&self) -> &'static Page<T> {
        // Read once for the life of the program. A test parses every embedded file, so the empty fallback is
        // never reached in a release.
        self.page.get_or_init(|| Box::leak(Box::new(self.parse().unwrap_or_default())))
    }

    pub(super) fn parse(&self) -> Result<Page<T>, toml::de::Error> {
        toml::from_str(self.text)
    }
}

impl<T: Form> Score for Published<T> {
    fn id(&self) -> &str {
        self.id
    }

    fn title(&self) -> &str {
        &self.page().title
    }

    fn citation(&self) -> &str {
        &self.page().citation
    }

    fn verified(&self) -> &str {
        &self.page().verified
    }

    fn population(&self) -> &str {
        &self.page().population
    }

    fn warning(&self) -> Option<&str> {
        self.page().warning.as_deref()
    }

    fn series(&self, record: &Record, options: &Options) -> Vec<Point> {
        let table = &self.page().table;
        walk(record, options, &table.inputs(), &table.ages(), |sheet| table.evaluate(sheet))
    }
}
