//! Many children at once, each record graded as it is finished.

use super::targets;
use crate::failure::Failure;
use barograph_dynamics::child::{
    Child, ChildModel, Course, EraStandard, Failure as Lost, Options, Population, Request, Summary, Treatment, simulate,
};
use barograph_grading::{Episode, Graded, Policy, scales};
use barograph_record::{Ledger, Record, Signal, Value};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::ops::Range;

/// Simulates with a progress bar; `keep` makes of each course what is kept.
pub(super) fn simulate_all<T: Treatment, R: Send>(
    model: &ChildModel,
    options: &Options,
    children: &[Child],
    rule: impl Fn(&Child) -> T + Sync,
    keep: impl Fn(Course) -> R + Sync,
) -> Vec<Result<R, Lost>> {
    let bar = progress(children.len() as u64);
    let results = simulate_counted(&bar, model, options, children, rule, keep);
    bar.finish_and_clear();
    results
}

/// The same under a bar that others fill too.
pub(super) fn simulate_counted<T: Treatment, R: Send>(
    bar: &ProgressBar,
    model: &ChildModel,
    options: &Options,
    children: &[Child],
    rule: impl Fn(&Child) -> T + Sync,
    keep: impl Fn(Course) -> R + Sync,
) -> Vec<Result<R, Lost>> {
    let counted = |course: Course| {
        bar.inc(1);
        keep(course)
    };
    simulate(model, options, children, rule, counted)
}

/// A bar on standard error, where that is a terminal.
pub(super) fn progress(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} children, {elapsed}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// Children of a population by number.
pub(super) fn draw(
    model: &ChildModel,
    population: &Population,
    seed: u64,
    numbers: Range<u64>,
    request: &Request,
) -> Result<Vec<Child>, Failure> {
    numbers.map(|i| Ok(population.child(model, seed, i, request)?)).collect()
}

/// A year of the care of the registration trials, each child graded; implausible children and lost ones are left out.
pub(super) fn era_cohort(model: &ChildModel, population: &Population, seed: u64, n: u64, policy: &Policy) -> Result<Vec<Fate>, Failure> {
    let children = draw(model, population, seed, 0..n, &Request::default())?;
    let year = Options { days: 365.0, ..Options::default() };
    let results = simulate_all(model, &year, &children, |_| EraStandard::default(), |course| Fate::of(&course, policy));
    Ok(survivors(results).into_iter().filter(targets::plausible).collect())
}

/// Tells of children that were lost, with all it takes to run them again; gives the others.
pub(super) fn survivors<R>(results: Vec<Result<R, Lost>>) -> Vec<R> {
    let mut kept = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(value) => kept.push(value),
            Err(lost) => eprintln!("barograph: {lost}; parameters {:?}", lost.child.parameters),
        }
    }
    kept
}

/// Decisions of the trials' time: fever alone, in hospital, is grade 2 on the Penn scale.
pub(super) fn trial_policy() -> Result<Policy, Failure> {
    let text = "name = \"trials-1\"\npenn_fever_in_hospital = \"2\"\n";
    Policy::from_toml(text).map_err(|source| Failure::Policy { path: "the decisions of the trials".into(), source })
}

/// What became of a child, graded from its record.
#[derive(Clone, Debug)]
pub(super) struct Fate {
    pub(super) child: Child,
    pub(super) penn: u8,
    pub(super) astct: u8,
    /// First day of the first episode, and the last sign of the last one, on the Penn scale.
    pub(super) onset: Option<f64>,
    pub(super) over: Option<f64>,
    /// Days of tocilizumab.
    pub(super) tocilizumab: Vec<f64>,
    pub(super) steroid: bool,
    pub(super) oxygen: bool,
    pub(super) ventilated: bool,
    pub(super) vasopressor: bool,
    pub(super) summary: Summary,
}

impl Fate {
    pub(super) fn of(course: &Course, policy: &Policy) -> Self {
        let record = course.record("v", &mut Ledger::counting());
        let wanted = ["penn-2014", "astct-2019"].into_iter().filter_map(scales::by_id);
        let graded = barograph_grading::grade(&record, policy, wanted);
        let of = |scale: &str| graded.iter().find(|g| g.scale == scale);
        let (onset, over) = of("penn-2014").map_or((None, None), span);
        let days = |signal: Signal| record.events.iter().filter(move |e| e.signal == signal).map(|e| e.at.days());
        let running = |signal: Signal| record.events.iter().any(|e| e.signal == signal && e.value.is_running());
        let devices = || record.events.iter().filter(|e| e.signal == Signal::OxygenDevice).filter_map(|e| e.value.code());
        Self {
            child: course.child.clone(),
            penn: of("penn-2014").map_or(0, peak),
            astct: of("astct-2019").map_or(0, peak),
            onset,
            over,
            tocilizumab: days(Signal::Tocilizumab).collect(),
            steroid: given(&record, Signal::Methylprednisolone) || given(&record, Signal::Dexamethasone),
            oxygen: devices().any(|d| d != barograph_record::Code::RoomAir),
            ventilated: devices().any(|d| d == barograph_record::Code::InvasiveVentilation),
            vasopressor: running(Signal::Norepinephrine) || running(Signal::Epinephrine) || running(Signal::Vasopressin),
            summary: course.summary.clone(),
        }
    }

    pub(super) fn crs(&self) -> bool {
        self.penn > 0
    }

    /// Days from first to last sign.
    pub(super) fn duration(&self) -> Option<f64> {
        Some(self.over? - self.onset?)
    }

    /// Le 2018: resolved within 14 days of the first dose, with at most two.
    pub(super) fn responded(&self) -> Option<bool> {
        let first = *self.tocilizumab.first()?;
        Some(self.tocilizumab.len() <= 2 && self.over.is_some_and(|over| over - first <= 14.0))
    }
}

fn given(record: &Record, signal: Signal) -> bool {
    record.events.iter().any(|e| e.signal == signal && matches!(e.value, Value::Number(..)))
}

fn peak(graded: &Graded) -> u8 {
    graded.episodes.iter().map(|e| e.peak.grade.floor()).max().unwrap_or(0)
}

/// First day, and last sign where the last episode is resolved.
fn span(graded: &Graded) -> (Option<f64>, Option<f64>) {
    let real = |e: &&Episode| e.number > 0;
    let first = graded.episodes.iter().find(real).and_then(|e| e.onset).map(|o| o.at.days());
    let last = graded.episodes.iter().rfind(real).and_then(|e| e.resolved).map(|r| r.last_sign.days());
    (first, last)
}
