//! The medication tables: infusions with their changes of rate, and single doses.

use super::concepts::{Action, Target};
use super::intake::{Intake, at};
use super::people::Charted;
use super::sedation::Pump;
use crate::ReadError;
use crate::parquet::Table;
use crate::parquet::{Refusal, Row, Wanted};
use crate::pushes;
use Wanted::{Extra, Needed, Useful};
use barograph_record::{Comparator, Kind, Observation, RawValue, Reason, Signal};
use jiff::Timestamp;

const CONTINUOUS: &str = "medication_admin_continuous";
const INTERMITTENT: &str = "medication_admin_intermittent";
const WANTED: &[Wanted] = &[
    Needed("hospitalization_id"),
    Extra("patient_id"),
    Needed("admin_dttm"),
    Needed("med_category"),
    Useful("med_order_id"),
    Useful("mar_action_category"),
    Useful("med_dose"),
    Useful("med_dose_unit"),
    Useful("med_route_category"),
];

/// Reads the table `medication_admin_continuous`.
pub(super) fn continuous(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    intake.read(table, WANTED, |intake, row| {
        let (target, category) = intake.target(CONTINUOUS, row, "med_category")?;
        let who = intake.who(row)?;
        let moment = row.moment("admin_dttm")?;
        let action = row.category("mar_action_category").and_then(|word| intake.concepts.action(CONTINUOUS, &word));
        match target {
            Target::Signal(Signal::Sedation) => sedative(intake, row, who, moment, category, action),
            Target::Signal(signal) if signal.is_rate() => rate(intake, row, who, moment, signal, action),
            Target::Signal(signal) if signal.kind() == Kind::Dose => drip(intake, row, who, moment, signal, action),
            _ => Err(Refusal::new("med_category", Reason::UnmappedConcept, &category)),
        }
    })
}

/// A change of rate. Whatever the dose says, a stop is a rate of zero.
fn rate(
    intake: &mut Intake<'_>,
    row: &Row<'_>,
    who: usize,
    moment: Timestamp,
    signal: Signal,
    action: Option<Action>,
) -> Result<(), Refusal> {
    let unit = row.text("med_dose_unit").unwrap_or_default();
    let value = match (action, row.number("med_dose")?) {
        (Some(Action::Stop), _) => RawValue::Number(0.0, Comparator::Exact),
        (Some(_), None) => RawValue::Unquantified,
        (None, None) => return Err(Refusal::new("med_dose", Reason::MissingValue, signal.name())),
        // A rate without a unit runs at a rate that is not known.
        (_, Some(dose)) if dose != 0.0 && unit.is_empty() => {
            intake.ignore(row, &Refusal::new("med_dose_unit", Reason::FieldIgnored, "a rate without a unit"));
            RawValue::Unquantified
        }
        (_, Some(dose)) => RawValue::Number(dose, Comparator::Exact),
    };
    let stopped = value == RawValue::Number(0.0, Comparator::Exact);
    let channel = row.text("med_order_id").unwrap_or_default();
    // Zero is zero in any unit, and must not be lost to one that is not known.
    let unit = if stopped { "" } else { &*unit };
    intake.push(who, row, Observation { unit, channel: &channel, ..at(moment, signal, value) });
    Ok(())
}

/// A drug of the other table given slowly: its start says that it was given, its rate not how much.
fn drip(
    intake: &mut Intake<'_>,
    row: &Row<'_>,
    who: usize,
    moment: Timestamp,
    signal: Signal,
    action: Option<Action>,
) -> Result<(), Refusal> {
    if action != Some(Action::Start) {
        let action = row.text("mar_action_category").unwrap_or_default();
        return Err(Refusal::new("mar_action_category", Reason::NotASignal, format!("{signal} infusion: {action}")));
    }
    let detail = match row.number("med_dose")? {
        Some(dose) => format!("infusion, {dose} {}", row.text("med_dose_unit").unwrap_or_default()),
        None => "infusion".to_owned(),
    };
    intake.push(who, row, Observation { detail: detail.trim_end(), ..at(moment, signal, RawValue::Unquantified) });
    Ok(())
}

fn sedative(
    intake: &mut Intake<'_>,
    row: &Row<'_>,
    who: usize,
    at: Timestamp,
    drug: String,
    action: Option<Action>,
) -> Result<(), Refusal> {
    let runs = match (action, row.number("med_dose")?) {
        (Some(Action::Stop), _) => false,
        (_, Some(dose)) => dose > 0.0,
        (Some(_), None) => true,
        (None, None) => return Err(Refusal::new("med_dose", Reason::MissingValue, &drug)),
    };
    let channel = row.text("med_order_id").map_or_else(|| drug.clone(), |order| format!("{drug} {order}"));
    if let Some(person) = intake.people.get_mut(who) {
        person.pumps.push(Pump { at, channel, drug, runs, file: row.file, row: row.number });
    }
    Ok(())
}

/// Reads the table `medication_admin_intermittent`.
pub(super) fn intermittent(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    intake.read(table, WANTED, |intake, row| {
        let (target, category) = intake.target(INTERMITTENT, row, "med_category")?;
        let who = intake.who(row)?;
        let moment = row.moment("admin_dttm")?;
        was_given(intake, row)?;
        match target {
            Target::Infusion => {
                if let Some(person) = intake.people.get_mut(who) {
                    person.infusions.push(Charted { at: moment, product: category, file: row.file, row: row.number });
                }
                Ok(())
            }
            Target::Signal(signal) if signal.kind() == Kind::Dose => dose(intake, row, who, moment, signal, &category),
            Target::Signal(signal) if pushes::word(signal).is_some() => push(intake, row, who, moment, signal),
            _ => Err(Refusal::new("med_category", Reason::UnmappedConcept, &category)),
        }
    })
}

/// Refuses a row that does not say "given"; where nothing is said, a row of administrations is one.
fn was_given(intake: &mut Intake<'_>, row: &Row<'_>) -> Result<(), Refusal> {
    let Some(word) = row.category("mar_action_category") else {
        intake.ignore(row, &Refusal::new("mar_action_category", Reason::FieldIgnored, "no action; taken as given"));
        return Ok(());
    };
    match intake.concepts.action(INTERMITTENT, &word) {
        Some(Action::Given) => Ok(()),
        _ => Err(Refusal::new("mar_action_category", Reason::NotDone, &word)),
    }
}

/// A vasopressor in the table of single doses was given at once.
fn push(intake: &mut Intake<'_>, row: &Row<'_>, who: usize, moment: Timestamp, drug: Signal) -> Result<(), Refusal> {
    let route = row.category("med_route_category").unwrap_or_default();
    if intake.concepts.is_local(&route) || intake.concepts.is_injected(&route) {
        return Err(Refusal::new("med_route_category", Reason::NotASignal, format!("{drug}, {route}")));
    }
    let unit = row.text("med_dose_unit").unwrap_or_default();
    let detail = match row.number("med_dose")? {
        Some(0.0) => return Err(Refusal::new("med_dose", Reason::NotDone, "a dose of 0")),
        Some(dose) => format!("{dose} {unit}"),
        None => String::new(),
    };
    let value = pushes::word(drug).map_or(RawValue::Unquantified, RawValue::Code);
    intake.push(who, row, Observation { detail: detail.trim_end(), ..at(moment, Signal::VasopressorPush, value) });
    Ok(())
}

fn dose(intake: &mut Intake<'_>, row: &Row<'_>, who: usize, moment: Timestamp, signal: Signal, category: &str) -> Result<(), Refusal> {
    let route = row.category("med_route_category").unwrap_or_default();
    if intake.concepts.is_local(&route) {
        return Err(Refusal::new("med_route_category", Reason::NotASignal, format!("{category}, {route}")));
    }
    let unit = row.text("med_dose_unit").unwrap_or_default();
    let value = match row.number("med_dose")? {
        None => RawValue::Unquantified,
        Some(0.0) => return Err(Refusal::new("med_dose", Reason::NotDone, "a dose of 0")),
        Some(_) if unit.is_empty() => {
            intake.ignore(row, &Refusal::new("med_dose_unit", Reason::FieldIgnored, "a dose without a unit"));
            RawValue::Unquantified
        }
        Some(dose) => RawValue::Number(dose, Comparator::Exact),
    };
    let drug = if category == signal.name() { "" } else { category };
    let detail = [drug, &route].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    intake.push(who, row, Observation { unit: &unit, detail: &detail, ..at(moment, signal, value) });
    Ok(())
}
