//! Grading at the bedside: rows may arrive late, and the past can be seen as it was known.

use crate::course::Graded;
use crate::grader::Grader;
use crate::policy::Policy;
use crate::scales::Scale;
use barograph_record::{Event, Instant, Patient, Texts};

/// Grades one patient while rows arrive in any order.
///
/// It keeps the events, so that a row that arrives late takes its place in time, and so that the course
/// can be seen as it was known at any moment.
#[derive(Clone)]
pub struct LiveGrader<'s> {
    patient: Patient,
    policy: Policy,
    scales: Vec<&'s dyn Scale>,
    events: Vec<Event>,
    texts: Texts,
}

impl<'s> LiveGrader<'s> {
    /// A grader for one patient.
    pub fn new(patient: Patient, policy: Policy, scales: impl IntoIterator<Item = &'s dyn Scale>, texts: Texts) -> Self {
        Self { patient, policy, scales: scales.into_iter().collect(), events: Vec::new(), texts }
    }

    /// Takes a row, wherever in time it belongs.
    pub fn push(&mut self, event: Event) {
        let place = self.events.partition_point(|e| e.order(&event, &self.texts).is_le());
        self.events.insert(place, event);
    }

    /// The course as graded from everything taken so far.
    pub fn graded(&self) -> Vec<Graded> {
        self.run(self.events.iter(), None)
    }

    /// The course as it was known at a moment: from rows recorded by then, and no later.
    pub fn as_known_at(&self, moment: Instant) -> Vec<Graded> {
        self.run(self.events.iter().filter(|e| e.known <= moment && e.at <= moment), Some(moment))
    }

    fn run<'e>(&self, events: impl Iterator<Item = &'e Event>, until: Option<Instant>) -> Vec<Graded> {
        let mut grader = Grader::new(&self.patient, &self.policy, self.scales.iter().copied());
        for event in events {
            grader.push(event, &self.texts);
        }
        if let Some(moment) = until {
            grader.wait_until(moment);
        }
        grader.finish()
    }
}
