//! Acetaminophen for fever, within its daily limits: `[antipyretic]` of the ward, and the dose `acetaminophen-fever`.

use crate::child::ward::{ACETAMINOPHEN, antipyretic};

/// Half a minute, in days: the clock of a chart is whole minutes.
const CLOCK: f64 = 0.5 / 1440.0;

/// What was given so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Antipyretics {
    /// Day and mg of the doses of the last 24 hours.
    given: Vec<(f64, f64)>,
}

impl Antipyretics {
    /// The dose in mg that is given `at` this day for this temperature, if any.
    pub(crate) fn give(&mut self, at: f64, temperature: f64, weight_kg: f64) -> Option<f64> {
        self.given.retain(|(day, _)| at - day < 1.0 - CLOCK);
        let mg = ACETAMINOPHEN.mg(weight_kg).round();
        let most = (ACETAMINOPHEN.per_kg_in_24_hours * weight_kg).min(ACETAMINOPHEN.most_in_24_hours);
        let soon = self.given.last().is_some_and(|(day, _)| at - day < antipyretic::HOURS_BETWEEN / 24.0 - CLOCK);
        let full = self.given.iter().map(|(_, mg)| mg).sum::<f64>() + mg > most;
        (temperature >= antipyretic::FROM && !soon && !full).then(|| {
            self.given.push((at, mg));
            mg
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fever that never ends, looked at every ten minutes for a week: no 24 hours hold more than is allowed, and no two doses are closer than six hours.
    #[test]
    fn no_day_holds_more_than_is_allowed() {
        for weight in [10.0, 26.0, 66.0, 67.0, 140.0] {
            let mut ward = Antipyretics::default();
            let times = (0..7 * 144).map(|i| f64::from(i) / 144.0);
            let given: Vec<(f64, f64)> = times.filter_map(|at| ward.give(at, 40.0, weight).map(|mg| (at, mg))).collect();
            assert!(given.len() >= 4 * 7, "{} doses", given.len());
            assert!(given.windows(2).all(|w| w[1].0 - w[0].0 > 0.2499));
            for (start, _) in &given {
                let day: f64 = given.iter().filter(|(at, _)| (0.0..1.0 - 1e-6).contains(&(at - start))).map(|(_, mg)| mg).sum();
                assert!(day <= f64::min(75.0 * weight, 4000.0), "{day} mg in a child of {weight} kg");
            }
        }
    }

    /// Rounds drift by minutes: five doses must not fit into one day of a large child.
    #[test]
    fn a_fifth_gram_waits_for_the_day_to_end() {
        let mut ward = Antipyretics::default();
        let given: Vec<f64> = [0.006, 0.257, 0.508, 0.759].into_iter().filter_map(|at| ward.give(at, 39.0, 80.0)).collect();
        assert_eq!(given, [1000.0; 4]);
        assert_eq!(ward.give(1.0, 39.0, 80.0), None);
        assert_eq!(ward.give(1.01, 39.0, 80.0), Some(1000.0));
        assert_eq!(ward.give(2.0, 38.4, 80.0), None);
    }
}
