//! Where a companion stands to CRS: before it, in its worst, or while it gets better or is over.

use crate::course::{Episode, Graded};
use barograph_record::Instant;

/// CRS as a companion sees it at an instant, by what was graded up to then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crs {
    /// There was none so far, and none is possible.
    None,
    /// It may be there, or cannot be excluded.
    Uncertain,
    /// It is there, as severe as it has been so far.
    Worst,
    /// It is milder than it was, since then.
    Improving(Instant),
    /// It is over, since then.
    Resolved(Instant),
}

impl Crs {
    /// Since when CRS is getting better or over.
    pub(super) const fn better_since(self) -> Option<Instant> {
        match self {
            Self::Improving(since) | Self::Resolved(since) => Some(since),
            _ => None,
        }
    }
}

/// The episode that began last, up to an instant.
pub(super) fn episode(crs: &Graded, now: Instant) -> Option<&Episode> {
    crs.episodes.iter().rev().find(|e| e.onset.is_some_and(|o| o.at <= now))
}

/// CRS at an instant.
pub(super) fn at(crs: &Graded, now: Instant) -> Crs {
    let Some(episode) = episode(crs, now) else {
        // Steps before a first episode are not kept; without any, nothing excludes CRS.
        let mut so_far = crs.episodes.iter().filter(|e| e.number == 0).flat_map(|e| &e.course).take_while(|s| s.from <= now).peekable();
        let watched = so_far.peek().is_some() && !past(crs, now);
        return if watched && so_far.all(|s| s.grade.ceiling() == 0) { Crs::None } else { Crs::Uncertain };
    };
    if let Some(resolved) = episode.resolved.filter(|r| r.at <= now) {
        return Crs::Resolved(resolved.at);
    }
    if past(crs, now) {
        return Crs::Uncertain;
    }
    let (mut worst, mut since, mut state) = (0, None, Crs::Worst);
    for step in episode.course.iter().take_while(|s| s.from <= now) {
        worst = worst.max(step.grade.floor());
        state = if step.grade.ceiling() < worst {
            Crs::Improving(*since.get_or_insert(step.from))
        } else {
            since = None;
            if step.grade.floor() == worst { Crs::Worst } else { Crs::Uncertain }
        };
    }
    state
}

/// Whether the course ended before an instant.
fn past(crs: &Graded, now: Instant) -> bool {
    crs.episodes.iter().flat_map(|e| &e.course).map(|s| s.to).max().is_none_or(|end| now > end)
}

/// The instants at which the answer may change.
pub(super) fn borders(crs: &Graded) -> impl Iterator<Item = Instant> + '_ {
    let steps = crs.episodes.iter().flat_map(|e| e.course.iter().map(|s| s.from));
    steps.chain(crs.episodes.iter().filter_map(|e| e.resolved.map(|r| r.at)))
}
