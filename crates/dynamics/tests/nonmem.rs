//! Event tables: what they mean, against closed forms, and what is refused.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_dynamics::Model;
use barograph_dynamics::models::stein_2019::{Drugs, Kinetics};
use barograph_dynamics::nonmem::{Carry, Prediction, Setup, SimulationError, read, read_with, speaks_of_doses};
use proptest::prelude::*;

const ONE: &str = r#"
model one "One compartment, oral and intravenous"
time h
parameter CL = 2 L/h "clearance"
parameter V = 20 L "volume"
parameter ka = 1 1/h "absorption"
state depot = 0 mg "gut"
state A = 0 mg "body"
d depot = -ka*depot
d A = ka*depot - CL/V*A
output conc = A/V mg/L "concentration"
"#;

const K: f64 = 0.1;

fn model() -> Model {
    Model::parse(ONE).unwrap()
}

fn predictions(table: &str) -> Vec<Prediction> {
    let model = model();
    let reading = read(table, &model).unwrap_or_else(|fault| panic!("{fault}\n{table}"));
    assert!(reading.ignored.is_empty(), "{:?}", reading.ignored);
    reading.subjects.iter().flat_map(|subject| subject.simulate(&model, 1e-10).unwrap()).collect()
}

fn close(table: &str, expected: &[f64]) {
    let found: Vec<f64> = predictions(table).iter().map(|p| p.predicted).collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-7 * expected.abs().max(1e-3), "found {found}, expected {expected}\n{table}");
    }
}

fn infused(amount: f64, duration: f64, t: f64) -> f64 {
    let rate = amount / duration;
    if t <= duration { rate / K * (1.0 - (-K * t).exp()) } else { rate / K * (1.0 - (-K * duration).exp()) * (-K * (t - duration)).exp() }
}

#[test]
fn boluses_infusions_and_additional_doses() {
    let e = |t: f64| (-K * t).exp();
    for two in ["2", "2.0", "A"] {
        close(&format!("ID,TIME,AMT,CMT,DV\n1,0,100,{two},.\n1,5,.,.,4.1\n1,10,.,{two},."), &[5.0 * e(5.0), 100.0 * e(10.0)]);
    }
    for how in ["RATE\n1 0 100 A 25", "DUR\n1 0 100 A 4"] {
        let table = format!("ID TIME AMT CMT {how}\n1 2 . . .\n1 9 . . .");
        close(&table, &[infused(100.0, 4.0, 2.0) / 20.0, infused(100.0, 4.0, 9.0) / 20.0]);
    }
    let three = 100.0 * (e(30.0) + e(18.0) + e(6.0)) / 20.0;
    close("id;time;amt;cmt;addl;ii\n7;0;100;A;2;12\n7;30;.;.;.;.", &[three]);
    close("ID\tTIME\tAMT\tCMT\n7\t0\t100\tA\n7\t12\t100\tA\n7\t24\t100\tA\n7\t30\t.\t.", &[three]);
    // The first state takes doses that name none; the gut absorbs.
    let oral = |t: f64| 100.0 / (1.0 - K) * ((-K * t).exp() - (-t).exp());
    close("ID,TIME,AMT\n1,0,100\n1,3,0", &[oral(3.0) / 20.0]);
}

#[test]
fn observations_see_what_stands_above_them() {
    let table = "ID,TIME,EVID,AMT,CMT\n1,0,0,0,A\n1,0,1,50,A\n1,0,0,0,A\n1,0,1,30,A\n1,0,0,0,A\n1,0,0,0,conc";
    close(table, &[0.0, 50.0, 80.0, 4.0]);
    // DV, MDV and rows are kept.
    let found = predictions("ID,TIME,DV,MDV,AMT,CMT\n1,0,.,1,10,A\n# a comment\n1,2,3.5,0,.,A\n1,4,9.9,1,.,A");
    assert_eq!((found[0].row, found[0].time, found[0].observed), (4, 2.0, Some(3.5)));
    assert_eq!((found[1].row, found[1].observed), (5, None));
}

#[test]
fn resets_empty_the_body_and_end_infusions() {
    let e = |t: f64| (-K * t).exp();
    let table = "ID TIME EVID AMT DUR CMT\n1 0 1 100 10 A\n1 4 0 . . A\n1 4 3 . . .\n1 4 0 . . A\n1 6 4 40 0 A\n1 6 0 . . A\n1 9 0 . . A";
    close(table, &[infused(100.0, 10.0, 4.0), 0.0, 40.0, 40.0 * e(3.0)]);
}

#[test]
fn a_steady_state_is_that_of_endless_doses() {
    let e = |t: f64| (-K * t).exp();
    let trough = 100.0 * e(12.0) / (1.0 - e(12.0));
    let table = "ID,TIME,AMT,II,SS,CMT\n1,0,100,12,1,A\n1,0,.,.,.,A\n1,12,.,.,.,A\n1,24,.,.,.,A";
    close(table, &[trough + 100.0, trough, (trough + 100.0) * e(24.0)]);
    let trough = infused(100.0, 4.0, 12.0) / (1.0 - e(12.0));
    let table = "ID,TIME,AMT,DUR,II,SS,ADDL,CMT\n1,0,100,4,12,1,1,A\n1,2,.,.,.,.,.,A\n1,12,.,.,.,.,.,A\n1,24,.,.,.,.,.,A";
    close(table, &[trough * e(2.0) + infused(100.0, 4.0, 2.0), trough, trough]);
}

#[test]
fn a_steady_state_that_never_comes_is_an_error() {
    let growing = Model::parse("model g \"G\"\ntime d\nparameter r = 0.1 1/d\nstate A = 1 mg\nd A = r*A\n").unwrap();
    let reading = read("ID,TIME,AMT,II,SS\n1,3,100,1,1\n1,5,.,.,.", &growing).unwrap();
    let fault = reading.subjects[0].simulate(&growing, 1e-8).unwrap_err();
    assert_eq!(fault, SimulationError::NoSteadyState(3.0));
}

/// Bioavailability and lag by number as in NONMEM, by name as in mrgsolve; what is given late is seen late, and additional doses are late as well.
#[test]
fn doses_have_a_bioavailability_and_a_lag() {
    let e = |t: f64| (-K * t).exp();
    for (f, lag) in [("F2", "ALAG2"), ("F_A", "ALAG_A"), ("f2", "alag2")] {
        let table = format!("ID,TIME,AMT,CMT,{f},{lag}\n1,0,100,A,0.4,1.5\n1,1,.,A,.,.\n1,1.5,.,A,.,.\n1,9,.,A,.,.");
        close(&table, &[0.0, 40.0, 40.0 * e(7.5)]);
    }
    // Each dose by its own record; the lag of another state is not this one's.
    let table = "ID,TIME,AMT,CMT,F2,ALAG1\n1,0,100,A,0.5,9\n1,4,100,A,0.1,9\n1,10,.,A,0,9";
    close(table, &[50.0 * e(10.0) + 10.0 * e(6.0)]);
    let table = "ID,TIME,AMT,CMT,ADDL,II,ALAG2\n1,0,100,A,2,12,2\n1,26,.,A,.,.,.\n1,30,.,A,.,.,.";
    close(table, &[100.0 * (e(24.0) + e(12.0) + 1.0), 100.0 * (e(28.0) + e(16.0) + e(4.0))]);
    // Nothing arrives.
    close("ID,TIME,AMT,DUR,CMT,F2\n1,0,100,4,A,0\n1,2,.,.,A,.", &[0.0]);
}

/// A rate that is given stays and the infusion is shorter; a duration that is given stays and the infusion is slower (as in NONMEM and rxode2).
#[test]
fn what_does_not_arrive_shortens_a_rate_and_slows_a_duration() {
    for (table, duration) in [
        ("ID,TIME,AMT,RATE,CMT,F2\n1,0,100,25,A,0.5\n1,3,.,.,A,.", 2.0),
        ("ID,TIME,AMT,DUR,CMT,F2\n1,0,100,4,A,0.5\n1,3,.,.,A,.", 4.0),
        ("ID,TIME,AMT,RATE,CMT,F2,R2\n1,0,100,-1,A,0.5,25\n1,3,.,.,A,.,.", 2.0),
        ("ID,TIME,AMT,RATE,CMT,F_A,D_A\n1,0,100,-2,A,0.5,4\n1,3,.,.,A,.,.", 4.0),
    ] {
        close(table, &[infused(50.0, duration, 3.0)]);
    }
    // A rate or duration that no record asks for is told as not read.
    let reading = read("ID,TIME,AMT,CMT,D2,R1\n1,0,100,A,3,3\n1,1,.,A,3,3", &model()).unwrap();
    assert_eq!(reading.ignored, ["D2", "R1"]);
}

/// Parameters named so speak of doses, unless the equations use them; values given from outside and columns count.
#[test]
fn parameters_of_a_model_may_speak_of_doses() {
    let text =
        ONE.replace("state depot", "parameter F_A = 0.5 1\nparameter ALAG_A = 2 h\nparameter D2 = 4 h\nparameter F1 = 0.25 1\nstate depot");
    let text = text.replace("d A = ka*depot", "d A = F1*ka*depot");
    let model = Model::parse(&text).unwrap();
    let said: Vec<&str> = model.text().parameters.iter().map(|p| p.name.as_str()).filter(|p| speaks_of_doses(model.text(), p)).collect();
    assert_eq!(said, ["F_A", "ALAG_A", "D2"]);
    let see = |table: &str, setup: &Setup| {
        let reading = read_with(table, &model, setup).unwrap();
        reading.subjects[0].simulate(&model, 1e-10).unwrap().last().unwrap().predicted
    };
    let e = |t: f64| (-K * t).exp();
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
    let plain = Setup::default();
    near(see("ID,TIME,AMT,CMT\n1,0,100,A\n1,10,.,A", &plain), 50.0 * e(8.0));
    near(see("ID,TIME,AMT,CMT,RATE\n1,0,100,A,-2\n1,10,.,A,.", &plain), infused(50.0, 4.0, 8.0));
    near(see("ID,TIME,AMT,CMT,ALAG_A\n1,0,100,A,5\n1,10,.,A,7", &plain), 50.0 * e(5.0));
    near(see("ID,TIME,AMT,CMT,F2\n1,0,100,A,1\n1,10,.,A,1", &plain), 100.0 * e(8.0));
    let mut parameters = model.typical();
    parameters[model.parameter("F_A").unwrap()] = 0.1;
    near(see("ID,TIME,AMT,CMT\n1,0,100,A\n1,10,.,A", &Setup { parameters, ..Setup::default() }), 10.0 * e(8.0));
    // `F1` stands in the equations: the depot takes the whole dose, and a quarter of what leaves it arrives.
    near(see("ID,TIME,AMT,CMT\n1,0,100,depot\n1,0,.,depot", &plain), 100.0);
    let oral = |t: f64| 25.0 / (1.0 - K) * ((-K * t).exp() - (-t).exp());
    near(see("ID,TIME,AMT,CMT\n1,0,100,depot\n1,3,.,A", &plain), oral(3.0));
}

/// With a lag the record of a steady state finds the doses before it, but not yet its own; an infusion of the dose before may still run.
#[test]
fn a_steady_state_may_be_late_or_come_on_top() {
    let e = |t: f64| (-K * t).exp();
    let before = 100.0 * e(12.0 - 3.0) / (1.0 - e(12.0));
    let table = "ID,TIME,AMT,II,SS,CMT,ALAG2\n1,5,100,12,1,A,3\n1,5,.,.,.,A,.\n1,8,.,.,.,A,.\n1,20,.,.,.,A,.";
    close(table, &[before, before * e(3.0) + 100.0, (before * e(3.0) + 100.0) * e(12.0)]);
    // Infusions of 4 h every 6 h, 3 h late: at the record one of them has run for 3 h, and its last hour is still to come.
    let all = |t: f64| (-1..100).map(|n| t - 3.0 + 6.0 * f64::from(n)).filter(|t| *t > 0.0).map(|t| infused(100.0, 4.0, t)).sum::<f64>();
    let table = "ID,TIME,AMT,DUR,II,SS,CMT,ALAG2,ADDL\n1,360,100,4,6,1,A,3,1\n1,360,.,.,.,.,A,.,.\n1,361,.,.,.,.,A,.,.\n1,362,.,.,.,.,A,.,.\n1,366,.,.,.,.,A,.,.\n1,370,.,.,.,.,A,.,.";
    close(table, &[0.0, 1.0, 2.0, 6.0, 10.0].map(all));
    let steady = 100.0 / (1.0 - e(12.0));
    close(
        "ID,TIME,AMT,II,SS,CMT\n1,0,50,.,.,A\n1,6,100,12,2,A\n1,6,.,.,.,A\n1,8,.,.,.,A",
        &[50.0 * e(6.0) + steady, 50.0 * e(8.0) + steady * e(2.0)],
    );
}

/// Twelve hours and a half, by clocks and calendars; each subject's first record is its time 0, in the model's unit.
#[test]
fn clock_times_and_dates_count_from_the_first_record() {
    let e = |t: f64| (-K * t).exp();
    for (columns, first, second) in [
        ("TIME,DATE", "20:15,2026-02-28", "8:45:00,2026-03-01"),
        ("TIME,DATE", "20:15,2/28/2026", "8.75,3/1/2026"),
        ("TIME,DAT1", "20:15,28/2/2026", "8:45,1/3/2026"),
        ("TIME,DAT2", "20:15,2026/02/28", "8:45,2026/03/01"),
        ("TIME,DAT3", "20:15,2026-28-02", "8:45,2026-01-03"),
        ("TIME,x", "2026-02-28T20:15,0", "2026-03-01T08:45,0"),
        ("TIME,x", "07:00,0", "19:30,0"),
    ] {
        let table = format!("ID,{columns},AMT,CMT\n1,{first},100,A\n1,{second},.,A\n2,{second},50,A\n2,{second},.,A");
        let reading = read(&table, &model()).unwrap_or_else(|fault| panic!("{fault}\n{table}"));
        let found: Vec<_> = reading.subjects.iter().flat_map(|subject| subject.simulate(&model(), 1e-10).unwrap()).collect();
        assert_eq!((found[0].time, found[1].time), (12.5, 0.0), "{table}");
        assert!((found[0].predicted - 100.0 * e(12.5)).abs() < 1e-6 && found[1].predicted == 50.0);
    }
    let daily = Model::parse(&ONE.replace("time h", "time d")).unwrap();
    let reading = read("ID,TIME,DATE\n1,8:00,2026-03-01\n1,20:00,2026-03-03", &daily).unwrap();
    assert_eq!(reading.subjects[0].observations[1].time, 2.5);
}

#[test]
fn a_column_marks_lines_as_comments() {
    let model = model();
    let reading = read("C,ID,TIME,AMT,CMT\n.,1,0,100,A\nC,1,0,999,A\n,1,0,.,A\nC,unreadable,x,x,x", &model).unwrap();
    assert_eq!((reading.comments, reading.ignored.len(), reading.subjects.len()), (2, 0, 1));
    assert_eq!(reading.subjects[0].simulate(&model, 1e-8).unwrap()[0].predicted, 100.0);
    // A column of that name with anything else in it is a column like any other.
    assert_eq!(read("C,ID,TIME\n3,1,0\nC,1,0", &model).unwrap().ignored, ["C"]);
}

/// The whole course, whatever the table observes, also beyond its last record.
#[test]
fn a_course_goes_on_beyond_the_last_record() {
    let model = model();
    let setup = Setup { until: Some(30.0), ..Setup::default() };
    let reading = read_with("ID,TIME,AMT,CMT,ADDL,II\n1,0,100,A,2,12\n2,0,50,A,0,.", &model, &setup).unwrap();
    let e = |t: f64| (-K * t).exp();
    for (subject, expected) in reading.subjects.iter().zip([100.0 * (e(30.0) + e(18.0) + e(6.0)), 50.0 * e(30.0)]) {
        assert_eq!((subject.start, subject.end), (0.0, 30.0));
        let course = subject.course(&model, 1e-10, vec![0.0, 12.0, 30.0]).unwrap();
        let (states, outputs) = (course.state("A").unwrap(), course.output("conc").unwrap());
        assert!((states[2] - expected).abs() < 1e-6 && (outputs[2] - expected / 20.0).abs() < 1e-6, "{states:?}");
    }
}

#[test]
fn covariates_hold_until_another_value_comes() {
    let table = "ID,TIME,AMT,CMT,CL,wt\n1,0,100,A,2,.\n1,5,.,A,.,.\n1,5,.,A,4,.\n1,10,.,A,.,3\n2,0,100,A,8,3\n2,5,.,A,8,3";
    let model = model();
    let reading = read(table, &model).unwrap();
    assert_eq!(reading.ignored, ["wt"]);
    let first: Vec<f64> = reading.subjects[0].simulate(&model, 1e-10).unwrap().iter().map(|p| p.predicted).collect();
    let halfway = 100.0 * (-0.1_f64 * 5.0).exp();
    for (found, expected) in first.iter().zip([halfway, halfway, halfway * (-0.2_f64 * 5.0).exp()]) {
        assert!((found - expected).abs() < 1e-6, "{first:?}");
    }
    let second = reading.subjects[1].simulate(&model, 1e-10).unwrap();
    assert!((second[0].predicted - 100.0 * (-0.4_f64 * 5.0).exp()).abs() < 1e-6);
}

fn carried(table: &str, carry: Carry) -> Vec<f64> {
    let model = model();
    let reading = read_with(table, &model, &Setup { carry, ..Setup::default() }).unwrap();
    reading.subjects[0].simulate(&model, 1e-10).unwrap().iter().map(|p| p.predicted).collect()
}

#[test]
fn an_observation_sees_the_covariates_of_its_own_record() {
    // Only the volume of the output changes; forward or backward, the record's own value counts.
    let table = "ID,TIME,AMT,CMT,V,CL\n1,0,100,A,20,0\n1,5,.,conc,20,0\n1,10,.,conc,40,0\n1,10,.,conc,50,0";
    for carry in [Carry::Forward, Carry::Backward] {
        let found = carried(table, carry);
        for (found, expected) in found.iter().zip([5.0, 2.5, 2.0]) {
            assert!((found - expected).abs() < 1e-9, "{carry:?}: {found:?}");
        }
    }
}

#[test]
fn between_records_the_last_or_the_next_covariate_holds() {
    let table = "ID,TIME,AMT,CMT,CL\n1,0,100,A,2\n1,5,.,A,4\n1,10,.,A,.";
    let e = |t: f64| 100.0 * (-t / 20.0).exp();
    for (carry, expected) in [(Carry::Forward, [e(10.0), e(30.0)]), (Carry::Backward, [e(20.0), e(40.0)])] {
        let found = carried(table, carry);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{carry:?}: {found}, not {expected}");
        }
    }
    // Backward, what is missing at first comes from the next record.
    assert!((carried("ID,TIME,AMT,CMT,CL\n1,0,100,A,.\n1,5,.,A,4", Carry::Backward)[0] - e(20.0)).abs() < 1e-6);
}

#[test]
fn a_reset_may_turn_the_clock_back() {
    let e = |t: f64| (-K * t).exp();
    let table = "ID TIME EVID AMT CMT CL\n1 0 1 100 A 2\n1 9 0 . A .\n1 0 4 50 A .\n1 3 0 . A .\n1 1 3 . . 4\n1 1 1 30 A .\n1 6 0 . A .";
    let model = model();
    let reading = read(table, &model).unwrap();
    assert_eq!(reading.subjects.len(), 3);
    assert!(reading.subjects.iter().all(|occasion| occasion.id == "1"));
    close(table, &[100.0 * e(9.0), 50.0 * e(3.0), 30.0 * e(2.0 * 5.0)]);
}

#[test]
fn additional_doses_come_before_records_below_them_and_infusions_add_up() {
    close("ID,TIME,AMT,CMT,ADDL,II,CL\n1,0,100,A,1,12,0\n1,12,.,A,.,.,0", &[200.0]);
    let both = infused(100.0, 4.0, 6.0) + infused(60.0, 6.0, 4.0);
    close("ID TIME AMT DUR CMT\n1 0 100 4 A\n1 2 60 6 A\n1 6 . . A", &[both]);
}

#[test]
fn a_model_begins_at_its_time_zero() {
    let growing = Model::parse("model g \"G\"\ntime d\nparameter r = 0.1 1/d\nstate A = 1 mg\nd A = r*A\n").unwrap();
    let reading = read("ID,TIME,DV\n1,5,2\n1,7,3", &growing).unwrap();
    let found = reading.subjects[0].simulate(&growing, 1e-10).unwrap();
    assert!((found[0].predicted - 0.5_f64.exp()).abs() < 1e-8, "{found:?}");
    let timed = Model::parse("model g \"G\"\ntime d\nstate A = 1 mg\nd A = t - A\n").unwrap();
    let reading = read("ID,TIME,AMT,II,SS\n1,3,100,1,1\n1,5,.,.,.", &timed).unwrap();
    assert_eq!(reading.subjects[0].simulate(&timed, 1e-8).unwrap_err(), SimulationError::Timed(3.0));
}

/// The end of growth at `Tmax` comes without being asked for; tocilizumab is the column `F`.
#[test]
fn the_events_of_a_model_happen_in_a_table_too() {
    let stein = Model::named("stein-2019").unwrap();
    let reading = read("ID,TIME,DV,F\n1,0,.,1\n1,5.7,.,1.2\n1,9,.,1.2\n1,28,1000,1.2\n1,90,.,1.2", &stein).unwrap();
    let found = reading.subjects[0].simulate(&stein, 1e-11).unwrap();
    let drugs = Drugs { tocilizumab: Some(5.7), steroid: None };
    for one in found {
        let expected = Kinetics::default().transgene(one.time, drugs);
        assert!((one.predicted / expected - 1.0).abs() < 1e-8, "{one:?}, closed form {expected}");
        assert_eq!(one.of, "transgene");
    }
}

#[test]
fn every_model_of_the_library_takes_a_table() {
    for id in Model::ids() {
        let model = Model::named(id).unwrap();
        let state = &model.text().states[0].name;
        let table = format!("ID,TIME,EVID,AMT,CMT,DV\n1,0,1,1,{state},.\n1,0.5,0,.,{state},2");
        let reading = read(&table, &model).unwrap();
        let found = reading.subjects[0].simulate(&model, 1e-6).unwrap();
        assert!(found[0].predicted.is_finite(), "{id}");
    }
}

#[test]
fn faults_name_row_and_column() {
    let faults = [
        ("", "row 1, column -: the table is empty"),
        ("ID,AMT\n", "row 1, column TIME: the table has no such column"),
        ("ID,TIME,time\n", "row 1, column time: two columns"),
        ("ID,TIME,\n", "row 1, column 3: a column has no name"),
        ("ID,TIME,DATE,DAT1\n", "row 1, column DAT1: DATE is a column of dates too"),
        ("ID,TIME,DATE\n1,8:30,.\n", "row 2, column DATE: the date is missing"),
        ("ID,TIME,DATE\n1,8:30,31/12/2026\n", "row 2, column DATE: `31/12/2026` is no date"),
        ("ID,TIME,DATE\n1,8:30,12/31/26\n", "row 2, column DATE: `12/31/26` is no date"),
        ("ID,TIME,DATE\n1,25:30,2026-01-05\n", "row 2, column TIME: `25:30` is no time of day"),
        ("ID,TIME,DATE\n1,2026-01-05T08:30,2026-01-05\n", "row 2, column TIME: `2026-01-05T08:30` has a date, and so has the column DATE"),
        ("ID,TIME\n1,2026-01-05T08:30Z\n", "row 2, column TIME: `2026-01-05T08:30Z` is no time of day"),
        ("ID,TIME\n1,22:00\n1,06:00\n", "row 3, column TIME: time goes back from 0 to -16"),
        ("ID,TIME\n1,0\n1\n", "row 3, column TIME: the row has 1 cells, the header 2"),
        ("ID,TIME\n.,0\n", "row 2, column ID: the subject is missing"),
        ("ID,TIME\n1,.\n", "row 2, column TIME: the time is missing"),
        ("ID,TIME\n1,2026-01-05\n", "row 2, column TIME: `2026-01-05` is a date without a time"),
        ("ID,TIME\n1,0\n1,24:30\n", "row 3, column TIME: `24:30` is no time of day"),
        ("ID,TIME\n1,inf\n", "row 2, column TIME: `inf` is not a number"),
        ("ID,TIME\n# c\n1,3\n1,2\n", "row 4, column TIME: time goes back from 3 to 2"),
        ("ID,TIME\n1,0\n2,0\n1,0\n", "row 4, column ID: subject 1 has records further up"),
        ("ID,TIME,EVID\n1,0,5\n", "row 2, column EVID: 5 is not a whole number from 0 to 4"),
        ("ID,TIME,EVID,AMT\n1,0,0,3\n", "row 2, column AMT: an observation (EVID 0) has AMT"),
        ("ID,TIME,EVID,RATE\n1,0,0,3\n", "row 2, column RATE: an observation (EVID 0) has RATE"),
        ("ID,TIME,EVID,AMT\n1,0,2,3\n", "row 2, column AMT: another event (EVID 2) has AMT"),
        ("ID,TIME,EVID,AMT\n1,0,3,3\n", "row 2, column AMT: a reset (EVID 3) has AMT"),
        ("ID,TIME,EVID,CMT\n1,0,2,-1\n", "row 2, column CMT: -1 switches a compartment off"),
        ("ID,TIME,AMT,SS,RATE,EVID\n1,0,0,1,5,1\n", "row 2, column SS: the steady state of an endless infusion"),
        (
            "ID,TIME,EVID,AMT,ADDL,II\n1,0,1,9,3,12\n1,20,3,.,.,.\n",
            "row 3, column EVID: additional or late doses of row 2 are still to come here",
        ),
        ("ID,TIME,EVID,AMT\n1,0,1,0\n", "row 2, column AMT: a dose needs an amount above 0"),
        ("ID,TIME,AMT\n1,0,-5\n", "row 2, column AMT: a dose needs an amount above 0"),
        ("ID,TIME,AMT,RATE\n1,0,5,-2\n", "row 2, column RATE: -2 takes the duration from `D1` or `D_depot`: add such a column"),
        ("ID,TIME,AMT,RATE,CMT\n1,0,5,-1,A\n", "row 2, column RATE: -1 takes the rate from `R2` or `R_A`: add such a column"),
        ("ID,TIME,AMT,RATE,DUR\n1,0,5,-2,3\n", "row 2, column DUR: RATE -2 asks the model, DUR says 3"),
        ("ID,TIME,AMT,RATE,D1\n1,0,5,-2,0\n", "row 2, column D1: a duration is above 0; of `depot` it is 0"),
        ("ID,TIME,AMT,F1\n1,0,5,-0.5\n", "row 2, column F1: a bioavailability is a number of at least 0; of `depot` it is -0.5"),
        ("ID,TIME,AMT,ALAG1\n1,0,5,-1\n", "row 2, column ALAG1: a lag is a time of at least 0"),
        ("ID,TIME,AMT,SS,II,ALAG1\n1,0,5,1,2,2\n", "row 2, column SS: at steady state a lag (2) cannot be as long as the interval"),
        ("ID,TIME,AMT,F1,F_depot\n1,0,5,1,1\n", "row 1, column F_depot: `F1` says the same of the same doses"),
        ("ID,TIME,AMT,F1\n1,0,5,.\n", "row 2, column F1: the covariate is missing on the subject's first record"),
        ("ID,TIME,EVID,AMT,ALAG1\n1,0,1,9,5\n1,3,3,.,.\n", "row 3, column EVID: additional or late doses of row 2 are still to come here"),
        ("ID,TIME,AMT,RATE\n1,0,5,-3\n", "row 2, column RATE: a rate is not below 0"),
        ("ID,TIME,AMT,DUR\n1,0,5,-3\n", "row 2, column DUR: a duration is not below 0"),
        ("ID,TIME,AMT,RATE,DUR\n1,0,10,5,3\n", "row 2, column DUR: RATE and AMT give a duration of 2, DUR says 3"),
        ("ID,TIME,AMT,ADDL\n1,0,5,2\n", "row 2, column II: additional doses and steady states need an interval"),
        ("ID,TIME,AMT,ADDL,II\n1,0,5,0,24\n", "row 2, column II: an interval of 24 without additional doses"),
        ("ID,TIME,AMT,ADDL,II\n1,0,5,1.5,2\n", "row 2, column ADDL: 1.5 is not a whole number"),
        ("ID,TIME,AMT,ADDL,II\n1,0,5,1e9,2\n", "row 2, column ADDL: 1000000000 is not a whole number"),
        ("ID,TIME,AMT,SS,II,DUR\n1,0,5,1,2,3\n", "row 2, column SS: at steady state an infusion cannot last longer"),
        ("ID,TIME,AMT,CMT\n1,0,5,1.5\n", "row 2, column CMT: 1.5 is no compartment; the model has 1 to 2"),
        ("ID,TIME,AMT,CMT\n1,0,5,inf\n", "row 2, column CMT: there is no state `inf`"),
        ("ID,TIME,AMT,CMT\n1,0,5,3\n", "row 2, column CMT: 3 is no compartment; the model has 1 to 2"),
        ("ID,TIME,AMT,CMT\n1,0,5,-2\n", "row 2, column CMT: -2 switches a compartment off"),
        ("ID,TIME,AMT,CMT\n1,0,5,gut\n", "row 2, column CMT: there is no state `gut`; there are depot, A"),
        ("ID,TIME,AMT,CMT\n1,0,5,conc\n", "row 2, column CMT: `conc` is an output; a dose enters a state"),
        ("ID,TIME,V\n1,0,.\n", "row 2, column V: the covariate is missing on the subject's first record"),
        ("ID,TIME,V\n1,0,heavy\n", "row 2, column V: `heavy` is not a number"),
    ];
    let model = model();
    for (table, expected) in faults {
        let found = read(table, &model).unwrap_err().to_string();
        assert!(found.starts_with(expected), "{found}\nnot {expected}\n{table}");
    }
}

proptest! {
    /// No text makes the reader panic, and what it accepts can be simulated without panic.
    #[test]
    fn any_text_is_read_or_refused(
        header in prop::sample::subsequence(vec!["AMT", "DV", "EVID", "MDV", "RATE", "DUR", "ADDL", "II", "SS", "CMT", "V", "x", "F1", "ALAG2", "R_A", "D1"], 2..9),
        cells in prop::collection::vec(prop::sample::select(vec!["0", "1", "2", "3", "4", ".", "0.5", "-1", "-2", "10", "A", "conc", "1e30", "x", ""]), 0..60),
    ) {
        let mut table = format!("ID,TIME,{}\n", header.join(","));
        for (at, line) in cells.chunks(header.len()).enumerate() {
            let line: Vec<&str> = line.iter().copied().chain(std::iter::repeat(".")).take(header.len()).collect();
            table += "1,";
            table += &(at / 2).to_string();
            table += ",";
            table += &line.join(",");
            table += "\n";
        }
        let model = model();
        if let Ok(reading) = read(&table, &model) {
            for subject in reading.subjects {
                let _ = subject.simulate(&model, 1e-4);
            }
        }
    }

    #[test]
    fn garbage_is_refused_without_panic(text in "\\PC{0,200}|[ID,TIME\n0-9. ;\t]{0,200}") {
        let _ = read(&text, &model());
    }
}
