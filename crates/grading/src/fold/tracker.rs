//! Episodes of a scale whose CRS begins with any of its signs, and ends when they have been gone for long enough.

use crate::axes::{Axes, Fever};
use crate::course::Resolution;
use crate::policy::Policy;
use crate::scales::{Signs, Verdict};
use barograph_record::{Instant, Span};

/// Where a patient stands in the episodes of one scale.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Standing {
    /// Number of episodes begun.
    pub(crate) episodes: u32,
    /// When the running episode began.
    pub(crate) established: Option<Instant>,
    /// The last charting that excluded it.
    pub(crate) excluded_before: Option<Instant>,
    /// When it was over.
    pub(crate) resolved: Option<Resolution>,
}

impl Standing {
    /// The standing in the course that the axes follow: fever begins it.
    pub(crate) fn of(axes: &Axes) -> Self {
        let syndrome = &axes.syndrome;
        Self {
            episodes: syndrome.episodes(),
            established: syndrome.established(),
            excluded_before: syndrome.excluded_before(),
            resolved: syndrome.resolved().map(|(at, last_sign)| Resolution { at, last_sign }),
        }
    }
}

/// Follows the signs of one scale.
#[derive(Clone, Debug)]
pub(crate) struct Tracker {
    resolution: Span,
    new_episode: Span,
    standing: Standing,
    signs: Signs,
    /// What was certain at the last instant.
    floor: u8,
    last_sign: Instant,
    /// Since when the grade has been 0, and the last charting at which it was.
    clear_since: Option<Instant>,
    last_clear: Option<Instant>,
}

impl Tracker {
    pub(crate) fn new(policy: &Policy) -> Self {
        Self {
            resolution: policy.resolution(),
            new_episode: policy.new_episode(),
            standing: Standing::default(),
            signs: Signs { febrile: false, present: false, holds: false, free: false },
            floor: 0,
            last_sign: Instant::MIN,
            clear_since: None,
            last_clear: None,
        }
    }

    pub(crate) const fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether an episode has begun and is not over; a resolved one stays open until a later sign would make a new one.
    pub(crate) fn open(&self, now: Instant) -> bool {
        self.standing.established.is_some() && self.standing.resolved.is_none_or(|r| now - r.at < self.new_episode)
    }

    /// Takes the signs of an instant; `before` is the last charting before it.
    pub(crate) fn settle(&mut self, now: Instant, signs: Signs, verdict: &Verdict, before: Option<Instant>, axes: &Axes) {
        self.watch_clearance(now, verdict, before);
        if axes.lost(now) {
            // Unwatched for long enough, CRS could have resolved and come back unseen. What was charted last begins
            // an episode again only when something is charted again.
            if self.standing.resolved.is_none() {
                self.standing.established = None;
            }
            self.signs = Signs { febrile: false, present: false, holds: false, free: false };
            self.floor = 0;
            return;
        }
        let was = std::mem::replace(&mut self.signs, signs);
        // A sign that gets worse counts as one that appears, or oxygen that outlasts the end would hide the ventilation after it.
        let worse = verdict.grade.floor() > std::mem::replace(&mut self.floor, verdict.grade.floor());
        let present = signs.present && (!was.present || worse);
        let appears = present || (signs.holds && !was.holds) || (signs.febrile && !was.febrile);
        if appears && !self.open(now) {
            self.begin(now, signs, &axes.fever);
        } else if appears && self.standing.resolved.take().is_some() {
            // What comes back soon after the end continues the episode, even a sign that would not have held it open.
            self.last_sign = self.last_sign.max(now);
        }
        if signs.holds || was.holds {
            self.last_sign = self.last_sign.max(now);
        }
        if let Some(fever) = axes.fever.last_fever().filter(|_| signs.febrile || was.febrile) {
            self.last_sign = self.last_sign.max(fever.at);
        }
        // A sign that appears now belongs to the episode, be it of a kind that does not hold it open.
        let quiet = !appears && signs.free && !signs.holds && !signs.febrile && now - self.last_sign >= self.resolution;
        if quiet && self.standing.established.is_some() && self.standing.resolved.is_none() {
            self.standing.resolved = Some(Resolution { at: now, last_sign: self.last_sign });
        }
    }

    fn watch_clearance(&mut self, now: Instant, verdict: &Verdict, before: Option<Instant>) {
        if let Some(charted) = before.filter(|b| self.clear_since.is_some_and(|since| since <= *b)) {
            self.last_clear = Some(charted);
        }
        self.clear_since = (verdict.grade.ceiling() == 0).then(|| self.clear_since.unwrap_or(now));
    }

    fn begin(&mut self, now: Instant, signs: Signs, fever: &Fever) {
        // A fever is excluded by the last temperature; other signs by the last charting that showed none of them.
        let by_fever = signs.febrile && !signs.present;
        let excluded = if by_fever { fever.last_normal().map(|at| at.max(Instant::INFUSION)) } else { self.last_clear };
        self.standing = Standing {
            episodes: self.standing.episodes + 1,
            established: Some(now),
            excluded_before: excluded.filter(|at| *at < now),
            resolved: None,
        };
        self.last_sign = now;
    }

    /// A death of CRS is CRS, even where nothing before it was charted.
    pub(crate) fn dies(&mut self, now: Instant, fever: &Fever) {
        if !self.open(now) {
            self.begin(now, self.signs, fever);
        }
        self.standing.resolved = None;
    }

    /// The next instant at which the standing changes by the passage of time.
    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        self.standing.established?;
        let next = match self.standing.resolved {
            None if self.signs.holds => return None,
            None => self.last_sign + self.resolution,
            Some(r) => r.at + self.new_episode,
        };
        Some(next).filter(|d| *d > now)
    }
}
