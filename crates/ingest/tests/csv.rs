//! The CSV reader, defect by defect.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_ingest::{Format, Options, ReadError, read};
use barograph_record::{Age, Instant, Ledger, Reason, Record, Sex, Signal};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

const PATIENTS: &str = "patient,birth_date,age_years,sex,weight_kg,height_cm,product,infusion_time\n";
const EVENTS: &str = "patient,time,signal,value,unit,detail\n";

/// A folder of its own for each test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("barograph-csv-{}-{n}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(name), content).unwrap();
        self
    }

    fn try_read(&self) -> Result<(Vec<Record>, Ledger), ReadError> {
        let infusions = Some(self.0.join("infusions.csv")).filter(|p| p.is_file());
        let mut ledger = Ledger::listing();
        let mut records = Vec::new();
        let options = Options { infusions, ..Options::default() };
        read(&self.0, Format::Csv, &options, &mut ledger, &mut |r| records.push(r))?;
        Ok((records, ledger))
    }

    fn read(&self) -> (Vec<Record>, Ledger) {
        self.try_read().unwrap()
    }

    fn error(&self) -> String {
        self.try_read().map(|_| ()).unwrap_err().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Patients and events under the usual headers.
fn folder(patients: &str, events: &str) -> Folder {
    Folder::new().with("patients.csv", format!("{PATIENTS}{patients}")).with("events.csv", format!("{EVENTS}{events}"))
}

/// Events alone, under the usual header.
fn events(rows: impl AsRef<[u8]>) -> Folder {
    Folder::new().with("events.csv", [EVENTS.as_bytes(), rows.as_ref()].concat())
}

fn noted(ledger: &Ledger) -> Vec<(String, u32, Reason)> {
    ledger.entries().iter().map(|e| (e.file.to_string(), e.row, e.reason)).collect()
}

fn at(line: u32, reason: Reason) -> (String, u32, Reason) {
    ("events.csv".to_owned(), line, reason)
}

/// Every row is an event (or a patient) or a ledger entry that loses it.
fn assert_nothing_vanished(records: &[Record], ledger: &Ledger) {
    let lost = |file: &str| ledger.entries().iter().filter(|e| &*e.file == file && e.reason.loses_the_row()).count() as u64;
    let made = records.iter().map(|r| r.events.len() as u64).sum::<u64>();
    assert_eq!(made, ledger.events());
    for (file, rows) in ledger.rows() {
        match file {
            "events.csv" => assert_eq!(rows, made + lost(file), "{file}"),
            "patients.csv" => assert_eq!(rows, records.len() as u64 + lost(file), "{file}"),
            _ => {}
        }
    }
}

#[test]
fn a_sound_folder_becomes_records_in_the_order_of_ids() {
    let folder = folder(
        "p2,,7.5,F,25,120,tisagenlecleucel,\np1,2012-06-15,,male,,,,2024-06-15T00:00:00Z\np3,,,,,,,\n",
        "p2,2.5,temperature,101.3,[degF],axillary\np1,2024-06-16T12:00:00Z,systolic_bp,84,,\np2,1,weight,25.5,kg,\np2,1,height,121,cm,\n",
    );
    assert_eq!(Format::detect(&folder.0).unwrap(), Format::Csv);
    let (records, ledger) = folder.read();
    assert!(ledger.is_empty(), "{:?}", ledger.entries());
    assert_eq!(records.iter().map(|r| r.patient.id.as_str()).collect::<Vec<_>>(), ["p1", "p2", "p3"]);
    let [p1, p2, p3] = &records[..] else { panic!("three records") };
    assert_eq!(p1.patient.years_at(Instant::INFUSION), Some(12.0));
    assert_eq!((p1.events[0].at.days(), p1.cite(p1.events[0].origin)), (1.5, "events.csv:3".to_owned()));
    assert_eq!((p2.patient.age, p2.patient.sex, p2.patient.height_cm), (Age::AtInfusion(7.5), Sex::Female, Some(120.0)));
    assert_eq!(p2.patient.product.as_deref(), Some("tisagenlecleucel"));
    assert_eq!(p2.events.iter().map(|e| e.signal).collect::<Vec<_>>(), [Signal::Weight, Signal::Height, Signal::Temperature]);
    assert_eq!((p2.events[2].value.number(), p2.texts.get(p2.events[2].detail)), (Some(38.5), "axillary"));
    assert!(p3.events.is_empty(), "a patient without events still has a record");
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn columns_come_in_any_order_and_unknown_ones_are_noted_once() {
    let (records, ledger) = Folder::new()
        .with("patients.csv", "Ward,PATIENT\nA,p1\nB,p2\n")
        .with(
            "events.csv",
            "nurse,value,channel,signal,time,recorded,patient\nx,0.1,bag2,norepinephrine,2,2.5,p1\ny,0.1,bag1,norepinephrine,2,,p1\n",
        )
        .read();
    assert_eq!(records.len(), 2);
    let [a, b] = &records[0].events[..] else { panic!("two infusions") };
    assert_ne!(a.channel, b.channel);
    let known: Vec<f64> = records[0].events.iter().map(|e| e.known.days()).collect();
    assert!(known.contains(&2.5) && known.contains(&2.0));
    assert_eq!(noted(&ledger), [("patients.csv".to_owned(), 1, Reason::FieldIgnored), at(1, Reason::FieldIgnored)]);
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn lines_are_those_of_an_editor() {
    let rows = "\r\np1,1,crp,20,,\"first\r\nsecond\"\r\n\r\np1,2,crp,30,,\r\n";
    let (records, ledger) = events(rows).read();
    assert!(ledger.is_empty());
    let record = &records[0];
    assert_eq!(record.events.iter().map(|e| record.cite(e.origin)).collect::<Vec<_>>(), ["events.csv:3", "events.csv:6"]);
}

#[test]
fn patients_are_made_from_events_only_without_a_patients_file() {
    let (records, ledger) = events("p1,1,crp,20,,\n").read();
    assert_eq!((records.len(), records[0].patient.age), (1, Age::Unknown));
    assert!(ledger.is_empty());
    let (records, ledger) = folder("p1,,,,,,,\n", "p9,1,crp,20,,\np1,1,crp,20,,\n,1,crp,20,,\n").read();
    assert_eq!(records.len(), 1);
    assert_eq!(noted(&ledger), [at(2, Reason::UnknownPatient), at(4, Reason::Malformed)]);
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn the_first_description_of_a_patient_stands() {
    let (records, ledger) = folder("p1,,7,,,,,\np1,,8,,,,,\n,,9,,,,,\n", "").read();
    assert_eq!((records.len(), records[0].patient.age), (1, Age::AtInfusion(7.0)));
    let patients = |line, reason| ("patients.csv".to_owned(), line, reason);
    assert_eq!(noted(&ledger), [patients(3, Reason::DuplicatePatient), patients(4, Reason::Malformed)]);
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn absurd_fields_of_a_patient_are_ignored_and_noted() {
    let (records, ledger) = folder("p1,2030-01-01,-3,?,900,5,,2024-06-15T00:00:00Z\np2,soon,,,,,,never\n", "").read();
    assert_eq!((records[0].patient.age, records[0].patient.weight_kg, records[0].patient.height_cm), (Age::Unknown, None, None));
    let fields: Vec<_> = ledger.entries().iter().map(|e| (e.row, &*e.field)).collect();
    let expected =
        [(2, "age_years"), (2, "birth_date"), (2, "sex"), (2, "weight_kg"), (2, "height_cm"), (3, "infusion_time"), (3, "birth_date")];
    assert_eq!(fields, expected);
    assert!(ledger.entries().iter().all(|e| e.reason == Reason::FieldIgnored));
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn a_file_of_infusions_overrides() {
    let (records, ledger) = folder("p1,,,,,,old,2024-01-01T00:00:00Z\n", "p1,2024-01-03T00:00:00Z,crp,20,,\n")
        .with("infusions.csv", "patient,infusion_time,product\np1,2024-01-02T00:00:00Z,new\np9,2024-01-02T00:00:00Z,\np1,2024-02-02T00:00:00Z,\np2,soon,\n,,\n")
        .read();
    assert_eq!((records[0].events[0].at.days(), records[0].patient.product.as_deref()), (1.0, Some("new")));
    // What patients.csv says otherwise, of the time and of the product, is told.
    let reasons: Vec<_> = ledger.entries().iter().map(|e| (e.row, &*e.field, e.reason)).collect();
    let ignored = Reason::FieldIgnored;
    let of_the_list = [(4, "patient", Reason::DuplicatePatient), (5, "infusion_time", Reason::Time), (6, "patient", Reason::Malformed)];
    let of_the_patient = [(2, "infusion_time", ignored), (2, "product", ignored), (3, "patient", Reason::UnknownPatient)];
    assert_eq!(reasons, [of_the_list, of_the_patient].concat());
    let same = "patient,infusion_time,product\np1,2024-01-02T01:00:00+01:00,OLD\n";
    let row = "p1,2024-01-03T00:00:00Z,crp,20,,\n";
    let (_, ledger) = folder("p1,,,,,,old,2024-01-02T00:00:00Z\n", row).with("infusions.csv", same).read();
    assert!(ledger.is_empty(), "{:?}", ledger.entries());
    let (records, ledger) =
        events("p1,2024-01-03T00:00:00Z,crp,20,,\n").with("infusions.csv", "infusion_time,patient\n2024-01-02T00:00:00Z,p1\n").read();
    assert_eq!(records[0].events[0].at.days(), 1.0);
    assert!(ledger.is_empty());
}

#[test]
fn each_defective_event_is_noted_where_it_stands() {
    let rows = "p1,1,temprature,38,,\n\
                p1,soon,crp,20,,\n\
                p1,45292.5,crp,20,,\n\
                p1,,crp,20,,\n\
                p1,2024-01-03T00:00:00Z,crp,20,,\n\
                p1,1,crp,,,\n\
                p1,1,crp,20,furlong,\n\
                p1,1,systolic_bp,999,,\n\
                p1,1,crp,20\n\
                p1,1,crp,20,,,,\n\
                p1,2,oxygen_device,nasal_cannula,L/min,\n\
                p1,3,crp,20,,\n\
                p1,3,crp,20,,\n";
    let (records, ledger) = events(rows).read();
    let mut noted = noted(&ledger);
    noted.sort();
    assert_eq!(
        noted,
        [
            at(2, Reason::UnmappedConcept),
            at(3, Reason::Time),
            at(4, Reason::Time),
            at(5, Reason::Time),
            at(6, Reason::NoInfusionTime),
            at(7, Reason::MissingValue),
            at(8, Reason::Unit),
            at(9, Reason::ImplausibleAmount),
            at(10, Reason::Malformed),
            at(11, Reason::Malformed),
            at(12, Reason::FieldIgnored),
            at(14, Reason::Duplicate),
        ]
    );
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn devices_are_read_by_abbreviation_and_what_is_not_read_is_kept() {
    let rows = "p1,1,oxygen_device,HFNC 20 L,,\n\
                p1,2,oxygen_device,ra,,\n\
                p1,3,oxygen_device,Airvox,,\n\
                p1,3,oxygen_device,Airvox,,\n\
                p1,4,baseline_support,NIV at night,,\n";
    let (records, ledger) = events(rows).read();
    let found: Vec<_> =
        records[0].events.iter().map(|e| (e.value.code().map(barograph_record::Code::name), records[0].texts.get(e.detail))).collect();
    let expected =
        [(Some("high_flow_nasal_cannula"), "HFNC 20 L"), (Some("room_air"), "ra"), (None, "Airvox"), (Some("bipap"), "NIV at night")];
    assert_eq!(found, expected);
    assert_eq!(noted(&ledger), [at(4, Reason::Unread), at(5, Reason::Unread), at(5, Reason::Duplicate)]);
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn a_time_of_recording_that_cannot_be_used_does_not_cost_the_row() {
    let header = "patient,time,signal,value,recorded\n";
    let rows = "p1,1,crp,20,later\np1,2,crp,20,2024-01-03T00:00:00Z\np1,3,crp,20,3.25\n";
    let (records, ledger) = Folder::new().with("events.csv", format!("{header}{rows}")).read();
    assert_eq!(records[0].events.iter().map(|e| e.known.days()).collect::<Vec<_>>(), [1.0, 2.0, 3.25]);
    assert_eq!(noted(&ledger), [at(2, Reason::FieldIgnored), at(3, Reason::FieldIgnored)]);
}

#[test]
fn corrections_and_withdrawals_are_read_from_the_detail() {
    let rows = "p1,1,temperature,39.9,,\np1,1,temperature,37.9,,corrected: axillary\np1,2,spo2,70,,\np1,2,spo2,70,,entered-in-error\n";
    let (records, ledger) = events(rows).read();
    let [event] = &records[0].events[..] else { panic!("one event stands") };
    assert_eq!((event.value.number(), records[0].texts.get(event.detail)), (Some(37.9), "axillary"));
    let mut noted = noted(&ledger);
    noted.sort();
    assert_eq!(noted, [at(2, Reason::Superseded), at(4, Reason::Superseded), at(5, Reason::EnteredInError)]);
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn bad_bytes_and_stray_quotes_cost_their_own_row() {
    let mut rows = b"p1,1,crp,20,,caf\xe9\np1,2,crp,20,,\"open\np1,3,crp,20,,\np1,4,crp,20,,6\" tube\n\"".to_vec();
    rows.resize(rows.len() + 10_000_000, b'x');
    rows.extend_from_slice(b"\np1,5,crp,20,,\n");
    let (records, ledger) = events(rows).read();
    assert_eq!(records[0].events.iter().map(|e| e.at.days()).collect::<Vec<_>>(), [3.0, 4.0, 5.0]);
    assert_eq!(noted(&ledger), [at(2, Reason::Malformed), at(3, Reason::Malformed), at(6, Reason::Malformed)]);
    assert_nothing_vanished(&records, &ledger);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let text = format!("\u{feff}\"patient\"{}p1,1,crp,20,,\n", EVENTS.trim_start_matches("patient"));
    let (records, ledger) = Folder::new().with("events.csv", text).read();
    assert_eq!((records.len(), ledger.len()), (1, 0));
}

#[test]
fn a_file_that_is_not_this_format_is_refused_with_a_remedy() {
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(EVENTS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mark_less: Vec<u8> = EVENTS.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let cases: [(&[u8], &[&str]); 14] = [
        (b"", &["empty", "name the columns"]),
        (b"\n \n\n", &["empty"]),
        (&utf16, &["UTF-16", "UTF-8"]),
        (&mark_less, &["UTF-16", "UTF-8"]),
        (b"patient;time;signal;value\np1;1;crp;2,5\n", &["semicolons", "comma"]),
        (b"\"patient\"\t\"time\"\t\"signal\"\t\"value\"\n", &["tabs", "comma"]),
        (b"p1,1,crp,20\n", &["no column \"patient\"", "line 1"]),
        (b"\npatient,time,value\n", &["no column \"signal\"", "line 2"]),
        (b"patient,time,signal,value,value\n", &["\"value\" twice"]),
        (b"patient,time,signal,value\rp1,1,crp,20\r", &["carriage return", "LF"]),
        (b"patient,\xff\n", &["not UTF-8"]),
        (b"PK\x03\x04\0\0xl/workbook.xml", &["workbook", "CSV UTF-8"]),
        (b"\x1f\x8b\x08\0\0", &["compressed", "unpack"]),
        (b"patient,\0time\n", &["bytes that no text has"]),
    ];
    for (content, words) in cases {
        let error = Folder::new().with("events.csv", content).error();
        assert!(words.iter().all(|w| error.contains(w)) && error.contains("events.csv"), "{error}");
    }
}

#[test]
fn times_with_and_without_an_offset_beside_each_other_are_noted_once() {
    let patients = |infusion: &str| format!("p1,,7.5,F,25,,,{infusion}\n");
    let rows = "p1,2024-06-17T02:00:00,temperature,38.5,,\np1,2024-06-17T03:00:00,temperature,38.5,,\np1,2.5,temperature,38.5,,\n";
    let (records, ledger) = folder(&patients("2024-06-15T00:00:00-05:00"), rows).read();
    assert_eq!((records[0].events.len(), noted(&ledger)), (3, vec![at(2, Reason::FieldIgnored)]));
    for (infusion, time) in [("2024-06-15T00:00:00", "2024-06-17T02:00:00"), ("2024-06-15T00:00:00-05:00", "2024-06-17 02:00+02:00")] {
        let (_, ledger) = folder(&patients(infusion), &format!("p1,{time},temperature,38.5,,\n")).read();
        assert!(ledger.is_empty(), "{:?}", ledger.entries());
    }
}

#[test]
fn a_missing_file_is_an_error_not_an_empty_course() {
    assert!(Folder::new().with("patients.csv", PATIENTS).error().contains("events.csv: the file is missing"));
    assert!(Folder::new().error().contains("events.csv"));
    let folder = events("");
    let path = folder.0.join("events.csv");
    let error = read(&path, Format::Csv, &Options::default(), &mut Ledger::counting(), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("folder"), "{error}");
}

/// A folder with its tables as CSV and as Parquet is not guessed at: one of the two may be stale.
#[test]
fn a_folder_in_both_formats_is_not_guessed_at() {
    let folder = folder("p1,,7.5,F,25,,,\n", "p1,1,temperature,38.5,,\n").with("events.parquet", "");
    let error = Format::detect(&folder.0).unwrap_err().to_string();
    assert!(error.contains("--from csv or --from parquet"), "{error}");
    assert_eq!(folder.read().0.len(), 1);
    let parquet = read(&folder.0, Format::Parquet, &Options::default(), &mut Ledger::counting(), &mut |_| {});
    assert!(parquet.unwrap_err().to_string().contains("damaged or incomplete"));
}
