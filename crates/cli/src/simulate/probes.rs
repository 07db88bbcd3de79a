//! The facts that need an experiment: the same children, treated one way and another.

use super::cohort::{Fate, simulate_all, survivors};
use super::fact::Fact;
use super::facts::{median, quantile};
use crate::failure::Failure;
use barograph_dynamics::child::{AtTimes, Child, ChildModel, Course, Drug, NoteValue, Options, Order, Summary, Treatment, Untreated};
use barograph_dynamics::{Model, Problem, Settings};
use barograph_grading::Policy;
use barograph_record::Signal;

/// Children that an experiment takes.
const ARM: usize = 200;

pub(super) fn all(model: &ChildModel, children: &[Child], fates: &[Fate], policy: &Policy) -> Result<Vec<Fact>, Failure> {
    let typical: Vec<Child> = children.iter().filter(|c| (5.0..60.0).contains(&c.burden_percent)).take(ARM).cloned().collect();
    let lab = Laboratory { model };
    let plain = lab.summaries(&typical, |_| Untreated);
    Ok(vec![
        lab.expansion_under_tocilizumab(fates),
        lab.expansion_under_steroids(&typical, &plain),
        lab.chance_of_cure(&typical)?,
        lab.other_blockades(&typical, &plain),
        lab.off_switch(&typical, &plain),
        lab.endothelium(&typical, policy)?,
        tocilizumab_kinetics()?,
        lab.nothing_without(&typical)?,
    ])
}

struct Laboratory<'a> {
    model: &'a ChildModel,
}

fn every(from: f64, step: f64, count: u32, order: Order) -> AtTimes {
    AtTimes::new((0..count).map(|i| (from + step * f64::from(i), order)).collect())
}

/// A quotient child by child, and its mean.
fn quotients(a: &[Summary], b: &[Summary], of: impl Fn(&Summary) -> Option<f64>) -> Vec<f64> {
    a.iter().zip(b).filter_map(|(a, b)| Some(of(a)? / of(b)?)).filter(|x| x.is_finite()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

impl Laboratory<'_> {
    fn courses<T: Treatment, R: Send>(
        &self,
        children: &[Child],
        days: f64,
        rule: impl Fn(&Child) -> T + Sync,
        keep: impl Fn(Course) -> R + Sync,
    ) -> Vec<R> {
        let options = Options { days, ..Options::default() };
        survivors(simulate_all(self.model, &options, children, rule, keep))
    }

    fn summaries<T: Treatment>(&self, children: &[Child], rule: impl Fn(&Child) -> T + Sync) -> Vec<Summary> {
        self.courses(children, 42.0, rule, |course| course.summary)
    }

    /// F9: those whom the trials' care treated, with and without their doses.
    fn expansion_under_tocilizumab(&self, fates: &[Fate]) -> Fact {
        let treated: Vec<&Fate> = fates.iter().filter(|f| !f.tocilizumab.is_empty()).take(ARM).collect();
        let children: Vec<Child> = treated.iter().map(|f| f.child.clone()).collect();
        let days: Vec<(u64, Vec<f64>)> = treated.iter().map(|f| (f.child.number, f.tocilizumab.clone())).collect();
        let doses = |child: &Child| {
            let given = days.iter().find(|(number, _)| *number == child.number).map_or(&[][..], |(_, days)| days);
            AtTimes::new(given.iter().map(|day| (*day, Order::tocilizumab(child.weight_kg))).collect())
        };
        let (with, without) = (self.summaries(&children, doses), self.summaries(&children, |_| Untreated));
        let changes = quotients(&with, &without, |s| Some(s.area));
        Fact::new("F9", "tocilizumab and the area of CAR-T to day 28", "Stein 2019: no significant effect; found")
            .check("mean change under the prior", mean(&changes) - 1.0, -0.10, 0.25)
            .told("5th percentile", quantile(changes.iter().copied(), 0.05) - 1.0)
            .told("95th percentile", quantile(changes.iter().copied(), 0.95) - 1.0)
    }

    fn expansion_under_steroids(&self, children: &[Child], plain: &[Summary]) -> Fact {
        let dexamethasone = |child: &Child| Order::dexamethasone(child.weight_kg);
        let short = self.summaries(children, |c| every(4.0, 0.25, 16, dexamethasone(c)));
        let long = self.summaries(children, |c| every(3.0, 0.25, 40, dexamethasone(c)));
        let rate = |s: &Summary| Some((s.daily.get(8)? / s.daily.get(4)?).ln());
        Fact::new("F10", "steroids and CAR-T", "Stein 2019: F_ster 1.0; found, long courses assumed")
            .check(
                "median rate of expansion, 4 d of dexamethasone against none",
                median(quotients(&short, plain, rate).into_iter()),
                0.85,
                1.15,
            )
            .check("median area, 10 d against none (direction)", median(quotients(&long, plain, |s| Some(s.area)).into_iter()), 0.3, 1.0)
    }

    /// Twins of each child differ in chance alone; CD19 is not lost here, as in Kimmel's model.
    fn chance_of_cure(&self, children: &[Child]) -> Result<Fact, Failure> {
        let places = [self.model.model().parameter("f_neg")?, self.model.model().parameter("mu")?];
        let (mut open, mut total, mut last) = (0, 0, Vec::new());
        // The latest tenth is that of few children, so many are taken.
        let (some, each) = (ARM, 8_u32);
        for child in children.iter().take(some) {
            let mut child = child.clone();
            for place in places {
                child.parameters[place] = 0.0;
            }
            let twins: Vec<Child> = (0..each).map(|r| child.clone().replicate(1 + r)).collect();
            let ends = self.courses(&twins, 365.0, |_| Untreated, |course| course.summary.long);
            let cured = ends.iter().filter(|end| end.cured).count();
            total += cured;
            open += usize::from(cured > 0 && cured < ends.len());
            last.extend(ends.iter().filter_map(|end| end.last_cell));
        }
        Ok(Fact::new("F15", "cure is chance, and decided early", "Kimmel 2021; found")
            .check("share of twins cured, CD19 never lost", total as f64 / (some as f64 * f64::from(each)), 0.02, 0.98)
            .check("share of children some of whose twins are cured and some not", open as f64 / some as f64, 0.02, 1.0)
            .check("90th percentile of the day of the last cell", quantile(last.into_iter(), 0.9), 15.0, 85.0))
    }

    /// Children febrile on day 7: charted temperature in the half day before emapalumab, less that of the second day after it.
    fn cooling_by_emapalumab(&self, children: &[Child]) -> f64 {
        let rule = |c: &Child| AtTimes::new(vec![(7.0, Order { drug: Drug::Emapalumab, mg: 6.0 * c.weight_kg })]);
        let falls = self.courses(children, 10.0, rule, |course| {
            let charted = |from: f64, to: f64| {
                let values = course.notes.iter().filter(|n| n.signal == Signal::Temperature && (from..to).contains(&n.at.days()));
                median(values.filter_map(|n| if let NoteValue::Number(t) = n.value { Some(t) } else { None }))
            };
            let before = charted(6.5, 7.0);
            (before >= 38.8).then(|| before - charted(8.0, 9.0))
        });
        median(falls.into_iter().flatten())
    }

    fn other_blockades(&self, children: &[Child], plain: &[Summary]) -> Fact {
        let anakinra = self.summaries(children, |c| every(4.0, 0.25, 40, Order::anakinra(c.weight_kg)));
        let emapalumab = |c: &Child| every(5.0, 3.0, 3, Order { drug: Drug::Emapalumab, mg: 6.0 * c.weight_kg });
        let ema = self.summaries(children, emapalumab);
        let cooler = |a: &[Summary]| median(a.iter().zip(plain).map(|(a, b)| b.temperature.value - a.temperature.value));
        let peaks = |a: &[Summary]| median(quotients(a, plain, |s| Some(s.car_t.value)).into_iter());
        Fact::new("F16", "anakinra and emapalumab", "Urien 2013, Brossard 2025, Front Immunol 2026; found")
            .check("anakinra: IL-6 peak of untreated", median(quotients(&anakinra, plain, |s| Some(s.il6.value)).into_iter()), 0.3, 0.99)
            .check("anakinra: highest temperature lower by, Cel", cooler(&anakinra), 0.01, 1.5)
            .check("anakinra: CAR-T peak of untreated", peaks(&anakinra), 0.9, 1.1)
            .check(
                "emapalumab in febrile children: temperature lower on the second day by, Cel (1.2 published, uncontrolled)",
                self.cooling_by_emapalumab(children),
                0.6,
                1.8,
            )
            .check("emapalumab: CAR-T peak of untreated", peaks(&ema), 0.9, 2.0)
            .check("ferritin: shortest half-life possible, d", std::f64::consts::LN_2 / self.value("k_F"), 3.3, 10.0)
    }

    fn value(&self, parameter: &str) -> f64 {
        self.model.model().parameter(parameter).ok().and_then(|at| self.model.model().typical().get(at).copied()).unwrap_or(f64::NAN)
    }

    fn off_switch(&self, children: &[Child], plain: &[Summary]) -> Fact {
        let dose = |c: &Child| Order { drug: Drug::Dasatinib, mg: 3.5 * c.weight_kg };
        let held = self.summaries(children, |c| every(5.0, 0.25, 13, dose(c)));
        let growth = |from: usize| move |s: &Summary| Some(s.daily.get(from + 2)? / s.daily.get(from)?);
        let during = median(held.iter().filter_map(growth(6)));
        let untreated = median(plain.iter().filter_map(growth(6)));
        Fact::new("F17", "dasatinib is an off switch", "Mestermann 2019; found")
            .check("CAR-T on day 8 of day 6, drug running", during, 0.3, 1.1)
            .told("the same untreated", untreated)
            .check(
                "CAR-T peak after the drug, of untreated",
                median(quotients(&held, plain, |s| Some(s.car_t.value)).into_iter()),
                0.7,
                1.4,
            )
    }

    /// F18: the same children with an endothelium that is activated before.
    fn endothelium(&self, children: &[Child], policy: &Policy) -> Result<Fact, Failure> {
        let place = self.model.model().parameter("V0")?;
        let raised: Vec<Child> = children
            .iter()
            .map(|child| {
                let mut child = child.clone();
                child.parameters[place] = 0.15;
                child
            })
            .collect();
        let grades = |children: &[Child]| {
            let all = self.courses(children, 42.0, |_| Untreated, |course| f64::from(Fate::of(&course, policy).astct));
            mean(&all)
        };
        let (before, after) = (grades(children), grades(&raised));
        Ok(Fact::new("F18", "endothelium activated before predicts CRS", "Hay 2017; found").check(
            "mean ASTCT grade higher by (activation 0.15 against the child's own)",
            after - before,
            0.05,
            2.0,
        ))
    }

    fn nothing_without(&self, children: &[Child]) -> Result<Fact, Failure> {
        let some: Vec<Child> = children.iter().take(40).cloned().collect();
        let with = |changes: &[(&str, f64)]| -> Result<Vec<Summary>, Failure> {
            let mut changed = some.clone();
            for (name, value) in changes {
                let place = self.model.model().parameter(name)?;
                for child in &mut changed {
                    child.parameters[place] = *value;
                }
            }
            Ok(self.summaries(&changed, |_| Untreated))
        };
        let no_cells = with(&[("dose", 0.0)])?;
        let no_antigen = with(&[("burden", 0.0), ("w_B", 0.0)])?;
        let grew = no_cells.iter().zip(&some).all(|(s, c)| s.long.residual * 100.0 > c.burden_percent.min(90.0));
        let calm = |all: &[Summary]| all.iter().all(|s| s.temperature.value < 38.0);
        Ok(Fact::new("F20", "mass balance", "by construction")
            .holds("no CAR-T: leukaemia grows", grew)
            .holds("no CAR-T: no fever", calm(&no_cells))
            .holds("no antigen: CAR-T fade", no_antigen.iter().all(|s| s.daily.get(28).is_some_and(|c| *c < 0.5 * s.car_t.value)))
            .holds("no antigen: no fever", calm(&no_antigen)))
    }
}

/// F19: the kinetics that the child's are taken from, against the label.
fn tocilizumab_kinetics() -> Result<Fact, Failure> {
    let fact = Fact::new("F19", "tocilizumab against the label", "Frey 2010, label; found");
    let model = Model::named("tocilizumab-frey-2010")?;
    // An adult woman of 70 kg, 8 mg/kg every four weeks, fourth interval; a child of 25 kg, 12 mg/kg every two weeks, eighth interval.
    let course = |weight: f64, female: f64, mg: f64, every: f64, interval: u32| -> Result<(f64, f64, f64), Failure> {
        let mut problem = Problem::new(&model).with("WT", weight)?.with("female", female)?;
        for i in 0..=interval {
            problem = problem.infusion("A1", every * f64::from(i), mg, 1.0 / 24.0)?;
        }
        let from = every * f64::from(interval);
        let steps = 2000;
        let times = (0..=steps).map(|i| from + every * f64::from(i) / f64::from(steps)).collect();
        let level = problem.solve(&Settings::new(times))?.output("tocilizumab")?;
        let step = every / f64::from(steps);
        let area: f64 = level.windows(2).map(|w| 0.5 * (w[0] + w[1]) * step).sum();
        let peak = level.iter().copied().fold(0.0, f64::max);
        // mg/L x d to ug/mL x h.
        Ok((24.0 * area, peak, level.last().copied().unwrap_or(f64::NAN)))
    };
    let (area, _, _) = course(70.0, 1.0, 560.0, 28.0, 4)?;
    let (_, peak, trough) = course(25.0, 0.0, 300.0, 14.0, 8)?;
    Ok(fact
        .check("adult, 8 mg/kg q4w: area, ug/mL x h", area, 35_000.0 * 0.9, 35_000.0 * 1.1)
        .check("child of 25 kg, 12 mg/kg q2w: trough, mg/L", trough, 57.5 - 23.3, 57.5 + 23.3)
        .check("the same: peak, mg/L", peak, 245.0 - 57.2, 245.0 + 57.2))
}
