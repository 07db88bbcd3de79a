//! The scores of one patient as the page draws them: steps of floor and ceiling, and which inputs were missing.

use crate::words;
use barograph_grading::scores::{Point, Score};
use barograph_record::round_significant;
use serde::Serialize;
use std::collections::BTreeSet;

/// Steps of one score above which it is thinned for display.
const MOST_STEPS: usize = 1_500;

/// One score of a patient, for [`PatientView`](super::PatientView).
#[derive(Clone, Debug)]
pub struct ScoreSeries {
    id: String,
    title: String,
    warning: Option<String>,
    points: Vec<Point>,
}

impl ScoreSeries {
    /// A score's values over a record.
    pub fn new(score: &dyn Score, points: Vec<Point>) -> Self {
        Self { id: score.id().to_owned(), title: score.title().to_owned(), warning: score.warning().map(str::to_owned), points }
    }
}

/// `[from, floor, ceiling, unstated]`: the ceiling is null where there is none, what is unstated stands by index.
type Step = (f64, f64, Option<f64>, Vec<usize>);

#[derive(Debug, Serialize)]
pub(super) struct Strip<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'a str>,
    steps: Vec<Step>,
    /// What was unstated in every step, and what in some, by index.
    never: Vec<usize>,
    at_times: Vec<usize>,
    /// Number of steps, when only part is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<usize>,
}

impl<'a> Strip<'a> {
    /// What the page keeps of a score, or nothing where it has no value; `index` finds the place of what is unstated.
    pub(super) fn new(series: &'a ScoreSeries, mut index: impl FnMut(&[&'static str]) -> Vec<usize>) -> Option<Self> {
        let mut steps: Vec<Step> = Vec::new();
        for point in &series.points {
            let ceiling = point.ceiling.is_finite().then(|| round_significant(point.ceiling));
            let step = (words::days(point.at), round_significant(point.floor), ceiling, index(&point.unstated));
            match steps.last_mut() {
                Some(last) if last.0 == step.0 => *last = step,
                Some(last) if (last.1, last.2, &last.3) == (step.1, step.2, &step.3) => {}
                _ => steps.push(step),
            }
        }
        let sets: Vec<BTreeSet<usize>> = steps.iter().map(|s| s.3.iter().copied().collect()).collect();
        let never = sets.iter().skip(1).fold(sets.first()?.clone(), |both, set| &both & set);
        let at_times = sets.iter().flatten().copied().filter(|i| !never.contains(i)).collect::<BTreeSet<_>>();
        let n = steps.len();
        let steps = thin(steps);
        let of = (steps.len() < n).then_some(n);
        let (never, at_times) = (never.into_iter().collect(), at_times.into_iter().collect());
        Some(Self { id: &series.id, title: &series.title, warning: series.warning.as_deref(), steps, never, at_times, of })
    }
}

/// Keeps of each run of steps its first, the one with the highest floor and the one with the highest ceiling.
fn thin(steps: Vec<Step>) -> Vec<Step> {
    if steps.len() <= MOST_STEPS {
        return steps;
    }
    let run = steps.len().div_ceil(MOST_STEPS / 3);
    let top = |step: &Step| step.2.unwrap_or(f64::INFINITY);
    let keep = steps.chunks(run).flat_map(|chunk| {
        let floor = (0..chunk.len()).max_by(|a, b| chunk[*a].1.total_cmp(&chunk[*b].1));
        let ceiling = (0..chunk.len()).max_by(|a, b| top(&chunk[*a]).total_cmp(&top(&chunk[*b])));
        let kept: BTreeSet<usize> = [Some(0), floor, ceiling].into_iter().flatten().collect();
        kept.into_iter().filter_map(|i| chunk.get(i).cloned()).collect::<Vec<_>>()
    });
    keep.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use barograph_grading::scores::by_id;
    use barograph_record::Instant;

    fn point(day: f64, floor: f64, ceiling: f64, unstated: &[&'static str]) -> Point {
        let at = Instant::from_days(day).unwrap();
        Point { at, floor, ceiling, inputs: Vec::new(), unstated: unstated.to_vec(), notes: Vec::new() }
    }

    #[test]
    fn equal_values_are_one_step_and_missing_inputs_are_told_apart() {
        let points = vec![
            point(0.0, 1.0, f64::INFINITY, &["lactate", "pupils"]),
            point(1.0, 1.0, f64::INFINITY, &["lactate", "pupils"]),
            point(2.0, 2.0, 2.0, &["pupils"]),
        ];
        let series = ScoreSeries::new(by_id("phoenix").unwrap(), points);
        let names = ["lactate", "pupils"];
        let index = |items: &[&'static str]| items.iter().filter_map(|i| names.iter().position(|n| n == i)).collect();
        let strip = Strip::new(&series, index).unwrap();
        assert_eq!(strip.steps, [(0.0, 1.0, None, vec![0, 1]), (2.0, 2.0, Some(2.0), vec![1])]);
        assert_eq!((strip.never, strip.at_times, strip.of), (vec![1], vec![0], None));
        assert!(Strip::new(&ScoreSeries::new(by_id("phoenix").unwrap(), Vec::new()), |_| Vec::new()).is_none());
    }

    #[test]
    fn thinning_keeps_the_highest_floor_and_ceiling() {
        let steps: Vec<Step> =
            (0..9_000).map(|i| (f64::from(i), f64::from(i % 5), Some(if i == 7_777 { 99.0 } else { 8.0 }), Vec::new())).collect();
        let thinned = thin(steps);
        assert!(thinned.len() <= MOST_STEPS && thinned.iter().any(|s| s.2 == Some(99.0)) && thinned.iter().any(|s| s.1 == 4.0));
        assert!(thinned.is_sorted_by(|a, b| a.0 < b.0));
    }
}
