//! Two gradings of the same patients.

use barograph_grading::Grade;
use barograph_statistics::{Bootstrap, CrossTable, Interval, Kappa, NotDefined, Resampled, Weights, wilson};
use std::collections::BTreeMap;

/// Two gradings set against each other: two scales, or derived and reported grades of one.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// First grading: the rows.
    pub first: String,
    /// Second grading: the columns; "reported …" where it was stated by somebody.
    pub second: String,
    /// Patients without a grade on the first and on the second side.
    pub absent: [u64; 2],
    /// Patients left out because the derived grade was itself taken from the report.
    pub circular: u64,
    /// Patients by both peak grades, each from floor to ceiling.
    pub tally: BTreeMap<(Grade, Grade), u64>,
    /// Cross-table of all patients compared, by certain grade (floor).
    pub by_floor: CrossTable,
    /// Cross-table of the patients whose grade is exact on both sides.
    pub exact: CrossTable,
    /// Agreement in counts.
    pub agreement: Agreement,
    /// Agreement on the exact pairs beyond chance: unweighted, linear, quadratic.
    pub kappas: [KappaEstimate; 3],
    /// Every patient whose certain grades differ.
    pub disagreements: Vec<Disagreement>,
    /// These patients by the rules that decided, the most frequent pair first.
    pub rule_pairs: Vec<RulePair>,
}

/// Agreement in counts of patients.
///
/// Where a grade is not exact, two gradings agree for certain only if both are exact and equal, and differ for certain
/// only if their ranges have no grade in common. In all other patients it is not decided.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Patients graded by both.
    pub n: u64,
    /// Patients whose grade is exact on both sides.
    pub exact: u64,
    /// Patients whose grade is not exact on the first side only, the second only, and on both.
    pub open: [u64; 3],
    /// Patients who certainly have the same grade.
    pub same: u64,
    /// Patients whom the first certainly grades higher.
    pub first_higher: u64,
    /// Patients whom the second certainly grades higher.
    pub second_higher: u64,
    /// Patients in whom it is not decided.
    pub undecided: u64,
}

impl Agreement {
    fn of(tally: &BTreeMap<(Grade, Grade), u64>) -> Self {
        let mut found = Self::default();
        for ((first, second), n) in tally {
            found.n += n;
            let count = match (first.is_exact(), second.is_exact()) {
                (true, true) => &mut found.exact,
                (false, true) => &mut found.open[0],
                (true, false) => &mut found.open[1],
                (false, false) => &mut found.open[2],
            };
            *count += n;
            let count = if first == second && first.is_exact() {
                &mut found.same
            } else if first.floor() > second.ceiling() {
                &mut found.first_higher
            } else if second.floor() > first.ceiling() {
                &mut found.second_higher
            } else {
                &mut found.undecided
            };
            *count += n;
        }
        found
    }

    /// The least and the greatest agreement that the open grades leave possible, as fractions of all patients.
    ///
    /// # Errors
    /// When there are none.
    pub fn bounds(&self) -> Result<Interval, NotDefined> {
        if self.n == 0 {
            return Err(NotDefined::Empty);
        }
        let of_all = |count: u64| count as f64 / self.n as f64;
        Ok(Interval { lower: of_all(self.same), upper: of_all(self.same + self.undecided) })
    }

    /// Agreement among the exact pairs, as a fraction.
    ///
    /// # Errors
    /// When there are none.
    pub fn on_exact(&self) -> Result<f64, NotDefined> {
        if self.exact == 0 { Err(NotDefined::Empty) } else { Ok(self.same as f64 / self.exact as f64) }
    }

    /// Wilson's interval of [`Self::on_exact`].
    ///
    /// # Errors
    /// When there are no exact pairs.
    pub fn interval(&self, bootstrap: &Bootstrap) -> Result<Interval, NotDefined> {
        wilson(self.same, self.exact, bootstrap.confidence)
    }
}

/// A kappa with its large-sample and its resampled interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KappaEstimate {
    /// The weights.
    pub weights: Weights,
    /// Kappa and its standard errors.
    pub kappa: Result<Kappa, NotDefined>,
    /// Large-sample interval.
    pub interval: Result<Interval, NotDefined>,
    /// Percentile interval of resampled patients.
    pub resampled: Result<Resampled, NotDefined>,
}

impl KappaEstimate {
    fn of(table: &CrossTable, weights: Weights, bootstrap: &Bootstrap, stream: u64) -> Self {
        let kappa = Kappa::of(table, weights);
        Self {
            weights,
            kappa,
            interval: kappa.and_then(|k| k.interval(bootstrap.confidence)),
            resampled: bootstrap.of_table(stream, table, |t| Kappa::estimate(t, weights)),
        }
    }
}

/// One side of a disagreement.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The peak grade.
    pub grade: Grade,
    /// The rule that decided, without numbers.
    pub rule: String,
    /// The facts it rests on, with time and source.
    pub facts: Vec<String>,
}

/// A patient whose certain grades differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// The patient's id.
    pub patient: String,
    /// What the first grading says.
    pub first: Side,
    /// What the second says.
    pub second: Side,
}

impl Disagreement {
    /// Whether the gradings differ whatever the open grades turn out to be.
    pub fn is_certain(&self) -> bool {
        let (a, b) = (self.first.grade, self.second.grade);
        a.floor() > b.ceiling() || b.floor() > a.ceiling()
    }
}

/// Patients in whom the same two rules decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePair {
    /// Certain grade on either side.
    pub floors: [u8; 2],
    /// Rule on either side.
    pub rules: [String; 2],
    /// Patients.
    pub patients: u64,
    /// Of these, patients whose grades certainly differ.
    pub certain: u64,
    /// Ids of the first few.
    pub examples: Vec<String>,
}

/// How many ids a rule pair names.
const EXAMPLES: usize = 3;

fn rule_pairs(disagreements: &[Disagreement]) -> Vec<RulePair> {
    let mut found: BTreeMap<([u8; 2], [&str; 2]), RulePair> = BTreeMap::new();
    for d in disagreements {
        let floors = [d.first.grade.floor(), d.second.grade.floor()];
        let rules = [d.first.rule.as_str(), d.second.rule.as_str()];
        let pair = found.entry((floors, rules)).or_insert_with(|| RulePair {
            floors,
            rules: rules.map(str::to_owned),
            patients: 0,
            certain: 0,
            examples: Vec::new(),
        });
        pair.patients += 1;
        pair.certain += u64::from(d.is_certain());
        if pair.examples.len() < EXAMPLES {
            pair.examples.push(d.patient.clone());
        }
    }
    let mut found: Vec<RulePair> = found.into_values().collect();
    found.sort_by_key(|p| std::cmp::Reverse(p.patients));
    found
}

/// What is gathered of a comparison, patient by patient.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    tally: BTreeMap<(Grade, Grade), u64>,
    disagreements: Vec<Disagreement>,
    absent: [u64; 2],
    circular: u64,
}

impl Gathered {
    /// Counts a patient whom both sides may have graded.
    pub(super) fn count(&mut self, first: Option<Grade>, second: Option<Grade>) {
        if let (Some(first), Some(second)) = (first, second) {
            *self.tally.entry((first, second)).or_default() += 1;
        }
        for (absent, grade) in self.absent.iter_mut().zip([first, second]) {
            *absent += u64::from(grade.is_none());
        }
    }

    /// Counts a patient whose derived grade was taken from the report.
    pub(super) fn count_circular(&mut self) {
        self.circular += 1;
    }

    /// Keeps what decided on either side, where the certain grades differ.
    pub(super) fn keep(&mut self, disagreement: Option<Disagreement>) {
        self.disagreements.extend(disagreement);
    }
}

impl Comparison {
    pub(super) fn new([first, second]: [String; 2], gathered: Gathered, categories: usize, bootstrap: &Bootstrap, stream: u64) -> Self {
        let Gathered { tally, disagreements, absent, circular } = gathered;
        let (mut by_floor, mut exact) = (CrossTable::new(categories), CrossTable::new(categories));
        for ((a, b), n) in &tally {
            let both_exact = a.is_exact() && b.is_exact();
            for table in [Some(&mut by_floor), both_exact.then_some(&mut exact)].into_iter().flatten() {
                // The categories reach to the highest grade met, so every cell exists.
                let _ = table.add(usize::from(a.floor()), usize::from(b.floor()), *n);
            }
        }
        let weights = [Weights::Unweighted, Weights::Linear, Weights::Quadratic];
        Self {
            first,
            second,
            absent,
            circular,
            agreement: Agreement::of(&tally),
            kappas: weights.map(|w| KappaEstimate::of(&exact, w, bootstrap, stream)),
            rule_pairs: rule_pairs(&disagreements),
            disagreements,
            tally,
            by_floor,
            exact,
        }
    }
}
