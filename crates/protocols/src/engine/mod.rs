//! The engine: events in, due actions out, one instant at a time.
//!
//! Like the grader it is causal and incremental. All events of an instant are gathered; then the axes settle once for every plan, scales
//! grade once, and a plan is asked only if something changed that one of its rules looks at, or a time came that one of them
//! waits for. Doses given at an instant are recognised after the rules of that instant have spoken, so that a dose charted with the
//! pressure that made it due counts as its answer.

mod advice;
mod change;
mod companion;
pub mod describe;
mod differences;
mod evaluate;
mod facts;
mod given;
mod grades;
mod handover;
mod item;
mod limits;
pub(crate) mod parts;
mod plan;
mod population;
mod product;
mod readings;
mod rule;
mod setup;
mod share;
mod slot;
mod stated;
mod support;
mod truth;
mod validity;

use crate::doses::{Rounding, Settings};
use crate::language::{Drug, Protocol, Which};
use barograph_grading::axes::{Axes, BreathingSupport, CirculatorySupport, Known, Reading};
use barograph_grading::companions::Options;
use barograph_grading::policy::DoseTables;
use barograph_grading::{Evidence, Policy};
use barograph_record::{Event, Instant, Patient, Record, Signal, Span, Texts};
use companion::CrsCourse;
use facts::Facts;
pub(crate) use given::is_dose;
use plan::{PlanState, bit};
pub(crate) use plan::{depth, obliges};
use support::Support;
use truth::earlier;

pub use advice::{Advice, DoseOption, Item, Possible, Silent, Standing};
pub use change::{Change, ChangeKind};
pub use differences::{Difference, Position, Stance, differences};
pub use evaluate::Atom;
pub use limits::Refusal;
pub use population::Applies;
pub use setup::EngineError;
pub use share::{NotCompared, Share};
pub use truth::Truth;

/// How far ahead the next change is looked for, and at how many instants at most.
const AHEAD: Span = Span::from_ms(7 * 86_400_000);
const MOST_LOOKS: usize = 500;

/// A day written with four decimals lies up to half of the last of them beside the minute that was charted.
const WRITTEN: Span = Span::from_ms(4_320);

/// What conditions may ask of the axes.
#[derive(Clone, Copy, PartialEq)]
struct Supports {
    fever: Known,
    circulation: Reading<CirculatorySupport>,
    breathing: Reading<BreathingSupport>,
    high_dose: [Reading<bool>; 2],
    elsewhere: [bool; 2],
}

impl Supports {
    fn of(axes: &Axes) -> Self {
        let answers = axes.answers();
        Self {
            fever: answers.fever,
            circulation: answers.circulation,
            breathing: answers.breathing,
            high_dose: [DoseTables::Lee2014, DoseTables::Penn2014].map(|tables| answers.high_dose(tables)),
            elsewhere: [axes.attribution.circulation.is_some(), axes.attribution.breathing.is_some()],
        }
    }
}

/// Several plans at work on one patient.
#[derive(Clone)]
pub struct Engine<'p> {
    facts: Facts,
    plans: Vec<PlanState<'p>>,
    /// Everything that some plan, axis or companion looks at.
    watched: u128,
    /// The instant whose events are being gathered.
    now: Option<Instant>,
    /// What the axes answered of fever and support when plans were asked last.
    supports: Option<Supports>,
    /// Signals charted at that instant, and doses given at it.
    seen: u128,
    pending: Vec<Event>,
    /// The course of CRS by ASTCT 2019, with its place, where a companion follows it.
    crs: Option<(usize, CrsCourse)>,
    changes: Vec<Change<'p>>,
    /// A grade that somebody stated by another scale than a plan's.
    other_scale: Vec<String>,
}

impl<'p> Engine<'p> {
    /// An engine for one patient.
    ///
    /// # Errors
    /// [`EngineError`] names the plan whose scale, companion or dose does not exist.
    pub fn new(
        patient: &Patient,
        policy: &Policy,
        options: &Options,
        rounding: Rounding,
        plans: impl IntoIterator<Item = &'p Protocol>,
    ) -> Result<Self, EngineError> {
        setup::engine(patient, policy, options, &Settings::new(policy, rounding), &plans.into_iter().collect::<Vec<_>>())
    }

    /// Takes the next event. Events come in time order; one that lies before its predecessor is taken at its predecessor's instant.
    pub fn push(&mut self, event: &Event, texts: &Texts) {
        if self.watched & bit(event.signal) == 0 {
            return;
        }
        self.advance(event.at);
        if is_dose(event) {
            self.round_up();
        }
        let at = self.now.unwrap_or(event.at);
        let event = Event { at, ..*event };
        self.seen |= bit(event.signal);
        self.facts.watch.apply(&event, texts);
        self.facts.readings.take(&event);
        self.facts.body.take(&event);
        self.facts.version += u64::from(matches!(event.signal, Signal::Weight | Signal::Height));
        for companion in &mut self.facts.companions {
            companion.take(&event, texts);
        }
        if event.signal == Signal::ReportedGrade {
            self.facts.statements.take(&event, texts);
            self.hear(texts.get(event.detail));
        }
        if is_dose(&event) {
            self.pending.push(event);
        }
    }

    /// Lets an hour come that some plan waits for, where a dose is charted so closely before it that only its writing lies between.
    fn round_up(&mut self) {
        let Some(now) = self.now.filter(|now| *now >= Instant::INFUSION) else { return };
        let next = self.plans.iter().filter_map(|plan| plan.next).filter(|next| *next > now && *next - now <= WRITTEN).min();
        if let Some(next) = next {
            self.advance(next);
        }
    }

    /// Whether each plan is for this patient, in the order of the plans.
    pub fn applies(&self) -> Vec<Applies> {
        self.plans.iter().map(|plan| plan.applies.clone()).collect()
    }

    /// Lets time pass without events.
    pub fn wait_until(&mut self, to: Instant) {
        self.advance(to);
    }

    /// What every plan says at a moment, of what was pushed so far. The engine itself stays where it is.
    pub fn at(&self, moment: Instant) -> Vec<Advice<'p>> {
        let mut copy = self.clone();
        copy.advance(moment.max(Instant::INFUSION));
        let now = copy.now.unwrap_or(moment);
        copy.close(now);
        let mut all: Vec<Advice<'p>> = copy.plans.iter().map(|plan| advice::advice(plan, &copy.facts)).collect();
        for (advice, next) in all.iter_mut().zip(copy.look_ahead(now)) {
            advice.next_look = next;
            let scale = advice.protocol.scale.get_ref();
            advice.notes.extend(validity::note(advice.protocol, &self.facts.patient));
            let others = copy.other_scale.iter().filter(|id| *id != scale);
            advice
                .notes
                .extend(others.map(|id| format!("a grade by {id} is charted; this plan speaks of {scale}, and grades are not mapped")));
        }
        all
    }

    /// For each plan, when its answer changes if nothing more is charted, and to what.
    fn look_ahead(&self, mut now: Instant) -> Vec<Option<(Instant, String)>> {
        let mut ahead = self.clone();
        let mut found = vec![None; self.plans.len()];
        let until = now + AHEAD;
        for _ in 0..MOST_LOOKS {
            let Some(deadline) = ahead.deadline(now).filter(|d| *d <= until) else { break };
            now = deadline;
            ahead.close(now);
            for ((slot, before), after) in found.iter_mut().zip(&self.plans).zip(&ahead.plans) {
                if slot.is_none() {
                    *slot = advice::difference(before, after).map(|what| (now, what));
                }
            }
            if found.iter().all(Option::is_some) {
                break;
            }
        }
        found
    }

    /// What changed so far, in time order; the present instant is closed first.
    pub fn finish(mut self) -> Vec<Change<'p>> {
        if let Some(now) = self.now {
            self.close(now);
        }
        for change in &mut self.changes {
            let Some(rule) = change.rule else { continue };
            let ChangeKind::Given { evidence, share, .. } = &mut change.kind else { continue };
            let plan = self.plans.iter().find(|plan| std::ptr::eq(plan.protocol, change.protocol));
            let told = Drug::of(evidence.signal).zip(plan).and_then(|(drug, plan)| plan.share(rule, drug, change.at, &self.facts));
            *share = told.unwrap_or(*share);
        }
        self.changes
    }

    /// Notes grades by scales that somebody stated: no plan takes them over.
    fn hear(&mut self, detail: &str) {
        let id = detail.trim().to_lowercase();
        if barograph_grading::scales::by_id(&id).is_some() && !self.other_scale.contains(&id) {
            self.other_scale.push(id);
        }
    }

    fn advance(&mut self, to: Instant) {
        // What was not charted since the infusion is unknown since then, and not since the first row.
        let mut now = *self.now.get_or_insert(to.min(Instant::INFUSION));
        if to <= now {
            return;
        }
        self.close(now);
        while let Some(deadline) = self.deadline(now).filter(|d| *d < to) {
            now = deadline;
            self.close(now);
        }
        self.now = Some(to);
    }

    fn deadline(&self, now: Instant) -> Option<Instant> {
        let mut next = self.facts.watch.deadline(now);
        for companion in &self.facts.companions {
            next = earlier(next, companion.deadline(now));
        }
        for plan in &self.plans {
            next = earlier(next, plan.next);
        }
        // The plans wait for the infusion, whatever was charted before it.
        let begins = Some(Instant::INFUSION).filter(|i| now < *i);
        earlier(next.filter(|n| *n > now), begins)
    }

    fn close(&mut self, now: Instant) {
        let seen = std::mem::take(&mut self.seen);
        self.facts.now = now;
        let settled = self.facts.watch.settle(now);
        if now < Instant::INFUSION {
            let unknown = vec![barograph_grading::Grade::between(0, 5); self.facts.grades.len()];
            for dose in std::mem::take(&mut self.pending) {
                self.facts.version += 1;
                if self.is_part(&dose) {
                    self.facts.doses.add_part(&dose);
                } else {
                    self.facts.doses.add(&dose, unknown.clone(), Support::UNKNOWN);
                }
            }
            return;
        }
        let grades = self.grade(now, settled);
        let supports = Supports::of(self.facts.watch.axes());
        let axes = settled && self.supports != Some(supports);
        self.supports = Some(supports);
        for plan in &mut self.plans {
            if plan.wakes(seen, grades, axes, now) {
                plan.evaluate(&self.facts, &mut self.changes);
            }
        }
        if !self.pending.is_empty() {
            self.take_doses();
        }
    }

    /// Brings the grades up to an instant; says which changed, by place.
    fn grade(&mut self, now: Instant, axes: bool) -> u64 {
        let facts = &mut self.facts;
        let mut changed = 0;
        if axes {
            for (place, course) in facts.grades.iter_mut().take(facts.scales).enumerate() {
                if let Some(said) = facts.watch.now(place) {
                    changed |= u64::from(course.set(now, said.verdict.grade, said.onset)) << place;
                }
            }
            if let Some((place, course)) = &mut self.crs
                && let Some(said) = facts.watch.now(*place)
                && course.set(now, said.verdict.grade, said.onset, said.resolved)
            {
                facts.companions.iter_mut().for_each(companion::CompanionTrack::crs_changed);
            }
        }
        let nothing = CrsCourse::default();
        let crs = self.crs.as_ref().map_or(&nothing, |(_, course)| course);
        for (i, companion) in facts.companions.iter_mut().enumerate() {
            companion.settle(now, crs);
            let place = facts.scales + i;
            if let Some(course) = facts.grades.get_mut(place) {
                changed |= u64::from(course.set(now, companion.grade(now), None)) << place;
            }
        }
        changed
    }

    /// Whether a row is a further part of the dose before it.
    fn is_part(&self, dose: &Event) -> bool {
        let Some((drug, plan)) = Drug::of(dose.signal).zip(self.plans.first()) else { return false };
        let last = self.facts.doses.find(&[drug], Which::Last, None).map(|g| (g.at, g.amount));
        parts::continues(dose, drug, last, &self.facts.body_at(dose.at), &plan.settings)
    }

    /// Recognises the doses of this instant, then lets them count.
    fn take_doses(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let grades: Vec<_> = self.facts.grades.iter().map(|g| g.grade).collect();
        let support = Support::of(self.facts.watch.axes());
        for dose in &pending {
            let Some(drug) = Drug::of(dose.signal) else { continue };
            self.facts.version += 1;
            if self.is_part(dose) {
                self.facts.doses.add_part(dose);
                continue;
            }
            for plan in &mut self.plans {
                plan.take_dose(drug, Evidence::of(dose), &self.facts, &mut self.changes);
            }
            self.facts.doses.add(dose, grades.clone(), support);
        }
        for plan in &mut self.plans {
            plan.evaluate(&self.facts, &mut self.changes);
        }
    }
}

/// Runs plans over a whole record: what each says at its end, and what changed on the way.
///
/// # Errors
/// As [`Engine::new`].
pub fn run<'p>(
    record: &Record,
    policy: &Policy,
    options: &Options,
    plans: impl IntoIterator<Item = &'p Protocol>,
) -> Result<Vec<Change<'p>>, EngineError> {
    let mut engine = Engine::new(&record.patient, policy, options, Rounding::None, plans)?;
    for event in &record.events {
        engine.push(event, &record.texts);
    }
    Ok(engine.finish())
}
