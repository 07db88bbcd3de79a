//! `barograph simulate facts`: the facts F1 to F20, published beside ours.

use super::cohort::{Fate, draw, simulate_all, survivors, trial_policy};
use super::fact::{Fact, markdown};
use super::{figure, probes};
use crate::args::FactsTask;
use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_dynamics::child::{ChildModel, EraStandard, Options, Population, Request};
use std::io::Write as _;

pub(super) fn run(args: &FactsTask) -> Result<(), Failure> {
    let model = ChildModel::new()?;
    let population = Population::named(&args.population)?;
    let policy = trial_policy()?;
    let children = draw(&model, &population, args.seed, 0..args.n, &Request::default())?;
    let year = Options { days: 365.0, ..Options::default() };
    let results = simulate_all(&model, &year, &children, |_| EraStandard::default(), |course| Fate::of(&course, &policy));
    let fates = survivors(results);
    let mut facts = observed(&fates);
    let lowest = fates.iter().map(|f| f.summary.lowest).fold(0.0, f64::min);
    facts.extend(probes::all(&model, &children, &fates, &policy)?);
    facts.sort_by_key(|f| f.id.get(1..).and_then(|n| n.parse::<u32>().ok()));
    let table = format!(
        "{} virtual children of {} drawn from the {} population, seed {}, standard care of the registration trials, one year; lowest value of any state at any time looked at {lowest:.1e}.\n\n{}",
        fates.len(),
        args.n,
        args.population,
        args.seed,
        markdown(&facts)
    );
    if let Some(folder) = &args.figures {
        figure::write(folder, "facts.svg", &figure::facts(&facts))?;
    }
    let failed = failed(args.out.as_deref());
    let mut out = open(args.out.as_deref())?;
    out.write_all(table.as_bytes()).and_then(|()| out.flush()).map_err(failed)
}

pub(super) fn share(fates: &[&Fate], is: impl Fn(&Fate) -> bool) -> f64 {
    fates.iter().filter(|f| is(f)).count() as f64 / fates.len() as f64
}

/// The middle of what is there; NaN where nothing is.
pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

pub(super) fn quantile(values: impl Iterator<Item = f64>, q: f64) -> f64 {
    let mut values: Vec<f64> = values.filter(|x| !x.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let at = q * last as f64;
    let (low, part) = (at.floor() as usize, at.fract());
    let next = values[(low + 1).min(last)];
    if part == 0.0 || next == values[low] { values[low] } else { values[low] + part * (next - values[low]) }
}

/// Spearman's rank correlation; equal values share the mean of their ranks.
fn spearman(pairs: &[(f64, f64)]) -> f64 {
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (x, y) = (ranks(&x), ranks(&y));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    product(&x, &y) / (product(&x, &x) * product(&y, &y)).sqrt()
}

/// Ranks about their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let middle = (values.len() as f64 - 1.0) / 2.0;
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        for at in equal {
            ranks[*at] = first as f64 + (equal.len() as f64 - 1.0) / 2.0 - middle;
        }
        first += equal.len();
    }
    ranks
}

/// The facts that a cohort under standard care shows.
fn observed(fates: &[Fate]) -> Vec<Fact> {
    let all: Vec<&Fate> = fates.iter().collect();
    let (kinetics, outcome) = (kinetics(&all), outcome(&all));
    kinetics.into_iter().chain(severity(&all)).chain(blockade(&all)).chain(outcome).collect()
}

fn kinetics(all: &[&Fate]) -> Vec<Fact> {
    let of = |f: &dyn Fn(&Fate) -> f64| median(all.iter().map(|x| f(x)));
    let remission = |yes: bool| all.iter().filter(move |f| f.summary.long.remission == yes);
    let ratio = |f: &dyn Fn(&Fate) -> f64| median(remission(true).map(|x| f(x))) / median(remission(false).map(|x| f(x)));
    let dose = |f: &dyn Fn(&Fate) -> f64| spearman(&all.iter().map(|x| (x.child.cells_per_kg, f(x))).collect::<Vec<_>>());
    let grade = |penn: &dyn Fn(u8) -> bool| median(all.iter().filter(|f| penn(f.penn)).map(|f| f.summary.car_t.value));
    let by_grade = [grade(&|g| g == 0), grade(&|g| (1..3).contains(&g)), grade(&|g| g == 3), grade(&|g| g >= 4)];
    let rising = by_grade.windows(2).all(|w| w[0] < w[1]);
    vec![
        Fact::new("F1", "typical kinetics", "Stein 2019; found")
            .check("median peak transgene, copies/ug", of(&|f| f.summary.car_t.value), 24_000.0 * 0.65, 24_000.0 * 1.35)
            .check("median day of peak", of(&|f| f.summary.car_t.day), 7.8, 10.8)
            .check("median doubling time, d", of(&|f| f.summary.doubling().unwrap_or(f64::NAN)), 0.68, 0.88)
            .check("median half-life of contraction, d", of(&|f| f.summary.contraction().unwrap_or(f64::NAN)), 3.3, 5.3)
            .check("median half-life from day 90 to 360, d", of(&|f| f.summary.persistence().unwrap_or(f64::NAN)), 100.0, f64::INFINITY),
        Fact::new("F2", "responders against others", "Mueller 2018; found")
            .check("ratio of median peaks", ratio(&|f| f.summary.car_t.value), 1.5, 2.2)
            .check("ratio of median areas to day 28", ratio(&|f| f.summary.area), 1.7, 2.6),
        Fact::new("F3", "no trend of exposure with dose", "Mueller 2018; found")
            .check("Spearman, dose a kg with peak", dose(&|f| f.summary.car_t.value), -0.2, 0.2)
            .check("Spearman, dose a kg with area", dose(&|f| f.summary.area), -0.2, 0.2),
        Fact::new("F4", "peak transgene rises with the grade", "Mueller 2018; found")
            .holds("medians rise over Penn 0, 1-2, 3, 4", rising)
            .told("Penn 0", by_grade[0])
            .told("Penn 1-2", by_grade[1])
            .told("Penn 3", by_grade[2])
            .told("Penn 4", by_grade[3]),
    ]
}

fn severity(all: &[&Fate]) -> Vec<Fact> {
    let high: Vec<&Fate> = all.iter().copied().filter(|f| f.child.burden_percent >= 40.0).collect();
    let crs: Vec<&Fate> = all.iter().copied().filter(|f| f.crs()).collect();
    let quiet: Vec<&Fate> = crs.iter().copied().filter(|f| f.tocilizumab.is_empty()).collect();
    let severe: Vec<&Fate> = all.iter().copied().filter(|f| f.penn >= 4).collect();
    let serious: Vec<&Fate> = all.iter().copied().filter(|f| f.penn >= 3).collect();
    let mild: Vec<&Fate> = crs.iter().copied().filter(|f| f.penn <= 2).collect();
    let of = |whom: &[&Fate], f: &dyn Fn(&Fate) -> f64| median(whom.iter().map(|x| f(x)));
    let onset = |f: &Fate| f.onset.unwrap_or(f64::NAN);
    vec![
        Fact::new("F5", "burden >= 40 % on standard care", "clinical reference; found")
            .check("share of Penn >= 2", share(&high, |f| f.penn >= 2), 0.97, 1.0)
            .check("share of Penn 4", share(&high, |f| f.penn >= 4), 0.35, 0.65)
            .told("share of all children", high.len() as f64 / all.len() as f64),
        Fact::new("F11", "timing", "Levine 2021, Mueller 2018; found and recalled")
            .check("median onset, d", of(&crs, &onset), 2.0, 4.0)
            .check("5th percentile of onset, d", quantile(crs.iter().map(|f| onset(f)), 0.05), 0.5, 3.0)
            .check("99th percentile of onset, d", quantile(crs.iter().map(|f| onset(f)), 0.99), 6.0, 22.0)
            .check("median duration, d", of(&crs, &|f| f.duration().unwrap_or(f64::NAN)), 6.0, 10.0)
            .check("median onset at burden >= 40 %, d", of(&high, &onset), 1.5, 3.3)
            .check(
                "IL-6 peak after interferon-gamma peak, d (no tocilizumab)",
                of(&quiet, &|f| f.summary.il6.day - f.summary.ifn_gamma.day),
                -0.25,
                4.0,
            )
            .check(
                "ferritin peak after IL-6 peak, d (no tocilizumab)",
                of(&quiet, &|f| f.summary.ferritin.day - f.summary.il6.day),
                1.0,
                6.0,
            ),
        Fact::new("F12", "incidence, one cohort by two graders", "Levine 2021, Maude 2018; found and recalled")
            .check("any CRS", share(all, Fate::crs), 0.75, 0.81)
            .check("Penn >= 3", share(all, |f| f.penn >= 3), 0.43, 0.52)
            .check("ASTCT >= 3", share(all, |f| f.astct >= 3), 0.10, 0.25)
            .told("Penn 4", share(all, |f| f.penn >= 4))
            .told("ASTCT 4", share(all, |f| f.astct >= 4))
            .told("tocilizumab", share(all, |f| !f.tocilizumab.is_empty()))
            .told("steroid", share(all, |f| f.steroid))
            .told("vasopressor", share(all, |f| f.vasopressor))
            .told("oxygen", share(all, |f| f.oxygen))
            .told("ventilation", share(all, |f| f.ventilated)),
        Fact::new("F13", "laboratory by severity", "Teachey 2016, Davila 2014; recalled")
            .check("median IL-6 peak, Penn 4, pg/mL", of(&severe, &|f| f.summary.il6.value), 1e3, 1e5)
            .check("median CRP peak, Penn 4, mg/L", of(&severe, &|f| f.summary.crp.value), 200.0, f64::INFINITY)
            .check("median ferritin peak, Penn 4, ug/L", of(&severe, &|f| f.summary.ferritin.value), 1e4, f64::INFINITY)
            .check("median interferon-gamma peak, Penn 4, pg/mL", of(&severe, &|f| f.summary.ifn_gamma.value), 1e3, 1e4)
            .check("median IL-6 peak, Penn 1-2, pg/mL", of(&mild, &|f| f.summary.il6.value), 10.0, 500.0)
            .told("median IL-6 peak, Penn >= 3, pg/mL", of(&serious, &|f| f.summary.il6.value)),
    ]
}

fn blockade(all: &[&Fate]) -> Vec<Fact> {
    let treated: Vec<&Fate> = all.iter().copied().filter(|f| f.summary.blockade.is_some()).collect();
    let of =
        |f: &dyn Fn(&barograph_dynamics::child::Blockade) -> f64| median(treated.iter().filter_map(|x| x.summary.blockade.as_ref()).map(f));
    let responders = treated.iter().filter(|f| f.responded() == Some(true)).filter_map(|f| f.summary.blockade.as_ref());
    let cool = responders.clone().filter(|b| b.temperature.is_some_and(|t| t < 38.0)).count() as f64 / responders.count() as f64;
    vec![
        Fact::new("F6", "tocilizumab for severe CRS", "Le 2018; found")
            .check("resolved within 14 d with at most two doses", share(&treated, |f| f.responded() == Some(true)), 0.53, 0.82)
            .told("children treated", treated.len() as f64)
            .told("median days from onset to first dose", median(treated.iter().filter_map(|f| Some(f.tocilizumab.first()? - f.onset?)))),
        Fact::new("F7", "after tocilizumab", "Nishimoto 2008, direction; found, sizes recalled")
            .check("median rise of IL-6 within 24 h", of(&|b| b.il6 / b.before[0]), 2.0, 10.0)
            .check("median CRP after 2 d, of before", of(&|b| b.crp.map_or(f64::NAN, |c| c / b.before[1])), 0.0, 0.5)
            .check("responders below 38 after 2 d", cool, 0.75, 1.0),
        Fact::new("F8", "soluble receptor and occupancy", "Nishimoto 2008; found")
            .check("median rise of the soluble receptor in 10 d", of(&|b| b.receptor / b.before[2]), 2.0, 10.0)
            .check("median serum level where occupancy falls below 99 %, mg/L", of(&|b| b.lost_at.unwrap_or(f64::NAN)), 0.0, 2.0),
    ]
}

fn outcome(all: &[&Fate]) -> Vec<Fact> {
    let responders: Vec<&Fate> = all.iter().copied().filter(|f| f.summary.long.remission).collect();
    let relapsed: Vec<&Fate> = responders.iter().copied().filter(|f| f.summary.long.relapse.is_some()).collect();
    vec![
        Fact::new("F14", "remission and relapse", "Maude 2018, CIBMTR; recalled and found")
            .check("remission on day 28", share(all, |f| f.summary.long.remission), 0.75, 0.90)
            .check("median residual on day 28 in remission", median(responders.iter().map(|f| f.summary.long.residual)), 0.0, 1e-4)
            .check("event-free at 12 months", share(all, |f| f.summary.long.remission && f.summary.long.relapse.is_none()), 0.42, 0.58)
            .check("CD19-negative among relapses", share(&relapsed, |f| f.summary.long.negative), 0.30, 0.50)
            .told("no leukaemic cell left at 12 months", share(all, |f| f.summary.long.cured)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first is the example of the documentation of scipy.stats.spearmanr, the second by hand: 4/√(4 · 5).
    #[test]
    fn equal_values_share_their_rank() {
        let of = |x: &[f64], y: &[f64]| spearman(&x.iter().copied().zip(y.iter().copied()).collect::<Vec<_>>());
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found}, expected {expected}");
        close(of(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 6.0, 7.0, 8.0, 7.0]), 0.820_782_681_668_123_3);
        close(of(&[1.0, 1.0, 2.0, 2.0], &[1.0, 2.0, 3.0, 4.0]), 0.894_427_190_999_916);
        // Half of the doses at the limit: which of them comes first says nothing.
        close(of(&[5.4, 5.4, 5.4, 1.0], &[1.0, 2.0, 3.0, 0.0]), of(&[5.4, 5.4, 5.4, 1.0], &[3.0, 1.0, 2.0, 0.0]));
        assert!(of(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
    }
}
