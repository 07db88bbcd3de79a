//! The Parquet seeds and the sound tables of the CLIF targets are what is written here; `BLESS=1` writes them anew.

#[path = "../../crates/ingest/tests/clif_fixture/mod.rs"]
mod clif_fixture;

use clif_fixture::{Cells, Sheet, Style, child, folder, sheet, write, zstd};
use std::fs;
use std::path::Path;

const TIMES: [&str; 6] = [
    "2024-01-01T12:00:00Z",
    "2024-01-01T16:00:00Z",
    "2024-01-02T00:00:00Z",
    "2024-01-02T00:00:00Z",
    "2024-01-03T08:30:00Z",
    "2024-01-05T12:00:00Z",
];

/// Every way of storing a table that the reader's own tests use.
fn styles() -> [(&'static str, Style); 3] {
    let plain = Style { dictionary: false, compression: parquet::basic::Compression::UNCOMPRESSED, unit: "MILLIS", group: 4 };
    let packed = Style { dictionary: false, compression: zstd(), unit: "NANOS", group: 4 };
    [("snappy", Style::default()), ("plain", plain), ("zstd", packed)]
}

fn words(words: [Option<&'static str>; 6]) -> Cells {
    Cells::Text(words.to_vec())
}

fn vitals() -> Sheet {
    let category = words([Some("temp_c"), Some("sbp"), Some("spo2"), Some("weight_kg"), Some("heart_rate"), Some("frog_rate")]);
    let value = Cells::Double(vec![Some(38.6), Some(74.0), None, Some(20.0), Some(f64::NAN), Some(1e300)]);
    let site = words([Some("Axillary"), None, None, None, None, None]);
    sheet("recorded_dttm", &TIMES, vec![("vital_category", category), ("vital_value", value), ("meas_site_name", site)])
}

fn respiratory() -> Sheet {
    let device = words([Some("Nasal Cannula"), Some("High Flow NC"), Some("NIPPV"), Some("IMV"), None, Some("Other")]);
    let mode = words([None, None, Some("CPAP"), Some("Pressure Support/CPAP"), None, None]);
    let fraction = Cells::Float(vec![None, Some(0.4), Some(40.0), Some(0.1), None, Some(0.21)]);
    let flow = Cells::Int(vec![Some(2), Some(10), None, Some(-1), None, None]);
    let tracheostomy = Cells::Flag(vec![Some(false), None, Some(true), None, None, None]);
    let rest = vec![
        ("device_category", device),
        ("mode_category", mode),
        ("fio2_set", fraction),
        ("lpm_set", flow),
        ("tracheostomy", tracheostomy),
    ];
    sheet("recorded_dttm", &TIMES, rest)
}

fn medication() -> Sheet {
    let drug = words([Some("norepinephrine"), Some("norepinephrine"), Some("vasopressin"), Some("propofol"), Some("dexamethasone"), None]);
    let order = Cells::Long(vec![Some(1), Some(1), Some(2), None, Some(i64::MAX), Some(-1)]);
    let action = words([Some("start"), Some("stop"), Some("dose_change"), Some("going"), Some("start"), Some("other")]);
    let dose = Cells::Cents(vec![Some(10), Some(0), Some(4), None, Some(i64::MIN), Some(1)]);
    let unit = words([Some("mcg/kg/min"), Some("mcg/kg/min"), Some("units/hour"), None, Some("mg"), Some("furlong")]);
    let rest =
        vec![("med_category", drug), ("med_order_id", order), ("mar_action_category", action), ("med_dose", dose), ("med_dose_unit", unit)];
    sheet("admin_dttm", &TIMES, rest)
}

/// Holds a table just written against the committed one, or puts it in its place.
fn hold(written: &Path, committed: &Path) {
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(committed.parent().unwrap()).unwrap();
        fs::copy(written, committed).unwrap();
    }
    let same = fs::read(written).unwrap() == fs::read(committed).unwrap();
    assert!(same, "{} is not what this test writes; run it with BLESS=1", committed.display());
}

#[test]
fn seeds_are_what_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let written = folder();
    child(&written, Style::default());
    for table in ["patient", "hospitalization"] {
        let file = format!("clif_{table}.parquet");
        hold(&written.join(&file), &root.join("sound").join(&file));
    }
    let tables = [
        ("clif_vitals", "vitals", vitals()),
        ("clif_respiratory", "respiratory_support", respiratory()),
        ("clif_medication", "medication_admin_continuous", medication()),
    ];
    for (target, table, sheet) in tables {
        for (name, style) in styles() {
            write(&written, table, &sheet, style);
            hold(&written.join(format!("clif_{table}.parquet")), &root.join("seeds").join(target).join(name));
        }
    }
}
