//! The table `respiratory_support`: device, fraction and flow of oxygen.

use super::concepts::Target;
use super::intake::{Intake, at};
use crate::ReadError;
use crate::concepts::ConceptMap;
use crate::parquet::Table;
use crate::parquet::{Refusal, Row, Wanted};
use Wanted::{Extra, Needed, Useful};
use barograph_record::{Code, Comparator, Observation, RawValue, Reason, Signal};

const NAME: &str = "respiratory_support";
const WANTED: &[Wanted] = &[
    Needed("hospitalization_id"),
    Extra("patient_id"),
    Needed("recorded_dttm"),
    Needed("device_category"),
    Useful("device_name"),
    Useful("mode_category"),
    Useful("tracheostomy"),
    Useful("fio2_set"),
    Useful("lpm_set"),
];

/// Smallest fraction taken for FiO2: room air, charted as 0.2 or 0.21.
const LEAST_FRACTION: f64 = 0.2;

/// Reads the table. A row gives up to three events: device, FiO2 and flow.
pub(super) fn read(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    intake.read(table, WANTED, |intake, row| {
        intake.seen(row, "recorded_dttm");
        let who = intake.who(row)?;
        let moment = row.moment("recorded_dttm")?;
        let mut used = false;
        let mut refusals = Vec::new();
        match device(intake, row) {
            Ok(Some((code, detail))) => {
                intake.push(who, row, Observation { detail: &detail, ..at(moment, Signal::OxygenDevice, RawValue::Code(code)) });
                used = true;
            }
            Ok(None) => {}
            // A device that is not known still ends the one before it.
            Err(refusal) if refusal.names_a_device() => {
                intake.push(who, row, at(moment, Signal::OxygenDevice, RawValue::Unread(&refusal.what)));
                used = true;
            }
            Err(refusal) => refusals.push(refusal),
        }
        for (number, signal, unit) in [(fraction(row), Signal::Fio2, "1"), (row.number("lpm_set"), Signal::OxygenFlow, "L/min")] {
            match number {
                Ok(Some(x)) => {
                    let value = RawValue::Number(x, Comparator::Exact);
                    intake.push(who, row, Observation { unit, ..at(moment, signal, value) });
                    used = true;
                }
                Ok(None) => {}
                Err(refusal) => {
                    intake.push(who, row, at(moment, signal, RawValue::Unread(&refusal.what)));
                    used = true;
                }
            }
        }
        if !used && refusals.is_empty() {
            return Err(Refusal::new("device_category", Reason::MissingValue, "neither device nor FiO2 nor flow"));
        }
        for refusal in refusals {
            intake.note(row.file, row.number, &refusal);
        }
        Ok(())
    })
}

/// The device of a row, with the detail of its event.
fn device(intake: &mut Intake<'_>, row: &Row<'_>) -> Result<Option<(Code, String)>, Refusal> {
    let mode = row.text("mode_category");
    let Some(category) = row.category("device_category") else {
        let Some(mode) = mode else { return Ok(None) };
        return match row.category("mode_category").and_then(|m| intake.concepts.mode_is_invasive(&m)) {
            Some(true) => Ok(Some((Code::InvasiveVentilation, detail(row, "", &format!("{mode} without a device"))))),
            Some(false) => Err(Refusal::new("mode_category", Reason::FieldIgnored, format!("{mode} without a device")).unless_alone(row)),
            None => Err(Refusal::new("mode_category", Reason::UnmappedConcept, mode)),
        };
    };
    let name = row.text("device_name").unwrap_or_default();
    let named = ConceptMap::load(None).ok().and_then(|map| map.device(&name));
    let code = match (intake.concepts.target(NAME, &category), named) {
        // Masks are of one category, and told apart by name.
        (Some(Target::Word(_, Code::SimpleMask)), Some(named @ (Code::VenturiMask | Code::NonRebreather))) => named,
        (Some(Target::Word(Signal::OxygenDevice, code)), _) => code,
        (Some(Target::Irrelevant), _) => return Err(Refusal::new("device_category", Reason::NotASignal, &category)),
        _ if category == "other" => named.ok_or_else(|| Refusal::new("device_category", Reason::Unread, format!("other: {name}")))?,
        _ => return Err(Refusal::new("device_category", Reason::Unread, &category)),
    };
    Ok(Some((code, detail(row, &name, &mode.unwrap_or_default()))))
}

fn detail(row: &Row<'_>, name: &str, mode: &str) -> String {
    let tracheostomy = if row.is_set("tracheostomy") { "tracheostomy" } else { "" };
    let parts: Vec<&str> = [name, mode, tracheostomy].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

/// FiO2, which CLIF gives as a fraction. A percentage is not guessed at.
fn fraction(row: &Row<'_>) -> Result<Option<f64>, Refusal> {
    match row.number("fio2_set")? {
        Some(x) if x > 1.0 => Err(Refusal::new("fio2_set", Reason::Unit, "above 1")),
        Some(x) if x < LEAST_FRACTION => Err(Refusal::new("fio2_set", Reason::Implausible, "below 0.2")),
        other => Ok(other),
    }
}

impl Refusal {
    fn names_a_device(&self) -> bool {
        self.reason == Reason::Unread
    }

    /// A mode that names no device leaves the row's numbers in use; where it stands alone the row is lost.
    fn unless_alone(mut self, row: &Row<'_>) -> Self {
        if row.text("fio2_set").is_none() && row.text("lpm_set").is_none() {
            self.reason = Reason::NotASignal;
        }
        self
    }
}
