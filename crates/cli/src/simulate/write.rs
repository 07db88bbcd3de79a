//! Records as the plain-text form, `patients.csv` and `events.csv`.

use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_dynamics::child::{Child, Note, NoteValue};
use barograph_record::Sex;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder in the plain-text form, under way.
pub(super) struct Folder {
    patients: csv::Writer<Box<dyn Write>>,
    events: csv::Writer<Box<dyn Write>>,
    path: PathBuf,
}

impl Folder {
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        let writer = |name: &str| Ok::<_, Failure>(csv::Writer::from_writer(open(Some(&path.join(name)))?));
        let mut folder = Self { patients: writer("patients.csv")?, events: writer("events.csv")?, path: path.to_owned() };
        let header = ["patient", "birth_date", "age_years", "sex", "weight_kg", "height_cm", "product", "infusion_time"];
        let done = folder
            .patients
            .write_record(header)
            .and_then(|()| folder.events.write_record(["patient", "time", "signal", "value", "unit", "detail"]));
        folder.check(done)?;
        Ok(folder)
    }

    pub(super) fn add(&mut self, id: &str, child: &Child, notes: &[Note]) -> Result<(), Failure> {
        let sex = match child.sex {
            Sex::Female => "female",
            Sex::Male => "male",
            Sex::Unknown => "",
        };
        let (age, weight) = (child.age_years.to_string(), child.weight_kg.to_string());
        let mut done = self.patients.write_record([id, "", &age, sex, &weight, "", "virtual", ""]);
        for note in notes {
            // Six decimals of a day are a tenth of a second.
            let time = format!("{:.6}", note.at.days());
            let value = match note.value {
                NoteValue::Number(x) => x.to_string(),
                NoteValue::Below(x) => format!("<{x}"),
                NoteValue::Word(code) => code.name().to_owned(),
            };
            done = done.and_then(|()| self.events.write_record([id, &time, note.signal.name(), &value, "", ""]));
        }
        self.check(done)
    }

    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let done = self.patients.flush().and_then(|()| self.events.flush());
        done.map_err(failed(Some(&self.path)))
    }

    fn check(&self, done: Result<(), csv::Error>) -> Result<(), Failure> {
        done.map_err(|error| failed(Some(&self.path))(io::Error::other(error)))
    }
}
