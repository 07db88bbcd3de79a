//! The command line.

use barograph_ingest::Format;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Grades cytokine release syndrome after CAR T-cell therapy from raw records, with the evidence behind
/// each grade. Research software, not a medical device.
#[derive(Parser)]
#[command(name = "barograph", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Grade the built-in invented children and write a report to open
    Demo(Demo),
    /// Grade every patient of an input
    Grade(Grade),
    /// Show the evidence behind one patient's grades, step by step
    Explain(Explain),
    /// Write one self-contained HTML page that opens offline
    Report(Report),
    /// List what barograph knows, with citation and verification
    List(List),
}

/// What to read, and how.
#[derive(clap::Args)]
pub(crate) struct Input {
    /// Folder or file to read
    #[arg(value_name = "INPUT")]
    pub(crate) path: PathBuf,
    /// Kind of input; guessed when left out
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) from: Option<Format>,
    /// CSV file `patient,infusion_time[,product]` that names each infusion
    #[arg(long, value_name = "FILE")]
    pub(crate) infusions: Option<PathBuf>,
    /// TOML file of a site's own codes, added to the shipped concept maps
    #[arg(long, value_name = "FILE")]
    pub(crate) concepts: Option<PathBuf>,
    /// Write every row that was not understood to this CSV file
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// Scales, separated by commas, or `all`
    #[arg(long, value_name = "SCALES", default_value = "astct-2019")]
    pub(crate) scale: String,
    /// TOML file that overrides decisions of the default policy
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct Demo {
    /// Where to write the report
    #[arg(long, value_name = "FILE", default_value = "barograph-demo/report.html")]
    pub(crate) out: PathBuf,
}

/// How to show grades.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Shape {
    /// Aligned columns for people
    Table,
    /// One JSON object per patient, scale and episode
    Jsonl,
    /// One row per patient, scale and episode
    Csv,
}

#[derive(clap::Args)]
pub(crate) struct Grade {
    #[command(flatten)]
    pub(crate) source: Input,
    /// Shape of the result
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Shape,
    /// File to write to instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) source: Input,
    /// Patient to explain
    #[arg(long, value_name = "ID")]
    pub(crate) patient: String,
    /// Day from infusion; only the step that holds then is shown
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) source: Input,
    /// Page to write
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub(crate) out: PathBuf,
}

/// What can be listed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Shelf {
    /// Definitions that grade
    Scales,
    /// What a record may hold: names, units, plausible ranges
    Signals,
    /// Decisions that the definitions leave open, with their defaults
    Policies,
    /// Thresholds of hypotension by age
    Hypotension,
    /// Remarks that a grade may carry
    Notes,
}

#[derive(clap::Args)]
pub(crate) struct List {
    /// What to list
    #[arg(value_enum)]
    pub(crate) shelf: Shelf,
}

fn format_parser() -> impl clap::builder::TypedValueParser<Value = Format> {
    let names = Format::ALL.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(names).map(|name| {
        // The parser has let only these names through.
        Format::ALL.iter().find(|(n, _)| *n == name).map_or(Format::Csv, |(_, format)| *format)
    })
}
