//! One plan at work on one patient.

use super::change::{Change, ChangeKind};
use super::describe;
use super::facts::Facts;
use super::handover::{self, Lapsing};
use super::item::{Item, Reply, State, Told, within};
use super::limits::Refusal;
use super::population::{Applies, applies};
use super::rule::{RuleState, ask, causes};
use super::share::{Answered, Share};
use super::slot::Slot;
use super::truth::{Truth, earlier};
use crate::doses::Settings;
use crate::language::{Caution, CautionKind, Drug, Kind, Protocol, Rule, Strength};
use barograph_grading::{Cause, Evidence};
use barograph_record::{Instant, Patient, Signal};

/// A plan at work.
#[derive(Clone)]
pub(crate) struct PlanState<'p> {
    pub(crate) protocol: &'p Protocol,
    pub(crate) place: usize,
    pub(crate) applies: Applies,
    pub(crate) settings: Settings,
    pub(crate) rules: Vec<RuleState<'p>>,
    /// Places of the rules: one that gives way to the course of another is asked after it.
    order: Vec<usize>,
    cautions: Vec<(&'p Caution, Vec<Slot>, Truth)>,
    /// Signals and grades (by place) that some condition looks at, and whether one looks at the axes.
    pub(crate) signals: u128,
    pub(crate) grades: u64,
    pub(crate) axes: bool,
    /// Drugs that some action gives.
    drugs: Vec<Drug>,
    /// Doses that were given against a limit, in words.
    against: Vec<String>,
    /// Doses that came for what was due.
    answered: Vec<Answered<'p>>,
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
        let rules: Vec<RuleState<'p>> = protocol.rules.iter().map(|rule| RuleState::new(rule.get_ref())).collect();
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
            order: order(protocol),
            cautions,
            signals: bit(Signal::Weight) | bit(Signal::Height) | bit(Signal::Death),
            grades: 1 << place,
            axes: false,
            drugs,
            against: Vec::new(),
            answered: Vec::new(),
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
        let mut lapsing = Vec::new();
        for place in 0..self.order.len() {
            if let Some(i) = self.order.get(place) {
                self.evaluate_rule(*i, facts, &mut lapsing);
            }
        }
        handover::settle(self.protocol, &mut self.rules, lapsing, facts.now, changes);
        handover::give_way(self.protocol, &mut self.rules, facts.now, changes);
        self.refuse(facts, changes);
        let now = facts.now;
        for rule in &self.rules {
            for item in &rule.items {
                self.next = earlier(self.next, item.deadline(rule.rule, self.protocol, now));
            }
        }
        self.next = self.next.filter(|n| *n > now);
    }

    fn evaluate_rule(&mut self, i: usize, facts: &Facts, lapsing: &mut Vec<Lapsing<'p>>) {
        let (protocol, place, applies) = (self.protocol, self.place, self.applies.truth);
        let yields_to = self.yields_to(i, facts.now);
        let Some(state) = self.rules.get_mut(i) else { return };
        let rule = state.rule;
        let mut answer = state.answer(facts, place, applies);
        state.yields_to = yields_to;
        if yields_to.is_some() {
            answer.truth = Truth::No;
        }
        self.next = earlier(self.next, answer.deadline);
        let was = std::mem::replace(&mut state.truth, answer.truth);
        match answer.truth {
            Truth::Yes => {
                if was != Truth::Yes {
                    state.began.get_or_insert(facts.now);
                    state.because = causes(&state.atoms(facts, place));
                }
                for item in &mut state.items {
                    item.advance(facts, &self.settings);
                }
            }
            truth => {
                for (n, item) in state.items.iter_mut().enumerate() {
                    let wanted = matches!(item.state, State::Wanted { .. });
                    // What was due before a gap lapses once the rule is certainly silent.
                    if wanted || truth == Truth::No {
                        lapsing.extend(Lapsing::of((i, n), truth == Truth::Unknown, item).filter(|_| !optional(protocol, rule)));
                    }
                    if wanted {
                        item.pause();
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

    /// The rule to whose course another gives way, while that runs.
    fn yields_to(&self, i: usize, now: Instant) -> Option<&'p Rule> {
        let to = self.rules.get(i)?.rule.gives_way_to.as_ref()?.get_ref();
        let runs = |state: &&RuleState<'p>| state.truth == Truth::Yes && state.items.iter().any(|item| item.holds(now));
        self.rules.iter().filter(runs).map(|state| state.rule).find(|rule| to.0.contains(&rule.id))
    }

    /// Looks whether limits, contraindications or earlier rules stand in the way of what is wanted.
    fn refuse(&mut self, facts: &Facts, changes: &mut Vec<Change<'p>>) {
        let mut claimed: Vec<(Drug, usize)> = Vec::new();
        let (protocol, settings, now) = (self.protocol, &self.settings, facts.now);
        let cautions = &self.cautions;
        // What is to be done comes before what may be considered.
        let (to_do, to_consider): (Vec<_>, Vec<_>) =
            self.rules.iter_mut().enumerate().partition(|(_, state)| obliges(protocol, state.rule));
        for (i, state) in to_do.into_iter().chain(to_consider) {
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
                    (*since, *told) = (now, Told::Not);
                }
                let appears = holder.is_none() && (*told == Told::Not || was_refused != refused.is_some());
                let overdue = refused.is_none()
                    && holder.is_none()
                    && obliges(protocol, rule)
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
                // What a rule before this one asks for in another dose is no longer asked for by this one.
                if holder.is_some() && !was_covered && !was_refused && *told > Told::Not {
                    *told = Told::Not;
                    tell(ChangeKind::Lapsed);
                }
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
        let answers = self.answers(drug, at);
        let (mut asked, mut possible) = (false, false);
        for (i, state) in self.rules.iter_mut().enumerate() {
            for (n, item) in state.items.iter_mut().enumerate() {
                let Some(choice) = item.choices.iter().find(|c| c.give.drug == drug) else { continue };
                possible |= state.truth == Truth::Unknown;
                let answer = answers.filter(|(_, rule, place)| (*rule, *place) == (i, n)).map(|(answer, ..)| answer);
                if answer.is_some() {
                    let due = item.dose(choice, protocol, facts, &self.settings).1;
                    self.answered.push(Answered::new(state.rule, drug, due, item.interval(choice, at), facts, &self.settings));
                }
                // In a gap of the charting a dose answers what was due before it, and keeps the hours of a course.
                let Some(late) = item.take(drug, at) else { continue };
                asked |= answer.is_some() || state.truth == Truth::Yes;
                if let Some(answer) = answer.filter(|_| !optional(protocol, state.rule)) {
                    // How much it was of what was due is told once its parts are charted.
                    let kind = ChangeKind::Given { late, early: answer == Reply::Early, share: Share::NotRecorded, evidence };
                    changes.push(Change { at, protocol, rule: Some(state.rule), what: describe::action(item.action), kind });
                }
            }
        }
        if !asked && self.drugs.contains(&drug) && protocol.kind != Kind::Options {
            changes.push(Change { at, protocol, rule: None, what: name(), kind: ChangeKind::WithoutRule { evidence, possible } });
        }
    }

    /// What a dose of a drug is the answer to, with the places of rule and item: one thing, whoever else asks for it.
    fn answers(&self, drug: Drug, at: Instant) -> Option<(Reply, usize, usize)> {
        let mut best = None;
        for (i, state) in self.rules.iter().enumerate() {
            for (n, item) in state.items.iter().enumerate() {
                let choice = item.choices.iter().find(|c| c.give.drug == drug);
                let answer = choice.and_then(|choice| item.answered_by(choice, at, &self.settings));
                // Whether a course goes on that comes early cannot be told in a gap.
                let answer = answer.filter(|answer| *answer != Reply::Early || state.truth == Truth::Yes);
                best = best.into_iter().chain(answer.map(|answer| (answer, i, n))).min();
            }
        }
        best
    }

    /// Death ends all advice.
    fn end(&mut self, now: Instant, changes: &mut Vec<Change<'p>>) {
        self.ended = true;
        let protocol = self.protocol;
        for state in &mut self.rules {
            for item in &mut state.items {
                if item.open().is_some() && !item.drugs.is_empty() && !optional(protocol, state.rule) {
                    let what = describe::action(item.action);
                    changes.push(Change { at: now, protocol, rule: Some(state.rule), what, kind: ChangeKind::Lapsed });
                }
                item.reset();
            }
            state.truth = Truth::No;
        }
    }

    /// What is to be said of doses that were given: against a limit, or less than was due.
    pub(crate) fn notes(&self, facts: &Facts) -> Vec<String> {
        self.against.iter().cloned().chain(self.answered.iter().filter_map(|a| a.note(facts, &self.settings))).collect()
    }

    /// How much a dose of a rule was of what was due, as far as it is charted.
    pub(crate) fn share(&self, rule: &Rule, drug: Drug, at: Instant, facts: &Facts) -> Option<Share> {
        self.answered.iter().find(|a| a.is(rule, drug, at)).map(|a| a.share(facts, &self.settings))
    }

    /// The cautions and contraindications that hold, or cannot be excluded, for a drug.
    pub(crate) fn cautions(&self, drug: Drug) -> impl Iterator<Item = (&'p Caution, Truth)> + '_ {
        self.cautions.iter().filter(move |(c, _, t)| c.drug.0.contains(&drug) && *t != Truth::No).map(|(c, _, t)| (*c, *t))
    }

    pub(crate) fn contraindication(&self, drug: Drug) -> Option<Refusal> {
        contraindicated(&self.cautions, drug)
    }
}

/// The places of a plan's rules, those first to whose courses others give way.
fn order(protocol: &Protocol) -> Vec<usize> {
    let mut order: Vec<usize> = (0..protocol.rules.len()).collect();
    order.sort_by_key(|i| protocol.rules.get(*i).map(|rule| depth(protocol, rule.get_ref(), protocol.rules.len())));
    order
}

/// How many rules stand above one in the order of giving way; no more than there are rules, in whatever circle they stand.
pub(crate) fn depth(protocol: &Protocol, rule: &Rule, most: usize) -> usize {
    let Some(to) = rule.gives_way_to.as_ref().filter(|_| most > 0) else { return 0 };
    let above = protocol.rules.iter().map(toml::Spanned::get_ref).filter(|other| to.get_ref().0.contains(&other.id));
    above.map(|other| 1 + depth(protocol, other, most - 1)).max().unwrap_or(0)
}

/// Whether a rule only tells what is possible: nobody keeps count of who follows it.
pub(crate) fn optional(protocol: &Protocol, rule: &Rule) -> bool {
    protocol.kind == Kind::Options || rule.strength == Strength::Option
}

/// Whether somebody is late who does not follow a rule. What is to be considered is an option, which is open, taken or not taken.
pub(crate) fn obliges(protocol: &Protocol, rule: &Rule) -> bool {
    protocol.kind != Kind::Options && rule.strength == Strength::Recommended
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
