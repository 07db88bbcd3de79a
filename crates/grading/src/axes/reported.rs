//! Grades that somebody stated, for the definitions that charting cannot decide.

use crate::course::Evidence;
use barograph_record::{Event, Instant, Span, Value};

/// The last stated grade by CTCAE v4.03.
#[derive(Clone, Copy, Debug)]
pub struct Reported {
    last: Option<(u8, Evidence)>,
    /// Rows that name the scale and no grade.
    unusable: bool,
    holds: Span,
}

impl Reported {
    pub(super) const fn new(holds: Span) -> Self {
        Self { last: None, unusable: false, holds }
    }

    pub(super) fn state(&mut self, event: &Event, words: &str) {
        let words = words.to_lowercase();
        if !(words.contains("ctcae") && words.contains("4.03")) {
            return;
        }
        let number = match event.value {
            Value::Number(x, _) => (x.fract() == 0.0 && (0.0..=5.0).contains(&x)).then_some(x as u8),
            _ => spelled_out(&words),
        };
        match number {
            Some(grade) => self.last = Some((grade, Evidence::of(event))),
            None => self.unusable = true,
        }
    }

    /// The grade stated last and the row that states it.
    pub const fn last(&self) -> Option<(u8, Evidence)> {
        self.last
    }

    /// The grade stated not longer ago than signs take to be over, or while they last.
    pub fn holding(&self, now: Instant, signs_about: bool) -> Option<(u8, Evidence)> {
        self.last.filter(|(_, row)| signs_about || now < row.at + self.holds)
    }

    /// Whether a row stated no grade from 0 to 5.
    pub const fn unusable(&self) -> bool {
        self.unusable
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.last.map(|(_, row)| row.at + self.holds)
    }
}

/// The digit in "grade 3".
fn spelled_out(words: &str) -> Option<u8> {
    let (_, rest) = words.split_once("grade")?;
    let mut characters = rest.trim_start().chars();
    let digit = characters.next()?.to_digit(10).filter(|d| *d <= 5)?;
    let alone = characters.next().is_none_or(|c| !c.is_ascii_digit() && c != '.');
    alone.then_some(digit as u8)
}
