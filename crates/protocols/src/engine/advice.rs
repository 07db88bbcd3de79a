//! What a plan says at one instant.

use super::describe;
use super::evaluate::Atom;
use super::facts::Facts;
use super::item::{Item as ItemState, State, Told, within};
use super::limits::Refusal;
use super::plan::{PlanState, obliges};
use super::population::Applies;
use super::rule::RuleState;
use super::truth::Truth;
use crate::doses::{Dose, DoseRefused};
use crate::language::{Action, Caution, Give, Protocol, Rule};
use crate::library::Dosing;
use barograph_grading::{Cause, Grade};
use barograph_record::{Instant, Span};

/// What one plan says of one patient at one instant.
#[derive(Clone, Debug)]
pub struct Advice<'p> {
    /// The plan.
    pub protocol: &'p Protocol,
    /// The instant.
    pub at: Instant,
    /// Whether the plan is for this patient.
    pub applies: Applies,
    /// The grade by the plan's scale.
    pub grade: Grade,
    /// What would have to be charted for its floor and ceiling to meet.
    pub unstated: Vec<&'static str>,
    /// Whether the patient has died, which ends all advice.
    pub died: bool,
    /// What rules make due, and what became of it.
    pub items: Vec<Item<'p>>,
    /// What cannot be excluded, and what to chart.
    pub possible: Vec<Possible<'p>>,
    /// Rules that do not speak, with what keeps them from it.
    pub silent: Vec<Silent<'p>>,
    /// When something changes even if nothing more is charted, and what.
    pub next_look: Option<(Instant, String)>,
    /// What else one should know.
    pub notes: Vec<String>,
}

/// One action.
#[derive(Clone, Debug)]
pub struct Item<'p> {
    /// The rule that asks for it.
    pub rule: &'p Rule,
    /// The action.
    pub action: &'p Action,
    /// The action in words.
    pub what: String,
    /// Where it stands.
    pub standing: Standing<'p>,
    /// The facts that made the rule speak.
    pub because: Vec<Cause>,
    /// The drugs to choose from, with their doses; the first is the plan's first choice.
    pub doses: Vec<DoseOption<'p>>,
    /// What to heed.
    pub cautions: Vec<(&'p Caution, Truth)>,
    /// What would end it.
    pub changes_if: String,
}

/// Where an action stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing<'p> {
    /// To be done.
    Due {
        /// Since when.
        since: Instant,
        /// By when.
        by: Instant,
    },
    /// To be done, and late.
    Overdue {
        /// Since when it is due.
        since: Instant,
        /// By when it should have been done.
        by: Instant,
    },
    /// It may be done: a rule asks to consider it, or lists it among options. It is never late.
    Option {
        /// Since when.
        since: Instant,
    },
    /// Holds while its rule does; a record cannot show it done.
    Holds {
        /// Since when.
        since: Instant,
    },
    /// Wanted, and forbidden.
    Refused(Refusal),
    /// Wanted, and asked for by another rule already.
    Covered(&'p Rule),
    /// Done.
    Done {
        /// When.
        at: Instant,
        /// How long after it was due.
        late: Span,
    },
    /// Done, and due again.
    Scheduled {
        /// When.
        next: Instant,
    },
    /// All doses were given.
    Complete {
        /// When the last was.
        at: Instant,
    },
}

/// A drug to choose, with its dose.
#[derive(Clone, Debug)]
pub struct DoseOption<'p> {
    /// The drug and its course.
    pub give: &'p Give,
    /// The dose rule; `None` where the plan names no dose, or the course is over.
    pub dosing: Option<Dosing<'static>>,
    /// The dose for this patient.
    pub dose: Option<Result<Dose, DoseRefused>>,
    /// What forbids it.
    pub refused: Option<Refusal>,
}

/// A rule that cannot be excluded.
#[derive(Clone, Debug)]
pub struct Possible<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// What it would make due.
    pub what: Vec<String>,
    /// What is not certain.
    pub open: Vec<Atom>,
    /// What to chart.
    pub chart: Vec<String>,
}

/// A rule that does not speak.
#[derive(Clone, Debug)]
pub struct Silent<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// What it would make due.
    pub what: Vec<String>,
    /// The conditions that do not hold, or are not certain.
    pub missing: Vec<String>,
    /// Whether one of them can hold no longer.
    pub over: bool,
    /// Whether nothing but one condition keeps it from speaking, and others hold.
    pub near: bool,
    /// The rule to whose running course it gives way, though everything it asks for holds.
    pub gives_way_to: Option<&'p Rule>,
}

impl<'p> Advice<'p> {
    /// The rules that a single condition keeps from speaking.
    pub fn near(&self) -> impl Iterator<Item = &Silent<'p>> {
        self.silent.iter().filter(|s| s.near)
    }
}

/// What a plan says now.
pub(crate) fn advice<'p>(plan: &PlanState<'p>, facts: &Facts) -> Advice<'p> {
    let grade = facts.grades.get(plan.place).map_or(Grade::between(0, 5), |g| g.grade);
    let (unstated, _) = facts.behind(plan.place);
    let died = facts.watch.axes().death.is_some();
    let mut out = Advice {
        protocol: plan.protocol,
        at: facts.now,
        applies: plan.applies.clone(),
        grade,
        unstated: if grade.is_exact() { Vec::new() } else { unstated },
        died,
        items: Vec::new(),
        possible: Vec::new(),
        silent: Vec::new(),
        next_look: None,
        notes: plan.notes(facts),
    };
    if died || plan.applies.truth == Truth::No {
        return out;
    }
    for state in &plan.rules {
        match state.truth {
            Truth::Yes => out.items.extend(state.items.iter().filter_map(|item| self::item(plan, state, item, facts))),
            Truth::Unknown => {
                out.items.extend(state.items.iter().filter_map(|item| self::done(plan, state, item, facts)));
                out.possible.push(possible(plan, state, facts));
            }
            Truth::No => out.silent.push(silent(plan, state, facts)),
        }
    }
    out
}

fn what(state: &RuleState<'_>) -> Vec<String> {
    state.items.iter().map(|i| describe::action(i.action)).collect()
}

/// An action that was done while its rule spoke, and of which the rule is not certain now.
fn done<'p>(plan: &PlanState<'p>, state: &RuleState<'p>, item: &ItemState<'p>, facts: &Facts) -> Option<Item<'p>> {
    let finished = matches!(item.state, State::Done { .. } | State::Complete { .. });
    if finished { self::item(plan, state, item, facts) } else { None }
}

fn item<'p>(plan: &PlanState<'p>, state: &RuleState<'p>, item: &ItemState<'p>, facts: &Facts) -> Option<Item<'p>> {
    let rule = state.rule;
    let standing = match &item.state {
        State::Idle => return None,
        State::Standing => Standing::Holds { since: state.began.unwrap_or(facts.now) },
        State::Wanted { refusal: Some(refusal), .. } => Standing::Refused(refusal.clone()),
        State::Wanted { covered: Some(other), .. } => Standing::Covered(plan.rules.get(*other)?.rule),
        State::Wanted { since, .. } if !obliges(plan.protocol, rule) => Standing::Option { since: *since },
        State::Wanted { since, .. } => {
            let (since, by) = (*since, *since + within(rule, plan.protocol));
            if facts.now >= by { Standing::Overdue { since, by } } else { Standing::Due { since, by } }
        }
        State::Done { at, late } => Standing::Done { at: *at, late: *late },
        State::Scheduled { next } => Standing::Scheduled { next: *next },
        State::Complete { at } => Standing::Complete { at: *at },
    };
    let doses = item
        .choices
        .iter()
        .map(|choice| {
            let (dosing, dose, refused) = item.dose(choice, plan.protocol, facts, &plan.settings);
            DoseOption { give: choice.give, dosing, dose, refused: plan.contraindication(choice.give.drug).or(refused) }
        })
        .collect();
    let mut cautions: Vec<(&Caution, Truth)> = Vec::new();
    for (caution, truth) in item.drugs.iter().flat_map(|drug| plan.cautions(*drug)) {
        if cautions.iter().all(|(c, _)| c.id != caution.id) {
            cautions.push((caution, truth));
        }
    }
    let list = |conditions: &[toml::Spanned<crate::language::Condition>], word: &str| {
        conditions.iter().map(|c| describe::condition(c.get_ref())).collect::<Vec<_>>().join(word)
    };
    let changes_if = if rule.until.is_empty() {
        format!("no longer: {}", list(&rule.when, " and "))
    } else {
        format!("until {}", list(&rule.until, " and "))
    };
    let because = state.because.clone();
    Some(Item { rule, action: item.action, what: describe::action(item.action), standing, because, doses, cautions, changes_if })
}

fn possible<'p>(plan: &PlanState<'p>, state: &RuleState<'p>, facts: &Facts) -> Possible<'p> {
    let open: Vec<Atom> = state.atoms(facts, plan.place).into_iter().filter(|a| a.truth == Truth::Unknown).collect();
    let mut chart: Vec<String> = Vec::new();
    let population = plan.applies.chart.iter().filter(|_| plan.applies.truth == Truth::Unknown).map(|what| (*what).to_owned());
    for missing in open.iter().flat_map(|a| a.unstated.iter().cloned()).chain(population) {
        if !missing.is_empty() && !chart.contains(&missing) {
            chart.push(missing);
        }
    }
    Possible { rule: state.rule, what: what(state), open, chart }
}

fn silent<'p>(plan: &PlanState<'p>, state: &RuleState<'p>, facts: &Facts) -> Silent<'p> {
    let atoms = state.atoms(facts, plan.place);
    let failing = || atoms.iter().filter(|a| a.truth != Truth::Yes);
    let missing: Vec<String> = failing().map(|a| a.text.clone()).collect();
    let over = failing().any(|a| a.over);
    let near = missing.len() == 1 && atoms.len() > 1 && !over;
    let gives_way_to = state.yields_to.filter(|_| missing.is_empty());
    Silent { rule: state.rule, what: what(state), missing, over, near, gives_way_to }
}

/// The first thing that two states of one plan disagree on, in words.
pub(crate) fn difference(before: &PlanState<'_>, after: &PlanState<'_>) -> Option<String> {
    for (a, b) in before.rules.iter().zip(&after.rules) {
        for (x, y) in a.items.iter().zip(&b.items) {
            let (from, to) = (word(x, a.rule, before), word(y, b.rule, after));
            if from != to {
                let to = if y.state == State::Idle && b.truth == Truth::Unknown { "can no longer be told" } else { to };
                return Some(format!("{}: {to}", describe::action(x.action)));
            }
        }
        if a.truth != b.truth {
            let word = match b.truth {
                Truth::Yes => "begins to hold",
                Truth::No => "no longer holds",
                Truth::Unknown => "can no longer be told",
            };
            return Some(format!("{} {word}", a.rule.title));
        }
    }
    None
}

fn word(item: &ItemState<'_>, rule: &Rule, plan: &PlanState<'_>) -> &'static str {
    match &item.state {
        State::Idle => "no longer due",
        State::Standing => "holds",
        State::Wanted { refusal: Some(_), .. } => "refused",
        State::Wanted { covered: Some(_), .. } => "asked for by another rule",
        State::Wanted { .. } if !obliges(plan.protocol, rule) => "an option",
        State::Wanted { told: Told::Overdue, .. } => "overdue",
        State::Wanted { .. } => "due",
        State::Done { .. } => "done",
        State::Scheduled { .. } => "due again later",
        State::Complete { .. } => "complete",
    }
}
