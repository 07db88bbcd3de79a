//! Many patients at once: one line for each patient and plan.

use super::{doses, word};
use crate::table::width::{pad, width};
use crate::words::{NONE, clean, grade, moment};
use barograph_grading::Policy;
use barograph_protocols::engine::{Advice, Standing, Truth};
use barograph_protocols::language::Verified;
use barograph_record::Record;
use std::io::{self, Write};

const HEADERS: [&str; 5] = ["patient", "day", "plan", "grade", "due, refused or scheduled; open questions"];

/// Lines in the order of the input.
#[derive(Debug, Default)]
pub struct Overview {
    rows: Vec<[String; 5]>,
    recalled: bool,
}

impl Overview {
    /// Adds one patient.
    pub fn add(&mut self, record: &Record, all: &[Advice<'_>]) {
        for advice in all {
            let says = self.says(advice);
            let id = clean(&record.patient.id);
            self.rows.push([id, moment(advice.at), advice.protocol.id.clone(), grade(advice.grade), says]);
        }
    }

    fn says(&mut self, advice: &Advice<'_>) -> String {
        if advice.died {
            return "died".to_owned();
        }
        if advice.applies.truth == Truth::No {
            return format!("not for this patient: {}", advice.applies.text);
        }
        let mut parts = Vec::new();
        for item in &advice.items {
            let told = matches!(
                item.standing,
                Standing::Due { .. }
                    | Standing::Overdue { .. }
                    | Standing::Refused(_)
                    | Standing::Scheduled { .. }
                    | Standing::Option { .. }
            );
            if !told {
                continue;
            }
            let sure = item.rule.verified;
            let mark = if matches!(sure, Verified::Primary | Verified::Secondary) { "" } else { "*" };
            self.recalled |= !mark.is_empty();
            let what = if item.doses.is_empty() { item.what.clone() } else { doses(item).join(" or ") };
            parts.push(format!("{}: {what}{mark}", word(&item.standing)));
        }
        let others = advice.items.iter().filter(|i| matches!(i.standing, Standing::Holds { .. })).count();
        if others > 0 {
            parts.push(format!("{others} more of care, tests and support, which a record cannot show done"));
        }
        if !advice.possible.is_empty() {
            let mut chart: Vec<&str> = advice.possible.iter().flat_map(|p| p.chart.iter().map(String::as_str)).collect();
            chart.sort_unstable();
            chart.dedup();
            parts.push(format!("{} not excluded: chart {}", advice.possible.len(), chart.join(", ")));
        }
        if parts.is_empty() { NONE.to_owned() } else { parts.join("; ") }
    }

    /// Writes the table.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write(&self, out: &mut impl Write, policy: &Policy) -> io::Result<()> {
        let mut widths = HEADERS.map(width);
        for row in &self.rows {
            for (w, cell) in widths.iter_mut().zip(row) {
                *w = (*w).max(width(cell));
            }
        }
        let line = |cells: &[&str]| {
            let last = cells.len() - 1;
            let padded: Vec<String> = cells
                .iter()
                .zip(widths)
                .enumerate()
                .map(|(i, (cell, w))| if i == last { (*cell).to_owned() } else { pad(cell, w) })
                .collect();
            padded.join("  ")
        };
        writeln!(out, "{}", line(&HEADERS))?;
        for row in &self.rows {
            writeln!(out, "{}", line(&row.each_ref().map(String::as_str)))?;
        }
        if self.recalled {
            writeln!(out, "\n* the rule is recalled, derived or assumed: check it against its source")?;
        }
        writeln!(out, "\n{}", super::rests_on(policy))?;
        writeln!(out, "The whole of one patient: --patient ID. Research software, not a medical device.")
    }
}
