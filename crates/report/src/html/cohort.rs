//! Counts over all patients, per scale and policy; results of different scales are never pooled.

use crate::words::days;
use barograph_grading::{Grade, Graded};
use std::collections::{BTreeMap, BTreeSet};

/// Grades run from 0 to 5.
pub(super) const GRADES: usize = 6;

/// Tallies in the order in which scales first appeared.
#[derive(Debug, Default)]
pub(super) struct Cohort {
    pub tallies: Vec<Tally>,
}

/// What one scale under one policy found in the patients.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub scale: &'static str,
    pub policy: String,
    /// Patients graded.
    pub n: usize,
    /// Patients by peak grade that is certain.
    pub floor: [usize; GRADES],
    /// Patients by peak grade that cannot be excluded.
    pub ceiling: [usize; GRADES],
    /// Day of onset of each patient's first episode.
    pub onsets: Vec<f64>,
    /// Of these, onsets that no charting without signs precedes.
    pub open_onsets: usize,
    /// Days from onset to resolution of the first episodes that the record shows to resolve.
    pub durations: Vec<f64>,
    /// Patients with more than one episode.
    pub recurrent: usize,
    /// Patients whose peak is not exact.
    pub inexact: usize,
    /// Among these, patients by what is unstated wherever a grade above the certain peak is possible.
    pub unstated: BTreeMap<&'static str, usize>,
    /// Patient-days by certain grade and by grade that cannot be excluded, as far as the patient was in hospital.
    pub days_floor: [f64; GRADES],
    pub days_ceiling: [f64; GRADES],
    /// Patient-days between a discharge and what is charted next.
    pub days_away: f64,
    /// Patients whose day 0 stands in for an infusion that is not recorded.
    pub assumed: usize,
}

/// A patient's worst grade over all episodes.
pub(super) fn peak(graded: &Graded) -> Grade {
    // Without any episode nothing was found and nothing was excluded.
    graded.episodes.iter().map(|e| e.peak.grade).reduce(Grade::max).unwrap_or(Grade::between(0, 5))
}

impl Cohort {
    pub(super) fn add(&mut self, graded: &[Graded]) {
        for result in graded {
            let same = |t: &Tally| t.scale == result.scale && t.policy == result.policy;
            let index = self.tallies.iter().position(same).unwrap_or_else(|| {
                self.tallies.push(Tally { scale: result.scale, policy: result.policy.clone(), ..Tally::default() });
                self.tallies.len() - 1
            });
            if let Some(tally) = self.tallies.get_mut(index) {
                tally.add(result);
            }
        }
    }
}

impl Tally {
    fn add(&mut self, graded: &Graded) {
        let peak = peak(graded);
        self.n += 1;
        bump(&mut self.floor, peak.floor(), 1);
        bump(&mut self.ceiling, peak.ceiling(), 1);
        if let Some((onset, first)) = graded.episodes.iter().find_map(|e| Some((e.onset?, e))) {
            self.onsets.push(days(onset.at));
            self.open_onsets += usize::from(onset.after.is_none());
            self.durations.extend(first.resolved.map(|r| (r.at - onset.at).days()));
        }
        self.recurrent += usize::from(graded.episodes.iter().filter(|e| e.number > 0).count() > 1);
        let steps = || graded.episodes.iter().flat_map(|e| &e.course);
        if !peak.is_exact() {
            self.inexact += 1;
            let opening = steps().filter(|s| s.grade.ceiling() > peak.floor());
            for item in opening.flat_map(|s| s.unstated.iter().copied()).collect::<BTreeSet<_>>() {
                *self.unstated.entry(item).or_default() += 1;
            }
        }
        let assumed = |e: &barograph_grading::Episode| e.notes.contains(&"infusion-time-assumed");
        self.assumed += usize::from(graded.episodes.iter().any(assumed));
        for step in steps() {
            if !step.observed {
                self.days_away += step.length().days();
                continue;
            }
            bump(&mut self.days_floor, step.grade.floor(), step.length().days());
            bump(&mut self.days_ceiling, step.grade.ceiling(), step.length().days());
        }
    }

    /// Patients at or above a grade, by floor and by ceiling.
    pub(super) fn at_least(&self, grade: usize) -> (usize, usize) {
        (self.floor.iter().skip(grade).sum(), self.ceiling.iter().skip(grade).sum())
    }

    /// Items that keep peaks open, the most frequent first.
    pub(super) fn leading_unstated(&self) -> Vec<(&'static str, usize)> {
        let mut items: Vec<_> = self.unstated.iter().map(|(item, n)| (*item, *n)).collect();
        items.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        items
    }
}

fn bump<T: std::ops::AddAssign>(counts: &mut [T; GRADES], grade: u8, by: T) {
    if let Some(count) = counts.get_mut(usize::from(grade).min(GRADES - 1)) {
        *count += by;
    }
}

/// Median, least and greatest; the median of an even number is the midpoint of the middle two.
pub(super) fn median_range(values: &[f64]) -> Option<(f64, f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (least, greatest) = (*sorted.first()?, *sorted.last()?);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    let lower = if sorted.len().is_multiple_of(2) { *sorted.get(middle.checked_sub(1)?)? } else { upper };
    Some((f64::midpoint(lower, upper), least, greatest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use barograph_grading::{Episode, Onset, Peak, Resolution, Step};
    use barograph_record::Instant;

    fn at(days: f64) -> Instant {
        Instant::from_days(days).unwrap()
    }

    fn patient(onset: f64, resolved: Option<f64>, grade: Grade, unstated: Vec<&'static str>) -> Graded {
        let episode = Episode {
            number: 1,
            onset: Some(Onset { at: at(onset), after: None }),
            resolved: resolved.map(|r| Resolution { at: at(r), last_sign: at(r - 1.0) }),
            peak: Peak { grade, at: at(onset) },
            course: vec![Step {
                from: at(onset),
                to: at(onset + 2.0),
                grade,
                because: Vec::new().into(),
                unstated: unstated.into(),
                observed: true,
            }],
            gaps: Vec::new(),
            notes: Vec::new(),
        };
        Graded { scale: "astct-2019", policy: "default-1".into(), episodes: vec![episode] }
    }

    #[test]
    fn floors_and_ceilings_are_counted_apart() {
        let mut cohort = Cohort::default();
        cohort.add(&[patient(2.0, Some(5.0), Grade::exactly(3), vec!["ice"])]);
        cohort.add(&[patient(4.0, None, Grade::between(1, 4), vec!["oxygen", "vasopressors"])]);
        cohort.add(&[patient(1.0, Some(8.0), Grade::between(1, 2), vec!["oxygen"])]);
        let tally = &cohort.tallies[0];
        assert_eq!((tally.n, tally.at_least(1), tally.at_least(3)), (3, (3, 3), (1, 2)));
        assert_eq!(median_range(&tally.onsets), Some((2.0, 1.0, 4.0)));
        assert_eq!(median_range(&tally.durations), Some((5.0, 3.0, 7.0)));
        assert_eq!((tally.inexact, tally.leading_unstated()), (2, vec![("oxygen", 2), ("vasopressors", 1)]));
        assert_eq!(tally.days_ceiling, [0.0, 0.0, 2.0, 2.0, 2.0, 0.0]);
    }

    #[test]
    fn days_out_of_hospital_are_nobodys_grade() {
        let mut cohort = Cohort::default();
        let mut graded = patient(2.0, None, Grade::between(0, 4), Vec::new());
        let away = Step { from: at(4.0), to: at(904.0), observed: false, ..graded.episodes[0].course[0].clone() };
        graded.episodes[0].course.push(away);
        graded.episodes[0].notes.push("infusion-time-assumed");
        cohort.add(&[graded]);
        let tally = &cohort.tallies[0];
        assert_eq!((tally.days_ceiling, tally.days_away, tally.assumed), ([0.0, 0.0, 0.0, 0.0, 2.0, 0.0], 900.0, 1));
    }

    #[test]
    fn other_scales_and_policies_have_their_own_tally() {
        let mut cohort = Cohort::default();
        let one = patient(2.0, None, Grade::exactly(1), Vec::new());
        let strict = Graded { policy: "strict".into(), ..one.clone() };
        cohort.add(&[one, strict]);
        assert_eq!(cohort.tallies.iter().map(|t| t.n).collect::<Vec<_>>(), [1, 1]);
    }

    #[test]
    fn medians() {
        assert_eq!(median_range(&[]), None);
        assert_eq!(median_range(&[4.0, 1.0]), Some((2.5, 1.0, 4.0)));
    }
}
