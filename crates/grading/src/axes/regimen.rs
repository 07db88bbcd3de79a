//! For how long a vasopressor regimen has run, and for how long at a high dose.

use super::doses::{Body, DoseTable};
use super::infusions::Infusion;
use super::{Doubt, Reading};
use crate::missing::Missing;
use crate::policy::{DoseBasis, Policy};
use barograph_record::{Instant, Span};

/// When something that began has lasted a length of time. Stopped exactly then, it has lasted it, so its last
/// millisecond counts.
pub(super) fn lasted(since: Instant, length: Span) -> Instant {
    since + length - Span::from_ms(1)
}

/// Since when a dose has been high by one table: certainly, and possibly.
#[derive(Clone, Copy, Debug)]
struct Run {
    table: Option<&'static DoseTable>,
    scaled: bool,
    certain: Option<Instant>,
    possible: Option<Instant>,
    unstated: Missing,
}

/// The clocks of vasopressor treatment.
#[derive(Clone, Debug)]
pub(super) struct Regimen {
    lee: Run,
    penn: Run,
    high_after: Span,
    pause: Span,
    /// Vasopressor time that MSKCC grades.
    long_after: Span,
    /// The time of what certainly counts, and of what perhaps does.
    certain: Clock,
    perhaps: Clock,
}

/// For how long vasopressors have run in all.
#[derive(Clone, Copy, Debug)]
struct Clock {
    /// Since when any has run, and what ran before.
    running: Option<Instant>,
    banked: Span,
    stopped: Option<Instant>,
}

impl Clock {
    const NEW: Self = Self { running: None, banked: Span::ZERO, stopped: None };

    fn change(&mut self, now: Instant, runs: bool, pause: Span) {
        match (self.running, runs) {
            (None, true) => {
                if self.stopped.is_some_and(|at| now - at >= pause) {
                    self.banked = Span::ZERO;
                }
                self.running = Some(now.max(Instant::INFUSION));
            }
            (Some(since), false) => {
                self.banked = self.time(now, since);
                self.stopped = Some(now);
                self.running = None;
            }
            _ => {}
        }
    }

    fn time(&self, now: Instant, since: Instant) -> Span {
        Span::from_ms(self.banked.ms().saturating_add((now - since).ms().max(0)))
    }

    fn has_lasted(&self, now: Instant, long: Span) -> bool {
        self.running.is_some_and(|since| self.time(now, since) >= Span::from_ms(long.ms() - 1))
    }

    fn deadline(&self, long: Span) -> Option<Instant> {
        self.running.map(|since| lasted(since, Span::from_ms(long.ms() - self.banked.ms())))
    }
}

impl Regimen {
    pub(super) fn new(policy: &Policy) -> Self {
        let run =
            |id, scaled| Run { table: DoseTable::by_id(id), scaled, certain: None, possible: None, unstated: Missing::VasopressorRate };
        Self {
            lee: run("lee-2014", policy.lee_dose_basis == DoseBasis::PerKg70),
            penn: run("penn-2014", false),
            high_after: Span::from_hours(policy.high_dose_hours),
            pause: Span::from_hours(policy.vasopressor_pause_hours),
            long_after: Span::from_hours(policy.long_vasopressor_hours),
            certain: Clock::NEW,
            perhaps: Clock::NEW,
        }
    }

    /// Takes what runs from now on, and whether any of it is a vasopressor: certainly, and perhaps.
    pub(super) fn change(&mut self, now: Instant, infusions: &[Infusion], weight: Option<f64>, [certain, perhaps]: [bool; 2]) {
        for run in [&mut self.lee, &mut self.penn] {
            let reached = match run.table {
                Some(table) => table.reached(infusions, Body { weight, scaled: run.scaled }),
                None => Reading::between(false, certain || perhaps, Doubt::Undecided, Missing::VasopressorRate),
            };
            run.certain = reached.floor.then(|| run.certain.unwrap_or(now));
            run.possible = reached.ceiling.then(|| run.possible.unwrap_or(now));
            if reached.unstated != Missing::Nothing {
                run.unstated = reached.unstated;
            }
        }
        self.certain.change(now, certain, self.pause);
        self.perhaps.change(now, certain || perhaps, self.pause);
    }

    /// Whether the regimen is high-dose now, by either table.
    pub(super) fn high_doses(&self, now: Instant) -> [Reading<bool>; 2] {
        let long = |since: Option<Instant>| since.is_some_and(|since| now >= lasted(since, self.high_after));
        [&self.lee, &self.penn].map(|run| match (long(run.certain), long(run.possible)) {
            (false, true) => Reading::between(false, true, Doubt::Undecided, run.unstated),
            (certain, _) => Reading::exactly(certain),
        })
    }

    /// Since when the doses that run may have been high, by either table.
    pub(super) fn high_since(&self) -> Option<Instant> {
        [self.lee.possible, self.penn.possible].into_iter().flatten().min()
    }

    /// Whether vasopressors run that have run for the hours in all that are long (24).
    pub(super) fn long(&self, now: Instant) -> Reading<bool> {
        let open = |doubt| Reading::between(false, true, doubt, Missing::VasopressorTime);
        if self.certain.has_lasted(now, self.long_after) {
            Reading::exactly(true)
        } else if self.perhaps.has_lasted(now, self.long_after) {
            open(Doubt::Undecided)
        } else if self.perhaps.running.is_some() {
            open(Doubt::Pending)
        } else {
            Reading::exactly(false)
        }
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        let since = [self.lee.certain, self.lee.possible, self.penn.certain, self.penn.possible];
        let high = since.into_iter().flatten().map(|since| lasted(since, self.high_after));
        let long = [self.certain, self.perhaps].into_iter().filter_map(|clock| clock.deadline(self.long_after));
        high.chain(long).filter(|d| *d > now).min()
    }
}
