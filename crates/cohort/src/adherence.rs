//! Treatment as it was given against what plans made due, and how much was given in all.
//!
//! Every figure says out of how many it is counted. A dose "without a rule" is no mistake: the record may not hold what made it
//! necessary, and the plan may not be the one that was followed.

mod csv;
mod json;
mod table;
mod text;

use barograph_protocols::adherence::Adherence;
use barograph_protocols::doses::Settings;
use barograph_protocols::engine::{Applies, Change};
use barograph_protocols::exposure::{Amounts, Exposure};
use barograph_protocols::language::Protocol;
use barograph_record::Record;
use barograph_statistics::{Confidence, Median};
use std::io::{self, Write};
use table::PlanTable;

/// Adherence to some plans over many patients.
#[derive(Debug)]
pub struct AdherenceReport<'p> {
    patients: u64,
    /// Patients whose day 0 is an admission, for want of an infusion.
    infusion_assumed: u64,
    plans: Vec<PlanTable<'p>>,
    settings: Settings,
    exposures: Vec<(String, Exposure)>,
}

impl<'p> AdherenceReport<'p> {
    /// A report on these plans, without any patient; `settings` say which vials are one dose, and which weights are likely.
    pub fn new(plans: impl IntoIterator<Item = &'p Protocol>, settings: Settings) -> Self {
        let plans = plans.into_iter().map(PlanTable::new).collect();
        Self { patients: 0, infusion_assumed: 0, plans, settings, exposures: Vec::new() }
    }

    /// Adds one patient: whether each plan is for it, in the order of the plans, and what changed under all of them.
    pub fn add(&mut self, record: &Record, applies: &[Applies], changes: &[Change<'p>]) {
        let number = self.patients;
        self.patients += 1;
        self.infusion_assumed += u64::from(record.patient.infusion_assumed);
        for (plan, applies) in self.plans.iter_mut().zip(applies) {
            let own = changes.iter().filter(|c| c.protocol.id == plan.protocol.id);
            plan.add(number, &record.patient.id, applies, &Adherence::of(own));
        }
        self.exposures.push((record.patient.id.clone(), Exposure::of(record, &self.settings)));
    }

    /// Writes tables for people.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        text::write(out, self)
    }

    /// Writes one JSON object with everything.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        json::write(out, self)
    }

    /// Writes one row for each thing due and each stray dose.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        csv::write(out, self)
    }
}

/// The middle of some numbers; `None` of none.
fn median(numbers: &[f64]) -> Option<f64> {
    Median::of(numbers, Confidence::PERCENT_95).ok().map(|m| m.estimate)
}

/// What was given of a drug, over the patients who were given any.
struct Given {
    patients: usize,
    doses: u32,
    per_kg: Vec<f64>,
    unstated: u32,
    unweighed: u32,
    unlikely: u32,
}

fn given(exposures: &[(String, Exposure)], of: impl Fn(&Exposure) -> Amounts) -> Given {
    let all: Vec<Amounts> = exposures.iter().map(|(_, e)| of(e)).filter(|a| a.doses > 0).collect();
    let whole = |a: &&Amounts| a.unstated == 0 && a.unweighed == 0 && a.unlikely == 0;
    Given {
        patients: all.len(),
        doses: all.iter().map(|a| a.doses).sum(),
        per_kg: all.iter().filter(whole).map(|a| a.mg_per_kg).collect(),
        unstated: all.iter().map(|a| a.unstated).sum(),
        unweighed: all.iter().map(|a| a.unweighed).sum(),
        unlikely: all.iter().map(|a| a.unlikely).sum(),
    }
}
