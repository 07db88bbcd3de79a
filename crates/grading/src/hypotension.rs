//! Published thresholds of systolic hypotension by age, from `knowledge/hypotension.toml`.

use serde::Deserialize;
use std::sync::OnceLock;

/// A pressure below `low` is hypotension, one at or above `high` is not; between them nobody decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// mm\[Hg\]; certain hypotension lies below.
    pub low: f64,
    /// mm\[Hg\]; certainly no hypotension from here on.
    pub high: f64,
}

/// One published set of thresholds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HypotensionSet {
    /// Name in a policy.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it was published.
    pub citation: String,
    /// How sure the numbers are: primary, secondary or recalled.
    pub verified: String,
    /// Limits of the source.
    #[serde(default)]
    pub note: String,
    bands: Vec<Band>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Band {
    until_years: Option<f64>,
    below: Option<f64>,
    #[serde(default)]
    per_year: f64,
    undecided_below: Option<f64>,
}

#[derive(Deserialize)]
#[allow(dead_code)] // the header is checked by being required
struct File {
    id: String,
    version: String,
    set: Vec<HypotensionSet>,
}

const TEXT: &str = include_str!("../../../knowledge/hypotension.toml");

impl HypotensionSet {
    /// Every set that ships with barograph.
    pub fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<HypotensionSet>> = OnceLock::new();
        // A test parses the embedded file, so the empty fallback is never reached in a release.
        ALL.get_or_init(|| toml::from_str::<File>(TEXT).map(|f| f.set).unwrap_or_default())
    }

    /// The set of this id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        Self::all().iter().find(|set| set.id == id)
    }

    /// The threshold at an age in decimal years; everything is undecided where the set has no rule.
    ///
    /// Without an age, a pressure is low only where it is low for every age that the set knows,
    /// and normal only where it is normal for every age.
    pub fn at(&self, years: Option<f64>) -> Threshold {
        let Some(years) = years else { return self.at_any_age() };
        self.bands.iter().find(|b| b.until_years.is_none_or(|until| years < until)).map_or(UNDECIDED, |b| b.at(years))
    }

    fn at_any_age(&self) -> Threshold {
        let mut from = 0.0;
        let mut all = Threshold { low: f64::INFINITY, high: 0.0 };
        for band in &self.bands {
            let until = band.until_years.unwrap_or(from);
            for t in [band.at(from), band.at(until)] {
                all = Threshold { low: all.low.min(t.low), high: all.high.max(t.high) };
            }
            from = until;
        }
        all
    }
}

const UNDECIDED: Threshold = Threshold { low: 0.0, high: f64::INFINITY };

impl Band {
    fn at(&self, years: f64) -> Threshold {
        let Some(below) = self.below else { return UNDECIDED };
        let low = below + self.per_year * years;
        Threshold { low, high: self.undecided_below.unwrap_or(low) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn low(id: &str, years: f64) -> f64 {
        HypotensionSet::by_id(id).unwrap().at(Some(years)).low
    }

    #[test]
    fn shipped_sets_are_cited() {
        toml::from_str::<File>(TEXT).unwrap();
        assert_eq!(HypotensionSet::all().len(), 5);
        for set in HypotensionSet::all() {
            assert!(!set.citation.is_empty() && ["primary", "secondary", "recalled"].contains(&&*set.verified));
        }
    }

    #[test]
    fn one_child_many_thresholds() {
        for (id, expected) in [
            ("pals", [60.0, 70.0, 72.0, 78.0, 86.0, 90.0, 90.0]),
            ("goldstein-2005", [65.0, 100.0, 94.0, 94.0, 105.0, 105.0, 117.0]),
            ("haque-2007", [0.0, 0.0, 67.0, 73.0, 81.0, 85.0, 95.0]),
            ("mahadeo-2019", [0.0, 0.0, 72.0, 78.0, 86.0, 90.0, 90.0]),
        ] {
            let found = [0.01, 0.5, 1.0, 4.0, 8.0, 10.0, 15.0].map(|y| low(id, y));
            assert_eq!(found, expected, "{id}");
        }
    }

    #[test]
    fn where_a_set_is_silent_nothing_is_decided() {
        let mahadeo = HypotensionSet::by_id("mahadeo-2019").unwrap();
        assert_eq!(mahadeo.at(Some(0.5)), UNDECIDED);
        let goldstein = HypotensionSet::by_id("goldstein-2005").unwrap();
        assert_eq!(goldstein.at(Some(1.5)), Threshold { low: 94.0, high: 100.0 });
        assert_eq!(goldstein.at(Some(30.0)), UNDECIDED);
    }

    #[test]
    fn without_an_age_only_extremes_decide() {
        let pals = HypotensionSet::by_id("pals").unwrap();
        assert_eq!(pals.at(None), Threshold { low: 60.0, high: 90.0 });
    }
}
