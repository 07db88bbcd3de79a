//! The command line.

use barograph_ingest::Format;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

mod simulate;

pub(crate) use simulate::{CalibrateTask, Care, FactsTask, SearchTask, Simulate, SimulateTask, VirtualChildren};

/// What the exit status says, under every help.
pub(crate) const STATUSES: &str = "\
Exit status:
  0  done (the ledger may hold rows: standard error counts them)
  2  the command line, or a policy, plan or options file that it names, cannot be followed
  3  an input or other file cannot be read, or a result not be written
  4  the input was read and holds nothing to work on, of which nothing is written, or a model could not be solved";

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
    /// Say what published plans make due, with doses and evidence
    Advise(Advise),
    /// Work on plans written in the protocol language
    #[command(subcommand)]
    Protocol(Protocol),
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
    /// Folder or file to read; `-` is standard input, with the table of events (CSV) or FHIR
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
    /// One JSON object a line, for programs
    Jsonl,
    /// Rows with a header, for statistics programs
    Csv,
}

#[derive(clap::Args)]
pub(crate) struct Grade {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// Shape of the result; `jsonl` and `csv` have one object or row per patient, scale and episode
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Shape,
    /// File to write to instead of standard output; its folder is made where there is none
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
    /// TOML file with a model of your own: coefficients and where they come from; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Vec<PathBuf>,
    /// Shape of the result; `jsonl` and `csv` have one object or row per patient, score and step
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Shape,
    /// File to write to instead of standard output; its folder is made where there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Which plans advise, under which decisions.
#[derive(clap::Args, Default)]
pub(crate) struct Planning {
    /// Plans, separated by commas, or `all` (`barograph list protocols`) [default: all, or none beside --protocol-file]
    #[arg(long, value_name = "PLANS")]
    pub(crate) protocol: Option<String>,
    /// TOML file with a plan of your own, checked before it is used; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) protocol_file: Vec<PathBuf>,
    /// TOML file that overrides decisions of the default policy
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// TOML file that overrides options of the companions
    #[arg(long, value_name = "FILE")]
    pub(crate) companion_options: Option<PathBuf>,
}

/// How to show advice.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum AdviceShape {
    /// For people: a line for each patient and plan, or everything of one patient
    Table,
    /// One JSON object per patient and plan
    Json,
}

/// To what doses are rounded.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Round {
    /// Not at all
    None,
    /// To the nearest volume that can be measured
    Measurable,
    /// To the nearest combination of whole vials
    Vial,
}

#[derive(clap::Args)]
pub(crate) struct Advise {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) planning: Planning,
    /// Patient to advise on in full
    #[arg(long, value_name = "ID")]
    pub(crate) patient: Option<String>,
    /// Day from infusion (2.5), or date and time (RFC 3339); only what was known by then counts [default: the last row]
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// To what doses are rounded
    #[arg(long, value_enum, default_value = "none")]
    pub(crate) round: Round,
    /// Shape of the result
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: AdviceShape,
    /// File to write to instead of standard output; its folder is made where there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Work on plans.
#[derive(Subcommand)]
pub(crate) enum Protocol {
    /// Look for whatever is wrong with plan files, line by line
    Check(Check),
}

#[derive(clap::Args)]
pub(crate) struct Check {
    /// Files to check
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct Adherence {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) planning: Planning,
    /// Shape of the result; `csv` has one row for each thing due and each dose that no rule asked for
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Sheet,
    /// File to write to instead of standard output; its folder is made where there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Questions about many patients.
#[derive(Subcommand)]
pub(crate) enum Cohort {
    /// Set treatment as it was given against what plans made due, and sum up exposure
    Adherence(Adherence),
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
    /// Rows with a header, for statistics programs
    Csv,
}

#[derive(clap::Args)]
pub(crate) struct Concordance {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// Shape of the result; `csv` has one row per pair of scales and cell
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Sheet,
    /// File to write to instead of standard output; its folder is made where there is none
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
    /// Day from infusion (2.5), or date and time (RFC 3339); only the step that holds then is shown
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) definitions: Definitions,
    /// Scores to show beside the grades, separated by commas; `all`, or `none`
    #[arg(long, value_name = "SCORES", default_value = crate::scores::BESIDE_GRADES)]
    pub(crate) score: String,
    /// TOML file that overrides windows, limits and reference values of the scores
    #[arg(long, value_name = "FILE")]
    pub(crate) score_options: Option<PathBuf>,
    /// Plans whose advice stands in the time course, separated by commas, or `all`
    #[arg(long, value_name = "PLANS")]
    pub(crate) protocol: Option<String>,
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
    /// Published management plans
    Protocols,
    /// Doses that plans name
    Doses,
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
