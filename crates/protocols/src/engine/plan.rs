//! One plan at work on one patient.

use super::change::{Change, ChangeKind};
use super::describe;
use super::evaluate::{Atom, Evaluator};
use super::facts::Facts;
use super::item::{Item, State, Told, within};
use super::limits::Refusal;
use super::population::{Applies, applies};
use super::slot::Slot;
use super::truth::{Answer, Truth, earlier};
use crate::doses::Settings;
use crate::language::{Basis, Caution, CautionKind, Condition, Drug, Kind, Protocol, Rule, Strength};
use barograph_grading::{Cause, Evidence};
use barograph_record::{Instant, Patient, Signal};
use toml::Spanned;

/// A rule at work.
#[derive(Clone)]
pub(crate) struct RuleState<'p> {
    pub(crate) rule: &'p Rule,
    slots: [Vec<Slot>; 3],
    pub(crate) truth: Truth,
    /// When it began to speak.
    pub(crate) began: Option<Instant>,
    pub(crate) because: Vec<Cause>,
    pub(crate) items: Vec<Item<'p>>,
}

/// A plan at work.
#[derive(Clone)]
pub(crate) struct PlanState<'p> {
    pub(crate) protocol: &'p Protocol,
    pub(crate) place: usize,
    pub(crate) applies: Applies,
    pub(crate) settings: Settings,
    pub(crate) rules: Vec<RuleState<'p>>,
    cautions: Vec<(&'p Caution, Vec<Slot>, Truth)>,
    /// Signals and grades (by place) that some condition looks at, and whether one looks at the axes.
    pub(crate) signals: u128,
    pub(crate) grades: u64,
    pub(crate) axes: bool,
    /// Drugs that some action gives.
    drugs: Vec<Drug>,
    /// Doses that were given against a limit, in words.
    pub(crate) against: Vec<String>,
    /// When something changes by the passage of time.
    pub(crate) next: Option<Instant>,
    pub(crate) ended: bool,
    evaluated: bool,
}

pub(crate) const fn bit(signal: Signal) -> u128 {
    1 << (signal as u8)
}

impl<'p> PlanState<'p> {
    pub(crate) fn new(protocol: &'p Protocol, place: usize, patient: &Patient, settings: Settings) -> Self {
        let rules: Vec<RuleState<'p>> = protocol
            .rules
            .iter()
            .map(|rule| {
                let rule = rule.get_ref();
                let items = rule.then.iter().map(|action| Item::new(action.get_ref())).collect();
                RuleState { rule, slots: Default::default(), truth: Truth::No, began: None, because: Vec::new(), items }
            })
            .collect();
        let cautions = protocol.cautions.iter().map(|c| (c.get_ref(), Vec::new(), Truth::No)).collect();
        let mut drugs: Vec<Drug> = rules.iter().flat_map(|r| r.items.iter().flat_map(|i| i.drugs.iter().copied())).collect();
        drugs.sort_unstable();
        drugs.dedup();
        let applies = applies(protocol, patient);
        Self {
            protocol,
            place,
            applies,
            settings,
            rules,
            cautions,
            signals: bit(Signal::Weight) | bit(Signal::Height) | bit(Signal::Death),
            grades: 1 << place,
            axes: false,
            drugs,
            against: Vec::new(),
            next: None,
            ended: false,
            evaluated: false,
        }
    }

    /// Whether anything that it looks at changed.
    pub(crate) fn wakes(&self, seen: u128, grades: u64, axes: bool, now: Instant) -> bool {
        !self.evaluated
            || self.signals & seen != 0
            || self.grades & grades != 0
            || (self.axes && axes)
            || self.next.is_some_and(|next| now >= next)
    }

    /// Asks every rule at an instant, and moves what it makes due.
    pub(crate) fn evaluate(&mut self, facts: &Facts, changes: &mut Vec<Change<'p>>) {
        self.evaluated = true;
        self.next = None;
        if self.ended || self.applies.truth == Truth::No {
            return;
        }
        if facts.watch.axes().death.is_some() {
            self.end(facts.now, changes);
            return;
        }
        let before: Vec<Truth> = self.cautions.iter().map(|(.., truth)| *truth).collect();
        for (caution, slots, truth) in &mut self.cautions {
            if caution.when.is_empty() {
                *truth = Truth::Yes;
            } else {
                let answer = ask(facts, self.place, slots, |e| e.all(&caution.when));
                *truth = answer.truth;
                self.next = earlier(self.next, answer.deadline);
            }
        }
        if self.cautions.iter().zip(&before).any(|((.., truth), before)| truth != before) {
            self.rules.iter_mut().flat_map(|r| &mut r.items).for_each(Item::ask_again);
        }
        for i in 0..self.rules.len() {
            self.evaluate_rule(i, facts, changes);
        }
        self.refuse(facts, changes);
        let now = facts.now;
        for rule in &self.rules {
            for item in &rule.items {
                self.next = earlier(self.next, item.deadline(rule.rule, self.protocol, now));
            }
        }
        self.next = self.next.filter(|n| *n > now);
    }

    fn evaluate_rule(&mut self, i: usize, facts: &Facts, changes: &mut Vec<Change<'p>>) {
        let (protocol, place, applies) = (self.protocol, self.place, self.applies.truth);
        let Some(state) = self.rules.get_mut(i) else { return };
        let rule = state.rule;
        let answer = state.answer(facts, place, applies);
        self.next = earlier(self.next, answer.deadline);
        let was = std::mem::replace(&mut state.truth, answer.truth);
        match answer.truth {
            Truth::Yes => {
                if was != Truth::Yes {
                    state.began.get_or_insert(facts.now);
                    state.because = causes(&state.atoms(facts, place));
                }
                for item in &mut state.items {
                    item.advance(facts);
                }
            }
            truth => {
                for item in &mut state.items {
                    if let State::Wanted { refusal, covered, told, .. } = &item.state {
                        let open = refusal.is_none() && covered.is_none() && *told > Told::Not;
                        if open && !item.drugs.is_empty() && !optional(protocol, rule) {
                            let what = describe::action(item.action);
                            changes.push(Change { at: facts.now, protocol, rule: Some(rule), what, kind: ChangeKind::Lapsed });
                        }
                        item.state = State::Idle;
                    }
                    if truth == Truth::No || item.state == State::Standing {
                        item.reset();
                    }
                }
                if truth == Truth::No {
                    state.began = None;
                }
            }
        }
    }

    /// Looks whether limits, contraindications or earlier rules stand in the way of what is wanted.
    fn refuse(&mut self, facts: &Facts, changes: &mut Vec<Change<'p>>) {
        let mut claimed: Vec<(Drug, usize)> = Vec::new();
        let (protocol, settings, now) = (self.protocol, &self.settings, facts.now);
        let cautions = &self.cautions;
        for (i, state) in self.rules.iter_mut().enumerate() {
            let rule = state.rule;
            for item in &mut state.items {
                if !matches!(item.state, State::Wanted { .. }) || item.drugs.is_empty() {
                    continue;
                }
                let (free, refused) = item.permitted(protocol, facts, settings, |drug| contraindicated(cautions, drug));
                let chosen = free.and_then(|f| item.drugs.get(f).copied());
                let holder = chosen.and_then(|drug| claimed.iter().find(|(d, _)| *d == drug).map(|(_, r)| *r));
                if let (Some(drug), None) = (chosen, holder) {
                    claimed.push((drug, i));
                }
                let State::Wanted { since, refusal, covered, told } = &mut item.state else { continue };
                let (was_refused, was_covered) = (refusal.is_some(), covered.is_some());
                // What was forbidden until now became possible only now.
                if (was_refused && refused.is_none()) || (was_covered && holder.is_none()) {
                    *since = now;
                }
                let appears = holder.is_none() && (*told == Told::Not || was_refused != refused.is_some());
                let overdue = refused.is_none()
                    && holder.is_none()
                    && !optional(protocol, rule)
                    && *told < Told::Overdue
                    && now >= *since + within(rule, protocol);
                if appears {
                    *told = (*told).max(Told::Due);
                }
                if overdue {
                    *told = Told::Overdue;
                }
                let name = refused.as_ref().map(|r| r.id.clone());
                (*refusal, *covered) = (refused, holder);
                let mut tell = |kind| {
                    if !optional(protocol, rule) {
                        let what = describe::action(item.action);
                        changes.push(Change { at: now, protocol, rule: Some(rule), what, kind });
                    }
                };
                if appears {
                    tell(ChangeKind::Due { refused: name });
                }
                if overdue {
                    tell(ChangeKind::Overdue);
                }
            }
        }
    }

    /// Takes a dose given at this instant, before it counts for any condition.
    pub(crate) fn take_dose(&mut self, drug: Drug, evidence: Evidence, facts: &Facts, changes: &mut Vec<Change<'p>>) {
        if self.ended || self.applies.truth == Truth::No {
            return;
        }
        let (protocol, at) = (self.protocol, facts.now);
        let name = || drug.name().replace('_', " ");
        let refusals = super::limits::broken(protocol, drug, &evidence, facts);
        let dose = Cause { role: "given", evidence }.describe();
        self.against.extend(refusals.iter().map(|r| format!("{dose}, against a limit ({}): {}", r.id, r.reason)));
        if let Some(refusal) = refusals.into_iter().next() {
            let kind = ChangeKind::AgainstLimit { evidence, limit: refusal.id };
            changes.push(Change { at, protocol, rule: None, what: name(), kind });
        }
        let (mut asked, mut possible) = (false, false);
        for state in &mut self.rules {
            for item in &mut state.items {
                if !item.drugs.contains(&drug) {
                    continue;
                }
                possible |= state.truth == Truth::Unknown;
                if state.truth != Truth::Yes {
                    continue;
                }
                let open = matches!(item.state, State::Wanted { .. });
                if let Some(late) = item.take(drug, at) {
                    if open && !asked && !optional(protocol, state.rule) {
                        let what = describe::action(item.action);
                        changes.push(Change { at, protocol, rule: Some(state.rule), what, kind: ChangeKind::Given { late, evidence } });
                    }
                    asked = true;
                }
            }
        }
        if !asked && self.drugs.contains(&drug) && protocol.kind != Kind::Options {
            changes.push(Change { at, protocol, rule: None, what: name(), kind: ChangeKind::WithoutRule { evidence, possible } });
        }
    }

    /// Death ends all advice.
    fn end(&mut self, now: Instant, changes: &mut Vec<Change<'p>>) {
        self.ended = true;
        let protocol = self.protocol;
        for state in &mut self.rules {
            for item in &mut state.items {
                let open = matches!(&item.state, State::Wanted { refusal: None, covered: None, .. });
                if open && !item.drugs.is_empty() && !optional(protocol, state.rule) {
                    let what = describe::action(item.action);
                    changes.push(Change { at: now, protocol, rule: Some(state.rule), what, kind: ChangeKind::Lapsed });
                }
                item.reset();
            }
            state.truth = Truth::No;
        }
    }

    /// The cautions and contraindications that hold, or cannot be excluded, for a drug.
    pub(crate) fn cautions(&self, drug: Drug) -> impl Iterator<Item = (&'p Caution, Truth)> + '_ {
        self.cautions.iter().filter(move |(c, _, t)| c.drug.0.contains(&drug) && *t != Truth::No).map(|(c, _, t)| (*c, *t))
    }

    pub(crate) fn contraindication(&self, drug: Drug) -> Option<Refusal> {
        contraindicated(&self.cautions, drug)
    }
}

/// Whether a rule only tells what is possible: nobody is late who does not follow it.
pub(crate) fn optional(protocol: &Protocol, rule: &Rule) -> bool {
    protocol.kind == Kind::Options || rule.strength == Strength::Option
}

fn contraindicated(cautions: &[(&Caution, Vec<Slot>, Truth)], drug: Drug) -> Option<Refusal> {
    let holds = |(c, _, truth): &&(&Caution, Vec<Slot>, Truth)| {
        *truth == Truth::Yes && c.kind == CautionKind::Contraindication && c.drug.0.contains(&drug)
    };
    cautions.iter().find(holds).map(|(c, ..)| Refusal {
        id: c.id.clone(),
        reason: format!("contraindicated: {}", c.text),
        lifts: None,
        citation: c.citation.clone(),
        verified: c.verified,
    })
}

impl RuleState<'_> {
    fn answer(&mut self, facts: &Facts, place: usize, applies: Truth) -> Answer {
        let rule = self.rule;
        let [when, unless, until] = &mut self.slots;
        let asked = ask(facts, place, when, |e| e.all(&rule.when));
        let barred = ask(facts, place, unless, |e| e.any(&rule.unless));
        let over = if rule.until.is_empty() { Answer::lasting(Truth::No) } else { ask(facts, place, until, |e| e.all(&rule.until)) };
        // A course of which no dose was given has not begun: it does not outlast the grade or support that asked for it.
        let goes_on = self.began.is_some() && !rule.until.is_empty() && (self.is_followed() || !fallen(facts, place, &rule.when));
        let truth = match (barred.truth, over.truth) {
            // What would stop it as it starts does not let it start.
            (Truth::Yes, _) | (_, Truth::Yes) => Truth::No,
            _ if goes_on => Truth::Yes,
            _ if asked.truth == Truth::Unknown && rule.basis == Basis::Ceiling => Truth::Yes,
            _ => asked.truth,
        };
        let deadline = earlier(earlier(asked.deadline, barred.deadline), over.deadline);
        Answer { truth: truth.and(applies), deadline }
    }

    /// Whether a course of it runs, or it gives no drug, so that a record cannot show whether one does.
    fn is_followed(&self) -> bool {
        let mut courses = self.items.iter().filter(|i| !i.drugs.is_empty()).peekable();
        courses.peek().is_none() || courses.any(Item::runs)
    }

    /// Every condition of `when` as it is answered now, for reading.
    pub(crate) fn atoms(&self, facts: &Facts, place: usize) -> Vec<Atom> {
        let mut slots = self.slots[0].clone();
        let mut evaluator = Evaluator { facts, place, slots: &mut slots, cursor: 0, atoms: Some(Vec::new()) };
        evaluator.all(&self.rule.when);
        evaluator.atoms.unwrap_or_default()
    }
}

fn fallen(facts: &Facts, place: usize, when: &[Spanned<Condition>]) -> bool {
    Evaluator { facts, place, slots: &mut Vec::new(), cursor: 0, atoms: None }.fallen(when)
}

fn ask(facts: &Facts, place: usize, slots: &mut Vec<Slot>, question: impl FnOnce(&mut Evaluator<'_>) -> Answer) -> Answer {
    let mut evaluator = Evaluator { facts, place, slots, cursor: 0, atoms: None };
    question(&mut evaluator)
}

/// The facts behind conditions that hold, each once.
pub(crate) fn causes(atoms: &[Atom]) -> Vec<Cause> {
    let mut out: Vec<Cause> = Vec::new();
    for cause in atoms.iter().filter(|a| a.truth == Truth::Yes).flat_map(|a| &a.because) {
        if out.iter().all(|c| c.evidence != cause.evidence) {
            out.push(*cause);
        }
    }
    out
}

/// Every condition of a rule, with those inside others.
pub(crate) fn each_condition(conditions: &[Spanned<Condition>], visit: &mut impl FnMut(&Condition)) {
    for condition in conditions {
        visit(condition.get_ref());
        match condition.get_ref() {
            Condition::All(inner) | Condition::Any(inner) => each_condition(inner, visit),
            Condition::Not(inner) => each_condition(std::slice::from_ref(&**inner), visit),
            _ => {}
        }
    }
}
