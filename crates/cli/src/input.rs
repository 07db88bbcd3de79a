//! Reading the input that the command line names, with policy and scales.

use crate::args::Input;
use crate::failure::Failure;
use crate::tell;
use barograph_grading::scales::{self, Scale};
use barograph_grading::{Graded, Policy, grade};
use barograph_ingest::{Format, Options};
use barograph_record::{Ledger, Record};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// Everything a command needs to grade.
pub(crate) struct Prepared<'a> {
    pub(crate) args: &'a Input,
    pub(crate) policy: Policy,
    pub(crate) scales: Vec<&'static dyn Scale>,
    pub(crate) format: Format,
}

/// What a pass over the input met.
#[derive(Default)]
pub(crate) struct Met {
    pub(crate) patients: usize,
    pub(crate) events: usize,
}

/// Receives each patient with its grades.
pub(crate) type Sink<'s> = dyn FnMut(&Record, &[Graded]) -> Result<(), Failure> + 's;

impl<'a> Prepared<'a> {
    pub(crate) fn new(args: &'a Input) -> Result<Self, Failure> {
        let policy = policy(args)?;
        let scales = chosen_scales(&args.scale)?;
        let format = match args.from {
            Some(format) => format,
            None => Format::detect(&args.path)?,
        };
        if args.concepts.is_some() && matches!(format, Format::Csv | Format::Vignette) {
            let name = Format::ALL.iter().find(|(_, f)| *f == format).map_or("this format", |(name, _)| name);
            return Err(Failure::UselessConcepts(name));
        }
        Ok(Self { args, policy, scales, format })
    }

    /// Reads and grades each patient in turn, then tells on standard error what was not understood.
    pub(crate) fn each(&self, sink: &mut Sink<'_>) -> Result<(Met, Ledger), Failure> {
        let mut ledger = if self.args.ledger.is_some() { Ledger::listing() } else { Ledger::counting() };
        let options = Options { infusions: self.args.infusions.clone(), concepts: self.args.concepts.clone() };
        let progress = progress();
        let mut met = Met::default();
        let mut outcome = Ok(());
        barograph_ingest::read(&self.args.path, self.format, &options, &mut ledger, &mut |record| {
            if outcome.is_err() {
                return;
            }
            met.patients += 1;
            met.events += record.events.len();
            let graded = grade(&record, &self.policy, self.scales.iter().copied());
            outcome = sink(&record, &graded);
            progress.inc(1);
        })?;
        progress.finish_and_clear();
        if let Some(path) = &self.args.ledger {
            crate::output::write_ledger(path, &ledger)?;
        }
        tell::tell(&ledger, self.args.ledger.is_none());
        // Whoever closes the pipe early has still had the whole input read.
        outcome?;
        Ok((met, ledger))
    }

    /// An input without patients or without a single event is not graded as "no CRS".
    pub(crate) fn require_content(&self, met: &Met) -> Result<(), Failure> {
        let what = match (met.patients, met.events) {
            (0, _) => "no patient",
            (_, 0) => "patients but no event that could be used",
            _ => return Ok(()),
        };
        Err(Failure::NothingGradable(self.args.path.display().to_string(), what))
    }
}

fn policy(args: &Input) -> Result<Policy, Failure> {
    let Some(path) = &args.policy else {
        return Policy::default_1().map_err(|source| Failure::Policy { path: "default policy".into(), source });
    };
    let text = std::fs::read_to_string(path).map_err(|source| Failure::PolicyFile { path: path.clone(), source })?;
    Policy::from_toml(&text).map_err(|source| Failure::Policy { path: path.clone(), source })
}

fn chosen_scales(names: &str) -> Result<Vec<&'static dyn Scale>, Failure> {
    if names.trim() == "all" {
        return Ok(scales::ALL.to_vec());
    }
    let known = || scales::ALL.iter().map(|s| s.id()).collect::<Vec<_>>().join(", ");
    let find = |name: &str| scales::by_id(name).ok_or_else(|| Failure::UnknownScale(name.to_owned(), known()));
    names.split(',').map(|name| find(name.trim())).collect()
}

/// A counter of patients, on a terminal only.
fn progress() -> ProgressBar {
    let bar = ProgressBar::no_length();
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} patients graded, {elapsed}") {
        bar.set_style(style);
    }
    bar
}
