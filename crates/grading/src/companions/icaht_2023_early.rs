//! EHA/EBMT 2023 consensus grading of early immune effector cell-associated haematotoxicity (ICAHT).
//!
//! Source: Rejeski K, Subklewe M, Aljurf M, et al. Blood 2023;142:865-877. DOI 10.1182/blood.2023020578.
//! Thresholds read in the public code of Liang (github.com/emilyliangmd/automatedicahtgrading): secondary.
//!
//! | Neutrophils, days 0 to 30 | Grade 1 | Grade 2 | Grade 3 | Grade 4 |
//! |---|---|---|---|---|
//! | 500/µL or less, for | under 7 days | 7 to 13 days | 14 days or more | every day of the window: never over 500 |
//! | 100/µL or less, for | | | 7 to 13 days | 14 days or more |
//!
//! - The longest spell counts, by the lowest count of each day. A recovery of fewer than three days does not end a
//!   spell and is counted with it: option `icaht_recovery_days`.
//! - A day without a count is unknown: for the floor it lay above both limits, for the ceiling below both. Two such
//!   days between two low ones shorten no spell, as no recovery fits between. Option `icaht_bridged_days` takes more of them as low
//!   for the floor too.
//! - "Never over 500" is certain when all 31 days have a count of 500 or less; it is excluded by a single count above.
//!   Liang's code also gives grade 4 to a spell that begins by day 3 and lasts to the last count; here that is the ceiling.
//! - Death ends the window. Days after the record's end are days without a count.
//! - Neutrophils under growth factors count like others.
//!
//! The grade belongs to the window and is final at its end. The one episode runs from the first low count;
//! its course gives, day by day, the grade of the days so far.

use super::days::{DAY_MS, Days, UNSTATED, counts, longest, spells, start_of};
use super::episodes::{Stay, in_order, unknown};
use super::track::cause;
use super::{Companion, Options};
use crate::course::{Cause, Episode, Grade, Graded, Onset, Peak, Resolution};
use crate::scales::Verified;
use barograph_record::{Instant, Record, Signal};

/// The companion `icaht-2023-early`.
pub(super) struct EarlyIcaht;

/// Grade by the days of the longest spell of severely and of profoundly low counts.
fn of_spells(severe: usize, profound: usize, options: &Options) -> u8 {
    let [severe_2, severe_3] = options.icaht_severe_days.map(usize::from);
    let [profound_3, profound_4] = options.icaht_profound_days.map(usize::from);
    match (severe, profound) {
        (_, profound) if profound >= profound_4 => 4,
        (severe, profound) if severe >= severe_3 || profound >= profound_3 => 3,
        (severe, _) if severe >= severe_2 => 2,
        (1.., _) => 1,
        (0, _) => 0,
    }
}

struct Window<'r> {
    days: Days<'r>,
    /// For the floor and for the ceiling: the highest and the lowest that each day can have been.
    highest: Vec<f64>,
    lowest: Vec<f64>,
    options: &'r Options,
}

impl<'r> Window<'r> {
    fn new(record: &'r Record, options: &'r Options, len: i64, end: Instant) -> Self {
        let counts = counts(record, 0..len);
        let lowest = counts.iter().map(|c| c.map_or(0.0, |c| c.bounds.low)).collect();
        let mut highest: Vec<f64> = counts.iter().map(|c| c.map_or(f64::INFINITY, |c| c.bounds.high)).collect();
        let charted: Vec<usize> = counts.iter().enumerate().filter_map(|(i, c)| c.map(|_| i)).collect();
        for pair in charted.windows(2) {
            let &[a, b] = pair else { continue };
            if b - a - 1 <= usize::from(options.icaht_bridged_days) {
                let higher = highest.get(a).copied().unwrap_or(f64::INFINITY).max(highest.get(b).copied().unwrap_or(f64::INFINITY));
                highest.iter_mut().take(b).skip(a + 1).for_each(|h| *h = higher);
            }
        }
        Self { days: Days { first: 0, end, counts }, highest, lowest, options }
    }

    fn duration(&self, side: &[f64], limit: f64, days: usize) -> usize {
        longest(&spells(side.iter().take(days).map(|x| *x <= limit), self.options.icaht_recovery_days))
    }

    /// The grade of the first days of the window.
    fn so_far(&self, days: usize) -> Grade {
        let o = self.options;
        let side = |side: &[f64]| of_spells(self.duration(side, o.icaht_severe, days), self.duration(side, o.icaht_profound, days), o);
        Grade::between(side(&self.highest), side(&self.lowest))
    }

    /// The grade of the whole window, with the rule of no recovery.
    fn whole(&self) -> Grade {
        let len = self.days.counts.len();
        let grade = self.so_far(len);
        let never = |side: &[f64]| if side.iter().all(|x| *x <= self.options.icaht_severe) { 4 } else { 0 };
        let complete = usize::from(self.options.icaht_late_from_day) == len;
        let floor = if complete { never(&self.highest) } else { 0 };
        grade.max(Grade::between(floor, never(&self.lowest)))
    }

    /// First and last count of the longest spells, and the lowest of all.
    fn facts(&self, days: usize) -> Vec<Cause> {
        let mut facts: Vec<Cause> = Vec::new();
        for (role, limit) in [("severe neutropenia", self.options.icaht_severe), ("profound neutropenia", self.options.icaht_profound)] {
            let spells = spells(self.highest.iter().take(days).map(|x| *x <= limit), self.options.icaht_recovery_days);
            let Some((first, last)) = spells.into_iter().rev().max_by_key(|(first, last)| last - first) else { continue };
            let ends = [self.days.event(first), self.days.event(last).filter(|_| first < last)];
            facts.extend(ends.into_iter().flatten().map(|event| cause(role, event)));
        }
        facts
    }

    fn low(&self, i: usize) -> bool {
        self.highest.get(i).is_some_and(|x| *x <= self.options.icaht_severe)
    }

    /// The recovery that follows the last low day, once it has lasted long enough by charting alone.
    fn recovered(&self) -> Option<Resolution> {
        let len = self.days.counts.len();
        let last = (0..len).rev().find(|i| self.low(*i))?;
        let above = (last + 1..len).take_while(|i| self.lowest.get(*i).is_some_and(|x| *x > self.options.icaht_severe));
        let at = above.take(usize::from(self.options.icaht_recovery_days).max(1)).last()?;
        let lasted = at - last >= usize::from(self.options.icaht_recovery_days).max(1);
        lasted.then(|| Resolution { at: self.days.at(at), last_sign: self.days.at(last) })
    }

    fn episode(&self, died: bool) -> Episode {
        let len = self.days.counts.len();
        let charted = || self.days.counts.iter().flatten();
        let first = (0..len).find(|i| self.low(*i));
        let whole = self.whole();
        let grade = |days: usize| if days == len { whole } else { self.so_far(days) };
        let course = self.days.course(first.unwrap_or(0), grade, |days, _| self.facts(days));
        let resolved = self.recovered();
        let notes: Vec<&'static str> = [
            ("days-without-count", self.days.counts.iter().any(Option::is_none)),
            ("died-in-window", died),
            ("never-recovered", charted().all(|c| c.bounds.high <= self.options.icaht_severe)),
            ("not-resolved", first.is_some() && resolved.is_none()),
        ]
        .into_iter()
        .filter_map(|(note, holds)| holds.then_some(note))
        .collect();
        let at = course.iter().find(|s| s.grade.floor() == whole.floor()).map_or(Instant::INFUSION, |s| s.from);
        let above = |i: &usize| self.lowest.get(*i).is_some_and(|x| *x > self.options.icaht_severe);
        let onset = first.map(|i| Onset { at: self.days.at(i), after: (0..i).rev().find(above).map(|j| self.days.at(j)) });
        Episode {
            number: u32::from(first.is_some()),
            onset,
            resolved,
            peak: Peak { grade: whole, at },
            course,
            gaps: self.days.gaps(),
            notes: in_order(&notes),
        }
    }
}

impl Companion for EarlyIcaht {
    fn id(&self) -> &'static str {
        "icaht-2023-early"
    }

    fn title(&self) -> &'static str {
        "EHA/EBMT consensus grading of early haematotoxicity (days 0 to 30)"
    }

    fn citation(&self) -> &'static str {
        "Rejeski 2023, Blood 142:865, DOI 10.1182/blood.2023020578"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, record: &Record, _: &Graded, options: &Options) -> Graded {
        let stay = Stay::of(record, &[Signal::Anc]);
        let days = i64::from(options.icaht_late_from_day.max(1));
        let last_day = stay.death.map_or(days - 1, |death| death.ms().div_euclid(DAY_MS).clamp(0, days - 1));
        let died = stay.death.is_some_and(|death| death < start_of(days));
        let end = stay.death.map_or(start_of(days), |death| death.clamp(Instant::INFUSION, start_of(days)));
        let window = Window::new(record, options, last_day + 1, end);
        let episodes = if window.days.counts.iter().all(Option::is_none) {
            unknown(4, vec![UNSTATED], &stay, &["days-without-count"])
        } else {
            vec![window.episode(died)]
        };
        Graded { scale: self.id(), policy: options.name.clone(), episodes }
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, of_spells};

    #[test]
    fn every_edge_of_the_table() {
        let options = Options::default_1().unwrap();
        for (severe, profound, grade) in [
            (0, 0, 0),
            (1, 0, 1),
            (6, 6, 1),
            (7, 6, 2),
            (13, 6, 2),
            (14, 6, 3),
            (30, 6, 3),
            (7, 7, 3),
            (13, 13, 3),
            (14, 14, 4),
            (31, 13, 3),
        ] {
            assert_eq!(of_spells(severe, profound, &options), grade, "{severe} and {profound} days");
        }
    }
}
