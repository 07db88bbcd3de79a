//! Cells of flat Parquet columns, whatever physical type the writer chose.
//!
//! Source: Apache Parquet format, LogicalTypes.md.

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::{ParquetError, Result};
use ::parquet::schema::types::ColumnDescriptor;

const MS_PER_DAY: i64 = 86_400_000;

/// The cells of one column in one batch of rows; `None` is null.
pub(super) enum Column {
    /// The file has no such column.
    Absent,
    /// Text, as bytes that ought to be UTF-8.
    Text(Vec<Option<ByteArray>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Decimal numbers; NaN, which pandas writes for null, is null.
    Decimal(Vec<Option<f64>>),
    /// True or false.
    Flag(Vec<Option<bool>>),
    /// Milliseconds since 1970 (UTC, or local time taken as UTC).
    Time(Vec<Option<i64>>),
}

/// What a column's stored numbers stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// Themselves.
    Plain,
    /// The unsigned number of the same bits.
    Unsigned,
    /// A decimal of this many places.
    Places(i32),
    /// A moment; this many of the stored unit make a millisecond.
    Moment(i64),
    /// A moment in whole days since 1970.
    Day,
}

impl Meaning {
    /// The meaning of a column, or `None` when its type is not one of a flat table of facts.
    pub(super) fn of(column: &ColumnDescriptor) -> Option<Self> {
        let flat = column.max_rep_level() == 0 && column.max_def_level() <= 1;
        if !flat || column.physical_type() == Type::FIXED_LEN_BYTE_ARRAY {
            return None;
        }
        let number = matches!(column.physical_type(), Type::INT32 | Type::INT64);
        let meaning = match (column.logical_type_ref(), column.converted_type()) {
            (Some(LogicalType::Timestamp(t)), _) => Self::Moment(match t.unit {
                TimeUnit::MILLIS => 1,
                TimeUnit::MICROS => 1_000,
                TimeUnit::NANOS => 1_000_000,
            }),
            (_, ConvertedType::TIMESTAMP_MILLIS) => Self::Moment(1),
            (_, ConvertedType::TIMESTAMP_MICROS) => Self::Moment(1_000),
            (Some(LogicalType::Date), _) | (_, ConvertedType::DATE) => Self::Day,
            (Some(LogicalType::Decimal(d)), _) if number => Self::Places(d.scale),
            (_, ConvertedType::DECIMAL) if number => Self::Places(column.type_scale()),
            (Some(LogicalType::Decimal(_) | LogicalType::Time(_)), _)
            | (_, ConvertedType::DECIMAL | ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => return None,
            (Some(LogicalType::Integer(i)), _) if !i.is_signed => Self::Unsigned,
            _ => Self::Plain,
        };
        Some(meaning)
    }
}

/// Reads the next `rows` cells of a column.
///
/// # Errors
/// [`ParquetError`] when the column's pages are damaged or hold fewer cells.
pub(super) fn cells(reader: &mut ColumnReader, meaning: Meaning, optional: bool, rows: usize) -> Result<Column> {
    match reader {
        ColumnReader::BoolColumnReader(r) => Ok(Column::Flag(take(r, optional, rows, Some)?)),
        ColumnReader::Int32ColumnReader(r) => Ok(whole(take(r, optional, rows, |x| Some(i64::from(x)))?, meaning, u64::from(u32::MAX))),
        ColumnReader::Int64ColumnReader(r) => Ok(whole(take(r, optional, rows, Some)?, meaning, u64::MAX)),
        ColumnReader::Int96ColumnReader(r) => Ok(Column::Time(take(r, optional, rows, |x| Some(x.to_millis()))?)),
        ColumnReader::FloatColumnReader(r) => Ok(Column::Decimal(take(r, optional, rows, shortest)?)),
        ColumnReader::DoubleColumnReader(r) => Ok(Column::Decimal(take(r, optional, rows, number)?)),
        ColumnReader::ByteArrayColumnReader(r) => Ok(Column::Text(take(r, optional, rows, Some)?)),
        ColumnReader::FixedLenByteArrayColumnReader(_) => Err(ParquetError::NYI("fixed-length bytes".to_owned())),
    }
}

fn take<T: DataType, U>(
    reader: &mut ColumnReaderImpl<T>,
    optional: bool,
    rows: usize,
    make: impl Fn(T::T) -> Option<U>,
) -> Result<Vec<Option<U>>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (records, ..) = reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    if records != rows {
        return Err(ParquetError::General(format!("a column ends {} rows before the table does", rows - records)));
    }
    let mut values = values.into_iter();
    if !optional {
        return Ok(values.map(make).collect());
    }
    Ok(levels.iter().map(|level| if *level > 0 { values.next().and_then(&make) } else { None }).collect())
}

fn whole(cells: Vec<Option<i64>>, meaning: Meaning, mask: u64) -> Column {
    match meaning {
        Meaning::Plain => Column::Whole(cells),
        // The cast keeps the bits; ids beyond i64 do not occur.
        Meaning::Unsigned => Column::Whole(map(cells, |x| i64::try_from(x.cast_unsigned() & mask).ok())),
        Meaning::Places(places) => Column::Decimal(map(cells, |x| decimal(x, places))),
        Meaning::Moment(per_ms) => Column::Time(map(cells, |x| Some(x.div_euclid(per_ms)))),
        Meaning::Day => Column::Time(map(cells, |x| x.checked_mul(MS_PER_DAY))),
    }
}

fn map<T>(cells: Vec<Option<i64>>, make: impl Fn(i64) -> Option<T>) -> Vec<Option<T>> {
    cells.into_iter().map(|cell| cell.and_then(&make)).collect()
}

/// `x` times ten to the minus `places`, as the decimal that was meant.
fn decimal(x: i64, places: i32) -> Option<f64> {
    format!("{x}e{}", places.checked_neg()?).parse().ok().and_then(number)
}

/// A 32-bit number as the shortest decimal it stands for: 0.1 is meant, not 0.100000001490116.
fn shortest(x: f32) -> Option<f64> {
    x.to_string().parse().ok().and_then(number)
}

fn number(x: f64) -> Option<f64> {
    (!x.is_nan()).then_some(x)
}
