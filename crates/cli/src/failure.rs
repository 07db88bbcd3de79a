//! What can go wrong, and the exit status it has.

use crate::text::unreadable;
use barograph_dynamics::child::{Failure as LostChild, PopulationError};
use barograph_dynamics::{Failure as LostPatient, Model, ModelError};
use barograph_grading::PolicyError;
use barograph_ingest::ReadError;
use barograph_protocols::language::nearest;
use std::path::PathBuf;
use thiserror::Error;

/// The command line cannot be followed.
pub(crate) const USAGE: u8 = 2;
/// The input cannot be read.
pub(crate) const UNREADABLE: u8 = 3;
/// The input was read and holds nothing to work on, or the work came to nothing.
pub(crate) const NOTHING_GRADABLE: u8 = 4;

/// Why the command did not do what was asked.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{}: {source}", path.display())]
    Policy { path: PathBuf, source: PolicyError },
    #[error("cannot read {}: {}", path.display(), unreadable(source, &format!("check the path given with {option}")))]
    SettingsFile { option: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{} is empty, so {option} would change nothing; leave the option out, or check the file", path.display())]
    EmptySettings { option: &'static str, path: PathBuf },
    #[error("cannot read the plan {}: {}", path.display(), unreadable(source, "check the path"))]
    PlanFile { path: PathBuf, source: std::io::Error },
    #[error("cannot write {place}: {}", unwritable(source))]
    Write { place: String, source: std::io::Error },
    #[error("{option} names {}, which is read as input and would be lost; give another file", path.display())]
    OverInput { option: &'static str, path: PathBuf },
    #[error("--out and --ledger both name {}; give two files", .0.display())]
    OneFileForTwo(PathBuf),
    #[error("standard input holds the table of events (--from csv) or FHIR (--from fhir); give any other input as a path")]
    NoStream,
    #[error("unknown scale {0:?}; choose from {1}, or all (`barograph list scales`)")]
    UnknownScale(String, String),
    #[error("unknown score {0:?}; choose from {1}, or all (`barograph list scores`)")]
    UnknownScore(String, String),
    #[error("unknown plan {0:?}; {1}choose from {2}, or all (`barograph list protocols`)")]
    UnknownProtocol(String, String, String),
    #[error("{}: another plan has the id {id:?}; give this one an id of its own", path.display())]
    RepeatedProtocol { id: String, path: PathBuf },
    #[error("the plan is refused\n{0}")]
    BrokenProtocol(String),
    #[error("no plan is named; choose from {0}, or all (`barograph list protocols`)")]
    NoProtocol(String),
    #[error("refused: {0} of {1} files; what is wrong with each stands above")]
    RefusedProtocols(usize, usize),
    #[error("not read: {0} of {1} files; why stands above")]
    UnreadableProtocols(usize, usize),
    #[error("unknown model {0:?}; {1}choose from {2} (`barograph list models`)")]
    UnknownModel(String, String, String),
    #[error("--model belongs to `barograph list models`")]
    MisplacedModel,
    #[error("{0}")]
    Solve(String),
    #[error("{}: {problem}", path.display())]
    ModelFile { path: PathBuf, problem: String },
    #[error("the model could not be solved: {0}")]
    Unsolved(String),
    #[error("{}: {problem}", path.display())]
    Settings { path: PathBuf, problem: String },
    #[error("the input has no patient {0:?}; it has {1}")]
    UnknownPatient(String, String),
    #[error("--at {0:?} is neither a number of days from infusion nor a date and time; write, say, --at 2.5 or --at 2024-03-01T12:00:00Z")]
    BadInstant(String),
    #[error("--at is a date, and of patient {0:?} the infusion time is not known; write the day from infusion, say, --at 2.5")]
    NoInfusionDate(String),
    #[error("{}: no row of the table is an observation (EVID 0), so there is nothing to predict; add rows with the times wanted, or give --every for whole courses", .0.display())]
    NothingObserved(PathBuf),
    #[error("--concepts says nothing to --from {0}, which names signals by barograph's own words; leave it out")]
    UselessConcepts(&'static str),
    #[error("--infusions says nothing to --from vignette, whose stories state their own infusion; leave it out")]
    UselessInfusions,
    #[error(transparent)]
    Population(#[from] PopulationError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    LostChild(#[from] Box<LostChild>),
    #[error(transparent)]
    LostPatient(#[from] Box<LostPatient>),
    #[error("no child was simulated: all that were asked for were lost")]
    NothingSimulated,
    #[error("{0}")]
    Regimen(String),
    #[error("{} holds records that were not simulated and is not written over; give another folder with --out", path.display())]
    NotSimulated { path: PathBuf },
    #[error("nothing to grade in {0}: it has {1}; the ledger (--ledger FILE) says what became of each row")]
    NothingGradable(String, &'static str),
}

/// Why a file cannot be written, and what to do.
fn unwritable(fault: &std::io::Error) -> String {
    let remedy = if fault.kind() == std::io::ErrorKind::IsADirectory {
        "name a file in it"
    } else {
        "check that the folder exists and may be written to"
    };
    format!("{fault}; {remedy}")
}

impl Failure {
    /// A name that no model of the library has.
    pub(crate) fn unknown_model(name: &str) -> Self {
        let hint = nearest(name, Model::ids()).map_or_else(String::new, |near| format!("did you mean {near:?}? "));
        Self::UnknownModel(name.to_owned(), hint, Model::ids().collect::<Vec<_>>().join(", "))
    }

    pub(crate) const fn status(&self) -> u8 {
        match self {
            Self::UnknownScale(..)
            | Self::OverInput { .. }
            | Self::OneFileForTwo(_)
            | Self::UnknownScore(..)
            | Self::UnknownProtocol(..)
            | Self::BrokenProtocol(_)
            | Self::RepeatedProtocol { .. }
            | Self::RefusedProtocols(..)
            | Self::UnknownModel(..)
            | Self::MisplacedModel
            | Self::Solve(_)
            | Self::Settings { .. }
            | Self::EmptySettings { .. }
            | Self::UnknownPatient(..)
            | Self::BadInstant(_)
            | Self::NoInfusionDate(_)
            | Self::NoProtocol(_)
            | Self::UselessConcepts(_)
            | Self::UselessInfusions
            | Self::NoStream
            | Self::Population(_)
            | Self::Model(_)
            | Self::Regimen(_)
            | Self::NotSimulated { .. }
            | Self::Policy { .. } => USAGE,
            Self::Read(_)
            | Self::SettingsFile { .. }
            | Self::PlanFile { .. }
            | Self::UnreadableProtocols(..)
            | Self::ModelFile { .. }
            | Self::Write { .. } => UNREADABLE,
            Self::NothingGradable(..)
            | Self::NothingObserved(_)
            | Self::NothingSimulated
            | Self::Unsolved(_)
            | Self::LostChild(_)
            | Self::LostPatient(_) => NOTHING_GRADABLE,
        }
    }
}

impl From<LostChild> for Failure {
    fn from(lost: LostChild) -> Self {
        Self::LostChild(Box::new(lost))
    }
}

impl From<LostPatient> for Failure {
    fn from(lost: LostPatient) -> Self {
        Self::LostPatient(Box::new(lost))
    }
}
