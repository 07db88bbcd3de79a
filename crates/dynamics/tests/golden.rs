//! Every model against trajectories computed independently: the equations written by hand from the source, integrated with `SciPy` to 1e-12
//! (`tests/golden/*.csv`, whose first line says how). A relative difference of 1e-6 is allowed, relative to the column's largest value
//! times 1e-6 where a value is nearly gone.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_dynamics::models::{barros_2021, chaudhury_2020, dwivedi_2014};
use barograph_dynamics::{Model, Problem, Settings, Solution};
use std::fs;
use std::path::Path;

const ALLOWED: f64 = 1e-6;

struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<f64>>,
}

fn table(name: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("csv");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let columns = lines.next().unwrap().split(',').skip(1).map(str::to_owned).collect();
    let rows = lines.map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    Table { columns, rows }
}

fn settings(table: &Table) -> Settings {
    let mut settings = Settings::new(table.rows.iter().map(|row| row[0]).collect()).rtol(1e-10);
    settings.atol_scale = 1e-4;
    settings
}

fn compare(name: &str, table: &Table, solution: &Solution) {
    for (at, column) in table.columns.iter().enumerate() {
        let ours = solution.state(column).unwrap();
        let largest = table.rows.iter().map(|row| row[at + 1].abs()).fold(0.0, f64::max);
        for (row, ours) in table.rows.iter().zip(ours) {
            let golden = row[at + 1];
            let off = (ours - golden).abs() / golden.abs().max(1e-6 * largest).max(1e-300);
            assert!(off < ALLOWED, "{name}: {column}({}) = {ours}, golden {golden}, off by {off:e}", row[0]);
        }
    }
}

fn check(id: &str, name: &str, set_up: impl Fn(Problem) -> Problem) {
    let model = Model::named(id).unwrap();
    let table = table(name);
    let solution = set_up(Problem::new(&model)).solve(&settings(&table)).unwrap();
    compare(name, &table, &solution);
}

#[test]
fn hanson_2016() {
    check("hanson-2016", "hanson_2016", |p| p);
    check("hanson-2016", "hanson_2016_lymphodepleted", |p| p.from_state("L", 400.0).unwrap());
}

#[test]
fn leon_triana_2021() {
    check("leon-triana-2021", "leon_triana_2021", |p| p);
    check("leon-triana-2021-progenitors", "leon_triana_2021_progenitors", |p| p);
}

#[test]
fn kimmel_2021() {
    check("kimmel-2021", "kimmel_2021", |p| p);
}

#[test]
fn chaudhury_2020() {
    check("chaudhury-2020", "chaudhury_2020", |p| chaudhury_2020::scheduled(p).unwrap());
}

#[test]
fn barros_2021() {
    for (id, name) in [("barros-2021-hdlm2", "barros_2021_hdlm2"), ("barros-2021-raji", "barros_2021_raji")] {
        let model = Model::named(id).unwrap();
        let mut problem = Problem::new(&model);
        let events = if name.ends_with("raji") { barros_2021::raji(&mut problem) } else { barros_2021::hdlm2(&mut problem) };
        let table = table(name);
        let (solution, _) = problem.solve_with(&settings(&table), events.unwrap()).unwrap();
        compare(name, &table, &solution);
    }
}

#[test]
fn dwivedi_2014() {
    check("dwivedi-2014-anti-il6r", "dwivedi_2014_anti_il6r", |p| dwivedi_2014::dosed(p, 500.0, 4, 1).unwrap());
    check("dwivedi-2014-anti-il6", "dwivedi_2014_anti_il6", |p| dwivedi_2014::dosed(p, 300.0, 4, 1).unwrap());
}

#[test]
fn dobreva_2021() {
    check("dobreva-2021", "dobreva_2021", |p| p);
}

#[test]
fn hosseini_2020() {
    check("hosseini-2020-blood", "hosseini_2020_blood", |p| p.bolus("drug", 0.0, 5.0).unwrap().bolus("drug", 2.0, 5.0).unwrap());
}

#[test]
fn il6_blockade() {
    check("il6-blockade", "il6_blockade", |p| p.infusion("A1", 0.0, 312.0, 1.0 / 24.0).unwrap());
}

#[test]
fn tocilizumab() {
    check("tocilizumab-frey-2010", "tocilizumab_frey_2010", |p| {
        let p = p.with("female", 1.0).unwrap();
        [0.0, 28.0, 56.0].into_iter().fold(p, |p, day| p.infusion("A1", day, 560.0, 1.0 / 24.0).unwrap())
    });
    check("tocilizumab-moes-2022", "tocilizumab_moes_2022", |p| p.infusion("A", 0.0, 781.0, 1.0 / 24.0).unwrap());
    check("tocilizumab-bastida-2018", "tocilizumab_bastida_2018", |p| {
        p.with("WT", 75.0).unwrap().with("CRP", 5.0).unwrap().infusion("A", 0.0, 600.0, 1.0).unwrap()
    });
}

#[test]
fn steroids() {
    check("dexamethasone", "dexamethasone", |p| {
        let p = p.with("WT", 20.0).unwrap();
        p.bolus("A", 0.0, 10.0).unwrap().bolus("A", 6.0, 10.0).unwrap().bolus("depot", 12.0, 5.0).unwrap()
    });
    check("methylprednisolone", "methylprednisolone", |p| {
        p.with("WT", 20.0).unwrap().bolus("A", 0.0, 40.0).unwrap().bolus("A", 6.0, 10.0).unwrap()
    });
    check("dexamethasone-krzyzanski-2021", "dexamethasone_krzyzanski_2021", |p| {
        p.bolus("muscle", 0.0, 6.0).unwrap().bolus("gut", 12.0, 6.0).unwrap()
    });
}

#[test]
fn other_drugs() {
    check("anakinra-urien-2013", "anakinra_urien_2013", |p| {
        p.with("WT", 20.0).unwrap().bolus("depot", 0.0, 40.0).unwrap().bolus("depot", 24.0, 40.0).unwrap()
    });
    check("siltuximab-nikanjam-2019", "siltuximab_nikanjam_2019", |p| {
        let p = p.with("WT", 40.0).unwrap().with("ALB", 3.5).unwrap().with("ALT", 40.0).unwrap();
        p.bolus("A1", 0.0, 440.0).unwrap().bolus("A1", 21.0, 440.0).unwrap()
    });
    check("emapalumab-brossard-2025", "emapalumab_brossard_2025", |p| {
        let p = p.with("WT", 20.0).unwrap().with("AGE", 6.0).unwrap().with("mas", 0.0).unwrap();
        p.with("IFNG", 1e5).unwrap().bolus("A1", 0.0, 20.0).unwrap()
    });
    check("dasatinib", "dasatinib", |p| p.bolus("depot", 0.0, 72.0).unwrap().bolus("depot", 24.0, 72.0).unwrap());
}
