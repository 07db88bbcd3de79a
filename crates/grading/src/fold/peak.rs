//! The peak of an episode, and the gaps inside it.
//!
//! The floor of the peak is the highest floor. Its ceiling is the highest ceiling, with exceptions,
//! because a doubt that later charting settles is no doubt about the peak: a short gap (the policy's
//! bridge) leaves the ceiling as charted around it; one low pressure that the next reading refutes
//! does not count; nor does a flow or device charted within the bridge after the other, nor a reason for
//! ventilation charted while the patient is on it, nor the time that vasopressors might have run for and did
//! not. Longer gaps, and what was never charted, open the
//! ceiling. All gaps are listed.

use crate::course::{Gap, Grade, Peak, Step};
use crate::scales::{Awaited, Verdict};
use barograph_record::{Instant, Span};

/// Gathers peak and gaps from steps in time order.
#[derive(Clone)]
pub(super) struct PeakFold {
    bridge: Span,
    /// Longest gap at the very beginning that is bridged.
    lead: Span,
    floor: Option<(u8, Instant)>,
    ceiling: u8,
    start: Option<Instant>,
    suspected: u8,
    held: Option<Held>,
    /// What vasopressors that still run could make of their time.
    pending: u8,
    gap: Option<Running>,
    gaps: Vec<Gap>,
}

/// A ceiling held back until the detail it rests on is charted.
#[derive(Clone, Copy)]
struct Held {
    awaited: Awaited,
    spell: u32,
    since: Instant,
}

/// A gap that has not ended.
#[derive(Clone)]
struct Running {
    gap: Gap,
    ceiling: u8,
    /// Time in it during which the patient was being watched.
    watched: Span,
    uncharted: bool,
    /// What follows the last charting: it counts once something is charted again, and not when the
    /// patient turns out to have been out of sight, just as a record ends with its last charting.
    silent: Silent,
}

#[derive(Clone, Copy, Default)]
struct Silent {
    ceiling: u8,
    watched: i64,
}

impl Running {
    fn hear(&mut self) {
        self.ceiling = self.ceiling.max(self.silent.ceiling);
        self.watched = Span::from_ms(self.watched.ms().saturating_add(self.silent.watched));
        self.silent = Silent::default();
    }
}

impl PeakFold {
    pub(super) fn new(bridge: Span, lead: Span) -> Self {
        Self { bridge, lead, floor: None, ceiling: 0, start: None, suspected: 0, held: None, pending: 0, gap: None, gaps: Vec::new() }
    }

    pub(super) fn add(&mut self, step: &Step, verdict: &Verdict, charted: bool) {
        self.start.get_or_insert(step.from);
        let floor = step.grade.floor();
        if self.floor.is_none_or(|(highest, _)| floor > highest) {
            self.floor = Some((floor, step.from));
        }
        self.ceiling = self.ceiling.max(verdict.charted_ceiling).max(floor);

        if verdict.gap || !step.observed {
            self.extend_gap(step, verdict, charted);
        } else if let Some(gap) = self.gap.take() {
            self.end_gap(gap, true);
        }
        self.hold(step, verdict);
        // Vasopressors that were stopped, or have run for their time, leave nothing open.
        self.pending = verdict.pending;
        if verdict.suspected > 0 {
            self.suspected = self.suspected.max(verdict.suspected);
        } else if self.suspected > 0 {
            // A normal reading refutes the suspicion; silence does not.
            if verdict.pressure_unknown {
                self.ceiling = self.ceiling.max(self.suspected);
            }
            self.suspected = 0;
        }
    }

    /// Holds a ceiling back while its detail is awaited, and lets it go once the detail of the same support is there.
    fn hold(&mut self, step: &Step, verdict: &Verdict) {
        let fresh = verdict.awaited.map(|awaited| Held { awaited, spell: verdict.spell, since: step.from });
        let Some(held) = self.held.take() else {
            self.held = fresh;
            return;
        };
        let same = held.spell == verdict.spell;
        if let Some(awaited) = verdict.awaited.filter(|a| same && a.reason == held.awaited.reason) {
            let ceiling = held.awaited.ceiling.max(awaited.ceiling);
            self.held = Some(Held { awaited: Awaited { ceiling, ..awaited }, ..held });
            return;
        }
        let answered = same && (held.awaited.reason || step.from - held.since <= self.bridge);
        if !answered {
            self.ceiling = self.ceiling.max(held.awaited.ceiling);
        }
        self.held = fresh;
    }

    fn extend_gap(&mut self, step: &Step, verdict: &Verdict, charted: bool) {
        let gap = Gap { from: step.from, to: step.to, unstated: Vec::new() };
        let running = self.gap.get_or_insert(Running { gap, ceiling: 0, watched: Span::ZERO, uncharted: false, silent: Silent::default() });
        running.gap.to = step.to;
        for what in &*step.unstated {
            if !running.gap.unstated.contains(what) {
                running.gap.unstated.push(what);
            }
        }
        if !step.observed {
            running.silent = Silent::default();
            return;
        }
        running.silent.ceiling = running.silent.ceiling.max(step.grade.ceiling());
        running.silent.watched += step.length().ms();
        running.uncharted |= verdict.uncharted;
        if charted {
            running.hear();
        }
    }

    fn end_gap(&mut self, mut running: Running, charted_again: bool) {
        running.hear();
        let leads = self.start == Some(running.gap.from);
        let allowed = if leads && charted_again { self.lead.max(self.bridge) } else { self.bridge };
        let bridged = running.watched <= allowed && (charted_again || !running.uncharted);
        if !bridged {
            self.ceiling = self.ceiling.max(running.ceiling);
        }
        if running.gap.from < running.gap.to || !bridged {
            self.gaps.push(running.gap);
        }
    }

    pub(super) fn finish(mut self) -> (Peak, Vec<Gap>) {
        if let Some(mut gap) = self.gap.take() {
            gap.silent = Silent::default();
            self.end_gap(gap, false);
        }
        let ceiling = self.ceiling.max(self.suspected).max(self.pending).max(self.held.map_or(0, |h| h.awaited.ceiling));
        let (floor, at) = self.floor.unwrap_or((0, Instant::INFUSION));
        (Peak { grade: Grade::between(floor, ceiling), at }, self.gaps)
    }
}
