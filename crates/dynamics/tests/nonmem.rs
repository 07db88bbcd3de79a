//! Event tables: what they mean, against closed forms, and what is refused.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_dynamics::Model;
use barograph_dynamics::models::stein_2019::{Drugs, Kinetics};
use barograph_dynamics::nonmem::{Carry, Prediction, SimulationError, read, read_carrying};
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
    let reading = read_carrying(table, &model, carry).unwrap();
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
        ("ID,TIME,DATE\n", "row 1, column DATE: dates are not read"),
        ("ID,TIME\n1,0\n1\n", "row 3, column TIME: the row has 1 cells, the header 2"),
        ("ID,TIME\n.,0\n", "row 2, column ID: the subject is missing"),
        ("ID,TIME\n1,.\n", "row 2, column TIME: the time is missing"),
        ("ID,TIME\n1,12:30\n", "row 2, column TIME: `12:30` is a clock or a date"),
        ("ID,TIME\n1,2026-01-05\n", "row 2, column TIME: `2026-01-05` is a clock or a date"),
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
        ("ID,TIME,EVID,AMT,ADDL,II\n1,0,1,9,3,12\n1,20,3,.,.,.\n", "row 3, column EVID: additional doses of row 2 are still to come here"),
        ("ID,TIME,EVID,AMT\n1,0,1,0\n", "row 2, column AMT: a dose needs an amount above 0"),
        ("ID,TIME,AMT\n1,0,-5\n", "row 2, column AMT: a dose needs an amount above 0"),
        ("ID,TIME,AMT,RATE\n1,0,5,-2\n", "row 2, column RATE: -1 and -2 ask the model"),
        ("ID,TIME,AMT,RATE\n1,0,5,-3\n", "row 2, column RATE: a rate is not below 0"),
        ("ID,TIME,AMT,DUR\n1,0,5,-3\n", "row 2, column DUR: a duration is not below 0"),
        ("ID,TIME,AMT,RATE,DUR\n1,0,10,5,3\n", "row 2, column DUR: RATE and AMT give a duration of 2, DUR says 3"),
        ("ID,TIME,AMT,ADDL\n1,0,5,2\n", "row 2, column II: additional doses and steady states need an interval"),
        ("ID,TIME,AMT,ADDL,II\n1,0,5,0,24\n", "row 2, column II: an interval of 24 without additional doses"),
        ("ID,TIME,AMT,ADDL,II\n1,0,5,1.5,2\n", "row 2, column ADDL: 1.5 is not a whole number"),
        ("ID,TIME,AMT,ADDL,II\n1,0,5,1e9,2\n", "row 2, column ADDL: 1000000000 is not a whole number"),
        ("ID,TIME,AMT,SS,II\n1,0,5,2,2\n", "row 2, column SS: 2 (superposition) is not supported"),
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
        header in prop::sample::subsequence(vec!["AMT", "DV", "EVID", "MDV", "RATE", "DUR", "ADDL", "II", "SS", "CMT", "V", "x"], 2..8),
        cells in prop::collection::vec(prop::sample::select(vec!["0", "1", "2", "3", "4", ".", "0.5", "-1", "10", "A", "conc", "1e30", "x", ""]), 0..60),
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
