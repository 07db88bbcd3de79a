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
    // The file's own unit of time, and a trial of another value at the start.
    let (_, csv_of_more, _) = run(&[&file, "--until", "30", "--set", "T=4e6"]);
    assert!((last(&csv_of_more, "T") / last(&run(&[&file, "--until", "30"]).1, "T") - 2.0).abs() < 1e-3, "{csv_of_more}");
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

/// Neither the model nor the table nor the random effects are lost to a result.
#[test]
fn results_are_not_written_over_what_is_read() {
    let model = written("kept.model", "model k \"K\"\ntime h\nparameter k = 0.1 1/h\nstate A = 0 mg\nd A = -k*A\n");
    let table = written("kept.csv", "ID,TIME,AMT\n1,0,100\n1,10,.\n");
    for out in [&model, &table] {
        let before = std::fs::read_to_string(out).unwrap();
        let (status, _, error) = run(&[&model, "--events", &table, "--out", out]);
        assert_eq!((status, error.contains("is read as input and would be lost")), (2, true), "{error}");
        assert_eq!(std::fs::read_to_string(out).unwrap(), before);
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

/// The whole course of an event table, beyond its last record, with lag and bioavailability of the table or of the model.
#[test]
fn an_event_table_gives_whole_courses() {
    let text = "model c \"C\"\ntime h\nparameter k = 0.1 1/h\nparameter F_A = 0.5 1\nstate A = 0 mg\nd A = -k*A\noutput half = A/2 mg\n";
    let model = written("courses.model", text);
    let table = written("courses.csv", "C,ID,TIME,AMT,ADDL,II,ALAG1\n.,one,0,100,1,10,2\nC,one,0,9,.,.,.\n.,two,1,50,0,.,0\n");
    let (status, csv, error) = run(&[&model, "--events", &table, "--until", "20", "--every", "5"]);
    assert_eq!((status, error.lines().count()), (0, 1), "{error}");
    assert!(error.contains("lines that their column C marks as comments: 1"), "{error}");
    let e = |t: f64| (-0.1 * t).exp();
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["id", "time", "A", "half"]);
    assert_eq!(rows.len(), 11);
    for (row, expected) in [(2, 50.0 * e(3.0)), (5, 50.0 * (e(18.0) + e(8.0))), (10, 25.0 * e(19.0))] {
        let found: f64 = rows[row][2].parse().unwrap();
        assert!((found - expected).abs() < 1e-5, "{csv}");
    }
    let (_, csv, _) = run(&[&model, "--events", &table, "--until", "20", "--set", "F_A=1"]);
    assert!((last(&csv, "A") - 50.0 * e(19.0)).abs() < 1e-5, "{csv}");
    let (status, _, error) = run(&[&model, "--events", &table, "--every", "5", "--set", "A=3"]);
    assert_eq!((status, error.contains("give what is added to it as a dose at time 0")), (2, true), "{error}");
}

/// Virtual patients: the same for a seed, spread as the model's random effects say, with what would be measured.
#[test]
fn patients_are_drawn_from_random_effects() {
    let table = written("drawn.csv", "ID,TIME,AMT,DUR,CMT,DV\n1,0,560,0.0417,A1,.\n1,7,.,.,tocilizumab,60\n");
    let drawn = |seed: &str| run(&["tocilizumab-frey-2010", "--events", &table, "--draws", "400", "--seed", seed]).1;
    let csv = drawn("3");
    assert_eq!(csv, drawn("3"));
    assert_ne!(csv, drawn("4"));
    assert!(csv.starts_with("draw,id,row,time,of,observed,predicted,simulated\n1,1,3,7,tocilizumab,60,"), "{csv}");
    let column = |at: usize| csv.lines().skip(1).map(|line| line.split(',').nth(at).unwrap().parse::<f64>().unwrap()).collect::<Vec<_>>();
    let (predicted, simulated) = (column(6), column(7));
    assert_eq!(predicted.len(), 400);
    // 22 % and 2.4 mg/L of residual error about the prediction, within five standard errors of the mean square.
    let ratio: f64 =
        predicted.iter().zip(&simulated).map(|(p, s)| (s - p).powi(2) / ((0.22 * p).powi(2) + 2.4_f64.powi(2))).sum::<f64>() / 400.0;
    assert!((ratio - 1.0).abs() < 5.0 * (2.0_f64 / 400.0).sqrt(), "{ratio}");
    let typical = last(&run(&["tocilizumab-frey-2010", "--events", &table]).1, "predicted");
    let mut sorted = predicted;
    sorted.sort_by(f64::total_cmp);
    assert!((sorted[200] / typical - 1.0).abs() < 0.15 && sorted[360] / sorted[40] > 1.5, "{typical}, {}", sorted[200]);
    // A course without a table, and effects of one's own.
    let (_, csv, _) = run(&["stein-2019", "--until", "28", "--every", "14", "--draws", "2"]);
    assert!(csv.starts_with("draw,time,E,M,transgene\n1,0,") && csv.lines().count() == 7, "{csv}");
    let own = written(
        "own.toml",
        "model = \"stein-2019\"\ncitation = \"mine\"\nverified = \"assumed\"\n[[effect]]\nparameter = \"Cmax\"\nscale = \"log\"\nsd = 0\n",
    );
    let (_, csv, _) = run(&["stein-2019", "--until", "28", "--draws", "2", "--variability", &own]);
    assert!((last(&csv, "transgene") - 1373.6).abs() < 0.1, "{csv}");
    for (args, says) in [
        (vec!["hanson-2016", "--until", "1", "--draws", "2"], "no random effects of `hanson-2016` are shipped"),
        (
            vec!["kimmel-2021", "--until", "1", "--draws", "2", "--variability", &own],
            "it is of the model `stein-2019`, not of `kimmel-2021`",
        ),
        (vec!["stein-2019", "--until", "1", "--seed", "2"], "--draws"),
    ] {
        let (status, out, error) = run(&args);
        assert!(status != 0 && out.is_empty() && error.contains(says), "{error}");
    }
}

/// A file that states no unit of time runs in its own; a parameter may be an exponent of something negative.
#[test]
fn sbml_of_no_stated_time_runs_in_its_own() {
    let math = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">";
    let file = written(
        "untimed.xml",
        &format!(
            "<sbml level=\"3\" version=\"1\"><model id=\"m\"><listOfParameters><parameter id=\"x\" value=\"-1\" constant=\"false\"/><parameter id=\"n\" value=\"3\"/></listOfParameters>\
             <listOfConstraints><constraint/></listOfConstraints>\
             <listOfRules><rateRule variable=\"x\">{math}<apply><minus/><apply><power/><ci>x</ci><ci>n</ci></apply></apply></math></rateRule></listOfRules></model></sbml>"
        ),
    );
    let (status, csv, error) = run(&[&file, "--until", "4"]);
    assert_eq!(status, 0, "{error}");
    assert!((last(&csv, "x") + 1.0 / 3.0).abs() < 1e-7 && last(&csv, "time") == 4.0, "{csv}");
    assert!(error.contains("states no unit of time") && error.contains("constraints are not watched"), "{error}");
    let (_, seconds, error) = run(&[&file, "--until", "4", "--time", "s", "--set", "x=-2"]);
    assert!((last(&seconds, "x") + 2.0 / 33.0_f64.sqrt()).abs() < 1e-7 && !error.contains("states no unit"), "{seconds}{error}");
}
