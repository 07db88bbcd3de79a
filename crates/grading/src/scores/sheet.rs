//! Reading inputs at an instant, and keeping account of what was read and what was missing.

use super::measure::{Grain, Measure};
use super::state::State;
use super::{Bounds, Point};
use crate::course::Evidence;
use crate::policy::UnlistedVasopressors;
use barograph_record::{Comparator, Event, Signal, UnitError, Value};

/// One evaluation of a score: what it reads of the record becomes its evidence or its list of what is unstated.
pub(super) struct Sheet<'s, 'r> {
    pub(super) state: &'s State<'r>,
    evidence: Vec<Evidence>,
    unstated: Vec<&'static str>,
    notes: Vec<&'static str>,
}

impl<'s, 'r> Sheet<'s, 'r> {
    pub(super) fn new(state: &'s State<'r>) -> Self {
        Self { state, evidence: Vec::new(), unstated: Vec::new(), notes: Vec::new() }
    }

    pub(super) fn point(self, bounds: Bounds) -> Point {
        let Bounds { floor, ceiling } = bounds;
        let unstated = if bounds.is_exact() { Vec::new() } else { self.unstated };
        Point { at: self.state.now, floor, ceiling, inputs: self.evidence, unstated, notes: self.notes }
    }

    /// Evaluates one part; what it could not read does not matter where its result is exact all the same.
    pub(super) fn part(&mut self, part: impl FnOnce(&mut Self) -> Bounds) -> Bounds {
        let before = self.unstated.len();
        let bounds = part(self);
        if bounds.is_exact() {
            self.unstated.truncate(before);
        }
        bounds
    }

    pub(super) fn miss(&mut self, what: &'static str) {
        if !self.unstated.contains(&what) {
            self.unstated.push(what);
        }
    }

    pub(super) fn note(&mut self, what: &'static str) {
        if !self.notes.contains(&what) {
            self.notes.push(what);
        }
    }

    pub(super) fn cite(&mut self, event: &Event) {
        let evidence = Evidence::of(event);
        if !self.evidence.contains(&evidence) {
            self.evidence.push(evidence);
        }
    }

    /// The event of a signal that holds now; noted as missing where there is none.
    pub(super) fn held(&mut self, signal: Signal) -> Option<&'r Event> {
        let held = self.state.held(signal);
        match held {
            Some(event) => self.cite(event),
            None => self.miss(signal.name()),
        }
        held
    }

    /// A signal in a formula's unit; anything where it is not charted or has lapsed.
    pub(super) fn read(&mut self, measure: &Measure) -> Bounds {
        match measure.signal {
            signal if signal.is_rate() => self.rate(measure),
            Signal::MeanBp if self.state.held(Signal::MeanBp).is_none() => self.mean_from_cuff(measure),
            signal => {
                let Some(event) = self.held(signal) else { return Bounds::ANY };
                self.number(event, measure)
            }
        }
    }

    /// How exactly the number that holds of a signal was charted.
    pub(super) fn grain(&self, measure: &Measure) -> Grain {
        self.state.held(measure.signal).map_or(Grain::NONE, |event| measure.grain(event))
    }

    fn number(&mut self, event: &Event, measure: &Measure) -> Bounds {
        match measure.bounds(event.value, self.weight_kg()) {
            Ok(Some(bounds)) => {
                if !bounds.is_exact() {
                    self.miss(measure.signal.name());
                }
                bounds
            }
            Ok(None) => {
                self.miss(measure.signal.name());
                Bounds::ANY
            }
            Err(_) => {
                self.miss("weight");
                Bounds::ANY
            }
        }
    }

    /// Diastolic pressure and a third of the pulse pressure, as Phoenix does where no mean is charted.
    fn mean_from_cuff(&mut self, measure: &Measure) -> Bounds {
        let (Some(systolic), Some(diastolic)) = (self.state.held(Signal::SystolicBp), self.state.held(Signal::DiastolicBp)) else {
            self.miss(Signal::MeanBp.name());
            return Bounds::ANY;
        };
        let (Some(high), Some(low)) = (systolic.value.number(), diastolic.value.number()) else {
            self.miss(Signal::MeanBp.name());
            return Bounds::ANY;
        };
        self.cite(systolic);
        self.cite(diastolic);
        let mean = Value::Number(barograph_record::round_significant(low + (high - low) / 3.0), Comparator::Exact);
        measure.bounds(mean, None).ok().flatten().unwrap_or(Bounds::ANY)
    }

    /// Total rate of a drug over its pumps; a drug without any row is as the options say.
    fn rate(&mut self, measure: &Measure) -> Bounds {
        if measure.convert(1.0, None).is_err()
            && let Some(weight) = self.state.held(Signal::Weight)
            && self.state.pumps(measure.signal).any(|p| p.value.is_running())
        {
            self.cite(weight);
        }
        let mut charted = false;
        let mut total = Bounds::ZERO;
        for pump in self.state.pumps(measure.signal) {
            charted = true;
            if pump.value == Value::Words {
                // It may run, and may not.
                self.cite(pump);
                self.miss("infusion rate");
                total = total.plus(Bounds::ANY);
                continue;
            }
            if !pump.value.is_running() {
                continue;
            }
            self.cite(pump);
            let one = match measure.bounds(pump.value, self.weight_kg()) {
                Ok(Some(bounds)) => bounds.max(Bounds::exactly(f64::MIN_POSITIVE)),
                Ok(None) => {
                    self.miss("infusion rate");
                    Bounds::SOME
                }
                Err(UnitError::NeedsWeight(_)) => {
                    self.miss("weight");
                    Bounds::SOME
                }
                Err(_) => Bounds::SOME,
            };
            total = total.plus(one);
        }
        if !charted && self.state.options.unlisted_vasoactives == UnlistedVasopressors::Unknown {
            self.miss(measure.signal.name());
            return Bounds::ANY;
        }
        total.through(barograph_record::round_significant)
    }

    /// Body weight in kilograms: the last charted, else the one stated with the patient.
    pub(super) fn weight_kg(&self) -> Option<f64> {
        self.state.held(Signal::Weight).and_then(|e| e.value.number()).or(self.state.record.patient.weight_kg)
    }

    /// Height in centimetres: the last charted, else the one stated with the patient.
    pub(super) fn height_cm(&self) -> Option<f64> {
        self.state.held(Signal::Height).and_then(|e| e.value.number()).or(self.state.record.patient.height_cm)
    }
}
