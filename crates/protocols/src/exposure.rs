//! How much tocilizumab and how much steroid a patient was given in all.

use crate::doses::{Body, prednisolone_equivalent};
use barograph_record::{Event, Record, Signal, Value};

/// Steroids, in the order of the reference.
pub const STEROIDS: [Signal; 4] = [Signal::Dexamethasone, Signal::Methylprednisolone, Signal::Hydrocortisone, Signal::Prednisolone];

/// Cumulative exposure of one patient, over the whole record.
///
/// An amount for each kilogram is by the last weight before the dose, however old, or else the first one charted after it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exposure {
    /// Tocilizumab.
    pub tocilizumab: Amounts,
    /// Steroids, as prednisolone.
    pub steroid: Amounts,
    /// Days from infusion or admission on which a steroid was given.
    pub steroid_days: u32,
}

/// Doses summed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amounts {
    /// Doses given.
    pub doses: u32,
    /// Milligrams of those whose amount is stated.
    pub mg: f64,
    /// The same for each kilogram; only doses for which some weight is known.
    pub mg_per_kg: f64,
    /// Doses whose amount is not stated, and which are in no sum.
    pub unstated: u32,
    /// Doses without any weight, which are not in the sum for each kilogram.
    pub unweighed: u32,
}

impl Amounts {
    fn add(&mut self, mg: Option<f64>, kg: Option<f64>) {
        self.doses += 1;
        match (mg, kg) {
            (None, _) => self.unstated += 1,
            (Some(mg), None) => {
                self.mg += mg;
                self.unweighed += 1;
            }
            (Some(mg), Some(kg)) => {
                self.mg += mg;
                self.mg_per_kg += mg / kg;
            }
        }
    }
}

impl Exposure {
    /// The exposure of one record.
    pub fn of(record: &Record) -> Self {
        let mut out = Self::default();
        let mut body = Body::of(&record.patient);
        let first = |e: &&Event| e.signal == Signal::Weight;
        let later = record.events.iter().find(first).and_then(|e| e.value.number()).filter(|kg| *kg > 0.0);
        let mut last_day = None;
        for event in &record.events {
            body.take(event);
            if event.value == Value::Number(0.0, barograph_record::Comparator::Exact) {
                continue;
            }
            let kg = body.weight.map(|w| w.value).or(later);
            if event.signal == Signal::Tocilizumab {
                out.tocilizumab.add(event.value.number(), kg);
            } else if STEROIDS.contains(&event.signal) {
                let equivalent = event.value.number().and_then(|mg| prednisolone_equivalent(event.signal, mg));
                out.steroid.add(equivalent, kg);
                let day = event.at.days().floor() as i64;
                if last_day != Some(day) {
                    out.steroid_days += 1;
                    last_day = Some(day);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barograph_record::{Comparator, Instant, Origin, Patient, TextId, Texts};

    #[test]
    fn doses_add_up_as_prednisolone_for_each_kilogram() {
        let event = |day: f64, signal, value| {
            let at = Instant::from_days(day).unwrap();
            Event { at, known: at, signal, value, channel: 0, detail: TextId(0), origin: Origin::default(), half_digit: 0.0 }
        };
        let mg = |x| Value::Number(x, Comparator::Exact);
        let events = vec![
            event(1.0, Signal::Tocilizumab, mg(240.0)),
            event(1.0, Signal::Dexamethasone, mg(7.5)),
            event(1.5, Signal::Methylprednisolone, mg(40.0)),
            event(2.5, Signal::Hydrocortisone, Value::Unquantified),
            event(3.0, Signal::Hydrocortisone, mg(0.0)),
        ];
        let patient = Patient { weight_kg: Some(20.0), ..Patient::new("p") };
        let exposure = Exposure::of(&Record { patient, events, texts: Texts::default(), files: Vec::new().into() });
        assert_eq!((exposure.tocilizumab.doses, exposure.tocilizumab.mg_per_kg), (1, 12.0));
        // Dexamethasone 7.5 mg and methylprednisolone 40 mg are 50 mg of prednisolone each.
        assert!((exposure.steroid.mg - 100.0).abs() < 1e-9 && (exposure.steroid.mg_per_kg - 5.0).abs() < 1e-9);
        assert_eq!((exposure.steroid.doses, exposure.steroid.unstated, exposure.steroid_days), (3, 1, 2));
    }
}
