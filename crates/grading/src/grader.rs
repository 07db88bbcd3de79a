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
    facts: [u32; 4],
    episode: u32,
    observed: bool,
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
        match self.now {
            Some(now) if event.at > now => self.advance(event.at),
            None => self.now = Some(event.at),
            Some(_) => {}
        }
        self.axes.apply(event, texts);
    }

    /// Closes the present instant and every deadline before `to`, then moves there.
    fn advance(&mut self, to: Instant) {
        let Some(mut now) = self.now else { return };
        self.close(now);
        while let Some(deadline) = self.axes.deadline(now).filter(|d| *d < to) {
            now = deadline;
            self.close(now);
        }
        self.now = Some(to);
    }

    /// Lets time pass without events, as a clock at the bedside does.
    pub fn wait_until(&mut self, to: Instant) {
        if self.now.is_some_and(|now| to > now) {
            self.advance(to);
        }
    }

    fn close(&mut self, now: Instant) {
        self.axes.settle(now);
        if now < Instant::INFUSION {
            return;
        }
        let axes = &self.axes;
        let facts = [
            axes.attribution.fingerprint(),
            axes.circulation.fingerprint(),
            axes.breathing.fingerprint(),
            u32::from(axes.syndrome.resolved().is_some()),
        ];
        for track in &mut self.tracks {
            let verdict = track.scale.grade(axes, now);
            let key = Key { verdict, facts, episode: axes.syndrome.episodes(), observed: axes.observed() };
            if track.key != Some(key) {
                track.key = Some(key);
                let mut because: Vec<Cause> = Vec::new();
                if verdict.grade.ceiling() > 0 {
                    track.scale.causes(axes, now, &mut because);
                }
                let step = Step { from: now, to: now, grade: verdict.grade, because, unstated: verdict.unstated.iter().collect() };
                track.fold.begin_step(step, verdict, axes);
            }
        }
    }

    /// The result, taking the present instant as the end of the record.
    pub fn finish(mut self) -> Vec<Graded> {
        if let Some(now) = self.now {
            self.close(now);
        }
        if self.now.is_none_or(|now| now < Instant::INFUSION) {
            // Nothing was charted since infusion, so nothing is excluded.
            self.axes.forget();
            self.close(Instant::INFUSION);
        }
        let end = self.now.unwrap_or(Instant::INFUSION).max(Instant::INFUSION);
        let policy = self.policy_name;
        self.tracks.into_iter().map(|t| Graded { scale: t.scale.id(), policy: policy.clone(), episodes: t.fold.finish(end) }).collect()
    }
}

/// Grades a whole record by one or more scales.
pub fn grade<'s>(record: &Record, policy: &Policy, scales: impl IntoIterator<Item = &'s dyn Scale>) -> Vec<Graded> {
    let mut grader = Grader::new(&record.patient, policy, scales);
    for event in &record.events {
        grader.push(event, &record.texts);
    }
    grader.finish()
}
