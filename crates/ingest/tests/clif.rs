//! The CLIF reader on invented children: what each table becomes, and what goes to the ledger.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod clif_fixture;

use barograph_ingest::{Format, Options, ReadError, read};
use barograph_record::{Age, Ledger, Patient, Record, Sex};
use clif_fixture::Cells::{Cents, Date, Double, Flag, Float, Int, Long, Text, Time};
use clif_fixture::{Style, child, folder, ledgered, lines, read_all, read_with, sheet, write, zstd};
use parquet::basic::Compression;

/// Noon of day 0, which is the child's admission, and hours after it.
const T0: &str = "2024-01-01T12:00:00Z";
const T6: &str = "2024-01-01T18:00:00Z";
const T12: &str = "2024-01-02T00:00:00Z";
const T24: &str = "2024-01-02T12:00:00Z";

/// Lines of the child's record but for its encounter.
fn course(folder: &std::path::Path) -> (Vec<String>, Vec<String>) {
    let (records, ledger) = read_all(folder);
    assert_eq!(records.len(), 1);
    (lines(&records[0]).into_iter().filter(|l| !l.contains(" encounter ")).collect(), ledgered(&ledger))
}

fn texts(words: &[&'static str]) -> clif_fixture::Cells {
    Text(words.iter().map(|w| (!w.is_empty()).then_some(*w)).collect())
}

#[test]
fn the_child_is_described_and_day_0_assumed() {
    let folder = folder();
    child(&folder, Style::default());
    let (records, ledger) = read_all(&folder);
    let patient = &records[0].patient;
    assert_eq!((patient.id.as_str(), patient.sex, patient.infusion_assumed), ("c1", Sex::Female, true));
    assert_eq!(patient.infusion.unwrap().to_string(), "2024-01-01T12:00:00Z");
    assert_eq!(patient.age, Age::Born(jiff::civil::date(2014, 1, 1)));
    assert_eq!(lines(&records[0]), ["0 encounter start @hospitalization:1", "10 encounter end @hospitalization:1"]);
    let whole: Vec<_> =
        ledger.entries().iter().filter(|e| e.row == 0).map(|e| format!("{} {} {}", e.file, e.reason.name(), e.what)).collect();
    assert!(whole.contains(&"clif_vitals.parquet missing-value the table is not in the folder".to_owned()), "{whole:?}");
    assert!(whole.contains(&"clif_patient.parquet not-a-signal column race_category".to_owned()), "{whole:?}");
    assert_eq!(ledger.rows().collect::<Vec<_>>(), [("clif_hospitalization.parquet", 1), ("clif_patient.parquet", 1)]);
}

#[test]
fn vitals_by_category_with_the_site_as_detail() {
    let folder = folder();
    child(&folder, Style::default());
    let rest = vec![
        ("vital_category", texts(&["temp_c", "sbp", "weight_kg", "bis", "", "heart_rate"])),
        ("vital_value", Double(vec![Some(39.2), Some(81.0), Some(0.0), Some(40.0), Some(1.0), None])),
        ("meas_site_name", texts(&["Oral", "", "", "", "", ""])),
    ];
    write(&folder, "vitals", &sheet("recorded_dttm", &[T0, T6, T6, T6, T6, T24], rest), Style::default());
    let (events, ledger) = course(&folder);
    assert_eq!(events, ["0 temperature 39.2 [Oral] @vitals:1", "0.25 systolic_bp 81 @vitals:2"]);
    assert_eq!(
        ledger,
        [
            "vitals:3 implausible value weight 0 ",
            "vitals:4 unmapped-concept vital_category bis",
            "vitals:5 missing-value vital_category no category",
            "vitals:6 missing-value vital_value heart_rate",
        ]
    );
}

#[test]
fn every_way_of_storing_gives_one_record() {
    let styles = [
        Style::default(),
        Style { unit: "MILLIS", compression: zstd(), ..Style::default() },
        Style { unit: "NANOS", compression: Compression::UNCOMPRESSED, dictionary: false, group: 1 },
    ];
    let numbers = [
        Double(vec![Some(39.1), Some(90.0), None]),
        Float(vec![Some(39.1), Some(90.0), Some(f32::NAN)]),
        Cents(vec![Some(3910), Some(9000), None]),
        Text(vec![Some("39.1"), Some("90"), None]),
    ];
    let ids = [Text(vec![Some("1"); 3]), Int(vec![Some(1); 3]), Long(vec![Some(1); 3]), Double(vec![Some(1.0); 3])];
    let mut seen = Vec::new();
    for style in styles {
        for (number, id) in numbers.iter().zip(&ids) {
            let folder = folder();
            child(&folder, style);
            let vitals = vec![
                ("hospitalization_id", id.clone()),
                ("recorded_dttm", Time(vec![Some(T0), Some(T6), Some(T24)])),
                ("vital_category", texts(&["temp_c", "sbp", "dbp"])),
                ("vital_value", number.clone()),
            ];
            write(&folder, "vitals", &vitals, style);
            seen.push(course(&folder));
        }
    }
    assert_eq!(seen.len(), 12);
    assert_eq!(seen[0].0, ["0 temperature 39.1 @vitals:1", "0.25 systolic_bp 90 @vitals:2"]);
    assert!(seen.iter().all(|s| *s == seen[0]), "{seen:#?}");
}

#[test]
fn a_respiratory_row_gives_device_fraction_and_flow() {
    let folder = folder();
    child(&folder, Style::default());
    let devices = ["IMV", "Face Mask", "Face Mask", "High Flow NC", "Trach Collar", "Other", "Other", "Helmet", "", "", "", ""];
    let names = ["Endotracheal tube", "Non-rebreather", "Medium conc mask", "", "", "Venturi Mask", "Tent", "", "", "", "", ""];
    let modes = ["SIMV", "", "", "", "", "", "", "", "Pressure Control", "Pressure Support/CPAP", "Pressure Support/CPAP", ""];
    let times: Vec<&'static str> = (0..12).map(|h| [T0, T6, T12, T24][h / 3]).collect();
    let fio2 = [Some(0.5), None, None, Some(0.4), None, None, None, None, Some(45.0), Some(0.21), None, None];
    let lpm = [None, Some(15.0), Some(6.0), Some(30.0), None, None, None, None, None, None, None, None];
    let trach = (0..12).map(|i| Some(i == 4)).collect();
    let rest = vec![
        ("device_category", texts(&devices)),
        ("device_name", texts(&names)),
        ("mode_category", texts(&modes)),
        ("tracheostomy", Flag(trach)),
        ("fio2_set", Double(fio2.to_vec())),
        ("lpm_set", Double(lpm.to_vec())),
    ];
    write(&folder, "respiratory_support", &sheet("recorded_dttm", &times, rest), Style::default());
    let (events, ledger) = course(&folder);
    let rows = "respiratory_support";
    let mut expected = [
        format!("0 oxygen_device invasive_ventilation [Endotracheal tube; SIMV] @{rows}:1"),
        format!("0 fio2 50 @{rows}:1"),
        format!("0 oxygen_device non_rebreather [Non-rebreather] @{rows}:2"),
        format!("0 oxygen_flow 15 @{rows}:2"),
        format!("0 oxygen_device simple_mask [Medium conc mask] @{rows}:3"),
        format!("0 oxygen_flow 6 @{rows}:3"),
        format!("0.25 oxygen_device high_flow_nasal_cannula @{rows}:4"),
        format!("0.25 fio2 40 @{rows}:4"),
        format!("0.25 oxygen_flow 30 @{rows}:4"),
        format!("0.25 oxygen_device simple_mask [tracheostomy] @{rows}:5"),
        format!("0.25 oxygen_device venturi_mask [Venturi Mask] @{rows}:6"),
        // What is not known ends what was charted before.
        format!("0.5 oxygen_device unquantified [other: Tent] @{rows}:7"),
        format!("0.5 oxygen_device unquantified [helmet] @{rows}:8"),
        format!("0.5 oxygen_device invasive_ventilation [Pressure Control without a device] @{rows}:9"),
        format!("0.5 fio2 unquantified [above 1] @{rows}:9"),
        format!("1 fio2 21 @{rows}:10"),
    ];
    let mut found = events.clone();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(
        ledger,
        [
            "respiratory_support:7 unread value oxygen_device other: Tent",
            "respiratory_support:8 unread value oxygen_device helmet",
            "respiratory_support:9 unread value fio2 above 1",
            "respiratory_support:10 field-ignored mode_category Pressure Support/CPAP without a device",
            "respiratory_support:11 not-a-signal mode_category Pressure Support/CPAP without a device",
            "respiratory_support:12 missing-value device_category neither device nor FiO2 nor flow",
        ]
    );
}

#[test]
fn infusions_run_until_they_are_stopped() {
    let folder = folder();
    child(&folder, Style::default());
    let rest = vec![
        (
            "med_category",
            texts(&["norepinephrine", "norepinephrine", "norepinephrine", "milrinone", "epinephrine", "heparin", "angiotensin"]),
        ),
        ("med_order_id", texts(&["o1", "o2", "o1", "o3", "o4", "o5", "o6"])),
        ("mar_action_category", texts(&["start", "going", "stop", "start", "dose_change", "start", "start"])),
        ("med_dose", Float(vec![Some(0.1), None, Some(0.1), Some(0.5), Some(0.0), Some(1.0), Some(1.0)])),
        ("med_dose_unit", texts(&["mcg/kg/min", "mcg/kg/min", "", "", "mcg/kg/min", "units/hour", "ng/kg/min"])),
    ];
    write(&folder, "medication_admin_continuous", &sheet("admin_dttm", &[T0, T6, T12, T12, T24, T24, T24], rest), Style::default());
    let (records, _) = read_all(&folder);
    let channels: Vec<u32> =
        records[0].events.iter().filter(|e| e.signal == barograph_record::Signal::Norepinephrine).map(|e| e.channel).collect();
    assert_eq!(channels.len(), 3);
    assert!(channels[0] == channels[2] && channels[0] != channels[1], "{channels:?}");
    let (events, ledger) = course(&folder);
    let table = "medication_admin_continuous";
    assert_eq!(
        events,
        [
            format!("0 norepinephrine 0.1 @{table}:1"),
            format!("0.25 norepinephrine unquantified @{table}:2"),
            format!("0.5 norepinephrine 0 @{table}:3"),
            format!("0.5 milrinone unquantified @{table}:4"),
            format!("1 epinephrine 0 @{table}:5"),
        ]
    );
    assert_eq!(
        ledger,
        [
            format!("{table}:4 field-ignored med_dose_unit a rate without a unit"),
            format!("{table}:6 not-a-signal med_category heparin"),
            format!("{table}:7 unmapped-concept med_category angiotensin"),
        ]
    );
}

#[test]
fn sedation_lasts_while_any_sedative_runs_and_drips_count_at_their_start() {
    let folder = folder();
    child(&folder, Style::default());
    let rest = vec![
        ("med_category", texts(&["propofol", "midazolam", "propofol", "midazolam", "midazolam", "acetaminophen", "acetaminophen"])),
        ("med_order_id", texts(&["o1", "o2", "o1", "o2", "o3", "o4", "o4"])),
        ("mar_action_category", texts(&["start", "start", "stop", "stop", "start", "start", "stop"])),
        ("med_dose", Double(vec![Some(20.0), Some(1.0), Some(0.0), Some(0.0), Some(1.0), Some(16.7), Some(0.0)])),
        ("med_dose_unit", texts(&["mcg/kg/min", "mg/hour", "mcg/kg/min", "mg/hour", "mg/hour", "mg/min", "mg/min"])),
    ];
    // Order o2 is stopped and o3 started at one minute: a bag change, not a pause.
    write(&folder, "medication_admin_continuous", &sheet("admin_dttm", &[T0, T6, T12, T24, T24, T24, T24], rest), Style::default());
    let (events, ledger) = course(&folder);
    let table = "medication_admin_continuous";
    assert_eq!(
        events,
        [
            format!("0 sedation yes [propofol] @{table}:1"),
            format!("0.25 sedation yes [midazolam] @{table}:2"),
            format!("0.5 sedation yes [propofol] @{table}:3"),
            format!("1 acetaminophen unquantified [infusion, 16.7 mg/min] @{table}:6"),
            format!("1 sedation yes [midazolam] @{table}:4"),
        ]
    );
    assert_eq!(ledger[0], format!("{table}:7 not-a-signal mar_action_category acetaminophen infusion: stop"));
    assert_eq!(ledger[1], format!("{table}:5 duplicate  sedation"));
}

#[test]
fn doses_are_given_or_noted() {
    let folder = folder();
    child(&folder, Style::default());
    let drugs = ["acetaminophen", "prednisone", "dexamethasone", "hydrocortisone", "tocilizumab", "tocilizumab", "anakinra", "anakinra"];
    let rest = vec![
        ("med_category", texts(&drugs)),
        ("mar_action_category", texts(&["given", "given", "bolus", "given", "not_given", "", "given", "other"])),
        ("med_dose", Float(vec![Some(999.999_94), Some(20.0), None, Some(1.0), Some(240.0), Some(240.0), Some(100.0), Some(100.0)])),
        ("med_dose_unit", texts(&["mg", "mg", "mg", "dose", "mg", "mg", "", "mg"])),
        ("med_route_category", texts(&["iv", "enteral", "iv", "iv", "iv", "iv", "iv", "iv"])),
    ];
    write(&folder, "medication_admin_intermittent", &sheet("admin_dttm", &[T0, T0, T6, T6, T12, T12, T24, T24], rest), Style::default());
    let (events, ledger) = course(&folder);
    let table = "medication_admin_intermittent";
    assert_eq!(
        events,
        [
            format!("0 acetaminophen 999.99994 [iv] @{table}:1"),
            format!("0 prednisolone 20 [prednisone, enteral] @{table}:2"),
            format!("0.25 dexamethasone unquantified [iv] @{table}:3"),
            format!("0.25 hydrocortisone unquantified [iv] @{table}:4"),
            format!("0.5 tocilizumab 240 [iv] @{table}:6"),
            format!("1 anakinra unquantified [iv] @{table}:7"),
        ]
    );
    assert_eq!(
        ledger,
        [
            format!("{table}:5 not-done mar_action_category not_given"),
            format!("{table}:6 field-ignored mar_action_category no action; taken as given"),
            format!("{table}:7 field-ignored med_dose_unit a dose without a unit"),
            format!("{table}:8 not-done mar_action_category other"),
        ]
    );
}

#[test]
fn vasopressors_among_the_single_doses_are_pushes() {
    let folder = folder();
    child(&folder, Style::default());
    let rest = vec![
        ("med_category", texts(&["phenylephrine", "epinephrine", "epinephrine", "vasopressin", "dopamine"])),
        ("mar_action_category", texts(&["given", "bolus", "given", "not_given", "given"])),
        ("med_dose", Float(vec![Some(60.0), None, Some(150.0), Some(1.0), Some(5.0)])),
        ("med_dose_unit", texts(&["mcg", "", "mcg", "units", "mcg"])),
        ("med_route_category", texts(&["iv", "iv", "im", "iv", "iv"])),
    ];
    write(&folder, "medication_admin_intermittent", &sheet("admin_dttm", &[T0, T6, T6, T12, T24], rest), Style::default());
    let (events, ledger) = course(&folder);
    let table = "medication_admin_intermittent";
    assert_eq!(
        events,
        [format!("0 vasopressor_push phenylephrine [60 mcg] @{table}:1"), format!("0.25 vasopressor_push epinephrine @{table}:2")]
    );
    assert_eq!(
        ledger,
        [
            format!("{table}:3 not-a-signal med_route_category epinephrine, im"),
            format!("{table}:4 not-done mar_action_category not_given"),
            format!("{table}:5 unmapped-concept med_category dopamine"),
        ]
    );
}

#[test]
fn a_charted_car_t_infusion_is_day_0_unless_a_file_names_it() {
    let folder = folder();
    child(&folder, Style::default());
    let rest = vec![
        ("med_category", texts(&["tisagenlecleucel", "Axicabtagene Ciloleucel"])),
        ("mar_action_category", texts(&["given", "given"])),
    ];
    write(&folder, "medication_admin_intermittent", &sheet("admin_dttm", &[T12, T24], rest), Style::default());
    let (records, ledger) = read_all(&folder);
    let patient = &records[0].patient;
    assert_eq!((patient.infusion.unwrap().to_string().as_str(), patient.infusion_assumed), (T12, false));
    assert_eq!(patient.product.as_deref(), Some("tisagenlecleucel"));
    let later = "medication_admin_intermittent:2 not-a-signal med_category axicabtagene_ciloleucel (day 0 is another infusion)";
    assert_eq!(ledgered(&ledger), [later]);

    let named = folder.join("infusions.csv");
    std::fs::write(&named, "patient,infusion_time,product\nc1,2024-01-02T12:00:00Z,tisa-cel\nc9,2024-01-02T12:00:00Z,\n").unwrap();
    let (records, ledger) = read_with(&folder, &Options { infusions: Some(named), ..Options::default() }).unwrap();
    let patient = &records[0].patient;
    assert_eq!((patient.infusion.unwrap().to_string().as_str(), patient.infusion_assumed), (T24, false));
    assert_eq!(patient.product.as_deref(), Some("tisa-cel"));
    assert_eq!(ledgered(&ledger).len(), 3);
    assert_eq!(ledgered(&ledger)[2], "infusions.csv:3 unknown-patient patient not in the input");

    // A list without a product does not take the charted one away.
    let timed = folder.join("timed.csv");
    std::fs::write(&timed, "patient,infusion_time\nc1,2024-01-02T12:00:00Z\n").unwrap();
    let (records, _) = read_with(&folder, &Options { infusions: Some(timed), ..Options::default() }).unwrap();
    assert_eq!(records[0].patient.product.as_deref(), Some("tisagenlecleucel"));
}

#[test]
fn labs_keep_units_qualifiers_and_the_time_of_the_result() {
    let folder = folder();
    child(&folder, Style::default());
    let rest = vec![
        ("lab_result_dttm", Time(vec![Some(T6), None, None, None, None, None, None, None, None])),
        ("lab_category", texts(&["crp", "platelet_count", "inr", "inr", "bilirubin_total", "ferritin", "albumin", "crp", "albumin"])),
        ("lab_value", texts(&["", "___", "1.4", "UNABLE TO REPORT", "<0.2.", "33511", "3", "", "3"])),
        ("lab_value_numeric", Double(vec![Some(12.5), Some(40.0), None, None, Some(0.2), Some(33_511.0), Some(3.0), None, Some(3.0)])),
        ("reference_unit", texts(&["mg/dL", "10^3/µL\t", "", "(no units)", "mg/dL", "", "g/dL", "mg/L", "g/dL"])),
        ("lab_specimen_category", texts(&["", "blood/plasma/serum", "", "", "", "", "urine", "", ""])),
    ];
    write(&folder, "labs", &sheet("lab_collect_dttm", &[T0; 9], rest), Style::default());
    let (events, ledger) = course(&folder);
    assert_eq!(
        events,
        [
            "0 crp 125 known 0.25 @labs:1",
            "0 bilirubin Below 0.2 @labs:5",
            "0 albumin 30 @labs:9",
            "0 platelets 40 @labs:2",
            "0 inr 1.4 @labs:3",
        ]
    );
    assert_eq!(
        ledger,
        [
            "labs:4 value value inr UNABLE TO REPORT",
            "labs:6 unit reference_unit ferritin without a unit",
            "labs:7 not-a-signal lab_specimen_category albumin in urine",
            "labs:8 missing-value lab_value_numeric crp",
        ]
    );
}

#[test]
fn death_comes_from_the_patient_or_else_from_the_discharge() {
    for (death, expected) in [(Some(T24), "1 death yes @patient:1"), (None, "0.5 death yes [discharged as expired] @hospitalization:1")] {
        let folder = folder();
        let patient = vec![("patient_id", Text(vec![Some("c1")])), ("death_dttm", Time(vec![death]))];
        write(&folder, "patient", &patient, Style::default());
        let stay = vec![
            ("patient_id", Text(vec![Some("c1")])),
            ("hospitalization_id", Int(vec![Some(1)])),
            ("admission_dttm", Time(vec![Some(T0)])),
            ("discharge_dttm", Time(vec![Some(T12)])),
            ("discharge_category", texts(&["Expired"])),
        ];
        write(&folder, "hospitalization", &stay, Style::default());
        let (events, ledger) = course(&folder);
        assert_eq!(events, [expected]);
        assert!(ledger.is_empty(), "{ledger:?}");
    }
}

#[test]
fn several_stays_make_one_record_and_doubles_are_noted() {
    let folder = folder();
    let patient = vec![("patient_id", texts(&["c2", "c1", "c1"])), ("birth_date", Date(vec![None; 3]))];
    write(&folder, "patient", &patient, Style::default());
    let stay = vec![
        ("patient_id", texts(&["c1", "c1", "c1", "c3"])),
        ("hospitalization_id", Int(vec![Some(2), Some(1), Some(2), Some(7)])),
        ("admission_dttm", Time(vec![Some(T24), Some(T0), Some(T0), None])),
        ("age_at_admission", Int(vec![Some(10), Some(9), Some(9), Some(300)])),
    ];
    write(&folder, "hospitalization", &stay, Style::default());
    let vitals = vec![
        ("hospitalization_id", Int(vec![Some(1), Some(2), Some(3)])),
        ("recorded_dttm", Time(vec![Some(T0), Some(T24), Some(T24)])),
        ("vital_category", texts(&["spo2", "spo2", "spo2"])),
        ("vital_value", Double(vec![Some(95.0), Some(96.0), Some(97.0)])),
    ];
    write(&folder, "vitals", &vitals, Style::default());
    let (records, ledger) = read_all(&folder);
    assert_eq!(records.iter().map(|r| r.patient.id.as_str()).collect::<Vec<_>>(), ["c1", "c2", "c3"]);
    assert_eq!(records[0].patient.age, Age::AtInfusion(9.0));
    let events = lines(&records[0]);
    assert!(events.contains(&"0 spo2 95 @vitals:1".to_owned()) && events.contains(&"1 spo2 96 @vitals:2".to_owned()), "{events:?}");
    assert_eq!(
        ledgered(&ledger),
        [
            "patient:3 duplicate-patient patient_id described in an earlier row",
            "hospitalization:3 duplicate hospitalization_id described in an earlier row",
            "hospitalization:4 time admission_dttm no time",
            "vitals:3 unknown-patient hospitalization_id no such hospitalisation",
        ]
    );
}

#[test]
fn tables_beyond_the_known_are_counted_by_row() {
    let folder = folder();
    child(&folder, Style::default());
    write(&folder, "adt", &sheet("in_dttm", &[T0, T6], vec![]), Style::default());
    write(&folder, "transfusion", &sheet("start_dttm", &[T0], vec![]), Style::default());
    let crrt = vec![("crrt_mode_category", texts(&["cvvhdf", "scuf"]))];
    write(&folder, "crrt_therapy", &sheet("recorded_dttm", &[T0, T6], crrt), Style::default());
    let ecmo = vec![("device_category", texts(&["rotaflow_ecmo", "iabp"]))];
    write(&folder, "ecmo_mcs", &sheet("recorded_dttm", &[T0, T6], ecmo), Style::default());
    let (events, ledger) = course(&folder);
    assert_eq!(events, ["0 oxygen_device ecmo @ecmo_mcs:1", "0 dialysis yes @crrt_therapy:1"]);
    assert_eq!(
        ledger,
        [
            "crrt_therapy:2 not-a-signal crrt_mode_category scuf",
            "ecmo_mcs:2 not-a-signal device_category iabp",
            "adt:1 not-a-signal  table adt",
            "adt:2 not-a-signal  table adt",
            "transfusion:1 unmapped-concept  table transfusion",
        ]
    );
}

#[test]
fn a_table_that_cannot_be_understood_is_an_error_with_a_remedy() {
    let folder = folder();
    child(&folder, Style::default());
    let vitals = vec![("vital_category", texts(&["spo2"]))];
    write(&folder, "vitals", &sheet("recorded_dttm", &[T0], vitals), Style::default());
    let error = read_with(&folder, &Options::default()).unwrap_err().to_string();
    assert!(
        error.contains("clif_vitals.parquet") && error.contains("`vital_value` is missing") && error.contains("data dictionary"),
        "{error}"
    );

    let empty = clif_fixture::folder();
    assert!(matches!(read_with(&empty, &Options::default()), Err(ReadError::Invalid { .. })));
    assert!(matches!(read_with(&empty.join("nowhere"), &Options::default()), Err(ReadError::Io { .. })));
}

#[test]
fn a_patient_table_alone_links_rows_that_name_their_patient() {
    let folder = folder();
    write(&folder, "patient", &vec![("patient_id", texts(&["c1"]))], Style::default());
    let gcs =
        vec![("patient_id", texts(&["c1"])), ("assessment_category", texts(&["gcs_total"])), ("numerical_value", Double(vec![Some(14.0)]))];
    write(&folder, "patient_assessments", &sheet("recorded_dttm", &[T24], gcs), Style::default());
    let named = folder.join("named.csv");
    std::fs::write(&named, format!("patient,infusion_time\nc1,{T0}\n")).unwrap();
    let (records, ledger) = read_with(&folder, &Options { infusions: Some(named), ..Options::default() }).unwrap();
    assert_eq!(lines(&records[0]), ["1 gcs 14 @patient_assessments:1"]);
    assert!(ledgered(&ledger).is_empty());
    // Without any day 0 the row cannot be placed, and the ledger says so.
    let (records, ledger) = read_all(&folder);
    assert!(records[0].events.is_empty());
    assert_eq!(ledgered(&ledger), ["patient_assessments:1 no-infusion-time time gcs"]);
}

#[test]
fn the_same_child_reads_alike_from_csv() {
    let clif = folder();
    child(&clif, Style { unit: "NANOS", ..Style::default() });
    let vitals =
        vec![("vital_category", texts(&["temp_c", "weight_kg", "sbp"])), ("vital_value", Double(vec![Some(39.4), Some(31.0), Some(78.0)]))];
    write(&clif, "vitals", &sheet("recorded_dttm", &[T6, T0, T12], vitals), Style::default());
    let pump = vec![
        ("med_category", texts(&["norepinephrine", "norepinephrine"])),
        ("mar_action_category", texts(&["start", "stop"])),
        ("med_order_id", texts(&["o1", "o1"])),
        ("med_dose", Float(vec![Some(0.1), Some(0.0)])),
        ("med_dose_unit", texts(&["mcg/kg/min", "mcg/kg/min"])),
    ];
    write(&clif, "medication_admin_continuous", &sheet("admin_dttm", &[T6, T24], pump), Style::default());
    let air =
        vec![("device_category", texts(&["Nasal Cannula"])), ("lpm_set", Float(vec![Some(2.0)])), ("fio2_set", Float(vec![Some(0.28)]))];
    write(&clif, "respiratory_support", &sheet("recorded_dttm", &[T12], air), Style::default());
    let crp =
        vec![("lab_category", texts(&["crp"])), ("lab_value_numeric", Double(vec![Some(12.0)])), ("reference_unit", texts(&["mg/dL"]))];
    write(&clif, "labs", &sheet("lab_collect_dttm", &[T24], crp), Style::default());

    let csv = folder();
    std::fs::write(csv.join("patients.csv"), format!("patient,birth_date,sex,infusion_time\nc1,2014-01-01,female,{T0}\n")).unwrap();
    let events = "patient,time,signal,value,unit,channel\n\
        c1,0,encounter,start,,\nc1,10,encounter,end,,\nc1,0.25,temperature,39.4,,\nc1,0,weight,31,kg,\nc1,0.5,systolic_bp,78,,\n\
        c1,0.25,norepinephrine,0.1,,o1\nc1,1,norepinephrine,stopped,,o1\nc1,0.5,oxygen_device,nasal_cannula,,\n\
        c1,0.5,oxygen_flow,2,,\nc1,0.5,fio2,28,,\nc1,1,crp,120,mg/L,\n";
    std::fs::write(csv.join("events.csv"), events).unwrap();
    let mut told = Vec::new();
    read(&csv, Format::Csv, &Options::default(), &mut Ledger::counting(), &mut |r| told.push(r)).unwrap();

    let (read, ledger) = read_all(&clif);
    assert!(ledgered(&ledger).is_empty());
    let facts = |r: &Record| r.events.iter().map(|e| (e.at, e.known, e.signal, e.value, e.channel)).collect::<Vec<_>>();
    assert_eq!(facts(&read[0]), facts(&told[0]));
    assert_eq!(read[0].patient, Patient { infusion_assumed: true, ..told[0].patient.clone() });
}

#[test]
fn a_stay_goes_on_while_vital_signs_do() {
    // Discharged on 11 January at noon; vital signs until 6 h and 23 h after it, then a stray row 30 h after.
    for (times, end, note) in [
        (vec![T0, "2024-01-11T18:00:00Z", "2024-01-12T11:00:00Z"], "10.958333", Some("vital signs go on for 23.0 h after it")),
        (vec![T0, "2024-01-11T11:00:00Z", "2024-01-12T18:00:00Z"], "10", None),
    ] {
        let folder = folder();
        child(&folder, Style::default());
        let rest = vec![("vital_category", texts(&["temp_c"; 3])), ("vital_value", Double(vec![Some(37.0); 3]))];
        write(&folder, "vitals", &sheet("recorded_dttm", &times, rest), Style::default());
        let (records, ledger) = read_all(&folder);
        let ended = lines(&records[0]).into_iter().find(|l| l.contains("encounter end")).unwrap();
        assert!(ended.starts_with(end) && ended.ends_with("@hospitalization:1"), "{ended}");
        let noted = ledger.entries().iter().find(|e| &*e.field == "discharge_dttm").map(|e| (e.reason.name(), &*e.what));
        assert_eq!(noted, note.map(|what| ("field-ignored", what)));
    }
}
