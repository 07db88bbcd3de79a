//! How fast Observation NDJSON becomes records, in bytes a second on one core.

use barograph_ingest::{Options, read_ndjson};
use barograph_record::Ledger;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;

/// Code, display, unit and value of what is charted; the last two are in no map.
const CHARTED: &[(&str, &str, &str, f64)] = &[
    ("8310-5", "Body temperature", "Cel", 38.4),
    ("8867-4", "Heart rate", "/min", 131.0),
    ("9279-1", "Respiratory rate", "/min", 28.0),
    ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%", 96.0),
    ("8480-6", "Systolic blood pressure", "mm[Hg]", 88.0),
    ("1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", "mg/dL", 12.5),
    ("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 101.0),
    ("2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 138.0),
];

/// An export of about `rows` kilobytes: 50 children, one Observation a minute each, with what servers add to them.
fn export(rows: usize) -> String {
    let mut out = String::new();
    for child in 0..50 {
        let _ = writeln!(
            out,
            r#"{{"resourceType":"Procedure","id":"cart-{child}","status":"completed","code":{{"text":"tisagenlecleucel infusion"}},"subject":{{"reference":"Patient/child-{child}"}},"performedDateTime":"2024-01-01T00:00:00Z"}}"#
        );
    }
    for row in 0..rows {
        let (code, display, unit, value) = CHARTED[row % CHARTED.len()];
        let (child, minute) = (row % 50, row / 50);
        let (day, hour, minute) = (1 + minute / 1440 % 28, minute / 60 % 24, minute % 60);
        let _ = writeln!(
            out,
            r#"{{"resourceType":"Observation","id":"5f0c9d3e-7a11-4c52-9e60-{row:012}","meta":{{"versionId":"1","lastUpdated":"2024-03-01T04:05:06.789+00:00","profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-vital-signs"]}},"identifier":[{{"use":"official","system":"urn:oid:1.2.840.114350.1.13.0.1.7.2.798268","value":"OBS{row:09}"}}],"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"Vital Signs"}}],"text":"Vital Signs"}}],"code":{{"coding":[{{"system":"urn:oid:1.2.840.114350.1.13.0.1.7.2.707679","code":"{}","display":"FLOWSHEET ROW"}},{{"system":"http://loinc.org","code":"{code}","display":"{display}"}}],"text":"{display}"}},"subject":{{"reference":"Patient/child-{child}","display":"A child"}},"encounter":{{"reference":"Encounter/enc-{child}","display":"Hospital Encounter"}},"effectiveDateTime":"2024-01-{day:02}T{hour:02}:{minute:02}:00+00:00","issued":"2024-01-{day:02}T{hour:02}:{minute:02}:30.000+00:00","performer":[{{"reference":"Practitioner/p-77","display":"A nurse"}}],"valueQuantity":{{"value":{value},"unit":"{unit}","system":"http://unitsofmeasure.org","code":"{unit}"}},"referenceRange":[{{"text":"see chart"}}]}}"#,
            row % 997,
        );
    }
    out
}

fn observations(c: &mut Criterion) {
    let text = export(20_000);
    let mut group = c.benchmark_group("fhir");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.sample_size(20);
    group.bench_function("observation_ndjson", |b| {
        b.iter(|| {
            let mut events = 0;
            let mut ledger = Ledger::counting();
            let read =
                read_ndjson(text.as_bytes(), "Observation.ndjson", &Options::default(), &mut ledger, &mut |r| events += r.events.len());
            assert!(read.is_ok() && events > 10_000);
            events
        });
    });
    group.finish();
}

criterion_group!(benches, observations);
criterion_main!(benches);
