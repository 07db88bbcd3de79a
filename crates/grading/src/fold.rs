//! Folding the steps of a course into episodes.

mod peak;
mod tracker;

use crate::course::{Episode, Grade, Onset, Resolution, Step};
use crate::policy::Policy;
use crate::scales::{Notes, Verdict};
use barograph_record::{Instant, Span};
use peak::PeakFold;
pub(crate) use tracker::{Standing, Tracker};

/// Finds episodes in a course of steps as they come.
#[derive(Clone)]
pub(crate) struct EpisodeFold {
    rules: Rules,
    standing: Notes,
    current: Option<Running>,
    /// The whole record, while no episode has begun.
    outside: Part,
    episode: Option<Open>,
    done: Vec<Episode>,
}

#[derive(Clone, Copy)]
struct Rules {
    late_onset_days: f64,
    bridge: Span,
    /// How long the record's own beginning may go without charting: nobody charts everything at the infusion's minute.
    lead: Span,
}

/// The step that has begun and not ended.
#[derive(Clone)]
struct Running {
    step: Step,
    verdict: Verdict,
    /// Whether anything was charted in it, as against a step that the passage of time made.
    charted: bool,
}

/// Steps gathered so far, with what is to be said of them.
#[derive(Clone)]
struct Part {
    course: Vec<Step>,
    peak: PeakFold,
    notes: Notes,
}

/// An episode that has begun.
#[derive(Clone)]
struct Open {
    number: u32,
    onset: Onset,
    resolved: Option<Resolution>,
    /// When the patient was lost from sight, if that ended it.
    lost: Option<Instant>,
    part: Part,
    /// Steps since its end: part of the episode only if it proves not to have been over.
    tail: Vec<Running>,
}

impl Part {
    fn new(bridge: Span, lead: Span, notes: Notes) -> Self {
        Self { course: Vec::new(), peak: PeakFold::new(bridge, lead), notes }
    }

    fn add(&mut self, running: Running) {
        self.peak.add(&running.step, &running.verdict, running.charted);
        let unobserved = !running.step.observed && running.step.length() > Span::ZERO;
        self.notes = self.notes.union(running.verdict.notes).with(Notes::UNOBSERVED, unobserved);
        match self.course.last_mut() {
            Some(last) if last.continues_as(&running.step) => last.to = running.step.to,
            _ => self.course.push(running.step),
        }
    }

    fn finish(mut self, number: u32, onset: Option<Onset>, resolved: Option<Resolution>) -> Episode {
        let unresolved = number > 0 && resolved.is_none();
        self.notes = self.notes.with(Notes::NOT_RESOLVED, unresolved);
        let (mut peak, gaps) = self.peak.finish();
        if number == 0 && self.course.iter().all(|step| !step.observed) {
            // Days out of sight open no peak beside days that were watched; where none was, nothing is excluded.
            let ceiling = self.course.iter().map(|step| step.grade.ceiling()).max().unwrap_or(0);
            peak.grade = Grade::between(peak.grade.floor(), ceiling.max(peak.grade.ceiling()));
        }
        Episode { number, onset, resolved, peak, course: self.course, gaps, notes: self.notes.names() }
    }
}

impl Open {
    fn ended(&self) -> Option<Instant> {
        self.resolved.map(|r| r.at).or(self.lost)
    }
}

impl EpisodeFold {
    pub(crate) fn new(policy: &Policy, standing: Notes) -> Self {
        let rules = Rules {
            late_onset_days: policy.late_onset_days,
            bridge: Span::from_minutes(policy.bridged_gap_minutes),
            lead: Span::from_hours(policy.temperature_window_hours),
        };
        let outside = Part::new(rules.bridge, rules.lead, standing);
        Self { rules, standing, current: None, outside, episode: None, done: Vec::new() }
    }

    /// Ends the running step where this one begins; `before` is the last charting before it: what was charted at the
    /// boundary belongs to the step that it begins.
    pub(crate) fn begin_step(&mut self, step: Step, verdict: Verdict, standing: Standing, before: Option<Instant>) {
        let now = step.from;
        let charted = self.current.as_ref().is_some_and(|c| before.is_some_and(|before| c.step.from <= before));
        self.end_step(now, charted);
        if self.episode.as_ref().map_or(0, |e| e.number) < standing.episodes {
            self.begin_episode(standing.episodes, standing.established.unwrap_or(now), standing.excluded_before);
        }
        if let Some(episode) = &mut self.episode {
            if standing.established.is_none() {
                episode.lost.get_or_insert(now);
            }
            match standing.resolved {
                Some(resolution) => episode.resolved = Some(resolution),
                None if episode.resolved.is_some() => {
                    episode.resolved = None;
                    let tail = std::mem::take(&mut episode.tail);
                    for running in tail {
                        episode.part.add(running);
                    }
                }
                None => {}
            }
        }
        self.current = Some(Running { step, verdict, charted: true });
    }

    fn end_step(&mut self, at: Instant, charted: bool) {
        let Some(mut running) = self.current.take() else { return };
        running.step.to = at;
        running.charted = charted;
        match &mut self.episode {
            None => self.outside.add(running),
            Some(episode) if episode.ended().is_some_and(|end| running.step.from >= end) => {
                let outlasts = episode.resolved.is_some_and(|r| running.step.from == r.at) && running.step.grade.floor() > 0;
                episode.part.notes = episode.part.notes.with(Notes::SIGN_AFTER_END, outlasts);
                episode.tail.push(running);
            }
            Some(episode) => episode.part.add(running),
        }
    }

    fn begin_episode(&mut self, number: u32, at: Instant, after: Option<Instant>) {
        self.close_episode();
        let late = self.standing.with(Notes::ONSET_LATE, at.days() > self.rules.late_onset_days);
        // Nor must signs without fever before the first episode.
        let before = if self.done.is_empty() { self.outside.notes } else { Notes::NONE };
        // What was open right up to the onset is told by the onset's interval.
        let excluded_since = |s: &Step| s.grade.ceiling() > 0 && after.is_some_and(|after| s.to <= after);
        let open = self.done.is_empty() && self.outside.course.iter().any(excluded_since);
        let doubtful = open && self.outside.peak.clone().finish().0.grade.ceiling() > 0;
        let notes = late.union(before.ungraded()).with(Notes::EARLIER_NOT_EXCLUDED, doubtful);
        let part = Part::new(self.rules.bridge, self.rules.bridge, notes);
        self.episode = Some(Open { number, onset: Onset { at, after }, resolved: None, lost: None, part, tail: Vec::new() });
    }

    fn close_episode(&mut self) {
        if let Some(mut open) = self.episode.take() {
            // What came after is no part of the episode, but signs without fever there must not go unsaid.
            let later = open.tail.iter().fold(Notes::NONE, |notes, r| notes.union(r.verdict.notes));
            let mut after = PeakFold::new(self.rules.bridge, self.rules.bridge);
            open.tail.iter().for_each(|r| after.add(&r.step, &r.verdict, r.charted));
            let doubtful = after.finish().0.grade.ceiling() > 0;
            open.part.notes = open.part.notes.union(later.ungraded()).with(Notes::LATER_NOT_EXCLUDED, doubtful);
            self.done.push(open.part.finish(open.number, Some(open.onset), open.resolved));
        }
    }

    /// The episodes of a record that ends here; number 0 alone when there was none.
    ///
    /// A record that ends with a `discharge` says nothing of the time after it, so no step begins there. `late` is what
    /// is to be said of rows after the end.
    pub(crate) fn finish(mut self, end: Instant, discharge: bool, late: Notes) -> Vec<Episode> {
        // Where there is no other, that step is all there is to say that nothing is known.
        let other = self.episode.is_some() || !self.outside.course.is_empty();
        self.current = self.current.filter(|c| !(other && discharge && c.step.from == end));
        self.end_step(end, true);
        let last = self.episode.as_mut().map_or(&mut self.outside, |episode| &mut episode.part);
        last.notes = last.notes.union(late);
        self.close_episode();
        if self.done.is_empty() {
            self.done.push(self.outside.finish(0, None, None));
        }
        self.done
    }
}
