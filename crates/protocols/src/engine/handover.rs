//! A drug that one rule wants no longer and another wants from then on: what was late stays late.
//!
//! Without this a rise of the grade would turn a dose that has been overdue for hours into one that has just become due, since it is
//! another rule that now asks for it.

use super::change::{Change, ChangeKind};
use super::describe;
use super::item::{Item, State, Told};
use super::plan::optional;
use super::rule::RuleState;
use super::truth::Truth;
use crate::language::{Drug, Protocol, Rule};
use barograph_record::Instant;

/// Something that was due, and is no longer wanted by its rule.
pub(super) struct Lapsing<'p> {
    /// Places of the rule, and of the item in it.
    rule: usize,
    item: usize,
    /// Whether it lapses for want of charting.
    gap: bool,
    what: String,
    since: Instant,
    told: Told,
    doses: Vec<(Drug, Option<&'p str>)>,
}

impl<'p> Lapsing<'p> {
    /// What an item leaves behind if its rule wants it no longer; nothing where it was not told to be due.
    pub(super) fn of(place: (usize, usize), gap: bool, item: &Item<'p>) -> Option<Self> {
        let (since, told) = open(item).filter(|(_, told)| *told > Told::Not)?;
        let (rule, place) = place;
        Some(Self { rule, item: place, gap, what: describe::action(item.action), since, told, doses: item.asks_for() })
    }
}

/// Since when a drug is due, if nothing stands in its way, and whether that was told.
fn open(item: &Item<'_>) -> Option<(Instant, Told)> {
    item.open().filter(|_| !item.drugs.is_empty())
}

/// Whether a rule may inherit what another asked for: that something was to be considered makes nobody late once it is to be done, and
/// what was to be done is not made good by being considered.
fn inherits(protocol: &Protocol, rule: &Rule, from: &Rule) -> bool {
    !optional(protocol, rule) && rule.strength == from.strength
}

/// Whether an item asks for one of some doses.
fn shares(item: &Item<'_>, doses: &[(Drug, Option<&str>)]) -> bool {
    item.asks_for().iter().any(|one| doses.contains(one))
}

/// Hands what lapses to a rule that wants the same dose from now on, and tells of the rest that it lapsed.
pub(super) fn settle<'p>(
    protocol: &'p Protocol,
    rules: &mut [RuleState<'p>],
    lapsing: Vec<Lapsing<'p>>,
    now: Instant,
    changes: &mut Vec<Change<'p>>,
) {
    let ids: Vec<_> = rules.iter().map(|state| state.rule).collect();
    for old in lapsing {
        let Some(rule) = ids.get(old.rule).copied() else { continue };
        let speaking = rules.iter_mut().filter(|state| state.truth == Truth::Yes && inherits(protocol, state.rule, rule));
        let mut items = speaking.flat_map(|state| state.items.iter_mut().map(|item| (state.rule, item)));
        let heir = items.find_map(|(rule, item)| {
            let same = shares(item, &old.doses);
            let State::Wanted { since, refusal: None, covered, told } = &mut item.state else { return None };
            let begins = covered.is_none() && *told == Told::Not && *since == now;
            if !same || !(begins || *covered == Some(old.rule)) {
                return None;
            }
            (*since, *told, *covered) = (old.since.min(*since), old.told, None);
            Some((rule, describe::action(item.action)))
        });
        let kind = match heir {
            Some((by, what)) => ChangeKind::TakenOver { by, what },
            None if old.gap => ChangeKind::Untold,
            None => ChangeKind::Lapsed,
        };
        if matches!(kind, ChangeKind::TakenOver { .. })
            && let Some(item) = rules.get_mut(old.rule).and_then(|state| state.items.get_mut(old.item))
        {
            item.forget();
        }
        changes.push(Change { at: now, protocol, rule: Some(rule), what: old.what, kind });
    }
}

/// Hands what is due already to an earlier rule that begins to want the same drug, and from now on asks for it in its place.
pub(super) fn give_way<'p>(protocol: &'p Protocol, rules: &mut [RuleState<'p>], now: Instant, changes: &mut Vec<Change<'p>>) {
    for first in 1..rules.len() {
        let (before, rest) = rules.split_at_mut(first);
        let Some(later) = rest.first_mut().filter(|state| state.truth == Truth::Yes && !optional(protocol, state.rule)) else { continue };
        for item in &mut later.items {
            let Some((was, told)) = open(item).filter(|(_, told)| *told > Told::Not) else { continue };
            let doses = item.asks_for();
            let speaking = before.iter_mut().filter(|state| state.truth == Truth::Yes && inherits(protocol, state.rule, later.rule));
            let mut items = speaking.flat_map(|state| state.items.iter_mut().map(|item| (state.rule, item)));
            let heir = items.find_map(|(rule, earlier)| {
                let same = shares(earlier, &doses);
                let begins = open(earlier).is_some_and(|(since, told)| told == Told::Not && since == now);
                let State::Wanted { since, told: heirs, .. } = &mut earlier.state else { return None };
                if !(same && begins) {
                    return None;
                }
                (*since, *heirs) = (was.min(*since), told);
                Some((rule, describe::action(earlier.action)))
            });
            let Some((by, what)) = heir else { continue };
            changes.push(Change {
                at: now,
                protocol,
                rule: Some(later.rule),
                what: describe::action(item.action),
                kind: ChangeKind::TakenOver { by, what },
            });
            if let State::Wanted { told, .. } = &mut item.state {
                *told = Told::Not;
            }
        }
    }
}
