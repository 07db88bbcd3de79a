//! What the calibrated population is to look like: shares of children, with the width that the source allows.

use super::cohort::Fate;
use barograph_dynamics::child::calibration::Moment;

/// A share, or a mean of 0 and 1, over the children of whom it can be said.
struct Target {
    name: &'static str,
    source: &'static str,
    published: f64,
    /// Standard deviation of the published value; wide where recalled.
    tolerance: f64,
    value: fn(&Fate) -> Option<f64>,
}

fn flag(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

/// A share below the published median is to be a half.
fn below(value: Option<f64>, median: f64) -> Option<f64> {
    value.map(|v| flag(v < median))
}

/// How many are given tocilizumab is no target: in this model the treated are those of ASTCT grade 3 and more, and published shares of the two (a third, a
/// sixth to a quarter) come from different decades.
const TARGETS: &[Target] = &[
    Target { name: "any CRS", source: "Levine 2021: 79 %", published: 0.78, tolerance: 0.015, value: |f| Some(flag(f.crs())) },
    Target { name: "Penn >= 3", source: "ELIANA: 46-49 %", published: 0.47, tolerance: 0.02, value: |f| Some(flag(f.penn >= 3)) },
    Target { name: "Penn 4", source: "Levine 2021: 22 %", published: 0.20, tolerance: 0.02, value: |f| Some(flag(f.penn >= 4)) },
    Target { name: "ASTCT >= 3", source: "registries: 10-25 %", published: 0.20, tolerance: 0.02, value: |f| Some(flag(f.astct >= 3)) },
    Target {
        name: "Penn 4 at burden >= 40 %",
        source: "clinical reference: about half",
        published: 0.5,
        tolerance: 0.05,
        value: |f| (f.child.burden_percent >= 40.0).then(|| flag(f.penn >= 4)),
    },
    Target {
        name: "burden >= 40 %",
        source: "the laws (no published share)",
        published: 0.30,
        tolerance: 0.02,
        value: |f| Some(flag(f.child.burden_percent >= 40.0)),
    },
    Target {
        name: "tocilizumab response",
        source: "Le 2018: 69 % (53-82)",
        published: 0.69,
        tolerance: 0.05,
        value: |f| f.responded().map(flag),
    },
    Target { name: "oxygen", source: "Levine 2021: 39 %", published: 0.36, tolerance: 0.06, value: |f| Some(flag(f.oxygen)) },
    Target { name: "ventilation", source: "Levine 2021: 13 %", published: 0.11, tolerance: 0.04, value: |f| Some(flag(f.ventilated)) },
    Target { name: "onset before day 3", source: "Levine 2021: median 3", published: 0.5, tolerance: 0.05, value: |f| below(f.onset, 3.0) },
    Target {
        name: "duration below 8 d",
        source: "Levine 2021: median 8",
        published: 0.5,
        tolerance: 0.05,
        value: |f| below(f.duration(), 8.0),
    },
    Target {
        name: "remission",
        source: "ELIANA, recalled: 81 %",
        published: 0.82,
        tolerance: 0.02,
        value: |f| Some(flag(f.summary.long.remission)),
    },
    Target {
        name: "event-free at 12 months",
        source: "CIBMTR 52 %, ELIANA 50 %",
        published: 0.5,
        tolerance: 0.03,
        value: |f| Some(flag(f.summary.long.remission && f.summary.long.relapse.is_none())),
    },
    Target {
        name: "CD19-negative among relapses",
        source: "recalled: 30-50 %",
        published: 0.4,
        tolerance: 0.06,
        value: |f| f.summary.long.relapse.map(|_| flag(f.summary.long.negative)),
    },
    Target {
        name: "peak below 24 000",
        source: "Stein 2019: typical peak",
        published: 0.5,
        tolerance: 0.04,
        value: |f| below(Some(f.summary.car_t.value), 24_000.0),
    },
    Target {
        name: "peak before day 9.3",
        source: "Stein 2019: typical day",
        published: 0.5,
        tolerance: 0.05,
        value: |f| below(Some(f.summary.car_t.day), 9.3),
    },
    Target {
        name: "IL-6 peaks more than 0.2 d before interferon-gamma (no tocilizumab)",
        source: "recalled: interferon-gamma first or together",
        published: 0.42,
        tolerance: 0.05,
        value: |f| (f.crs() && f.tocilizumab.is_empty()).then(|| flag(f.summary.il6.day < f.summary.ifn_gamma.day - 0.2)),
    },
    Target {
        name: "peak below 14 000 without remission",
        source: "Mueller 2018: peak ratio 1.74",
        published: 0.5,
        tolerance: 0.05,
        value: |f| if f.summary.long.remission { None } else { below(Some(f.summary.car_t.value), 14_000.0) },
    },
    // Without it the peaks fall into two groups with none between, and their median is that of one group or the other by chance.
    Target {
        name: "peak below 5 000 without remission",
        source: "Mueller 2018, Stein 2019: a median of 14 000, a log-SD about 1 (assumed)",
        published: 0.2,
        tolerance: 0.05,
        value: |f| if f.summary.long.remission { None } else { below(Some(f.summary.car_t.value), 5_000.0) },
    },
    Target {
        name: "peak below 25 500 in remission",
        source: "Mueller 2018: peak ratio 1.74",
        published: 0.5,
        tolerance: 0.04,
        value: |f| if f.summary.long.remission { below(Some(f.summary.car_t.value), 25_500.0) } else { None },
    },
];

/// The targets over candidates.
pub(super) fn moments(fates: &[Fate]) -> Vec<Moment> {
    let of = |t: &Target| Moment {
        name: t.name.to_owned(),
        target: t.published,
        tolerance: t.tolerance,
        values: fates.iter().map(|f| (t.value)(f)).collect(),
    };
    TARGETS.iter().map(of).collect()
}

/// What each target is.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TARGETS.iter().map(|t| t.name)
}

/// Where each target comes from.
pub(super) fn sources() -> impl Iterator<Item = &'static str> {
    TARGETS.iter().map(|t| t.source)
}

/// Whether a candidate could be a real child: limits far outside what is published.
pub(super) fn plausible(fate: &Fate) -> bool {
    let s = &fate.summary;
    let remains_treatable = fate.duration().is_none_or(|d| d < 40.0);
    s.il6.value < 5e5
        && s.ferritin.value < 5e5
        && s.ifn_gamma.value < 1e5
        && s.crp.value < 700.0
        && s.car_t.value < 2e6
        && remains_treatable
}
