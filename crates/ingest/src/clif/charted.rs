//! Tables of one observation a row: `vitals`, `patient_assessments`, `labs`, `crrt_therapy`, `ecmo_mcs`.

use super::concepts::Target;
use super::intake::{Intake, at};
use crate::ReadError;
use crate::parquet::Table;
use crate::parquet::{Refusal, Row, Wanted};
use Wanted::{Extra, Needed, Useful};
use barograph_record::{Comparator, Observation, RawTime, RawValue, Reason, Signal};

/// Reads the table `vitals`. Units are those of the category (`temp_c`, `weight_kg`), whatever the site's name says.
pub(super) fn vitals(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    const WANTED: &[Wanted] = &[
        Needed("hospitalization_id"),
        Extra("patient_id"),
        Needed("recorded_dttm"),
        Needed("vital_category"),
        Needed("vital_value"),
        Useful("meas_site_name"),
    ];
    intake.read(table, WANTED, |intake, row| {
        intake.seen(row, "recorded_dttm");
        measured(intake, row, "vitals", ["vital_category", "vital_value"], Some("meas_site_name"))
    })
}

/// Reads the table `patient_assessments`.
pub(super) fn assessments(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    const WANTED: &[Wanted] = &[
        Needed("hospitalization_id"),
        Extra("patient_id"),
        Needed("recorded_dttm"),
        Needed("assessment_category"),
        Needed("numerical_value"),
    ];
    intake.read(table, WANTED, |intake, row| measured(intake, row, "patient_assessments", ["assessment_category", "numerical_value"], None))
}

fn measured(
    intake: &mut Intake<'_>,
    row: &Row<'_>,
    table: &str,
    [category, value]: [&'static str; 2],
    detail: Option<&'static str>,
) -> Result<(), Refusal> {
    let (target, _) = intake.target(table, row, category)?;
    let Target::Signal(signal) = target else { return word(intake, row, target, "recorded_dttm") };
    let who = intake.who(row)?;
    let moment = row.moment("recorded_dttm")?;
    let value = row.value(value).ok_or_else(|| Refusal::new(value, Reason::MissingValue, signal.name()))?;
    let detail = detail.and_then(|k| row.text(k)).unwrap_or_default();
    intake.push(who, row, Observation { detail: &detail, ..at(moment, signal, value.raw()) });
    Ok(())
}

fn word(intake: &mut Intake<'_>, row: &Row<'_>, target: Target, time: &'static str) -> Result<(), Refusal> {
    let Target::Word(signal, code) = target else {
        return Err(Refusal::new("", Reason::UnmappedConcept, "the concept map gives this category a meaning that its table cannot have"));
    };
    let who = intake.who(row)?;
    let moment = row.moment(time)?;
    intake.push(who, row, at(moment, signal, RawValue::Code(code)));
    Ok(())
}

/// Reads the table `crrt_therapy`: every charted row says that the patient is dialysed.
pub(super) fn dialysis(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    const WANTED: &[Wanted] = &[Needed("hospitalization_id"), Extra("patient_id"), Needed("recorded_dttm"), Needed("crrt_mode_category")];
    present(table, intake, WANTED, "crrt_therapy", "crrt_mode_category")
}

/// Reads the table `ecmo_mcs`: rows of an oxygenator say that the patient is on ECMO.
pub(super) fn ecmo(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    const WANTED: &[Wanted] = &[Needed("hospitalization_id"), Extra("patient_id"), Needed("recorded_dttm"), Needed("device_category")];
    present(table, intake, WANTED, "ecmo_mcs", "device_category")
}

fn present(table: &Table, intake: &mut Intake<'_>, wanted: &'static [Wanted], name: &str, category: &'static str) -> Result<(), ReadError> {
    intake.read(table, wanted, |intake, row| {
        let (target, _) = intake.target(name, row, category)?;
        word(intake, row, target, "recorded_dttm")
    })
}

/// Reads the table `labs`: the specimen's collection is the time, its result the moment it became known.
pub(super) fn labs(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    const WANTED: &[Wanted] = &[
        Needed("hospitalization_id"),
        Extra("patient_id"),
        Needed("lab_collect_dttm"),
        Useful("lab_result_dttm"),
        Needed("lab_category"),
        Useful("lab_value"),
        Useful("lab_value_numeric"),
        Needed("reference_unit"),
        Useful("lab_specimen_category"),
    ];
    intake.read(table, WANTED, lab)
}

fn lab(intake: &mut Intake<'_>, row: &Row<'_>) -> Result<(), Refusal> {
    let (target, category) = intake.target("labs", row, "lab_category")?;
    let Target::Signal(signal) = target else { return word(intake, row, target, "lab_collect_dttm") };
    if let Some(specimen) = row.category("lab_specimen_category").filter(|s| !intake.concepts.is_blood(s)) {
        return Err(Refusal::new("lab_specimen_category", Reason::NotASignal, format!("{category} in {specimen}")));
    }
    let who = intake.who(row)?;
    let moment = row.moment("lab_collect_dttm")?;
    let unit = row.text("reference_unit").filter(|unit| !intake.concepts.is_unitless(unit)).unwrap_or_default();
    if unit.is_empty() && signal.unit() != Signal::Inr.unit() {
        return Err(Refusal::new("reference_unit", Reason::Unit, format!("{category} without a unit")));
    }
    let known = row.time("lab_result_dttm").unwrap_or_else(|refusal| {
        intake.ignore(row, &refusal);
        None
    });
    let text = row.text("lab_value").unwrap_or_default();
    let value = match row.number("lab_value_numeric")? {
        // "<0.2" beside 0.2: the number has been parsed out, its qualifier stands in the text.
        Some(x) if text.starts_with('<') => RawValue::Number(x, Comparator::Below),
        Some(x) if text.starts_with('>') => RawValue::Number(x, Comparator::Above),
        Some(x) => RawValue::Number(x, Comparator::Exact),
        None if text.is_empty() => return Err(Refusal::new("lab_value_numeric", Reason::MissingValue, signal.name())),
        None => RawValue::Text(&text),
    };
    let known = known.map(RawTime::Absolute);
    intake.push(who, row, Observation { known, unit: &unit, ..at(moment, signal, value) });
    Ok(())
}
