//! Rounding a dose to what a pharmacy can draw up.

use super::arithmetic::{Dose, number};
use super::rule::{Amount, Product};
use super::settings::{Rounding, Settings};

/// Vials of one size that are tried at most.
const MOST_VIALS: u32 = 20;

/// Rounds a dose and says so; what cannot be rounded stays as it is.
pub(super) fn apply(dose: &mut Dose, product: &Product, max: Option<f64>, settings: &Settings) {
    let max = max.unwrap_or(f64::INFINITY);
    match settings.rounding {
        Rounding::None => {}
        Rounding::Measurable => measurable(dose, product, max),
        Rounding::Vial => vials(dose, product, max, settings.most_vial_change),
    }
}

fn measurable(dose: &mut Dose, product: &Product, max: f64) {
    let (Some(per_ml), Some(step)) = (product.per_ml, product.measurable_ml) else { return };
    if !(per_ml > 0.0 && step > 0.0) {
        return;
    }
    let round = |x: f64| {
        let steps = (x / per_ml / step).round();
        // Never over the maximum for the sake of a round number.
        let steps = if steps * step * per_ml > max { (max / per_ml / step).floor() } else { steps };
        steps * step * per_ml
    };
    let rounded = Amount { low: round(dose.amount.low), high: round(dose.amount.high) };
    let ml = |x: f64| number(x / per_ml);
    let volume = if rounded.is_range() { format!("{} to {}", ml(rounded.low), ml(rounded.high)) } else { ml(rounded.high) };
    dose.amount = rounded;
    let shown = dose.shown();
    dose.arithmetic.push(format!("rounded to {} mL of {} {}/mL: {volume} mL = {shown}", number(step), number(per_ml), dose.unit));
}

fn vials(dose: &mut Dose, product: &Product, max: f64, most: f64) {
    // A range is no number of vials.
    if dose.amount.is_range() {
        return;
    }
    let target = dose.amount.high;
    let mut sizes: Vec<f64> = product.vials.iter().copied().filter(|v| v.is_finite() && *v > 0.0).take(4).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let mut best: Option<(f64, Vec<u32>)> = None;
    search(&sizes, target, max, 0.0, &mut Vec::new(), &mut best);
    let Some((total, counts)) = best.filter(|(total, _)| *total > 0.0) else { return };
    let used = counts.iter().zip(&sizes).filter(|(n, _)| **n > 0);
    let list: Vec<String> = used.map(|(n, size)| format!("{n} x {} {}", number(*size), dose.unit)).collect();
    let change = 100.0 * (total / target - 1.0);
    if (total / target - 1.0).abs() > most {
        let text = format!("not rounded to whole vials: {} {} is the nearest, {change:+.1} %", number(total), dose.unit);
        dose.arithmetic.push(text);
        return;
    }
    dose.amount = Amount::exactly(total);
    let shown = dose.shown();
    dose.arithmetic.push(format!("rounded to whole vials: {} = {shown} ({change:+.1} %)", list.join(" + ")));
}

/// Tries every number of each size; the nearest total wins, the smaller of two as near, then fewer vials.
fn search(sizes: &[f64], target: f64, max: f64, sum: f64, counts: &mut Vec<u32>, best: &mut Option<(f64, Vec<u32>)>) {
    let Some((size, rest)) = sizes.split_first() else {
        let key = |total: f64, counts: &[u32]| ((total - target).abs(), total, f64::from(counts.iter().sum::<u32>()));
        let better = best.as_ref().is_none_or(|(total, c)| key(sum, counts) < key(*total, c));
        if better && sum <= max {
            *best = Some((sum, counts.clone()));
        }
        return;
    };
    for n in 0..=MOST_VIALS {
        let with = sum + f64::from(n) * size;
        counts.push(n);
        search(rest, target, max, with, counts, best);
        counts.pop();
        if with >= target {
            break;
        }
    }
}
