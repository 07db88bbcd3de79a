//! What a story expects of a scale: the lines of an `expect` block.

use crate::instant::{days, decimal};
use thiserror::Error;

/// A grade as a floor and a ceiling, which meet when all that matters is known.
pub type Grade = (u8, u8);

/// When an episode begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Onset {
    /// The first positive instant, in days from infusion.
    pub day: f64,
    /// The last negative instant before it, in days from infusion, where the story states it.
    pub after_day: Option<f64>,
}

/// When an episode ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolution {
    /// Resolved on this day from infusion.
    Day(f64),
    /// Not resolved while the record lasts.
    Never,
}

/// The grade that a story expects at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Days from infusion; the step that contains the moment just after it is meant.
    pub day: f64,
    /// The grade there.
    pub grade: Grade,
}

/// What a story expects of one episode by one scale.
///
/// Only what is stated is expected; an absent clause expects nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Line of the Markdown file, one-based; 0 where it was read from elsewhere.
    pub line: u32,
    /// Id of the scale, as in `astct-2019`.
    pub scale: String,
    /// Number of the episode, from 1; 0 expects that there is none.
    pub episode: u32,
    /// The worst grade.
    pub peak: Grade,
    /// The beginning.
    pub onset: Option<Onset>,
    /// The end.
    pub resolved: Option<Resolution>,
    /// Notes that must be present.
    pub notes: Vec<String>,
    /// Grades at single moments, in the order written.
    pub course: Vec<Step>,
    /// Axes that must be listed as unstated.
    pub unstated: Vec<String>,
}

/// Why a line is not an expectation.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpectationError {
    /// The line does not begin with a scale and an episode.
    #[error("an expectation begins like \"astct-2019 episode 1:\"")]
    Heading,
    /// A clause begins with none of the known words.
    #[error("unknown clause {0:?}; clauses are peak, onset, resolved, notes, course and unstated")]
    UnknownClause(String),
    /// A clause stands twice.
    #[error("the clause {0:?} stands twice")]
    RepeatedClause(String),
    /// A clause does not have its form.
    #[error("the clause {clause:?} is written like \"{form}\"")]
    Form {
        /// First word of the clause.
        clause: &'static str,
        /// An example of its form.
        form: &'static str,
    },
    /// The clause that every expectation needs is absent.
    #[error("there is no clause \"peak\"")]
    NoPeak,
}

impl Expectation {
    /// Reads one line, such as `astct-2019 episode 1: peak 3; onset 2.5 after 2.25; resolved 9.0`.
    ///
    /// # Errors
    /// [`ExpectationError`] when any part is not understood: an expectation that is half read would test half.
    pub fn parse(line: &str) -> Result<Self, ExpectationError> {
        let (scale, episode, clauses) = heading(line).ok_or(ExpectationError::Heading)?;
        let mut peak = None;
        let mut out = Self {
            line: 0,
            scale: scale.to_owned(),
            episode,
            peak: (0, 0),
            onset: None,
            resolved: None,
            notes: Vec::new(),
            course: Vec::new(),
            unstated: Vec::new(),
        };
        let mut seen: Vec<&str> = Vec::new();
        for clause in clauses.split(';').map(str::trim).filter(|c| !c.is_empty()) {
            let (word, rest) = clause.split_once(char::is_whitespace).unwrap_or((clause, ""));
            if seen.contains(&word) {
                return Err(ExpectationError::RepeatedClause(shortened(word)));
            }
            seen.push(word);
            let rest = rest.trim();
            let form = |clause, form| ExpectationError::Form { clause, form };
            match word {
                "peak" => peak = Some(grade(rest).ok_or(form("peak", "peak 3, or peak 1-4"))?),
                "onset" => out.onset = Some(onset(rest).ok_or(form("onset", "onset 2.5 after 2.25"))?),
                "resolved" => out.resolved = Some(resolution(rest).ok_or(form("resolved", "resolved 9.0, or resolved never"))?),
                "notes" => out.notes = names(rest).ok_or(form("notes", "notes onset-after-day-14, sole-vasopressin"))?,
                "course" => out.course = course(rest).ok_or(form("course", "course 2.5:1 3.0:2 4.1:3-4"))?,
                "unstated" => out.unstated = names(rest).ok_or(form("unstated", "unstated oxygen, hypotension"))?,
                other => return Err(ExpectationError::UnknownClause(shortened(other))),
            }
        }
        out.peak = peak.ok_or(ExpectationError::NoPeak)?;
        Ok(out)
    }
}

fn shortened(word: &str) -> String {
    word.chars().take(40).collect()
}

fn heading(line: &str) -> Option<(&str, u32, &str)> {
    let (heading, clauses) = line.split_once(':')?;
    let mut words = heading.split_whitespace();
    let scale = words.next()?;
    let is_episode = words.next()? == "episode";
    let episode = words.next()?.parse().ok()?;
    (is_episode && words.next().is_none()).then_some((scale, episode, clauses))
}

fn grade(text: &str) -> Option<Grade> {
    let one = |text: &str| text.parse::<u8>().ok().filter(|grade| *grade <= 5);
    let (floor, ceiling) = text.split_once('-').unwrap_or((text, text));
    let (floor, ceiling) = (one(floor)?, one(ceiling)?);
    (floor <= ceiling).then_some((floor, ceiling))
}

/// A day as it is written, provided that it is one.
fn day(text: &str) -> Option<f64> {
    days(text)?;
    decimal(text)
}

fn onset(text: &str) -> Option<Onset> {
    match text.split_once("after") {
        Some((on, after)) => Some(Onset { day: day(on)?, after_day: Some(day(after)?) }),
        None => Some(Onset { day: day(text)?, after_day: None }),
    }
}

fn resolution(text: &str) -> Option<Resolution> {
    if text == "never" { Some(Resolution::Never) } else { day(text).map(Resolution::Day) }
}

fn names(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    names.iter().all(|name| !name.is_empty() && !name.contains(char::is_whitespace)).then_some(names)
}

fn course(text: &str) -> Option<Vec<Step>> {
    let step = |text: &str| {
        let (on, reached) = text.split_once(':')?;
        Some(Step { day: day(on)?, grade: grade(reached)? })
    };
    let steps = text.split_whitespace().map(step).collect::<Option<Vec<_>>>()?;
    (!steps.is_empty()).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_clause_is_read() {
        let line = "astct-2019 episode 1: peak 3; onset 2.5 after 2.25; resolved 9.0; notes onset-after-day-14, sole-vasopressin; \
                    course -1:0 3.0:2 4.1:3-4; unstated oxygen";
        let expected = Expectation {
            line: 0,
            scale: "astct-2019".to_owned(),
            episode: 1,
            peak: (3, 3),
            onset: Some(Onset { day: 2.5, after_day: Some(2.25) }),
            resolved: Some(Resolution::Day(9.0)),
            notes: vec!["onset-after-day-14".to_owned(), "sole-vasopressin".to_owned()],
            course: vec![Step { day: -1.0, grade: (0, 0) }, Step { day: 3.0, grade: (2, 2) }, Step { day: 4.1, grade: (3, 4) }],
            unstated: vec!["oxygen".to_owned()],
        };
        assert_eq!(Expectation::parse(line), Ok(expected));
    }

    #[test]
    fn all_but_the_peak_is_optional() {
        let read = Expectation::parse("lee-2014 episode 0: peak 0-4").unwrap();
        assert_eq!((read.episode, read.peak, read.onset, read.resolved), (0, (0, 4), None, None));
        let read = Expectation::parse("lee-2014 episode 2: resolved never; peak 1; onset 3;").unwrap();
        assert_eq!((read.resolved, read.onset), (Some(Resolution::Never), Some(Onset { day: 3.0, after_day: None })));
    }

    #[test]
    fn what_is_not_understood_is_refused_and_says_how() {
        for (line, word) in [
            ("", "begins like"),
            ("astct-2019: peak 3", "begins like"),
            ("astct-2019 episode one: peak 3", "begins like"),
            ("astct-2019 episode 1 2: peak 3", "begins like"),
            ("astct-2019 episode 1:", "no clause \"peak\""),
            ("astct-2019 episode 1: onset 2", "no clause \"peak\""),
            ("astct-2019 episode 1: peak 6", "peak 3"),
            ("astct-2019 episode 1: peak 3-1", "peak 3"),
            ("astct-2019 episode 1: peak", "peak 3"),
            ("astct-2019 episode 1: peak 3; peak 3", "twice"),
            ("astct-2019 episode 1: peak 3; onset soon", "onset 2.5"),
            ("astct-2019 episode 1: peak 3; onset 2 after", "onset 2.5"),
            ("astct-2019 episode 1: peak 3; resolved inf", "resolved never"),
            ("astct-2019 episode 1: peak 3; notes a b", "notes"),
            ("astct-2019 episode 1: peak 3; course", "course"),
            ("astct-2019 episode 1: peak 3; course 2.5", "course"),
            ("astct-2019 episode 1: peak 3; ends 9", "unknown clause \"ends\""),
        ] {
            let error = Expectation::parse(line).unwrap_err().to_string();
            assert!(error.contains(word), "{line}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,80}", clauses in "[a-z0-9:;., -]{0,60}") {
            Expectation::parse(&text).ok();
            Expectation::parse(&format!("s episode 1: peak 1; {clauses}")).ok();
        }
    }
}
