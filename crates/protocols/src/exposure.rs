//! How much tocilizumab and how much steroid a patient was given in all.

use crate::doses::{Body, Settings, prednisolone_equivalent};
use crate::engine::{is_dose, parts};
use crate::language::Drug;
use barograph_record::{Event, Instant, Record, Signal};

/// Steroids, in the order of the reference.
pub const STEROIDS: [Signal; 4] = [Signal::Dexamethasone, Signal::Methylprednisolone, Signal::Hydrocortisone, Signal::Prednisolone];

/// Cumulative exposure of one patient, over the whole record.
///
/// An amount for each kilogram is by the last weight before the dose, however old, or else the first one charted after it. Vials that plans
/// join into one dose are one dose here too.
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
    /// Doses by a weight that hardly anybody of that age has, which are not in that sum either.
    pub unlikely: u32,
}

/// The weight by which a dose counts.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Weight {
    Known(f64),
    Unlikely,
    Missing,
}

impl Amounts {
    fn add(&mut self, mg: Option<f64>, weight: Weight) {
        self.doses += 1;
        match (mg, weight) {
            (None, _) => self.unstated += 1,
            (Some(_), Weight::Missing) => self.unweighed += 1,
            (Some(_), Weight::Unlikely) => self.unlikely += 1,
            (Some(_), Weight::Known(_)) => {}
        }
        self.add_part(mg, weight);
    }

    fn add_part(&mut self, mg: Option<f64>, weight: Weight) {
        let Some(mg) = mg else { return };
        self.mg += mg;
        if let Weight::Known(kg) = weight {
            self.mg_per_kg += mg / kg;
        }
    }
}

impl Exposure {
    /// The exposure of one record.
    pub fn of(record: &Record, settings: &Settings) -> Self {
        let mut out = Self::default();
        let mut body = Body::of(&record.patient);
        let first = |e: &&Event| e.signal == Signal::Weight;
        let later = record.events.iter().find(first).and_then(|e| e.value.number()).filter(|kg| *kg > 0.0);
        let mut last_day = None;
        let mut last: Option<(Instant, Option<f64>)> = None;
        for event in &record.events {
            body.take(event);
            if !is_dose(event) {
                continue;
            }
            body.years = record.patient.years_at(event.at);
            let weight = match body.weight.map(|w| w.value).or(later) {
                None => Weight::Missing,
                Some(kg) if settings.is_likely(kg, body.years) == Some(false) => Weight::Unlikely,
                Some(kg) => Weight::Known(kg),
            };
            if let (Signal::Tocilizumab, Some(drug)) = (event.signal, Drug::of(event.signal)) {
                let part = event.value.number();
                if parts::continues(event, drug, last, &body, settings) {
                    out.tocilizumab.add_part(part, weight);
                    last = last.map(|(at, given)| (at, given.zip(part).map(|(given, part)| given + part)));
                } else {
                    out.tocilizumab.add(part, weight);
                    last = Some((event.at, part));
                }
            } else if STEROIDS.contains(&event.signal) {
                let equivalent = event.value.number().and_then(|mg| prednisolone_equivalent(event.signal, mg));
                out.steroid.add(equivalent, weight);
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
    use crate::doses::Rounding;
    use barograph_grading::Policy;
    use barograph_record::{Age, Comparator, Origin, Patient, TextId, Texts, Value};

    fn event(day: f64, signal: Signal, value: Value) -> Event {
        let at = Instant::from_days(day).unwrap();
        Event { at, known: at, signal, value, channel: 0, detail: TextId(0), origin: Origin::default(), half_digit: 0.0 }
    }

    fn mg(x: f64) -> Value {
        Value::Number(x, Comparator::Exact)
    }

    fn exposure(patient: Patient, events: Vec<Event>) -> Exposure {
        let settings = Settings::new(&Policy::default_1().unwrap(), Rounding::None);
        Exposure::of(&Record { patient, events, texts: Texts::default(), files: Vec::new().into() }, &settings)
    }

    /// The doses and milligrams of tocilizumab that a child of 20 kg was given, charted as hours after day 1 and milligrams.
    fn vials(rows: &[(f64, Value)]) -> (u32, f64) {
        let events = rows.iter().map(|(hours, value)| event(1.0 + hours / 24.0, Signal::Tocilizumab, *value)).collect();
        let told = exposure(Patient { weight_kg: Some(20.0), ..Patient::new("p") }, events).tocilizumab;
        (told.doses, told.mg)
    }

    #[test]
    fn vials_that_make_up_one_dose_are_one() {
        // 240 mg are one dose: 12 mg/kg for 20 kg.
        assert_eq!(vials(&[(0.0, mg(200.0)), (0.0, mg(40.0))]), (1, 240.0));
        assert_eq!(vials(&[(0.0, mg(200.0)), (0.5, mg(40.0))]), (1, 240.0));
        assert_eq!(vials(&[(0.0, mg(80.0)), (0.2, mg(80.0)), (0.4, mg(80.0))]), (1, 240.0));
        // A tenth more is emptied vials; more than that, later, or of unknown amount is another dose.
        assert_eq!(vials(&[(0.0, mg(200.0)), (0.0, mg(64.0))]), (1, 264.0));
        assert_eq!(vials(&[(0.0, mg(200.0)), (0.0, mg(80.0))]), (2, 280.0));
        assert_eq!(vials(&[(0.0, mg(200.0)), (1.1, mg(40.0))]), (2, 240.0));
        assert_eq!(vials(&[(0.0, mg(200.0)), (0.0, Value::Unquantified)]), (2, 200.0));
    }

    #[test]
    fn a_weight_that_is_not_likely_is_in_no_sum_for_each_kilogram() {
        // Pounds for kilograms.
        let patient = Patient { age: Age::AtInfusion(6.0), weight_kg: Some(44.0), ..Patient::new("p") };
        let told = exposure(patient, vec![event(1.0, Signal::Tocilizumab, mg(240.0))]).tocilizumab;
        assert_eq!((told.doses, told.unlikely, told.mg, told.mg_per_kg), (1, 1, 240.0, 0.0));
    }

    #[test]
    fn doses_add_up_as_prednisolone_for_each_kilogram() {
        let events = vec![
            event(1.0, Signal::Tocilizumab, mg(240.0)),
            event(1.0, Signal::Dexamethasone, mg(7.5)),
            event(1.5, Signal::Methylprednisolone, mg(40.0)),
            event(2.5, Signal::Hydrocortisone, Value::Unquantified),
            event(3.0, Signal::Hydrocortisone, mg(0.0)),
        ];
        let patient = Patient { weight_kg: Some(20.0), ..Patient::new("p") };
        let exposure = exposure(patient, events);
        assert_eq!((exposure.tocilizumab.doses, exposure.tocilizumab.mg_per_kg), (1, 12.0));
        // Dexamethasone 7.5 mg and methylprednisolone 40 mg are 50 mg of prednisolone each.
        assert!((exposure.steroid.mg - 100.0).abs() < 1e-9 && (exposure.steroid.mg_per_kg - 5.0).abs() < 1e-9);
        assert_eq!((exposure.steroid.doses, exposure.steroid.unstated, exposure.steroid_days), (3, 1, 2));
    }
}
