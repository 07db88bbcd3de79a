//! Reading the input that the command line names, with policy and scales.

use crate::args::Source;
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::tell;
use barograph_grading::Graded;
use barograph_ingest::{Format, Options};
use barograph_record::{Ledger, Record};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::ffi::OsStr;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

/// The input that a command reads.
pub(crate) struct Input<'a> {
    args: &'a Source,
    format: Format,
}

/// What a pass over the input met.
#[derive(Default)]
pub(crate) struct Met {
    pub(crate) patients: usize,
    pub(crate) events: usize,
}

/// Receives each record.
pub(crate) type Sink<'s> = dyn FnMut(&Record) -> Result<(), Failure> + 's;

/// Receives each record with its grades.
pub(crate) type GradedSink<'s> = dyn FnMut(&Record, &[Graded]) -> Result<(), Failure> + 's;

impl<'a> Input<'a> {
    /// An input whose results go to `out`, which must not be a file of the input.
    pub(crate) fn new(args: &'a Source, out: Option<&Path>) -> Result<Self, Failure> {
        let format = match args.from {
            Some(format) => format,
            None if is_stream(args) => Format::of_stream(std::io::stdin().lock().fill_buf().unwrap_or_default()),
            None => Format::detect(&args.path)?,
        };
        if is_stream(args) && !format.streams() {
            return Err(Failure::NoStream);
        }
        if args.concepts.is_some() && matches!(format, Format::Csv | Format::Vignette) {
            let name = Format::ALL.iter().find(|(_, f)| *f == format).map_or("this format", |(name, _)| name);
            return Err(Failure::UselessConcepts(name));
        }
        if args.infusions.is_some() && format == Format::Vignette {
            return Err(Failure::UselessInfusions);
        }
        let input = Self { args, format };
        input.spare("--ledger", args.ledger.as_deref())?;
        input.spare("--out", out)?;
        if let (Some(out), Some(ledger)) = (out, &args.ledger)
            && out == ledger
        {
            return Err(Failure::OneFileForTwo(out.to_owned()));
        }
        Ok(input)
    }

    /// Refuses to write over what is read.
    fn spare(&self, option: &'static str, out: Option<&Path>) -> Result<(), Failure> {
        // A file that is not there yet takes nothing away.
        let Some(target) = out.and_then(|path| path.canonicalize().ok()).filter(|path| path.is_file()) else { return Ok(()) };
        let same = |path: &Path| path.canonicalize().is_ok_and(|read| read == target);
        let named = [Some(&self.args.path), self.args.infusions.as_ref(), self.args.concepts.as_ref()].into_iter().flatten();
        let within = target.parent().is_some_and(same_folder(&self.args.path)) && self.reads(&target);
        if within || named.into_iter().any(|path| same(path)) {
            return Err(Failure::OverInput { option, path: target });
        }
        Ok(())
    }

    /// Whether a file of the input's folder is one that is read.
    fn reads(&self, file: &Path) -> bool {
        let lower = |part: Option<&OsStr>| part.map(|part| part.to_string_lossy().to_lowercase()).unwrap_or_default();
        let (name, extension) = (lower(file.file_name()), lower(file.extension()));
        match self.format {
            Format::Csv => matches!(name.as_str(), "events.csv" | "patients.csv"),
            Format::Parquet => matches!(name.as_str(), "events.parquet" | "patients.parquet"),
            Format::Fhir => matches!(extension.as_str(), "json" | "ndjson"),
            Format::Clif => name.starts_with("clif_") && extension == "parquet",
            Format::Vignette => extension == "md",
        }
    }

    /// Reads and grades each patient in turn.
    pub(crate) fn grade_each(&self, chosen: &Chosen, sink: &mut GradedSink<'_>) -> Result<(Met, Ledger), Failure> {
        self.each(&mut |record| sink(record, &chosen.grade(record)))
    }

    /// Reads each patient in turn, then tells on standard error what was not understood.
    ///
    /// An input without patients, or without a single event, is not worked on as if nothing had happened to anybody: it fails, and nothing was
    /// written before it does, since patients without events wait until somebody has one.
    pub(crate) fn each(&self, sink: &mut Sink<'_>) -> Result<(Met, Ledger), Failure> {
        let mut ledger = if self.args.ledger.is_some() { Ledger::listing() } else { Ledger::counting() };
        let options = Options { infusions: self.args.infusions.clone(), concepts: self.args.concepts.clone() };
        let progress = progress();
        let mut met = Met::default();
        let mut outcome = Ok(());
        let mut waiting: Vec<Record> = Vec::new();
        let mut take = |record: Record| {
            if outcome.is_err() {
                return;
            }
            met.patients += 1;
            met.events += record.events.len();
            waiting.push(record);
            progress.inc(1);
            if met.events > 0 {
                outcome = waiting.drain(..).try_for_each(|record| sink(&record));
            }
        };
        if is_stream(self.args) {
            let stream = Box::new(std::io::stdin().lock());
            barograph_ingest::read_stream(stream, STREAM, self.format, &options, &mut ledger, &mut take)?;
        } else {
            barograph_ingest::read(&self.args.path, self.format, &options, &mut ledger, &mut take)?;
        }
        progress.finish_and_clear();
        if let Some(path) = &self.args.ledger {
            crate::output::write_ledger(path, &ledger)?;
        }
        tell::tell(&ledger, self.args.ledger.is_none());
        // Whoever closes the pipe early has still had the whole input read.
        outcome?;
        match (met.patients, met.events) {
            (0, _) => Err(self.nothing("no patient")),
            (_, 0) => Err(self.nothing("patients but no event that could be used")),
            _ => Ok((met, ledger)),
        }
    }

    fn nothing(&self, what: &'static str) -> Failure {
        Failure::NothingGradable(name_of(self.args), what)
    }
}

/// How evidence and ledger call standard input.
const STREAM: &str = "stdin";

/// Whether the input is standard input.
fn is_stream(args: &Source) -> bool {
    args.path.as_os_str() == "-"
}

/// How the input is called in a message.
fn name_of(args: &Source) -> String {
    if is_stream(args) { "standard input".to_owned() } else { args.path.display().to_string() }
}

fn same_folder(input: &Path) -> impl Fn(&Path) -> bool {
    let folder = input.canonicalize();
    move |other| folder.as_ref().is_ok_and(|folder| folder == other)
}

/// A counter of patients, on a terminal only.
fn progress() -> ProgressBar {
    let bar = ProgressBar::no_length();
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} patients, {elapsed}") {
        bar.set_style(style);
    }
    bar
}
