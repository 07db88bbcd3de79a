//! The linter: what is wrong with a protocol file, line by line, before anybody acts on it.
//!
//! An error refuses the file; a warning asks somebody to look; a note tells what may well be meant so. Nothing else is affected by a broken file.

mod actions;
mod amounts;
mod asks;
mod conditions;
mod limits;
mod reach;

use crate::language::{Problem, Protocol, Severity, Strength, nearest};
use barograph_grading::scales;
use std::ops::Range;
use toml::Spanned;

/// Hours of a month, beyond which a length of time was hardly meant in hours.
const MONTH: f64 = 744.0;

/// Gathers problems of one text.
struct Linter<'t> {
    text: &'t str,
    problems: Vec<Problem>,
}

impl Linter<'_> {
    fn error(&mut self, span: &Range<usize>, reason: impl Into<String>, suggestion: impl Into<String>) {
        self.problems.push(Problem::at(self.text, span, Severity::Error, reason, suggestion));
    }

    fn warn(&mut self, span: &Range<usize>, reason: impl Into<String>, suggestion: impl Into<String>) {
        self.problems.push(Problem::at(self.text, span, Severity::Warning, reason, suggestion));
    }

    fn note(&mut self, span: &Range<usize>, reason: impl Into<String>, suggestion: impl Into<String>) {
        self.problems.push(Problem::at(self.text, span, Severity::Note, reason, suggestion));
    }

    /// A number of hours, doses or milligrams that must be above 0; hours between doses are seldom more than a month.
    fn positive(&mut self, span: &Range<usize>, what: &str, number: Option<f64>) {
        let Some(x) = number else { return };
        if !(x.is_finite() && x > 0.0) {
            self.error(span, format!("{what} = {x} is not above 0"), "write a positive number, or leave the key out");
        } else if ["every_hours", "min_interval_hours", "due_within_hours"].contains(&what) && x > MONTH {
            let days = (x / 24.0).round();
            self.warn(span, format!("{what} = {x} are {days} days"), "write hours, not minutes or seconds");
        }
    }

    /// The place of a key in the table that begins at a span, so that a complaint about it points there.
    fn key(&self, span: &Range<usize>, key: &str) -> Range<usize> {
        let rest = self.text.get(span.start..).unwrap_or_default();
        let end = rest.match_indices("\n[").map(|(i, _)| i).next().unwrap_or(rest.len());
        let table = rest.get(..end).unwrap_or_default();
        let found = table.match_indices(key).find(|(i, _)| {
            let starts_line =
                table.get(..*i).is_some_and(|before| before.trim_end_matches([' ', '\t']).ends_with('\n') || before.is_empty());
            let after = table.get(i + key.len()..).unwrap_or_default().trim_start();
            starts_line && after.starts_with('=')
        });
        found.map_or_else(|| span.clone(), |(i, _)| span.start + i..span.start + i + key.len())
    }
}

/// Reads a protocol file and looks for whatever would mislead: the plan, if it may be used, and every problem.
///
/// The file's problems come in the order of its lines. With an error among them there is no plan.
pub fn lint(text: &str) -> (Option<Protocol>, Vec<Problem>) {
    let protocol = match Protocol::from_toml(text) {
        Ok(protocol) => protocol,
        Err(problem) => return (None, vec![problem]),
    };
    let mut linter = Linter { text, problems: Vec::new() };
    header(&mut linter, &protocol);
    unique(&mut linter, &protocol);
    for rule in &protocol.rules {
        let (span, rule) = (rule.span(), rule.get_ref());
        cited(&mut linter, &span, &rule.citation, "rule", &rule.id);
        if rule.when.is_empty() {
            let at = linter.key(&span, "when");
            linter.error(
                &at,
                format!("rule {:?} asks for nothing, so it would always speak", rule.id),
                "say when: `when = [{ grade = { at_least = 1 } }]`",
            );
        }
        if rule.then.is_empty() {
            let at = linter.key(&span, "then");
            linter.error(&at, format!("rule {:?} makes nothing due", rule.id), "add an action to `then`, or remove the rule");
        }
        linter.positive(&linter.key(&span, "due_within_hours"), "due_within_hours", rule.due_within_hours);
        if rule.due_within_hours.is_some() && rule.strength != Strength::Recommended {
            let at = linter.key(&span, "due_within_hours");
            let reason = format!("rule {:?} is never overdue, since it obliges nobody: its hours say nothing", rule.id);
            linter.note(&at, reason, "leave due_within_hours out, or the strength");
        }
        for list in [&rule.when, &rule.unless, &rule.until] {
            conditions::check(&mut linter, &protocol, list);
        }
        actions::check(&mut linter, &protocol, rule);
    }
    limits::check(&mut linter, &protocol);
    amounts::check(&mut linter, &protocol);
    reach::check(&mut linter, &protocol);
    let mut problems = linter.problems;
    problems.sort_by_key(|p| (p.line, p.column));
    let refused = problems.iter().any(|p| p.severity == Severity::Error);
    ((!refused).then_some(protocol), problems)
}

fn cited(linter: &mut Linter<'_>, span: &Range<usize>, citation: &str, what: &str, id: &str) {
    if citation.trim().is_empty() {
        let suggestion = "add `citation = \"…\"` with the passage it comes from, and `verified = \"recalled\"` if from memory";
        linter.error(span, format!("{what} {id:?} cites no source"), suggestion);
    }
}

fn header(linter: &mut Linter<'_>, protocol: &Protocol) {
    let top = 0..0;
    let whole = 0..linter.text.len();
    let at = |linter: &Linter<'_>, key: &str| linter.key(&whole, key);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if protocol.id.is_empty() || !protocol.id.chars().all(plain) {
        let place = at(linter, "id");
        linter.error(
            &place,
            format!("id {:?} is not a name for a command line", protocol.id),
            "use lower-case letters, digits, hyphens and dots",
        );
    }
    cited(linter, &at(linter, "citation"), &protocol.citation, "plan", &protocol.id);
    linter.positive(&at(linter, "due_within_hours"), "due_within_hours", Some(protocol.due_within_hours));
    for (key, date) in [("effective_from", Some(&protocol.effective_from)), ("effective_to", protocol.effective_to.as_ref())] {
        if let Some(date) = date.filter(|d| !is_date(d)) {
            let place = at(linter, key);
            linter.error(&place, format!("{key} = {date:?} is no date"), "write YYYY-MM-DD");
        }
    }
    if let Some(to) = protocol.effective_to.as_ref().filter(|to| **to < protocol.effective_from) {
        let place = at(linter, "effective_to");
        linter.error(&place, format!("the plan ends on {to}, before it begins"), "put the two dates in order");
    }
    let scale = protocol.scale.get_ref();
    if scales::by_id(scale).is_none() {
        let known = scales::ALL.iter().map(|s| s.id());
        let hint = nearest(scale, known).map_or("see `barograph list scales`".to_owned(), |n| format!("did you mean {n:?}?"));
        linter.error(&protocol.scale.span(), format!("{scale:?} is no scale that barograph grades by"), hint);
    }
    if protocol.rules.is_empty() {
        linter.error(&top, "the plan has no rule", "add at least one [[rule]]");
    }
    let population = &protocol.population;
    let bounds = population.from_years.is_some() || population.below_years.is_some();
    if bounds && population.text.trim().is_empty() {
        let place = at(linter, "[population]");
        linter.warn(&place, "the population has bounds and no words", "add `text = \"…\"`, which outputs show");
    }
    if let (Some(from), Some(below)) = (population.from_years, population.below_years)
        && from >= below
    {
        let place = at(linter, "from_years");
        linter.error(&place, format!("nobody is from {from} and below {below} years old"), "put the two ages in order");
    }
    for (key, age) in [("from_years", population.from_years), ("below_years", population.below_years)] {
        let place = at(linter, key);
        conditions::plausible_age(linter, &place, age);
    }
}

/// YYYY-MM-DD, of a month and day that exist in some year.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
    if !(number(year, 4) && number(month, 2) && number(day, 2)) {
        return false;
    }
    let (month, day): (u8, u8) = (month.parse().unwrap_or(0), day.parse().unwrap_or(0));
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=longest).contains(&day)
}

fn unique(linter: &mut Linter<'_>, protocol: &Protocol) {
    let rules = protocol.rules.iter().map(|r| (r.span(), r.get_ref().id.as_str(), "rule")).collect::<Vec<_>>();
    let limits = protocol.limits.iter().map(|l| (l.span(), l.get_ref().id.as_str(), "limit")).collect::<Vec<_>>();
    let cautions = protocol.cautions.iter().map(|c| (c.span(), c.get_ref().id.as_str(), "caution")).collect::<Vec<_>>();
    for list in [rules, limits, cautions] {
        for (i, (span, id, what)) in list.iter().enumerate() {
            if id.trim().is_empty() {
                linter.error(span, format!("a {what} without an id"), "give it a short name of its own");
            } else if list.iter().take(i).any(|(_, other, _)| other == id) {
                linter.error(span, format!("there are two of {what} {id:?}"), "rename one of the two: outputs name it by its id");
            }
        }
    }
}

/// The spans of some conditions that stand one beside the other.
fn spans<T>(list: &[Spanned<T>]) -> Range<usize> {
    let places: Vec<Range<usize>> = list.iter().map(Spanned::span).collect();
    places.first().zip(places.last()).map_or(0..0, |(first, last)| first.start..last.end)
}
