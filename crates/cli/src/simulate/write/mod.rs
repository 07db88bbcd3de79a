//! A population on disk: a folder with the plain-text form of its records and what was true, as CSV or Parquet.

mod table;

use crate::failure::Failure;
use crate::output::failed;
use barograph_dynamics::child::{Child, Note, NoteValue};
use barograph_record::Sex;
use std::path::{Path, PathBuf};
use table::Table;
pub(super) use table::{Cell, Column};

/// Files of a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Files {
    /// Text, to be opened by anything
    Csv,
    /// Columns, a tenth of the size
    Parquet,
}

impl Files {
    const ALL: [Self; 2] = [Self::Csv, Self::Parquet];

    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

const PATIENTS: &[Column<'static>] = &[
    Column::text("patient"),
    Column::text("birth_date"),
    Column::number("age_years"),
    Column::text("sex"),
    Column::number("weight_kg"),
    Column::number("height_cm"),
    Column::text("product"),
    Column::text("infusion_time"),
];

const EVENTS: &[Column<'static>] = &[
    Column::text("patient"),
    Column::number("time"),
    Column::text("signal"),
    Column::text("value"),
    Column::text("unit"),
    Column::text("detail"),
];

const TABLES: [&str; 3] = ["patients", "events", TRUTH];
/// What tells a simulated folder from a real one.
const TRUTH: &str = "truth";

/// A folder of a population, under way: records in the plain-text form, and a table of what was true.
pub(super) struct Folder {
    patients: Table,
    events: Table,
    truth: Table,
}

impl Folder {
    /// Opens the tables of a population. An earlier population in the folder is replaced.
    ///
    /// # Errors
    /// The folder cannot be written to, or holds records that were not simulated: those are never written over.
    pub(super) fn create(path: &Path, files: Files, truth: &[Column<'_>]) -> Result<Self, Failure> {
        let at = |name: &str, files: Files| path.join(name).with_extension(files.extension());
        let there = |name: &str| Files::ALL.iter().map(|f| at(name, *f)).filter(|p| p.exists()).collect::<Vec<PathBuf>>();
        let simulated = !there(TRUTH).is_empty();
        for old in TABLES.iter().flat_map(|name| there(name)) {
            if !simulated {
                return Err(Failure::NotSimulated { path: old });
            }
            std::fs::remove_file(&old).map_err(failed(Some(&old)))?;
        }
        let [patients, events, truth_file] = TABLES.map(|name| at(name, files));
        Ok(Self {
            // First, so that a folder half written is known for what it is.
            truth: Table::create(&truth_file, files, truth)?,
            patients: Table::create(&patients, files, PATIENTS)?,
            events: Table::create(&events, files, EVENTS)?,
        })
    }

    /// Adds a child: who it is, what was charted, and a row of what was true.
    pub(super) fn add(&mut self, id: &str, child: &Child, notes: &[Note], truth: &[Cell<'_>]) -> Result<(), Failure> {
        let sex = match child.sex {
            Sex::Female => "female",
            Sex::Male => "male",
            Sex::Unknown => "",
        };
        let (age, weight) = (Cell::Number(child.age_years), Cell::Number(child.weight_kg));
        let (id, empty) = (Cell::Text(id), Cell::Text(""));
        self.patients.row(&[id, empty, age, Cell::Text(sex), weight, Cell::Empty, Cell::Text("virtual"), empty])?;
        for note in notes {
            let value = match note.value {
                NoteValue::Number(x) => x.to_string(),
                NoteValue::Below(x) => format!("<{x}"),
                NoteValue::Word(code) => code.name().to_owned(),
            };
            // Eight decimals of a day are less than a millisecond.
            let time = Cell::Rounded(note.at.days(), 8);
            self.events.row(&[id, time, Cell::Text(note.signal.name()), Cell::Text(&value), empty, empty])?;
        }
        self.truth.row(truth)
    }

    pub(super) fn finish(self) -> Result<(), Failure> {
        self.patients.finish()?;
        self.events.finish()?;
        self.truth.finish()
    }
}
