//! What every resource's reader needs at hand: the maps, the store, the ledger, and the place in the input.

use super::model::{CodeableConcept, Meta, Period, Reference};
use super::store::{Fact, Store, Version};
use crate::concepts::{ConceptMap, Domain, Meaning, Target};
use crate::instant;
use barograph_record::{Code, Ledger, Reason, Signal};

/// The reader's state while one resource is read.
pub(super) struct Context<'c> {
    pub(super) concepts: &'c ConceptMap,
    pub(super) store: &'c mut Store,
    pub(super) ledger: &'c mut Ledger,
    /// Index of the file.
    pub(super) file: u16,
    /// Name of the file, as evidence and ledger give it.
    pub(super) name: &'c str,
    /// One-based line of an NDJSON file, or entry of a bundle.
    pub(super) row: u32,
}

/// A resource that was opened for a subject.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    pub(super) subject: u32,
    /// Index among the subject's sources.
    pub(super) source: u32,
}

impl Context<'_> {
    /// Notes the resource, or a field of it, in the ledger.
    pub(super) fn note(&mut self, field: &str, reason: Reason, what: &str) {
        self.ledger.note(self.name, self.row, field, reason, what);
    }

    /// Finds the subject and registers the resource with it; `None` (with a note) when there is no patient.
    pub(super) fn open(&mut self, kind: &str, id: &str, version: Version, subject: &Reference<'_>) -> Option<Opened> {
        let Some(key) = reference_key(&subject.reference, "Patient") else {
            self.note("subject", Reason::UnknownPatient, kind);
            return None;
        };
        let subject = self.store.subject(key);
        let source = self.store.subjects.get_mut(subject as usize)?.add_source(kind, id, version, self.file, self.row);
        Some(Opened { subject, source })
    }

    /// Adds a fact of an opened resource.
    pub(super) fn add(&mut self, opened: Opened, fact: Fact) {
        self.store.add(opened.subject, Fact { source: opened.source, ..fact });
    }

    /// What a concept stands for: its first mapped code, else its first wording that holds a known name.
    pub(super) fn target(&self, of: Domain, concept: &CodeableConcept<'_>) -> Option<Target> {
        let coded = concept.coding.iter().find_map(|c| self.concepts.code(&c.system, &c.code));
        coded.or_else(|| concept.wordings().find_map(|text| self.concepts.named(of, text))).cloned()
    }

    /// The oxygen device that a concept names: that of its first mapped code, else of its first wording that names one. A wording that
    /// names several, or one that is off, is no device, and returned as it stands.
    pub(super) fn device(&self, concept: &CodeableConcept<'_>) -> Option<Result<Code, String>> {
        let coded = concept.coding.iter().find_map(|c| self.concepts.code(&c.system, &c.code));
        if let Some(target) = coded {
            return oxygen_device(target).map(Ok);
        }
        let text = concept.wordings().find(|text| self.concepts.names_a_device(text))?;
        Some(self.concepts.device(text).ok_or_else(|| text.to_owned()))
    }
}

/// The oxygen device that a target stands for.
pub(super) fn oxygen_device(target: &Target) -> Option<Code> {
    let code = target.value.as_deref().and_then(|value| Code::among(value, Code::DEVICES));
    code.filter(|_| target.meaning == Meaning::Signal(Signal::OxygenDevice))
}

/// A time in milliseconds since 1970; `None` when absent, unreadable or coarser than a time of day.
pub(super) fn moment(text: &str) -> Option<i64> {
    if text.is_empty() { None } else { Some(instant::timestamp(text)?.as_millisecond()) }
}

/// The first of several choices that holds a text.
pub(super) fn first<'t>(choices: &[&'t str]) -> &'t str {
    choices.iter().find(|t| !t.is_empty()).copied().unwrap_or("")
}

/// The end of a period: a moment, or whether one is stated but unusable (unreadable, or before the start).
pub(super) fn end(period: &Period<'_>, start_ms: i64) -> Result<Option<i64>, ()> {
    match (period.end.is_empty(), moment(&period.end)) {
        (true, _) => Ok(None),
        (false, Some(end)) if end >= start_ms => Ok(Some(end)),
        (false, _) => Err(()),
    }
}

/// The version of a resource, with the status deciding among copies that say nothing else.
pub(super) fn version(meta: &Meta<'_>, issued: Option<i64>, status: &str) -> Version {
    let status = match status {
        "entered-in-error" => 4,
        "amended" | "corrected" | "cancelled" => 3,
        "final" | "completed" | "stopped" | "finished" => 2,
        "preliminary" | "in-progress" | "on-hold" => 1,
        _ => 0,
    };
    Version { updated_ms: moment(&meta.last_updated), number: meta.version_id.parse().unwrap_or(0), issued_ms: issued, status }
}

/// The key of a reference to a resource of this type: its id, whatever the server, or a bundle's UUID.
///
/// `Patient/c1`, `https://host/fhir/Patient/c1` and `Patient/c1/_history/2` are all `c1`.
pub(super) fn reference_key<'t>(text: &'t str, kind: &str) -> Option<&'t str> {
    let text = text.trim();
    if let Some(uuid) = text.strip_prefix("urn:uuid:").or_else(|| text.strip_prefix("urn:oid:")) {
        return Some(uuid).filter(|u| !u.is_empty());
    }
    let mut segments = text.split('/');
    segments.find(|s| *s == kind)?;
    segments.next().filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_every_form_name_the_same_patient() {
        for text in ["Patient/c1", "https://h.example/fhir/Patient/c1", "Patient/c1/_history/2", "urn:uuid:c1", " Patient/c1 "] {
            assert_eq!(reference_key(text, "Patient"), Some("c1"), "{text}");
        }
        for text in ["", "#c1", "Group/c1", "Patient/", "urn:uuid:", "c1"] {
            assert_eq!(reference_key(text, "Patient"), None, "{text}");
        }
    }
}
