//! Every seed passes its target: the regressions found by fuzzing are kept this way, without an engine.

use barograph_fuzz::{clif, csv, fhir, folder::Folder, grading, models, policy, protocol, unit, vignette};
use libfuzzer_sys::arbitrary::{Arbitrary, Unstructured};
use std::path::Path;

fn each_seed(target: &str, run: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let mut seeds = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        eprintln!("{}", path.display());
        run(&std::fs::read(&path).unwrap());
        seeds += 1;
    }
    assert!(seeds > 0, "{target} has no seeds");
}

#[test]
fn csv_seeds_pass() {
    let folder = Folder::new();
    each_seed("csv_patients", |data| csv::run_patients(&folder, data));
    each_seed("csv_events", |data| csv::run_events(&folder, data));
}

#[test]
fn model_seeds_pass() {
    each_seed("model_text", models::run_text);
    each_seed("sbml", models::run_sbml);
    let model = models::oral();
    each_seed("event_table", |data| models::run_table(data, &model));
}

#[test]
fn fhir_seeds_pass() {
    let folder = Folder::new();
    each_seed("fhir_json", |data| fhir::run_json(&folder, data));
    each_seed("fhir_ndjson", fhir::run_ndjson);
}

#[test]
fn clif_seeds_pass() {
    let folder = clif::folder();
    each_seed("clif_vitals", |data| clif::run_vitals(&folder, data));
    each_seed("clif_respiratory", |data| clif::run_respiratory(&folder, data));
    each_seed("clif_medication", |data| clif::run_medication(&folder, data));
}

#[test]
fn text_seeds_pass() {
    let policies = grading::policies();
    let record = policy::record();
    each_seed("vignette", |data| vignette::run(data, &policies[0]));
    each_seed("unit", unit::run);
    each_seed("policy", |data| policy::run(data, &record));
}

#[test]
fn protocol_seeds_pass() {
    let bench = protocol::Bench::new();
    each_seed("protocol", |data| protocol::run(data, &bench));
}

#[test]
fn grading_seeds_pass() {
    let policies = grading::policies();

    each_seed("grading", |data| grading::run(&grading::Input::arbitrary_take_rest(Unstructured::new(data)).unwrap(), &policies));
}
