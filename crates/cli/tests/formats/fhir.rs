//! The children as FHIR R4: one Bundle, or a folder of NDJSON.

use crate::child::{Child, Fact, PRODUCT, Standing};
use serde_json::{Value, json};
use std::path::Path;

pub fn bundle(folder: &Path, children: &[Child]) {
    let entries: Vec<Value> = children.iter().flat_map(resources).map(|resource| json!({ "resource": resource })).collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
    std::fs::write(folder.join("export.json"), bundle.to_string()).unwrap();
}

pub fn ndjson(folder: &Path, children: &[Child]) {
    let all: Vec<Value> = children.iter().flat_map(resources).collect();
    for kind in ["Encounter", "MedicationAdministration", "Observation", "Patient"] {
        let lines: String = all.iter().filter(|r| r["resourceType"] == kind).map(|r| format!("{r}\n")).collect();
        std::fs::write(folder.join(format!("{kind}.ndjson")), lines).unwrap();
    }
}

fn resources(child: &Child) -> Vec<Value> {
    let hour_of = |signal, word: &str| child.facts.iter().find(|f| f.signal == signal && f.value == word).map(|f| child.moment(f.hour));
    let mut patient = json!({ "resourceType": "Patient", "id": child.id, "birthDate": child.birth_date, "gender": child.sex });
    if let Some(death) = hour_of("death", "yes") {
        patient["deceasedDateTime"] = json!(death.to_string());
    }
    let mut period = json!({});
    for (key, word) in [("start", "start"), ("end", "end")] {
        if let Some(moment) = hour_of("encounter", word) {
            period[key] = json!(moment.to_string());
        }
    }
    let stay = json!({
        "resourceType": "Encounter", "id": format!("{}-stay", child.id), "status": "finished", "class": { "code": "IMP" },
        "subject": subject(child), "period": period,
    });
    let infusion = administration(child, "cells", PRODUCT, child.infusion.to_string(), json!({}));
    let facts = child.facts.iter().enumerate().filter_map(|(i, fact)| resource(child, i, fact));
    [patient, stay, infusion].into_iter().chain(facts).collect()
}

fn subject(child: &Child) -> Value {
    json!({ "reference": format!("Patient/{}", child.id) })
}

fn resource(child: &Child, i: usize, fact: &Fact) -> Option<Value> {
    let code = match fact.signal {
        "temperature" => loinc("8310-5"),
        "systolic_bp" => loinc("8480-6"),
        "spo2" => loinc("59408-5"),
        "weight" => loinc("29463-7"),
        "oxygen_flow" => loinc("3151-8"),
        "fio2" => loinc("3150-6"),
        "crp" => loinc("1988-5"),
        "il6" => loinc("26881-3"),
        "oxygen_device" => json!({ "text": "Oxygen device" }),
        "encounter" | "death" => return None,
        drug => {
            let moment = child.moment(fact.hour).to_string();
            return Some(administration(child, &format!("{drug}-{i}"), drug, moment, given(fact)));
        }
    };
    // A correction is another version of one resource.
    let id = match fact.standing {
        Standing::Stands => format!("{}-{i}", child.id),
        Standing::Corrects | Standing::Mistaken => format!("{}-{}-versions", child.id, fact.signal),
    };
    let status = if fact.standing == Standing::Corrects { "corrected" } else { "final" };
    let mut out = json!({
        "resourceType": "Observation", "id": id, "status": status, "code": code, "subject": subject(child),
        "effectiveDateTime": child.moment(fact.hour).to_string(),
    });
    if let Some(hour) = fact.recorded {
        out["issued"] = json!(child.moment(hour).to_string());
    }
    match fact.number() {
        Some(x) => out["valueQuantity"] = quantity(fact, x),
        None => out["valueCodeableConcept"] = json!({ "text": fact.value.replace('_', " ") }),
    }
    Some(out)
}

fn loinc(code: &str) -> Value {
    json!({ "coding": [{ "system": "http://loinc.org", "code": code }] })
}

fn quantity(fact: &Fact, x: f64) -> Value {
    let mut out = json!({ "value": x, "unit": fact.unit });
    if let Some(qualifier) = fact.value.get(..1).filter(|c| matches!(*c, "<" | ">")) {
        out["comparator"] = json!(qualifier);
    }
    out
}

/// What an administration says beyond drug and time: the dose, or a charting of an infusion.
fn given(fact: &Fact) -> Value {
    let Some(x) = fact.number() else { return json!({}) };
    if fact.channel.is_empty() {
        return json!({ "dosage": { "dose": quantity(fact, x) } });
    }
    let request = json!({ "reference": format!("MedicationRequest/{}", fact.channel) });
    if x == 0.0 {
        return json!({ "status": "stopped", "request": request });
    }
    json!({ "status": "in-progress", "request": request, "dosage": { "rateQuantity": quantity(fact, x) } })
}

fn administration(child: &Child, id: &str, drug: &str, moment: String, rest: Value) -> Value {
    let mut out = json!({
        "resourceType": "MedicationAdministration", "id": format!("{}-{id}", child.id), "status": "completed",
        "medicationCodeableConcept": { "text": drug }, "subject": subject(child), "effectiveDateTime": moment,
    });
    if let (Some(out), Value::Object(rest)) = (out.as_object_mut(), rest) {
        out.extend(rest);
    }
    out
}
