//! One row for each thing due and each stray dose.

use super::AdherenceReport;
use std::io::{self, Write};

pub(super) fn write(out: &mut impl Write, report: &AdherenceReport<'_>) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["patient", "protocol", "rule", "what", "day", "outcome", "hours"])?;
    for plan in &report.plans {
        for line in &plan.lines {
            let day = format!("{:.4}", line.day);
            let hours = line.hours.map_or(String::new(), |h| format!("{h:.2}"));
            csv.write_record([&line.patient, &plan.protocol.id, &line.rule, &line.what, &day, &line.outcome, &hours])?;
        }
    }
    csv.flush()
}
