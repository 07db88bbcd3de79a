//! One action of one rule, through its states.

use super::facts::Facts;
use super::limits::{self, Refusal};
use super::plan::obliges;
use super::truth::earlier;
use crate::doses::{Dose, DoseRefused, Settings};
use crate::language::{Action, Drug, Give, Protocol, Rule};
use crate::library::{self, Dosing};
use barograph_record::{Instant, Span};

/// A drug that an action names, with its doses looked up.
#[derive(Clone)]
pub(crate) struct Choice<'p> {
    pub(crate) give: &'p Give,
    /// The dose, or the doses of its steps.
    doses: Vec<Option<Dosing<'static>>>,
}

/// Where an action stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// Its rule does not speak.
    Idle,
    /// It holds as long as its rule does; a record cannot show it done.
    Standing,
    /// It is to be done.
    Wanted {
        /// Since when it was, and might have been.
        since: Instant,
        /// What forbids it.
        refusal: Option<Refusal>,
        /// The rule that asks for the same drug already.
        covered: Option<usize>,
        /// Whether it was told that it is due, and that it is overdue.
        told: Told,
    },
    /// It was done.
    Done { at: Instant, late: Span },
    /// It was done, and will be due again.
    Scheduled { next: Instant },
    /// All doses of the course were given.
    Complete { at: Instant },
}

/// To what a dose is the answer, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reply {
    /// To what is due, or was due before a gap in the charting.
    Due,
    /// To what is wanted, and refused or asked for by another rule.
    Barred,
    /// To the next dose of a course, before its hour.
    Early,
}

/// How far a due action was told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Told {
    Not,
    Due,
    Overdue,
}

/// One action of one rule.
#[derive(Clone)]
pub(crate) struct Item<'p> {
    pub(crate) action: &'p Action,
    pub(crate) choices: Vec<Choice<'p>>,
    pub(crate) drugs: Vec<Drug>,
    pub(crate) state: State,
    /// The first dose given while the rule spoke, and how many there were.
    course_began: Option<Instant>,
    given: u32,
    /// Since when it was wanted as its rule ceased to be certain, for want of charting, and what was told of it: a gap makes nothing in
    /// time that was late, and nothing is asked for again after one. Of what another rule asked for already nothing was told.
    paused: Option<(Instant, Told)>,
    /// Whether a course runs: a dose was given while the rule spoke, or not long before.
    running: bool,
    /// Which of its choices nothing forbade when limits were asked last, and of which doses and weights.
    asked: Option<(u64, Option<usize>)>,
}

impl<'p> Choice<'p> {
    fn new(give: &'p Give) -> Self {
        let find = |id: &toml::Spanned<String>| library::dose(id.get_ref());
        let doses = if give.steps.is_empty() {
            vec![give.dose.as_ref().and_then(find)]
        } else {
            give.steps.iter().map(|s| find(&s.get_ref().dose)).collect()
        };
        Self { give, doses }
    }

    /// The step of a course that has gone on for some time; `None` once it is over.
    fn step(&self, elapsed: Span) -> Option<usize> {
        let mut until = Span::ZERO;
        for (i, step) in self.give.steps.iter().enumerate() {
            let Some(days) = step.get_ref().days else { return Some(i) };
            until = Span::from_ms(until.ms().saturating_add(Span::from_hours(days * 24.0).ms()));
            if elapsed < until {
                return Some(i);
            }
        }
        self.give.steps.is_empty().then_some(0)
    }

    fn every(&self, step: usize) -> Option<Span> {
        let hours = self.give.steps.get(step).map(|s| s.get_ref().every_hours).or(self.give.every_hours);
        hours.map(Span::from_hours)
    }

    /// The last dose that a course which begins now takes for its own, and when its next is due: what was given within its interval,
    /// if that is not known to be much less than a dose of it. A low dose does not put off a high one.
    fn joins(&self, facts: &Facts, settings: &Settings) -> Option<(Instant, Instant)> {
        let step = self.step(Span::ZERO)?;
        let every = self.every(step)?;
        let recent = facts.doses.within(&[self.give.drug], facts.now, every);
        let last = recent.last()?.at;
        let body = facts.body_at(facts.now);
        let dose = self.dosing(step).filter(|d| !d.rule.per_day).and_then(|d| d.compute(&body, facts.now, settings).ok());
        let given = recent.iter().map(|g| limits::amount(g, body.weight.map(|w| w.value))).sum::<Option<f64>>();
        let less = dose.zip(given).is_some_and(|(dose, given)| given < dose.amount.low * settings.joins_course_from);
        (!less).then_some((last, last + every))
    }

    /// The dose of a step, if it names one.
    pub(crate) fn dosing(&self, step: usize) -> Option<Dosing<'static>> {
        self.doses.get(step).copied().flatten()
    }
}

impl<'p> Item<'p> {
    pub(crate) fn new(action: &'p Action) -> Self {
        let choices: Vec<Choice<'p>> = match action {
            Action::Give(give) => vec![Choice::new(give)],
            Action::OneOf(gives) => gives.iter().map(|g| Choice::new(g.get_ref())).collect(),
            _ => Vec::new(),
        };
        let drugs = choices.iter().map(|c| c.give.drug).collect();
        Self { action, choices, drugs, state: State::Idle, course_began: None, given: 0, paused: None, running: false, asked: None }
    }

    /// The drugs that it asks for, each with the id of its dose, or of that of its first step.
    pub(crate) fn asks_for(&self) -> Vec<(Drug, Option<&'p str>)> {
        let id = |give: &'p Give| give.dose.as_ref().or(give.steps.first().map(|s| &s.get_ref().dose)).map(|id| id.get_ref().as_str());
        self.choices.iter().map(|c| (c.give.drug, id(c.give))).collect()
    }

    pub(crate) fn reset(&mut self) {
        self.state = State::Idle;
        self.course_began = None;
        self.given = 0;
        self.paused = None;
        self.running = false;
        self.asked = None;
    }

    /// Since when it is due, or was due before a gap in the charting, if nothing stands in its way; and what was told of it.
    pub(crate) fn open(&self) -> Option<(Instant, Told)> {
        match &self.state {
            State::Wanted { since, refusal: None, covered: None, told } => Some((*since, *told)),
            State::Idle => self.paused.filter(|(_, told)| *told > Told::Not),
            _ => None,
        }
    }

    /// How well a dose answers it: what is due before what is refused or asked for by another rule, and that before the next dose of a
    /// course, early; `None` where it waits for none.
    pub(crate) fn answered_by(&self, choice: &Choice<'_>, now: Instant, settings: &Settings) -> Option<Reply> {
        match &self.state {
            _ if self.open().is_some() => Some(Reply::Due),
            State::Wanted { .. } => Some(Reply::Barred),
            State::Idle if self.paused.is_some() => Some(Reply::Barred),
            State::Scheduled { next } if self.comes_early(choice, *next, now, settings) => Some(Reply::Early),
            _ => None,
        }
    }

    /// Has it wait until its rule is certain again.
    pub(crate) fn pause(&mut self) {
        self.paused = match &self.state {
            State::Wanted { since, refusal: None, covered, told } => Some((*since, if covered.is_some() { Told::Not } else { *told })),
            _ => None,
        };
        self.state = State::Idle;
    }

    /// Nothing waits any longer: another rule asks in its place.
    pub(crate) fn forget(&mut self) {
        self.paused = None;
    }

    /// Whether a course of it runs.
    pub(crate) const fn runs(&self) -> bool {
        self.running
    }

    /// Whether a course of it holds at an instant: until the hours after its last dose have passed.
    pub(crate) fn holds(&self, now: Instant) -> bool {
        self.running && self.lasts().is_none_or(|until| now < until)
    }

    /// Until when a course whose doses were all given holds: as long as each of its doses did.
    fn lasts(&self) -> Option<Instant> {
        let State::Complete { at } = self.state else { return None };
        let every = |c: &Choice<'p>| c.every(c.give.steps.len().saturating_sub(1));
        Some(at + self.choices.iter().filter_map(every).max().unwrap_or(Span::ZERO))
    }

    /// Whether limits need be asked: time alone forbids nothing, and lifts a refusal at an hour that is known.
    fn asks(&self, version: u64, now: Instant) -> bool {
        let lifts = if let State::Wanted { refusal: Some(refusal), .. } = &self.state { refusal.lifts } else { None };
        lifts.is_some_and(|lifts| lifts <= now) || self.asked.is_none_or(|(asked, _)| asked != version)
    }

    /// Which of its choices nothing forbids, and where there is none, what forbids the first; `barred` tells of contraindications.
    pub(crate) fn permitted(
        &mut self,
        protocol: &Protocol,
        facts: &Facts,
        settings: &Settings,
        barred: impl Fn(Drug) -> Option<Refusal>,
    ) -> (Option<usize>, Option<Refusal>) {
        if !self.asks(facts.version, facts.now) {
            let free = self.asked.and_then(|(_, free)| free);
            return (free, if free.is_some() { None } else { self.refusal() });
        }
        let ask = |c: &Choice<'p>| barred(c.give.drug).or_else(|| self.dose(c, protocol, facts, settings).2);
        let refusals: Vec<Option<Refusal>> = self.choices.iter().map(ask).collect();
        let free = refusals.iter().position(Option::is_none);
        self.asked = Some((facts.version, free));
        (free, if free.is_some() { None } else { refusals.into_iter().next().flatten() })
    }

    /// What forbids it, as it was found last.
    fn refusal(&self) -> Option<Refusal> {
        if let State::Wanted { refusal, .. } = &self.state { refusal.clone() } else { None }
    }

    /// Has limits and contraindications asked again.
    pub(crate) fn ask_again(&mut self) {
        self.asked = None;
    }

    /// The step of its course that the present belongs to, or the hour for which the next dose is scheduled.
    fn step(&self, choice: &Choice<'_>, now: Instant) -> Option<usize> {
        let at = if let State::Scheduled { next } = self.state { next.max(now) } else { now };
        choice.step(self.course_began.map_or(Span::ZERO, |began| at - began))
    }

    /// The time between doses of its course now; `None` where it is given once.
    pub(crate) fn interval(&self, choice: &Choice<'_>, now: Instant) -> Option<Span> {
        self.step(choice, now).and_then(|step| choice.every(step))
    }

    /// Whether a dose now is the next one of its course, early, and not a part of the dose before it.
    fn comes_early(&self, choice: &Choice<'_>, next: Instant, now: Instant, settings: &Settings) -> bool {
        let every = self.interval(choice, now).unwrap_or(Span::ZERO);
        let since_the_last = (now + every) - next;
        since_the_last > Span::from_hours(every.hours() * settings.parts_of_interval)
    }

    /// Takes up the rule's word at an instant at which it speaks.
    pub(crate) fn advance(&mut self, facts: &Facts, settings: &Settings) {
        let now = facts.now;
        if self.choices.is_empty() {
            self.advance_test(facts);
            return;
        }
        let first = self.choices.first().and_then(|c| Some((c.step(self.course_began.map_or(Span::ZERO, |b| now - b))?, c)));
        match &self.state {
            State::Idle => {
                // Of several drugs the one given last says when the next dose is due.
                let last = self.choices.iter().filter_map(|c| c.joins(facts, settings)).max_by_key(|(last, _)| *last);
                self.asked = None;
                let paused = self.open().map(|(since, _)| since);
                self.paused = None;
                self.state = match last {
                    Some((last, next)) => {
                        (self.running, self.given, self.course_began) = (true, 1, Some(last));
                        if self.choices.iter().any(|c| c.give.doses == Some(1)) {
                            State::Complete { at: last }
                        } else {
                            State::Scheduled { next }
                        }
                    }
                    None => wanted(paused.unwrap_or(now)),
                };
            }
            State::Scheduled { next } if *next <= now => {
                self.asked = None;
                self.state = if first.is_none() { State::Complete { at: now } } else { wanted(*next) };
            }
            _ => {}
        }
    }

    /// An examination is done once one of its signals is charted.
    fn advance_test(&mut self, facts: &Facts) {
        let Action::Test(test) = self.action else {
            self.state = State::Standing;
            return;
        };
        if test.charted_as.is_empty() {
            self.state = State::Standing;
            return;
        }
        let last = test.charted_as.iter().filter_map(|s| facts.readings.of(*s)?.last()).map(|r| r.at).max();
        let every = test.every_hours.map(Span::from_hours);
        let now = facts.now;
        self.state = match (std::mem::replace(&mut self.state, State::Idle), last, every) {
            (_, Some(last), Some(every)) if last + every > now => State::Scheduled { next: last + every },
            (State::Wanted { since, .. }, Some(last), None) if last >= since => State::Done { at: last, late: last - since },
            (State::Idle, Some(last), None) if last >= now => State::Done { at: last, late: Span::ZERO },
            (State::Idle | State::Scheduled { .. }, ..) => wanted(now),
            (state, ..) => state,
        };
    }

    /// Takes a dose of one of its drugs, given while its rule speaks, or spoke before a gap in the charting; says how late it came.
    pub(crate) fn take(&mut self, drug: Drug, at: Instant) -> Option<Span> {
        let choice = self.choices.iter().find(|c| c.give.drug == drug)?;
        let late = match &self.state {
            State::Wanted { since, .. } => at - *since,
            State::Scheduled { .. } => Span::ZERO,
            State::Done { .. } | State::Complete { .. } => return Some(Span::ZERO),
            State::Idle => at - self.paused.take()?.0,
            State::Standing => return None,
        };
        self.given += 1;
        self.running = true;
        let began = *self.course_began.get_or_insert(at);
        let every = choice.step(at - began).and_then(|step| choice.every(step));
        self.state = match every {
            _ if choice.give.doses.is_some_and(|n| self.given >= n) => State::Complete { at },
            Some(every) => State::Scheduled { next: at + every },
            None => State::Done { at, late },
        };
        Some(late)
    }

    /// The dose of one of its drugs for this patient now, or at the hour for which it is scheduled, and what forbids it then.
    pub(crate) fn dose(
        &self,
        choice: &Choice<'_>,
        protocol: &Protocol,
        facts: &Facts,
        settings: &Settings,
    ) -> (Option<Dosing<'static>>, Option<Result<Dose, DoseRefused>>, Option<Refusal>) {
        let dosing = self.step(choice, facts.now).and_then(|step| choice.dosing(step));
        let at = if let State::Scheduled { next } = self.state { next.max(facts.now) } else { facts.now };
        let body = facts.body_at(at);
        let mut dose = dosing.map(|d| d.compute(&body, at, settings));
        let amount = dose.as_mut().and_then(|d| d.as_mut().ok());
        let refusal = limits::check(protocol, choice.give.drug, dosing, amount, facts, at);
        (dosing, dose, refusal)
    }

    /// When its state next changes by itself.
    pub(crate) fn deadline(&self, rule: &Rule, protocol: &Protocol, now: Instant) -> Option<Instant> {
        let next = match &self.state {
            State::Wanted { refusal: Some(refusal), .. } => refusal.lifts,
            State::Wanted { since, told: Told::Not | Told::Due, .. } if obliges(protocol, rule) => Some(*since + within(rule, protocol)),
            State::Scheduled { next } => Some(*next),
            State::Complete { .. } => self.lasts(),
            _ => None,
        };
        earlier(next.filter(|n| *n > now), None)
    }
}

fn wanted(since: Instant) -> State {
    State::Wanted { since, refusal: None, covered: None, told: Told::Not }
}

/// How long something due may wait.
pub(crate) fn within(rule: &Rule, protocol: &Protocol) -> Span {
    Span::from_hours(rule.due_within_hours.unwrap_or(protocol.due_within_hours))
}
