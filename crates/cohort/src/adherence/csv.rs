//! One row for each thing due and each stray dose.

use super::AdherenceReport;
use barograph_protocols::engine::Share;
use std::io::{self, Write};

pub(super) fn write(out: &mut impl Write, report: &AdherenceReport<'_>) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["patient", "protocol", "rule", "strength", "what", "day", "outcome", "hours", "amount"])?;
    for plan in &report.plans {
        for line in &plan.lines {
            let (rule, strength) = line.rule.map_or(("", ""), |rule| (rule.id.as_str(), rule.strength.name()));
            let day = format!("{:.4}", line.day);
            let hours = line.hours.map_or(String::new(), |h| format!("{h:.2}"));
            let amount = line.share.map_or_else(String::new, Share::words);
            csv.write_record([&line.patient, &plan.protocol.id, rule, strength, &line.what, &day, &line.outcome, &hours, &amount])?;
        }
    }
    csv.flush()
}
