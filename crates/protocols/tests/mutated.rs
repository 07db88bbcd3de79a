//! Shipped plans with something changed: never a panic, and what the linter passes can be put to work.

#![allow(clippy::unwrap_used)] // helpers of tests are not test functions to the lint

use barograph_grading::Policy;
use barograph_grading::companions::Options;
use barograph_protocols::doses::Rounding;
use barograph_protocols::engine::{Engine, differences};
use barograph_protocols::language::Severity;
use barograph_protocols::library;
use barograph_protocols::lint::lint;
use barograph_record::{Age, Comparator, Event, Instant, Origin, Patient, Signal, TextId, Texts, Value};
use proptest::prelude::*;

/// A child who has fever, low pressure and doses.
fn story() -> (Patient, Vec<Event>) {
    let event = |hours: i64, signal, value| {
        let at = Instant::from_ms(hours * 3_600_000);
        Event {
            at,
            known: at,
            signal,
            value: Value::Number(value, Comparator::Exact),
            channel: 0,
            detail: TextId(0),
            origin: Origin::default(),
            half_digit: 0.0,
        }
    };
    let mut events = vec![event(-24, Signal::MarrowBlasts, 60.0)];
    for hour in (0..96).step_by(3) {
        let ill = (30..70).contains(&hour);
        events.push(event(hour, Signal::Temperature, if ill { 39.5 } else { 37.0 }));
        events.push(event(hour, Signal::SystolicBp, if ill { 60.0 } else { 100.0 }));
        if hour % 24 == 0 {
            events.push(event(hour, Signal::Ferritin, 500.0 * (1.0 + f64::from(hour as i32))));
        }
        if [33, 42, 60].contains(&hour) {
            events.push(event(hour, Signal::Tocilizumab, 240.0));
            events.push(event(hour, Signal::Dexamethasone, 10.0));
        }
    }
    let product = Some("tisagenlecleucel".to_owned());
    (Patient { age: Age::AtInfusion(6.0), weight_kg: Some(20.0), product, ..Patient::new("p") }, events)
}

/// One change of a text: a line lost, doubled or moved, or a number or word put for another.
fn change(text: &str, at: usize, how: u8, with: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = at % lines.len();
    let line = lines[at].clone();
    match how % 6 {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, line),
        2 => {
            let to = (at * 7 + 3) % lines.len();
            lines.swap(at, to);
        }
        3 => {
            let digit = line.find(|c: char| c.is_ascii_digit());
            if let Some(i) = digit {
                lines[at].replace_range(i..=i, with);
            }
        }
        4 => lines[at] = line.replacen("at_least", "at_most", 1),
        _ => lines[at] = line.chars().take(line.chars().count() / 2).collect(),
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_changed_plan_is_refused_or_works(
        plan in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<usize>(), any::<u8>(), prop::sample::select(vec!["0", "-1", "9", "1e300", "nan", "inf", "\"x\"", "7.5"])), 1..4),
    ) {
        let mut text = plan.get(library::protocol_texts()).1.to_owned();
        for (at, how, with) in &changes {
            text = change(&text, *at, *how, with);
        }
        let (plan, problems) = lint(&text);
        prop_assert_eq!(plan.is_none(), problems.iter().any(|p| p.severity == Severity::Error));
        for problem in &problems {
            prop_assert!(problem.line <= text.lines().count() + 1 && !problem.reason.is_empty() && !problem.suggestion.is_empty());
        }
        let Some(plan) = plan else { return Ok(()) };
        let (patient, events) = story();
        let (policy, options) = (Policy::default_1().unwrap(), Options::default_1().unwrap());
        let mut engine = Engine::new(&patient, &policy, &options, Rounding::Vial, [&plan]).unwrap();
        for event in &events {
            engine.push(event, &Texts::default());
        }
        let said = engine.at(Instant::from_days(4.5).unwrap());
        prop_assert!(said.iter().all(|a| a.next_look.as_ref().is_none_or(|(at, _)| *at > a.at)));
        let _ = differences(&said);
        let told = engine.finish();
        prop_assert!(told.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
