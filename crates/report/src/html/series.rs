//! A signal as the page draws it: compact, and thinned for display when it is very long.

use barograph_record::round_significant;
use serde::Serialize;
use std::collections::BTreeMap;

/// Points of one series above which it is thinned for display.
pub(super) const MOST_POINTS: usize = 5_000;

/// Points in time order: days, values, and what qualifies single values.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Series {
    /// Days from infusion.
    pub t: Vec<f64>,
    /// Values in the canonical unit; null where charted without a number.
    pub v: Vec<Option<f64>>,
    /// Words on single points by index: `<`, `>`, `below limit`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub q: BTreeMap<usize, String>,
    /// Number of points charted, when only part is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
}

impl Series {
    /// Adds a point.
    pub(super) fn push(&mut self, day: f64, value: Option<f64>, words: &str) {
        if !words.is_empty() {
            self.q.insert(self.t.len(), words.to_owned());
        }
        self.t.push(day);
        self.v.push(value.map(round_significant));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.t.is_empty()
    }

    /// Keeps of each run of points its first, lowest, highest and last, so that no peak is lost; qualified points all stay.
    pub(super) fn thin(self, most: usize) -> Self {
        let n = self.t.len();
        if n <= most {
            return self;
        }
        let run = n.div_ceil((most / 4).max(1));
        let mut keep: Vec<usize> = self.q.keys().copied().collect();
        for start in (0..n).step_by(run) {
            let indices = || start..(start + run).min(n);
            let value = |i: &usize| self.v.get(*i).copied().flatten();
            let ordered = |a: &usize, b: &usize| value(a).unwrap_or(f64::NAN).total_cmp(&value(b).unwrap_or(f64::NAN));
            let numbers = || indices().filter(|i| value(i).is_some());
            keep.extend(indices().next());
            keep.extend(indices().last());
            keep.extend(numbers().min_by(ordered));
            keep.extend(numbers().max_by(ordered));
            // A point without a number breaks the line, so one per run must stay.
            keep.extend(indices().find(|i| value(i).is_none()));
        }
        keep.sort_unstable();
        keep.dedup();
        let mut thinned = Self { of: Some(n), ..Self::default() };
        for i in keep {
            if let (Some(&t), Some(&v)) = (self.t.get(i), self.v.get(i)) {
                thinned.push(t, v, self.q.get(&i).map_or("", |q| q));
            }
        }
        thinned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_every_extreme_and_says_of_how_many() {
        let mut series = Series::default();
        for i in 0..20_000_u32 {
            let spike = if i == 12_345 { 41.5 } else { 37.0 + f64::from(i % 7) / 10.0 };
            series.push(f64::from(i) / 1440.0, Some(spike), if i == 777 { "<" } else { "" });
        }
        let thin = series.thin(MOST_POINTS);
        assert!(thin.t.len() <= MOST_POINTS + 1, "{}", thin.t.len());
        assert_eq!(thin.of, Some(20_000));
        assert!(thin.v.contains(&Some(41.5)));
        assert_eq!(thin.q.len(), 1);
        assert!(thin.t.is_sorted());
    }

    #[test]
    fn short_series_stay_whole() {
        let mut series = Series::default();
        series.push(1.0, Some(38.123_456_789_01), "");
        series.push(2.0, None, "rate not stated");
        let thin = series.thin(MOST_POINTS);
        assert_eq!((thin.v.as_slice(), thin.of), ([Some(38.123_456_8), None].as_slice(), None));
    }
}
