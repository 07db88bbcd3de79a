//! `barograph solve`: any model, with the user's own data or the user's own equations.

use crate::failure::Failure;
use crate::hints;
use crate::output::{failed, open};
use crate::text::{self, unreadable};
use barograph_dynamics::nonmem::Carry;
use barograph_dynamics::sbml::{Import, Refusal, Trajectory};
use barograph_dynamics::{Model, Problem, Settings, models, nonmem, sbml, to_scale};
use barograph_equations::TimeUnit;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What to solve, and how.
#[derive(clap::Args)]
pub(crate) struct Solve {
    /// A model of the library by its id, a text of the equation language (*.model), or an SBML file (*.xml, *.sbml)
    #[arg(value_name = "MODEL")]
    model: String,
    /// Event table in the manner of NONMEM: doses, observations, covariates
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["until", "every"])]
    events: Option<PathBuf>,
    /// What a covariate of the event table is between two records that differ: the last value (locf) or already the next (nocb)
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Between::Locf, requires = "events")]
    covariates: Between,
    /// Value of a parameter instead of the model's own; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// When to stop, in the model's unit of time
    #[arg(long, value_name = "TIME", required_unless_present = "events", allow_negative_numbers = true)]
    until: Option<f64>,
    /// How far apart rows are [default: a hundredth of --until]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    every: Option<f64>,
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
    /// Hours
    H,
    /// Days
    D,
}

/// What can be solved.
enum Subject {
    Model(Box<Model>),
    Sbml(Box<Import>),
}

/// Columns by name.
type Columns = Vec<(String, Vec<f64>)>;

pub(crate) fn run(args: &Solve) -> Result<(), Failure> {
    if !(args.tolerance > 0.0 && args.tolerance < 1.0) {
        return Err(Failure::Solve("--tolerance is a number between 0 and 1".into()));
    }
    let subject = subject(args)?;
    let rows = match (&args.events, &subject) {
        (Some(table), Subject::Model(model)) => predictions(args, table, model)?,
        (Some(table), Subject::Sbml(import)) if import.events().count() == 0 => predictions(args, table, &import.model)?,
        (Some(_), Subject::Sbml(_)) => {
            return Err(Failure::Solve("an SBML file with events of its own takes no event table".into()));
        }
        (None, subject) => course(args, subject)?,
    };
    let out = args.out.as_deref();
    let mut file = open(out)?;
    rows.iter().try_for_each(|row| writeln!(file, "{}", row.join(","))).and_then(|()| file.flush()).map_err(failed(out))
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
            let time = args.time.map(|clock| if matches!(clock, Clock::H) { TimeUnit::Hour } else { TimeUnit::Day });
            let xml = read()?;
            if time.is_some() && sbml::read(&xml, None).is_ok() {
                eprintln!("barograph: {}: the file states its own unit of time; --time is not used", path.display());
            }
            let untimed = |refusal: &Refusal| matches!(refusal, Refusal::Name { id, .. } if id == "timeUnits");
            let hint = |refusal: &Refusal| if untimed(refusal) { " with --time h or --time d" } else { "" };
            let mut import = sbml::read(&xml, time).map_err(|refusal| wrong(format!("{refusal}{}", hint(&refusal))))?;
            for (name, value) in settings(args)? {
                let parameter = import.model.parameter(&name).map_err(|fault| Failure::Solve(fault.to_string()))?;
                import.parameters[parameter] = value;
            }
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

/// What `--set` says.
fn settings(args: &Solve) -> Result<Vec<(String, f64)>, Failure> {
    let read = |text: &String| {
        let (name, value) = text.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().parse::<f64>().ok().filter(|value| value.is_finite())?))
    };
    let one = |text: &String| read(text).ok_or_else(|| Failure::Solve(format!("--set {text:?} is not NAME=VALUE with a number")));
    let all = args.set.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    for (at, (name, _)) in all.iter().enumerate() {
        if all[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(Failure::Solve(format!("--set gives {name} twice; leave one out")));
        }
    }
    Ok(all)
}

fn course(args: &Solve, subject: &Subject) -> Result<Vec<Vec<String>>, Failure> {
    let until = args.until.unwrap_or(0.0);
    let every = args.every.unwrap_or(until / 100.0);
    let count = until / every;
    if !(until > 0.0 && until.is_finite() && every > 0.0 && count <= 1e7) {
        return Err(Failure::Solve("--until and --every are times above 0, and at most ten million rows".into()));
    }
    // To twelve digits, so that three tenths are 0.3 and not 0.30000000000000004.
    let rounded = |time: f64| format!("{time:.11e}").parse().unwrap_or(time);
    let mut times: Vec<f64> = (0..=count as u64).map(|row| rounded(row as f64 * every)).filter(|time| *time <= until).collect();
    if times.last().is_some_and(|last| until - last > 1e-9 * until) {
        times.push(until);
    }
    let settings_of_run = Settings::new(times.clone()).rtol(args.tolerance);
    let failed = |fault: String| Failure::Unsolved(fault);
    let columns: Columns = match subject {
        Subject::Model(model) => {
            let mut problem = Problem::new(model);
            for (name, value) in settings(args)? {
                problem = problem.with(&name, value).map_err(|fault| Failure::Solve(fault.to_string()))?;
            }
            audited(model, &problem.patient.parameters)?;
            let (mut problem, events) = models::scheduled(problem).map_err(|fault| Failure::Solve(fault.to_string()))?;
            if model.text().switches() {
                // Steps end at rows, so that none passes over a condition by more than the distance of two.
                problem.patient.decisions.extend(&times);
            }
            let solve = |settings: &Settings| problem.solve_with(settings, events.clone());
            let found = to_scale(model, &settings_of_run, solve, |(solution, _)| solution.largest());
            let (solution, _) = found.map_err(|fault| failed(hints::told(&problem, &fault)))?;
            let states = model.text().states.iter().map(|state| (state.name.clone(), solution.state(&state.name)));
            let outputs = model.text().outputs.iter().map(|output| (output.name.clone(), solution.output(&output.name)));
            gathered(states.chain(outputs))?
        }
        Subject::Sbml(import) => {
            audited(&import.model, &import.parameters)?;
            let found = to_scale(&import.model, &settings_of_run, |settings| import.solve(settings), Trajectory::largest);
            let trajectory = found.map_err(|fault| failed(fault.to_string()))?;
            let states = import.model.text().states.iter().map(|state| (state.name.clone(), trajectory.state(import, &state.name)));
            let outputs = import.outputs().map(|name| (name.to_owned(), trajectory.output(import, name)));
            gathered(states.chain(outputs))?
        }
    };
    hints::odd(&columns);
    let mut rows = vec![std::iter::once("time".to_owned()).chain(columns.iter().map(|(name, _)| name.clone())).collect::<Vec<_>>()];
    for (at, time) in times.iter().enumerate() {
        let values = columns.iter().map(|(_, values)| values.get(at).copied().map_or_else(String::new, written));
        rows.push(std::iter::once(written(*time)).chain(values).collect());
    }
    Ok(rows)
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

fn gathered(columns: impl Iterator<Item = (String, Result<Vec<f64>, barograph_dynamics::ModelError>)>) -> Result<Columns, Failure> {
    columns.map(|(name, values)| values.map(|values| (name, values)).map_err(|fault| Failure::Unsolved(fault.to_string()))).collect()
}

/// What the model says where the table observes.
fn predictions(args: &Solve, path: &Path, model: &Model) -> Result<Vec<Vec<String>>, Failure> {
    let wrong = |problem: String| Failure::ModelFile { path: path.into(), problem };
    let cannot = |fault: io::Error| wrong(format!("cannot be read: {}", unreadable(&fault, "check the path given with --events")));
    let text = text::read(path).map_err(cannot)?;
    let carry = if matches!(args.covariates, Between::Nocb) { Carry::Backward } else { Carry::Forward };
    let mut reading = nonmem::read_carrying(&text, model, carry).map_err(|fault| wrong(fault.to_string()))?;
    if !reading.ignored.is_empty() {
        eprintln!("barograph: {}: columns not read: {}", path.display(), reading.ignored.join(", "));
    }
    let mut rows = vec![["id", "row", "time", "of", "observed", "predicted"].map(str::to_owned).to_vec()];
    for (name, _) in settings(args)? {
        let parameter = model.parameter(&name).map_err(|fault| Failure::Solve(fault.to_string()))?;
        if reading.covariates.contains(&parameter) {
            return Err(Failure::Solve(format!(
                "--set {name} and the column {name} of the event table contradict each other; leave one out"
            )));
        }
    }
    for subject in &mut reading.subjects {
        for (name, value) in settings(args)? {
            let parameter = model.parameter(&name).map_err(|fault| Failure::Solve(fault.to_string()))?;
            subject.patient.parameters[parameter] = value;
        }
        audited(model, &subject.patient.parameters)?;
        let found =
            subject.simulate(model, args.tolerance).map_err(|fault| Failure::Unsolved(format!("subject {}: {fault}", subject.id)))?;
        for one in found {
            let observed = one.observed.map_or_else(String::new, |value| value.to_string());
            rows.push(vec![subject.id.clone(), one.row.to_string(), written(one.time), one.of, observed, written(one.predicted)]);
        }
    }
    if rows.len() == 1 {
        return Err(Failure::NothingObserved(path.into()));
    }
    Ok(rows)
}
