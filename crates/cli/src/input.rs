//! Reading the input that the command line names, with policy and scales.

use crate::args::Source;
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::tell;
use barograph_grading::Graded;
use barograph_ingest::{Format, Options};
use barograph_record::{Ledger, Record};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

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
    pub(crate) fn new(args: &'a Source) -> Result<Self, Failure> {
        let format = match args.from {
            Some(format) => format,
            None => Format::detect(&args.path)?,
        };
        if args.concepts.is_some() && matches!(format, Format::Csv | Format::Vignette) {
            let name = Format::ALL.iter().find(|(_, f)| *f == format).map_or("this format", |(name, _)| name);
            return Err(Failure::UselessConcepts(name));
        }
        if args.infusions.is_some() && format == Format::Vignette {
            return Err(Failure::UselessInfusions);
        }
        Ok(Self { args, format })
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
        barograph_ingest::read(&self.args.path, self.format, &options, &mut ledger, &mut |record| {
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
        })?;
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
        Failure::NothingGradable(self.args.path.display().to_string(), what)
    }
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
