//! SBML against another simulator: small files written for the purpose (`sbml/own/*.xml`), each with its course by libroadrunner 2.10 beside it
//! (`*.csv`: CVODE, relative tolerance 1e-12, concentrations where the file's symbol is one). A relative difference of 1e-6 is allowed, relative to the
//! column's largest value times 1e-6 where a value is nearly gone. Output times keep clear of the instants of events.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_dynamics::Settings;
use barograph_dynamics::sbml::read;
use std::fs;
use std::path::Path;

fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sbml/own");
    let xml = fs::read_to_string(folder.join(name).with_extension("xml")).unwrap();
    let table = fs::read_to_string(folder.join(name).with_extension("csv")).unwrap();
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> = lines.next().unwrap().split(',').skip(1).collect();
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    let import = read(&xml, None).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    let mut settings = Settings::new(rows.iter().map(|row| row[0]).collect()).rtol(1e-10);
    settings.atol_scale = 1e-4;
    let course = import.solve(&settings).unwrap_or_else(|fault| panic!("{name}: {fault}\n{}", import.text));
    for (at, column) in columns.iter().enumerate() {
        let ours = course.state(&import, column).or_else(|_| course.output(&import, column)).unwrap();
        let largest = rows.iter().map(|row| row[at + 1].abs()).fold(1e-12, f64::max);
        for (row, ours) in rows.iter().zip(ours) {
            let off = (ours - row[at + 1]).abs() / row[at + 1].abs().max(1e-6 * largest);
            assert!(off < 1e-6, "{name}: {column}({}) = {ours}, golden {}, off by {off:e}\n{}", row[0], row[at + 1], import.text);
        }
    }
}

macro_rules! against_roadrunner {
    ($($name:ident)*) => { $(#[test] fn $name() { check(stringify!($name)); })* };
}

against_roadrunner! {
    sizes amounts boundary local flux level2 functions seconds
    conversion stoich_id rules
    varying varying_assigned dilution compartment_event
    delay_false persist_true persist_false initial_false priority chain doses resets xor
}
