//! The integrator against solutions that are known.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

use barograph_dynamics::random::Draws;
use barograph_dynamics::{Change, Dose, Method, Model, Moment, Patient, Policy, Reason, Settings, Width, run};

const DECAY: &str = r#"
model two "A drug in two places, and a clock"
time d
parameter k = 0.7 1/d "elimination"
parameter q = 2 1/d "exchange"
state A = 0 mg "central"
state P = 0 mg "peripheral"
state X = 1 1 "driven by the clock" signed
d A = -k*A - q*A + q*P
d P = q*A - q*P
d X = 3*t^2*exp(-t) - X
"#;

/// X(t) = (t^3 + 1) exp(-t)
fn clock(t: f64) -> f64 {
    (t * t * t + 1.0) * (-t).exp()
}

/// The amounts after an infusion at rate `r` from 0 for `duration`, by the eigenvalues of the exchange.
fn infused(t: f64, r: f64, duration: f64, (k, q): (f64, f64)) -> f64 {
    let root = ((k + 2.0 * q) * (k + 2.0 * q) - 4.0 * k * q).sqrt();
    let (fast, slow) = ((k + 2.0 * q + root) / 2.0, (k + 2.0 * q - root) / 2.0);
    let part = |rate: f64, weight: f64| {
        let until = t.min(duration);
        weight * r / rate * ((-rate * (t - until)).exp() - (-rate * t).exp())
    };
    part(fast, (fast - q) / (fast - slow)) + part(slow, (q - slow) / (fast - slow))
}

#[test]
fn an_infusion_is_integrated_exactly_between_its_ends() {
    let model = Model::parse(DECAY).unwrap();
    let settings = Settings::every(10.0, 200).rtol(1e-9);
    let results = run(
        &model,
        &settings,
        0..3,
        |number, patient| {
            patient.doses.push(Dose::infusion(0, 0.0, 100.0, 1.3 + number as f64));
        },
        |course, ()| {
            let duration = 1.3 + course.number as f64;
            let amounts = course.column(0).zip(course.times);
            for (amount, &t) in amounts {
                let exact = infused(t, 100.0 / duration, duration, (0.7, 2.0));
                assert!((amount - exact).abs() < 2e-7 * (1.0 + exact), "A({t}) = {amount}, not {exact}");
            }
            for (x, &t) in course.column(2).zip(course.times) {
                assert!((x - clock(t)).abs() < 1e-7, "X({t}) = {x}, not {}", clock(t));
            }
        },
    );
    assert!(results.iter().all(Result::is_ok), "{results:?}");
}

struct Doctor {
    asked: Vec<f64>,
}

impl Policy for Doctor {
    fn decide(&mut self, moment: &mut Moment) {
        self.asked.push(moment.time());
        if moment.states()[0] < 50.0 {
            moment.give(Dose::bolus(0, moment.time(), 50.0));
        }
        moment.wake_at(moment.time() + 1.5);
    }
}

#[test]
fn a_policy_sees_the_state_and_doses() {
    let text = "model one \"One\"\ntime d\nparameter k = 1 1/d\nstate A = 100 mg\nd A = -k*A\n";
    let model = Model::parse(text).unwrap();
    let results = run(
        &model,
        &Settings::every(4.0, 4).rtol(1e-9),
        0..1,
        |_, patient| {
            patient.decisions.push(0.5);
            patient.changes.push(Change { parameter: 0, time: 3.0, value: 0.0 });
            Doctor { asked: Vec::new() }
        },
        |course, doctor| (course.column(0).collect::<Vec<_>>(), doctor.asked),
    );
    let (rows, asked) = results[0].clone().unwrap();
    assert_eq!(asked, [0.5, 2.0, 3.5]);
    let e = |t: f64| (-t).exp();
    // 60.7 at 0.5 needs nothing; 13.5 at 2 gets 50; the drug stays from 3 on; 23.4 at 3.5 gets 50.
    let held = (100.0 * e(2.0) + 50.0) * e(1.0);
    let expected = [100.0, 100.0 * e(1.0), 100.0 * e(2.0), held, held + 50.0];
    for (row, expected) in rows.iter().zip(expected) {
        assert!((row - expected).abs() < 1e-6, "{rows:?}");
    }
}

#[test]
fn doses_that_resemble_one_another_are_met_with_the_step_that_suited_the_one_before() {
    let model = Model::named("child").unwrap();
    let steroid = model.state("S").unwrap();
    let settings = Settings::new((0..=56).map(|row| f64::from(row) * 0.25).collect()).rtol(1e-5);
    let admit = |_, patient: &mut Patient| patient.doses.extend((0..12).map(|i| Dose::bolus(steroid, 6.0 + 0.25 * f64::from(i), 2.0)));
    let (accepted, attempted) = run(&model, &settings, 0..1, admit, |course, ()| course.steps)[0].clone().unwrap();
    // Without a memory each of the twelve doses costs a refused step.
    assert!(attempted - accepted <= 5, "{accepted} of {attempted}");
}

#[test]
fn the_solution_is_of_order_five_and_the_interpolant_of_order_four() {
    let model = Model::parse(DECAY).unwrap();
    let worst = |rtol: f64| {
        let settings = Settings::every(6.0, 600).rtol(rtol);
        let course = run(
            &model,
            &settings,
            0..1,
            |_, _| (),
            |course, ()| {
                let error = course.column(2).zip(course.times).map(|(x, &t)| (x - clock(t)).abs()).fold(0.0, f64::max);
                (error, f64::from(course.steps.0))
            },
        );
        course[0].clone().unwrap()
    };
    let (coarse, few) = worst(1e-6);
    let (fine, many) = worst(1e-11);
    let order = (coarse / fine).ln() / (many / few).ln();
    assert!((4.0..6.5).contains(&order), "order {order}: {coarse:e} in {few}, {fine:e} in {many}");
}

#[test]
fn tsit5_is_of_order_five_and_its_interpolant_of_order_four() {
    let model = Model::parse(DECAY).unwrap();
    let worst = |rtol: f64| {
        let settings = Settings { method: Method::Tsit5, ..Settings::every(6.0, 600).rtol(rtol) };
        let course = run(
            &model,
            &settings,
            0..1,
            |_, patient| patient.doses.push(Dose::infusion(0, 0.0, 100.0, 1.3)),
            |course, ()| {
                let error = course.column(2).zip(course.times).map(|(x, &t)| (x - clock(t)).abs()).fold(0.0, f64::max);
                let amounts = course.column(0).zip(course.times);
                for (amount, &t) in amounts {
                    let exact = infused(t, 100.0 / 1.3, 1.3, (0.7, 2.0));
                    assert!((amount - exact).abs() < 100.0 * rtol * (1.0 + exact), "A({t}) = {amount}, not {exact}");
                }
                (error, f64::from(course.steps.0))
            },
        );
        course[0].clone().unwrap()
    };
    let (coarse, few) = worst(1e-6);
    let (fine, many) = worst(1e-11);
    let order = (coarse / fine).ln() / (many / few).ln();
    assert!((4.0..6.5).contains(&order), "order {order}: {coarse:e} in {few}, {fine:e} in {many}");
}

/// A population with doses, infusions, decisions and changes at times of its own, and its bits.
fn bits(model: &Model, settings: &Settings, count: u64) -> Vec<Vec<u64>> {
    struct Guard(f64);
    impl Policy for Guard {
        fn decide(&mut self, moment: &mut Moment) {
            if moment.states()[6] > 300.0 {
                moment.give(Dose::infusion(7, moment.time() + 0.1, 280.0, 0.04));
            }
            moment.wake_at(moment.time() + self.0);
        }
    }
    let results = run(
        model,
        settings,
        0..count,
        |number, patient| {
            let mut draws = Draws::new(11, number, 0, 0);
            patient.parameters[0] = 10_f64.powi(number as i32 % 3);
            for parameter in &mut patient.parameters[1..7] {
                *parameter = draws.lognormal(*parameter, 0.4);
            }
            patient.doses.push(Dose::bolus(7, draws.between(2.0, 8.0), 560.0));
            patient.changes.push(Change { parameter: 1, time: draws.between(10.0, 20.0), value: 0.0 });
            patient.decisions.push(draws.between(0.0, 3.0));
            Guard(draws.between(1.0, 3.0))
        },
        |course, _| course.rows.iter().chain(course.last).map(|x| x.to_bits()).collect(),
    );
    results.into_iter().map(Result::unwrap).collect()
}

#[test]
fn no_bit_depends_on_width_batch_thread_or_order() {
    let printed = Model::named("bench").unwrap();
    let interpreted = Model::from_text(printed.text().clone());
    for method in [Method::Rodas5P, Method::Tsit5] {
        let base = Settings { method, threads: 1, lanes: Width::One, ..Settings::every(28.0, 56).rtol(1e-5) };
        let expected = bits(&printed, &base, 30);
        for lanes in [Width::One, Width::Four, Width::Eight] {
            for threads in [1, 2, 3] {
                for model in [&printed, &interpreted] {
                    let settings = Settings { lanes, threads, ..base.clone() };
                    assert!(bits(model, &settings, 30) == expected, "{method:?} {lanes:?} {threads} threads");
                    assert!(bits(model, &settings, 7)[..] == expected[..7], "{method:?} {lanes:?}: the first of fewer");
                }
            }
        }
    }
}

#[test]
fn a_row_is_the_same_whatever_else_it_holds() {
    let model = Model::named("child").unwrap();
    let states = model.text().states.len();
    // More patients than a register is wide, so that lanes are filled anew, and fewer; more rows than steps.
    for (count, rows) in [(3, 40), (19, 400)] {
        let course = |keep: &[usize], lanes| {
            let settings = Settings { keep: keep.to_vec(), lanes, threads: 1, ..Settings::every(6.0, rows).rtol(1e-4) };
            let dose = |number: u64, patient: &mut Patient| patient.doses.push(Dose::bolus(0, 0.7 + number as f64 / 9.0, 5.0));
            let results = run(&model, &settings, 0..count, dose, |course, ()| course.rows.to_vec());
            results.into_iter().map(Result::unwrap).collect::<Vec<_>>()
        };
        let all = course(&[], Width::One);
        for lanes in [Width::One, Width::Four, Width::Eight] {
            for width in (1..=12).chain([states]) {
                let keep: Vec<usize> = (0..width).map(|i| (i * 5 + 2) % states).collect();
                for (one, all) in course(&keep, lanes).iter().zip(&all) {
                    let expected: Vec<f64> = all.chunks(states).flat_map(|row| keep.iter().map(|&state| row[state])).collect();
                    assert!(*one == expected, "{lanes:?}, {width} states, {count} patients");
                }
            }
        }
    }
}

#[test]
fn a_patient_that_fails_is_reported_and_the_others_go_on() {
    let text = "model blow \"Blow-up\"\ntime d\nparameter a = 1 1\nstate X = 1 1\nd X = a*X*X\n";
    let model = Model::parse(text).unwrap();
    let settings = Settings { seed: 42, ..Settings::every(0.9, 9) };
    let results = run(
        &model,
        &settings,
        0..40,
        |number, patient| match number {
            // 1/(1/2 - t) is infinite at 0.5; an infinite parameter cannot be begun with.
            7 => patient.parameters[0] = 2.0,
            9 => patient.parameters[0] = f64::INFINITY,
            11 => patient.doses.push(Dose::bolus(0, f64::NAN, 1.0)),
            _ => {}
        },
        |course, ()| course.last[0],
    );
    for (number, result) in results.iter().enumerate() {
        match (number, result) {
            (7, Err(failure)) => {
                assert_eq!((failure.patient, failure.seed, failure.reason), (7, 42, Reason::StepTooSmall));
                assert!((failure.time - 0.5).abs() < 1e-6 && failure.parameters == [2.0], "{failure}");
            }
            (9 | 11, Err(failure)) => assert_eq!(failure.reason, Reason::NotFinite),
            (_, Ok(last)) => assert!((last - 10.0).abs() < 1e-3, "{last}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn nothing_falls_below_zero_unless_it_may() {
    // X is gone after 10 half-lives of a thousandth of a day; Y is driven below zero on purpose.
    let text = "model fall \"Fall\"\ntime d\nstate X = 1e11 cells\nstate Y = 1 1 signed\nd X = -700*X\nd Y = -1\n";
    let model = Model::parse(text).unwrap();
    let settings = Settings::every(3.0, 3000).rtol(1e-3);
    let low = run(
        &model,
        &settings,
        0..1,
        |_, _| (),
        |course, ()| {
            let low = |column| course.column(column).fold(f64::INFINITY, f64::min);
            (low(0), low(1))
        },
    );
    let (x, y) = low[0].clone().unwrap();
    assert!(x >= 0.0 && (y + 2.0).abs() < 1e-9, "{x} {y}");
    let forced = Model::parse(&text.replace(" signed", "")).unwrap();
    let failed = run(&forced, &settings, 0..1, |_, _| (), |_, ()| ());
    let failure = failed[0].clone().unwrap_err();
    assert_eq!(failure.reason, Reason::StepTooSmall);
    assert!((failure.time - 1.0).abs() < 0.01, "{failure}");
}

#[test]
fn printed_and_interpreted_equations_give_the_same_bits() {
    let printed = Model::named("bench").unwrap();
    let interpreted = Model::from_text(printed.text().clone());
    let rows = |model: &Model| {
        run(
            model,
            &Settings::every(28.0, 112),
            0..5,
            |number, patient| {
                patient.parameters[0] = 10_f64.powi(number as i32 % 3);
                patient.doses.push(Dose::bolus(7, 5.0, 560.0));
            },
            |course, ()| course.rows.iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
        )
    };
    let (a, b) = (rows(&printed), rows(&interpreted));
    assert!(a.iter().all(Result::is_ok), "{a:?}");
    assert_eq!(a, b);
}
