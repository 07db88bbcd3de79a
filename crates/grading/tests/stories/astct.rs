//! Stories graded by ASTCT 2019: each rule of the table and each decision of the policy.

use crate::common::{astct, astct_under, peaks, record, well};
use std::fmt::Write as _;

fn peak(age: f64, timeline: &str) -> String {
    peaks(&astct(&record(age, timeline)))
}

/// Fever at day 2 in a child who is otherwise well, then whatever the story adds.
fn febrile(story: &str) -> String {
    format!("{}{}{story}", well(0.0, 1.8, 36.8), well(2.0, 3.0, 38.6))
}

#[test]
fn no_fever_no_crs() {
    assert_eq!(peak(6.0, &well(0.0, 10.0, 36.9)), "0@0");
}

#[test]
fn without_charting_since_infusion_nothing_is_excluded() {
    for story in [String::new(), "3.0 crp 12".to_owned(), well(-2.0, -0.1, 36.8), "-1 norepinephrine 0.1".to_owned()] {
        let episodes = astct(&record(6.0, &story));
        assert_eq!(peaks(&episodes), "0@0-4", "{story}");
        assert!(episodes[0].course[0].unstated.contains(&"temperature"));
    }
}

#[test]
fn fever_alone_is_grade_one() {
    assert_eq!(peak(6.0, &febrile("")), "1@1");
    assert_eq!(peak(6.0, &format!("{}{}", well(0.0, 1.8, 36.8), well(2.0, 2.5, 38.0))), "1@1");
    assert_eq!(peak(6.0, &format!("{}{}", well(0.0, 1.8, 36.8), well(2.0, 2.5, 37.9))), "0@0");
}

#[test]
fn an_axillary_fever_is_remarked_on() {
    let site = |site: &str| astct(&record(6.0, &format!("{}2.0 temperature 38.2 {site}\n{}", well(0.0, 1.8, 36.8), well(2.2, 4.0, 37.0))));
    assert!(site("Axillary left").first().unwrap().notes.contains(&"axillary-temperature"));
    assert!(!site("oral").first().unwrap().notes.contains(&"axillary-temperature"));
}

#[test]
fn a_vasopressor_before_the_fever_is_remarked_on() {
    let story = format!("{}1.2 norepinephrine 0.1\n1.5 norepinephrine 0\n{}", well(0.0, 1.8, 36.8), well(2.0, 3.0, 38.6));
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "1@1");
    assert!(episodes[0].notes.contains(&"hypotension-without-fever"), "{:?}", episodes[0].notes);
}

#[test]
fn the_table_of_oxygen() {
    for (story, expected) in [
        ("2.5 oxygen_device nasal_cannula\n2.5 oxygen_flow 2", "1@2"),
        ("2.5 oxygen_device nasal_cannula\n2.5 oxygen_flow 6", "1@2"),
        ("2.5 oxygen_device nasal_cannula\n2.5 oxygen_flow 6.1", "1@3"),
        ("2.5 oxygen_device nasal_cannula", "1@2-3"),
        ("2.5 oxygen_device blow_by", "1@2"),
        ("2.5 oxygen_device simple_mask\n2.5 oxygen_flow 5", "1@3"),
        ("2.5 oxygen_device venturi_mask", "1@3"),
        ("2.5 oxygen_device non_rebreather", "1@3"),
        ("2.5 oxygen_device high_flow_nasal_cannula\n2.5 oxygen_flow 20", "1@3"),
        ("2.5 oxygen_device high_flow_nasal_cannula\n2.5 oxygen_flow 5", "1@2-3"),
        ("2.5 oxygen_device cpap", "1@4"),
        ("2.5 oxygen_device bipap", "1@4"),
        ("2.5 oxygen_device invasive_ventilation\n2.5 ventilation_indication hypoxia", "1@4"),
        ("2.5 oxygen_device invasive_ventilation\n2.5 ventilation_indication airway_protection", "1@1"),
        ("2.5 oxygen_device invasive_ventilation", "1@1-4"),
        ("2.51 oxygen_flow 3", "1@2-4"),
        ("2.51 spo2 85", "1@1-2"),
    ] {
        let vitals: String = well(2.0, 2.34, 38.6);
        let story = format!("{}{vitals}{story}\n2.6 temperature 38.2\n2.6 systolic_bp 100", well(0.0, 1.8, 36.8));
        assert_eq!(peak(6.0, &story), expected, "{story}");
    }
}

#[test]
fn a_detail_charted_later_settles_the_peak() {
    let vitals: String = well(2.0, 3.5, 38.6).lines().filter(|l| !l.contains("oxygen") || *l < "2.4").map(|l| format!("{l}\n")).collect();
    for (story, expected) in [
        ("2.499 oxygen_flow 2\n2.5 oxygen_device nasal_cannula", "1@2"),
        ("2.499 oxygen_flow 8\n2.5 oxygen_device blow_by", "1@2"),
        ("2.499 oxygen_flow 8", "1@2-4"),
        ("2.5 oxygen_device nasal_cannula\n2.501 oxygen_flow 2", "1@2"),
        ("2.5 oxygen_device nasal_cannula\n2.501 oxygen_flow 8", "1@3"),
        ("2.5 oxygen_device nasal_cannula\n2.501 oxygen_device room_air", "1@2-3"),
        ("2.5 oxygen_device nasal_cannula\n2.6 oxygen_flow 2", "1@2-3"),
        ("2.499 oxygen_flow 2\n2.5 oxygen_device room_air", "1@2-4"),
        ("2.499 oxygen_flow 2", "1@2-4"),
        ("2.5 oxygen_device invasive_ventilation\n2.8 ventilation_indication airway_protection", "1@1"),
        ("2.5 oxygen_device invasive_ventilation\n2.8 ventilation_indication hypoxia", "1@4"),
        ("2.5 oxygen_device invasive_ventilation\n2.8 oxygen_device room_air\n2.9 ventilation_indication airway_protection", "1@1-4"),
        ("2.5 oxygen_device invasive_ventilation\n2.8 attribution pneumonia axis=hypoxia", "1@1-4"),
    ] {
        let story = format!("{}{vitals}{story}", well(0.0, 1.8, 36.8));
        assert_eq!(peak(6.0, &story), expected, "{story}");
    }
}

#[test]
fn the_table_of_vasopressors() {
    for (story, expected) in [
        ("2.5 systolic_bp 70\n2.51 systolic_bp 72", "1@2"),
        ("2.5 systolic_bp 70\n2.51 fluid_bolus 20\n2.53 systolic_bp 100", "1@2"),
        ("2.5 systolic_bp 70\n2.51 systolic_bp 100", "1@1"),
        ("2.5 norepinephrine 0.05\n2.9 norepinephrine 0", "1@3"),
        ("2.5 norepinephrine running\n2.9 norepinephrine 0", "1@3"),
        ("2.5 norepinephrine 0.05\n2.5 vasopressin 0.0005\n2.9 norepinephrine 0\n2.9 vasopressin 0", "1@3"),
        ("2.5 vasopressin 0.0005\n2.9 vasopressin 0", "1@3"),
        ("2.5 milrinone 0.5\n2.5 dobutamine 5", "1@1"),
        ("2.5 norepinephrine 0.05\n2.6 epinephrine 0.02", "1@4"),
        ("2.5 norepinephrine 0.05\n2.6 epinephrine 0.02\n2.63 norepinephrine 0", "1@3"),
        ("2.5 norepinephrine 0.05\n2.6 norepinephrine 0\n2.6 epinephrine 0.02", "1@3"),
        ("2.5 norepinephrine 0.05\n2.6 norepinephrine 0\n2.7 epinephrine 0.02", "1@3"),
        ("2.5 norepinephrine 0.1@bag1\n2.6 norepinephrine 0.1@bag2\n2.6 norepinephrine 0@bag1", "1@3"),
    ] {
        assert_eq!(peak(6.0, &febrile(story)), expected, "{story}");
    }
}

#[test]
fn the_sixty_minutes_of_overlap() {
    let story = |minutes: f64| format!("2.5 norepinephrine 0.05\n2.6 epinephrine 0.02\n{:.6} norepinephrine 0", 2.6 + minutes / 1440.0);
    assert_eq!(peak(6.0, &febrile(&story(59.0))), "1@3");
    assert_eq!(peak(6.0, &febrile(&story(61.0))), "1@4");
}

#[test]
fn a_four_year_old_at_eighty() {
    let story = febrile("2.5 systolic_bp 80\n2.52 systolic_bp 80");
    assert_eq!(peak(4.0, &story), "1@1", "PALS: 78");
    let goldstein = barograph_grading::Policy::from_toml("name = \"g\"\nhypotension_set = \"goldstein-2005\"").unwrap();
    let healthy = story.replace("systolic_bp 105", "systolic_bp 110");
    assert_eq!(peaks(&astct_under(&record(4.0, &healthy), &goldstein)), "1@2", "Goldstein: 94");
}

#[test]
fn oxygen_never_charted_opens_the_ceiling() {
    let story: String = febrile("").lines().filter(|l| !l.contains("oxygen") && !l.contains("spo2")).map(|l| format!("{l}\n")).collect();
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "1@1-4");
    assert_eq!(episodes[0].course[0].unstated[..], ["oxygen"]);
}

#[test]
fn a_sign_of_circulation_without_any_pressure_shows_no_resolution() {
    let story: String = febrile("").lines().filter(|l| !l.contains("systolic_bp")).map(|l| format!("{l}\n")).collect();
    let episodes = astct(&record(6.0, &format!("{story}2.0 milrinone 0\n6.0 temperature 36.8")));
    assert_eq!(peaks(&episodes), "1@1-2");
    assert_eq!(episodes[0].resolved, None);
}

#[test]
fn hours_without_charting_at_the_onset_are_a_gap_like_any_other() {
    let story = |day: f64| format!("2.0 temperature 39.0\n{}", well(day, 3.5, 38.5));
    assert_eq!(peak(6.0, &story(2.04)), "1@1", "within the hour");
    assert_eq!(peak(6.0, &story(2.4)), "1@1-4", "ten hours later");
}

#[test]
fn pressures_every_eight_hours_leave_gaps() {
    let mut story = well(0.0, 1.9, 36.8).replace("systolic_bp 105", "spo2 97");
    let mut day = 0.0;
    while day < 4.0 {
        writeln!(story, "{day:.4} systolic_bp 105").unwrap();
        day += 1.0 / 3.0;
    }
    story += &well(2.0, 3.5, 38.4).lines().filter(|l| !l.contains("systolic")).map(|l| format!("{l}\n")).collect::<String>();
    let story: String = {
        let mut seen = std::collections::BTreeSet::new();
        story.lines().filter(|l| seen.insert(l.to_string())).map(|l| format!("{l}\n")).collect()
    };
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "1@1-2");
    assert!(episodes[0].gaps.iter().all(|g| g.unstated == ["blood pressure"]));
    assert!(!episodes[0].gaps.is_empty());
}

#[test]
fn fever_is_waived_after_tocilizumab() {
    let story = febrile("2.6 tocilizumab 240\n2.8 norepinephrine 0.1\n5.9 norepinephrine 0\n") + &well(3.2, 8.0, 36.8);
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "1@3");
    let at = |day: f64| episodes[0].course.iter().rfind(|s| s.from.days() <= day).unwrap();
    assert_eq!(at(5.0).grade.floor(), 3, "afebrile for a day and still on norepinephrine");
    assert!(at(5.0).because.iter().any(|c| c.describe().contains("waived")));
    assert_eq!(episodes[0].resolved.map(|r| (r.at.days(), r.last_sign.days())), Some((6.9, 5.9)));
}

#[test]
fn a_waiver_does_not_outlive_an_episode_that_may_have_ended_unnoticed() {
    let story = |day: f64| {
        let charted = febrile(&format!("2.6 tocilizumab 240\n{day} norepinephrine 0.1\n")) + &well(3.2, 9.0, 36.8);
        charted.lines().filter(|l| !l.contains("oxygen")).map(|l| format!("{l}\n")).collect::<String>()
    };
    // The last fever is of day 3.0, and without oxygen charted nothing shows that CRS resolved.
    assert_eq!(peak(6.0, &story(5.9)), "1@3-4");
    assert_eq!(peak(6.0, &story(6.1)), "1@1-4", "a day to resolution and two days more have gone by");
    let again = story(6.1) + "6.0 temperature 38.5\n6.05 tocilizumab 240";
    assert_eq!(peak(6.0, &again), "1@3-4", "fever and treatment anew");
}

#[test]
fn without_treatment_the_waiver_does_not_begin() {
    let story = febrile("2.8 norepinephrine 0.1\n5.9 norepinephrine 0\n") + &well(3.2, 8.0, 36.8);
    let episodes = astct(&record(6.0, &story));
    let at = |day: f64| episodes[0].course.iter().rfind(|s| s.from.days() <= day).unwrap();
    assert_eq!((at(5.0).grade.floor(), at(5.0).grade.ceiling()), (0, 3));
    assert_eq!(at(5.0).unstated[..], ["antipyretic or anticytokine treatment"]);
}

#[test]
fn a_drug_before_crs_waives_nothing() {
    let story = format!("{}1.0 acetaminophen 240\n1.5 norepinephrine 0.1\n2.5 norepinephrine 0", well(0.0, 5.0, 36.8));
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "0@0");
    assert!(episodes[0].notes.contains(&"hypotension-without-fever"), "{:?}", episodes[0].notes);
    let masked = format!("{}1.4 acetaminophen 240\n1.5 norepinephrine 0.1\n2.5 norepinephrine 0", well(0.0, 5.0, 36.8));
    let episodes = astct(&record(6.0, &masked));
    assert_eq!(peaks(&episodes), "0@0-3");
    assert!(episodes[0].notes.contains(&"fever-may-be-masked"));
}

#[test]
fn onset_is_an_interval_and_late_onset_is_remarked_on() {
    let story = format!("{}{}", well(0.0, 16.9, 36.8), well(17.0, 17.5, 38.4));
    let episodes = astct(&record(6.0, &story));
    let onset = episodes[0].onset.unwrap();
    assert_eq!(onset.at.days(), 17.0);
    assert!((onset.after.unwrap().days() - 16.8333).abs() < 1e-3);
    assert!(episodes[0].notes.contains(&"onset-after-day-14"));
}

#[test]
fn sepsis_takes_its_signs_away() {
    let story = febrile("2.5 attribution sepsis axis=hypotension\n2.5 norepinephrine 0.1\n2.9 norepinephrine 0");
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "1@1");
    assert!(episodes[0].notes.contains(&"attributed-to-other-cause"));
    let back = febrile("2.5 attribution hypotension sepsis\n2.5 norepinephrine 0.1\n2.7 attribution hypotension crs\n2.9 norepinephrine 0");
    assert_eq!(peak(6.0, &back), "1@3", "given back to CRS");
    let not = febrile("2.5 attribution hypotension not-CRS\n2.5 norepinephrine 0.1\n2.9 norepinephrine 0");
    assert_eq!(peak(6.0, &not), "1@1");
    let all = format!("{}{}", "2.0 attribution sepsis\n", febrile("2.5 norepinephrine 0.1"));
    assert_eq!(peak(6.0, &all), "0@0");
}

#[test]
fn only_a_plain_cause_attributes_a_sign_away() {
    // Fever, a vasopressor and a cannula at 2 L/min: grade 3, and 2 where hypotension alone is attributed away.
    let under = |words: &str| {
        let vitals: String = well(2.0, 3.5, 38.6).lines().filter(|l| !l.contains("oxygen")).map(|l| format!("{l}\n")).collect();
        let support = "2.4 norepinephrine 0.1\n2.9 norepinephrine 0\n2.0 oxygen_device room_air\n2.4 oxygen_device nasal_cannula\n2.4 oxygen_flow 2\n";
        peak(6.0, &format!("{}{vitals}{support}2.0 attribution {words}", well(0.0, 1.8, 36.8)))
    };
    for open in [
        "hypotension: CRS, not sepsis",
        "hypotension, not attributable to infection",
        "hypotension not attributable to infection",
        "hypotension, CRS or sepsis",
        "hypotension, CRS with infection",
        "hypotension, CRS excluded, sepsis",
        "hypotension, possible sepsis",
        "hypotension, cytokine storm",
        "cytokine storm",
        "hypotension",
        "raised intracranial pressure",
    ] {
        assert_eq!(under(open), "1@3", "{open}");
    }
    for hypotension in
        ["hypotension, respiratory sepsis", "hypotension: sepsis", "hypotension due to septic shock", "sepsis axis=hypotension"]
    {
        assert_eq!(under(hypotension), "1@2", "{hypotension}");
    }
    let both = "hypotension, sepsis\n2.1 attribution hypotension";
    assert_eq!(under(&format!("{both}, CRS excluded, sepsis")), "1@2", "not given back");
    assert_eq!(under(&format!("{both}: CRS, not sepsis")), "1@3", "given back");
}

#[test]
fn fever_of_another_cause_leaves_the_pressure_alone() {
    let story = "2.2 tocilizumab 160\n2.3 attribution fever, septic shock\n2.5 norepinephrine 0.1\n2.9 norepinephrine 0";
    assert_eq!(peak(6.0, &febrile(story)), "1@3");
}

#[test]
fn recurrence_after_resolution() {
    let story = format!(
        "{}{}{}{}{}",
        well(0.0, 1.8, 36.8),
        well(2.0, 3.0, 38.6),
        well(3.2, 7.9, 36.8),
        well(8.0, 8.5, 39.0),
        well(8.7, 11.0, 36.9)
    );
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "1@1 2@1");
    assert_eq!(episodes[0].resolved.map(|r| r.at.days()), Some(4.0));
    assert_eq!(episodes[1].onset.map(|o| o.at.days()), Some(8.0));
}

#[test]
fn return_within_two_days_is_the_same_episode() {
    let story =
        format!("{}{}{}{}{}", well(0.0, 1.8, 36.8), well(2.0, 3.0, 38.6), well(3.1, 5.0, 36.8), well(5.1, 5.4, 38.2), well(5.5, 8.0, 36.8));
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "1@1");
    let resolved = episodes[0].resolved.unwrap().at.days();
    assert!((resolved - 6.2667).abs() < 1e-3, "{resolved}");
}

#[test]
fn deaths() {
    for (story, expected) in [
        ("3.0 death yes CRS", "1@5"),
        ("3.0 death yes", "1@1-5"),
        ("3.0 death yes multi-organ failure", "1@1-5"),
        ("3.0 death yes fungal sepsis", "1@1"),
    ] {
        assert_eq!(peak(6.0, &febrile(story)), expected, "{story}");
    }
    assert_eq!(peak(6.0, &(well(0.0, 3.0, 36.8) + "3.0 death yes CRS")), "1@5");
}

#[test]
fn only_a_plain_wording_is_certain_of_the_cause_of_death() {
    for (expected, causes) in [
        (
            "1@5",
            "CRS|cytokine release syndrome|Cytokine Release Syndrome (CRS)|due to CRS|attributed to severe CRS|organ failure due to CRS",
        ),
        ("1@1", "not CRS|unrelated to CRS|sepsis, not CRS|sepsis, CRS excluded|sepsis rather than CRS|fungal pneumonia|relapse|ICANS"),
        (
            "1@1-5",
            "CRS unlikely|leukaemia progression after CRS|progression; CRS resolved|CRS not excluded|not CRS alone|not unrelated to CRS",
        ),
        ("1@1-5", "possible CRS|CRS?|sepsis or CRS|Infection complicating CRS|CRS and infection|sepsis, not CRS alone|CRS ruled out?"),
        ("1@1-5", "CRS without infection|CRS with organ failure, not infection|no infection|possible sepsis|sepsis?|cytokine storm"),
        ("1@1-5", "undetermined|pending autopsy|not determined|unspecified|toxicity|MODS|cardiopulmonary arrest|progressive shock"),
        ("1@1-5", "treatment-related mortality|capillary leak syndrome|unknown|refractory shock"),
    ] {
        for cause in causes.split('|') {
            assert_eq!(peak(6.0, &febrile(&format!("3.0 death yes {cause}"))), expected, "{cause}");
        }
    }
    for cause in ["CRS ruled out", "no sign of CRS"] {
        assert_eq!(peak(6.0, &febrile(&format!("3.0 death yes {cause}"))), "1@1", "{cause}");
    }
}

#[test]
fn death_ends_the_record_once() {
    let story = febrile("3 death yes CRS\n100 encounter end");
    assert_eq!(peak(6.0, &story), "1@5");
    assert_eq!(peak(6.0, "3 death yes CRS\n100 encounter end"), "1@5");
}

#[test]
fn what_is_charted_after_a_death_grades_nothing_and_is_told() {
    let lives_on = febrile("1.5 death yes relapse");
    let episodes = astct(&record(6.0, &lives_on));
    assert_eq!(peaks(&episodes), "0@0", "fever begins on day 2");
    assert!(episodes[0].notes.contains(&"charted-after-death"), "{:?}", episodes[0].notes);
    assert_eq!(episodes[0].course.last().unwrap().to.days(), 1.5);
    let paperwork = format!("{}1.5 death yes relapse\n1.6 norepinephrine 0\n1.7 encounter end\n1.8 platelets 20", well(0.0, 1.5, 36.8));
    let episodes = astct(&record(6.0, &paperwork));
    assert!(!episodes[0].notes.contains(&"charted-after-death"), "{:?}", episodes[0].notes);
    // A death before infusion is a mistyped time, and excludes nothing.
    assert_eq!(peak(6.0, &(well(-2.0, -1.5, 36.8) + "-1 death yes relapse\n" + &well(0.0, 3.0, 36.8))), "0@0-4");
}

#[test]
fn support_at_home_is_subtracted() {
    let bipap = febrile("0 baseline_support bipap\n2.5 oxygen_device bipap\n2.9 oxygen_device room_air");
    let bipap: String = bipap.lines().filter(|l| !l.ends_with("room_air") || l.starts_with("2.9 ")).map(|l| format!("{l}\n")).collect();
    assert_eq!(peaks(&astct(&record(6.0, &("0 oxygen_device room_air\n".to_owned() + &bipap)))), "1@1");
    let cannula = "0 baseline_support nasal_cannula 1 L/min\n0 oxygen_device nasal_cannula\n0 oxygen_flow 1\n";
    let vitals: String = febrile("").lines().filter(|l| !l.contains("room_air")).map(|l| format!("{l}\n")).collect();
    assert_eq!(peak(6.0, &format!("{cannula}{vitals}")), "1@1");
    assert_eq!(peak(6.0, &format!("{cannula}{vitals}2.5 oxygen_flow 3\n")), "1@2");
}

#[test]
fn a_discharge_ends_what_held() {
    let story = format!(
        "0 encounter start\n{}2.5 oxygen_device nasal_cannula\n2.5 oxygen_flow 2\n3.1 encounter end\n9.0 encounter start\n{}",
        febrile(""),
        well(9.0, 11.0, 36.8)
    );
    let story: String = story
        .lines()
        .filter(|l| !(l.starts_with("2.6") || l.starts_with("2.8") || l.starts_with("3.0")) || !l.contains("room_air"))
        .map(|l| format!("{l}\n"))
        .collect();
    let episodes = astct(&record(6.0, &story));
    assert_eq!(peaks(&episodes), "1@2");
}

#[test]
fn of_a_cuff_beside_an_arterial_line_the_lower_counts_and_the_higher_interrupts_nothing() {
    let both = |day: f64, line: u32, cuff: u32| format!("{day} systolic_bp {line}\n{day} systolic_bp {cuff}\n");
    let twice_low = format!("{}{}", both(2.25, 76, 104), both(2.26, 74, 131));
    assert_eq!(peak(6.0, &febrile(&twice_low)), "1@2");
    let once_low = format!("{}{}", both(2.25, 76, 104), both(2.26, 95, 131));
    assert_eq!(peak(6.0, &febrile(&once_low)), "1@1");
    // Two pressures of one instant are not two in a row.
    assert_eq!(peak(6.0, &febrile(&both(2.25, 76, 78))), "1@1");
}

#[test]
fn two_temperatures_at_the_minute_of_onset_leave_the_earlier_normal_one_as_its_bound() {
    let story = format!("{}2.0 temperature 37.4\n2.0 temperature 38.4\n", well(0.0, 1.8, 36.8));
    let onset = astct(&record(6.0, &story))[0].onset.unwrap();
    assert_eq!(onset.at.days(), 2.0);
    assert!((onset.after.unwrap().days() - 1.6667).abs() < 1e-3, "{onset:?}");
}

#[test]
fn a_stop_charted_after_the_discharge_does_not_call_the_patient_back() {
    let story = |late: &str| {
        format!("0 encounter start\n{}3.0 encounter end\n{late}90 encounter start\n{}", well(0.0, 3.0, 36.8), well(90.0, 91.0, 36.8))
    };
    assert_eq!(peak(6.0, &story("")), "0@0");
    assert_eq!(peak(6.0, &story("3.02 norepinephrine 0\n")), "0@0");
    // A rate charted after it does.
    assert_eq!(peak(6.0, &story("3.02 norepinephrine 0.1\n")), "0@0-4");
}

#[test]
fn a_record_that_ends_with_a_discharge_has_no_step_after_it() {
    let story = format!("0 encounter start\n{}3.2 encounter end\n", febrile("2.5 oxygen_device nasal_cannula\n2.5 oxygen_flow 2\n"));
    let episodes = astct(&record(6.0, &story));
    assert!(episodes[0].course.iter().all(|s| s.observed && s.from < s.to), "{:#?}", episodes[0].course);
    assert!(!episodes[0].notes.contains(&"not-observed-throughout"));
}

#[test]
fn a_low_pressure_is_called_hypotension_only_once_confirmed() {
    let story = "2.1 oxygen_device nasal_cannula\n2.1 oxygen_flow 2\n2.2 systolic_bp 70\n2.25 systolic_bp 104\n2.4 systolic_bp 70\n2.45 systolic_bp 71\n";
    let vitals = format!("{}2.0 temperature 38.6\n2.0 systolic_bp 104\n{story}2.5 temperature 38.6\n", well(0.0, 1.8, 36.8));
    let episodes = astct(&record(6.0, &vitals));
    // The cannula makes it grade 2 throughout; the pressures are told as what they are.
    let told = |s: &barograph_grading::Step| s.because.iter().map(|c| c.role).find(|r| r.contains("pressure") || *r == "hypotension");
    let roles: Vec<_> = episodes[0].course.iter().skip(1).map(told).collect();
    let suspected = Some("low pressure, not confirmed");
    assert_eq!(roles, [None, suspected, None, suspected, Some("hypotension")]);
}
