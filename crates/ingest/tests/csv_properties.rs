//! The CSV reader on arbitrary input: it never panics, and no row vanishes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_ingest::{Format, Options, read};
use barograph_record::{Ledger, Reason};
use proptest::prelude::*;
use std::fs;

/// Reads the two files and gives records, events and the ledger, or `None` when they are refused.
fn outcome(test: &str, patients: Option<&[u8]>, events: &[u8]) -> Option<(u64, Ledger)> {
    let path = std::env::temp_dir().join(format!("barograph-{test}-{}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    if let Some(patients) = patients {
        fs::write(path.join("patients.csv"), patients).unwrap();
    }
    fs::write(path.join("events.csv"), events).unwrap();
    let mut ledger = Ledger::listing();
    let mut records = 0;
    let result = read(&path, Format::Csv, &Options::default(), &mut ledger, &mut |_| records += 1);
    fs::remove_dir_all(&path).unwrap();
    result.is_ok().then_some((records, ledger))
}

fn balanced(records: u64, ledger: &Ledger) -> Result<(), TestCaseError> {
    for (file, rows) in ledger.rows() {
        let lost = ledger.entries().iter().filter(|e| &*e.file == file && e.reason.loses_the_row()).count() as u64;
        let made = if file == "events.csv" { ledger.events() } else { records };
        prop_assert_eq!(rows, made + lost, "{}", file);
    }
    Ok(())
}

fn event_row() -> impl Strategy<Value = String> {
    let patient = prop_oneof!["p[1-3]", Just(String::new()), Just("\"p,1\"".to_owned())];
    let time = prop_oneof!["-?[0-9]{1,2}(\\.[05])?", Just("2024-01-03T00:00:00Z".to_owned()), "[a-z]{0,3}"];
    let signal =
        prop::sample::select(vec!["temperature", "norepinephrine", "oxygen_device", "tocilizumab", "weight", "death", "fever", ""]);
    let value = prop_oneof!["[0-9]{1,3}", "<?[0-9]\\.[0-9]", Just("nasal_cannula".to_owned()), Just("given".to_owned()), "[a-z\"]{0,3}"];
    let unit = prop::sample::select(vec!["", "Cel", "ug/min", "mg/kg", "kg", "furlong", "1 dose"]);
    let detail = prop_oneof![
        Just(String::new()),
        Just("corrected".to_owned()),
        Just("entered-in-error x".to_owned()),
        Just("\"a\nb\"".to_owned()),
        "[a-z,\"é]{0,4}"
    ];
    (patient, time, signal, value, unit, detail).prop_map(|(p, t, s, v, u, d)| format!("{p},{t},{s},{v},{u},{d}"))
}

proptest! {

    #[test]
    fn any_bytes_are_survived(patients in prop::option::of(prop::collection::vec(any::<u8>(), 0..200)), events in prop::collection::vec(any::<u8>(), 0..400)) {
        outcome("bytes", patients.as_deref(), &events);
        // The same bytes as rows, under a header that is understood.
        let events = [b"patient,time,signal,value,unit,detail\n".as_slice(), &events].concat();
        let patients = patients.map(|p| [b"patient,age_years,weight_kg,infusion_time\n".as_slice(), &p].concat());
        let (records, ledger) = outcome("bytes", patients.as_deref(), &events).expect("the headers are sound");
        balanced(records, &ledger)?;
    }

    #[test]
    fn no_row_vanishes(rows in prop::collection::vec(event_row(), 0..30), described in any::<bool>(), crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let events = format!("patient,time,signal,value,unit,detail{end}{}", rows.join(end));
        let patients = "patient,age_years,infusion_time\np1,7,2024-01-01T00:00:00Z\np2,,\np2,,\n";
        let (records, ledger) = outcome("rows", described.then_some(patients.as_bytes()), events.as_bytes()).expect("the headers are sound");
        balanced(records, &ledger)?;
        if described {
            prop_assert_eq!(ledger.entries().iter().filter(|e| e.reason == Reason::DuplicatePatient).count(), 1);
        }
    }
}
