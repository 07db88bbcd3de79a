//! What conditions ask of one and the same thing, as intervals, so that those that exclude each other are found.
//!
//! Only what is certain is found: two conditions that are not seen to exclude each other may do so all the same.

use crate::language::{Condition, Drug, OneOrMany, Protocol, SignalIs};
use barograph_record::Code;
use std::ops::Range;
use toml::Spanned;

/// An interval of numbers, open or closed at either end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    low: f64,
    above: bool,
    high: f64,
    below: bool,
}

impl Interval {
    const fn closed(low: Option<f64>, high: Option<f64>) -> Self {
        let low = if let Some(x) = low { x } else { f64::NEG_INFINITY };
        let high = if let Some(x) = high { x } else { f64::INFINITY };
        Self { low, above: false, high, below: false }
    }

    /// What lies outside, where that is one interval too.
    fn outside(self) -> Option<Self> {
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, false) => Some(Self { high: self.low, below: !self.above, ..Self::closed(None, None) }),
            (false, true) => Some(Self { low: self.high, above: !self.below, ..Self::closed(None, None) }),
            _ => None,
        }
    }

    fn apart(self, other: Self) -> bool {
        let ends_before = |a: Self, b: Self| a.high < b.low || a.high == b.low && (a.below || b.above);
        ends_before(self, other) || ends_before(other, self)
    }

    fn hull(self, other: Self) -> Self {
        let (low, above) =
            if (self.low, self.above) <= (other.low, other.above) { (self.low, self.above) } else { (other.low, other.above) };
        let (high, below) =
            if (self.high, !self.below) >= (other.high, !other.below) { (self.high, self.below) } else { (other.high, other.below) };
        Self { low, above, high, below }
    }

    fn inside(self, other: Self) -> bool {
        self.hull(other) == other
    }
}

/// What one condition asks of one thing.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// What it asks about: a grade, a signal, the number of doses of some drugs.
    thing: String,
    /// The drugs, where it asks about their doses of the episode.
    drugs: Vec<Drug>,
    asked: Interval,
    /// The words, where it asks that the last charting be one of them.
    words: Vec<Code>,
    pub(super) span: Range<usize>,
}

impl Ask {
    /// Whether two asks can never both be met.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        if self.thing == other.thing && self.asked.apart(other.asked) {
            return true;
        }
        let both_words = self.thing == other.thing && !self.words.is_empty() && !other.words.is_empty();
        if both_words && self.words.iter().all(|word| !other.words.contains(word)) {
            return true;
        }
        // No dose of several drugs leaves none of one of them.
        let none_of = |a: &Self, b: &Self| {
            a.asked.high == 0.0 && b.asked.low >= 1.0 && !b.drugs.is_empty() && b.drugs.iter().all(|d| a.drugs.contains(d))
        };
        none_of(self, other) || none_of(other, self)
    }
}

/// Conditions that must all hold, those inside `all` among them.
pub(super) fn required(list: &[Spanned<Condition>]) -> Vec<(Range<usize>, &Condition)> {
    list.iter()
        .flat_map(|condition| match condition.get_ref() {
            Condition::All(inner) => required(inner),
            other => vec![(condition.span(), other)],
        })
        .collect()
}

/// Everything that some conditions ask together.
pub(super) fn all(list: &[Spanned<Condition>], protocol: &Protocol) -> Vec<Ask> {
    list.iter().flat_map(|c| one(c.get_ref(), &c.span(), protocol)).collect()
}

fn one(condition: &Condition, span: &Range<usize>, protocol: &Protocol) -> Vec<Ask> {
    let ask = |thing: String, asked| vec![Ask { thing, drugs: Vec::new(), asked, words: Vec::new(), span: span.clone() }];
    let number = |x: Option<u32>| x.map(f64::from);
    match condition {
        Condition::All(inner) => all(inner, protocol),
        // Whichever of them holds, what they ask of the same thing lies between the outermost of their bounds.
        Condition::Any(inner) => {
            let mut each = inner.iter().map(|c| one(c.get_ref(), &c.span(), protocol));
            let first = each.next().unwrap_or_default();
            each.fold(first, |common, next| {
                let meet = |a: &Ask| {
                    let b = next.iter().find(|b| b.thing == a.thing)?;
                    let one_has_none = a.words.is_empty() || b.words.is_empty();
                    let words = if one_has_none { Vec::new() } else { [&a.words[..], &b.words[..]].concat() };
                    Some(Ask { asked: a.asked.hull(b.asked), words, span: span.clone(), ..a.clone() })
                };
                common.iter().filter_map(meet).collect()
            })
        }
        Condition::Not(inner) => {
            let inside = one(inner.get_ref(), span, protocol);
            let [ask] = inside.as_slice() else { return Vec::new() };
            // What lies outside is asked for only where the condition asks for nothing else.
            let plain =
                !matches!(inner.get_ref(), Condition::NoImprovement(_) | Condition::Worse(_) | Condition::SinceDose(_) | Condition::Any(_))
                    && held(inner.get_ref()).is_none();
            ask.asked.outside().filter(|_| plain).map(|asked| Ask { asked, ..ask.clone() }).into_iter().collect()
        }
        Condition::Grade(g) => {
            let of = g.of.as_ref().unwrap_or(protocol.scale.get_ref());
            ask(format!("grade of {of}"), Interval::closed(g.at_least.map(f64::from), g.at_most.map(f64::from)))
        }
        Condition::Fever(f) => {
            let there = f64::from(u8::from(f.present));
            // A fever at present is one of the last day too, and no fever of the last day is none at present.
            let other = if f.present == f.current {
                ask(format!("fever, {}", !f.current), Interval::closed(Some(there), Some(there)))
            } else {
                Vec::new()
            };
            [ask(format!("fever, {}", f.current), Interval::closed(Some(there), Some(there))), other].concat()
        }
        Condition::Circulation(c) => {
            let level = |l: Option<crate::language::CirculationLevel>| l.map(|l| f64::from(l as u8));
            ask("circulation".to_owned(), Interval::closed(level(c.at_least), level(c.at_most)))
        }
        Condition::Breathing(b) => {
            let level = |l: Option<crate::language::BreathingLevel>| l.map(|l| f64::from(l as u8));
            ask("breathing".to_owned(), Interval::closed(level(b.at_least), level(b.at_most)))
        }
        Condition::Age(a) => ask("age".to_owned(), Interval { below: true, ..Interval::closed(a.from_years, a.below_years) }),
        Condition::Signal(s) => signal(s, span),
        Condition::Doses(d) => {
            let asked = Interval::closed(number(d.at_least), number(d.at_most));
            doses(&d.drug, &d.within_hours.map_or_else(|| d.whole_record.to_string(), |h| format!("{h} h")), asked, span)
        }
        Condition::NoImprovement(n) => doses(&n.after, "false", Interval::closed(Some(1.0), None), span),
        Condition::Worse(w) => {
            w.after.as_ref().map_or_else(Vec::new, |after| doses(after, "false", Interval::closed(Some(1.0), None), span))
        }
        Condition::SinceDose(s) => {
            let time =
                ask(format!("time since {:?} of {:?}", s.which, sorted(&s.drug)), Interval::closed(s.at_least_hours, s.at_most_hours));
            [doses(&s.drug, "false", Interval::closed(Some(1.0), None), span), time].concat()
        }
        Condition::Since(s) => ask(format!("time since {:?}", s.event), Interval::closed(s.at_least_hours, s.at_most_hours)),
        Condition::Trend(_) | Condition::HighDoseVasopressors(_) | Condition::Product(_) | Condition::Stated(_) => Vec::new(),
    }
}

/// For how long a condition must have held.
fn held(condition: &Condition) -> Option<f64> {
    match condition {
        Condition::Grade(g) => g.held_hours,
        Condition::Fever(f) => f.held_hours,
        Condition::Circulation(c) => c.held_hours,
        Condition::Breathing(b) => b.held_hours,
        Condition::Signal(s) => s.held_hours,
        _ => None,
    }
}

/// What is asked of the last reading; what is asked of several, another may contradict.
fn signal(s: &SignalIs, span: &Range<usize>) -> Vec<Ask> {
    if s.count > 1 {
        return Vec::new();
    }
    let words = s.is.as_ref().map_or_else(Vec::new, |words| words.0.iter().map(|word| word.0).collect());
    let asked = Interval {
        above: s.at_least.is_none() && s.above.is_some(),
        below: s.at_most.is_none() && s.below.is_some(),
        ..Interval::closed(s.at_least.or(s.above), s.at_most.or(s.below))
    };
    let kind = format!("{}, before infusion {}, of baseline {}", s.name, s.before_infusion, s.times_baseline);
    vec![Ask { thing: kind, drugs: Vec::new(), asked, words, span: span.clone() }]
}

fn sorted(drugs: &OneOrMany<Drug>) -> Vec<Drug> {
    let mut drugs = drugs.0.clone();
    drugs.sort_unstable();
    drugs
}

fn doses(drugs: &OneOrMany<Drug>, window: &str, asked: Interval, span: &Range<usize>) -> Vec<Ask> {
    let drugs = sorted(drugs);
    let of_episode = window == "false";
    let thing = format!("doses of {drugs:?}, {window}");
    vec![Ask { thing, drugs: if of_episode { drugs } else { Vec::new() }, asked, words: Vec::new(), span: span.clone() }]
}

/// Two asks of one list that exclude each other.
pub(super) fn contradiction(asks: &[Ask]) -> Option<&Ask> {
    asks.iter().enumerate().find_map(|(i, ask)| asks.iter().take(i).any(|before| before.excludes(ask)).then_some(ask))
}

/// Whether two lists of conditions can never hold together, as far as that is seen.
pub(super) fn apart(a: &[Spanned<Condition>], b: &[Spanned<Condition>], protocol: &Protocol) -> bool {
    let (asks_a, asks_b) = (all(a, protocol), all(b, protocol));
    asks_a.iter().any(|x| asks_b.iter().any(|y| x.excludes(y))) || denies(a, b, protocol) || denies(b, a, protocol)
}

/// Whether one list denies what the other asks for, be it each of its alternatives.
fn denies(list: &[Spanned<Condition>], other: &[Spanned<Condition>], protocol: &Protocol) -> bool {
    let denied = |condition: &Spanned<Condition>| {
        let not = |d: &Spanned<Condition>| matches!(d.get_ref(), Condition::Not(inner) if inner.get_ref() == condition.get_ref());
        list.iter().any(not)
    };
    other.iter().any(|condition| match condition.get_ref() {
        Condition::All(inner) => denies(list, inner, protocol),
        Condition::Any(inner) => {
            denied(condition)
                || !inner.is_empty() && inner.iter().all(|one| denied(one) || apart(list, std::slice::from_ref(one), protocol))
        }
        _ => denied(condition),
    })
}

/// Whether what one list asks for is all asked for by the other, so that it holds wherever the other does.
pub(super) fn implied(list: &[Spanned<Condition>], by: &[Spanned<Condition>], protocol: &Protocol) -> bool {
    let given = all(by, protocol);
    list.iter().all(|condition| {
        if by.iter().any(|c| c.get_ref() == condition.get_ref()) {
            return true;
        }
        let plain = !matches!(
            condition.get_ref(),
            Condition::Any(_) | Condition::NoImprovement(_) | Condition::Worse(_) | Condition::SinceDose(_) | Condition::Signal(_)
        ) && held(condition.get_ref()).is_none();
        let asks = one(condition.get_ref(), &condition.span(), protocol);
        let meets = |g: &Ask, a: &Ask| g.thing == a.thing && g.asked.inside(a.asked) && a.words.is_empty();
        plain && !asks.is_empty() && asks.iter().all(|a| given.iter().any(|g| meets(g, a)))
    })
}
