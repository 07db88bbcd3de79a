//! Overt disseminated intravascular coagulation by the score of the ISTH.
//!
//! Source: Taylor FB, Toh CH, Hoots WK, et al. Towards definition, clinical and laboratory criteria, and a scoring
//! system for disseminated intravascular coagulation. Thromb Haemost 2001;86:1327-1330.
//! DOI 10.1055/s-0037-1616068. The table was read in reproductions (ASH view-large 7527030): secondary.
//!
//! | Item | 0 | 1 | 2 | 3 |
//! |---|---|---|---|---|
//! | platelets (10*9/L) | 100 or more | 50 to below 100 | below 50 | |
//! | D-dimer, or another fibrin-related marker | not raised | | moderately raised | strongly raised |
//! | prolongation of PT (s) | below 3 | 3 to 6 | over 6 | |
//! | fibrinogen (g/L) | over 1.0 | 1.0 or less | | |
//!
//! Five points or more are overt DIC: grade 1 here, and grade 0 otherwise. Each item that scores stands in the
//! evidence with its points, so that the score can be read off.
//!
//! - The definition asks for a disorder that can cause DIC; the infusion is taken for one.
//! - It leaves "moderate" and "strong" to the laboratory, and so do the options: between the laxer and the
//!   stricter limit the points stay open. The same holds for the PT from which prolongation is counted.
//! - An item that is not charted within the day scores its least for the floor and its most for the ceiling.
//! - Lymphodepletion takes the platelets whatever the coagulation does. `isth-dic-without-platelets` counts them as
//!   zero, with the same limit of 5: what it calls overt is overt without their help. That variant is this project's.

use super::episodes::{Folding, Sample, Stay, fold, unknown};
use super::track::{Bounds, Reading, Track, Worse, changes};
use super::{Companion, Limits, Options};
use crate::course::{Grade, Graded};
use crate::scales::Verified;
use barograph_record::{Instant, Record, Signal, Span};

/// The companions `isth-dic` and `isth-dic-without-platelets`.
pub(super) struct IsthDic {
    /// Whether the platelets score.
    pub(super) platelets: bool,
}

const OVERT: u8 = 5;
const POINTS: [&str; 4] = ["no point", "1 point", "2 points", "3 points"];

/// Points that are certain, and points that are not excluded.
type Points = (u8, u8);

fn of_platelets(b: Bounds) -> Points {
    let points = |x: f64| if x < 50.0 { 2 } else { u8::from(x < 100.0) };
    (points(b.high), points(b.low))
}

fn of_d_dimer(b: Bounds, moderate: Limits, strong: Limits) -> Points {
    let points = |x: f64, moderate: f64, strong: f64| {
        if x > strong {
            3
        } else if x > moderate {
            2
        } else {
            0
        }
    };
    (points(b.low, moderate[1], strong[1]), points(b.high, moderate[0], strong[0]))
}

fn of_pt(b: Bounds, normal: Limits) -> Points {
    let points = |longer: f64| if longer > 6.0 { 2 } else { u8::from(longer >= 3.0) };
    // A difference of two decimals must not miss the limit by binary noise.
    let longer = |x: f64, normal: f64| barograph_record::round_significant(x - normal);
    (points(longer(b.low, normal[1])), points(longer(b.high, normal[0])))
}

fn of_fibrinogen(b: Bounds) -> Points {
    (u8::from(b.high <= 100.0), u8::from(b.low <= 100.0))
}

struct Item<'r> {
    name: &'static str,
    track: Track<'r>,
    worse: Worse,
    points: Box<dyn Fn(Bounds) -> Points>,
}

impl IsthDic {
    fn items<'r>(&self, record: &'r Record, options: &Options) -> Vec<Item<'r>> {
        let (moderate, strong, normal) = (options.d_dimer_moderate, options.d_dimer_strong, options.pt_normal);
        let item = |name, signal, worse, points| Item { name, track: Track::of(record, signal), worse, points };
        let mut items = vec![
            item(
                "D-dimer",
                Signal::DDimer,
                Worse::Higher,
                Box::new(move |b| of_d_dimer(b, moderate, strong)) as Box<dyn Fn(Bounds) -> Points>,
            ),
            item("PT", Signal::Pt, Worse::Higher, Box::new(move |b| of_pt(b, normal))),
            item("fibrinogen", Signal::Fibrinogen, Worse::Lower, Box::new(of_fibrinogen)),
        ];
        if self.platelets {
            items.push(item("platelets", Signal::Platelets, Worse::Lower, Box::new(of_platelets)));
        }
        items
    }
}

fn sample(items: &[Item<'_>], now: Instant, window: Span) -> Sample {
    let (mut floor, mut ceiling, mut charted_ceiling) = (0, 0, 0);
    let mut out = Sample::blank(now);
    for item in items {
        let fresh: Option<Reading<'_>> = item.track.reading(now, window, item.worse);
        let (least, most) = (item.points)(fresh.map_or(Bounds::UNKNOWN, |r| r.bounds));
        (floor, ceiling) = (floor + least, ceiling + most);
        if let Some(reading) = fresh {
            charted_ceiling += most;
            out.charted |= reading.event.at == now;
            if most > 0 {
                out.because.push(reading.cause(POINTS.get(usize::from(least)).copied().unwrap_or_default()));
            }
        } else if let Some(last) = item.track.last(now) {
            out.gap = true;
            charted_ceiling += (item.points)(Bounds::of(last.value)).1;
        } else {
            (out.gap, out.uncharted) = (true, true);
        }
        if least < most {
            out.unstated.push(item.name);
        }
    }
    out.grade = Grade::between(u8::from(floor >= OVERT), u8::from(ceiling >= OVERT));
    out.charted_ceiling = u8::from(charted_ceiling >= OVERT);
    out.gap &= out.charted_ceiling < out.grade.ceiling();
    if out.grade.is_exact() {
        out.unstated.clear();
    }
    if out.grade.ceiling() == 0 {
        out.because.clear();
    }
    out
}

impl Companion for IsthDic {
    fn id(&self) -> &'static str {
        if self.platelets { "isth-dic" } else { "isth-dic-without-platelets" }
    }

    fn title(&self) -> &'static str {
        if self.platelets {
            "ISTH score of overt disseminated intravascular coagulation: grade 1 is overt"
        } else {
            "ISTH score of overt DIC with platelets counted as zero: grade 1 is overt"
        }
    }

    fn citation(&self) -> &'static str {
        "Taylor 2001, Thromb Haemost 86:1327, DOI 10.1055/s-0037-1616068"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, record: &Record, _: &Graded, options: &Options) -> Graded {
        let window = Span::from_hours(options.coagulation_hours);
        let items = self.items(record, options);
        let stay = Stay::of(record, &[Signal::DDimer, Signal::Pt, Signal::Fibrinogen]);
        let charted = items.iter().flat_map(|i| i.track.iter()).any(|e| Instant::INFUSION <= e.at && e.at <= stay.end);
        let episodes = if charted {
            let tracks: Vec<_> = items.iter().map(|i| (&i.track, window)).collect();
            let instants = changes(&tracks, stay.borders(), Instant::INFUSION, stay.end);
            let samples = instants.into_iter().map(|at| sample(&items, at, window)).collect();
            fold(samples, &stay, Folding::new(options, options.coagulation_hours))
        } else {
            unknown(1, items.iter().map(|i| i.name).collect(), &stay, &[])
        };
        Graded { scale: self.id(), policy: options.name.clone(), episodes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn exactly(x: f64) -> Bounds {
        Bounds { low: x, high: x }
    }

    #[test]
    fn every_edge_of_the_table() {
        for (x, points) in [(100.0, 0), (99.0, 1), (50.0, 1), (49.0, 2)] {
            assert_eq!(of_platelets(exactly(x)), (points, points), "platelets {x}");
        }
        for (x, points) in [(101.0, 0), (100.0, 1)] {
            assert_eq!(of_fibrinogen(exactly(x)), (points, points), "fibrinogen {x}");
        }
        for (x, points) in [(14.9, 0), (15.0, 1), (18.0, 1), (18.1, 2)] {
            assert_eq!(of_pt(exactly(x), [12.0, 12.0]), (points, points), "PT {x}");
        }
        for (x, points) in [(0.5, (0, 0)), (0.6, (0, 2)), (1.1, (2, 2)), (2.1, (2, 3)), (5.0, (2, 3)), (5.1, (3, 3))] {
            assert_eq!(of_d_dimer(exactly(x), [0.5, 1.0], [2.0, 5.0]), points, "D-dimer {x}");
        }
    }

    #[test]
    fn what_is_not_known_scores_between_least_and_most() {
        let sum = [
            of_platelets(Bounds::UNKNOWN),
            of_d_dimer(Bounds::UNKNOWN, [0.5, 1.0], [2.0, 5.0]),
            of_pt(Bounds::UNKNOWN, [12.0, 14.5]),
            of_fibrinogen(Bounds::UNKNOWN),
        ];
        assert_eq!(sum.iter().fold((0, 0), |s, p| (s.0 + p.0, s.1 + p.1)), (0, 8));
    }
}
