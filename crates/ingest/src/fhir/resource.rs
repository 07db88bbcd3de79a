//! One resource: which type it is, and the hand-over to that type's reader.

use super::context::Context;
use super::salvage::{Salvaged, salvage};
use super::{bundle, condition, encounter, medication, observation, patient, procedure};
use barograph_record::Reason;
use serde::Deserialize;
use std::borrow::Cow;

/// Bundles within bundles that are opened; a deeper one is malformed.
const DEEPEST: u8 = 4;

/// Reads one resource, or every resource of a bundle; gives the number of resources met.
pub(super) fn read(text: &str, full_url: &str, depth: u8, cx: &mut Context<'_>) -> u64 {
    let Some(kind) = resource_type(text) else {
        cx.note("resourceType", Reason::Malformed, "not a JSON object with a resourceType");
        return 1;
    };
    match &*kind {
        "Bundle" if depth < DEEPEST => return nested(text, depth, cx),
        "Bundle" => cx.note("entry", Reason::Malformed, "bundles nested too deeply"),
        kind => match typed(kind, text, full_url, cx) {
            Ok(()) => {}
            // A field of another type must not cost the others.
            Err(e) => match salvage(text, |text| parses(kind, text)).filter(|_| e.is_data()) {
                None => cx.note("", Reason::Malformed, &describe(&e)),
                Some(Salvaged { text, strange }) => {
                    for field in strange {
                        cx.note(&field, Reason::FieldIgnored, &format!("{kind}: not of its FHIR type"));
                    }
                    if let Err(e) = typed(kind, &text, full_url, cx) {
                        cx.note("", Reason::Malformed, &describe(&e));
                    }
                }
            },
        },
    }
    1
}

/// Hands a resource over to its type's reader.
fn typed(kind: &str, text: &str, full_url: &str, cx: &mut Context<'_>) -> Result<(), serde_json::Error> {
    match kind {
        "Observation" => with(text, cx, observation::read),
        "MedicationAdministration" => with(text, cx, medication::read_administration),
        "MedicationStatement" => with(text, cx, medication::read_statement),
        "Medication" => with(text, cx, |m, cx| medication::read_medication(m, full_url, cx)),
        "Patient" => with(text, cx, |p, cx| patient::read(p, full_url, cx)),
        "Encounter" => with(text, cx, encounter::read),
        "Procedure" => with(text, cx, procedure::read),
        "Condition" => with(text, cx, condition::read),
        other => {
            cx.note("resourceType", Reason::NotASignal, other);
            Ok(())
        }
    }
}

/// Whether every field that is read is of its type.
fn parses(kind: &str, text: &str) -> bool {
    fn as_a<'t, T: Deserialize<'t>>(text: &'t str) -> bool {
        serde_json::from_str::<T>(text).is_ok()
    }
    match kind {
        "Observation" => as_a::<observation::Observation<'_>>(text),
        "MedicationAdministration" => as_a::<medication::Administration<'_>>(text),
        "MedicationStatement" => as_a::<medication::Statement<'_>>(text),
        "Medication" => as_a::<medication::MedicationResource<'_>>(text),
        "Patient" => as_a::<patient::Patient<'_>>(text),
        "Encounter" => as_a::<encounter::Encounter<'_>>(text),
        "Procedure" => as_a::<procedure::Procedure<'_>>(text),
        "Condition" => as_a::<condition::Condition<'_>>(text),
        _ => true,
    }
}

/// Reads one entry of a bundle.
pub(super) fn read_entry(text: &str, depth: u8, cx: &mut Context<'_>) -> u64 {
    match serde_json::from_str::<bundle::Entry<'_>>(text) {
        Ok(bundle::Entry { full_url, resource: Some(resource) }) => read(resource.get(), &full_url, depth, cx),
        Ok(_) => {
            cx.note("entry.resource", Reason::NotASignal, "entry without a resource");
            1
        }
        Err(e) => {
            cx.note("entry", Reason::Malformed, &describe(&e));
            1
        }
    }
}

fn nested(text: &str, depth: u8, cx: &mut Context<'_>) -> u64 {
    let mut resources = 0;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = bundle::read(&mut deserializer, &mut bundle::Seen::default(), &mut |entry| resources += read_entry(entry, depth + 1, cx));
    if let Err(e) = read.and_then(|()| deserializer.end()) {
        cx.note("entry", Reason::Malformed, &describe(&e));
        resources += 1;
    }
    resources
}

fn with<'t, 'c, T: Deserialize<'t>>(
    text: &'t str,
    cx: &mut Context<'c>,
    read: impl FnOnce(&T, &mut Context<'c>),
) -> Result<(), serde_json::Error> {
    let resource = serde_json::from_str::<T>(text)?;
    read(&resource, cx);
    Ok(())
}

/// What is wrong with a JSON text and where; never what stands there, which may name a patient.
pub(super) fn describe(e: &serde_json::Error) -> String {
    let what = match e.classify() {
        serde_json::error::Category::Data => "a field is not of its FHIR type",
        serde_json::error::Category::Eof => "JSON ends too early",
        serde_json::error::Category::Syntax => "not JSON",
        serde_json::error::Category::Io => "cannot be read",
    };
    format!("{what}, at line {} column {}", e.line(), e.column())
}

/// Any resource, by its type alone.
#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "resourceType")]
    kind: String,
}

/// The resource's type; without parsing the rest where it stands first, as it nearly always does.
fn resource_type(text: &str) -> Option<Cow<'_, str>> {
    let quick = || {
        let mut rest = text;
        for token in ["{", "\"resourceType\"", ":", "\""] {
            rest = rest.trim_start().strip_prefix(token)?;
        }
        let end = memchr::memchr2(b'"', b'\\', rest.as_bytes())?;
        (rest.as_bytes().get(end) == Some(&b'"')).then(|| rest.get(..end)).flatten()
    };
    if let Some(kind) = quick() {
        return Some(Cow::Borrowed(kind));
    }
    serde_json::from_str::<Typed>(text).ok().map(|t| Cow::Owned(t.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_found_wherever_it_stands() {
        for text in [
            r#"{"resourceType":"Patient"}"#,
            r#" { "resourceType" : "Patient", "id": "a"}"#,
            r#"{"id":"a","nested":{"resourceType":"Other"},"resourceType":"Patient"}"#,
            r#"{"resourceType":"P\u0061tient"}"#,
        ] {
            assert_eq!(resource_type(text).as_deref(), Some("Patient"), "{text}");
        }
        for text in ["", "[]", "{", "7", r#"{"id":"a"}"#, r#"{"resourceType":7}"#, r#"{"resourceType":"Pat"#] {
            assert_eq!(resource_type(text), None, "{text}");
        }
    }
}
