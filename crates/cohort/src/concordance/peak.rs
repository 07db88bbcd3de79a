//! Where a scale reached its peak.

use barograph_grading::{Cause, Grade, Graded, Step};
use barograph_record::{Instant, Signal};

/// One patient's worst grade on one scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peak<'g> {
    pub graded: &'g Graded,
    pub grade: Grade,
    /// When the highest floor was first reached.
    pub at: Instant,
}

impl<'g> Peak<'g> {
    /// The worst of all episodes. A result without any episode found nothing and excluded nothing.
    pub(super) fn of(graded: &'g Graded) -> Self {
        let grade = graded.episodes.iter().map(|e| e.peak.grade).reduce(Grade::max).unwrap_or(Grade::between(0, 5));
        let at = graded.episodes.iter().find(|e| e.peak.grade.floor() == grade.floor()).map_or(Instant::INFUSION, |e| e.peak.at);
        Self { graded, grade, at }
    }

    /// The step that holds at an instant, and the step that leads into it.
    pub(super) fn step_at(&self, at: Instant) -> Option<(&'g Step, Option<&'g Step>)> {
        let mut before: Option<&Step> = None;
        for step in self.graded.episodes.iter().flat_map(|e| &e.course) {
            if step.from <= at && (at < step.to || at == step.from) {
                return Some((step, before.filter(|b| b.to == step.from)));
            }
            before = Some(step);
        }
        // The last step of a course holds at its end as well.
        let last = before.filter(|b| b.to == at)?;
        Some((last, None))
    }

    /// The facts behind the peak.
    pub(super) fn causes(&self) -> &'g [Cause] {
        self.step_at(self.at).map_or(&[], |(step, _)| &step.because)
    }

    /// Whether the grade was taken from a report, so that comparing the two would be circular.
    pub(super) fn rests_on_report(&self) -> bool {
        self.causes().iter().any(|c| c.evidence.signal == Signal::ReportedGrade)
    }

    /// Remarks of its episodes, each once, in their order.
    pub(super) fn notes(&self) -> Vec<&'static str> {
        let mut notes: Vec<&'static str> = Vec::new();
        for note in self.graded.episodes.iter().flat_map(|e| &e.notes) {
            if !notes.contains(note) {
                notes.push(note);
            }
        }
        notes
    }
}
