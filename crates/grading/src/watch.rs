//! What scales say now, for those who act on it as events arrive.

use crate::axes::{Answers, Axes, Known};
use crate::course::Cause;
use crate::fold::{Standing, Tracker};
use crate::policy::Policy;
use crate::scales::{Facts, Scale, Verdict, with_death};
use barograph_record::{Event, Instant, Patient, Texts};

/// Follows one patient by one or more scales and knows the present only: no course, no episodes of the past.
///
/// Whoever drives it applies the events of an instant, settles the instant, and stops at every deadline on the way to the
/// next. A drug counts from the instant it is given, unlike in a [`Grader`](crate::Grader), whose record ends with its last charting.
#[derive(Clone)]
pub struct Watch<'s> {
    axes: Axes,
    scales: Vec<Watched<'s>>,
    answered: Option<Answers>,
    /// The earliest instant at which an episode of some scale ends by itself.
    ends: Option<Instant>,
}

#[derive(Clone)]
struct Watched<'s> {
    scale: &'s dyn Scale,
    tracker: Tracker,
    /// When its running episode ends by itself.
    ends: Option<Instant>,
    now: Option<Now>,
}

/// What one scale says of the instant settled last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    /// The grade, and what opens it.
    pub verdict: Verdict,
    /// Episodes begun so far.
    pub episodes: u32,
    /// When the running episode began; `None` where there is none.
    pub onset: Option<Instant>,
    /// When it resolved, if it has.
    pub resolved: Option<Instant>,
}

impl<'s> Watch<'s> {
    /// A watch on one patient.
    pub fn new(patient: &Patient, policy: &Policy, scales: impl IntoIterator<Item = &'s dyn Scale>) -> Self {
        let watched = |scale| Watched { scale, tracker: Tracker::new(policy), ends: None, now: None };
        Self { axes: Axes::new(patient, policy), scales: scales.into_iter().map(watched).collect(), answered: None, ends: None }
    }

    /// Takes an event; events come in the order of a record. Those that bear on no axis are passed over.
    pub fn apply(&mut self, event: &Event, texts: &Texts) {
        if self.axes.take(event.signal) {
            self.axes.apply(event, texts);
        }
    }

    /// Brings everything up to an instant whose events were all applied; says whether any answer changed.
    pub fn settle(&mut self, now: Instant) -> bool {
        self.axes.settle(now);
        if now < Instant::INFUSION {
            return false;
        }
        if self.answered.as_ref() == Some(self.axes.answers()) && self.ends.is_none_or(|ends| now < ends) {
            return false;
        }
        let answers = self.axes.answers();
        let changed = self.answered.as_ref().map_or([true; 3], |before| answers.changed_since(before));
        self.answered = Some(*answers);
        self.ends = None;
        for watched in &mut self.scales {
            if watched.scale.pressures().of(changed) || watched.ends.is_some_and(|ends| now >= ends) {
                watched.settle(now, &self.axes);
                watched.ends = watched.tracker.deadline(now);
            }
            self.ends = [self.ends, watched.ends].into_iter().flatten().min();
        }
        true
    }

    /// The next instant after `now` at which an answer changes by the passage of time.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        let ends = self.ends.filter(|d| *d > now);
        [self.axes.deadline(now), ends].into_iter().flatten().min()
    }

    /// What a scale says of the instant settled last, by its place among the scales; `None` before the infusion.
    pub fn now(&self, place: usize) -> Option<&Now> {
        self.scales.get(place)?.now.as_ref()
    }

    /// The facts behind that.
    pub fn causes(&self, place: usize, now: Instant) -> Vec<Cause> {
        let mut out = Vec::new();
        if let Some(watched) = self.scales.get(place) {
            watched.scale.causes(&self.axes, now, &mut Facts::default(), &mut out);
        }
        out
    }

    /// The axes as settled last.
    pub const fn axes(&self) -> &Axes {
        &self.axes
    }
}

impl Watched<'_> {
    fn settle(&mut self, now: Instant, axes: &Axes) {
        let verdict = self.scale.grade(axes, now);
        let (standing, open) = match self.scale.signs(axes) {
            Some(signs) => {
                self.tracker.settle(now, signs, &verdict, None, axes);
                if axes.death.is_some_and(|d| d.of_crs == Known::Yes) {
                    self.tracker.dies(now, &axes.fever);
                }
                (self.tracker.standing(), self.tracker.open(now))
            }
            None => (Standing::of(axes), axes.syndrome.open(now)),
        };
        let verdict = with_death(axes, open, verdict);
        let resolved = standing.resolved.map(|r| r.at);
        self.now = Some(Now { verdict, episodes: standing.episodes, onset: standing.established.filter(|_| open), resolved });
    }
}
