//! Rules that can never speak, and rules that contradict each other.

use super::{Linter, asks, conditions, spans};
use crate::engine::{depth, obliges};
use crate::language::{Action, Care, Condition, Drug, Give, GradeIs, Kind, OneOrMany, Protocol, Rule, Strength};
use std::ops::Range;
use toml::Spanned;

/// The grades at which a rule speaks, as far as its conditions on the plan's own grade tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Grades {
    low: u8,
    high: u8,
}

impl Grades {
    const ALL: Self = Self { low: 0, high: 5 };

    fn meet(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }

    const fn is_empty(self) -> bool {
        self.low > self.high
    }
}

fn own<'c>(condition: &'c Condition, protocol: &Protocol) -> Option<&'c GradeIs> {
    match condition {
        Condition::Grade(g) if g.of.as_ref().is_none_or(|of| of == protocol.scale.get_ref()) => Some(g),
        _ => None,
    }
}

/// The grades that `when` leaves; `unless` takes away what lies above it.
fn grades(rule: &Rule, protocol: &Protocol) -> Grades {
    let when = asks::required(&rule.when)
        .into_iter()
        .filter_map(|(_, c)| own(c, protocol))
        .fold(Grades::ALL, |grades, g| grades.meet(Grades { low: g.at_least.unwrap_or(0), high: g.at_most.unwrap_or(5) }));
    rule.unless.iter().filter_map(|c| own(c.get_ref(), protocol)).filter(|g| g.held_hours.is_none()).fold(when, |grades, g| {
        match (g.at_least, g.at_most) {
            (Some(0), _) => Grades { low: 1, high: 0 },
            (Some(low), None) => grades.meet(Grades { low: 0, high: low - 1 }),
            (None, Some(high)) => grades.meet(Grades { low: high.saturating_add(1), high: 5 }),
            _ => grades,
        }
    })
}

pub(super) fn check(linter: &mut Linter<'_>, protocol: &Protocol) {
    for rule in &protocol.rules {
        yields(linter, protocol, rule.get_ref());
        unreachable(linter, protocol, &rule.span(), rule.get_ref());
        stops(linter, protocol, &rule.span(), rule.get_ref());
    }
    let rules: Vec<Known<'_>> = protocol.rules.iter().map(|rule| Known::of(rule, protocol)).collect();
    for (i, second) in rules.iter().enumerate() {
        // One remark of a kind is enough for a rule: a long plan would otherwise get as many as it has pairs.
        let mut told = [false; 4];
        for first in rules.iter().take(i) {
            contradict(linter, protocol, first, second, &mut told);
            if told == [true; 4] {
                break;
            }
        }
    }
}

fn unreachable(linter: &mut Linter<'_>, protocol: &Protocol, span: &Range<usize>, rule: &Rule) {
    let place = if rule.when.is_empty() { span.clone() } else { spans(&rule.when) };
    let never = |linter: &mut Linter<'_>, why: String, hint: &str| {
        linter.error(&place, format!("rule {:?} can never speak: {why}", rule.id), hint);
    };
    let before = linter.problems.len();
    conditions::contradicts(linter, protocol, &rule.when, &format!("so rule {:?} can never speak", rule.id));
    if linter.problems.len() > before {
        return;
    }
    if grades(rule, protocol).is_empty() {
        return never(linter, "no grade satisfies `when` and leaves `unless`".to_owned(), "widen the grades");
    }
    let all: Vec<&Condition> = asks::required(&rule.when).into_iter().map(|(_, condition)| condition).collect();
    let without = |drugs: &OneOrMany<Drug>| {
        all.iter().any(|c| match c {
            Condition::Doses(d) => d.at_most == Some(0) && d.within_hours.is_none() && drugs.0.iter().all(|drug| d.drug.0.contains(drug)),
            _ => false,
        })
    };
    for condition in &all {
        let after = match condition {
            Condition::NoImprovement(n) => Some(&n.after),
            Condition::SinceDose(s) => Some(&s.drug),
            Condition::Worse(w) => w.after.as_ref(),
            _ => None,
        };
        if let Some(drugs) = after.filter(|d| without(d)) {
            let names = drugs.0.iter().map(|d| d.name()).collect::<Vec<_>>().join(", ");
            return never(linter, format!("it asks for no dose of {names} and for time after one"), "remove one of the two conditions");
        }
        if let Condition::Age(age) = condition {
            let population = &protocol.population;
            let above = population.below_years.zip(age.from_years).is_some_and(|(below, from)| from >= below);
            let under = population.from_years.zip(age.below_years).is_some_and(|(from, below)| below <= from);
            if above || under {
                return never(linter, "the plan's population has no such age".to_owned(), "mend the age, or the population");
            }
        }
    }
    if rule.unless.iter().any(|u| all.iter().any(|c| **c == *u.get_ref())) {
        return never(linter, "`unless` repeats a condition of `when`".to_owned(), "remove it from one of the two");
    }
    if rule.unless.iter().any(|u| asks::implied(std::slice::from_ref(u), &rule.when, protocol)) {
        never(linter, "`unless` holds whenever `when` does".to_owned(), "let `unless` name what is more than `when` asks for");
    }
}

/// A course whose end may hold while what began it does: it would stop as it starts.
fn stops(linter: &mut Linter<'_>, protocol: &Protocol, span: &Range<usize>, rule: &Rule) {
    if rule.until.is_empty() {
        return;
    }
    let before = linter.problems.len();
    conditions::contradicts(linter, protocol, &rule.until, &format!("so rule {:?} never ends", rule.id));
    if linter.problems.len() > before || asks::apart(&rule.when, &rule.until, protocol) {
        return;
    }
    let place = linter.key(span, "until");
    if asks::implied(&rule.until, &rule.when, protocol) {
        let reason = format!("rule {:?} stops as it starts: whenever `when` holds, `until` does", rule.id);
        linter.error(&place, reason, "let `until` name what ends the course, such as a lower grade than the one that begins it");
    } else {
        let reason = format!("`until` may hold while `when` does, and then rule {:?} does not speak", rule.id);
        linter.warn(&place, reason, "let a condition of `until` exclude one of `when`: a lower grade, say, or `not` and the condition");
    }
}

/// A rule gives way to the courses of other rules, and in no circle.
fn yields(linter: &mut Linter<'_>, protocol: &Protocol, rule: &Rule) {
    let Some(ids) = &rule.gives_way_to else { return };
    let others = || protocol.rules.iter().map(Spanned::get_ref).filter(|r| r.id != rule.id);
    let again = |g: &Give| g.every_hours.is_some() || !g.steps.is_empty();
    for id in &ids.get_ref().0 {
        let Some(other) = others().find(|r| r.id == *id) else {
            let hint = crate::language::nearest(id, others().map(|r| r.id.as_str()));
            let hint = hint.map_or("name the id of another rule of this plan".to_owned(), |h| format!("did you mean {h:?}?"));
            linter.error(&ids.span(), format!("the plan has no other rule {id:?}"), hint);
            continue;
        };
        let course = other.then.iter().any(|a| match a.get_ref() {
            Action::Give(g) => again(g),
            Action::OneOf(several) => several.iter().any(|g| again(g.get_ref())),
            _ => false,
        });
        if !course {
            linter.error(&ids.span(), format!("rule {id:?} gives no course"), "name a rule whose drug is given every so many hours");
        }
    }
    let rules = protocol.rules.len();
    if depth(protocol, rule, rules) >= rules {
        linter.error(
            &ids.span(),
            format!("rule {:?} gives way to itself in the end", rule.id),
            "break the circle: one of the rules gives way to none",
        );
    }
}

/// Whether an action gives a drug.
pub(super) fn gives(action: &Action, drug: Drug) -> bool {
    !of_drug(action, drug).is_empty()
}

/// What a rule gives, ends, and where it has the patient cared for.
struct Does {
    gives: Vec<Drug>,
    ends: Vec<Drug>,
    care: Option<Care>,
}

fn does(rule: &Rule) -> Does {
    let mut out = Does { gives: Vec::new(), ends: Vec::new(), care: None };
    for action in &rule.then {
        match action.get_ref() {
            Action::Give(g) => out.gives.push(g.drug),
            Action::OneOf(gives) => out.gives.extend(gives.iter().map(|g| g.get_ref().drug)),
            Action::Stop(drugs) | Action::Taper(drugs) => out.ends.extend(drugs.0.iter().copied()),
            Action::Care(care) => out.care = Some(*care),
            Action::Avoid(text) => out.ends.extend(Drug::all().filter(|d| text.to_lowercase().contains(&d.name().replace('_', " ")))),
            Action::Test(_) | Action::Consult(_) | Action::Support(_) => {}
        }
    }
    out
}

/// A rule with what is asked of each pair.
struct Known<'p> {
    rule: &'p Rule,
    span: Range<usize>,
    grades: Grades,
    does: Does,
}

impl<'p> Known<'p> {
    fn of(rule: &'p Spanned<Rule>, protocol: &Protocol) -> Self {
        let (span, rule) = (rule.span(), rule.get_ref());
        Self { rule, span, grades: grades(rule, protocol), does: does(rule) }
    }
}

fn contradict(linter: &mut Linter<'_>, protocol: &Protocol, one: &Known<'_>, other: &Known<'_>, told: &mut [bool; 4]) {
    let (first, second, span) = (one.rule, other.rule, &other.span);
    let both = one.grades.meet(other.grades);
    if both.is_empty() || exclusive(first, second) {
        return;
    }
    let [clashes, cares, repeats, twice] = told;
    let range = if both.low == both.high { format!("grade {}", both.low) } else { format!("grades {} to {}", both.low, both.high) };
    let (a, b) = (&one.does, &other.does);
    let clash = a.gives.iter().find(|d| b.ends.contains(d)).or_else(|| b.gives.iter().find(|d| a.ends.contains(d)));
    if let Some(drug) = clash.filter(|_| !std::mem::replace(clashes, true)) {
        let reason = format!(
            "at {range} rule {:?} and rule {:?} both speak, and one gives {} while the other ends it",
            first.id,
            second.id,
            drug.name()
        );
        linter.error(span, reason, "let one give way: `unless`, or bounds of grade that do not overlap");
    }
    if a.care.zip(b.care).is_some_and(|(x, y)| x != y) && !std::mem::replace(cares, true) {
        let reason = format!("at {range} rule {:?} and rule {:?} ask for different levels of care", first.id, second.id);
        linter.warn(span, reason, "let the lower one give way with `unless`");
    }
    if !*twice {
        *twice = both_give(linter, protocol, one, other, &range);
    }
    if first.when == second.when
        && first.unless == second.unless
        && first.then.iter().map(Spanned::get_ref).eq(second.then.iter().map(Spanned::get_ref))
        && !std::mem::replace(repeats, true)
    {
        linter.warn(span, format!("rule {:?} says the same as rule {:?}", second.id, first.id), "remove one of the two");
    }
}

/// Two rules that give the same drug in one state; says whether it was told.
fn both_give(linter: &mut Linter<'_>, protocol: &Protocol, one: &Known<'_>, other: &Known<'_>, range: &str) -> bool {
    let (first, second) = (one.rule, other.rule);
    let lists_options = |rule: &Rule| protocol.kind == Kind::Options || rule.strength == Strength::Option;
    let drug = one.does.gives.iter().find(|d| other.does.gives.contains(d));
    let Some(drug) = drug.filter(|_| !lists_options(first) && !lists_options(second)) else { return false };
    if asks::apart(&first.when, &second.when, protocol) || gives_way(first, second, protocol) || gives_way(second, first, protocol) {
        return false;
    }
    let course = |rule: &'_ Rule| -> Vec<Give> { rule.then.iter().flat_map(|a| of_drug(a.get_ref(), *drug)).cloned().collect() };
    // What is to be done stands before what may be considered; else the first of the file asks.
    let asks = if obliges(protocol, second) && !obliges(protocol, first) { second } else { first };
    let (a, b, by, drug) = (&first.id, &second.id, &asks.id, drug.name());
    let hint = "let one give way with `unless`, or let their conditions exclude each other";
    if course(first) == course(second) {
        let reason = format!("at {range} rule {a:?} and rule {b:?} may both speak, and both give {drug}: it is asked for once, by {by:?}");
        linter.note(&other.span, reason, hint);
    } else {
        let reason =
            format!("at {range} rule {a:?} and rule {b:?} may both speak, and give {drug} in two ways: only that of {by:?} is asked for");
        linter.warn(&other.span, reason, hint);
    }
    true
}

/// The courses of a drug that an action names.
fn of_drug(action: &Action, drug: Drug) -> Vec<&Give> {
    let all = match action {
        Action::Give(g) => vec![g],
        Action::OneOf(several) => several.iter().map(Spanned::get_ref).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|g| g.drug == drug).collect()
}

/// Whether a rule gives way wherever the other speaks, or to its course.
fn gives_way(rule: &Rule, other: &Rule, protocol: &Protocol) -> bool {
    rule.gives_way_to.as_ref().is_some_and(|ids| ids.get_ref().0.contains(&other.id))
        || rule.unless.iter().any(|u| asks::implied(std::slice::from_ref(u), &other.when, protocol))
}

/// Whether two rules never speak together, by what one asks for and the other gives way to or excludes.
fn exclusive(first: &Rule, second: &Rule) -> bool {
    let asks = |rule: &Rule, condition: &Condition| asks::required(&rule.when).iter().any(|(_, asked)| *asked == condition);
    let denies = |rule: &Rule, other: &Rule| {
        let gives_way = rule.unless.iter().any(|u| asks(other, u.get_ref()));
        let excludes = rule.when.iter().any(|w| matches!(w.get_ref(), Condition::Not(inner) if asks(other, inner.get_ref())));
        gives_way || excludes
    };
    denies(first, second) || denies(second, first)
}
