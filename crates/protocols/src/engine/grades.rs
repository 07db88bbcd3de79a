//! The grades that rules look at: of CRS scales and of companions, now and as they were.

use barograph_grading::Grade;
use barograph_record::{Instant, Span};
use std::collections::VecDeque;

/// One scale's or companion's grade over the time that rules look back.
#[derive(Clone, Debug)]
pub(crate) struct GradeCourse {
    /// Id of the scale or companion.
    pub(crate) id: &'static str,
    pub(crate) grade: Grade,
    /// When the running episode began.
    pub(crate) onset: Option<Instant>,
    /// Since when doses count for conditions: the onset of the running episode, or of the last one; `None` before the first.
    pub(crate) doses_from: Option<Instant>,
    /// Since when each grade held, oldest first; the last is the present one.
    changes: VecDeque<(Instant, Grade)>,
    keep: Span,
}

impl GradeCourse {
    /// Before anything is charted nothing is excluded.
    pub(crate) fn new(id: &'static str) -> Self {
        Self { id, grade: Grade::between(0, 5), onset: None, doses_from: None, changes: VecDeque::new(), keep: Span::ZERO }
    }

    pub(crate) fn keep(&mut self, span: Span) {
        self.keep = self.keep.max(span);
    }

    /// Takes the grade of an instant; says whether it or the onset changed.
    pub(crate) fn set(&mut self, now: Instant, grade: Grade, onset: Option<Instant>) -> bool {
        if self.grade == grade && self.onset == onset && !self.changes.is_empty() {
            return false;
        }
        (self.grade, self.onset) = (grade, onset);
        self.doses_from = onset.or(self.doses_from);
        if self.changes.back().is_none_or(|(_, last)| *last != grade) {
            self.changes.push_back((now, grade));
        }
        while self.changes.get(1).is_some_and(|(at, _)| now - *at > self.keep) {
            self.changes.pop_front();
        }
        true
    }

    /// The lowest floor and the lowest ceiling of the time before now within a window, and when the oldest leaves it.
    pub(crate) fn lowest(&self, now: Instant, window: Span) -> (Option<Grade>, Option<Instant>) {
        let start = now - window;
        let mut lowest: Option<Grade> = None;
        let mut leaves = None;
        for (i, (_, grade)) in self.changes.iter().enumerate() {
            let ends = self.changes.get(i + 1).map(|(at, _)| *at);
            if ends.is_some_and(|e| e <= start) {
                continue;
            }
            if leaves.is_none() {
                leaves = ends.map(|e| e + window);
            }
            lowest = Some(lowest.map_or(*grade, |l| Grade::between(l.floor().min(grade.floor()), l.ceiling().min(grade.ceiling()))));
        }
        (lowest, leaves)
    }
}
