//! The CSV folder: arbitrary `patients.csv` or `events.csv`, the other one sound.

use crate::balance;
use crate::folder::Folder;
use barograph_ingest::Format;

const PATIENTS: &str = "patients.csv";
const EVENTS: &str = "events.csv";

const SOUND_PATIENTS: &[u8] = b"patient,birth_date,age_years,sex,weight_kg,height_cm,product,infusion_time\n\
    p1,2016-03-02,,F,20,110,tisagenlecleucel,2024-01-10T09:00:00Z\np2,,7.5,M,,,,\np3,,,,,,,2024-01-10T09:00:00Z\n";
const SOUND_EVENTS: &[u8] = b"patient,time,signal,value,unit,detail,recorded,channel\n\
    p1,0.5,temperature,38.6,Cel,,,\np1,2024-01-11T09:00:00Z,norepinephrine,2,ug/min,,,a\np2,1,spo2,88,%,,1.5,\np2,2,weight,20,kg,,,\n\
    p3,-4000,temperature,37,,,,\n";

/// Reads arbitrary bytes as `patients.csv`.
pub fn run_patients(folder: &Folder, data: &[u8]) {
    run(folder, data, SOUND_EVENTS);
}

/// Reads arbitrary bytes as `events.csv`.
pub fn run_events(folder: &Folder, data: &[u8]) {
    run(folder, SOUND_PATIENTS, data);
}

fn run(folder: &Folder, patients: &[u8], events: &[u8]) {
    folder.write(PATIENTS, patients);
    folder.write(EVENTS, events);
    let Ok((records, ledger)) = folder.read(Format::Csv) else { return };
    balance::sums(&records, &ledger);
    balance::each_row_is_one_event(&records, &ledger, EVENTS);
    let described = balance::rows(&ledger, PATIENTS);
    let lost = balance::lost(&ledger, PATIENTS).count();
    assert_eq!(described, (records.len() + lost) as u64, "patients are records and lost rows");
    assert!(records.is_sorted_by(|a, b| a.patient.id < b.patient.id), "one record a patient, in the order of ids");
}
