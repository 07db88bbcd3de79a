//! One JSON object with everything; keys stand in a fixed order. What is not defined has its reason in words.

use super::{Comparison, KappaEstimate, Report, Side};
use barograph_grading::Grade;
use barograph_statistics::{CrossTable, Interval, NotDefined};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Whole<'a> {
    patients: u64,
    scales: Vec<ScaleEntry<'a>>,
    confidence: f64,
    resampling: Resampling,
    comparisons: Vec<Pair<'a>>,
    reported: Vec<Pair<'a>>,
    profiles: Vec<Profile>,
    left_out: Vec<LeftOut<'a>>,
}

#[derive(Serialize)]
struct ScaleEntry<'a> {
    id: &'a str,
    policy: Option<&'a str>,
}

#[derive(Serialize)]
struct Resampling {
    replicates: u32,
    seed: u64,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    what: &'a str,
    n: u64,
}

/// Patients who share their grades on every scale, in the order of `scales`; null where one did not grade them.
#[derive(Serialize)]
struct Profile {
    grades: Vec<Option<Bounds>>,
    patients: u64,
}

#[derive(Serialize)]
struct Bounds {
    floor: u8,
    ceiling: u8,
}

#[derive(Serialize)]
struct Pair<'a> {
    first: &'a str,
    second: &'a str,
    n: u64,
    not_graded: [u64; 2],
    circular: u64,
    by_floor: Vec<Vec<u64>>,
    exact: Vec<Vec<u64>>,
    agreement: Counts,
    kappas: Vec<KappaEntry>,
    rule_pairs: Vec<Rules<'a>>,
    disagreements: Vec<Parted<'a>>,
}

#[derive(Serialize)]
struct Counts {
    exact_n: u64,
    open_first_only: u64,
    open_second_only: u64,
    open_both: u64,
    same: u64,
    first_higher: u64,
    second_higher: u64,
    undecided: u64,
    same_of_exact: Maybe<f64>,
    same_of_exact_interval: Maybe<[f64; 2]>,
    same_of_all_bounds: Maybe<[f64; 2]>,
}

/// A value, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Maybe<T> {
    Value(T),
    Not { not_defined_because: String },
}

impl<T> From<Result<T, NotDefined>> for Maybe<T> {
    fn from(found: Result<T, NotDefined>) -> Self {
        match found {
            Ok(value) => Self::Value(value),
            Err(why) => Self::Not { not_defined_because: why.to_string() },
        }
    }
}

#[derive(Serialize)]
struct KappaEntry {
    weights: &'static str,
    n: u64,
    kappa: Maybe<f64>,
    standard_error: Maybe<f64>,
    interval: Maybe<[f64; 2]>,
    resampled_interval: Maybe<[f64; 2]>,
    undefined_resamples: Option<u32>,
}

#[derive(Serialize)]
struct Rules<'a> {
    first: RuleEntry<'a>,
    second: RuleEntry<'a>,
    patients: u64,
    certain: u64,
}

#[derive(Serialize)]
struct RuleEntry<'a> {
    floor: u8,
    rule: &'a str,
}

#[derive(Serialize)]
struct Parted<'a> {
    patient: &'a str,
    certain: bool,
    first: SideEntry<'a>,
    second: SideEntry<'a>,
}

#[derive(Serialize)]
struct SideEntry<'a> {
    floor: u8,
    ceiling: u8,
    rule: &'a str,
    facts: &'a [String],
}

pub(super) fn write(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let whole = Whole {
        patients: report.patients,
        scales: report.scales.iter().map(|(id, policy)| ScaleEntry { id, policy: policy.as_deref() }).collect(),
        confidence: report.bootstrap.confidence.level(),
        resampling: Resampling { replicates: report.bootstrap.replicates, seed: report.bootstrap.seed },
        comparisons: report.comparisons.iter().map(|c| pair(c, report)).collect(),
        reported: report.reported.iter().map(|c| pair(c, report)).collect(),
        profiles: report.profiles.iter().map(|(grades, n)| profile(grades, *n)).collect(),
        left_out: report.left_out.iter().map(|(what, n)| LeftOut { what, n: *n }).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    out.write_all(b"\n")
}

fn profile(grades: &[Option<Grade>], patients: u64) -> Profile {
    let bounds = |g: &Option<Grade>| g.map(|g| Bounds { floor: g.floor(), ceiling: g.ceiling() });
    Profile { grades: grades.iter().map(bounds).collect(), patients }
}

fn ends(i: Interval) -> [f64; 2] {
    [i.lower, i.upper]
}

fn rows(table: &CrossTable) -> Vec<Vec<u64>> {
    let k = table.categories();
    (0..k).map(|i| (0..k).map(|j| table.count(i, j)).collect()).collect()
}

fn pair<'a>(c: &'a Comparison, report: &Report) -> Pair<'a> {
    let a = &c.agreement;
    let [open_first_only, open_second_only, open_both] = a.open;
    Pair {
        first: &c.first,
        second: &c.second,
        n: a.n,
        not_graded: c.absent,
        circular: c.circular,
        by_floor: rows(&c.by_floor),
        exact: rows(&c.exact),
        agreement: Counts {
            exact_n: a.exact,
            open_first_only,
            open_second_only,
            open_both,
            same: a.same,
            first_higher: a.first_higher,
            second_higher: a.second_higher,
            undecided: a.undecided,
            same_of_exact: a.on_exact().into(),
            same_of_exact_interval: a.interval(&report.bootstrap).map(ends).into(),
            same_of_all_bounds: a.bounds().map(ends).into(),
        },
        kappas: c.kappas.iter().map(|k| kappa(k, a.exact)).collect(),
        rule_pairs: c.rule_pairs.iter().map(rules).collect(),
        disagreements: c.disagreements.iter().map(parted).collect(),
    }
}

fn kappa(k: &KappaEstimate, n: u64) -> KappaEntry {
    KappaEntry {
        weights: k.weights.name(),
        n,
        kappa: k.kappa.map(|k| k.estimate).into(),
        standard_error: k.kappa.and_then(|k| k.standard_error).into(),
        interval: k.interval.map(ends).into(),
        resampled_interval: k.resampled.map(|r| ends(r.interval)).into(),
        undefined_resamples: k.resampled.ok().map(|r| r.undefined),
    }
}

fn rules(pair: &super::RulePair) -> Rules<'_> {
    let ([f, g], [r, s]) = (pair.floors, &pair.rules);
    Rules {
        first: RuleEntry { floor: f, rule: r },
        second: RuleEntry { floor: g, rule: s },
        patients: pair.patients,
        certain: pair.certain,
    }
}

fn parted(d: &super::Disagreement) -> Parted<'_> {
    Parted { patient: &d.patient, certain: d.is_certain(), first: side(&d.first), second: side(&d.second) }
}

fn side(s: &Side) -> SideEntry<'_> {
    SideEntry { floor: s.grade.floor(), ceiling: s.grade.ceiling(), rule: &s.rule, facts: &s.facts }
}
