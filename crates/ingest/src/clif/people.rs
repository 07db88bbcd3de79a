//! Who the patients are: the tables `patient` and `hospitalization`, and what they settle about day 0, age and death.

use super::intake::{Intake, at};
use super::sedation::Pump;
use crate::ReadError;
use crate::csv::infusions::Infusion;
use crate::parquet::Table;
use crate::parquet::{Refusal, Row, Wanted};
use Wanted::{Needed, Useful};
use barograph_record::{Age, Code, Files, Ledger, Observation, Patient, RawValue, Reason, Record, RecordBuilder, Sex, Signal};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// Years beyond which an age is taken for a charting error.
const OLDEST: f64 = 130.0;
const DAY_S: f64 = 86_400.0;
/// How far a discharge without an hour of its own may lie before the patient's last vital signs.
const DAY: SignedDuration = SignedDuration::from_hours(24);
const YEAR_DAYS: f64 = 365.25;

/// A CAR-T infusion charted among the drugs.
pub(super) struct Charted {
    pub(super) at: Timestamp,
    pub(super) product: String,
    pub(super) file: u16,
    pub(super) row: u32,
}

struct Stay {
    from: Timestamp,
    age: Option<f64>,
    discharge: Option<Discharge>,
    /// The last vital sign or breathing support charted within a day after the discharge.
    seen: Option<Timestamp>,
}

struct Discharge {
    at: Timestamp,
    expired: bool,
    file: u16,
    row: u32,
}

/// One patient while the tables are read.
pub(super) struct Person {
    pub(super) builder: RecordBuilder,
    /// CAR-T infusions among the drugs given.
    pub(super) infusions: Vec<Charted>,
    /// Sedative infusions, to be settled when all are known.
    pub(super) pumps: Vec<Pump>,
    stays: Vec<Stay>,
    death_is_known: bool,
}

/// Everybody, by patient id and by hospitalisation id.
#[derive(Default)]
pub(super) struct People {
    all: Vec<Person>,
    by_patient: HashMap<String, usize>,
    /// Whose stay it is, and its place among that person's stays (where it has a usable admission).
    by_stay: HashMap<String, (usize, Option<usize>)>,
}

impl People {
    pub(super) fn of_stay(&self, stay: &str) -> Option<usize> {
        self.by_stay.get(stay).map(|(who, _)| *who)
    }

    /// Takes note that the patient was at the bedside of this stay then.
    pub(super) fn seen(&mut self, stay: &str, at: Timestamp) {
        let Some((who, Some(place))) = self.by_stay.get(stay) else { return };
        let Some(stay) = self.all.get_mut(*who).and_then(|person| person.stays.get_mut(*place)) else { return };
        let late = stay.discharge.as_ref().is_some_and(|d| at > d.at && at.duration_since(d.at) <= DAY);
        if late && stay.seen.is_none_or(|seen| at > seen) {
            stay.seen = Some(at);
        }
    }

    pub(super) fn of_patient(&self, patient: &str) -> Option<usize> {
        self.by_patient.get(patient).copied()
    }

    pub(super) fn get_mut(&mut self, who: usize) -> Option<&mut Person> {
        self.all.get_mut(who)
    }

    /// Everybody in the order of patient ids.
    pub(super) fn into_sorted(mut self) -> Vec<Person> {
        self.all.sort_by(|a, b| a.builder.patient.id.cmp(&b.builder.patient.id));
        self.all
    }

    fn add(&mut self, id: &str) -> usize {
        let who = self.all.len();
        let builder = RecordBuilder::new(Patient::new(id));
        self.all.push(Person { builder, infusions: Vec::new(), pumps: Vec::new(), stays: Vec::new(), death_is_known: false });
        self.by_patient.insert(id.to_owned(), who);
        who
    }
}

/// Reads the table `patient`.
pub(super) fn patients(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    const WANTED: &[Wanted] = &[Needed("patient_id"), Useful("birth_date"), Useful("sex_category"), Useful("death_dttm")];
    intake.read(table, WANTED, |intake, row| {
        let id = row.text("patient_id").ok_or_else(|| Refusal::new("patient_id", Reason::Malformed, "no patient id"))?;
        if intake.people.of_patient(&id).is_some() {
            return Err(Refusal::new("patient_id", Reason::DuplicatePatient, "described in an earlier row"));
        }
        let who = intake.people.add(&id);
        let born = row.date("birth_date").unwrap_or_else(|refusal| {
            intake.ignore(row, &refusal);
            None
        });
        let death = row.time("death_dttm").unwrap_or_else(|refusal| {
            intake.note(row.file, row.number, &refusal);
            None
        });
        if let Some(person) = intake.people.get_mut(who) {
            person.builder.patient.sex = row.text("sex_category").map_or(Sex::Unknown, |text| Sex::parse(&text));
            person.builder.patient.age = born.map_or(Age::Unknown, Age::Born);
            person.death_is_known = death.is_some();
        }
        if let Some(death) = death {
            intake.push(who, row, at(death, Signal::Death, RawValue::Code(Code::Yes)));
        }
        Ok(())
    })
}

/// Reads the table `hospitalization`.
pub(super) fn hospitalizations(table: &Table, intake: &mut Intake<'_>) -> Result<(), ReadError> {
    const WANTED: &[Wanted] = &[
        Needed("patient_id"),
        Needed("hospitalization_id"),
        Needed("admission_dttm"),
        Useful("discharge_dttm"),
        Useful("age_at_admission"),
        Useful("discharge_category"),
    ];
    intake.read(table, WANTED, hospitalization)
}

fn hospitalization(intake: &mut Intake<'_>, row: &Row<'_>) -> Result<(), Refusal> {
    let patient = row.text("patient_id").ok_or_else(|| Refusal::new("patient_id", Reason::Malformed, "no patient id"))?;
    let stay =
        row.text("hospitalization_id").ok_or_else(|| Refusal::new("hospitalization_id", Reason::Malformed, "no hospitalisation id"))?;
    if intake.people.of_stay(&stay).is_some() {
        return Err(Refusal::new("hospitalization_id", Reason::Duplicate, "described in an earlier row"));
    }
    let who = intake.people.of_patient(&patient).unwrap_or_else(|| intake.people.add(&patient));
    let stay = stay.into_owned();
    intake.people.by_stay.insert(stay.clone(), (who, None));
    let from = row.moment("admission_dttm")?;
    let to = row.time("discharge_dttm").unwrap_or_else(|refusal| {
        intake.ignore(row, &refusal);
        None
    });
    let age = match row.number("age_at_admission") {
        Ok(Some(years)) if (0.0..=OLDEST).contains(&years) => Some(years),
        Ok(None) => None,
        Ok(Some(_)) | Err(_) => {
            intake.ignore(row, &Refusal::new("age_at_admission", Reason::FieldIgnored, "not an age in years"));
            None
        }
    };
    let expired = row.category("discharge_category").is_some_and(|category| intake.concepts.is_death(&category));
    if let Some(person) = intake.people.get_mut(who) {
        let discharge = to.map(|at| Discharge { at, expired, file: row.file, row: row.number });
        let place = person.stays.len();
        person.stays.push(Stay { from, age, discharge, seen: None });
        intake.people.by_stay.insert(stay, (who, Some(place)));
    }
    intake.push(who, row, at(from, Signal::Encounter, RawValue::Code(Code::Start)));
    Ok(())
}

impl Person {
    /// Settles day 0, age, death and sedation, and makes the record.
    pub(super) fn finish(mut self, named: Option<Infusion>, files: &Files, ledger: &mut Ledger) -> Record {
        self.settle_infusion(named, files, ledger);
        self.settle_age();
        self.settle_discharges(files, ledger);
        super::sedation::settle(&mut self.builder, std::mem::take(&mut self.pumps), files, ledger);
        self.builder.finish(files, ledger)
    }

    /// Ends each stay at its discharge, or with the vital signs that go on after it: a discharge charted as a date
    /// has no hour, and would end all support hours before it ended.
    fn settle_discharges(&mut self, files: &Files, ledger: &mut Ledger) {
        for Stay { discharge, seen, .. } in &self.stays {
            let Some(Discharge { at: charted, expired, file, row }) = *discharge else { continue };
            let end = seen.unwrap_or(charted);
            if end != charted {
                let file = files.get(usize::from(file)).map_or("?", |f| f);
                let hours = end.duration_since(charted).as_secs_f64() / 3600.0;
                ledger.note(file, row, "discharge_dttm", Reason::FieldIgnored, &format!("vital signs go on for {hours:.1} h after it"));
            }
            let mut push = |signal, code, detail| {
                let event = at(end, signal, RawValue::Code(code));
                self.builder.push(&Observation { file, row, detail, ..event }, files, ledger);
            };
            push(Signal::Encounter, Code::End, "");
            if expired && !self.death_is_known {
                push(Signal::Death, Code::Yes, "discharged as expired");
            }
        }
    }

    /// Day 0 is the infusion named beside the input, else the first charted, else the first admission.
    fn settle_infusion(&mut self, named: Option<Infusion>, files: &Files, ledger: &mut Ledger) {
        self.infusions.sort_by_key(|i| (i.at, i.file, i.row));
        let patient = &mut self.builder.patient;
        let mut charted = self.infusions.iter();
        if let Some(named) = named {
            patient.infusion = Some(named.time);
            // Without a product of its own the list leaves the charted one.
            patient.product = named.product.or_else(|| self.infusions.first().map(|charted| charted.product.clone()));
        } else if let Some(first) = charted.next() {
            patient.infusion = Some(first.at);
            patient.product = Some(first.product.clone());
        } else {
            patient.infusion = self.stays.iter().map(|s| s.from).min();
            patient.infusion_assumed = patient.infusion.is_some();
        }
        for other in charted {
            let file = files.get(usize::from(other.file)).map_or("?", |f| f);
            ledger.note(file, other.row, "med_category", Reason::NotASignal, &format!("{} (day 0 is another infusion)", other.product));
        }
    }

    /// Age at day 0, counted on from the last admission before it (or else the first after it).
    ///
    /// CLIF gives whole years at admission, so an age without a birth date is up to a year too young.
    fn settle_age(&mut self) {
        let patient = &mut self.builder.patient;
        let Some(infusion) = patient.infusion.filter(|_| patient.age == Age::Unknown) else { return };
        let years_to = |from: Timestamp| infusion.duration_since(from).as_secs_f64() / DAY_S / YEAR_DAYS;
        let known = || self.stays.iter().filter_map(|s| Some((s.from, s.age?)));
        let last_before = known().filter(|(from, _)| *from <= infusion).max_by_key(|(from, _)| *from);
        if let Some((from, age)) = last_before.or_else(|| known().min_by_key(|(from, _)| *from)) {
            patient.age = Age::AtInfusion((age + years_to(from)).max(0.0));
        }
    }
}
