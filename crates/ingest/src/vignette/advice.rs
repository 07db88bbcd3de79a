//! What a story expects of a plan: the lines of an `advice` block.

use crate::instant::{days, decimal};
use thiserror::Error;

/// Where an action of a rule stands, or what became of it, as a story writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdviceState {
    /// To be done.
    Due,
    /// To be done, and late.
    Overdue,
    /// One option among several.
    Option,
    /// It holds as long as its rule does.
    Holds,
    /// Wanted, and forbidden by a limit or a contraindication.
    Refused,
    /// Wanted, and asked for by another rule already.
    Covered,
    /// Done.
    Done,
    /// Done, and due again.
    Scheduled,
    /// All doses of the course were given.
    Complete,
    /// It cannot be excluded; the words say what to chart.
    Open,
    /// The rule does not speak; or the plan says nothing in these words.
    Silent,
    /// A dose given at that moment was the answer to the rule.
    Given,
    /// At that moment it ceased to be due, and was not done.
    Lapsed,
    /// A dose given at that moment was asked for by no rule.
    Unasked,
    /// A dose given at that moment was forbidden by a limit.
    AgainstLimit,
    /// The plan is not for this patient.
    Outside,
    /// The plan says what the words say beside its rules.
    Note,
}

impl AdviceState {
    /// Every state with its word.
    pub const ALL: [(&'static str, Self); 17] = [
        ("due", Self::Due),
        ("overdue", Self::Overdue),
        ("option", Self::Option),
        ("holds", Self::Holds),
        ("refused", Self::Refused),
        ("covered", Self::Covered),
        ("done", Self::Done),
        ("scheduled", Self::Scheduled),
        ("complete", Self::Complete),
        ("open", Self::Open),
        ("silent", Self::Silent),
        ("given", Self::Given),
        ("lapsed", Self::Lapsed),
        ("unasked", Self::Unasked),
        ("against-limit", Self::AgainstLimit),
        ("outside", Self::Outside),
        ("note", Self::Note),
    ];

    /// Whether it is said of the plan as a whole, not of a rule.
    pub const fn of_plan(self) -> bool {
        matches!(self, Self::Unasked | Self::AgainstLimit | Self::Outside | Self::Note)
    }
}

/// What a story expects of one rule of a plan at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct AdviceExpectation {
    /// Line of the Markdown file, one-based; 0 where it was read from elsewhere.
    pub line: u32,
    /// Id of the plan, as in `asco-2021`.
    pub protocol: String,
    /// Days from infusion.
    pub day: f64,
    /// Id of the rule; `None` for what is said of the plan as a whole.
    pub rule: Option<String>,
    /// Where it stands.
    pub state: AdviceState,
    /// Words that the advice must hold: a drug, an amount, a limit, what to chart.
    pub words: Vec<String>,
}

/// Why a line is not an expectation of advice.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdviceError {
    /// The line does not begin with a plan and a day.
    #[error("an expectation of advice begins like \"asco-2021 at 3.25:\"")]
    Heading,
    /// A rule and a state must follow.
    #[error("after the colon stand a rule (or \"plan\") and a state, as in \"grade-2-tocilizumab due tocilizumab, 240 mg\"")]
    Rule,
    /// There is no such state.
    #[error("unknown state {0:?}; states are {states}", states = AdviceState::ALL.map(|(word, _)| word).join(", "))]
    UnknownState(String),
    /// The state belongs to a plan, or to a rule, and the other was named.
    #[error("{0:?} is said of {1}")]
    Subject(&'static str, &'static str),
}

impl AdviceExpectation {
    /// Reads one line, such as `asco-2021 at 3.25: grade-2-tocilizumab due tocilizumab, 240 mg`.
    ///
    /// # Errors
    /// [`AdviceError`] when any part is not understood: an expectation that is half read would test half.
    pub fn parse(line: &str) -> Result<Self, AdviceError> {
        let (heading, rest) = line.split_once(':').ok_or(AdviceError::Heading)?;
        let [protocol, "at", day] = heading.split_whitespace().collect::<Vec<_>>()[..] else { return Err(AdviceError::Heading) };
        let day = days(day).and(decimal(day)).ok_or(AdviceError::Heading)?;
        let (subject, rest) = rest.trim().split_once(char::is_whitespace).ok_or(AdviceError::Rule)?;
        let (word, words) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
        let known = AdviceState::ALL.iter().find(|(name, _)| *name == word);
        let (name, state) = *known.ok_or_else(|| AdviceError::UnknownState(word.chars().take(40).collect()))?;
        let rule = (subject != "plan").then(|| subject.to_owned());
        match (&rule, state.of_plan()) {
            (None, false) if state == AdviceState::Silent => {}
            (Some(_), true) => return Err(AdviceError::Subject(name, "the plan: write \"plan\" in place of the rule")),
            (None, false) => return Err(AdviceError::Subject(name, "a rule: write its id in place of \"plan\"")),
            _ => {}
        }
        let words = words.split(',').map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect();
        Ok(Self { line: 0, protocol: protocol.to_owned(), day, rule, state, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_names_plan_moment_rule_state_and_words() {
        let read = AdviceExpectation::parse("asco-2021 at 3.25: grade-2-tocilizumab due tocilizumab, 240 mg").unwrap();
        assert_eq!((read.protocol.as_str(), read.day, read.rule.as_deref()), ("asco-2021", 3.25, Some("grade-2-tocilizumab")));
        assert_eq!((read.state, read.words), (AdviceState::Due, vec!["tocilizumab".to_owned(), "240 mg".to_owned()]));
        let read = AdviceExpectation::parse("tecartus-uspi-2025 at 3: plan outside another product").unwrap();
        assert_eq!((read.rule, read.state), (None, AdviceState::Outside));
        let read = AdviceExpectation::parse("asco-2021 at 3: grade-3-care silent").unwrap();
        assert!(read.words.is_empty());
    }

    #[test]
    fn what_is_not_understood_is_refused_and_says_how() {
        for (line, word) in [
            ("", "begins like"),
            ("asco-2021 3: r due", "begins like"),
            ("asco-2021 at noon: r due", "begins like"),
            ("asco-2021 at 3: r", "a rule"),
            ("asco-2021 at 3: r soon", "unknown state \"soon\"; states are due"),
            ("asco-2021 at 3: plan due", "write its id"),
            ("asco-2021 at 3: r outside", "write \"plan\""),
        ] {
            let error = AdviceExpectation::parse(line).unwrap_err().to_string();
            assert!(error.contains(word), "{line}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,80}", rest in "[a-z0-9:;., -]{0,60}") {
            AdviceExpectation::parse(&text).ok();
            AdviceExpectation::parse(&format!("s at 1: {rest}")).ok();
        }
    }
}
