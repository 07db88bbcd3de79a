//! Grades that somebody reported.

use super::LeftOut;
use barograph_record::{Comparator, Instant, Origin, Record, Signal, Value};

/// A reported grade.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated {
    pub grade: u8,
    pub at: Instant,
    pub origin: Origin,
}

/// The highest reported grade on each scale, the earliest of equal ones.
///
/// The event's detail has to name the scale by its id; case and separators do not matter. Which scale a report without
/// one means is not guessed. What cannot be used is counted.
pub(super) fn highest(record: &Record, scales: &[&str], left_out: &mut LeftOut) -> Vec<Option<Stated>> {
    let mut highest: Vec<Option<Stated>> = vec![None; scales.len()];
    for event in record.events.iter().filter(|e| e.signal == Signal::ReportedGrade) {
        let detail = record.texts.get(event.detail);
        let named = folded(detail);
        let Some(slot) = scales.iter().position(|id| folded(id) == named).and_then(|i| highest.get_mut(i)) else {
            let short: String = detail.chars().filter(|c| !c.is_control()).take(40).collect();
            left_out.count(match short.trim() {
                "" => "reported grades that name no scale".to_owned(),
                other => format!("reported grades of \"{other}\", which is not among the scales compared"),
            });
            continue;
        };
        let grade = match event.value {
            Value::Number(x, Comparator::Exact) if (0.0..=5.0).contains(&x) && x.fract() == 0.0 => x as u8,
            _ => {
                left_out.count("reported grades that are not a whole number from 0 to 5".to_owned());
                continue;
            }
        };
        if slot.is_none_or(|s| grade > s.grade) {
            *slot = Some(Stated { grade, at: event.at, origin: event.origin });
        }
    }
    highest
}

/// Letters and digits in lower case; points stay, for they part versions ("CTCAE 4.03" is not "CTCAE 40.3").
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
}
