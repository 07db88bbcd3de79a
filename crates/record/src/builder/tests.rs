use super::*;
use crate::{Code, Comparator};

fn day(days: f64) -> RawTime {
    RawTime::Day(Instant::from_days(days).unwrap())
}

fn obs<'a>(days: f64, signal: Signal, value: &'a str, unit: &'a str) -> Observation<'a> {
    Observation { unit, ..Observation::new(day(days), signal, RawValue::Text(value)) }
}

fn build(rows: &[Observation<'_>]) -> (Record, Ledger) {
    let files: Files = ["events.csv".into()].into();
    let mut builder = RecordBuilder::new(Patient::new("p1"));
    let mut ledger = Ledger::listing();
    for row in rows {
        builder.push(row, &files, &mut ledger);
    }
    (builder.finish(&files, &mut ledger), ledger)
}

fn reasons(ledger: &Ledger) -> Vec<Reason> {
    ledger.entries().iter().map(|e| e.reason).collect()
}

#[test]
fn fahrenheit_charted_as_celsius_goes_to_the_ledger() {
    let (record, ledger) = build(&[obs(1.0, Signal::Temperature, "99.0", ""), obs(1.1, Signal::Temperature, "100.4", "[degF]")]);
    let values: Vec<_> = record.events.iter().map(|e| e.value).collect();
    assert_eq!(values, [Value::Unquantified, Value::Number(38.0, Comparator::Exact)], "taken, and not guessed at");
    assert_eq!(reasons(&ledger), [Reason::Unread]);
}

#[test]
fn a_mistyped_year_goes_to_the_ledger_and_does_not_stretch_the_record() {
    let at = |time: &str| RawTime::Absolute(time.parse().unwrap());
    let row = |time: &str| Observation::new(at(time), Signal::Temperature, RawValue::Text("39"));
    let rows = [
        row("2024-01-03T00:00:00Z"),
        row("2124-01-03T00:00:00Z"),
        row("1024-01-03T00:00:00Z"),
        row("2038-01-03T00:00:00Z"),
        Observation { known: Some(at("2924-01-03T00:00:00Z")), ..row("2024-01-04T00:00:00Z") },
    ];
    let files: Files = ["events.csv".into()].into();
    let mut builder = RecordBuilder::new(Patient::new("p1"));
    builder.patient.infusion = Some("2024-01-01T00:00:00Z".parse().unwrap());
    let mut ledger = Ledger::listing();
    for row in &rows {
        builder.push(row, &files, &mut ledger);
    }
    let record = builder.finish(&files, &mut ledger);
    let days: Vec<_> = record.events.iter().map(|e| (e.at.days(), e.known.days())).collect();
    // Fourteen years later somebody is still followed.
    assert_eq!(days, [(2.0, 2.0), (3.0, 3.0), (5116.0, 5116.0)]);
    assert_eq!(reasons(&ledger), [Reason::FarFromInfusion, Reason::FarFromInfusion, Reason::FieldIgnored]);
}

#[test]
fn a_pressure_or_saturation_that_nobody_has_is_kept_as_taken() {
    let (record, ledger) = build(&[
        obs(1.0, Signal::SystolicBp, "312", ""),
        obs(1.0, Signal::Spo2, "3", ""),
        obs(1.0, Signal::MeanBp, "0", ""),
        obs(1.0, Signal::HeartRate, "999", ""),
    ]);
    assert_eq!(
        record.events.iter().map(|e| (e.signal, e.value)).collect::<Vec<_>>(),
        [(Signal::SystolicBp, Value::Unquantified), (Signal::MeanBp, Value::Unquantified), (Signal::Spo2, Value::Unquantified),]
    );
    let kept = Reason::ImplausibleAmount;
    assert_eq!(reasons(&ledger), [kept, kept, kept, Reason::Implausible]);
}

#[test]
fn a_pressor_without_weight_still_runs() {
    let (record, ledger) = build(&[obs(1.0, Signal::Vasopressin, "2.4", "U/h"), obs(2.0, Signal::Vasopressin, "0", "U/h")]);
    assert_eq!(record.events[0].value, Value::Unquantified);
    assert!(record.events[0].value.is_running());
    assert!(!record.events[1].value.is_running());
    assert_eq!(reasons(&ledger), [Reason::NeedsWeight]);
}

#[test]
fn weight_charted_before_the_dose_is_used() {
    let rows = [
        obs(0.0, Signal::Weight, "20", "kg"),
        obs(1.0, Signal::Norepinephrine, "2", "ug/min"),
        obs(2.0, Signal::Weight, "40", "kg"),
        obs(3.0, Signal::Norepinephrine, "2", "ug/min"),
    ];
    let (record, _) = build(&rows);
    let rates: Vec<_> = record.events.iter().filter(|e| e.signal == Signal::Norepinephrine).map(|e| e.value.number()).collect();
    assert_eq!(rates, [Some(0.1), Some(0.05)]);
}

#[test]
fn corrections_replace_and_errors_withdraw() {
    let rows = [
        obs(1.0, Signal::Temperature, "39.9", ""),
        Observation { status: Status::Corrected, ..obs(1.0, Signal::Temperature, "37.9", "") },
        obs(2.0, Signal::SystolicBp, "60", ""),
        Observation { status: Status::EnteredInError, ..obs(2.0, Signal::SystolicBp, "60", "") },
        Observation { key: "a", ..obs(3.0, Signal::Spo2, "70", "") },
        Observation { key: "a", known: Some(day(3.5)), ..obs(3.0, Signal::Spo2, "97", "") },
    ];
    let (record, ledger) = build(&rows);
    let values: Vec<_> = record.events.iter().map(|e| e.value.number()).collect();
    assert_eq!(values, [Some(37.9), Some(97.0)]);
    let mut reasons = reasons(&ledger);
    reasons.sort_unstable();
    assert_eq!(reasons, [Reason::Superseded, Reason::Superseded, Reason::Superseded, Reason::EnteredInError]);
}

#[test]
fn duplicates_are_noted_once_each() {
    let (record, ledger) = build(&[obs(1.0, Signal::Crp, "20", "mg/dL"), obs(1.0, Signal::Crp, "200", "mg/L")]);
    assert_eq!(record.events.len(), 1);
    assert_eq!(reasons(&ledger), [Reason::Duplicate]);
}

#[test]
fn qualifiers_are_kept() {
    let (record, _) = build(&[
        obs(1.0, Signal::Il6, "<2.5", "pg/mL"),
        obs(1.1, Signal::Ferritin, ">100000", "ng/mL"),
        obs(1.2, Signal::Il6, "<LLOQ", ""),
    ]);
    assert_eq!(record.events[0].value, Value::Number(2.5, Comparator::Below));
    assert_eq!(record.events[1].value, Value::Number(100_000.0, Comparator::Above));
    assert_eq!(record.texts.get(record.events[2].detail), "<LLOQ");
}

#[test]
fn absurd_numbers_never_pass() {
    for text in ["inf", "NaN", "1e999", "38,5", "", "-0.1", "high"] {
        let (record, ledger) = build(&[obs(1.0, Signal::Crp, text, "")]);
        assert_eq!((record.events.len(), ledger.len()), (0, 1), "{text}");
        // An infusion may run all the same, but not at such a rate.
        let (record, ledger) = build(&[obs(1.0, Signal::Norepinephrine, text, "")]);
        assert!(record.events.iter().all(|e| e.value.number().is_none()), "{text}");
        assert_eq!(ledger.len(), 1, "{text}");
    }
}

#[test]
fn row_order_does_not_matter() {
    let mut rows = [
        Observation { channel: "bag1", row: 1, ..obs(1.0, Signal::Norepinephrine, "0", "") },
        Observation { channel: "bag2", row: 2, ..obs(1.0, Signal::Norepinephrine, "0.1", "") },
        Observation { row: 3, ..obs(1.0, Signal::SystolicBp, "70", "") },
        Observation { row: 4, ..obs(1.0, Signal::SystolicBp, "110", "") },
    ];
    let (forward, _) = build(&rows);
    rows.reverse();
    let (backward, _) = build(&rows);
    let facts = |r: &Record| r.events.iter().map(|e| (e.signal, e.value.number(), e.origin.row)).collect::<Vec<_>>();
    assert_eq!(facts(&forward), facts(&backward));
    assert_eq!(forward.events[1].value.number(), Some(70.0), "the lower pressure is applied last");
}

#[test]
fn numbers_that_differ_only_in_their_qualifier_have_an_order() {
    let rows = ["0.5", "<0.5", ">0.5", "<0.5"];
    let facts = |rows: &[Observation<'_>]| build(rows).0.events.iter().map(|e| e.value).collect::<Vec<_>>();
    let mut rows = rows.map(|text| obs(1.0, Signal::Anc, text, ""));
    let forward = facts(&rows);
    assert_eq!(forward.len(), 3, "the repeated row is dropped though others stand between");
    rows.reverse();
    assert_eq!(forward, facts(&rows));
    rows.swap(0, 2);
    assert_eq!(forward, facts(&rows));
}

#[test]
fn judgements_are_read_as_people_write_them() {
    let rows = [
        obs(0.0, Signal::BaselineSupport, "BiPAP at night", ""),
        obs(0.0, Signal::BaselineSupport, "high-flow nasal cannula 2 L/min", ""),
        obs(5.0, Signal::Death, "", ""),
        obs(1.0, Signal::BaselineSupport, "a walking frame", ""),
        obs(2.0, Signal::BaselineSupport, "none", ""),
    ];
    let (record, ledger) = build(&rows);
    let found: Vec<_> = record.events.iter().map(|e| (e.value.code(), record.texts.get(e.detail))).collect();
    assert_eq!(
        found,
        [
            (Some(Code::HighFlowNasalCannula), "high-flow nasal cannula 2 L/min"),
            (Some(Code::Bipap), "BiPAP at night"),
            // Nobody can say from the chart that it is no breathing support.
            (None, "a walking frame"),
            (Some(Code::RoomAir), ""),
            (Some(Code::Yes), ""),
        ]
    );
    assert_eq!(reasons(&ledger), [Reason::Unread]);
}

#[test]
fn infusions_and_drugs_in_words_that_cannot_be_read() {
    let rate = |text| obs(1.0, Signal::Norepinephrine, text, "");
    for (row, expected, noted) in [
        (rate("0.1 mcg/kg/min"), Some(Value::Number(0.1, Comparator::Exact)), None),
        (rate("0.1 mcg/kg/min via CVL"), Some(Value::Unquantified), Some(Reason::Unread)),
        (rate("0,1"), Some(Value::Unquantified), Some(Reason::Unread)),
        (rate("0,00 mcg"), Some(Value::Number(0.0, Comparator::Exact)), Some(Reason::Unread)),
        (rate("discontinued"), Some(Value::Number(0.0, Comparator::Exact)), None),
        (rate("held"), Some(Value::Number(0.0, Comparator::Exact)), None),
        (rate("titrating"), Some(Value::Words), Some(Reason::Unread)),
        (rate(""), None, Some(Reason::MissingValue)),
        (obs(1.0, Signal::Tocilizumab, "200 mg", ""), Some(Value::Number(200.0, Comparator::Exact)), None),
        (obs(1.0, Signal::Tocilizumab, "2 vials", ""), Some(Value::Unquantified), Some(Reason::Unread)),
        (obs(1.0, Signal::Tocilizumab, "ordered", ""), None, Some(Reason::Value)),
        (obs(1.0, Signal::Temperature, "38.6 Cel", ""), Some(Value::Number(38.6, Comparator::Exact)), None),
        (obs(1.0, Signal::Temperature, "febrile", ""), None, Some(Reason::Value)),
        (obs(1.0, Signal::Ice, "unable", ""), Some(Value::Unquantified), Some(Reason::Unread)),
        (obs(1.0, Signal::Dialysis, "paused", ""), Some(Value::Unquantified), Some(Reason::Unread)),
    ] {
        let (record, ledger) = build(&[row]);
        let found = record.events.first().map(|e| e.value);
        assert_eq!((found, reasons(&ledger).first().copied()), (expected, noted), "{}", row.value);
    }
}

#[test]
fn absolute_times_need_an_infusion() {
    let files: Files = ["events.csv".into()].into();
    let moment: Timestamp = "2024-01-03T12:00:00Z".parse().unwrap();
    let row = Observation::new(RawTime::Absolute(moment), Signal::Death, RawValue::Text("CRS"));
    let mut ledger = Ledger::listing();
    let mut builder = RecordBuilder::new(Patient::new("p1"));
    builder.push(&row, &files, &mut ledger);
    assert!(builder.finish(&files, &mut ledger).events.is_empty());
    assert_eq!(reasons(&ledger), [Reason::NoInfusionTime]);

    let mut patient = Patient::new("p1");
    patient.infusion = "2024-01-01T00:00:00Z".parse().ok();
    let mut builder = RecordBuilder::new(patient);
    builder.push(&row, &files, &mut Ledger::counting());
    let record = builder.finish(&files, &mut Ledger::counting());
    assert_eq!(record.events[0].at.days(), 2.5);
    assert_eq!(record.events[0].value, Value::Code(Code::Yes));
    assert_eq!(record.texts.get(record.events[0].detail), "CRS");
}

#[test]
fn rates_that_needed_a_weight_take_their_place_among_the_others() {
    let weight = obs(0.0, Signal::Weight, "20", "kg");
    let low = obs(1.0, Signal::Norepinephrine, "2", "ug/min");
    let high = obs(1.0, Signal::Norepinephrine, "0.5", "ug/kg/min");
    let (record, _) = build(&[weight, low, high]);
    let rates: Vec<_> = record.events.iter().filter(|e| e.signal == Signal::Norepinephrine).filter_map(|e| e.value.number()).collect();
    assert_eq!(rates, [0.1, 0.5], "what is worse comes later");

    let same = obs(1.0, Signal::Norepinephrine, "10", "ug/min");
    let between = obs(1.0, Signal::Norepinephrine, "0.6", "ug/kg/min");
    let (record, ledger) = build(&[weight, high, same, between]);
    assert_eq!((record.events.len(), reasons(&ledger)), (3, vec![Reason::Duplicate]));
}

#[test]
fn twins_are_found_among_rows_that_differ_in_their_qualifier() {
    let row = |value| obs(1.0, Signal::Il6, value, "");
    let (record, ledger) = build(&[row("<5"), row("5"), row(">5"), row("<5"), row("5")]);
    assert_eq!((record.events.len(), reasons(&ledger)), (3, vec![Reason::Duplicate; 2]));
}

/// Compared each with each, as they once were, these rows would take minutes.
#[test]
fn many_rows_of_one_instant_are_not_compared_each_with_each() {
    let details: Vec<String> = (0..100_000).map(|i| format!("site {i}")).collect();
    let rows: Vec<_> = details.iter().map(|detail| Observation { detail, ..obs(1.0, Signal::Temperature, "38", "") }).collect();
    assert_eq!(build(&rows).0.events.len(), rows.len());
}

#[test]
fn support_that_cannot_be_read_ends_what_was_charted_before() {
    let rows = [
        obs(1.0, Signal::OxygenDevice, "nasal_cannula", ""),
        obs(1.0, Signal::OxygenFlow, "2", ""),
        obs(2.0, Signal::OxygenDevice, "support-x", ""),
        obs(2.0, Signal::OxygenFlow, "8L", ""),
        obs(2.0, Signal::OxygenFlow, "8", "furlong"),
        obs(2.0, Signal::Fio2, "0.6", ""),
        obs(2.0, Signal::VentilationIndication, "ARDS", ""),
        // Nothing was charted here.
        obs(3.0, Signal::OxygenDevice, "", ""),
        obs(3.0, Signal::OxygenFlow, " ", ""),
    ];
    let (record, ledger) = build(&rows);
    let unread: Vec<_> =
        record.events.iter().filter(|e| e.value == Value::Unquantified).map(|e| (e.signal, record.texts.get(e.detail))).collect();
    assert_eq!(
        unread,
        [
            (Signal::OxygenDevice, "support-x"),
            (Signal::OxygenFlow, ""),
            (Signal::OxygenFlow, "8L"),
            (Signal::Fio2, ""),
            (Signal::VentilationIndication, "ARDS")
        ]
    );
    let reasons: Vec<_> = reasons(&ledger);
    assert_eq!(
        reasons,
        [
            Reason::Unread,
            Reason::Unread,
            Reason::AmountUnit,
            Reason::ImplausibleAmount,
            Reason::Unread,
            Reason::MissingValue,
            Reason::MissingValue
        ]
    );
    assert_eq!(record.events.len(), 7);
}

#[test]
fn what_can_be_read_of_an_infusion_prevails_at_one_instant() {
    let rate = |text| obs(1.0, Signal::Norepinephrine, text, "");
    let (record, _) = build(&[rate("see order"), rate("0.05")]);
    assert_eq!(record.events.last().and_then(|e| e.value.number()), Some(0.05));
}

#[test]
fn a_vital_sign_that_cannot_be_read_is_kept_as_charted() {
    for (signal, text, unit, reason) in [
        (Signal::Temperature, "38,9", "", Reason::Unread),
        (Signal::Temperature, "38.9", "furlong", Reason::Unread),
        (Signal::Temperature, "102.2", "Cel", Reason::Unread),
        (Signal::SystolicBp, "74/40", "", Reason::Unread),
    ] {
        let (record, ledger) = build(&[obs(1.0, signal, text, unit)]);
        assert_eq!((record.events[0].value, reasons(&ledger)), (Value::Unquantified, vec![reason]), "{text} {unit}");
    }
    // No number at all is no reading, and a laboratory value vouches for nothing after it.
    for (signal, text) in [(Signal::Temperature, "refused"), (Signal::Creatinine, "1,9")] {
        let (record, ledger) = build(&[obs(1.0, signal, text, "")]);
        assert_eq!((record.events.len(), reasons(&ledger)), (0, vec![Reason::Value]), "{text}");
    }
}

#[test]
fn only_what_was_converted_has_the_grain_of_its_chart() {
    let rows = [
        obs(1.0, Signal::Creatinine, "88.4", "umol/L"),
        obs(2.0, Signal::Creatinine, "88", "umol/L"),
        obs(3.0, Signal::Creatinine, "1.0", "mg/dL"),
        obs(4.0, Signal::Creatinine, "1.0", ""),
        obs(5.0, Signal::Creatinine, "10.0", "mg/L"),
    ];
    let (record, _) = build(&rows);
    let grains: Vec<_> = record.events.iter().map(|e| f64::from(e.half_digit)).collect();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
    assert!(near(grains[0], 0.05 * 0.011_312) && near(grains[1], 0.5 * 0.011_312), "{grains:?}");
    assert_eq!(grains[2..], [0.0, 0.0, 0.0]);
}

#[test]
fn a_dose_that_was_not_given_is_no_event_and_stands_in_the_ledger() {
    let with = |value: &'static str, detail: &'static str| {
        let row = Observation { detail, ..obs(1.0, Signal::Tocilizumab, value, "mg") };
        let (record, ledger) = build(&[row]);
        (record.events.len(), reasons(&ledger))
    };
    for (value, detail) in [
        ("240", "not given"),
        ("240", "held"),
        ("240", "Refused by parents"),
        ("refused", ""),
        ("held", "240 mg ordered"),
        ("", "not given"),
    ] {
        assert_eq!(with(value, detail), (0, vec![Reason::NotDone]), "{value:?} {detail:?}");
    }
    assert_eq!(with("240", "IV"), (1, vec![]));
    // What says both is kept as given, and said.
    assert_eq!(with("240", "held, then given"), (1, vec![Reason::FieldIgnored]));
    // A vasopressor runs whatever a word says.
    let row = Observation { detail: "held", ..obs(1.0, Signal::Norepinephrine, "0.1", "") };
    let (record, ledger) = build(&[row]);
    assert_eq!((record.events.len(), reasons(&ledger)), (1, vec![Reason::FieldIgnored]));
}

#[test]
fn a_dose_corrected_to_not_given_withdraws_what_was_charted() {
    let rows = [
        obs(1.0, Signal::Tocilizumab, "240", "mg"),
        Observation { status: Status::Corrected, detail: "not given", ..obs(1.0, Signal::Tocilizumab, "240", "mg") },
    ];
    let (record, ledger) = build(&rows);
    assert!(record.events.is_empty());
    assert_eq!(reasons(&ledger), [Reason::Superseded, Reason::NotDone]);
    let keyed = |detail| Observation {
        key: "order-1",
        detail,
        known: Some(day(if detail.is_empty() { 1.0 } else { 1.1 })),
        ..obs(1.0, Signal::Tocilizumab, "240", "mg")
    };
    let (record, ledger) = build(&[keyed(""), keyed("refused")]);
    assert!(record.events.is_empty());
    assert_eq!(reasons(&ledger), [Reason::Superseded, Reason::NotDone]);
}
