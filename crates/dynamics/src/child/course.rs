//! A child's course: what was charted and what was true.

use super::bedside::Note;
use super::person::Child;
use super::summary::Summary;
use barograph_record::{Age, Files, Ledger, Observation, Patient, RawTime, Record, RecordBuilder};

/// A finished course.
#[derive(Clone, Debug)]
pub struct Course {
    /// Who it is.
    pub child: Child,
    /// All that was charted, in order of time.
    pub notes: Vec<Note>,
    /// What was true.
    pub summary: Summary,
    /// Steps of the integrator accepted and attempted.
    pub steps: (u32, u32),
}

impl Course {
    /// The chart as an ordinary record of a patient called `id`, through the ordinary builder; what does not pass its gate goes to the ledger.
    pub fn record(&self, id: &str, ledger: &mut Ledger) -> Record {
        let files: Files = ["events.csv".into()].into();
        let mut patient = Patient::new(id);
        patient.age = Age::AtInfusion(self.child.age_years);
        patient.sex = self.child.sex;
        patient.weight_kg = Some(self.child.weight_kg);
        patient.product = Some("virtual".into());
        let mut builder = RecordBuilder::new(patient);
        for (row, note) in (2..).zip(&self.notes) {
            let observation = Observation { row, ..Observation::new(RawTime::Day(note.at), note.signal, note.value.raw()) };
            builder.push(&observation, &files, ledger);
        }
        builder.finish(&files, ledger)
    }
}
