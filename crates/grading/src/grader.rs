//! The driver: events in, a graded course out, one instant at a time.

use crate::axes::Axes;
use crate::course::{Cause, Graded, Step};
use crate::fold::EpisodeFold;
use crate::policy::Policy;
use crate::scales::{Notes, Scale, Verdict};
use barograph_record::{Event, Instant, Patient, Record, Texts};

/// Grades one patient by one or more scales as events arrive, in the order of a record.
///
/// All scales share one set of axes. The state is bounded by what is open (running infusions, the last
/// readings, the running step of each scale) and by the course found so far; events are not kept.
#[derive(Clone)]
pub struct Grader<'s> {
    axes: Axes,
    policy_name: String,
    tracks: Vec<Track<'s>>,
    /// The instant whose events are being gathered.
    now: Option<Instant>,
    /// Drugs given since: a record ends with its last charting, so they wait for the next.
    waiting: Vec<Event>,
}

/// One scale's course.
#[derive(Clone)]
struct Track<'s> {
    scale: &'s dyn Scale,
    fold: EpisodeFold,
    key: Option<Key>,
}

/// A step lasts as long as this stays the same.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    verdict: Verdict,
    facts: [u32; 3],
    circulation: u64,
    episode: u32,
    away: bool,
}

impl<'s> Grader<'s> {
    /// A grader for one patient.
    pub fn new(patient: &Patient, policy: &Policy, scales: impl IntoIterator<Item = &'s dyn Scale>) -> Self {
        let standing = Notes::NONE.with(Notes::INFUSION_ASSUMED, patient.infusion_assumed);
        let track = |scale| Track { scale, fold: EpisodeFold::new(policy, standing), key: None };
        Self {
            axes: Axes::new(patient, policy),
            policy_name: policy.name.clone(),
            tracks: scales.into_iter().map(track).collect(),
            now: None,
            waiting: Vec::new(),
        }
    }

    /// Takes the next event.
    ///
    /// Events come in time order; one that lies before its predecessor is taken at its predecessor's
    /// instant ([`LiveGrader`](crate::LiveGrader) accepts any order). Events that bear on no axis are passed over.
    pub fn push(&mut self, event: &Event, texts: &Texts) {
        if !Axes::bears(event.signal) {
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
        if to <= now {
            return;
        }
        self.close(now);
        while let Some(deadline) = self.axes.deadline(now).filter(|d| *d < to) {
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

    fn close(&mut self, now: Instant) {
        self.axes.settle(now);
        if now < Instant::INFUSION {
            return;
        }
        let axes = &self.axes;
        let facts = [
            axes.attribution.fingerprint(),
            axes.breathing.fingerprint(),
            u32::from(axes.syndrome.resolved().is_some()) | u32::from(axes.syndrome.established().is_some()) << 1,
        ];
        for track in &mut self.tracks {
            let verdict = track.scale.grade(axes, now);
            let key = Key {
                verdict,
                facts,
                circulation: axes.circulation.fingerprint(now),
                episode: axes.syndrome.episodes(),
                away: axes.away(),
            };
            if track.key != Some(key) {
                track.key = Some(key);
                let mut because: Vec<Cause> = Vec::new();
                if verdict.grade.ceiling() > 0 {
                    track.scale.causes(axes, now, &mut because);
                }
                let observed = !axes.away();
                // Away from the hospital it is not single signs that are missing.
                let missing = verdict.unstated.iter();
                let unstated = if observed {
                    missing.collect()
                } else {
                    std::iter::once("observation").chain(missing.filter(|what| *what == "cause of death")).collect()
                };
                let step = Step { from: now, to: now, grade: verdict.grade, because, unstated, observed };
                track.fold.begin_step(step, verdict, axes);
            }
        }
    }

    /// The result, taking the present instant as the end of the record.
    pub fn finish(mut self, texts: &Texts) -> Vec<Graded> {
        if let Some(now) = self.now {
            self.give_drugs_until(now, texts);
            self.close(now);
        }
        let end = self.now.unwrap_or(Instant::INFUSION);
        let discharge = self.axes.away() && self.axes.death.is_none();
        let policy = self.policy_name;
        self.tracks
            .into_iter()
            .map(|t| Graded { scale: t.scale.id(), policy: policy.clone(), episodes: t.fold.finish(end, discharge) })
            .collect()
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
