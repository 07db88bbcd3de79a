//! The virtual child, by facts that must hold whatever the calibration.
#![allow(clippy::unwrap_used)] // a test fails by panicking

use barograph_dynamics::Width;
use barograph_dynamics::child::{
    AtTimes, Child, ChildModel, Course, Drug, EraStandard, Options, Order, Population, Request, Treatment, Untreated, simulate,
};
use barograph_record::{Ledger, Signal};

fn children(model: &ChildModel, n: u64, request: &Request) -> Vec<Child> {
    let population = Population::named("plausible").unwrap();
    (0..n).map(|i| population.child(model, 7, i, request).unwrap()).collect()
}

fn courses<T: Treatment>(model: &ChildModel, children: &[Child], rule: impl Fn(&Child) -> T + Sync) -> Vec<Course> {
    let all = simulate(model, &Options::default(), children, rule, |course| course);
    all.into_iter().map(|course| course.unwrap()).collect()
}

/// F20: without CAR-T cells leukaemia grows and nothing is inflamed; without antigen CAR-T cells fade.
#[test]
fn without_cells_or_antigen_there_is_no_syndrome() {
    let model = ChildModel::new().unwrap();
    let no_cells = children(&model, 4, &Request { cells_per_kg: Some(0.0), burden_percent: Some(20.0), ..Request::default() });
    for course in courses(&model, &no_cells, |_| Untreated) {
        let s = &course.summary;
        assert_eq!(s.car_t.value, 0.0);
        assert!(s.temperature.value < 37.8, "{:?}", s.temperature);
        assert!(s.long.residual > 0.2, "{:?}", s.long);
    }
    let mut no_antigen = children(&model, 4, &Request { burden_percent: Some(0.0), ..Request::default() });
    let antigen_of_b_cells = model.model().parameter("w_B").unwrap();
    for child in &mut no_antigen {
        child.parameters[antigen_of_b_cells] = 0.0;
    }
    for course in courses(&model, &no_antigen, |_| Untreated) {
        let s = &course.summary;
        assert!(s.car_t.day < 4.0 && s.daily[28] < 0.2 * s.car_t.value, "{:?} {:?}", s.car_t, s.daily);
        assert!(s.temperature.value < 37.8, "{:?}", s.temperature);
    }
}

/// F7 and F8: after tocilizumab IL-6 and its soluble receptor rise in serum while CRP falls.
#[test]
fn blockade_raises_il6_and_lowers_crp() {
    let model = ChildModel::new().unwrap();
    let febrile =
        children(&model, 6, &Request { burden_percent: Some(60.0), age_years: Some(8.0), weight_kg: Some(26.0), ..Request::default() });
    let treated = courses(&model, &febrile, |child| AtTimes::new(vec![(5.0, Order::tocilizumab(child.weight_kg))]));
    let untreated = courses(&model, &febrile, |_| Untreated);
    for (with, without) in treated.iter().zip(&untreated) {
        let b = with.summary.blockade.as_ref().unwrap();
        assert!(b.il6 > 1.5 * b.before[0], "{b:?}");
        assert!(b.receptor > 2.0 * b.before[2], "{b:?}");
        assert!(with.summary.crp.value < without.summary.crp.value || without.summary.crp.day < 5.0);
    }
}

#[test]
fn a_course_is_an_ordinary_record() {
    let model = ChildModel::new().unwrap();
    let sick = children(&model, 3, &Request { burden_percent: Some(80.0), ..Request::default() });
    for course in courses(&model, &sick, |_| EraStandard::default()) {
        let mut ledger = Ledger::listing();
        let record = course.record("v1", &mut ledger);
        assert_eq!(ledger.entries().len(), 0, "{:?}", ledger.entries());
        assert_eq!(record.events.len(), course.notes.len());
        for signal in [Signal::Temperature, Signal::SystolicBp, Signal::Spo2, Signal::Il6, Signal::CarT] {
            assert!(record.events.iter().any(|e| e.signal == signal), "{signal}");
        }
    }
}

/// No state falls below zero by more than the integrator's tolerance, and grades of support are stated from the first day.
#[test]
fn states_stay_positive_and_breathing_is_stated() {
    let model = ChildModel::new().unwrap();
    for course in courses(&model, &children(&model, 24, &Request::default()), |_| EraStandard::default()) {
        assert!(course.summary.lowest >= -1e-2, "{}", course.summary.lowest);
        assert!(course.notes.iter().any(|n| n.signal == Signal::OxygenDevice && n.at.days() < 0.01));
    }
}

/// The same child, whatever is simulated beside it and in whatever order.
#[test]
fn a_child_does_not_depend_on_its_neighbours() {
    let model = ChildModel::new().unwrap();
    let all = children(&model, 7, &Request::default());
    let together = courses(&model, &all, |_| EraStandard::default());
    let alone = courses(&model, &all[4..5], |_| EraStandard::default());
    assert_eq!(together[4].notes, alone[0].notes);
    assert_eq!(together[4].summary, alone[0].summary);
}

/// Whatever the threads and however many children lie side by side, each has the same course to the last bit.
#[test]
fn threads_and_lanes_change_no_bit() {
    let model = ChildModel::new().unwrap();
    // More children than lanes on two threads, so that lanes take a second child and some lie idle.
    let children = children(&model, 19, &Request::default());
    let courses = |threads: usize, lanes: Width| -> Vec<Course> {
        let options = Options { threads, lanes, ..Options::default() };
        let all = simulate(&model, &options, &children, |_| EraStandard::default(), |course| course);
        all.into_iter().map(|course| course.unwrap()).collect()
    };
    let alone = courses(1, Width::One);
    assert!(
        alone.iter().any(|c| !c.summary.long.remission) && alone.iter().any(|c| c.notes.iter().any(|n| n.signal == Signal::Norepinephrine))
    );
    for threads in [1, 2] {
        for lanes in [Width::One, Width::Four, Width::Eight] {
            for (one, other) in alone.iter().zip(courses(threads, lanes)) {
                // Debug prints a number as the shortest text that is that number alone: equal texts are equal bits.
                assert_eq!(format!("{:?}", one.notes), format!("{:?}", other.notes), "{threads} threads, {lanes:?}");
                assert_eq!(format!("{:?}", one.summary), format!("{:?}", other.summary), "{threads} threads, {lanes:?}");
                let mut ledger = Ledger::counting();
                let (one, other) = (one.record("v", &mut ledger), other.record("v", &mut ledger));
                assert_eq!(format!("{one:?}"), format!("{other:?}"), "{threads} threads, {lanes:?}");
            }
        }
    }
}

/// F17: dasatinib holds CAR-T cells still; they recover without it.
#[test]
fn dasatinib_is_an_off_switch() {
    let model = ChildModel::new().unwrap();
    let child = children(&model, 2, &Request { burden_percent: Some(40.0), ..Request::default() });
    let dose = |child: &Child| Order { drug: Drug::Dasatinib, mg: 3.5 * child.weight_kg };
    let held = courses(&model, &child, |c| AtTimes::new((0..16).map(|i| (5.0 + 0.25 * f64::from(i), dose(c))).collect()));
    let free = courses(&model, &child, |_| Untreated);
    for (held, free) in held.iter().zip(&free) {
        let (h, f) = (&held.summary, &free.summary);
        assert!(h.daily[8] < 1.2 * h.daily[5], "{:?}", h.daily);
        assert!(f.daily[8] > 2.0 * f.daily[5], "{:?}", f.daily);
        assert!(h.car_t.value > 0.5 * f.car_t.value, "{:?} {:?}", h.car_t, f.car_t);
    }
}

/// Of 100,000 children of seed 11 this one stalled on day 356: a millionth of a CAR-T cell grew again on its relapse.
#[test]
fn a_fraction_of_a_cell_does_not_grow_again() {
    let model = ChildModel::new().unwrap();
    let child = Population::named("plausible").unwrap().child(&model, 11, 35_776, &Request::default()).unwrap();
    let year = Options { days: 365.0, ..Options::default() };
    let result = simulate(&model, &year, &[child], |_| EraStandard::default(), |course| course.summary.lowest);
    assert!(*result[0].as_ref().unwrap() > -1e-2);
}
