//! What is counted, and what is left out.

use crate::children::{fever, graded, hundred, number, record};
use barograph_cohort::{Concordance, Report};
use barograph_grading::{Grade, Graded};
use barograph_record::{Instant, Signal};
use barograph_statistics::NotDefined;

/// A result whose course is one step.
fn one(scale: &'static str, floor: u8, ceiling: u8) -> Graded {
    graded(scale, vec![(Grade::between(floor, ceiling), vec![fever()])], Vec::new())
}

/// Patients with `(floor, ceiling)` on scale a and on scale b.
fn pairs(grades: &[[(u8, u8); 2]]) -> Report {
    let mut concordance = Concordance::new(["a", "b"]);
    for (i, [(f, c), (g, d)]) in grades.iter().enumerate() {
        concordance.add(&record(&format!("p{i}"), &[]), &[one("a", *f, *c), one("b", *g, *d)]);
    }
    concordance.finish()
}

#[test]
fn open_grades_bound_the_agreement() {
    // Same; second higher; overlap with one open; overlap with both open; disjoint although open.
    let report = pairs(&[[(2, 2), (2, 2)], [(1, 1), (3, 3)], [(1, 4), (2, 2)], [(1, 3), (1, 3)], [(3, 4), (0, 2)]]);
    let pair = &report.comparisons[0];
    let a = &pair.agreement;
    assert_eq!((a.n, a.exact, a.open), (5, 2, [1, 0, 2]));
    assert_eq!((a.same, a.first_higher, a.second_higher, a.undecided), (1, 1, 1, 2));
    let bounds = a.bounds().unwrap();
    assert_eq!((bounds.lower, bounds.upper, a.on_exact()), (0.2, 0.6, Ok(0.5)));
    // Equal floors are in the table by floor, and no disagreement of certain grades, though not certainly the same.
    assert_eq!((pair.by_floor.agreeing(), pair.exact.n()), (2, 2));
    let certain: Vec<(&str, bool)> = pair.disagreements.iter().map(|d| (d.patient.as_str(), d.is_certain())).collect();
    assert_eq!(certain, [("p1", true), ("p2", false), ("p4", true)]);
}

#[test]
fn kappa_rests_on_exact_pairs_only() {
    let table = [[75, 1, 4], [5, 4, 1], [0, 0, 10]];
    let mut grades = Vec::new();
    for (i, row) in (0..).zip(table) {
        for (j, n) in (0..).zip(row) {
            grades.extend(vec![[(i, i), (j, j)]; n]);
        }
    }
    let exact = pairs(&grades);
    grades.extend([[(0, 4), (3, 3)]; 40]);
    for (report, n) in [(exact, 100), (pairs(&grades), 140)] {
        let pair = &report.comparisons[0];
        let [plain, linear, _] = &pair.kappas;
        assert_eq!((pair.agreement.n, plain.kappa.unwrap().n), (n, 100));
        assert!((plain.kappa.unwrap().estimate - 0.676_470_588).abs() < 1e-9);
        assert!((linear.kappa.unwrap().estimate - 0.722_222_222).abs() < 1e-9);
    }
}

#[test]
fn what_is_not_defined_says_why() {
    let [empty, alone, perfect] = [pairs(&[]), pairs(&[[(1, 1), (1, 1)]; 3]), pairs(&[[(1, 1), (1, 1)], [(2, 2), (2, 2)]])];
    let kappa = |r: &Report| r.comparisons[0].kappas[2].kappa.map(|k| k.estimate);
    assert_eq!((kappa(&empty), kappa(&alone), kappa(&perfect)), (Err(NotDefined::Empty), Err(NotDefined::OneCategory), Ok(1.0)));
    assert_eq!(perfect.comparisons[0].kappas[2].interval, Err(NotDefined::NoVariance));
    assert!(empty.comparisons[0].agreement.bounds().is_err());
    for report in [empty, alone, perfect] {
        let mut out = Vec::new();
        report.write_text(&mut out).unwrap();
        report.write_json(&mut out).unwrap();
        report.write_agreement_csv(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        assert!(!report.heat_map(&report.comparisons[0]).contains("NaN") && !report.alluvial().contains("NaN"));
    }
}

#[test]
fn nothing_is_dropped_in_silence() {
    let mut concordance = Concordance::new(["a", "b", "a"]);
    let strict = Graded { policy: "strict".to_owned(), ..one("b", 1, 1) };
    concordance.add(&record("p1", &[]), &[one("a", 1, 1), one("a", 2, 2), one("b", 1, 1), one("c", 1, 1)]);
    concordance.add(&record("p2", &[]), &[one("a", 1, 1), strict]);
    concordance.add(&record("p3", &[]), &[]);
    let report = concordance.finish();
    let pair = &report.comparisons[0];
    assert_eq!((report.patients, report.comparisons.len(), pair.agreement.n, pair.absent), (3, 1, 1, [1, 2]));
    assert_eq!(
        report.left_out,
        [
            ("results of b under policy strict, where others are under default-1".to_owned(), 1),
            ("results of c, which is not among the scales compared".to_owned(), 1),
            ("second results of a for the same patient".to_owned(), 1),
        ]
    );
}

#[test]
fn the_worst_of_all_episodes_is_the_peak() {
    let mut twice = one("a", 1, 2);
    let mut second = one("a", 3, 3).episodes.remove(0);
    (second.number, second.peak.at) = (2, Instant::from_days(20.0).unwrap());
    twice.episodes.push(second);
    let none = Graded { episodes: Vec::new(), ..one("b", 0, 0) };
    let mut concordance = Concordance::new(["a", "b"]);
    concordance.add(&record("p1", &[]), &[twice, none]);
    let report = concordance.finish();
    // A result without episodes found nothing and excluded nothing.
    assert_eq!(report.comparisons[0].tally.keys().copied().collect::<Vec<_>>(), [(Grade::exactly(3), Grade::between(0, 5))]);
}

#[test]
fn reported_grades_are_matched_by_scale_and_their_highest_counts() {
    let mut concordance = Concordance::new(["astct-2019", "ctcae-4.03"]);
    let results = [one("astct-2019", 2, 2), one("ctcae-4.03", 1, 5)];
    let add = |c: &mut Concordance, id, reported: &[(f64, &str, &str)]| c.add(&record(id, reported), &results);
    add(&mut concordance, "p1", &[(3.0, "1", "ASTCT 2019"), (4.0, "2", "astct-2019"), (5.0, "1", "astct_2019")]);
    add(&mut concordance, "p2", &[(3.0, "4", "CTCAE v4.03"), (3.0, "3", "ctcae 4.03")]);
    add(&mut concordance, "p3", &[(3.0, "2.5", "astct-2019"), (3.0, ">3", "astct-2019"), (3.0, "two", "astct-2019")]);
    add(&mut concordance, "p4", &[(3.0, "2", ""), (3.0, "9", "astct-2019")]);
    let report = concordance.finish();
    let [astct, ctcae] = &report.reported[..] else { panic!("two scales") };
    assert_eq!((astct.agreement.n, astct.agreement.same, astct.absent), (1, 1, [0, 3]));
    assert_eq!(ctcae.tally.keys().copied().collect::<Vec<_>>(), [(Grade::between(1, 5), Grade::exactly(3))]);
    let left_out: Vec<(&str, u64)> = report.left_out.iter().map(|(what, n)| (what.as_str(), *n)).collect();
    assert_eq!(
        left_out,
        [
            ("reported grades of \"CTCAE v4.03\", which is not among the scales compared", 1),
            ("reported grades of \"two; astct-2019\", which is not among the scales compared", 1),
            ("reported grades that are not a whole number from 0 to 5", 3),
            ("reported grades that name no scale", 1),
        ]
    );
}

#[test]
fn a_grade_taken_from_the_report_is_not_set_against_it() {
    let stated = number("reported", Signal::ReportedGrade, 3.0, 2.0);
    let derived = graded("ctcae-4.03", vec![(Grade::exactly(3), vec![stated])], Vec::new());
    let mut concordance = Concordance::new(["ctcae-4.03"]);
    concordance.add(&record("p1", &[(2.0, "3", "ctcae-4.03")]), &[derived]);
    let report = concordance.finish();
    assert_eq!((report.reported[0].agreement.n, report.reported[0].circular), (0, 1));
}

#[test]
fn every_patient_is_counted_in_every_pair() {
    let report = hundred().finish();
    assert_eq!((report.patients, report.comparisons.len()), (100, 28));
    for pair in &report.comparisons {
        let a = &pair.agreement;
        assert_eq!((a.n, a.same + a.first_higher + a.second_higher + a.undecided), (100, 100));
        assert_eq!((pair.by_floor.n(), a.exact + a.open.iter().sum::<u64>()), (100, 100));
        assert_eq!(pair.disagreements.len() as u64, 100 - pair.by_floor.agreeing());
        assert_eq!(pair.rule_pairs.iter().map(|p| p.patients).sum::<u64>(), pair.disagreements.len() as u64);
        assert_eq!(pair.rule_pairs.iter().map(|p| p.certain).sum::<u64>(), a.first_higher + a.second_higher);
    }
}
