//! Children and engine together.

use super::bedside::{Action, Antipyretics, Breathing, Chart, Ladder, Measured, Support, laboratory, measure};
use super::course::Course;
use super::draws::{Key, Purpose};
use super::extinction;
use super::model::{ChildModel, ChildState};
use super::person::Child;
use super::summary::Summary;
use super::treatment::{Drug, Order, Treatment, View};
use super::ward::{antipyretic, circulation, infusion, oxygen, response, rounds};
use crate::{Dose, Moment, Policy, Settings, Width};
use barograph_record::{Code, Signal};

/// How a course is simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Days from infusion to the end.
    pub days: f64,
    /// Relative tolerance of the integrator.
    pub tolerance: f64,
    /// Whether vital signs are charted and acted on; without it the child is left alone.
    pub bedside: bool,
    /// Threads; 0 for all cores. Results do not depend on it.
    pub threads: usize,
    /// Children side by side on a thread. Results do not depend on it either.
    pub lanes: Width,
}

impl Default for Options {
    fn default() -> Self {
        Self { days: 42.0, tolerance: 1e-4, bedside: true, threads: 0, lanes: Width::widest() }
    }
}

/// A child whose equations could not be followed: enough to run it again.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "child {} of seed {} (replicate {}) failed on day {}: {}",
    child.number, child.key.seed, child.key.replicate, cause.time, cause.reason
)]
pub struct Failure {
    /// Who, with all parameters.
    pub child: Box<Child>,
    /// When and why.
    pub cause: crate::Failure,
}

impl Failure {
    /// The seed that the child was drawn under.
    pub fn seed(&self) -> u64 {
        self.child.key.seed
    }
}

/// Simulates each child under the rule that `treatment` gives it, and makes of each course what `reduce` keeps. Results are in the order of `children`.
///
/// A child that fails is tried again with smaller errors; if it fails still, it is told of and does not stop the others.
pub fn simulate<T: Treatment, R: Send>(
    model: &ChildModel,
    options: &Options,
    children: &[Child],
    treatment: impl Fn(&Child) -> T + Sync,
    reduce: impl Fn(Course) -> R + Sync,
) -> Vec<Result<R, Failure>> {
    let mut results = attempt(model, options, children, &treatment, &reduce);
    // A child whose steps vanish is tried again with smaller errors, alone.
    for (result, child) in results.iter_mut().zip(children) {
        for closer in [0.1, 0.01] {
            if result.is_ok() {
                break;
            }
            let options = Options { tolerance: closer * options.tolerance, ..*options };
            if let Some(again) = attempt(model, &options, std::slice::from_ref(child), &treatment, &reduce).pop() {
                *result = again;
            }
        }
    }
    results
}

fn attempt<T: Treatment, R: Send>(
    model: &ChildModel,
    options: &Options,
    children: &[Child],
    treatment: &(impl Fn(&Child) -> T + Sync),
    reduce: &(impl Fn(Course) -> R + Sync),
) -> Vec<Result<R, Failure>> {
    let mut settings = Settings::new(vec![options.days]).rtol(options.tolerance);
    settings.keep = vec![model.states.effectors];
    settings.threads = options.threads;
    settings.lanes = options.lanes;
    let results = crate::run(
        &model.model,
        &settings,
        0..children.len() as u64,
        |number, patient| {
            let child = &children[number as usize];
            patient.parameters.clone_from(&child.parameters);
            patient.states = begin(model, child);
            patient.decisions.push(0.0);
            Bedside::new(model, child, options, treatment(child))
        },
        |course, bedside: Bedside<'_, T>| reduce(bedside.finish(course.steps)),
    );
    let with_child =
        |(result, child): (Result<R, crate::Failure>, &Child)| result.map_err(|cause| Failure { child: Box::new(child.clone()), cause });
    results.into_iter().zip(children).map(with_child).collect()
}

/// The CD19-negative cells at the start are counted, not a fraction of a cell.
fn begin(model: &ChildModel, child: &Child) -> Vec<(usize, f64)> {
    let share = child.parameters[model.parameters.negative_share];
    let cells = child.burden_percent / 100.0 * 5.1e11 * child.weight_kg / 39.0;
    let drawn = child.key.draws(Purpose::Extinction, u32::MAX).poisson((share * cells).min(cells));
    vec![(model.states.negative, drawn)]
}

struct Bedside<'a, T> {
    model: &'a ChildModel,
    child: &'a Child,
    key: Key,
    treatment: T,
    attended: bool,
    ladder: Ladder,
    antipyretics: Antipyretics,
    chart: Chart,
    summary: Summary,
    inpatient: bool,
    well_since: f64,
    seen: Measured,
    bolus: f64,
    asked_to: usize,
    next_round: f64,
    next_day: u32,
    clones: (f64, [f64; 2]),
}

/// After this day a child is seen once in `LATE_STEP` days.
const LATE: u32 = 60;
const LATE_STEP: u32 = 5;

impl<'a, T: Treatment> Bedside<'a, T> {
    fn new(model: &'a ChildModel, child: &'a Child, options: &Options, treatment: T) -> Self {
        let key = child.key;
        let prefers_vasopressin = key.draws(Purpose::Bedside, u32::MAX).chance(circulation::VASOPRESSIN_SHARE);
        Self {
            model,
            child,
            key,
            treatment,
            attended: options.bedside,
            ladder: Ladder::new(prefers_vasopressin),
            antipyretics: Antipyretics::default(),
            chart: Chart::default(),
            summary: Summary::default(),
            inpatient: true,
            well_since: 0.0,
            seen: Measured::default(),
            bolus: f64::NEG_INFINITY,
            asked_to: 0,
            next_round: 0.0,
            next_day: 0,
            clones: (0.0, [0.0; 2]),
        }
    }

    fn finish(self, steps: (u32, u32)) -> Course {
        Course { child: self.child.clone(), notes: self.chart.notes, summary: self.summary, steps }
    }

    /// Chance takes over from the equations where leukaemic cells are few.
    fn extinction(&mut self, day: f64, state: &ChildState<'_>, moment: &mut Moment<'_>) {
        let (from, before) = self.clones;
        let days = day - from;
        // Less than one CAR-T cell is none: a fraction of a cell must not grow again on a relapse.
        let s = self.model.states;
        let car_t = [s.infused, s.effectors, s.memory, s.exhausted];
        if car_t.iter().map(|i| state.states()[*i]).sum::<f64>() < 1.0 {
            for i in car_t {
                moment.set_state(i, 0.0);
            }
        }
        let mut after = [state.positive(), state.negative()];
        if days > 0.0 && after.iter().any(|n| *n < extinction::THRESHOLD) {
            let names = self.model.parameters;
            let growth = self.child.parameters[names.growth];
            let mut draws = self.key.draws(Purpose::Extinction, (day * 24.0).round() as u32);
            // Few cells grow freely unless there are many of the other kind; mutants are what growth does not explain.
            let crowd = (before[0] + before[1]) / (5.4e11 * self.child.weight_kg / 39.0);
            let entered = (after[1] - before[1] * (growth * (1.0 - crowd) * days).exp()).max(0.0);
            let places = [self.model.states.positive, self.model.states.negative];
            for (i, entered) in [0.0, entered].into_iter().enumerate() {
                let drawn = extinction::redraw(before[i], after[i], growth, entered, days, &mut draws);
                if drawn != after[i] {
                    moment.set_state(places[i], drawn);
                    after[i] = drawn;
                }
            }
        }
        self.clones = (day, after);
    }

    fn round(&mut self, day: f64, state: &ChildState<'_>, moment: &mut Moment<'_>) {
        let mut draws = self.key.draws(Purpose::Bedside, (day * 24.0).round() as u32);
        let minutes = (rounds::LATE_MINUTES * draws.uniform()).floor();
        let at = day + minutes / 1440.0;
        let seen = measure(state, self.child.age_years, &self.ladder.support, &mut draws);
        let febrile = seen.temperature.is_some_and(|t| t >= rounds::FEVER);
        if !self.inpatient {
            if !febrile {
                self.next_round = day + rounds::HOME_HOURS / 24.0;
                return;
            }
            self.inpatient = true;
            self.chart.word(at, Signal::Encounter, Code::Start);
            self.write_oxygen(at);
        }
        self.write_vitals(at, &seen);
        if let Some(mg) = seen.temperature.and_then(|t| self.antipyretics.give(at, t, self.child.weight_kg)) {
            moment.give(Dose::bolus(self.model.states.antipyretic, moment.time(), antipyretic::EFFECT));
            self.chart.number(at, Signal::Acetaminophen, mg, 0);
        }
        let limit = self.child.pressure_limit();
        let actions = self.ladder.act(day, &seen, limit, |step| super::bedside::saturation(state, step));
        for action in actions {
            self.carry_out(action, at, moment);
        }
        self.seen = Measured { systolic: seen.systolic.or(self.seen.systolic), spo2: seen.spo2.or(self.seen.spo2), ..seen };
        if febrile || self.ladder.support.any() {
            self.well_since = day;
        }
        if day >= rounds::DISCHARGE_DAY && day - self.well_since >= rounds::WELL_DAYS {
            self.inpatient = false;
            self.chart.word(at, Signal::Encounter, Code::End);
        }
        self.next_round = day + self.interval(day, limit) / 24.0;
    }

    /// Hours to the next round: close in intensive care or in doubt, else as on the ward or at home.
    fn interval(&self, day: f64, limit: f64) -> f64 {
        let doubt = self.seen.systolic.is_none_or(|s| s < limit + rounds::DOUBT_PRESSURE)
            || self.seen.spo2.is_none_or(|s| s < rounds::DOUBT_SATURATION);
        if !self.inpatient {
            rounds::HOME_HOURS
        } else if self.ladder.support.any() || doubt || day - self.bolus < rounds::DOUBT_HOURS_AFTER_BOLUS / 24.0 {
            rounds::CLOSE_HOURS
        } else {
            rounds::WARD_HOURS
        }
    }

    fn write_vitals(&mut self, at: f64, seen: &Measured) {
        let values = [
            (Signal::Temperature, seen.temperature, 1),
            (Signal::SystolicBp, seen.systolic, 0),
            (Signal::DiastolicBp, seen.diastolic, 0),
            (Signal::Spo2, seen.spo2, 0),
            (Signal::HeartRate, seen.heart_rate, 0),
            (Signal::RespiratoryRate, seen.respiratory_rate, 0),
        ];
        for (signal, value, decimals) in values {
            if let Some(value) = value {
                self.chart.number(at, signal, value, decimals);
            }
        }
    }

    fn carry_out(&mut self, action: Action, at: f64, moment: &mut Moment<'_>) {
        let states = self.model.states;
        match action {
            Action::Bolus(ml_per_kg) => {
                self.bolus = at;
                moment.give(Dose::bolus(states.plasma, moment.time(), response::PLASMA_OF_20_ML_PER_KG * ml_per_kg / 20.0));
                self.chart.number(at, Signal::FluidBolus, ml_per_kg, 0);
            }
            Action::Vasopressors => self.write_vasopressors(at),
            Action::Oxygen => self.write_oxygen(at),
        }
    }

    /// What runs; a drug that never ran is not charted as stopped.
    fn write_vasopressors(&mut self, at: f64) {
        let c = self.ladder.support.circulation;
        let rates =
            [(Signal::Norepinephrine, c.norepinephrine), (Signal::Epinephrine, c.epinephrine), (Signal::Vasopressin, c.vasopressin)];
        for (signal, rate) in rates {
            let last = self.chart.notes.iter().rev().find(|note| note.signal == signal).map(|note| note.value);
            let now = super::bedside::NoteValue::Number((rate * 1e4).round() / 1e4);
            let told = last.map_or(rate == 0.0, |last| last == now);
            if !told {
                self.chart.add(at, signal, now);
            }
        }
    }

    fn write_oxygen(&mut self, at: f64) {
        let kg = self.child.weight_kg;
        let (device, flow, fio2) = match self.ladder.support.breathing {
            Breathing::RoomAir => (Code::RoomAir, None, None),
            Breathing::NasalCannula => (Code::NasalCannula, Some(oxygen::CANNULA_FLOW), None),
            Breathing::HighFlow => {
                let flow = (oxygen::HIGH_FLOW_PER_KG * kg).clamp(oxygen::HIGH_FLOW_LEAST, oxygen::HIGH_FLOW_MOST);
                (Code::HighFlowNasalCannula, Some(flow.round()), Some(oxygen::HIGH_FLOW_FIO2))
            }
            Breathing::Bipap => (Code::Bipap, None, Some(oxygen::BIPAP_FIO2)),
            Breathing::Ventilated => (Code::InvasiveVentilation, None, Some(oxygen::VENTILATED_FIO2)),
        };
        self.chart.word(at, Signal::OxygenDevice, device);
        if device == Code::InvasiveVentilation {
            self.chart.word(at, Signal::VentilationIndication, Code::Hypoxia);
        }
        if let Some(flow) = flow {
            self.chart.number(at, Signal::OxygenFlow, flow, 0);
        }
        if let Some(fio2) = fio2 {
            self.chart.number(at, Signal::Fio2, fio2, 0);
        }
    }

    fn treat(&mut self, day: f64, state: &ChildState<'_>, moment: &mut Moment<'_>) {
        let support: Support = self.ladder.support;
        let view = View { day, child: self.child, support: &support, notes: &self.chart.notes, new_from: self.asked_to };
        let orders = self.treatment.decide(&view);
        self.asked_to = self.chart.notes.len();
        for order in orders {
            self.give(day, order, state, moment);
        }
    }

    fn give(&mut self, day: f64, order: Order, state: &ChildState<'_>, moment: &mut Moment<'_>) {
        const LONG: f64 = infusion::HOURS / 24.0;
        let states = self.model.states;
        let Order { drug, mg } = order;
        let (signal, dose) = match drug {
            Drug::Tocilizumab => (Signal::Tocilizumab, Dose::infusion(states.tocilizumab, day, mg, LONG)),
            Drug::Siltuximab => (Signal::Siltuximab, Dose::infusion(states.siltuximab, day, mg, LONG)),
            Drug::Emapalumab => (Signal::Emapalumab, Dose::infusion(states.emapalumab, day, mg, LONG)),
            // As dexamethasone: 4 mg are 0.75 mg.
            Drug::Methylprednisolone => (Signal::Methylprednisolone, Dose::bolus(states.steroid, day, 0.1875 * mg)),
            Drug::Dexamethasone => (Signal::Dexamethasone, Dose::bolus(states.steroid, day, mg)),
            Drug::Anakinra => (Signal::Anakinra, Dose::bolus(states.anakinra, day, mg)),
            Drug::Dasatinib => (Signal::Dasatinib, Dose::bolus(states.dasatinib, day, mg)),
        };
        if drug == Drug::Tocilizumab {
            self.summary.first_tocilizumab(day, state);
        }
        moment.give(dose);
        self.chart.number(day, signal, mg, 1);
    }
}

impl<T: Treatment> Policy for Bedside<'_, T> {
    fn decide(&mut self, moment: &mut Moment<'_>) {
        let day = moment.time();
        let child = self.child;
        let state = ChildState::of(self.model, moment, &child.parameters);
        if day == 0.0 {
            self.clones = (0.0, [state.positive(), state.negative()]);
            self.chart.number(0.0, Signal::Weight, child.weight_kg, 1);
            self.chart.number(0.0, Signal::MarrowBlasts, child.burden_percent, 1);
            if self.attended {
                self.chart.word(0.0, Signal::OxygenDevice, Code::RoomAir);
            }
        }
        self.summary.see(day, &state);
        let whole = f64::from(self.next_day);
        let at_whole_day = day >= whole - 1e-9;
        if at_whole_day {
            self.summary.at_whole_day(self.next_day, &state);
            if day > 0.0 {
                self.extinction(day, &state, moment);
            }
        }
        if self.attended {
            if at_whole_day && self.next_day <= 60 {
                let mut draws = self.key.draws(Purpose::Laboratory, self.next_day);
                laboratory(&mut self.chart, day, self.next_day, &state, self.inpatient, &mut draws);
            }
            if day >= self.next_round - 1e-9 && day <= f64::from(LATE) {
                self.round(day, &state, moment);
            }
        }
        self.treat(day, &state, moment);
        if at_whole_day {
            self.next_day += if self.next_day < LATE { 1 } else { LATE_STEP };
        }
        let mut next = f64::from(self.next_day);
        if self.attended && self.next_round > day && self.next_round <= f64::from(LATE) {
            next = next.min(self.next_round);
        }
        if let Some(due) = self.treatment.due().filter(|due| *due > day) {
            next = next.min(due);
        }
        moment.wake_at(next);
    }
}
