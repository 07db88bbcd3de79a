//! How far scales agree on the peak grade of the same patients.

mod comparison;
mod csv;
mod json;
mod peak;
mod reported;
mod rule;
mod text;

pub use comparison::{Agreement, Comparison, Disagreement, KappaEstimate, RulePair, Side};

use crate::figure;
use barograph_grading::{Grade, Graded};
use barograph_record::Record;
use barograph_statistics::Bootstrap;
use comparison::Gathered;
use peak::Peak;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A cohort under comparison. Patients are taken one by one; kept of each are its peak grades, and
/// what decided where two scales differ.
#[derive(Clone, Debug)]
pub struct Concordance {
    scales: Vec<Scale>,
    bootstrap: Bootstrap,
    patients: u64,
    /// Patients by the peak grade on each scale.
    profiles: BTreeMap<Vec<Option<Grade>>, u64>,
    /// By pair of scales, in the order of [`pairs`].
    compared: Vec<Gathered>,
    /// Derived against reported, by scale.
    reported: Vec<Gathered>,
    left_out: LeftOut,
}

/// One of the scales compared.
#[derive(Clone, Debug)]
struct Scale {
    id: String,
    /// The policy of the first result met; results under another are left out.
    policy: Option<String>,
}

/// What could not be used, by reason in words, with how often.
#[derive(Clone, Debug, Default)]
struct LeftOut(BTreeMap<String, u64>);

impl LeftOut {
    /// Words come from the input, so only so many different ones are kept apart.
    const MOST: usize = 100;

    fn count(&mut self, what: String) {
        let known = self.0.contains_key(&what) || self.0.len() < Self::MOST;
        *self.0.entry(if known { what } else { "further reasons".to_owned() }).or_default() += 1;
    }
}

/// Every pair of scales by index, the first before the second.
fn pairs(scales: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..scales).flat_map(move |i| (i + 1..scales).map(move |j| (i, j)))
}

impl Concordance {
    /// A comparison of these scales, in this order; a repeated id counts once.
    pub fn new(scale_ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut scales: Vec<Scale> = Vec::new();
        for id in scale_ids.into_iter().map(Into::into) {
            if scales.iter().all(|s| s.id != id) {
                scales.push(Scale { id, policy: None });
            }
        }
        let n = scales.len();
        Self {
            scales,
            bootstrap: Bootstrap::default(),
            patients: 0,
            profiles: BTreeMap::new(),
            compared: vec![Gathered::default(); pairs(n).count()],
            reported: vec![Gathered::default(); n],
            left_out: LeftOut::default(),
        }
    }

    /// The same comparison with another number of resamples, seed or confidence.
    #[must_use]
    pub fn with_bootstrap(self, bootstrap: Bootstrap) -> Self {
        Self { bootstrap, ..self }
    }

    /// Takes one patient with all its results.
    pub fn add(&mut self, record: &Record, graded: &[Graded]) {
        self.patients += 1;
        let peaks = self.peaks(graded);
        for ((i, j), gathered) in pairs(peaks.len()).zip(&mut self.compared) {
            let [first, second] = [i, j].map(|i| peaks.get(i).and_then(Option::as_ref));
            gathered.count(first.map(|p| p.grade), second.map(|p| p.grade));
            if let (Some(first), Some(second)) = (first, second) {
                gathered.keep(rule::between(record, first, second));
            }
        }
        let ids: Vec<&str> = self.scales.iter().map(|s| s.id.as_str()).collect();
        let stated = reported::highest(record, &ids, &mut self.left_out);
        for ((peak, stated), gathered) in peaks.iter().zip(stated).zip(&mut self.reported) {
            let (peak, stated) = (peak.as_ref(), stated.as_ref());
            if stated.is_some() && peak.is_some_and(Peak::rests_on_report) {
                gathered.count_circular();
                continue;
            }
            gathered.count(peak.map(|p| p.grade), stated.map(|s| Grade::exactly(s.grade)));
            if let (Some(peak), Some(stated)) = (peak, stated) {
                gathered.keep(rule::against_report(record, peak, stated));
            }
        }
        *self.profiles.entry(peaks.iter().map(|p| p.as_ref().map(|p| p.grade)).collect()).or_default() += 1;
    }

    /// The peak on each scale; everything else is counted as left out.
    fn peaks<'g>(&mut self, graded: &'g [Graded]) -> Vec<Option<Peak<'g>>> {
        let mut peaks: Vec<Option<Peak<'g>>> = self.scales.iter().map(|_| None).collect();
        for result in graded {
            let index = self.scales.iter().position(|s| s.id == result.scale);
            let (Some(scale), Some(peak)) = (index.and_then(|i| self.scales.get_mut(i)), index.and_then(|i| peaks.get_mut(i))) else {
                self.left_out.count(format!("results of {}, which is not among the scales compared", result.scale));
                continue;
            };
            let policy = scale.policy.get_or_insert_with(|| result.policy.clone());
            if *policy != result.policy {
                self.left_out.count(format!("results of {} under policy {}, where others are under {policy}", scale.id, result.policy));
            } else if peak.is_some() {
                self.left_out.count(format!("second results of {} for the same patient", scale.id));
            } else {
                *peak = Some(Peak::of(result));
            }
        }
        peaks
    }

    /// Estimates everything.
    pub fn finish(self) -> Report {
        let highest = self.profiles.keys().flatten().flatten().map(|g| g.ceiling()).fold(5, u8::max);
        let reach = usize::from(highest) + 1;
        let name = |i: usize| self.scales.get(i).map_or_else(String::new, |s| s.id.clone());
        let compared = pairs(self.scales.len()).zip(self.compared).zip(0..);
        let comparisons = compared
            .map(|(((i, j), gathered), stream)| Comparison::new([name(i), name(j)], gathered, reach, &self.bootstrap, stream))
            .collect();
        let reported = self.scales.iter().zip(self.reported).zip(1 << 32..);
        let reported = reported
            .map(|((scale, gathered), stream)| {
                let names = [scale.id.clone(), format!("reported {}", scale.id)];
                Comparison::new(names, gathered, reach, &self.bootstrap, stream)
            })
            .collect();
        Report {
            patients: self.patients,
            scales: self.scales.into_iter().map(|s| (s.id, s.policy)).collect(),
            bootstrap: self.bootstrap,
            comparisons,
            reported,
            left_out: self.left_out.0.into_iter().collect(),
            profiles: self.profiles,
        }
    }
}

/// What the comparison found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Patients taken.
    pub patients: u64,
    /// Scales compared, each with its policy; `None` where it graded nobody.
    pub scales: Vec<(String, Option<String>)>,
    /// How intervals were resampled.
    pub bootstrap: Bootstrap,
    /// Every pair of scales.
    pub comparisons: Vec<Comparison>,
    /// Derived against reported grades, scale by scale.
    pub reported: Vec<Comparison>,
    /// What could not be used and how often, by reason.
    pub left_out: Vec<(String, u64)>,
    /// Patients by the peak grade on each scale, in the order of `scales`.
    pub profiles: BTreeMap<Vec<Option<Grade>>, u64>,
}

impl Report {
    /// Tables for the terminal.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        text::write(out, self)
    }

    /// One JSON object with everything.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        json::write(out, self)
    }

    /// One row per pair and cell: patients by floor and ceiling on either side, as charting programs read flows.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        csv::cells(out, self)
    }

    /// One row per pair: agreement and kappas with their intervals.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_agreement_csv(&self, out: &mut impl Write) -> io::Result<()> {
        csv::agreement(out, self)
    }

    /// One row per pair and patient whose certain grades differ, with the deciding rules and facts.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_disagreements_csv(&self, out: &mut impl Write) -> io::Result<()> {
        csv::disagreements(out, self)
    }

    /// The cross-table of a pair as an SVG figure: patients and row percentages.
    pub fn heat_map(&self, pair: &Comparison) -> String {
        figure::heat_map(pair, self.bootstrap.confidence.level())
    }

    /// The patients' grades from scale to scale as an SVG figure.
    pub fn alluvial(&self) -> String {
        let ids: Vec<&str> = self.scales.iter().map(|(id, _)| id.as_str()).collect();
        figure::alluvial(&ids, &self.profiles)
    }
}
