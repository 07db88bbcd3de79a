//! Sedation from infusions of sedatives: yes while any of a patient's runs.

use super::intake::at;
use barograph_record::{Code, Files, Ledger, Observation, RawValue, RecordBuilder, Signal};
use jiff::Timestamp;
use std::collections::HashSet;

/// One charting of a sedative infusion.
pub(super) struct Pump {
    pub(super) at: Timestamp,
    /// The order, or the drug where orders have no ids.
    pub(super) channel: String,
    pub(super) drug: String,
    pub(super) runs: bool,
    pub(super) file: u16,
    pub(super) row: u32,
}

/// Gives every charting an event that says whether the patient is sedated after it.
///
/// Chartings of one instant are taken together: a bag change written as stop and start is no pause.
pub(super) fn settle(builder: &mut RecordBuilder, mut pumps: Vec<Pump>, files: &Files, ledger: &mut Ledger) {
    pumps.sort_by_key(|p| (p.at, p.runs, p.file, p.row));
    let mut running: HashSet<&str> = HashSet::new();
    for instant in pumps.chunk_by(|a, b| a.at == b.at) {
        for pump in instant {
            if pump.runs {
                running.insert(&pump.channel);
            } else {
                running.remove(pump.channel.as_str());
            }
        }
        let sedated = if running.is_empty() { Code::No } else { Code::Yes };
        for pump in instant {
            let event = at(pump.at, Signal::Sedation, RawValue::Code(sedated));
            let event = Observation { detail: &pump.drug, file: pump.file, row: pump.row, ..event };
            builder.push(&event, files, ledger);
        }
    }
}
