//! What must hold for any record, however odd.

use crate::common::{astct, astct_under, record};
use barograph_grading::{Episode, Grade, Grader, LiveGrader, Policy, Watch, grade, scales};
use barograph_record::{Instant, Record, Signal, Span};
use proptest::prelude::*;

/// One charted line at a random quarter of an hour.
fn line() -> impl Strategy<Value = String> {
    let minutes = (0u32..960).prop_map(|q| f64::from(q) / 96.0);
    let what = prop_oneof![
        4 => (355u32..405).prop_map(|t| format!("temperature {}", f64::from(t) / 10.0)),
        4 => (40u32..130).prop_map(|p| format!("systolic_bp {p}")),
        2 => (80u32..=100).prop_map(|s| format!("spo2 {s}")),
        3 => prop::sample::select(vec![
            "room_air", "nasal_cannula", "blow_by", "simple_mask", "high_flow_nasal_cannula", "cpap", "bipap", "invasive_ventilation", "not-understood",
        ])
        .prop_map(|d| format!("oxygen_device {d}")),
        2 => (0u32..12).prop_map(|f| format!("oxygen_flow {f}")),
        1 => (21u32..100).prop_map(|f| format!("fio2 {f}")),
        1 => prop::sample::select(vec!["hypoxia", "airway_protection", "procedure", "not-understood"]).prop_map(|i| format!("ventilation_indication {i}")),
        3 => (
            prop::sample::select(vec!["norepinephrine", "epinephrine", "vasopressin", "milrinone", "dopamine"]),
            prop::sample::select(vec!["0", "0.01", "not-understood"]),
            0u8..3,
        )
            .prop_map(|(drug, rate, pump)| format!("{drug} {rate}@{pump}")),
        1 => prop::sample::select(vec![
            "temperature <38", "temperature >37", "systolic_bp <82", "systolic_bp <100", "systolic_bp >70", "oxygen_flow >2", "oxygen_flow <8", "fio2 <40",
        ])
        .prop_map(str::to_owned),
        1 => Just("fluid_bolus 10".to_owned()),
        1 => prop::sample::select(vec!["phenylephrine", "vasopressin", "something"]).prop_map(|drug| format!("vasopressor_push {drug}")),
        1 => prop::sample::select(vec!["spo2 9,5", "spo2 <88", "systolic_bp 7,5", "temperature 38,9", "fio2 21"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["acetaminophen 200", "tocilizumab 200", "dexamethasone 5"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["encounter start", "encounter end"]).prop_map(str::to_owned),
        1 => Just("crp 100".to_owned()),
    ];
    (minutes, what).prop_map(|(day, what)| format!("{day:.6} {what}"))
}

/// A timeline without repeated rows.
pub(crate) fn timeline() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(line(), 1..60).prop_map(|lines| lines.into_iter().collect())
}

pub(crate) fn child(lines: &[String]) -> Record {
    record(6.0, &lines.join("\n"))
}

/// Highest floor and ceiling of the whole record, step by step.
pub(crate) fn extremes(episodes: &[Episode]) -> Grade {
    let steps = episodes.iter().flat_map(|e| &e.course);
    steps.fold(Grade::NONE, |worst, step| worst.max(step.grade))
}

fn floor_at(episodes: &[Episode], at: Instant) -> u8 {
    episodes.iter().flat_map(|e| &e.course).filter(|s| s.from <= at && at <= s.to).map(|s| s.grade.floor()).max().unwrap_or(0)
}

/// Asks a watch and a grader about the instant `looked`, each knowing what was charted up to then; they must agree.
fn watch_and_course_agree(record: &Record, looked: Instant) -> Result<(), TestCaseError> {
    let policy = Policy::default_1().unwrap();
    let mut watch = Watch::new(&record.patient, &policy, scales::ALL.iter().copied());
    let mut now = record.events[0].at;
    for together in record.events.chunk_by(|a, b| a.at == b.at) {
        let at = together[0].at;
        while let Some(deadline) = watch.deadline(now).filter(|d| *d < at) {
            now = deadline;
            watch.settle(now);
        }
        now = at;
        for event in together {
            watch.apply(event, &record.texts);
        }
        watch.settle(now);
        if at != looked {
            continue;
        }
        // The grader, a moment later, knows the same and nothing more.
        let mut grader = Grader::new(&record.patient, &policy, scales::ALL.iter().copied());
        record.events.iter().filter(|e| e.at <= at).for_each(|e| grader.push(e, &record.texts));
        grader.wait_until(at + Span::from_ms(1), &record.texts);
        for (place, graded) in grader.finish(&record.texts).iter().enumerate() {
            let course = graded.episodes.iter().flat_map(|e| &e.course).rfind(|s| s.from <= at && at < s.to);
            let said = watch.now(place).map_or(Grade::NONE, |n| n.verdict.grade);
            // Past the end of an episode the course says nothing.
            if let Some(step) = course {
                prop_assert_eq!(said, step.grade, "{} at {}", graded.scale, at);
            }
        }
    }
    Ok(())
}

proptest! {

    #[test]
    fn a_watch_says_what_the_course_says(lines in timeline(), looked in any::<prop::sample::Index>()) {
        let record = child(&lines);
        let looked = looked.get(&record.events).at;
        watch_and_course_agree(&record, looked)?;
    }

    #[test]
    fn a_watch_says_what_the_course_says_where_hours_meet(
        lines in timeline(), after in prop::sample::select(vec![24.0, 48.0, 72.0]), end in any::<bool>(), early in 96u32..480, drug in any::<bool>(),
    ) {
        // Something happens in the very millisecond in which a sign, a resolution or all charting lapses.
        let early = f64::from(early) / 96.0;
        let mut lines: Vec<_> = lines.into_iter().filter(|l| l.split(' ').next().is_some_and(|day| day.parse::<f64>().unwrap() < early)).collect();
        lines.push(format!("{early:.6} spo2 97"));
        let then = early + after / 24.0;
        lines.push(format!("{then:.6} {}", if end { "encounter end" } else { "encounter start" }));
        if drug {
            lines.push(format!("{:.6} acetaminophen 200", early + 0.5));
        }
        let record = child(&lines);
        for at in record.events.iter().map(|e| e.at).filter(|at| at.days() >= early) {
            watch_and_course_agree(&record, at)?;
        }
    }

    #[test]
    fn pushing_one_by_one_is_grading_the_whole(lines in timeline()) {
        let record = child(&lines);
        let policy = Policy::default_1().unwrap();
        let whole = grade(&record, &policy, scales::ALL.iter().copied());
        let mut grader = Grader::new(&record.patient, &policy, scales::ALL.iter().copied());
        for event in &record.events {
            grader.push(event, &record.texts);
            // Looking at the course so far must not disturb it.
            let _ = grader.clone().finish(&record.texts);
        }
        prop_assert_eq!(grader.finish(&record.texts), whole.clone());

        // And so does a bedside feed that brings the rows in reverse.
        let mut live = LiveGrader::new(record.patient.clone(), policy, scales::ALL.iter().copied(), record.texts.clone());
        for event in record.events.iter().rev() {
            live.push(*event);
        }
        prop_assert_eq!(live.graded(), whole);
    }

    #[test]
    fn a_grade_never_rests_on_the_future(lines in timeline(), cut in 0.0f64..10.0) {
        let record = child(&lines);
        let cut = Instant::from_days(cut).unwrap();
        let whole = astct(&record);
        let mut early = record.clone();
        early.events.retain(|e| e.at <= cut);
        let early = astct(&early);
        for step in early.iter().filter(|e| e.number > 0).flat_map(|e| &e.course) {
            prop_assert_eq!(floor_at(&whole, step.from), floor_at(&early, step.from), "at {}", step.from);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(lines in timeline()) {
        let mut reversed = lines.clone();
        reversed.reverse();
        let strip = |episodes: Vec<Episode>| episodes.into_iter().map(|mut e| {
            for step in &mut e.course {
                for cause in std::sync::Arc::make_mut(&mut step.because) {
                    cause.evidence.origin = barograph_record::Origin::default();
                }
            }
            e
        }).collect::<Vec<_>>();
        prop_assert_eq!(strip(astct(&child(&lines))), strip(astct(&child(&reversed))));
    }

    #[test]
    fn laboratory_values_do_not_move_the_grade(lines in timeline()) {
        let mut without = child(&lines);
        without.events.retain(|e| e.signal != Signal::Crp);
        prop_assert_eq!(astct(&without), astct(&child(&lines)));
    }

    #[test]
    fn support_never_lowers_the_floor(lines in timeline(), day in 0u32..960, drug in prop::sample::select(vec!["norepinephrine", "epinephrine"])) {
        let day = f64::from(day) / 96.0;
        let before = child(&lines);
        let mut more = lines.clone();
        more.push(format!("{day:.6} {drug} 0.05@extra"));
        let (before, after) = (astct(&before), astct(&child(&more)));
        for step in before.iter().flat_map(|e| &e.course) {
            prop_assert!(floor_at(&after, step.from) >= step.grade.floor(), "at {}: {} < {}", step.from, floor_at(&after, step.from), step.grade.floor());
        }
    }

    #[test]
    fn removing_what_was_observed_never_raises_the_floor(lines in timeline()) {
        for signal in [Signal::Temperature, Signal::SystolicBp, Signal::OxygenDevice, Signal::Acetaminophen] {
            let whole = child(&lines);
            let mut less = whole.clone();
            less.events.retain(|e| e.signal != signal);
            if signal == Signal::OxygenDevice {
                less.events.retain(|e| !matches!(e.signal, Signal::OxygenFlow | Signal::Fio2 | Signal::VentilationIndication));
            }
            let (whole, less) = (extremes(&astct(&whole)), extremes(&astct(&less)));
            prop_assert!(less.floor() <= whole.floor(), "{signal}: {less} after {whole}");
        }
    }

    #[test]
    fn removing_what_was_observed_never_excludes_the_truth(lines in timeline()) {
        // Flow charted on room air contradicts it, and without the flow nothing would be left to contradict.
        let mut lines: Vec<_> = lines.into_iter().filter(|l| !l.ends_with("room_air")).collect();
        // Both records end at one time.
        lines.push("10.1 epinephrine 0".to_owned());
        let whole = child(&lines);
        let truth = astct(&whole).iter().map(|e| e.peak.grade.floor()).max().unwrap_or(0);
        let oxygen = [Signal::OxygenDevice, Signal::OxygenFlow, Signal::Fio2, Signal::VentilationIndication];
        for signals in [&oxygen[..], &oxygen[1..2], &oxygen[3..], &[Signal::SystolicBp], &[Signal::Temperature]] {
            let mut less = whole.clone();
            less.events.retain(|e| !signals.contains(&e.signal));
            let left_open = |e: &Episode| e.notes.contains(&"later-crs-not-excluded");
            let ceiling = astct(&less).iter().map(|e| if left_open(e) { 5 } else { e.peak.grade.ceiling() }).max().unwrap_or(0);
            prop_assert!(ceiling >= truth, "{signals:?}: {ceiling} after {truth}");
        }
    }

    #[test]
    fn without_the_assumption_about_vasopressors_every_record_without_them_is_open(lines in timeline()) {
        let policy = Policy::from_toml("name = \"strict\"\nunlisted_vasopressors = \"unknown\"").unwrap();
        let strict = astct_under(&child(&lines), &policy);
        let usual = astct(&child(&lines));
        prop_assert_eq!(extremes(&strict).floor(), extremes(&usual).floor());
        prop_assert!(extremes(&strict).ceiling() >= extremes(&usual).ceiling());
    }

    #[test]
    fn courses_are_whole_and_peaks_cover_them(lines in timeline()) {
        for episode in astct(&child(&lines)) {
            for pair in episode.course.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
            }
            let floor = episode.course.iter().map(|s| s.grade.floor()).max().unwrap_or(0);
            prop_assert_eq!(episode.peak.grade.floor(), floor);
            for step in &episode.course {
                prop_assert!(step.grade.is_exact() || !step.unstated.is_empty(), "an open grade says what is missing");
                prop_assert!(step.grade.ceiling() == 0 || step.grade.floor() == 0 || !step.because.is_empty(), "a grade has evidence");
            }
            if let (Some(onset), Some(first)) = (episode.onset, episode.course.first()) {
                prop_assert_eq!(onset.at, first.from);
                prop_assert!(onset.after.is_none_or(|after| after < onset.at));
            }
        }
    }
}
