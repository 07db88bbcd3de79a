//! The driver: events in, a graded course out, one instant at a time.

use crate::axes::{Answers, Axes, Known};
use crate::course::{Cause, Graded, Step};
use crate::fold::{EpisodeFold, Standing, Tracker};
use crate::missing::{Missing, Unstated};
use crate::policy::Policy;
use crate::scales::{Facts, Notes, Scale, Verdict, with_death};
use barograph_record::{Event, Instant, Patient, Record, Texts};
use std::sync::Arc;

/// Grades one patient by one or more scales as events arrive, in the order of a record.
///
/// All scales share one set of axes. The state is bounded by what is open (running infusions, the last
/// readings, the running step of each scale) and by the course found so far; events are not kept.
#[derive(Clone)]
pub struct Grader<'s> {
    axes: Axes,
    policy_name: String,
    tracks: Vec<Track<'s>>,
    /// What the axes answered when the scales were last asked.
    answered: Option<Answers>,
    /// The earliest instant at which an episode of some scale ends by itself.
    ends: Option<Instant>,
    /// The last charting, and the one before the present instant.
    charted: [Option<Instant>; 2],
    /// The instant whose events are being gathered.
    now: Option<Instant>,
    said: Said,
    /// Drugs given since: a record ends with its last charting, so they wait for the next.
    waiting: Vec<Event>,
    /// Whether a vital sign is dated after the death. A stop or a discharge there is the end of the paperwork.
    after_death: bool,
}

/// One scale's course.
#[derive(Clone)]
struct Track<'s> {
    scale: &'s dyn Scale,
    fold: EpisodeFold,
    /// Follows the episodes of a scale with a course of its own.
    tracker: Tracker,
    key: Option<Key>,
    /// When its running episode ends by itself.
    ends: Option<Instant>,
}

/// What the scales say of an instant, most of it alike: it stands once in memory.
#[derive(Clone, Default)]
struct Said {
    facts: Facts,
    /// Where the facts behind one grade are gathered, and those that were told last.
    draft: Vec<Cause>,
    because: Arc<[Cause]>,
    /// What was unstated last and whether the patient was observed, with the names for it.
    unstated: Option<(Unstated, bool)>,
    names: Arc<[&'static str]>,
}

impl Said {
    fn because(&mut self, tell: impl FnOnce(&mut Facts, &mut Vec<Cause>)) -> Arc<[Cause]> {
        self.draft.clear();
        tell(&mut self.facts, &mut self.draft);
        if self.draft.is_empty() {
            return Arc::default();
        }
        if *self.because != *self.draft {
            self.because = Arc::from(self.draft.as_slice());
        }
        Arc::clone(&self.because)
    }

    fn unstated(&mut self, unstated: Unstated, observed: bool) -> Arc<[&'static str]> {
        if self.unstated != Some((unstated, observed)) {
            self.unstated = Some((unstated, observed));
            let names = unstated.iter().map(Missing::name);
            self.names = if observed {
                names.collect()
            } else {
                // Away from the hospital it is not single signs that are missing.
                ["observation"].into_iter().chain(names.filter(|name| *name == Missing::CauseOfDeath.name())).collect()
            };
        }
        Arc::clone(&self.names)
    }
}

/// A step lasts as long as this stays the same.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    verdict: Verdict,
    facts: [u32; 6],
    episode: u32,
    away: bool,
}

impl<'s> Grader<'s> {
    /// A grader for one patient.
    pub fn new(patient: &Patient, policy: &Policy, scales: impl IntoIterator<Item = &'s dyn Scale>) -> Self {
        let standing = Notes::NONE.with(Notes::INFUSION_ASSUMED, patient.infusion_assumed);
        let track = |scale| Track { scale, fold: EpisodeFold::new(policy, standing), tracker: Tracker::new(policy), key: None, ends: None };
        Self {
            axes: Axes::new(patient, policy),
            policy_name: policy.name.clone(),
            tracks: scales.into_iter().map(track).collect(),
            answered: None,
            ends: None,
            charted: [None; 2],
            now: None,
            said: Said::default(),
            waiting: Vec::new(),
            after_death: false,
        }
    }

    /// Takes the next event.
    ///
    /// Events come in time order; one that lies before its predecessor is taken at its predecessor's
    /// instant ([`LiveGrader`](crate::LiveGrader) accepts any order). Events that bear on no axis are passed over.
    pub fn push(&mut self, event: &Event, texts: &Texts) {
        if !self.axes.take(event.signal) {
            return;
        }
        // Nothing is graded after a death, and nobody missed charting then: the course ends with it.
        if self.axes.death.is_some() && self.now.is_some_and(|now| event.at > now) {
            self.after_death |= event.signal.is_watched();
            return;
        }
        if !Axes::watches(event.signal) {
            self.waiting.push(*event);
            return;
        }
        self.give_drugs_until(event.at, texts);
        self.advance(event.at);
        self.axes.apply(event, texts);
    }

    /// Applies the drugs that were given up to an instant which something was charted at.
    fn give_drugs_until(&mut self, at: Instant, texts: &Texts) {
        if self.waiting.is_empty() {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        for drug in waiting {
            if drug.at <= at {
                self.advance(drug.at);
                self.axes.apply(&drug, texts);
            } else {
                self.waiting.push(drug);
            }
        }
    }

    /// Closes the present instant and every deadline before `to`, then moves there.
    fn advance(&mut self, to: Instant) {
        let Some(mut now) = self.now else {
            self.now = Some(to);
            return;
        };
        if to <= now || self.axes.death.is_some() {
            return;
        }
        self.close(now);
        while let Some(deadline) = self.deadline(now).filter(|d| *d < to) {
            now = deadline;
            self.close(now);
        }
        self.now = Some(to);
    }

    /// Lets time pass without events, as a clock at the bedside does.
    pub fn wait_until(&mut self, to: Instant, texts: &Texts) {
        self.give_drugs_until(to, texts);
        self.advance(to);
    }

    fn deadline(&self, now: Instant) -> Option<Instant> {
        let ends = self.ends.filter(|d| *d > now);
        [self.axes.deadline(now), ends].into_iter().flatten().min()
    }

    fn close(&mut self, now: Instant) {
        self.axes.settle(now);
        let [last, before] = &mut self.charted;
        if *last != self.axes.last_charting() {
            *before = *last;
            *last = self.axes.last_charting();
        }
        if now < Instant::INFUSION {
            return;
        }
        let axes = &self.axes;
        let changed = self.answered.as_ref().map_or([true; 3], |before| axes.answers().changed_since(before));
        if changed == [false; 3] && self.ends.is_none_or(|ends| now < ends) {
            return;
        }
        self.answered = Some(*axes.answers());
        // What was charted at this very instant does not lie before it.
        let before = self.charted.into_iter().flatten().find(|at| *at < now);
        self.ends = None;
        self.said.facts.clear();
        for track in &mut self.tracks {
            if track.scale.pressures().of(changed) || track.ends.is_some_and(|ends| now >= ends) {
                track.close(now, axes, before, &mut self.said);
                track.ends = track.tracker.deadline(now);
            }
            self.ends = [self.ends, track.ends].into_iter().flatten().min();
        }
    }

    /// The result, taking the present instant as the end of the record.
    pub fn finish(mut self, texts: &Texts) -> Vec<Graded> {
        if let Some(now) = self.now {
            self.give_drugs_until(now, texts);
            self.close(now);
        }
        if self.now.is_none_or(|now| now < Instant::INFUSION) {
            // Nothing was charted since infusion, so nothing is excluded.
            self.axes.forget();
            self.close(Instant::INFUSION);
        }
        let end = self.now.unwrap_or(Instant::INFUSION).max(Instant::INFUSION);
        let discharge = self.axes.away() && self.axes.death.is_none();
        let policy = self.policy_name;
        let late = Notes::NONE.with(Notes::AFTER_DEATH, self.after_death);
        self.tracks
            .into_iter()
            .map(|t| Graded { scale: t.scale.id(), policy: policy.clone(), episodes: t.fold.finish(end, discharge, late) })
            .collect()
    }
}

impl Track<'_> {
    /// Asks the scale about an instant at which something changed.
    fn close(&mut self, now: Instant, axes: &Axes, before: Option<Instant>, said: &mut Said) {
        let verdict = self.scale.grade(axes, now);
        let own = self.scale.signs(axes);
        if let Some(signs) = own {
            self.tracker.settle(now, signs, &verdict, before, axes);
            if axes.death.is_some_and(|d| d.of_crs == Known::Yes) {
                self.tracker.dies(now, &axes.fever);
            }
        }
        let (standing, open) = match own {
            Some(_) => (self.tracker.standing(), self.tracker.open(now)),
            None => (Standing::of(axes), axes.syndrome.open(now)),
        };
        let verdict = with_death(axes, open, verdict);
        let [attribution, pressure, infusions, breathing] = axes.answers().details(self.scale.pressures());
        let facts = [
            attribution,
            pressure,
            infusions,
            breathing,
            u32::from(standing.resolved.is_some()) | u32::from(standing.established.is_some()) << 1,
            if own.is_some() { axes.answers().dose_fingerprint() } else { 0 },
        ];
        let key = Key { verdict, facts, episode: standing.episodes, away: axes.away() };
        if self.key == Some(key) {
            return;
        }
        self.key = Some(key);
        let because = said.because(|facts, out| {
            if verdict.grade.ceiling() > 0 {
                self.scale.causes(axes, now, facts, out);
            }
        });
        let observed = !axes.away();
        let unstated = said.unstated(verdict.unstated, observed);
        let step = Step { from: now, to: now, grade: verdict.grade, because, unstated, observed };
        self.fold.begin_step(step, verdict, standing, before);
    }
}

/// Grades a whole record by one or more scales.
pub fn grade<'s>(record: &Record, policy: &Policy, scales: impl IntoIterator<Item = &'s dyn Scale>) -> Vec<Graded> {
    let mut grader = Grader::new(&record.patient, policy, scales);
    for event in &record.events {
        grader.push(event, &record.texts);
    }
    grader.finish(&record.texts)
}
