//! Everything that a condition may look at, at one instant.

use super::companion::CompanionTrack;
use super::given::Doses;
use super::grades::GradeCourse;
use super::readings::Readings;
use super::stated::Statements;
use crate::doses::Body;
use barograph_grading::policy::UnlistedVasopressors;
use barograph_grading::{Cause, Policy, Watch};
use barograph_record::{Instant, Patient, Span};

/// The state that every plan of one patient shares.
#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) now: Instant,
    pub(crate) patient: Patient,
    pub(crate) watch: Watch<'static>,
    /// The grades of the watch's scales, then those of the companions.
    pub(crate) grades: Vec<GradeCourse>,
    /// How many of them are scales.
    pub(crate) scales: usize,
    pub(crate) companions: Vec<CompanionTrack>,
    pub(crate) doses: Doses,
    pub(crate) readings: Readings,
    pub(crate) statements: Statements,
    pub(crate) body: Body,
    /// Grows with every dose and every weight, on which limits rest.
    pub(crate) version: u64,
    /// The longest stretch without charting that is no break of what holds.
    pub(crate) bridge: Span,
    /// Whether a vasoactive drug without any row was not given.
    pub(crate) unlisted_is_none: bool,
    /// For how long the last temperature is the present one, if it was a fever.
    pub(crate) current_fever: Span,
}

impl Facts {
    pub(crate) fn new(patient: &Patient, policy: &Policy, watch: Watch<'static>) -> Self {
        Self {
            now: Instant::INFUSION,
            patient: patient.clone(),
            watch,
            grades: Vec::new(),
            scales: 0,
            companions: Vec::new(),
            doses: Doses::new(),
            readings: Readings::new(),
            statements: Statements::default(),
            body: Body::of(patient),
            version: 0,
            bridge: Span::from_minutes(policy.bridged_gap_minutes),
            unlisted_is_none: policy.unlisted_vasopressors == UnlistedVasopressors::NotGiven,
            current_fever: Span::from_hours(policy.current_fever_hours),
        }
    }

    /// The body, with the age at an instant.
    pub(crate) fn body_at(&self, at: Instant) -> Body {
        Body { years: self.patient.years_at(at), ..self.body }
    }

    /// The place of a scale or companion among the grades.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.grades.iter().position(|g| g.id == id)
    }

    /// What is not charted of a grade, and the facts behind it.
    pub(crate) fn behind(&self, place: usize) -> (Vec<&'static str>, Vec<Cause>) {
        if let Some(companion) = place.checked_sub(self.scales) {
            return self.companions.get(companion).map_or_else(Default::default, |c| c.because(self.now));
        }
        let unstated =
            self.watch.now(place).map_or_else(Vec::new, |n| n.verdict.unstated.iter().map(barograph_grading::Missing::name).collect());
        (unstated, self.watch.causes(place, self.now))
    }
}
