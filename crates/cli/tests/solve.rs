//! `barograph solve`: models of the library, own equations, SBML, event tables.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::path::{Path, PathBuf};
use std::process::Command;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn run(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_barograph")).arg("solve").args(args).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn written(name: &str, text: &str) -> String {
    let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("solve");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The value of a column in the last row.
fn last(csv: &str, column: &str) -> f64 {
    let at = csv.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    csv.lines().last().unwrap().split(',').nth(at).unwrap().parse().unwrap()
}

#[test]
fn a_model_of_the_library_with_its_own_events() {
    let (status, csv, error) = run(&["stein-2019", "--until", "14", "--every", "0.5"]);
    assert_eq!((status, error.as_str()), (0, ""));
    assert_eq!(csv.lines().count(), 30);
    assert!((last(&csv, "transgene") - 11_411.5).abs() < 1.0, "{csv}");
    let (_, tenths, _) = run(&["stein-2019", "--until", "1", "--every", "0.1"]);
    let times: Vec<&str> = tenths.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(times, ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]);
    let (_, slower, _) = run(&["stein-2019", "--until", "14", "--set", "alpha=0.08"]);
    assert!(last(&slower, "transgene") > 1.3 * last(&csv, "transgene"));
}

/// Nothing but the condition itself makes steps short here: x grows at half the rate for two hours.
#[test]
fn a_condition_on_a_state_is_not_stepped_over() {
    let model = written("window.model", "model w \"W\"\ntime h\nstate x = 0 1\nd x = if(x >= 1 && x < 2, 0.5, 1)\n");
    for tolerance in ["1e-3", "1e-8"] {
        let (_, csv, _) = run(&[&model, "--until", "36", "--every", "0.5", "--tolerance", tolerance]);
        assert!((last(&csv, "x") - 35.0).abs() < 0.05, "{csv}");
    }
    let table = written("window.csv", "ID,TIME\n1,0\n1,0.8\n1,1.6\n1,2.4\n1,36\n");
    let (_, csv, _) = run(&[&model, "--events", &table]);
    assert!((last(&csv, "predicted") - 35.0).abs() < 0.02, "{csv}");
}

#[test]
fn own_equations_and_an_event_table() {
    let model =
        written("own.model", "model own \"Own\"\ntime h\nparameter k = 0.1 1/h\nstate A = 0 mg\nd A = -k*A\noutput half = A/2 mg\n");
    let table = written("doses.csv", "ID,TIME,AMT,DV,note\n1,0,100,.,x\n1,10,.,20,x\n");
    let (status, csv, error) = run(&[&model, "--events", &table]);
    assert_eq!((status, error.contains("columns not read: note")), (0, true), "{error}");
    assert!((last(&csv, "predicted") - 50.0 * (-1.0_f64).exp()).abs() < 1e-6, "{csv}");
    let (_, csv, _) = run(&[&model, "--events", &table, "--set", "k=0.2"]);
    assert!((last(&csv, "predicted") - 50.0 * (-2.0_f64).exp()).abs() < 1e-6, "{csv}");
}

#[test]
fn sbml_runs_with_its_events() {
    let file = format!("{HERE}/../dynamics/tests/sbml/barros_2021_hdlm2.xml");
    let (status, csv, _) = run(&[&file, "--until", "300", "--every", "100"]);
    assert_eq!(status, 0);
    assert!((last(&csv, "C_T") / 15_989.24 - 1.0).abs() < 1e-4, "{csv}");
    let (_, again, said) = run(&[&file, "--until", "300", "--every", "100", "--time", "h"]);
    assert!(again == csv && said.contains("the file states its own unit of time"), "{said}");
    let table = written("table.csv", "ID,TIME\n1,0\n");
    let (status, _, error) = run(&[&file, "--events", &table]);
    assert_eq!((status, error.contains("takes no event table")), (2, true), "{error}");
}

#[test]
fn what_an_author_should_know_is_told() {
    let head = "model x \"X\"\ntime d\n";
    let text = |name: &str, body: &str| written(name, &format!("{head}{body}"));
    let hourly = text("hourly.model", "parameter CL = 2 L/h\nparameter V = 10 L\nparameter k = 1 1\nstate A = 1 mg\nd A = -CL/V*A\n");
    let (status, _, error) = run(&[&hourly, "--until", "1"]);
    assert_eq!(status, 0);
    assert!(
        error.contains("line 5: nothing uses `k`") && error.contains("`d A` should be in mg/d; its expression is 24 times that unit"),
        "{error}"
    );
    for (name, body, says) in [
        (
            "nothing.model",
            "parameter V = 0 L\nderived k = 1/V 1/L\nstate A = 1 mg\nd A = -k*A\n",
            "line 4, column 9: the derived value `k` is inf",
        ),
        ("below.model", "parameter k = 5 mg/d\nstate A = 1 mg\nd A = -k\n", "`A` reaches 0 and falls on"),
        ("away.model", "state A = 1 1\nd A = A^2\n", "`A` runs away"),
    ] {
        let model = text(name, body);
        let (_, out, error) = run(&[&model, "--until", "10"]);
        assert!(out.is_empty() && error.contains(says), "{name}: {error}");
    }
    // Amounts in moles and numbers beyond all measure.
    let tiny = text("tiny.model", "parameter k = 1 1/d\nstate A = 1e-12 mol\nstate B = 1e300 cells\nd A = -k*A\nd B = -k*B\n");
    let (_, csv, error) = run(&[&tiny, "--until", "10"]);
    assert_eq!(error, "");
    assert!((last(&csv, "A") / (1e-12 * (-10.0_f64).exp()) - 1.0).abs() < 1e-5, "{csv}");
    assert!(csv.lines().nth(1) == Some("0,1e-12,1e300"), "{csv}");
}

#[test]
fn covariates_are_carried_as_asked() {
    let model = written("carry.model", "model c \"C\"\ntime h\nparameter k = 0.1 1/h\nstate A = 0 mg\nd A = -k*A\n");
    let table = written("carry.csv", "ID,TIME,AMT,k\n1,0,100,0.1\n1,10,.,0.2\n");
    for (how, rate) in [("locf", 0.1), ("nocb", 0.2)] {
        let (_, csv, _) = run(&[&model, "--events", &table, "--covariates", how]);
        assert!((last(&csv, "predicted") - 100.0 * (-rate * 10.0_f64).exp()).abs() < 1e-6, "{csv}");
        assert!(csv.starts_with("id,row,time,of,observed,predicted\n") && csv.ends_with('\n'), "{csv}");
    }
    let (status, _, error) = run(&[&model, "--events", &table, "--set", "k=0.3"]);
    assert_eq!((status, error.contains("contradict each other")), (2, true), "{error}");
}

#[test]
fn mistakes_say_where_they_are() {
    let model = written("wrong.model", "model wrong \"Wrong\"\ntime h\nstate A = 0 mg\nd A = -K*A\n");
    let latin = written("latin.model", "");
    std::fs::write(&latin, b"# na\xefve\n").unwrap();
    let table = written("wrong.csv", "ID,TIME,AMT\n1,0,-4\n");
    let sbml = written("wrong.xml", "<sbml level=\"3\"><model><listOfRules><algebraicRule/></listOfRules></model></sbml>");
    for (args, status, says) in [
        (vec!["no-such-model", "--until", "1"], 2, "unknown model \"no-such-model\""),
        (vec!["stein-2018", "--until", "1"], 2, "did you mean \"stein-2019\"?"),
        (vec!["mine.txt", "--until", "1"], 3, "equations end in .model, SBML in .xml or .sbml"),
        (vec![&latin, "--until", "1"], 3, "save it again as UTF-8"),
        (vec!["stein-2019", "--until", "1", "--every", "-1"], 2, "times above 0"),
        (vec!["stein-2019", "--until", "1", "--set", "alpha=1", "--set", "alpha=2"], 2, "--set gives alpha twice"),
        (vec!["stein-2019"], 2, "--until"),
        (vec!["stein-2019", "--until", "0"], 2, "times above 0"),
        (vec!["stein-2019", "--until", "1", "--set", "alpha"], 2, "is not NAME=VALUE"),
        (vec!["stein-2019", "--until", "1", "--set", "alfa=1"], 2, "no parameter `alfa`"),
        (vec![&model, "--until", "1"], 3, "line 4, column 8: `K` is not declared"),
        (vec!["stein-2019", "--events", &table], 3, "row 2, column AMT: a dose needs an amount above 0"),
        (vec![&sbml, "--until", "1"], 3, "algebraic rules are not supported"),
        (vec!["gone.xml", "--until", "1"], 3, "gone.xml"),
        (vec!["stein-2019", "--until", "1", "--time", "d"], 2, "--time belongs to an SBML file"),
    ] {
        let (code, out, error) = run(&args);
        assert_eq!((code, out.as_str()), (status, ""), "{args:?}: {error}");
        assert!(error.contains(says), "{args:?}: {error}");
    }
}

#[test]
fn a_table_without_an_observation_is_said() {
    let model =
        written("quiet.model", "model own \"Own\"\ntime h\nparameter k = 0.1 1/h\nstate A = 0 mg\nd A = -k*A\noutput half = A/2 mg\n");
    let table = written("quiet.csv", "ID,TIME,AMT,EVID\n1,0,100,1\n");
    let (status, out, error) = run(&[&model, "--events", &table]);
    assert_eq!((status, out.as_str()), (4, ""), "{error}");
    assert!(error.contains("quiet.csv") && error.contains("no row of the table is an observation"), "{error}");
}
