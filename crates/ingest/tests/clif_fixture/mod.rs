//! Writes small CLIF tables for the tests, and an invented child.

// Each test binary uses a part of this; a broken fixture fails by panicking.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used)]

use barograph_ingest::{Format, Options, ReadError, read};
use barograph_record::{Ledger, Record, Value};
use jiff::Timestamp;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A column; `None` is null.
#[derive(Clone)]
pub enum Cells {
    Text(Vec<Option<&'static str>>),
    /// RFC 3339, stored as timestamps.
    Time(Vec<Option<&'static str>>),
    Double(Vec<Option<f64>>),
    Float(Vec<Option<f32>>),
    Int(Vec<Option<i32>>),
    Long(Vec<Option<i64>>),
    /// Long integers with two decimal places.
    Cents(Vec<Option<i64>>),
    /// Days since 1970.
    Date(Vec<Option<i32>>),
    Flag(Vec<Option<bool>>),
}

/// How the writer stores what the table says.
#[derive(Clone, Copy)]
pub struct Style {
    pub unit: &'static str,
    pub compression: Compression,
    pub dictionary: bool,
    /// Rows a row group.
    pub group: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { unit: "MICROS", compression: Compression::SNAPPY, dictionary: true, group: 1_000_000 }
    }
}

pub fn zstd() -> Compression {
    Compression::ZSTD(ZstdLevel::default())
}

/// A table as columns of equal length.
pub type Sheet = Vec<(&'static str, Cells)>;

/// A new folder, removed by the system's own housekeeping.
pub fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("barograph-clif-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

pub fn write(folder: &Path, table: &str, sheet: &Sheet, style: Style) {
    let fields: Vec<String> = sheet.iter().map(|(name, cells)| format!("optional {};", field(name, cells, style.unit))).collect();
    let schema = Arc::new(parse_message_type(&format!("message clif {{ {} }}", fields.join(" "))).unwrap());
    let properties = WriterProperties::builder().set_compression(style.compression).set_dictionary_enabled(style.dictionary);
    let file = std::fs::File::create(folder.join(format!("clif_{table}.parquet"))).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties.build())).unwrap();
    let rows = sheet.first().map_or(0, |(_, cells)| length(cells));
    for from in (0..rows).step_by(style.group) {
        let range = from..rows.min(from + style.group);
        let mut group = writer.next_row_group().unwrap();
        for (_, cells) in sheet {
            column(&mut group, cells, &range, style.unit);
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

fn field(name: &str, cells: &Cells, unit: &str) -> String {
    match cells {
        Cells::Text(_) => format!("binary {name} (UTF8)"),
        Cells::Time(_) => format!("int64 {name} (TIMESTAMP({unit},true))"),
        Cells::Double(_) => format!("double {name}"),
        Cells::Float(_) => format!("float {name}"),
        Cells::Int(_) => format!("int32 {name}"),
        Cells::Long(_) => format!("int64 {name}"),
        Cells::Cents(_) => format!("int64 {name} (DECIMAL(12,2))"),
        Cells::Date(_) => format!("int32 {name} (DATE)"),
        Cells::Flag(_) => format!("boolean {name}"),
    }
}

fn length(cells: &Cells) -> usize {
    match cells {
        Cells::Text(c) | Cells::Time(c) => c.len(),
        Cells::Double(c) => c.len(),
        Cells::Float(c) => c.len(),
        Cells::Int(c) | Cells::Date(c) => c.len(),
        Cells::Long(c) | Cells::Cents(c) => c.len(),
        Cells::Flag(c) => c.len(),
    }
}

fn column(group: &mut SerializedRowGroupWriter<'_, std::fs::File>, cells: &Cells, range: &std::ops::Range<usize>, unit: &str) {
    let moment = |text: &&str| {
        let time: Timestamp = text.parse().unwrap();
        match unit {
            "MILLIS" => time.as_millisecond(),
            "MICROS" => time.as_microsecond(),
            _ => i64::try_from(time.as_nanosecond()).unwrap(),
        }
    };
    match cells {
        Cells::Text(c) => put::<ByteArrayType, _>(group, &c[range.clone()], |text| (*text).into()),
        Cells::Time(c) => put::<Int64Type, _>(group, &c[range.clone()], moment),
        Cells::Double(c) => put::<DoubleType, _>(group, &c[range.clone()], |x| *x),
        Cells::Float(c) => put::<FloatType, _>(group, &c[range.clone()], |x| *x),
        Cells::Int(c) | Cells::Date(c) => put::<Int32Type, _>(group, &c[range.clone()], |x| *x),
        Cells::Long(c) | Cells::Cents(c) => put::<Int64Type, _>(group, &c[range.clone()], |x| *x),
        Cells::Flag(c) => put::<BoolType, _>(group, &c[range.clone()], |x| *x),
    }
}

fn put<T: DataType, U>(group: &mut SerializedRowGroupWriter<'_, std::fs::File>, cells: &[Option<U>], make: impl Fn(&U) -> T::T) {
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.iter().flatten().map(make).collect();
    let mut writer = group.next_column().unwrap().unwrap();
    writer.typed::<T>().write_batch(&values, Some(&levels), None).unwrap();
    writer.close().unwrap();
}

pub fn read_with(folder: &Path, options: &Options) -> Result<(Vec<Record>, Ledger), ReadError> {
    let mut ledger = Ledger::listing();
    let mut records = Vec::new();
    read(folder, Format::Clif, options, &mut ledger, &mut |r| records.push(r))?;
    Ok((records, ledger))
}

pub fn read_all(folder: &Path) -> (Vec<Record>, Ledger) {
    read_with(folder, &Options::default()).unwrap()
}

/// The record as lines `day signal value [detail] @file:row`.
pub fn lines(record: &Record) -> Vec<String> {
    let line = |e: &barograph_record::Event| {
        let value = match e.value {
            Value::Number(x, c) => format!("{c:?} {x}").replace("Exact ", ""),
            Value::Code(code) => code.to_string(),
            Value::Unquantified => "unquantified".to_owned(),
            Value::Words => "words".to_owned(),
        };
        let known = if e.known == e.at { String::new() } else { format!(" known {}", e.known.days()) };
        let detail = record.texts.get(e.detail);
        let detail = if detail.is_empty() { String::new() } else { format!(" [{detail}]") };
        let cite = record.cite(e.origin).replace("clif_", "").replace(".parquet", "");
        format!("{} {} {value}{known}{detail} @{cite}", e.at.days(), e.signal)
    };
    record.events.iter().map(line).collect()
}

/// Ledger entries of rows as `table:row reason field what`.
pub fn ledgered(ledger: &Ledger) -> Vec<String> {
    let rows = ledger.entries().iter().filter(|e| e.row > 0);
    let name = |file: &str| file.replace("clif_", "").replace(".parquet", "");
    rows.map(|e| format!("{}:{} {} {} {}", name(&e.file), e.row, e.reason.name(), e.field, e.what)).collect()
}

/// `patient` and `hospitalization` of the invented child `c1`, admitted as `h1` on 1 January 2024 at noon.
pub fn child(folder: &Path, style: Style) {
    use Cells::{Date, Int, Text, Time};
    let patient = vec![
        ("patient_id", Text(vec![Some("c1")])),
        ("race_category", Text(vec![None])),
        ("sex_category", Text(vec![Some("Female")])),
        ("birth_date", Date(vec![Some(16_071)])), // 2014-01-01
        ("death_dttm", Time(vec![None])),
    ];
    write(folder, "patient", &patient, style);
    let stay = vec![
        ("patient_id", Text(vec![Some("c1")])),
        ("hospitalization_id", Text(vec![Some("1")])),
        ("admission_dttm", Time(vec![Some("2024-01-01T12:00:00Z")])),
        ("discharge_dttm", Time(vec![Some("2024-01-11T12:00:00Z")])),
        ("age_at_admission", Int(vec![Some(10)])),
        ("discharge_category", Text(vec![Some("Home")])),
    ];
    write(folder, "hospitalization", &stay, style);
}

/// A table whose rows all belong to the child, with its times from noon of 1 January 2024 as `T+hours`.
pub fn sheet(time: &'static str, times: &[&'static str], rest: Sheet) -> Sheet {
    let n = times.len();
    let mut out =
        vec![("hospitalization_id", Cells::Text(vec![Some("1"); n])), (time, Cells::Time(times.iter().map(|t| Some(*t)).collect()))];
    out.extend(rest);
    out
}
