//! `barograph solve`: any model, with the user's own data or the user's own equations.

mod course;
mod draws;
mod table;

use crate::assignments::assignments;
use crate::failure::Failure;
use crate::hints;
use crate::output::{failed, open};
use crate::text::{self, unreadable};
use barograph_dynamics::sbml::Import;
use barograph_dynamics::{Model, sbml};
use barograph_equations::TimeUnit;
use draws::Drawn;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What to solve, and how.
#[derive(clap::Args)]
pub(crate) struct Solve {
    /// A model of the library by its id, a text of the equation language (*.model), or an SBML file (*.xml, *.sbml)
    #[arg(value_name = "MODEL")]
    model: String,
    /// Event table in the manner of NONMEM: doses, observations, covariates; predicts each observation, or with --every or --until whole courses
    #[arg(long, value_name = "TABLE")]
    events: Option<PathBuf>,
    /// What a covariate of the event table is between two records that differ: the last value (locf) or already the next (nocb)
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Between::Locf, requires = "events")]
    covariates: Between,
    /// Value of a parameter, or of a state at the start, instead of the model's own; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// When to stop, in the model's unit of time [default with --events: each subject's last record]
    #[arg(long, value_name = "TIME", required_unless_present = "events", allow_negative_numbers = true)]
    until: Option<f64>,
    /// How far apart rows are [default: a hundredth of the time until the end]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    every: Option<f64>,
    /// So many patients, drawn from the model's random effects, instead of the typical one (a virtual trial, a visual predictive check)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    draws: Option<u64>,
    /// Seed of --draws; the same seed gives the same patients
    #[arg(long, value_name = "SEED", default_value_t = 1, requires = "draws")]
    seed: u64,
    /// Random effects for --draws instead of the shipped ones (TOML, see docs/models.md)
    #[arg(long, value_name = "FILE", requires = "draws")]
    variability: Option<PathBuf>,
    /// Unit of time of an SBML file that states none
    #[arg(long, value_name = "UNIT", value_enum)]
    time: Option<Clock>,
    /// Relative tolerance of the integration
    #[arg(long, value_name = "NUMBER", default_value_t = 1e-8, allow_negative_numbers = true)]
    tolerance: f64,
    /// File to write to instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Between {
    /// Last observation carried forward, as in rxode2
    Locf,
    /// Next observation carried backward, as in NONMEM and mrgsolve
    Nocb,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Clock {
    /// Seconds
    S,
    /// Minutes
    Min,
    /// Hours
    H,
    /// Days
    D,
}

impl Clock {
    fn unit(self) -> TimeUnit {
        match self {
            Self::S => TimeUnit::Second,
            Self::Min => TimeUnit::Minute,
            Self::H => TimeUnit::Hour,
            Self::D => TimeUnit::Day,
        }
    }
}

/// What can be solved.
enum Subject {
    Model(Box<Model>),
    Sbml(Box<Import>),
}

impl Subject {
    fn model(&self) -> &Model {
        match self {
            Self::Model(model) => model,
            Self::Sbml(import) => &import.model,
        }
    }
}

/// Columns by name.
type Columns = Vec<(String, Vec<f64>)>;

/// Rows of text, the header first.
type Rows = Vec<Vec<String>>;

pub(crate) fn run(args: &Solve) -> Result<(), Failure> {
    if !(args.tolerance > 0.0 && args.tolerance < 1.0) {
        return Err(Failure::Solve("--tolerance is a number between 0 and 1".into()));
    }
    spare(args)?;
    let subject = subject(args)?;
    let drawn = Drawn::new(args, subject.model())?;
    let rows = match (&args.events, &subject) {
        (Some(_), Subject::Sbml(import)) if import.events().count() > 0 => {
            return Err(Failure::Solve(
                "an SBML file with events of its own takes no event table; write the doses as events of the file, or leave its events out"
                    .into(),
            ));
        }
        (Some(table), subject) => table::rows(args, table, subject.model(), drawn.as_ref())?,
        (None, subject) => course::rows(args, subject, drawn.as_ref())?,
    };
    let out = args.out.as_deref();
    let mut file = open(out)?;
    rows.iter().try_for_each(|row| writeln!(file, "{}", row.join(","))).and_then(|()| file.flush()).map_err(failed(out))
}

/// Refuses to write over what is read.
fn spare(args: &Solve) -> Result<(), Failure> {
    let Some(target) = args.out.as_ref().and_then(|path| path.canonicalize().ok()) else { return Ok(()) };
    let read = [Some(Path::new(&args.model)), args.events.as_deref(), args.variability.as_deref()];
    let lost = read.into_iter().flatten().any(|path| path.canonicalize().is_ok_and(|path| path == target));
    if lost { Err(Failure::OverInput { option: "--out", path: target }) } else { Ok(()) }
}

fn subject(args: &Solve) -> Result<Subject, Failure> {
    let path = Path::new(&args.model);
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
    let wrong = |problem: String| Failure::ModelFile { path: path.into(), problem };
    if args.time.is_some() && !matches!(extension, "xml" | "sbml") {
        return Err(Failure::Solve("--time belongs to an SBML file that does not state its unit of time; leave it out".into()));
    }
    let read = || text::read(path).map_err(|fault| wrong(format!("cannot be read: {}", unreadable(&fault, "check the path"))));
    match extension {
        "model" => {
            let model = Model::parse(&read()?).map_err(|fault| wrong(fault.to_string()))?;
            hints::warn(path, model.text());
            Ok(Subject::Model(Box::new(model)))
        }
        "xml" | "sbml" => {
            let mut import = sbml::read(&read()?, args.time.map(Clock::unit)).map_err(|refusal| wrong(refusal.to_string()))?;
            told(args, path, &import);
            import.parameters = parameters(args, &import.model)?;
            import.states = starts(args, &import.model)?;
            Ok(Subject::Sbml(Box::new(import)))
        }
        _ => match Model::named(&args.model) {
            Ok(model) => Ok(Subject::Model(Box::new(model))),
            // A name with a point or a slash is meant as a file.
            Err(_) if args.model.contains(['.', '/']) => {
                let problem = "is no model of the library, and no file that is read: equations end in .model, SBML in .xml or .sbml";
                Err(Failure::ModelFile { path: path.into(), problem: problem.into() })
            }
            Err(_) => Err(Failure::unknown_model(&args.model)),
        },
    }
}

/// On standard error: what a file does not state, and what is not watched.
fn told(args: &Solve, path: &Path, import: &Import) {
    let tell = |what: &str| eprintln!("barograph: {}: {what}", path.display());
    let unit = import.model.text().time;
    if args.time.is_some_and(|clock| clock.unit() != unit || import.pace != 1.0) {
        tell("the file states its own unit of time; --time is not used");
    }
    if unit == TimeUnit::Unstated {
        tell("the file states no unit of time: times and rates are in its own (in level 2 of SBML that means seconds)");
    }
    if import.pace != 1.0 && args.events.is_some() {
        tell(&format!("times of the event table are in {}, for the file's own unit is unusual", unit.name()));
    }
    for note in &import.notes {
        tell(note);
    }
    hints::misfits(path, import.model.text());
}

/// The parameters with what `--set` says of them.
fn parameters(args: &Solve, model: &Model) -> Result<Vec<f64>, Failure> {
    let mut parameters = model.typical();
    for (name, value) in assignments(&args.set)? {
        match (model.parameter(&name), model.state(&name)) {
            (Ok(parameter), _) => parameters[parameter] = value,
            (_, Ok(_)) if args.events.is_none() => {}
            (_, Ok(_)) => {
                let message = format!(
                    "--set {name}: with an event table a state begins as the model says; give what is added to it as a dose at time 0"
                );
                return Err(Failure::Solve(message));
            }
            (Err(fault), _) => return Err(Failure::Solve(fault.to_string())),
        }
    }
    Ok(parameters)
}

/// The states at the start of which `--set` says something.
fn starts(args: &Solve, model: &Model) -> Result<Vec<(usize, f64)>, Failure> {
    let all = assignments(&args.set)?;
    Ok(all
        .into_iter()
        .filter(|(name, _)| model.parameter(name).is_err())
        .filter_map(|(name, value)| Some((model.state(&name).ok()?, value)))
        .collect())
}

/// Times from `start` to `end`, `every` so much, and the end.
fn grid(start: f64, end: f64, every: f64) -> Result<Vec<f64>, Failure> {
    let count = (end - start) / every;
    if !(end >= start && end.is_finite() && every > 0.0 && count <= 1e7) {
        return Err(Failure::Solve("--until and --every are times above 0, and at most ten million rows".into()));
    }
    // To twelve digits, so that three tenths are 0.3 and not 0.30000000000000004.
    let rounded = |time: f64| format!("{time:.11e}").parse().unwrap_or(time);
    let mut times: Vec<f64> = (0..=count as u64).map(|row| rounded(start + row as f64 * every)).filter(|time| *time <= end).collect();
    if times.last().is_none_or(|last| end - last > 1e-9 * (end - start)) {
        times.push(end);
    }
    Ok(times)
}

/// A number as text, short also where it is very large or small.
fn written(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() || (1e-5..1e16).contains(&size) { value.to_string() } else { format!("{value:e}") }
}

/// Before anything is run: every derived value, initial state and derivative is a number.
fn audited(model: &Model, parameters: &[f64]) -> Result<(), Failure> {
    model.text().audit(parameters, None, 0.0).map_err(|fault| Failure::Unsolved(format!("the model at its start, {fault}")))
}
