//! Treatment as it was given against what plans made due, and how much was given in all.
//!
//! Every figure says out of how many it is counted. A dose "without a rule" is no mistake: the record may not hold what made it
//! necessary, and the plan may not be the one that was followed.

mod csv;
mod json;
mod text;

use barograph_protocols::adherence::{Adherence, Outcome, Why};
use barograph_protocols::engine::{Applies, Change, Truth};
use barograph_protocols::exposure::{Amounts, Exposure};
use barograph_protocols::language::{Protocol, Rule};
use barograph_record::Record;
use barograph_statistics::{Confidence, Median};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Adherence to some plans over many patients.
#[derive(Debug)]
pub struct AdherenceReport<'p> {
    patients: u64,
    /// Patients whose day 0 is an admission, for want of an infusion.
    infusion_assumed: u64,
    plans: Vec<PlanTable<'p>>,
    exposures: Vec<(String, Exposure)>,
}

/// One plan over many patients.
#[derive(Debug)]
struct PlanTable<'p> {
    protocol: &'p Protocol,
    /// Patients for whom it is, for whom that is not known, and for whom it is not.
    applies: [u64; 3],
    /// Patients whom it advises although they are outside its population.
    outside: u64,
    rows: BTreeMap<(usize, String), Row<'p>>,
    strays: BTreeMap<(String, &'static str), u64>,
    lines: Vec<Line>,
}

/// One action of one rule over many patients.
#[derive(Debug)]
struct Row<'p> {
    rule: &'p Rule,
    what: String,
    patients: BTreeSet<u64>,
    in_time: u64,
    late: u64,
    not_given: u64,
    lapsed: u64,
    open: u64,
    /// Hours from due to given.
    hours: Vec<f64>,
}

/// One thing due, or one stray dose, of one patient.
#[derive(Debug)]
struct Line {
    patient: String,
    rule: String,
    what: String,
    day: f64,
    outcome: String,
    hours: Option<f64>,
}

impl Row<'_> {
    const fn asked(&self) -> u64 {
        self.in_time + self.late + self.not_given + self.lapsed + self.open
    }
}

impl<'p> AdherenceReport<'p> {
    /// A report on these plans, without any patient.
    pub fn new(plans: impl IntoIterator<Item = &'p Protocol>) -> Self {
        let table = |protocol| PlanTable {
            protocol,
            applies: [0; 3],
            outside: 0,
            rows: BTreeMap::new(),
            strays: BTreeMap::new(),
            lines: Vec::new(),
        };
        Self { patients: 0, infusion_assumed: 0, plans: plans.into_iter().map(table).collect(), exposures: Vec::new() }
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
        self.exposures.push((record.patient.id.clone(), Exposure::of(record)));
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

impl<'p> PlanTable<'p> {
    fn add(&mut self, number: u64, patient: &str, applies: &Applies, adherence: &Adherence<'p>) {
        let place = match applies.truth {
            Truth::Yes => 0,
            Truth::Unknown => 1,
            Truth::No => 2,
        };
        if let Some(count) = self.applies.get_mut(place) {
            *count += 1;
        }
        self.outside += u64::from(applies.truth == Truth::Yes && !applies.text.is_empty());
        for asked in &adherence.asked {
            let order = self.protocol.rules.iter().position(|r| r.get_ref().id == asked.rule.id).unwrap_or(usize::MAX);
            let row = self.rows.entry((order, asked.what.clone())).or_insert_with(|| Row {
                rule: asked.rule,
                what: asked.what.clone(),
                patients: BTreeSet::new(),
                in_time: 0,
                late: 0,
                not_given: 0,
                lapsed: 0,
                open: 0,
                hours: Vec::new(),
            });
            row.patients.insert(number);
            let hours = match asked.outcome {
                Outcome::InTime { after } => {
                    row.in_time += 1;
                    Some(after.hours())
                }
                Outcome::Late { after } => {
                    row.late += 1;
                    Some(after.hours())
                }
                Outcome::Lapsed => {
                    row.lapsed += 1;
                    None
                }
                Outcome::NotGiven => {
                    row.not_given += 1;
                    None
                }
                Outcome::Open => {
                    row.open += 1;
                    None
                }
            };
            row.hours.extend(hours);
            self.lines.push(Line {
                patient: patient.to_owned(),
                rule: asked.rule.id.clone(),
                what: asked.what.clone(),
                day: asked.since.days(),
                outcome: asked.outcome.name().to_owned(),
                hours,
            });
        }
        for stray in &adherence.strays {
            let (kind, outcome) = match &stray.why {
                Why::WithoutRule => ("without a rule", "given without a rule".to_owned()),
                Why::PerhapsARule => ("perhaps by a rule", "given; a rule cannot be excluded".to_owned()),
                Why::AgainstLimit(limit) => ("against a limit", format!("given against the limit {limit}")),
            };
            *self.strays.entry((stray.what.clone(), kind)).or_default() += 1;
            let (rule, what, day) = (String::new(), stray.what.clone(), stray.at.days());
            self.lines.push(Line { patient: patient.to_owned(), rule, what, day, outcome, hours: None });
        }
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
}

fn given(exposures: &[(String, Exposure)], of: impl Fn(&Exposure) -> Amounts) -> Given {
    let all: Vec<Amounts> = exposures.iter().map(|(_, e)| of(e)).filter(|a| a.doses > 0).collect();
    let whole = |a: &&Amounts| a.unstated == 0 && a.unweighed == 0;
    Given {
        patients: all.len(),
        doses: all.iter().map(|a| a.doses).sum(),
        per_kg: all.iter().filter(whole).map(|a| a.mg_per_kg).collect(),
        unstated: all.iter().map(|a| a.unstated).sum(),
        unweighed: all.iter().map(|a| a.unweighed).sum(),
    }
}
