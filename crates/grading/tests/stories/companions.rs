//! What must hold of every companion, for any record.

use crate::common::record;
use barograph_grading::companions::{self, Companion, Options};
use barograph_grading::{Episode, Grade, Graded, Policy, scales};
use barograph_record::{Age, Instant, Origin, Patient, Record, Signal};
use proptest::prelude::*;

/// One charted line at a random half hour of forty days.
fn line() -> impl Strategy<Value = String> {
    let days = (0u32..1920).prop_map(|half| f64::from(half) / 48.0);
    let number = |name: &'static str, values: &'static [&'static str]| {
        prop::sample::select(values).prop_map(move |value| format!("{name} {value}")).boxed()
    };
    let what = prop_oneof![
        4 => number("ice", &["0", "2", "3", "6", "7", "9", "10"]),
        4 => number("capd", &["0", "8", "9", "20", "not-understood"]),
        4 => number("consciousness", &["awake", "voice", "tactile", "unarousable", "not-understood"]),
        1 => number("seizure", &["brief", "prolonged", "repetitive", "nonconvulsive", "not-understood"]),
        1 => number("focal_weakness", &["yes", "no", "not-understood"]),
        1 => number("cerebral_edema", &["focal", "diffuse", "not-understood"]),
        1 => number("sedation", &["yes", "no", "not-understood"]),
        1 => number("encounter", &["start", "end"]),
        8 => number("anc", &["0.05", "0.1", "0.101", "0.5", "0.501", "1.5", "3", "<0.5", ">1"]),
        4 => number("ferritin", &["300", "3000", "10000", "10001", "50000", ">9000"]),
        2 => number("alt", &["20", "200", "400"]),
        2 => number("bilirubin", &["0.5", "3.5", "6"]),
        2 => number("creatinine", &["0.4", "1.3", "5"]),
        2 => number("platelets", &["20", "49", "50", "100", "200"]),
        2 => number("fibrinogen", &["80", "100", "149", "300"]),
        2 => number("d_dimer", &["0.3", "0.8", "3", "9"]),
        2 => number("pt", &["11", "15", "19", "25"]),
        2 => number("temperature", &["36.8", "38.5"]),
        1 => number("systolic_bp", &["60", "100"]),
        1 => number("oxygen_device", &["room_air", "invasive_ventilation"]),
        1 => number("norepinephrine", &["0", "0.1"]),
        1 => number("dialysis", &["yes", "no"]),
        1 => number("dexamethasone", &["5"]),
        1 => number("death", &["yes", "no"]),
        1 => number("reported_grade", &["1 haemophagocytosis", "0 pulmonary edema", "1 developmental delay", "3 bleeding"]),
    ];
    (days, what).prop_map(|(day, what)| format!("{day:.6} {what}"))
}

fn timeline() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(line(), 1..80).prop_map(|lines| lines.into_iter().collect())
}

fn child(age: f64, lines: &[String]) -> Record {
    record(age, &lines.join("\n"))
}

fn crs(record: &Record) -> Graded {
    companions::crs(record, &Policy::default_1().unwrap()).unwrap()
}

fn graded(companion: &dyn Companion, record: &Record) -> Vec<Episode> {
    companion.grade(record, &crs(record), &Options::default_1().unwrap()).episodes
}

fn extremes(episodes: &[Episode]) -> Grade {
    episodes.iter().fold(Grade::NONE, |worst, e| worst.max(e.peak.grade))
}

fn floor_at(episodes: &[Episode], at: Instant) -> u8 {
    episodes.iter().flat_map(|e| &e.course).filter(|s| s.from <= at && at < s.to).map(|s| s.grade.floor()).max().unwrap_or(0)
}

fn named(ids: &[&str]) -> Vec<&'static dyn Companion> {
    ids.iter().map(|id| companions::by_id(id).unwrap()).collect()
}

#[test]
fn ids_are_unique_and_found() {
    for (i, companion) in companions::ALL.iter().enumerate() {
        assert!(companions::by_id(companion.id()).is_some());
        assert!(companions::ALL.iter().skip(i + 1).all(|other| other.id() != companion.id()));
        assert!(scales::by_id(companion.id()).is_none());
        assert!(companion.citation().contains("DOI") && !companion.title().is_empty(), "{}", companion.id());
    }
}

#[test]
fn a_stated_delay_and_a_listed_one_are_the_same() {
    let lines = "0 consciousness awake\n0 capd 10\n0.4 capd 10";
    let icans = companions::by_id("icans-2019").unwrap();
    let said = record(15.0, &format!("0 reported_grade 1 developmental delay\n{lines}"));
    let listed = Options::from_toml("name = \"ours\"\ndevelopmental_delay = [\"p\"]").unwrap();
    let record = record(15.0, lines);
    assert_eq!(extremes(&graded(icans, &record)), Grade::between(0, 4));
    assert_eq!(extremes(&graded(icans, &said)), Grade::exactly(3));
    assert_eq!(extremes(&icans.grade(&record, &crs(&record), &listed).episodes), Grade::exactly(3));
}

#[test]
fn a_patient_of_whom_nothing_is_charted_is_graded_as_unknown() {
    let record = Record { patient: Patient { age: Age::Unknown, ..Patient::new("p") }, events: Vec::new(), ..record(5.0, "") };
    for companion in companions::ALL {
        let episodes = graded(*companion, &record);
        assert_eq!((episodes.len(), episodes[0].number), (1, 0), "{}", companion.id());
        assert_eq!(episodes[0].peak.grade.floor(), 0);
        assert!(episodes[0].peak.grade.ceiling() > 0, "{}", companion.id());
    }
}

proptest! {

    #[test]
    fn courses_are_whole_and_peaks_cover_them(lines in timeline(), age in prop::sample::select(vec![5.0, 12.0, 20.0])) {
        let record = child(age, &lines);
        for companion in companions::ALL {
            let episodes = graded(*companion, &record);
            prop_assert!(!episodes.is_empty());
            for episode in episodes {
                for pair in episode.course.windows(2) {
                    prop_assert_eq!(pair[0].to, pair[1].from);
                }
                let floor = episode.course.iter().map(|s| s.grade.floor()).max().unwrap_or(0);
                prop_assert_eq!(episode.peak.grade.floor(), floor, "{}", companion.id());
                for step in &episode.course {
                    prop_assert!(step.from <= step.to);
                    let open = step.grade.floor() < step.grade.ceiling();
                    prop_assert!(!open || !step.unstated.is_empty(), "{}: an open grade says what is missing", companion.id());
                    prop_assert!(step.grade.floor() == 0 || !step.because.is_empty(), "{}: a grade has evidence", companion.id());
                    if !companion.id().starts_with("icaht") {
                        prop_assert!(step.because.iter().all(|c| c.evidence.at <= step.from), "{}: a step rests on the past", companion.id());
                    }
                }
                if let (Some(onset), Some(first)) = (episode.onset, episode.course.first()) {
                    prop_assert_eq!(onset.at, first.from);
                    prop_assert!(onset.after.is_none_or(|after| after < onset.at));
                }
                let known = |note: &&str| companions::NOTES.iter().any(|(name, _)| name == note);
                prop_assert!(episode.notes.iter().all(known), "{:?}", episode.notes);
            }
        }
    }

    #[test]
    fn a_grade_never_rests_on_the_future(lines in timeline(), cut in 0.0f64..40.0) {
        let record = child(14.0, &lines);
        let cut = Instant::from_days(cut).unwrap();
        let mut early = record.clone();
        early.events.retain(|e| e.at <= cut);
        for companion in named(&["icans-2019", "iec-hs-2023", "carhlh-mdanderson-2018"]) {
            let (whole, early) = (graded(companion, &record), graded(companion, &early));
            for step in early.iter().filter(|e| e.number > 0).flat_map(|e| &e.course).filter(|s| s.from < s.to) {
                prop_assert_eq!(floor_at(&whole, step.from), floor_at(&early, step.from), "{} at {}", companion.id(), step.from);
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(lines in timeline()) {
        let mut reversed = lines.clone();
        reversed.reverse();
        let strip = |episodes: Vec<Episode>| episodes.into_iter().map(|mut e| {
            for cause in e.course.iter_mut().flat_map(|s| std::sync::Arc::make_mut(&mut s.because)) {
                cause.evidence.origin = Origin::default();
            }
            e
        }).collect::<Vec<_>>();
        for companion in companions::ALL {
            let [a, b] = [&lines, &reversed].map(|l| strip(graded(*companion, &child(9.0, l))));
            prop_assert_eq!(a, b, "{}", companion.id());
        }
    }

    #[test]
    fn removing_what_was_observed_never_raises_the_floor(lines in timeline()) {
        use Signal::{Alt, Anc, Bilirubin, Capd, Consciousness, Ferritin, Fibrinogen, Ice, Platelets, Seizure};
        for (id, signals) in [
            ("icans-2019", &[Ice, Capd, Consciousness, Seizure][..]),
            ("iec-hs-2023", &[Ferritin, Alt, Fibrinogen, Platelets, Anc][..]),
            ("carhlh-mdanderson-2018", &[Ferritin, Alt, Bilirubin][..]),
            ("icaht-2023-early", &[Anc][..]),
            ("icaht-2023-late", &[Anc][..]),
        ] {
            let companion = companions::by_id(id).unwrap();
            let whole = child(14.0, &lines);
            let before = extremes(&graded(companion, &whole)).floor();
            for signal in signals {
                let mut less = whole.clone();
                less.events.retain(|e| e.signal != *signal);
                prop_assert!(extremes(&graded(companion, &less)).floor() <= before, "{id} without {signal}");
            }
            // Nor does removing a single count, for a day without one is above the limit at least.
            for event in whole.events.iter().filter(|e| e.signal == Anc && id.starts_with("icaht")) {
                let mut less = whole.clone();
                less.events.retain(|e| e.origin != event.origin);
                prop_assert!(extremes(&graded(companion, &less)).floor() <= before, "{id} without {:?}", event.origin);
            }
        }
    }

    #[test]
    fn what_is_worse_never_lowers_the_floor(lines in timeline(), day in 0u32..1920) {
        let day = f64::from(day) / 48.0;
        for (id, worse) in [
            ("icans-2019", "seizure repetitive"),
            ("icans-2019", "cerebral_edema diffuse"),
            ("icaht-2023-early", "anc 0.01"),
            ("icaht-2023-late", "anc 0.01"),
            ("carhlh-mdanderson-2018", "alt 5000"),
            ("carhlh-mdanderson-2018", "bilirubin 20"),
        ] {
            let companion = companions::by_id(id).unwrap();
            let mut more = lines.clone();
            more.retain(|l| !l.contains("death"));
            let before = graded(companion, &child(14.0, &more));
            more.push(format!("{day:.6} {worse}"));
            let after = graded(companion, &child(14.0, &more));
            // A day has one count, its lowest, so a lower one later in the day begins the step later.
            if id.starts_with("icaht") {
                prop_assert!(extremes(&after).floor() >= extremes(&before).floor(), "{id} with {worse}");
                continue;
            }
            for step in before.iter().flat_map(|e| &e.course).filter(|s| s.from < s.to) {
                prop_assert!(floor_at(&after, step.from) >= step.grade.floor(), "{id} with {worse} at {}", step.from);
            }
        }
    }
}
