//! The FHIR reader on an invented child, as a bundle and as a bulk export, and rule by rule.

#![allow(clippy::unwrap_used)] // these are tests, helpers included

use barograph_ingest::{Format, Options, read, read_ndjson};
use barograph_record::{Age, Comparator, Ledger, Reason, Record, Sex, Signal, Value};
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/fhir").join(name)
}

fn read_path(path: &Path, options: &Options) -> (Vec<Record>, Ledger) {
    let (mut records, mut ledger) = (Vec::new(), Ledger::listing());
    read(path, Format::Fhir, options, &mut ledger, &mut |r| records.push(r)).unwrap();
    (records, ledger)
}

fn read_lines(text: &str) -> (Vec<Record>, Ledger) {
    let (mut records, mut ledger) = (Vec::new(), Ledger::listing());
    read_ndjson(text.as_bytes(), "test.ndjson", &Options::default(), &mut ledger, &mut |r| records.push(r)).unwrap();
    (records, ledger)
}

/// The lines with an infusion for patient `c1` before them, and the one record they give.
fn read_child(lines: &[String]) -> (Record, Ledger) {
    let infusion = r#"{"resourceType":"Procedure","id":"cart","status":"completed","code":{"text":"CAR-T infusion"},"subject":{"reference":"Patient/c1"},"performedDateTime":"2024-01-10T00:00:00Z"}"#;
    let (mut records, ledger) = read_lines(&format!("{infusion}\n{}", lines.join("\n")));
    assert_eq!(records.len(), 1);
    (records.remove(0), ledger)
}

fn of(kind: &str, id: &str, rest: &str) -> String {
    format!(r#"{{"resourceType":"{kind}","id":"{id}","subject":{{"reference":"Patient/c1"}},{rest}}}"#)
}

fn temperature(id: &str, rest: &str) -> String {
    let code = r#""code":{"coding":[{"system":"http://loinc.org","code":"8310-5"}]},"effectiveDateTime":"2024-01-12T00:00:00Z""#;
    of("Observation", id, &format!("{code},{rest}"))
}

fn celsius(value: f64) -> String {
    format!(r#""status":"final","valueQuantity":{{"value":{value},"code":"Cel"}}"#)
}

fn administration(id: &str, drug: &str, rest: &str) -> String {
    of("MedicationAdministration", id, &format!(r#""medicationCodeableConcept":{{"text":"{drug}"}},{rest}"#))
}

/// Events in one line each: `signal value @day [detail]`.
fn lines(record: &Record) -> Vec<String> {
    let value = |v: Value| match v {
        Value::Number(x, Comparator::Exact) => x.to_string(),
        Value::Number(x, Comparator::Below) => format!("<{x}"),
        Value::Number(x, Comparator::Above) => format!(">{x}"),
        Value::Code(code) => code.to_string(),
        Value::Unquantified => "some".to_owned(),
        Value::Words => "words".to_owned(),
    };
    let detail = |d: &str| if d.is_empty() { String::new() } else { format!(" [{d}]") };
    let line =
        |e: &barograph_record::Event| format!("{} {} @{:.3}{}", e.signal, value(e.value), e.at.days(), detail(record.texts.get(e.detail)));
    record.events.iter().map(line).collect()
}

fn reasons(ledger: &Ledger) -> Vec<(Reason, &str)> {
    ledger.entries().iter().map(|e| (e.reason, &*e.field)).collect()
}

#[test]
fn a_bundle_and_a_bulk_export_of_one_child_give_the_same_record() {
    let (bundle, bundle_ledger) = read_path(&fixture("bundle.json"), &Options::default());
    let (folder, folder_ledger) = read_path(&fixture("ndjson"), &Options::default());
    assert_eq!((bundle.len(), folder.len()), (1, 1));
    let (a, b) = (&bundle[0], &folder[0]);
    assert_eq!(a.patient, b.patient);
    assert_eq!(lines(a), lines(b));
    let cited = |r: &Record| r.events.iter().map(|e| r.cite(e.origin)).collect::<Vec<_>>();
    assert_eq!(cited(a), cited(b));
    let noted = |ledger: &Ledger| {
        let mut all: Vec<_> = ledger.entries().iter().map(|e| (e.reason, e.what.clone())).collect();
        all.sort();
        all
    };
    assert_eq!(noted(&bundle_ledger), noted(&folder_ledger));
}

#[test]
fn the_child_is_read_in_full() {
    let (records, ledger) = read_path(&fixture("bundle.json"), &Options::default());
    let child = &records[0];
    assert_eq!(child.patient.id, "c1");
    assert_eq!(child.patient.sex, Sex::Female);
    assert_eq!(child.patient.age, Age::Born("2016-03-02".parse().unwrap()));
    assert_eq!(child.patient.product.as_deref(), Some("tisagenlecleucel"));
    assert_eq!(child.patient.infusion, "2024-01-10T10:00:00Z".parse().ok());
    assert!(!child.patient.infusion_assumed);
    assert_eq!(
        lines(child),
        [
            "encounter start @-2.042",
            "weight 25 @-1.083",
            "ferritin >40000 @1.833",
            "temperature 39 @2.000",
            "systolic_bp 72 @2.003",
            "diastolic_bp 38 @2.003",
            "spo2 91 @2.003",
            "oxygen_device nasal_cannula @2.003",
            "oxygen_flow 2 @2.003",
            "fio2 28 @2.003",
            "norepinephrine 0.08 @2.042",
            "reported_grade 3 @2.042 [icd-10-cm D89.833]",
            "tocilizumab 300 @2.083",
            "norepinephrine 0 @2.792",
            "encounter end @14.042",
        ]
    );
    let ferritin = child.events.iter().find(|e| e.signal == Signal::Ferritin).unwrap();
    assert_eq!((ferritin.known - ferritin.at).hours(), 2.5, "known when issued");
    assert_eq!(child.cite(ferritin.origin), "Observation/f1");
    let noted: Vec<_> = ledger.entries().iter().map(|e| (e.reason, &*e.what)).collect();
    assert_eq!(noted, [(Reason::NotASignal, "Claim"), (Reason::UnmappedConcept, "http://loinc.org|2345-7 Glucose")]);
    assert_eq!(ledger.rows().collect::<Vec<_>>(), [("bundle.json", 15)]);
}

#[test]
fn the_order_of_resources_does_not_matter() {
    let mut all: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(fixture("ndjson")).unwrap() {
        all.extend(std::fs::read_to_string(entry.unwrap().path()).unwrap().lines().map(str::to_owned));
    }
    all.sort();
    let (forward, _) = read_lines(&all.join("\n"));
    all.reverse();
    let (backward, _) = read_lines(&all.join("\r\n"));
    assert_eq!(forward[0].patient, backward[0].patient);
    assert_eq!(lines(&forward[0]), lines(&backward[0]));
}

#[test]
fn every_form_of_reference_finds_the_patient() {
    let at = |reference: &str| temperature("t", &celsius(39.0)).replace("Patient/c1", reference);
    for reference in ["Patient/c1", "https://h.example/fhir/Patient/c1", "Patient/c1/_history/3", "urn:uuid:c1"] {
        let (record, _) = read_child(&[at(reference)]);
        assert_eq!(lines(&record), ["temperature 39 @2.000"], "{reference}");
    }
    for reference in ["", "#c1", "Group/c1"] {
        let (record, ledger) = read_child(&[at(reference)]);
        assert!(record.events.is_empty(), "{reference}");
        assert_eq!(reasons(&ledger), [(Reason::UnknownPatient, "subject")], "{reference}");
    }
}

#[test]
fn partial_birth_dates_leave_the_age_unknown() {
    for (date, age) in [("2016", None), ("2016-03", None), ("2016-03-02", Some("2016-03-02")), ("soon", None)] {
        let (record, ledger) = read_child(&[format!(r#"{{"resourceType":"Patient","id":"c1","birthDate":"{date}"}}"#)]);
        assert_eq!(record.patient.age, age.map_or(Age::Unknown, |d| Age::Born(d.parse().unwrap())), "{date}");
        assert_eq!(reasons(&ledger).len(), usize::from(age.is_none()), "{date}");
    }
}

#[test]
fn a_death_is_dated_or_set_at_the_last_charting() {
    let patient = |rest: &str| format!(r#"{{"resourceType":"Patient","id":"c1",{rest}}}"#);
    let fever = temperature("t", &celsius(39.0));
    for (rest, expected, noted) in [
        (r#""deceasedDateTime":"2024-01-13T12:00:00Z""#, Some("death yes @3.500"), 0),
        (r#""deceasedDateTime":"2024-01-13""#, Some("death yes @4.000"), 1),
        (r#""deceasedBoolean":true"#, Some("death yes @2.000 [time not stated]"), 1),
        (r#""deceasedBoolean":false"#, None, 0),
    ] {
        let (record, ledger) = read_child(&[patient(rest), fever.clone()]);
        assert_eq!(lines(&record).get(1).map(String::as_str), expected, "{rest}");
        assert_eq!(ledger.len(), noted, "{rest}");
    }
    // 21:00 in New York is still that day; the day after is a contradiction that the record keeps.
    for (hour, expected) in [("14T02:00:00Z", "death yes @4.083"), ("14T23:00:00Z", "death yes @4.000")] {
        let late = fever.replace("2024-01-12T00:00:00Z", &format!("2024-01-{hour}"));
        let (record, _) = read_child(&[patient(r#""deceasedDateTime":"2024-01-13""#), late]);
        assert!(lines(&record).contains(&expected.to_owned()), "{hour}: {:?}", lines(&record));
    }
}

#[test]
fn day_zero_is_the_first_infusion_else_the_first_admission() {
    let procedure = |id: &str, at: &str, status: &str| {
        let rest = format!(r#""status":"{status}","code":{{"text":"Kymriah infusion"}},"performedDateTime":"{at}""#);
        of("Procedure", id, &rest)
    };
    let stay = |class: &str, at: &str| {
        of("Encounter", at, &format!(r#""status":"finished","class":{{"code":"{class}"}},"period":{{"start":"{at}"}}"#))
    };
    let dose = administration("ma", "tisagenlecleucel suspension", r#""status":"completed","effectiveDateTime":"2024-01-05T00:00:00Z""#);

    let early = procedure("a", "2024-01-02T00:00:00Z", "completed");
    let late = procedure("b", "2024-02-02T00:00:00Z", "in-progress");
    let (records, ledger) = read_lines(&[late.clone(), early].join("\n"));
    assert_eq!(records[0].patient.infusion, "2024-01-02T00:00:00Z".parse().ok());
    assert_eq!(records[0].patient.product.as_deref(), Some("tisagenlecleucel"));
    assert_eq!(reasons(&ledger), [(Reason::FieldIgnored, "performed")]);

    let (records, _) = read_lines(&[late, dose].join("\n"));
    assert_eq!(records[0].patient.infusion, "2024-01-05T00:00:00Z".parse().ok(), "a product given as a drug");

    let stopped = procedure("c", "2024-01-02T00:00:00Z", "stopped");
    let stays = [stay("AMB", "2024-01-01T00:00:00Z"), stay("IMP", "2024-01-04T00:00:00Z"), stay("EMER", "2024-01-03T00:00:00Z")];
    let (records, ledger) = read_lines(&[vec![stopped], stays.into()].concat().join("\n"));
    assert_eq!(records[0].patient.infusion, "2024-01-03T00:00:00Z".parse().ok());
    assert!(records[0].patient.infusion_assumed);
    assert_eq!(lines(&records[0]), ["encounter start @0.000", "encounter start @1.000"]);
    assert_eq!(reasons(&ledger), [(Reason::NotDone, "status"), (Reason::NotASignal, "class")]);

    let (records, ledger) = read_lines(&temperature("t", &celsius(39.0)));
    assert_eq!(records[0].patient.infusion, None);
    assert_eq!(reasons(&ledger), [(Reason::NoInfusionTime, "time")]);
}

#[test]
fn the_list_of_infusions_goes_before_the_record() {
    let folder = std::env::temp_dir().join(format!("barograph-fhir-infusions-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let list = folder.join("infusions.csv");
    std::fs::write(&list, "patient,infusion_time,product\nc1,2024-01-11T10:00:00Z,study product\nc1,2024-01-12T10:00:00Z,\nzz,2024-01-11T10:00:00Z,\nc3,monday,\n")
        .unwrap();
    let options = Options { infusions: Some(list), concepts: None };
    let (records, ledger) = read_path(&fixture("ndjson"), &options);
    assert_eq!(records[0].patient.infusion, "2024-01-11T10:00:00Z".parse().ok());
    assert_eq!(records[0].patient.product.as_deref(), Some("study product"));
    let noted: Vec<_> = ledger.entries().iter().filter(|e| &*e.file == "infusions.csv").map(|e| (e.reason, e.row)).collect();
    assert_eq!(noted, [(Reason::DuplicatePatient, 3), (Reason::Time, 5), (Reason::UnknownPatient, 4)]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn statuses_decide_whether_an_observation_counts() {
    for (status, event, reason) in [
        ("final", true, None),
        ("preliminary", true, None),
        ("amended", true, None),
        ("corrected", true, None),
        ("unknown", true, Some(Reason::FieldIgnored)),
        ("registered", false, Some(Reason::NotDone)),
        ("cancelled", false, Some(Reason::NotDone)),
        ("entered-in-error", false, Some(Reason::EnteredInError)),
    ] {
        let (record, ledger) = read_child(&[temperature("t", &celsius(39.0).replace("final", status))]);
        assert_eq!(record.events.len(), usize::from(event), "{status}");
        assert_eq!(reasons(&ledger), reason.map(|r| (r, "status")).into_iter().collect::<Vec<_>>(), "{status}");
    }
}

#[test]
fn a_later_version_replaces_an_earlier_one_in_any_order() {
    let version = |meta: &str, value: f64| temperature("t", &format!(r#"{},"meta":{{{meta}}}"#, celsius(value)));
    let by_number = [version(r#""versionId":"2""#, 37.5), version(r#""versionId":"10""#, 38.5)];
    let updated = |at: &str| format!(r#""versionId":"1","lastUpdated":"{at}""#);
    let by_time = [version(&updated("2024-01-12T01:00:00Z"), 37.5), version(&updated("2024-01-12T02:00:00Z"), 38.5)];
    let by_status = [version("", 37.5), version("", 38.5).replace("final", "amended")];
    for [old, new] in [by_number, by_time, by_status] {
        for rows in [[old.clone(), new.clone()], [new, old]] {
            let (record, ledger) = read_child(&rows);
            assert_eq!(lines(&record), ["temperature 38.5 @2.000"]);
            assert_eq!(reasons(&ledger), [(Reason::Superseded, "meta")]);
        }
    }
    let withdrawn = version(r#""versionId":"2""#, 38.5).replace("final", "entered-in-error");
    let (record, ledger) = read_child(&[withdrawn, version(r#""versionId":"1""#, 38.5)]);
    assert!(record.events.is_empty());
    assert_eq!(reasons(&ledger), [(Reason::EnteredInError, "status"), (Reason::Superseded, "meta")]);
}

#[test]
fn values_of_every_type_are_read_and_units_never_guessed() {
    let il6 = |rest: &str| temperature("t", rest).replace("8310-5", "26881-3");
    for (row, expected) in [
        (temperature("t", r#""status":"final","valueString":"38.4 Cel""#), Ok("temperature 38.4 @2.000")),
        (il6(r#""status":"final","valueString":"<2.5 pg/mL""#), Ok("il6 <2.5 @2.000")),
        (il6(r#""status":"final","valueString":"<LLOQ""#), Ok("il6 some @2.000 [<LLOQ]")),
        (il6(r#""status":"final","valueQuantity":{"value":5,"comparator":">=","unit":"ng/L","code":"??"}"#), Ok("il6 >5 @2.000")),
        (temperature("t", r#""status":"final","valueInteger":7"#).replace("8310-5", "9269-2"), Ok("gcs 7 @2.000")),
        (temperature("t", r#""status":"final","valueQuantity":{"value":"38.5","unit":"Cel"}"#), Ok("temperature 38.5 @2.000")),
        (temperature("t", r#""status":"final","valueInteger":39"#), Err(Reason::Unread)),
        (temperature("t", r#""status":"final","valueQuantity":{"value":39}"#), Err(Reason::Unread)),
        (temperature("t", r#""status":"final","valueQuantity":{"value":39,"code":"furlong"}"#), Err(Reason::Unread)),
        (temperature("t", r#""status":"final","valueQuantity":{"value":99,"code":"Cel"}"#), Err(Reason::Unread)),
        (temperature("t", r#""status":"final","valueQuantity":{"unit":"Cel"}"#), Err(Reason::MissingValue)),
        (temperature("t", r#""status":"final","valueString":"38,5""#), Err(Reason::Unread)),
        (temperature("t", r#""status":"final","valueBoolean":true"#), Err(Reason::Value)),
        (temperature("t", r#""status":"final""#), Err(Reason::MissingValue)),
        (temperature("t", r#""status":"final","dataAbsentReason":{"text":"refused"}"#), Err(Reason::MissingValue)),
        (temperature("t", &celsius(39.0)).replace("2024-01-12T00:00:00Z", "2024-01-12"), Err(Reason::Time)),
    ] {
        let (record, ledger) = read_child(std::slice::from_ref(&row));
        match expected {
            Ok(line) => assert_eq!(lines(&record), [line], "{row}"),
            Err(reason) => {
                // A vital sign that cannot be read is kept as such, so that the one before it does not stand.
                let kept = record.events.iter().map(|e| e.value).collect::<Vec<_>>();
                assert_eq!(kept, if reason == Reason::Unread { vec![Value::Unquantified] } else { vec![] }, "{row}");
                assert_eq!(reasons(&ledger).iter().map(|r| r.0).collect::<Vec<_>>(), [reason], "{row}");
            }
        }
    }
}

#[test]
fn devices_are_read_from_codes_and_words() {
    let device = |value: &str| {
        of(
            "Observation",
            "d",
            &format!(r#""status":"final","code":{{"text":"O2 Delivery Device"}},"effectiveInstant":"2024-01-12T00:00:00Z",{value}"#),
        )
    };
    let coded =
        |code: &str| device(&format!(r#""valueCodeableConcept":{{"coding":[{{"system":"http://snomed.info/sct","code":"{code}"}}]}}"#));
    for (row, expected) in [
        (coded("426854004"), Some("high_flow_nasal_cannula")),
        (coded("427591007"), Some("non_rebreather")),
        (coded("1"), None),
        (device(r#""valueString":"Non-rebreather mask""#), Some("non_rebreather")),
        (device(r#""valueCodeableConcept":{"text":"BiPAP"}"#), Some("bipap")),
        (device(r#""valueCodeableConcept":{"text":"wall"}"#), None),
    ] {
        let (record, ledger) = read_child(std::slice::from_ref(&row));
        let found: Vec<_> = record.events.iter().filter_map(|e| e.value.code()).map(barograph_record::Code::name).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{row}");
        assert_eq!(ledger.len(), u64::from(expected.is_none()), "{row}");
        // A device that is not known still ends the one before it.
        assert_eq!(record.events.len(), 1, "{row}");
        assert!(reasons(&ledger).iter().all(|(reason, _)| *reason == Reason::Unread), "{row}");
    }
    // A flow without a unit is not guessed at, and a device without a value says nothing.
    let flow = of(
        "Observation",
        "f",
        r#""status":"final","code":{"coding":[{"system":"http://loinc.org","code":"3151-8"}]},"effectiveInstant":"2024-01-12T00:00:00Z","valueQuantity":{"value":8}"#,
    );
    let (record, ledger) = read_child(&[flow, device(r#""dataAbsentReason":{"text":"unknown"}"#)]);
    assert_eq!(lines(&record), ["oxygen_flow some @2.000 [oxygen_flow without a unit]"]);
    assert_eq!(ledger.entries().iter().map(|e| e.reason).collect::<Vec<_>>(), [Reason::MissingValue, Reason::Unread]);
}

#[test]
fn an_infusion_starts_and_stops_in_its_own_channel() {
    let period = r#""effectivePeriod":{"start":"2024-01-11T00:00:00Z","end":"2024-01-12T00:00:00Z"}"#;
    let rate = |v: f64, u: &str| format!(r#""dosage":{{"rateQuantity":{{"value":{v},"code":"{u}"}}}}"#);
    let row = |rest: &str| administration("n", "Levophed", rest);
    for (rest, expected, noted) in [
        (
            format!(r#""status":"completed",{period},{}"#, rate(0.1, "ug/kg/min")),
            vec!["norepinephrine 0.1 @1.000", "norepinephrine 0 @2.000"],
            0,
        ),
        (format!(r#""status":"completed",{period}"#), vec!["norepinephrine some @1.000", "norepinephrine 0 @2.000"], 0),
        (
            format!(r#""status":"completed",{period},{}"#, rate(3.0, "mL/h")),
            vec!["norepinephrine some @1.000", "norepinephrine 0 @2.000"],
            1,
        ),
        (
            format!(r#""status":"completed",{period},"dosage":{{"dose":{{"value":144,"unit":"ug/kg"}}}}"#),
            vec!["norepinephrine 0.1 @1.000", "norepinephrine 0 @2.000"],
            0,
        ),
        (
            format!(
                r#""status":"completed",{period},"dosage":{{"rateRatio":{{"numerator":{{"value":12,"unit":"ug/kg"}},"denominator":{{"value":2,"unit":"h"}}}}}}"#
            ),
            vec!["norepinephrine 0.1 @1.000", "norepinephrine 0 @2.000"],
            0,
        ),
        (r#""status":"in-progress","effectivePeriod":{"start":"2024-01-11T00:00:00Z"}"#.to_owned(), vec!["norepinephrine some @1.000"], 0),
        (r#""status":"stopped","effectivePeriod":{"start":"2024-01-11T00:00:00Z"}"#.to_owned(), vec!["norepinephrine some @1.000"], 1),
        (r#""status":"stopped","effectiveDateTime":"2024-01-11T00:00:00Z""#.to_owned(), vec!["norepinephrine 0 @1.000"], 0),
        (
            r#""status":"completed","effectivePeriod":{"start":"2024-01-11T00:00:00Z","end":"2023-01-11T00:00:00Z"}"#.to_owned(),
            vec!["norepinephrine some @1.000"],
            2,
        ),
        (format!(r#""status":"not-done",{period}"#), vec![], 1),
        (format!(r#""status":"entered-in-error",{period}"#), vec![], 1),
    ] {
        let (record, ledger) = read_child(&[row(&rest)]);
        assert_eq!(lines(&record), expected, "{rest}");
        assert_eq!(ledger.len(), noted, "{rest}: {:?}", ledger.entries());
    }
    let two = [
        row(&format!(r#""status":"completed",{period}"#)),
        row(&format!(r#""status":"completed",{period}"#)).replace(r#""id":"n""#, r#""id":"m""#),
    ];
    let (record, _) = read_child(&two);
    assert_eq!(record.events.len(), 4, "parallel infusions are not duplicates");
    assert_ne!(record.events[0].channel, record.events[1].channel);
}

#[test]
fn a_small_dose_of_a_vasopressor_at_once_is_a_push_and_a_bag_is_none() {
    let at = r#""effectiveDateTime":"2024-01-11T00:00:00Z""#;
    let two_minutes = r#""effectivePeriod":{"start":"2024-01-11T00:00:00Z","end":"2024-01-11T00:02:00Z"}"#;
    let push = vec!["vasopressor_push phenylephrine @1.000 [60 ug]"];
    let runs = vec!["phenylephrine some @1.000"];
    for (status, when, dosage, expected, noted) in [
        ("completed", at, r#""dose":{"value":60,"unit":"ug"}"#, push.clone(), 0),
        ("completed", two_minutes, r#""dose":{"value":60,"unit":"ug"}"#, push.clone(), 0),
        ("stopped", at, r#""dose":{"value":60,"unit":"ug"}"#, push, 0),
        ("completed", at, r#""dose":{"value":3,"unit":"ug/kg"}"#, vec!["vasopressor_push phenylephrine @1.000 [3 ug/kg]"], 0),
        // A bag, an amount that is none of the drug, what is still in progress, and a rate: infusions.
        ("completed", at, r#""dose":{"value":10,"unit":"mg"}"#, runs.clone(), 1),
        ("completed", at, r#""dose":{"value":5,"unit":"mL"}"#, runs.clone(), 1),
        ("in-progress", at, r#""dose":{"value":60,"unit":"ug"}"#, runs, 1),
        (
            "completed",
            at,
            r#""dose":{"value":60,"unit":"ug"},"rateQuantity":{"value":0.5,"code":"ug/kg/min"}"#,
            vec!["phenylephrine 0.5 @1.000"],
            0,
        ),
        ("completed", at, r#""dose":{"value":60,"unit":"ug"},"route":{"text":"Intramuscular"}"#, vec![], 1),
    ] {
        let row = administration("p", "phenylephrine", &format!(r#""status":"{status}",{when},"dosage":{{{dosage}}}"#));
        let (record, ledger) = read_child(std::slice::from_ref(&row));
        assert_eq!(lines(&record), expected, "{row}");
        assert_eq!(ledger.len(), noted, "{row}: {:?}", ledger.entries());
    }
}

#[test]
fn a_mistyped_field_does_not_cost_the_rest_of_a_resource() {
    let when = r#""status":"completed","effectiveDateTime":"2024-01-11T00:00:00Z""#;
    let period = r#""status":"completed","effectivePeriod":{"start":"2024-01-11T00:00:00Z","end":"2024-01-12T00:00:00Z"}"#;
    let runs = vec!["norepinephrine some @1.000", "norepinephrine 0 @2.000"];
    for (row, expected, noted) in [
        // Amounts that are none: running, or given, in an amount that is not known.
        (
            administration("n", "norepinephrine", &format!(r#"{period},"dosage":{{"rateQuantity":{{"value":"0,1","code":"ug/kg/min"}}}}"#)),
            runs.clone(),
            vec!["dosage.rate"],
        ),
        (
            administration("n", "norepinephrine", &format!(r#"{period},"dosage":{{"rateQuantity":{{"value":true,"code":"ug/kg/min"}}}}"#)),
            runs.clone(),
            vec!["dosage.rateQuantity.value"],
        ),
        (
            administration("n", "norepinephrine", &format!(r#"{period},"dosage":{{"rateQuantity":"0.1 ug/kg/min"}}"#)),
            runs.clone(),
            vec!["dosage.rateQuantity", "dosage.rate"],
        ),
        (administration("n", "norepinephrine", &format!(r#"{period},"dosage":"as ordered""#)), runs, vec!["dosage"]),
        (
            administration("d", "tocilizumab", &format!(r#"{when},"dosage":{{"dose":{{"value":"240 mg"}}}}"#)),
            vec!["tocilizumab some @1.000"],
            vec!["dosage.dose"],
        ),
        // Other shapes of the same thing.
        (
            administration("d", "tocilizumab", &format!(r#"{when},"dosage":[{{"dose":{{"value":240,"unit":"mg"}}}}]"#)),
            vec!["tocilizumab 240 @1.000"],
            vec![],
        ),
        (
            of("MedicationAdministration", "d", &format!(r#"{when},"medicationCodeableConcept":"tocilizumab""#)),
            vec!["tocilizumab some @1.000"],
            vec!["medicationCodeableConcept"],
        ),
        (
            of("MedicationAdministration", "d", &format!(r#"{when},"medicationCodeableConcept":{{"coding":{{"display":"tocilizumab"}}}}"#)),
            vec!["tocilizumab some @1.000"],
            vec!["medicationCodeableConcept.coding"],
        ),
        // A route or an end that is none leaves the rest.
        (
            administration("d", "tocilizumab", &format!(r#"{when},"dosage":{{"route":7,"dose":{{"value":240,"unit":"mg"}}}}"#)),
            vec!["tocilizumab 240 @1.000"],
            vec!["dosage.route"],
        ),
        // A vital sign that was taken.
        (
            of(
                "Observation",
                "t",
                r#""status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8310-5"}]},"effectiveDateTime":"2024-01-11T00:00:00Z","valueQuantity":{"value":"38,9","code":"Cel"}"#,
            ),
            vec!["temperature some @1.000 [temperature: not a number]"],
            vec!["value"],
        ),
    ] {
        let (record, ledger) = read_child(std::slice::from_ref(&row));
        assert_eq!(lines(&record), expected, "{row}");
        assert_eq!(ledger.entries().iter().map(|e| &*e.field).collect::<Vec<_>>(), noted, "{row}");
        assert!(ledger.entries().iter().all(|e| !e.reason.loses_the_row()), "{row}");
    }
    // A field that is given twice says two things.
    let twice = administration("n", "norepinephrine", &format!(r#"{period},"dosage":{{}},"dosage":{{}}"#));
    let (record, ledger) = read_child(&[twice]);
    assert_eq!((record.events.len(), reasons(&ledger)), (0, vec![(Reason::Malformed, "")]));
}

#[test]
fn chartings_of_one_order_share_a_channel() {
    let at = |id: &str, time: &str, rate: f64| {
        let rest = r#""status":"completed","request":{"reference":"MedicationRequest/r"}"#;
        let dosage = format!(r#""dosage":{{"rateQuantity":{{"value":{rate},"code":"ug/kg/min"}}}}"#);
        administration(id, "norepinephrine", &format!(r#"{rest},"effectiveDateTime":"{time}",{dosage}"#))
    };
    let (record, _) = read_child(&[at("a", "2024-01-11T00:00:00Z", 0.1), at("b", "2024-01-12T00:00:00Z", 0.0)]);
    assert_eq!(lines(&record), ["norepinephrine 0.1 @1.000", "norepinephrine 0 @2.000"]);
    assert_eq!(record.events[0].channel, record.events[1].channel);
    assert_ne!(record.events[0].channel, 0);
}

#[test]
fn doses_are_kept_even_where_the_amount_is_not_understood() {
    let row = |drug: &str, dosage: &str| {
        administration("d", drug, &format!(r#""status":"completed","effectiveDateTime":"2024-01-11T00:00:00Z","dosage":{{{dosage}}}"#))
    };
    for (row, expected, noted) in [
        (row("Actemra", r#""dose":{"value":300,"unit":"mg"}"#), vec!["tocilizumab 300 @1.000"], 0),
        (row("acetaminophen", r#""dose":{"value":1,"unit":"tablet"}"#), vec!["acetaminophen some @1.000"], 1),
        (row("dexamethasone", ""), vec!["dexamethasone some @1.000"], 0),
        (row("hydrocortisone 1% cream", ""), vec![], 1),
        (row("dexamethasone", r#""route":{"text":"Ophthalmic"}"#), vec![], 1),
        (row("cefepime", ""), vec![], 1),
    ] {
        let (record, ledger) = read_child(std::slice::from_ref(&row));
        assert_eq!(lines(&record), expected, "{row}");
        assert_eq!(ledger.len(), noted, "{row}: {:?}", ledger.entries());
    }
}

#[test]
fn drugs_may_be_contained_referred_to_or_unknown() {
    let row = |rest: &str| {
        of("MedicationAdministration", "d", &format!(r#""status":"completed","effectiveDateTime":"2024-01-11T00:00:00Z",{rest}"#))
    };
    let contained = row(
        r##""medicationReference":{"reference":"#m"},"contained":[{"resourceType":"Medication","id":"m","code":{"text":"anakinra"}}]"##,
    );
    let referred = row(r#""medicationReference":{"reference":"https://h.example/fhir/Medication/m"}"#);
    let medication = r#"{"resourceType":"Medication","id":"m","code":{"text":"anakinra"}}"#.to_owned();
    for rows in [vec![contained], vec![referred.clone(), medication.clone()], vec![medication.clone(), referred.clone()]] {
        let (record, ledger) = read_child(&rows);
        assert_eq!(lines(&record), ["anakinra some @1.000"]);
        assert!(ledger.is_empty());
    }
    let (record, ledger) = read_child(&[referred]);
    assert!(record.events.is_empty());
    assert_eq!(reasons(&ledger), [(Reason::UnmappedConcept, "medicationReference")]);
    let (_, ledger) = read_child(&[medication]);
    assert_eq!(reasons(&ledger), [(Reason::NotASignal, "")], "a drug that nobody was given");
}

#[test]
fn statements_count_as_given() {
    let row = |status: &str| {
        let dosage = r#""dosage":[{"doseAndRate":[{"doseQuantity":{"value":10,"unit":"mg"}}]}]"#;
        of(
            "MedicationStatement",
            "s",
            &format!(
                r#""status":"{status}","medicationCodeableConcept":{{"text":"prednisone"}},"effectiveDateTime":"2024-01-11T00:00:00Z",{dosage}"#
            ),
        )
    };
    for (status, expected) in [("active", 1), ("completed", 1), ("intended", 0), ("entered-in-error", 0), ("stopped", 0)] {
        let (record, ledger) = read_child(&[row(status)]);
        assert_eq!(record.events.len(), expected, "{status}");
        assert_eq!(ledger.len(), 1 - expected as u64, "{status}");
    }
}

#[test]
fn procedures_give_support_and_dialysis() {
    let row = |code: &str, rest: &str| {
        of(
            "Procedure",
            "p",
            &format!(r#""status":"completed","code":{{"text":"{code}"}},"performedPeriod":{{"start":"2024-01-11T00:00:00Z"{rest}}}"#),
        )
    };
    let until = r#","end":"2024-01-12T00:00:00Z""#;
    let used = |code: &str, device: &str| {
        let codes = format!(r#""code":{{"text":"{code}"}},"usedCode":[{{"text":"{device}"}}]"#);
        of("Procedure", "p", &format!(r#""status":"completed",{codes},"performedDateTime":"2024-01-11T00:00:00Z""#))
    };
    for (row, expected, noted) in [
        (row("Endotracheal intubation", ""), vec!["oxygen_device invasive_ventilation @1.000"], 0),
        (row("CPAP", until), vec!["oxygen_device cpap @1.000"], 1),
        (row("Hemodialysis", until), vec!["dialysis yes @1.000", "dialysis no @2.000"], 0),
        (row("Appendectomy", ""), vec![], 1),
        (row("CPAP", "").replace("completed", "not-done"), vec![], 1),
        // One text that names two devices, or one that is off, names none: the axis opens.
        (row("High flow nasal cannula, then CPAP", ""), vec!["oxygen_device some @1.000 [High flow nasal cannula, then CPAP]"], 1),
        (used("Oxygen therapy", "NC to HFNC"), vec!["oxygen_device some @1.000 [NC to HFNC]"], 1),
        (used("CPAP", "ventilator off"), vec!["oxygen_device some @1.000 [ventilator off]"], 1),
        // Texts that stand apart are read apart, and the most support stands.
        (used("Noninvasive respiratory support", "HFNC"), vec!["oxygen_device high_flow_nasal_cannula @1.000"], 0),
        (used("Mechanical ventilation", "nasal cannula"), vec!["oxygen_device invasive_ventilation @1.000"], 0),
        (used("Hemodialysis", "nasal cannula"), vec!["dialysis yes @1.000"], 0),
    ] {
        let (record, ledger) = read_child(std::slice::from_ref(&row));
        assert_eq!(lines(&record), expected, "{row}");
        assert_eq!(ledger.len(), noted, "{row}");
    }
    let coded = r#""status":"completed","performedDateTime":"2024-01-11T00:00:00Z","code":{"coding":[{"system":"http://snomed.info/sct","code":"371907003"}]},"usedCode":[{"coding":[{"system":"http://snomed.info/sct","code":"426854004"}]}]"#;
    let (record, _) = read_child(&[of("Procedure", "p", coded)]);
    assert_eq!(lines(&record), ["oxygen_device high_flow_nasal_cannula @1.000"], "the device used says more than the procedure");
}

#[test]
fn coded_grades_are_reports_and_other_diagnoses_are_not() {
    let row = |code: &str, rest: &str| {
        let code = format!(r#""code":{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}"}}]}}"#);
        of("Condition", "k", &format!(r#"{code},"onsetDateTime":"2024-01-11T00:00:00Z"{rest}"#))
    };
    let refuted = r#","verificationStatus":{"coding":[{"code":"refuted"}]}"#;
    for (row, expected, reason) in [
        (row("D89.832", ""), vec!["reported_grade 2 @1.000 [icd-10-cm D89.832]"], None),
        (row("G92.04", ""), vec!["reported_grade 4 @1.000 [icd-10-cm G92.04]"], None),
        (row("D89.839", ""), vec![], Some(Reason::MissingValue)),
        (row("D89.832", refuted), vec![], Some(Reason::NotDone)),
        (row("C91.00", ""), vec![], Some(Reason::NotASignal)),
    ] {
        let (record, ledger) = read_child(std::slice::from_ref(&row));
        assert_eq!(lines(&record), expected, "{row}");
        assert_eq!(reasons(&ledger).first().map(|r| r.0), reason, "{row}");
    }
}

#[test]
fn broken_input_reaches_the_ledger_and_the_rest_is_read() {
    let deep = format!(r#"{{"resourceType":"Observation","code":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let ignored = format!(r#"{{"resourceType":"Patient","id":"c1","x":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let nested = (0..10).fold(r#"{"resourceType":"Patient","id":"c9"}"#.to_owned(), |inner, _| {
        format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{inner}}}]}}"#)
    });
    let rows = ["{", "7", "{}", r#"{"resourceType":"Observation","status":{}}"#, &deep, &nested];
    let mut bytes = rows.join("\n").into_bytes();
    bytes.extend(b"\n{\"resourceType\":\"Patient\",\"id\":\"\xff\"}\n\n");
    bytes.extend(ignored.bytes());
    let (mut records, mut ledger) = (Vec::new(), Ledger::listing());
    read_ndjson(bytes.as_slice(), "x.ndjson", &Options::default(), &mut ledger, &mut |r| records.push(r)).unwrap();
    let mut expected: Vec<_> = (1..=7).map(|row| (Reason::Malformed, row)).collect();
    // One field of another type does not make a resource malformed; that it speaks of nobody does not help it.
    expected.splice(3..4, [(Reason::FieldIgnored, 4), (Reason::UnknownPatient, 4)]);
    assert_eq!(ledger.entries().iter().map(|e| (e.reason, e.row)).collect::<Vec<_>>(), expected);
    assert_eq!(records.iter().map(|r| &*r.patient.id).collect::<Vec<_>>(), ["c1"]);
    assert_eq!(ledger.rows().collect::<Vec<_>>(), [("x.ndjson", 8)]);
}

#[test]
fn a_file_that_breaks_off_is_refused() {
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{}}}]}}"#, temperature("t", &celsius(38.5)));
    let resource = temperature("t", &celsius(38.5));
    let lines = format!("{resource}\n{resource}");
    let folder = std::env::temp_dir().join(format!("barograph-fhir-cut-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in [("a.json", bundle.as_str()), ("b.json", resource.as_str()), ("c.ndjson", lines.as_str())] {
        let path = folder.join(name);
        let read_first = |bytes: usize| {
            std::fs::write(&path, &text.as_bytes()[..bytes]).unwrap();
            read(&path, Format::Fhir, &Options::default(), &mut Ledger::counting(), &mut |_| {})
        };
        assert!(read_first(text.len()).is_ok(), "{name}");
        for cut in [1, 20, 60] {
            let error = read_first(text.len() - cut).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("breaks off") && error.contains("export it again"), "{name}: {error}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_line_above_the_limit_is_skipped_and_the_next_is_read() {
    use std::io::{BufReader, Read};
    let long = std::io::repeat(b'x').take((64 << 20) + 1);
    let stream = BufReader::new(long.chain(&b"\n{\"resourceType\":\"Patient\",\"id\":\"c1\"}"[..]));
    let (mut records, mut ledger) = (0, Ledger::listing());
    read_ndjson(stream, "x.ndjson", &Options::default(), &mut ledger, &mut |_| records += 1).unwrap();
    assert_eq!((records, reasons(&ledger)), (1, vec![(Reason::Malformed, "")]));
}

#[test]
fn the_latest_version_of_a_drug_is_what_was_given() {
    let given = of(
        "MedicationAdministration",
        "d",
        r#""status":"completed","effectiveDateTime":"2024-01-11T00:00:00Z","medicationReference":{"reference":"Medication/m"}"#,
    );
    let drug = |version: u8, name: &str| {
        format!(r#"{{"resourceType":"Medication","id":"m","meta":{{"versionId":"{version}"}},"code":{{"text":"{name}"}}}}"#)
    };
    let mut rows = vec![drug(1, "siltuximab"), drug(2, "anakinra"), given];
    for _ in 0..2 {
        let (record, ledger) = read_child(&rows);
        assert_eq!(lines(&record), ["anakinra some @1.000"]);
        assert_eq!(reasons(&ledger), [(Reason::Superseded, "meta")]);
        rows.reverse();
    }
}

#[test]
fn a_bundle_in_an_ndjson_line_and_in_a_bundle_is_opened() {
    let bundle = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"c1"}},{}]}}]}"#;
    let (records, ledger) = read_lines(bundle);
    assert_eq!(records.len(), 1);
    assert_eq!(reasons(&ledger), [(Reason::NotASignal, "entry.resource")]);
    assert_eq!(ledger.rows().collect::<Vec<_>>(), [("test.ndjson", 2)]);
}

#[test]
fn a_json_file_may_be_one_resource_or_no_resource() {
    let folder = std::env::temp_dir().join(format!("barograph-fhir-documents-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("a.json", "\u{feff}{\"resourceType\":\"Patient\",\n \"id\":\"c1\"}");
    write("b.json", "[]");
    write("c.json", r#"{"entry":[{"resource":{"resourceType":"Patient","id":"c2"}}],"resourceType":"Bundle"}"#);
    write("e.ndjson", "\u{feff}{\"resourceType\":\"Patient\",\"id\":\"c1\"}\n");
    write("notes.txt", "not read");
    let (records, ledger) = read_path(&folder, &Options::default());
    assert_eq!(records.iter().map(|r| &*r.patient.id).collect::<Vec<_>>(), ["c1", "c2"]);
    let noted: Vec<_> = ledger.entries().iter().map(|e| (&*e.file, e.reason)).collect();
    assert_eq!(noted, [("b.json", Reason::Malformed), ("a.json", Reason::DuplicatePatient)]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_broken_concept_map_is_refused_with_its_name() {
    let path = std::env::temp_dir().join(format!("barograph-fhir-map-{}.toml", std::process::id()));
    std::fs::write(&path, "id = \"x\"").unwrap();
    let options = Options { infusions: None, concepts: Some(path.clone()) };
    let error = read(&fixture("ndjson"), Format::Fhir, &options, &mut Ledger::counting(), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("barograph-fhir-map"), "{error}");
    std::fs::remove_file(path).unwrap();
}

/// The first block of this language in the reference page.
fn documented(language: &str) -> &'static str {
    let page = include_str!("../../../docs/formats-fhir.md");
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_examples_of_the_reference_page_are_read_as_it_says() {
    let folder = std::env::temp_dir().join(format!("barograph-fhir-page-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (bundle, map) = (folder.join("bundle.json"), folder.join("map.toml"));
    std::fs::write(&bundle, documented("json")).unwrap();
    std::fs::write(&map, documented("toml")).unwrap();
    let (records, ledger) = read_path(&bundle, &Options { infusions: None, concepts: Some(map) });
    assert_eq!(lines(&records[0]), ["temperature 39 @2.000", "norepinephrine 0.08 @2.042", "norepinephrine 0 @2.792"]);
    assert!(ledger.is_empty());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_drugs_of_the_second_line_are_read_by_code_and_by_word() {
    let when = r#""status":"completed","effectiveDateTime":"2024-01-11T00:00:00Z""#;
    let coded = |id: &str, code: &str| {
        let coding = format!(r#"{{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"{code}"}}"#);
        of("MedicationAdministration", id, &format!(r#""medicationCodeableConcept":{{"coding":[{coding}]}},{when}"#))
    };
    let done = |code: &str| format!(r#""status":"completed","code":{code},"performedDateTime":"2024-01-11T00:00:00Z""#);
    for (row, line) in [
        (coded("d", "191831"), "infliximab some @1.000"),
        (coded("d", "3002"), "cyclophosphamide some @1.000"),
        (coded("d", "114477"), "levetiracetam some @1.000"),
        (administration("d", "Keppra 500 mg oral", when), "levetiracetam some @1.000"),
        (administration("d", "antithymocyte globulin (rabbit)", when), "antithymocyte_globulin some @1.000"),
        (
            of("Procedure", "p", &done(r#"{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-pcs","code":"6A550Z3"}]}"#)),
            "plasma_exchange yes @1.000",
        ),
        (of("Procedure", "p", &done(r#"{"text":"Therapeutic plasma exchange"}"#)), "plasma_exchange yes @1.000"),
    ] {
        let (record, ledger) = read_child(&[row]);
        assert_eq!((lines(&record), reasons(&ledger)), (vec![line.to_owned()], vec![]));
    }
}
