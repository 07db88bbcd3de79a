//! Setting an engine up: which scales and companions are followed, and what is kept of the record.

use super::Engine;
use super::companion::{CompanionTrack, CrsCourse};
use super::facts::Facts;
use super::grades::GradeCourse;
use super::plan::{PlanState, bit};
use super::rule::each_condition;
use crate::doses::Settings;
use crate::language::{Action, Condition, Drug, Protocol};
use crate::library;
use barograph_grading::axes::Axes;
use barograph_grading::companions::{self, Companion, Options};
use barograph_grading::scales::{self, Scale};
use barograph_grading::{Policy, Watch};
use barograph_record::{Group, Patient, Signal, Span};
use thiserror::Error;

/// Why a plan cannot be put to work. A plan that [`lint`](crate::lint::lint) passes never fails here.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EngineError {
    /// There is no such scale.
    #[error("{protocol} expects grades of {scale:?}, which is no scale of barograph; choose one of `barograph list scales`")]
    UnknownScale {
        /// The plan.
        protocol: String,
        /// The scale.
        scale: String,
    },
    /// A rule asks for a grade of another scale.
    #[error("{protocol} asks for a grade of {scale:?} and expects {expected:?}: grades are refused, not mapped")]
    OtherScale {
        /// The plan.
        protocol: String,
        /// The scale it asks for.
        scale: String,
        /// The scale it expects.
        expected: String,
    },
    /// There is no such dose.
    #[error("{protocol} names the dose {dose:?}, which stands in no file of knowledge/doses")]
    UnknownDose {
        /// The plan.
        protocol: String,
        /// The dose.
        dose: String,
    },
}

/// What the conditions of all plans need.
#[derive(Default)]
struct Needs {
    scales: Vec<&'static dyn Scale>,
    companions: Vec<&'static dyn Companion>,
}

impl Needs {
    fn scale(&mut self, scale: &'static dyn Scale) -> usize {
        self.scales.iter().position(|s| s.id() == scale.id()).unwrap_or_else(|| {
            self.scales.push(scale);
            self.scales.len() - 1
        })
    }
}

/// Every condition of a plan.
fn conditions(protocol: &Protocol, visit: &mut impl FnMut(&Condition)) {
    for rule in protocol.rules.iter().map(toml::Spanned::get_ref) {
        for list in [&rule.when, &rule.unless, &rule.until] {
            each_condition(list, visit);
        }
    }
    for caution in protocol.cautions.iter().map(toml::Spanned::get_ref) {
        each_condition(&caution.when, visit);
    }
}

fn look_up_doses(protocol: &Protocol) -> Result<(), EngineError> {
    let actions = protocol.rules.iter().flat_map(|r| r.get_ref().then.iter());
    let gives = actions.flat_map(|a| match a.get_ref() {
        Action::Give(give) => vec![give],
        Action::OneOf(gives) => gives.iter().map(toml::Spanned::get_ref).collect(),
        _ => Vec::new(),
    });
    let ids = gives.flat_map(|g| g.dose.iter().chain(g.steps.iter().map(|s| &s.get_ref().dose)));
    for id in ids {
        if library::dose(id.get_ref()).is_none() {
            return Err(EngineError::UnknownDose { protocol: protocol.id.clone(), dose: id.get_ref().clone() });
        }
    }
    Ok(())
}

pub(super) fn engine<'p>(
    patient: &Patient,
    policy: &Policy,
    options: &Options,
    settings: &Settings,
    plans: &[&'p Protocol],
) -> Result<Engine<'p>, EngineError> {
    let mut needs = Needs::default();
    let mut places = Vec::new();
    for plan in plans {
        let scale = plan.scale.get_ref();
        let unknown = || EngineError::UnknownScale { protocol: plan.id.clone(), scale: scale.clone() };
        places.push(needs.scale(scales::by_id(scale).ok_or_else(unknown)?));
        look_up_doses(plan)?;
        let mut other = None;
        conditions(plan, &mut |condition| {
            let Condition::Grade(grade) = condition else { return };
            let Some(id) = grade.of.as_deref().filter(|id| id != scale) else { return };
            match companions::by_id(id) {
                Some(companion) if needs.companions.iter().all(|c| c.id() != id) => needs.companions.push(companion),
                Some(_) => {}
                None => other = Some(id.to_owned()),
            }
        });
        if let Some(scale) = other {
            let (protocol, expected) = (plan.id.clone(), plan.scale.get_ref().clone());
            return Err(EngineError::OtherScale { protocol, scale, expected });
        }
    }
    let follows_crs = needs.companions.iter().any(|c| c.id() != "icans-2019");
    let crs = if follows_crs { scales::by_id("astct-2019").map(|s| (needs.scale(s), CrsCourse::default())) } else { None };
    let watch = Watch::new(patient, policy, needs.scales.iter().copied());
    let mut facts = Facts::new(patient, policy, watch);
    facts.scales = needs.scales.len();
    let ids = needs.scales.iter().map(|s| s.id()).chain(needs.companions.iter().map(|c| c.id()));
    facts.grades = ids.map(GradeCourse::new).collect();
    facts.companions = needs.companions.iter().map(|c| CompanionTrack::new(*c, patient, options)).collect();
    let mut states: Vec<PlanState<'p>> =
        plans.iter().zip(places).map(|(plan, place)| PlanState::new(plan, place, patient, settings.clone())).collect();
    for state in &mut states {
        look_at(state, &mut facts);
    }
    let watched = watched(&states, &facts, policy);
    let (now, seen, pending, changes, other_scale, supports) = (None, 0, Vec::new(), Vec::new(), Vec::new(), None);
    Ok(Engine { facts, plans: states, watched, now, supports, seen, pending, crs, changes, other_scale })
}

/// Tells a plan what its conditions look at, and has the facts keep it.
fn look_at(state: &mut PlanState<'_>, facts: &mut Facts) {
    let (mut signals, mut grades, mut axes) = (state.signals, state.grades, state.axes);
    let place = state.place;
    let mut keep: Vec<(Signal, f64)> = Vec::new();
    conditions(state.protocol, &mut |condition| match condition {
        Condition::Grade(g) => {
            if let Some(place) = g.of.as_deref().and_then(|id| facts.place(id)) {
                grades |= 1 << place;
            }
        }
        Condition::NoImprovement(n) => axes |= n.support,
        Condition::Worse(w) => {
            axes |= w.support;
            if let (Some(hours), Some(course)) = (w.within_hours, facts.grades.get_mut(place)) {
                course.keep(Span::from_hours(hours));
            }
        }
        Condition::Fever(f) => {
            axes = true;
            if f.current {
                signals |= bit(Signal::Temperature) | bit(Signal::Encounter) | bit(Signal::Attribution);
            }
        }
        Condition::Circulation(_) | Condition::Breathing(_) | Condition::HighDoseVasopressors(_) => axes = true,
        Condition::Signal(s) => keep.push((s.name, s.within_hours)),
        Condition::Trend(t) => keep.push((t.name, t.within_hours)),
        Condition::Stated(s) => {
            facts.statements.watch(&s.what);
            signals |= bit(Signal::ReportedGrade);
        }
        _ => {}
    });
    let actions = state.protocol.rules.iter().flat_map(|r| r.get_ref().then.iter());
    for action in actions {
        if let Action::Test(test) = action.get_ref() {
            keep.extend(test.charted_as.iter().map(|s| (*s, test.every_hours.unwrap_or(24.0))));
        }
    }
    for (signal, hours) in keep {
        facts.readings.keep(signal, Span::from_hours(hours));
        signals |= bit(signal);
    }
    (state.signals, state.grades, state.axes) = (signals, grades, axes);
}

/// Every signal that somebody looks at; rows of others are passed over.
fn watched(plans: &[PlanState<'_>], facts: &Facts, policy: &Policy) -> u128 {
    let own = plans.iter().fold(bit(Signal::ReportedGrade), |all, plan| all | plan.signals);
    let axes = Axes::new(&facts.patient, policy);
    let companions = !facts.companions.is_empty();
    let watches = |signal: &&Signal| {
        axes.take(**signal)
            || Drug::of(**signal).is_some()
            || companions
                && matches!(signal.group(), Group::Neurology | Group::Chemistry | Group::Blood | Group::Judgement | Group::VitalSign)
    };
    Signal::ALL.iter().filter(watches).fold(own, |all, signal| all | bit(*signal))
}
