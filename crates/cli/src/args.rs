//! The command line.

use barograph_ingest::Format;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

mod simulate;

pub(crate) use simulate::{CalibrateTask, Care, FactsTask, Simulate, SimulateTask, VirtualChildren};

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
    /// Compute scores over time
    Scores(Scores),
    /// Look at many patients at once
    #[command(subcommand)]
    Cohort(Cohort),
    /// Simulate virtual children, whose records are graded like any other
    Simulate(Simulate),
    /// List what barograph knows, with citation and verification
    List(List),
    /// Solve a model: of the library, or your own equations or SBML, with your own event table
    Solve(crate::solve::Solve),
}

/// What to read, and how.
#[derive(clap::Args)]
pub(crate) struct Source {
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
}

/// Which definitions grade, under which decisions.
#[derive(clap::Args, Default)]
pub(crate) struct Definitions {
    /// Scales and companions, separated by commas; `crs`, `companions` or `all` for every one of them [default: astct-2019, or crs where scales are compared]
    #[arg(long, value_name = "SCALES")]
    pub(crate) scale: Option<String>,
    /// TOML file that overrides decisions of the default policy
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// TOML file that overrides options of the companions
    #[arg(long, value_name = "FILE")]
    pub(crate) companion_options: Option<PathBuf>,
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
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// Shape of the result
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Shape,
    /// File to write to instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct Scores {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Scores, separated by commas, or `all`
    #[arg(long, value_name = "SCORES", default_value = "all")]
    pub(crate) score: String,
    /// TOML file that overrides windows, limits and reference values
    #[arg(long, value_name = "FILE")]
    pub(crate) options: Option<PathBuf>,
    /// TOML file with a model of your own: coefficients and where they come from
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Vec<PathBuf>,
    /// Shape of the result
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Shape,
    /// File to write to instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Questions about many patients.
#[derive(Subcommand)]
pub(crate) enum Cohort {
    /// Compare scales patient by patient, and derived against reported grades
    Concordance(Concordance),
}

/// How to show a comparison.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Sheet {
    /// Tables for people
    Text,
    /// One JSON object with everything
    Json,
    /// One row per pair and cell
    Csv,
}

#[derive(clap::Args)]
pub(crate) struct Concordance {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// Shape of the result
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Sheet,
    /// File to write to instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Folder for the figures (SVG): a heat map per pair, and the flow across scales
    #[arg(long, value_name = "FOLDER")]
    pub(crate) figures: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
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
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// Page to write
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub(crate) out: PathBuf,
}

/// What can be listed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Shelf {
    /// Definitions that grade: CRS scales, then companions
    Scales,
    /// Scores over time
    Scores,
    /// What a record may hold: names, units, plausible ranges
    Signals,
    /// Decisions that the definitions leave open, with their defaults
    Policies,
    /// Thresholds of hypotension by age
    Hypotension,
    /// Remarks that a grade may carry
    Notes,
    /// Mechanistic models and drug kinetics
    Models,
}

#[derive(clap::Args)]
pub(crate) struct List {
    /// What to list
    #[arg(value_enum)]
    pub(crate) shelf: Shelf,
    /// Show the equations of this model and what is known about it
    #[arg(long, value_name = "ID")]
    pub(crate) model: Option<String>,
}

fn format_parser() -> impl clap::builder::TypedValueParser<Value = Format> {
    let names = Format::ALL.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(names).map(|name| {
        // The parser has let only these names through.
        Format::ALL.iter().find(|(n, _)| *n == name).map_or(Format::Csv, |(_, format)| *format)
    })
}
