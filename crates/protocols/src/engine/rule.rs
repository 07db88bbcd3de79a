//! One rule at work: what it asks, and whether it speaks.

use super::evaluate::{Atom, Evaluator};
use super::facts::Facts;
use super::item::Item;
use super::slot::Slot;
use super::truth::{Answer, Truth, earlier};
use crate::language::{Basis, Condition, Rule};
use barograph_grading::Cause;
use barograph_record::Instant;
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
    /// The rule to whose running course it gives way.
    pub(crate) yields_to: Option<&'p Rule>,
}

impl<'p> RuleState<'p> {
    pub(crate) fn new(rule: &'p Rule) -> Self {
        let items = rule.then.iter().map(|action| Item::new(action.get_ref())).collect();
        Self { rule, slots: Default::default(), truth: Truth::No, began: None, because: Vec::new(), items, yields_to: None }
    }

    /// Whether it speaks, and when that may change by the passage of time.
    pub(crate) fn answer(&mut self, facts: &Facts, place: usize, applies: Truth) -> Answer {
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

pub(crate) fn ask(facts: &Facts, place: usize, slots: &mut Vec<Slot>, question: impl FnOnce(&mut Evaluator<'_>) -> Answer) -> Answer {
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
