//! What must hold of the FHIR reader for any input: it does not panic, and nothing vanishes.

#![allow(clippy::unwrap_used)] // these are tests, helpers included

use barograph_ingest::{Options, read_ndjson};
use barograph_record::{Ledger, Record};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

fn read(bytes: &[u8]) -> (Vec<Record>, Ledger) {
    try_read(bytes).unwrap()
}

/// As [`read`]; `None` where the last line breaks off, for which the file is refused.
fn try_read(bytes: &[u8]) -> Option<(Vec<Record>, Ledger)> {
    let (mut records, mut ledger) = (Vec::new(), Ledger::listing());
    let read = read_ndjson(bytes, "x.ndjson", &Options::default(), &mut ledger, &mut |r| records.push(r));
    assert!(read.as_ref().err().is_none_or(|e| e.to_string().contains("breaks off")), "{read:?}");
    read.is_ok().then_some((records, ledger))
}

/// Rows that an event or a ledger entry speaks of.
fn spoken_for(records: &[Record], ledger: &Ledger) -> BTreeSet<u32> {
    let events = records.iter().flat_map(|r| r.events.iter().map(|e| e.origin.row));
    events.chain(ledger.entries().iter().map(|e| e.row)).collect()
}

const TYPES: &[&str] = &[
    "Patient",
    "Encounter",
    "Observation",
    "MedicationAdministration",
    "MedicationStatement",
    "Medication",
    "Procedure",
    "Condition",
    "Bundle",
    "Device",
];

const FIELDS: &[&str] = &[
    "id",
    "meta",
    "versionId",
    "lastUpdated",
    "status",
    "code",
    "coding",
    "system",
    "display",
    "text",
    "subject",
    "reference",
    "effectiveDateTime",
    "effectivePeriod",
    "start",
    "end",
    "issued",
    "valueQuantity",
    "value",
    "unit",
    "comparator",
    "valueString",
    "valueCodeableConcept",
    "valueInteger",
    "valueBoolean",
    "component",
    "medicationCodeableConcept",
    "medicationReference",
    "contained",
    "dosage",
    "dose",
    "rateQuantity",
    "rateRatio",
    "numerator",
    "denominator",
    "birthDate",
    "deceasedBoolean",
    "deceasedDateTime",
    "class",
    "period",
    "performedDateTime",
    "performedPeriod",
    "usedCode",
    "onsetDateTime",
    "verificationStatus",
    "entry",
    "resource",
    "fullUrl",
    "resourceType",
];

const WORDS: &[&str] = &[
    "",
    "final",
    "completed",
    "in-progress",
    "stopped",
    "entered-in-error",
    "http://loinc.org",
    "8310-5",
    "59408-5",
    "85354-9",
    "26881-3",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "D89.833",
    "IMP",
    "Patient/a",
    "Patient/b",
    "urn:uuid:a",
    "Medication/m",
    "#m",
    "norepinephrine",
    "tocilizumab",
    "tisagenlecleucel",
    "oxygen device",
    "CPAP",
    "Cel",
    "%",
    "mg",
    "ug/kg/min",
    "<",
    ">=",
    "38.5",
    "2024-01-10T00:00:00Z",
    "2024-01-12T08:00:00+02:00",
    "2024-01-12",
    "2016",
    "9999-12-31T23:59:59Z",
    "-9999-01-01T00:00:00Z",
    "é",
    "\u{0}",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(|x| json!(x)),
        any::<i32>().prop_map(Value::from),
        select(WORDS).prop_map(Value::from),
        select(TYPES).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((select(FIELDS), inner), 0..6).prop_map(object),
        ]
    })
}

fn object(fields: Vec<(&'static str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Map<_, _>>())
}

fn any_resource() -> impl Strategy<Value = Value> {
    (select(TYPES), prop::collection::vec((select(FIELDS), any_json()), 0..12)).prop_map(|(kind, fields)| {
        let mut resource = object(fields);
        resource["resourceType"] = kind.into();
        resource
    })
}

/// Resources that are well formed, on few patients, ids and times, so that they meet.
fn sound_resource() -> impl Strategy<Value = Value> {
    let status =
        select(vec!["final", "completed", "in-progress", "stopped", "on-hold", "amended", "entered-in-error", "not-done", "unknown"]);
    let time = select(vec!["2024-01-10T00:00:00Z", "2024-01-11T00:00:00Z", "2024-01-12T06:00:00Z", "2024-01-13", ""]);
    let patient = select(vec!["Patient/a", "urn:uuid:b", "Group/g"]);
    let code = select(vec!["8310-5", "8480-6", "59408-5", "2345-7", "85354-9"]);
    let drug = select(vec!["norepinephrine", "tocilizumab", "tisagenlecleucel", "CPAP", "hemodialysis", "aspirin"]);
    let unit = select(vec!["Cel", "%", "mm[Hg]", "mg", "ug/kg/min", "furlong", ""]);
    let parts = (select(TYPES), 0..4u8, 0..3u8, status, (time.clone(), time), patient, (code, drug), (30.0..120.0f64, unit));
    parts.prop_map(|(kind, id, version, status, (start, end), patient, (code, drug), (value, unit))| {
        let quantity = json!({"value": value, "unit": unit});
        let mut resource = json!({
            "resourceType": kind, "id": format!("{id}"), "meta": {"versionId": version.to_string()}, "status": status,
            "subject": {"reference": patient}, "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": drug},
            "effectiveDateTime": start, "valueQuantity": quantity, "performedPeriod": {"start": start, "end": end},
            "medicationCodeableConcept": {"text": drug}, "class": {"code": "IMP"}, "period": {"start": start, "end": end},
            "birthDate": "2016-03-02", "deceasedBoolean": id == 0,
        });
        if kind == "MedicationAdministration" {
            resource["dosage"] = json!({"dose": quantity, "rateQuantity": quantity});
            if version == 2 {
                resource["effectiveDateTime"] = Value::Null;
                resource["effectivePeriod"] = json!({"start": start, "end": end});
            }
            if id == 3 {
                resource["medicationCodeableConcept"] = Value::Null;
                resource["medicationReference"] = json!({"reference": "Medication/1"});
            }
        }
        resource
    })
}

fn ndjson<'v>(resources: impl Iterator<Item = &'v Value>) -> String {
    resources.map(Value::to_string).collect::<Vec<_>>().join("\n")
}

/// Everything a record says, without the rows it was read from.
fn content(records: &[Record]) -> Vec<String> {
    let event = |r: &Record, e: &barograph_record::Event| {
        format!("{:?} {} {:?} {} {:?}", e.at, e.signal, e.value, e.channel, r.texts.get(e.detail))
    };
    let lines = |r: &Record| {
        let head = std::iter::once(format!("{:?}", r.patient));
        head.chain(r.events.iter().map(|e| event(r, e))).collect::<Vec<_>>()
    };
    records.iter().flat_map(lines).collect()
}

proptest! {

    #[test]
    fn bytes_of_any_kind_are_counted_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let Some((records, ledger)) = try_read(&bytes) else { return Ok(()) };
        let rows: u64 = ledger.rows().map(|(_, n)| n).sum();
        prop_assert!(records.is_empty());
        prop_assert_eq!(rows, ledger.len());
    }

    #[test]
    fn json_of_any_kind_never_panics_and_is_counted(resources in prop::collection::vec(any_resource(), 0..6)) {
        let (_, ledger) = read(ndjson(resources.iter()).as_bytes());
        let rows: u64 = ledger.rows().map(|(_, n)| n).sum();
        let bundles = resources.iter().filter(|r| r["resourceType"] == "Bundle").count();
        prop_assert!(rows >= (resources.len() - bundles) as u64);
    }

    #[test]
    fn damaged_json_never_panics(resource in sound_resource(), at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = resource.to_string().into_bytes();
        let i = at.index(bytes.len());
        if cut { bytes.truncate(i) } else { bytes[i] = with }
        let Some((_, ledger)) = try_read(&bytes) else { return Ok(()) };
        prop_assert!(ledger.rows().map(|(_, n)| n).sum::<u64>() <= 2);
    }

    /// Every line is in an event, in the ledger, or is one of the three that only describe: a patient, a drug, day 0.
    #[test]
    fn every_resource_is_used_or_in_the_ledger(resources in prop::collection::vec(sound_resource(), 0..12)) {
        let (records, ledger) = read(ndjson(resources.iter()).as_bytes());
        prop_assert_eq!(ledger.rows().map(|(_, n)| n).sum::<u64>(), (resources.len() - bundles(&resources)) as u64);
        let spoken = spoken_for(&records, &ledger);
        for (row, resource) in (1u32..).zip(&resources) {
            let describes = match resource["resourceType"].as_str() {
                Some("Patient") => records.iter().any(|r| resource["id"] == r.patient.id.as_str()),
                Some("Medication") => resources.iter().any(|r| r["medicationReference"]["reference"] == "Medication/1"),
                Some("Bundle") => true,
                _ => {
                    // Day 0 may be an administration of a product that another resource names.
                    let product = |r: &serde_json::Value| r.to_string().contains("tisagenlecleucel");
                    let refers = resource["medicationReference"]["reference"] == "Medication/1";
                    let named = product(resource) || (refers && resources.iter().any(|r| r["resourceType"] == "Medication" && product(r)));
                    named && records.iter().any(|r| r.patient.infusion.is_some() && !r.patient.infusion_assumed)
                }
            };
            prop_assert!(spoken.contains(&row) || describes, "row {row}: {resource}");
        }
    }

    #[test]
    fn the_order_of_lines_changes_nothing((resources, shuffled) in prop::collection::vec(sound_resource(), 0..12).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))) {
        let (a, _) = read(ndjson(resources.iter()).as_bytes());
        let (b, _) = read(ndjson(shuffled.iter()).as_bytes());
        prop_assert_eq!(content(&a), content(&b));
    }
}

fn bundles(resources: &[Value]) -> usize {
    resources.iter().filter(|r| r["resourceType"] == "Bundle").count()
}
