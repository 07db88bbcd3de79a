//! One patient's record.

use crate::{Event, Origin, Patient, Texts};
use std::sync::Arc;

/// Names of the files a record was read from, shared by all records of one input.
pub type Files = Arc<[Box<str>]>;

/// Everything known about one patient, in time order.
#[derive(Clone, Debug)]
pub struct Record {
    /// Who it is.
    pub patient: Patient,
    /// What happened, ordered by time; within one instant what is worse comes later.
    pub events: Vec<Event>,
    /// Texts that the events point to.
    pub texts: Texts,
    /// Files that the events' origins point to.
    pub files: Files,
}

impl Record {
    /// How a person finds the source of a fact: `events.csv:41`, or `Observation/abc`.
    pub fn cite(&self, origin: Origin) -> String {
        let resource = self.texts.get(origin.resource);
        if !resource.is_empty() {
            return resource.to_owned();
        }
        let file = self.files.get(usize::from(origin.file)).map_or("?", |f| f);
        format!("{file}:{}", origin.row)
    }
}
