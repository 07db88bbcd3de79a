//! EHA/EBMT 2023 consensus grading of late immune effector cell-associated haematotoxicity (ICAHT).
//!
//! Source: Rejeski K, Subklewe M, Aljurf M, et al. Blood 2023;142:865-877. DOI 10.1182/blood.2023020578.
//! Thresholds read in a public re-implementation and in the code of Liang
//! (github.com/emilyliangmd/automatedicahtgrading): secondary.
//!
//! | After day 30 | Grade 1 | Grade 2 | Grade 3 | Grade 4 |
//! |---|---|---|---|---|
//! | neutrophils per µL, at least twice or not in passing | 1,500 or less | 1,000 or less | 500 or less | 100 or less |
//!
//! - A grade is certain when counts at or below its limit stand on at least two days (option `icaht_late_days`), by
//!   the lowest count of each day. Liang's code grades by the single lowest count once a second is at 1,500 or less.
//! - The first low day is then the onset, and every further day may raise the grade; it is final at the window's end.
//! - The window is day 31 to day 100 (option `icaht_late_until_day`), or to death or the last charting before that.
//! - After day 30 counts are a week apart. Up to seven days without a count (option `icaht_late_hold_days`) may have been
//!   as low as the lower of the two counts beside them, so a single low count between weekly normal ones raises the ceiling;
//!   between counts on the day before and after it is transient and does not. Longer stretches open the ceiling to 4.

use super::days::{Count, DAY_MS, Days, UNSTATED, counts, start_of};
use super::episodes::{Stay, in_order, unknown};
use super::track::cause;
use super::{Companion, Options};
use crate::course::{Cause, Episode, Grade, Graded, Onset, Peak};
use crate::scales::Verified;
use barograph_record::{Record, Signal};

/// The companion `icaht-2023-late`.
pub(super) struct LateIcaht;

/// What the counts behind each grade are called, from grade 1.
const ROLES: [&str; 4] = ["neutropenia of grade 1", "neutropenia of grade 2", "neutropenia of grade 3", "neutropenia of grade 4"];

/// The highest grade whose limit is met on enough days.
fn grade_of(days: &(impl Iterator<Item = f64> + Clone), limits: [f64; 4], needed: usize) -> u8 {
    let met = |limit: f64| days.clone().filter(|x| *x <= limit).count() >= needed;
    limits.iter().zip(1..).filter(|(limit, _)| met(**limit)).map(|(_, grade)| grade).max().unwrap_or(0)
}

/// The lowest that each day can have been, where a count vouches for the days beside it.
fn lowest(counts: &[Option<Count<'_>>], hold: usize) -> Vec<f64> {
    let low = |i: usize| counts.get(i).copied().flatten().map(|c| c.bounds.low);
    let mut out: Vec<f64> = Vec::with_capacity(counts.len());
    let mut i = 0;
    while i < counts.len() {
        if let Some(x) = low(i) {
            out.push(x);
            i += 1;
            continue;
        }
        let end = (i..counts.len()).find(|j| low(*j).is_some()).unwrap_or(counts.len());
        let neighbours = [i.checked_sub(1).and_then(low), low(end)];
        let vouched = neighbours.into_iter().flatten().fold(f64::INFINITY, f64::min);
        let near = end - i <= hold && vouched.is_finite();
        out.extend(std::iter::repeat_n(if near { vouched } else { 0.0 }, end - i));
        i = end;
    }
    out
}

struct Window<'r> {
    days: Days<'r>,
    lowest: Vec<f64>,
    /// Neutrophils (10*9/L) at or below which each grade begins, from grade 1.
    limits: [f64; 4],
    needed: usize,
}

impl Window<'_> {
    /// The grade of the first days of the window.
    fn grade(&self, days: usize) -> Grade {
        let highest = self.days.counts.iter().take(days).flatten().map(|c| c.bounds.high);
        let floor = grade_of(&highest, self.limits, self.needed);
        let ceiling = grade_of(&self.lowest.iter().take(days).copied(), self.limits, self.needed);
        Grade::between(floor, ceiling.max(floor))
    }

    /// The first counts that make a grade certain, as many as are needed.
    fn facts(&self, days: usize, grade: u8) -> Vec<Cause> {
        let Some(i) = usize::from(grade).checked_sub(1) else { return Vec::new() };
        let (Some(limit), Some(role)) = (self.limits.get(i), ROLES.get(i)) else { return Vec::new() };
        let met = self.days.counts.iter().take(days).flatten().filter(|c| c.bounds.high <= *limit);
        met.take(self.needed).map(|c| cause(role, c.event)).collect()
    }

    fn episode(&self, died: bool) -> Episode {
        let len = self.days.counts.len();
        let whole = self.grade(len);
        let bounds = |i: &usize| self.days.counts.get(*i).copied().flatten().map(|c| c.bounds);
        let is_low = |i: &usize| bounds(i).is_some_and(|b| b.high <= self.limits[0]);
        let is_normal = |i: &usize| bounds(i).is_some_and(|b| b.low > self.limits[0]);
        let low = (0..len).find(is_low).filter(|_| whole.floor() > 0);
        let course = self.days.course(low.unwrap_or(0), |days| self.grade(days), |days, grade| self.facts(days, grade.floor()));
        let gaps = self.days.gaps();
        let notes: Vec<&'static str> = [("days-without-count", !gaps.is_empty()), ("died-in-window", died)]
            .into_iter()
            .filter_map(|(note, holds)| holds.then_some(note))
            .collect();
        let at = course.iter().find(|s| s.grade.floor() == whole.floor()).map_or(start_of(self.days.first), |s| s.from);
        let onset = low.map(|i| Onset { at: self.days.at(i), after: (0..i).rev().find(is_normal).map(|j| self.days.at(j)) });
        let peak = Peak { grade: whole, at };
        Episode { number: u32::from(low.is_some()), onset, resolved: None, peak, course, gaps, notes: in_order(&notes) }
    }
}

impl Companion for LateIcaht {
    fn id(&self) -> &'static str {
        "icaht-2023-late"
    }

    fn title(&self) -> &'static str {
        "EHA/EBMT consensus grading of late haematotoxicity (after day 30)"
    }

    fn citation(&self) -> &'static str {
        "Rejeski 2023, Blood 142:865, DOI 10.1182/blood.2023020578"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, record: &Record, _: &Graded, options: &Options) -> Graded {
        let stay = Stay::of(record, &[Signal::Anc]);
        let until = i64::from(options.icaht_late_until_day).min(stay.end.ms().div_euclid(DAY_MS));
        let first = i64::from(options.icaht_late_from_day);
        let counts = counts(record, first..until.max(first - 1) + 1);
        let before = stay.death.is_some_and(|death| death < start_of(first));
        let died = stay.death.is_some_and(|death| death < start_of(i64::from(options.icaht_late_until_day) + 1));
        let episodes = if before {
            unknown(0, Vec::new(), &stay, &["died-in-window"])
        } else if counts.iter().all(Option::is_none) {
            unknown(4, vec![UNSTATED], &stay, &["days-without-count"])
        } else {
            let lowest = lowest(&counts, usize::from(options.icaht_late_hold_days));
            let days = Days { first, end: stay.end.min(start_of(until + 1)), counts };
            let needed = usize::from(options.icaht_late_days).max(1);
            vec![Window { days, lowest, limits: options.icaht_late_limits, needed }.episode(died)]
        };
        Graded { scale: self.id(), policy: options.name.clone(), episodes }
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, grade_of};

    #[test]
    fn every_edge_of_the_table() {
        let limits = Options::default_1().unwrap().icaht_late_limits;
        for (pair, grade) in [
            ([1.501, 1.501], 0),
            ([1.5, 1.501], 0),
            ([1.5, 1.5], 1),
            ([1.001, 1.001], 1),
            ([1.0, 1.0], 2),
            ([0.501, 1.0], 2),
            ([0.5, 0.5], 3),
            ([0.101, 0.1], 3),
            ([0.1, 0.1], 4),
            ([0.0, 1.4], 1),
        ] {
            assert_eq!(grade_of(&pair.into_iter(), limits, 2), grade, "{pair:?}");
        }
    }
}
