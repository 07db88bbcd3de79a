//! What must hold for any record.

use crate::common::{advice, at, changes, child, engine, plan, rule, told};
use barograph_protocols::engine::Standing;
use barograph_protocols::language::Protocol;
use barograph_protocols::library;
use barograph_record::{Event, Record, Signal, Span};
use proptest::prelude::*;

/// One charted line at a random quarter of an hour.
fn line() -> impl Strategy<Value = String> {
    let minutes = (0u32..600).prop_map(|q| f64::from(q) / 96.0);
    let what = prop_oneof![
        4 => (360u32..405).prop_map(|t| format!("temperature {}", f64::from(t) / 10.0)),
        4 => (50u32..110).prop_map(|p| format!("systolic_bp {p}")),
        2 => (85u32..=100).prop_map(|s| format!("spo2 {s}")),
        3 => prop::sample::select(vec!["room_air", "nasal_cannula", "high_flow_nasal_cannula", "bipap"]).prop_map(|d| format!("oxygen_device {d}")),
        2 => prop::sample::select(vec!["norepinephrine 0", "norepinephrine 0.05", "epinephrine 0.05"]).prop_map(str::to_owned),
        1 => Just("fluid_bolus 10".to_owned()),
        3 => prop::sample::select(vec!["acetaminophen 300", "tocilizumab 240", "tocilizumab 120", "dexamethasone 10", "tocilizumab given"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["capd 3", "capd 12", "consciousness voice"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["ferritin 500", "ferritin 20000", "alt 900", "creatinine 4"]).prop_map(str::to_owned),
    ];
    (minutes, what).prop_map(|(day, what)| format!("{day:.6} {what}"))
}

fn timeline() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(line(), 1..60).prop_map(|lines| lines.into_iter().collect())
}

fn asco() -> &'static Protocol {
    library::protocol("asco-2021").unwrap()
}

/// Rules that rest on floors alone.
fn floors() -> Protocol {
    let care = r#"{ care = "intensive-care" }"#;
    plan(
        &[
            rule("one", "{ grade = { at_least = 1 } }", care, ""),
            rule("two", "{ grade = { at_least = 2 } }", care, ""),
            rule("three", "{ grade = { at_least = 3 } }, { circulation = { at_least = \"one-vasopressor\" } }", care, ""),
            rule("hot", "{ signal = { name = \"temperature\", at_least = 38.5, count = 2 } }", care, ""),
            rule("lasting", "{ grade = { at_least = 1, held_hours = 12.0 } }", care, ""),
        ]
        .concat(),
    )
}

fn firm(record: &Record, plan: &Protocol, day: f64) -> Vec<String> {
    advice(record, plan, day).items.iter().map(|i| i.rule.id.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn looking_on_the_way_changes_nothing(lines in timeline(), looks in prop::collection::vec(0.0f64..7.0, 0..6)) {
        let record = child(&lines.join("\n"));
        let mut watched = engine(&record, asco());
        for event in &record.events {
            watched.push(event, &record.texts);
            for look in &looks {
                if at(*look) >= event.at {
                    watched.at(at(*look));
                }
            }
        }
        prop_assert_eq!(told(&watched.finish()), told(&changes(&record, asco())));
    }

    #[test]
    fn no_advice_rests_on_the_future(lines in timeline(), day in 0.0f64..6.5) {
        let record = child(&lines.join("\n"));
        let whole = told(&changes(&record, asco()));
        let past = Record { events: record.events.iter().filter(|e| e.at <= at(day)).copied().collect(), ..record.clone() };
        let known = told(&changes(&past, asco()));
        // What was told of the past is a beginning of what is told of the whole.
        prop_assert!(whole.len() >= known.len() && whole[..known.len()] == known[..], "{known:#?}\n{whole:#?}");
    }

    #[test]
    fn letting_time_pass_in_pieces_is_letting_it_pass(lines in timeline(), stops in prop::collection::vec(0.0f64..9.0, 0..8)) {
        let record = child(&lines.join("\n"));
        let mut stops = stops;
        stops.sort_by(f64::total_cmp);
        let last = record.events.last().unwrap().at;
        let mut pieces = engine(&record, asco());
        record.events.iter().for_each(|e| pieces.push(e, &record.texts));
        let whole = pieces.at(at(9.0));
        stops.iter().filter(|s| at(**s) > last).for_each(|s| pieces.wait_until(at(*s)));
        let parts = pieces.at(at(9.0));
        prop_assert_eq!(format!("{whole:?}"), format!("{parts:?}"));
    }

    #[test]
    fn removing_observations_never_makes_firm_advice(lines in timeline(), keep in prop::collection::vec(any::<bool>(), 60), day in 0.0f64..6.5) {
        let record = child(&lines.join("\n"));
        let plan = floors();
        let drug = |e: &Event| barograph_protocols::language::Drug::of(e.signal).is_some();
        // Support that was charted as ended would go on, were its end removed; so ends stay. And two low pressures would stand in a row, were the
        // normal one between them removed; so those that are not low (below 70 by every set) all stay, or all pressures go.
        let pressure = |e: &Event| e.signal == Signal::SystolicBp;
        let not_low = |e: &Event| pressure(e) && e.value.number().is_some_and(|mmhg| mmhg >= 70.0);
        let end = |e: &Event| e.signal.is_rate() || e.signal == Signal::OxygenDevice || (keep[0] && not_low(e));
        let mut i = 0;
        let events = record.events.iter().filter(|e| { i += 1; drug(e) || end(e) || (keep[i - 1] && (keep[0] || !pressure(e))) }).copied().collect();
        let fewer = Record { events, ..record.clone() };
        let all = firm(&record, &plan, day);
        for rule in firm(&fewer, &plan, day) {
            prop_assert!(all.contains(&rule), "{rule} at {day}");
        }
    }

    #[test]
    fn limits_hold_of_what_was_given_and_what_is_advised(lines in timeline(), day in 0.0f64..6.5) {
        let record = child(&lines.join("\n"));
        let moment = at(day);
        let said = advice(&record, asco(), day);
        for item in &said.items {
            if !matches!(item.standing, Standing::Due { .. } | Standing::Overdue { .. }) {
                continue;
            }
            for option in item.doses.iter().filter(|o| o.refused.is_none() && o.give.drug.signal() == Signal::Tocilizumab) {
                let given: Vec<&Event> = record.events.iter().filter(|e| e.signal == Signal::Tocilizumab && e.at <= moment).collect();
                prop_assert!(given.len() < 4);
                prop_assert!(given.iter().filter(|e| moment - e.at < Span::from_hours(24.0)).count() < 3);
                prop_assert!(given.iter().all(|e| moment - e.at >= Span::from_hours(8.0)));
                prop_assert!(option.dose.clone().unwrap().unwrap().amount.high <= 800.0);
            }
            for option in item.doses.iter().filter(|o| o.refused.is_none() && o.give.drug.signal() == Signal::Acetaminophen) {
                let recent = record.events.iter().filter(|e| e.signal == Signal::Acetaminophen && e.at <= moment && moment - e.at < Span::from_hours(24.0));
                let given: f64 = recent.map(|e| e.value.number().unwrap()).sum();
                prop_assert!(given + option.dose.clone().unwrap().unwrap().amount.high <= 75.0 * 20.0 + 1e-6);
            }
        }
    }

    #[test]
    fn shifting_the_clock_changes_nothing(lines in timeline(), days in -400i64..400) {
        let mut record = child(&lines.join("\n"));
        let before = told(&changes(&record, asco()));
        // The instants count from infusion; its date must not matter where the age is stated at infusion.
        record.patient.infusion = "2024-03-01T12:00:00Z".parse::<jiff::Timestamp>().ok().and_then(|t| t.checked_add(jiff::Span::new().hours(24 * days)).ok());
        prop_assert_eq!(before, told(&changes(&record, asco())));
    }
}
