//! Neutrophil counts by day, and the spells below a limit.
//!
//! Day n runs from n to n + 1 times 24 hours after infusion; a record that counts days only has no midnight.
//! Of several counts of a day the lowest stands for it. A day without a count may have been anything.

use super::track::Bounds;
use crate::course::{Cause, Gap, Grade, Step};
use barograph_record::{Event, Instant, Record, Signal};
use std::ops::Range;
use std::sync::Arc;

pub(super) const DAY_MS: i64 = 86_400_000;

/// One day's lowest count.
#[derive(Clone, Copy)]
pub(super) struct Count<'r> {
    pub(super) bounds: Bounds,
    pub(super) event: &'r Event,
}

/// The lowest count of each day of a window, `None` where none was charted.
pub(super) fn counts(record: &Record, days: Range<i64>) -> Vec<Option<Count<'_>>> {
    let len = usize::try_from(days.end - days.start).unwrap_or(0);
    let mut out: Vec<Option<Count<'_>>> = vec![None; len];
    for event in record.events.iter().filter(|e| e.signal == Signal::Anc) {
        let day = event.at.ms().div_euclid(DAY_MS) - days.start;
        let Some(slot) = usize::try_from(day).ok().and_then(|i| out.get_mut(i)) else { continue };
        let bounds = Bounds::of(event.value);
        *slot = Some(match *slot {
            None => Count { bounds, event },
            Some(count) => {
                let lower = bounds.high < count.bounds.high;
                let low = count.bounds.low.min(bounds.low);
                let high = count.bounds.high.min(bounds.high);
                Count { bounds: Bounds { low, high }, event: if lower { event } else { count.event } }
            }
        });
    }
    out
}

/// When a day begins.
pub(super) fn start_of(day: i64) -> Instant {
    Instant::from_ms(day.saturating_mul(DAY_MS))
}

/// The spells of low days: first and last day of each, by index. Recoveries shorter than `recovery` days do not end a spell.
pub(super) fn spells(low: impl IntoIterator<Item = bool>, recovery: u16) -> Vec<(usize, usize)> {
    let mut spells: Vec<(usize, usize)> = Vec::new();
    for (i, _) in low.into_iter().enumerate().filter(|(_, low)| *low) {
        match spells.last_mut() {
            Some((_, last)) if i - *last <= usize::from(recovery).max(1) => *last = i,
            _ => spells.push((i, i)),
        }
    }
    spells
}

/// Days of the longest spell.
pub(super) fn longest(spells: &[(usize, usize)]) -> usize {
    spells.iter().map(|(first, last)| last - first + 1).max().unwrap_or(0)
}

/// A window of days, `first` being the number of the first, up to `end`.
pub(super) struct Days<'r> {
    pub(super) first: i64,
    pub(super) end: Instant,
    pub(super) counts: Vec<Option<Count<'r>>>,
}

impl<'r> Days<'r> {
    /// The row that stands for a day, by index.
    pub(super) fn event(&self, i: usize) -> Option<&'r Event> {
        self.counts.get(i).copied().flatten().map(|c| c.event)
    }

    /// When a day's count was taken, or the day began; never after the end.
    pub(super) fn at(&self, i: usize) -> Instant {
        self.event(i).map_or_else(|| start_of(self.first.saturating_add_unsigned(i as u64)), |e| e.at).min(self.end)
    }

    /// The steps from one day on: the grade and the facts of the days up to each.
    pub(super) fn course(&self, from: usize, grade: impl Fn(usize) -> Grade, facts: impl Fn(usize, Grade) -> Vec<Cause>) -> Vec<Step> {
        let mut course: Vec<Step> = Vec::new();
        for i in from..self.counts.len() {
            let (begins, grade) = (self.at(i), grade(i + 1));
            if let Some(last) = course.last_mut() {
                last.to = begins;
                if last.grade == grade {
                    continue;
                }
            }
            let unstated = if grade.is_exact() { Arc::default() } else { Arc::from([UNSTATED]) };
            course.push(Step { from: begins, to: self.end, grade, because: facts(i + 1, grade).into(), unstated, observed: true });
        }
        if let Some(last) = course.last_mut() {
            last.to = self.end;
        }
        course
    }

    /// The stretches of days without a count.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = Vec::new();
        for (day, _) in (self.first..).zip(&self.counts).filter(|(_, count)| count.is_none()) {
            let (from, to) = (start_of(day).min(self.end), start_of(day + 1).min(self.end));
            match gaps.last_mut() {
                Some(last) if last.to == from => last.to = to,
                _ => gaps.push(Gap { from, to, unstated: vec![UNSTATED] }),
            }
        }
        gaps.retain(|g| g.from < g.to);
        gaps
    }
}

/// What has to be charted.
pub(super) const UNSTATED: &str = "neutrophils";

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Vec<bool> {
        text.chars().map(|c| c == 'x').collect()
    }

    #[test]
    fn short_recoveries_do_not_end_a_spell() {
        for (text, expected) in [
            ("", 0),
            (".....", 0),
            ("..x..", 1),
            ("xxxxxx", 6),
            ("xx.xx", 5),
            ("xx..xx", 6),
            ("xx...xx", 2),
            ("xx..xx...x", 6),
            ("x..x..x..x", 10),
        ] {
            assert_eq!(longest(&spells(days(text), 3)), expected, "{text}");
        }
        assert_eq!(longest(&spells(days("xx.xx"), 1)), 2);
        assert_eq!(longest(&spells(days("xx.xx"), 0)), 2);
        assert_eq!(longest(&spells(days("xx...xx"), 4)), 7);
    }
}
