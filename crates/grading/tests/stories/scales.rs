//! All scales under other policies than the default, and what must hold of each for any record.

use crate::common::{peaks, record, well};
use crate::properties::{child, extremes, timeline};
use barograph_grading::{Episode, Policy, grade, scales};
use barograph_record::{Record, Signal};
use proptest::prelude::*;

fn by(scale: &str, record: &Record, policy: &Policy) -> Vec<Episode> {
    grade(record, policy, scales::by_id(scale)).remove(0).episodes
}

fn policy(decisions: &str) -> Policy {
    Policy::from_toml(&format!("name = \"ours\"\n{decisions}")).unwrap()
}

/// Fever at day 2 in a child of 20 kg who is otherwise well, then whatever the story adds.
fn febrile(story: &str) -> Record {
    record(6.0, &format!("{}{}{story}", well(0.0, 1.8, 36.8), well(2.0, 3.0, 38.6)))
}

#[test]
fn a_death_of_unstated_cause_may_be_grade_5_wherever_crs_was_not_excluded() {
    let ours = Policy::default_1().unwrap();
    let without = |what: &str| -> String {
        let lines = well(0.0, 3.0, 36.8);
        lines.lines().filter(|line| !line.contains(what)).fold(String::new(), |text, line| text + line + "\n")
    };
    for scale in scales::ALL {
        let peak = |story: &str| peaks(&by(scale.id(), &record(6.0, &format!("{story}3.0 death yes")), &ours));
        assert_eq!(peak(""), "0@0-5", "nothing else by {}", scale.id());
        assert_eq!(peak(&without("temperature")), "0@0-5", "no temperature by {}", scale.id());
        assert_eq!(peak(&well(0.0, 3.0, 36.8)), "0@0", "well by {}", scale.id());
    }
}

#[test]
fn a_flow_through_an_unknown_device_may_be_the_support_at_home() {
    let ours = Policy::default_1().unwrap();
    let room = well(0.0, 1.8, 36.8) + &well(2.0, 3.0, 38.6);
    let vitals: String = room.lines().filter(|line| !line.contains("oxygen")).fold(String::new(), |text, line| text + line + "\n");
    for (home, flow, astct, lee) in [
        ("nasal_cannula 2 L/min", "oxygen_flow 2", "1@1-4", "1@1-4"),
        ("nasal_cannula", "oxygen_flow 2", "1@1-4", "1@1-4"),
        ("cpap", "oxygen_flow 8", "1@1-4", "1@1-4"),
        ("nasal_cannula 2 L/min", "fio2 30", "1@1-4", "1@1-4"),
        ("nasal_cannula 2 L/min", "oxygen_flow 3", "1@2-4", "1@2-4"),
        ("room_air", "oxygen_flow 2", "1@2-4", "1@2-4"),
    ] {
        let record = record(6.0, &format!("0 baseline_support {home}\n{vitals}0 {flow}"));
        assert_eq!(peaks(&by("astct-2019", &record, &ours)), astct, "{home}, {flow}");
        assert_eq!(peaks(&by("lee-2014", &record, &ours)), lee, "{home}, {flow} by Lee");
    }
    let known = record(6.0, &format!("0 baseline_support nasal_cannula 2 L/min\n{vitals}0 oxygen_flow 2\n0 oxygen_device nasal_cannula"));
    assert_eq!(peaks(&by("astct-2019", &known, &ours)), "1@1");
}

#[test]
fn what_ran_before_the_infusion_has_its_policy() {
    let ours = |value: &str| policy(&format!("support_before_infusion = \"{value}\""));
    let vitals: String =
        well(-0.5, 2.0, 36.8).lines().filter(|line| !line.contains("oxygen")).fold(String::new(), |text, line| text + line + "\n");
    let record = |story: &str| record(6.0, &format!("{vitals}{story}"));
    let oxygen = record("-1 oxygen_device nasal_cannula\n-1 oxygen_flow 2\n1.5 oxygen_device nasal_cannula\n1.5 oxygen_flow 2");
    let masked = record("-1 oxygen_device simple_mask\n-1 fio2 40\n1 fio2 60");
    let pressor = record("-1 oxygen_device room_air\n-0.5 norepinephrine 0.05\n1 norepinephrine 0.05");
    for (value, by_oxygen, by_fraction, by_pressor) in
        [("left-out", "0@0", "1@3", "0@0"), ("undecided", "0@0-2", "1@3", "0@0-2"), ("graded", "1@2", "1@3", "1@2")]
    {
        let found = [&oxygen, &masked, &pressor].map(|record| peaks(&by("lee-2014", record, &ours(value))));
        assert_eq!(found, [by_oxygen, by_fraction, by_pressor], "{value}");
    }
}

#[test]
fn a_pushed_vasopressor_has_its_policy() {
    let story = |push: &str| febrile(&format!("2.5 vasopressor_push {push}"));
    for (decisions, phenylephrine, vasopressin, unknown) in [
        ("", "1@1-3", "1@1-3", "1@1-3"),
        ("vasopressor_push = \"vasopressor\"", "1@3", "1@3", "1@1-3"),
        ("vasopressor_push = \"not-counted\"", "1@1", "1@1", "1@1"),
        ("sole_vasopressin = \"not-counted\"", "1@1-3", "1@1", "1@1-3"),
        ("counted_vasopressors = [\"norepinephrine\"]", "1@1", "1@1-3", "1@1-3"),
    ] {
        let found = ["phenylephrine", "vasopressin", "something"].map(|push| peaks(&by("astct-2019", &story(push), &policy(decisions))));
        assert_eq!(found, [phenylephrine, vasopressin, unknown], "{decisions}");
    }
    // The low pressure that it treats is what is certain, and stands among the facts.
    let treated = febrile("2.5 systolic_bp 70\n2.501 vasopressor_push phenylephrine");
    for (decisions, expected) in [
        ("", vec!["fever", "hypotension", "vasopressor push"]),
        ("vasopressor_push = \"vasopressor\"", vec!["fever", "vasopressor push"]),
        ("vasopressor_push = \"not-counted\"", vec!["fever", "hypotension"]),
    ] {
        let episodes = by("astct-2019", &treated, &policy(decisions));
        let step = episodes[0].course.iter().rfind(|step| step.from.days() < 2.502).unwrap();
        assert_eq!(step.because.iter().map(|cause| cause.role).collect::<Vec<_>>(), expected, "{decisions}");
    }
    // How long it stands.
    let course = |minutes: f64| {
        let episodes = by("astct-2019", &story("phenylephrine"), &policy(&format!("vasopressor_push_minutes = {minutes}")));
        let open = episodes[0].course.iter().filter(|step| step.grade.ceiling() == 3);
        open.map(|step| ((step.to - step.from).hours() * 60.0).round()).sum::<f64>()
    };
    assert_eq!((course(60.0), course(15.0)), (60.0, 15.0));
}

proptest! {
    #[test]
    fn unchanged_support_from_before_the_infusion_raises_no_floor(lines in timeline()) {
        // Norepinephrine that runs on as it did is like an inotrope that no scale counts, charted at the same hours.
        let lines: Vec<_> = lines.into_iter().filter(|l| !l.contains("norepinephrine") && !l.contains("milrinone") && !l.contains("encounter")).collect();
        let with = |drug: &str| {
            let rows = ["-1.0 X 0.05@before", "0.5 X 0.05@before", "10.5 X 0@before"].map(|row| row.replace('X', drug));
            child(&[&lines[..], &rows].concat())
        };
        let (whole, more) = (with("milrinone"), with("norepinephrine"));
        let ours = Policy::default_1().unwrap();
        for scale in ["astct-2019", "lee-2014", "cartox-2018"] {
            let (less, more) = (by(scale, &whole, &ours), by(scale, &more, &ours));
            prop_assert!(extremes(&more).floor() <= extremes(&less).floor(), "{scale}: {} after {}", extremes(&more), extremes(&less));
        }
    }
}

#[test]
fn organ_toxicity_counts_where_the_limits_are_given() {
    let limits = policy("organ_toxicity = \"graded\"\nuln_alt = 40\nuln_ast = 40\nuln_bilirubin = 1\nuln_creatinine = 0.5");
    let normal = "alt 30\nast 30\nbilirubin 0.5\ncreatinine 0.3";
    for (toxic, lee, penn, mahadeo, ctcae) in [
        ("alt 120", "1@1", "1@1", "1@1", "1@1"),
        ("alt 121", "1@2", "1@1", "1@2", "1@1"),
        ("ast 201", "1@3", "1@2", "1@3", "1@1"),
        ("ast 801", "1@3", "1@3", "1@3", "1@1"),
        ("bilirubin 1.6", "1@2", "1@1", "1@2", "1@1"),
        ("bilirubin 3.1", "1@3", "1@2", "1@3", "1@1"),
        ("bilirubin 10.1", "1@4", "1@3", "1@4", "1@1"),
        ("creatinine 0.76", "1@2", "1@2", "1@2", "1@1"),
        ("creatinine 1.51", "1@3", "1@3", "1@3", "1@1"),
        ("creatinine 3.01", "1@4", "1@3", "1@4", "1@1"),
        ("creatinine >1.51", "1@3-4", "1@3", "1@3-4", "1@1"),
    ] {
        let lines: String = normal.lines().map(|lab| format!("1.5 {lab}\n")).collect();
        let record = febrile(&format!("{lines}2.5 {toxic}"));
        for (scale, expected) in [("lee-2014", lee), ("penn-2014", penn), ("mahadeo-2019", mahadeo), ("ctcae-5.0", ctcae)] {
            assert_eq!(peaks(&by(scale, &record, &limits)), expected, "{toxic} by {scale}");
        }
        assert_eq!(peaks(&by("lee-2014", &record, &Policy::default_1().unwrap())), "1@1", "{toxic} without limits");
    }
}

#[test]
fn laboratory_values_that_are_graded_and_missing_open_the_ceiling() {
    let limits = policy("organ_toxicity = \"graded\"\nuln_creatinine = 0.5");
    assert_eq!(peaks(&by("lee-2014", &febrile(""), &limits)), "1@1-4");
    assert_eq!(peaks(&by("penn-2014", &febrile(""), &limits)), "1@1-3");
    let well = record(6.0, &format!("{}2.5 creatinine 5", well(0.0, 5.0, 36.8)));
    assert_eq!(peaks(&by("lee-2014", &well, &limits)), "0@0", "toxicity without any sign of CRS");
}

#[test]
fn doses_of_lee_can_be_scaled_and_say_so() {
    let story = febrile("2.5 norepinephrine 0.3\n2.9 norepinephrine 0");
    assert_eq!(peaks(&by("lee-2014", &story, &Policy::default_1().unwrap())), "1@2");
    let scaled = by("lee-2014", &story, &policy("lee_dose_basis = \"per-kg-70\""));
    assert_eq!(peaks(&scaled), "1@3");
    assert!(scaled[0].notes.contains(&"doses-scaled-to-weight"));
}

#[test]
fn a_sign_soon_after_the_end_continues_the_episode() {
    // On the Penn scale oxygen does not hold CRS open, but hypoxia half a day after its end is no new syndrome either.
    let story = "0 systolic_bp 100\n5.3 temperature 38\n8.3 temperature 36.5\n8.8 oxygen_device nasal_cannula";
    let episodes = by("penn-2014", &record(6.0, story), &Policy::default_1().unwrap());
    assert_eq!((episodes.len(), episodes[0].peak.grade.floor()), (1, 3));
}

#[test]
fn support_that_runs_for_ages_is_graded_at_once() {
    // Grading stops where an answer changes by itself, and under support none does: a stop each day would take years here.
    let mut record = record(6.0, "0 norepinephrine 0.05\n1 temperature 39\n1 oxygen_device nasal_cannula\n2 spo2 97");
    if let Some(last) = record.events.last_mut() {
        last.at = barograph_record::Instant::from_ms(i64::MAX);
    }
    for graded in grade(&record, &Policy::default_1().unwrap(), scales::ALL.iter().copied()) {
        assert!(!graded.episodes.is_empty(), "{}", graded.scale);
    }
}

#[test]
fn each_ambiguity_has_its_policy() {
    let bipap = "2.5 oxygen_device bipap\n2.5 fio2 30\n2.9 oxygen_device room_air";
    let several = "2.5 norepinephrine 0.05\n2.5 epinephrine 0.02\n2.9 norepinephrine 0\n2.9 epinephrine 0";
    let vasopressin = "2.5 norepinephrine 0.05\n2.5 vasopressin 0.0005\n2.9 norepinephrine 0\n2.9 vasopressin 0";
    let bolus = "2.5 systolic_bp 70\n2.505 fluid_bolus 10\n2.52 systolic_bp 100";
    let high = "2.5 norepinephrine 0.3\n2.9 norepinephrine 0";
    for (scale, story, decision, expected) in [
        ("lee-2014", bipap, "noninvasive_ventilation = \"ventilator\"", "1@4"),
        ("mskcc-2018", bipap, "noninvasive_ventilation = \"oxygen\"", "1@2"),
        ("penn-2014", bipap, "noninvasive_ventilation = \"ventilator\"", "1@3"),
        ("ctcae-5.0", several, "ctcae5_several_vasopressors = \"3\"", "1@3"),
        ("ctcae-5.0", several, "ctcae5_several_vasopressors = \"3-4\"", "1@3-4"),
        ("lee-2014", vasopressin, "vasopressin_among_several = false", "1@2"),
        ("penn-2014", bolus, "penn_single_bolus = \"2-3\"", "1@2-3"),
        ("penn-2014", bolus, "several_boluses = 1", "1@3"),
        ("penn-2014", "", "penn_fever_in_hospital = \"1-2\"", "1@1-2"),
        ("mskcc-2018", bolus, "mskcc_fluids = \"2\"", "1@2"),
        ("mahadeo-2019", high, "mahadeo_dose_table = \"lee-2014\"", "1@2"),
        ("mahadeo-2019", high, "mahadeo_dose_table = \"penn-2014\"", "1@3"),
        ("penn-2014", high, "high_dose_hours = 12", "1@3"),
        ("cartox-2018", several, "persistent_hypotension = \"undecided\"", "1@3-4"),
        ("penn-2014", "2.5 ffp 200", "penn_blood_product_hours = 0", "1@1"),
    ] {
        let vitals: String = well(2.0, 3.0, 38.6).lines().filter(|l| !l.contains("oxygen")).map(|l| format!("{l}\n")).collect();
        let record = record(6.0, &format!("{}2.0 oxygen_device room_air\n{vitals}{}", well(0.0, 1.8, 36.8), story));
        assert_eq!(peaks(&by(scale, &record, &policy(decision))), expected, "{scale} with {decision}");
    }
}

proptest! {

    #[test]
    fn what_was_never_charted_widens_every_scale(lines in timeline()) {
        let policy = Policy::default_1().unwrap();
        for signal in [Signal::Temperature, Signal::SystolicBp, Signal::OxygenDevice, Signal::Norepinephrine] {
            let whole = child(&lines);
            let mut less = whole.clone();
            less.events.retain(|e| e.signal != signal);
            if signal == Signal::OxygenDevice {
                less.events.retain(|e| !matches!(e.signal, Signal::OxygenFlow | Signal::Fio2 | Signal::VentilationIndication));
            }
            for scale in scales::ALL {
                let (whole, less) = (extremes(&by(scale.id(), &whole, &policy)), extremes(&by(scale.id(), &less, &policy)));
                prop_assert!(less.floor() <= whole.floor(), "{} without {signal}: {less} after {whole}", scale.id());
            }
        }
    }

    #[test]
    fn every_course_is_whole_and_has_its_reasons(lines in timeline()) {
        let record = child(&lines);
        for graded in grade(&record, &Policy::default_1().unwrap(), scales::ALL.iter().copied()) {
            for episode in &graded.episodes {
                for pair in episode.course.windows(2) {
                    prop_assert_eq!(pair[0].to, pair[1].from);
                }
                let floor = episode.course.iter().map(|s| s.grade.floor()).max().unwrap_or(0);
                prop_assert_eq!(episode.peak.grade.floor(), floor, "{}", graded.scale);
                for step in &episode.course {
                    prop_assert!(step.grade.is_exact() || !step.unstated.is_empty(), "{}: an open grade says what is missing", graded.scale);
                    prop_assert!(step.grade.floor() == 0 || !step.because.is_empty(), "{}: a grade has evidence", graded.scale);
                }
                if let (Some(onset), Some(first)) = (episode.onset, episode.course.first()) {
                    prop_assert_eq!(onset.at, first.from, "{}", graded.scale);
                    prop_assert!(onset.after.is_none_or(|after| after < onset.at));
                }
            }
        }
    }

    #[test]
    fn no_sign_goes_without_an_episode(lines in timeline()) {
        let record = child(&lines);
        for graded in grade(&record, &Policy::default_1().unwrap(), scales::ALL.iter().copied()) {
            let outside = graded.episodes.iter().filter(|e| e.number == 0);
            for step in outside.flat_map(|e| &e.course) {
                prop_assert_eq!(step.grade.floor(), 0, "{}", graded.scale);
            }
        }
    }
}
