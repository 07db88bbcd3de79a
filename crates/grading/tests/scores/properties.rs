//! What must hold for any record, however odd.

use crate::common::record;
use barograph_grading::scores::{ALL, Options, Point};
use barograph_record::{Age, Instant, Record, Signal};
use proptest::prelude::*;

fn line() -> impl Strategy<Value = String> {
    let day = (0u32..200).prop_map(|q| f64::from(q) / 48.0);
    let what = prop_oneof![
        (355u32..405).prop_map(|t| format!("temperature {}", f64::from(t) / 10.0)),
        (15u32..100).prop_map(|p| format!("mean_bp {p}")),
        (60u32..120).prop_map(|p| format!("systolic_bp {p}")),
        (20u32..60).prop_map(|p| format!("diastolic_bp {p}")),
        (80u32..=100).prop_map(|s| format!("spo2 {s}")),
        (21u32..100).prop_map(|f| format!("fio2 {f}")),
        (3u32..=15).prop_map(|g| format!("gcs {g}")),
        prop::sample::select(vec!["room_air", "nasal_cannula", "high_flow_nasal_cannula", "bipap", "invasive_ventilation", "ecmo"])
            .prop_map(|d| format!("oxygen_device {d}")),
        (
            prop::sample::select(vec!["norepinephrine", "epinephrine", "vasopressin", "milrinone", "dopamine"]),
            prop::sample::select(vec!["0", "0.01", "running"]),
        )
            .prop_map(|(drug, rate)| format!("{drug} {rate}")),
        (
            prop::sample::select(vec![
                "ldh",
                "crp",
                "ferritin",
                "platelets",
                "anc",
                "alc",
                "wbc",
                "fibrinogen",
                "alt",
                "ast",
                "inr",
                "pt",
                "d_dimer",
                "lactate",
                "bilirubin",
                "creatinine",
                "triglycerides",
                "hemoglobin",
            ]),
            prop::sample::select(vec!["", "<", ">"]),
            1u32..30,
        )
            .prop_map(|(signal, sign, x)| format!("{signal} {sign}{x}")),
    ];
    (day, what).prop_map(|(day, what)| format!("{day:.6} {what}"))
}

fn child(lines: &std::collections::BTreeSet<String>) -> Record {
    record(Age::AtInfusion(6.0), &lines.iter().cloned().collect::<Vec<_>>().join("\n"))
}

fn options() -> Options {
    Options::from_toml(
        "unlisted_vasoactives = \"unknown\"
        normal_pt = { value = 12.0, unit = \"s\" }
        d_dimer_moderate = { value = 1.0, unit = \"mg/L\" }
        d_dimer_strong = { value = 5.0, unit = \"mg/L\" }
        limits.alt = { high = 4.0, unit = \"U/L\" }
        limits.fibrinogen = { low = 15.0, unit = \"mg/dL\" }
        limits.creatinine = { low = 1.0, high = 2.0, unit = \"mg/dL\" }",
    )
    .unwrap()
}

fn at(points: &[Point], now: Instant) -> Option<&Point> {
    points.iter().rev().find(|p| p.at <= now)
}

proptest! {

    #[test]
    fn no_longer_observing_something_never_narrows_a_score(lines in prop::collection::btree_set(line(), 1..40)) {
        let options = options();
        let whole = child(&lines);
        for signal in Signal::ALL.iter().copied().filter(|s| whole.events.iter().any(|e| e.signal == *s)) {
            let mut less = whole.clone();
            less.events.retain(|e| e.signal != signal);
            if signal == Signal::MeanBp {
                // The cuff would stand in for a mean pressure that is no longer charted.
                less.events.retain(|e| e.signal != Signal::SystolicBp);
            }
            if signal == Signal::Fio2 {
                // Room air together with oxygen is a contradiction, which either of the two alone is not.
                less.events.retain(|e| e.signal != Signal::OxygenDevice);
            }
            let Some(end) = less.events.last().map(|e| e.at) else { continue };
            for score in ALL.iter() {
                let (full, part) = (score.series(&whole, &options), score.series(&less, &options));
                for now in full.iter().chain(&part).map(|p| p.at).filter(|at| *at <= end) {
                    let (Some(full), Some(part)) = (at(&full, now), at(&part, now)) else { continue };
                    prop_assert!(
                        part.floor <= full.floor && part.ceiling >= full.ceiling,
                        "{} without {signal} at {now}: {}..{} within {}..{}",
                        score.id(), part.floor, part.ceiling, full.floor, full.ceiling
                    );
                }
            }
        }
    }

    #[test]
    fn points_are_in_order_and_say_what_is_missing(lines in prop::collection::btree_set(line(), 1..40)) {
        let record = child(&lines);
        for score in ALL.iter() {
            let points = score.series(&record, &Options::shipped().unwrap());
            for point in &points {
                prop_assert!(point.floor >= 0.0 && point.floor <= point.ceiling, "{} {point:?}", score.id());
                prop_assert_eq!(point.exact(), point.unstated.is_empty(), "{} {:?}", score.id(), point);
            }
            for pair in points.windows(2) {
                prop_assert!(pair[0].at < pair[1].at);
            }
        }
    }

    #[test]
    fn what_comes_later_changes_nothing_before_it(lines in prop::collection::btree_set(line(), 2..40)) {
        let whole = child(&lines);
        let cut = whole.events[whole.events.len() / 2].at;
        let mut early = whole.clone();
        early.events.retain(|e| e.at <= cut);
        for score in ALL.iter() {
            let full = score.series(&whole, &options());
            let part = score.series(&early, &options());
            let before: Vec<_> = full.into_iter().filter(|p| p.at <= cut).collect();
            prop_assert_eq!(before, part, "{}", score.id());
        }
    }
}
