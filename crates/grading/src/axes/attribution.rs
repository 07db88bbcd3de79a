//! Attribution: somebody's judgement that a sign has another cause than CRS.
//!
//! barograph never attributes by itself. An `attribution` row names the axis (fever, hypotension,
//! hypoxia; all three when it names none) and the cause; it holds from its time on until a row gives
//! the axis back to CRS.

use crate::course::Evidence;
use barograph_record::Event;

/// Which axes are attributed to another cause, and by which row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Attribution {
    /// Fever has another cause.
    pub fever: Option<Evidence>,
    /// Hypotension has another cause.
    pub circulation: Option<Evidence>,
    /// Hypoxia has another cause.
    pub breathing: Option<Evidence>,
}

impl Attribution {
    pub(super) fn judge(&mut self, event: &Event, words: &str) {
        let words = words.to_lowercase().replace(['-', '_'], " ");
        let names = |stems: &[&str]| stems.iter().any(|s| words.contains(s));
        let fever = names(&["fever", "temperature"]);
        let circulation = names(&["hypotens", "pressure", "vasopressor", "circulat", "shock", "bp"]);
        let breathing = names(&["hypox", "oxygen", "ventilat", "breathing", "respirat"]);
        // A judgement about a seizure, say, says nothing about CRS.
        let neurology = names(&["seizure", "neuro", "icans", "conscious", "encephalopath", "weakness", "cerebral"]);
        let all = !(fever || circulation || breathing || neurology);
        let negated = names(&["not ", "non ", "no crs", "unrelated", "other than", "rather than"]);
        let to_crs = names(&["crs", "cytokine release"]) && !negated;
        let verdict = (!to_crs).then(|| Evidence::of(event));
        for (named, axis) in [(fever, &mut self.fever), (circulation, &mut self.circulation), (breathing, &mut self.breathing)] {
            if named || all {
                *axis = verdict;
            }
        }
    }

    /// Whether any axis is attributed elsewhere.
    pub const fn any(&self) -> bool {
        self.fever.is_some() || self.circulation.is_some() || self.breathing.is_some()
    }

    pub(crate) fn fingerprint(&self) -> u32 {
        u32::from(self.fever.is_some()) | u32::from(self.circulation.is_some()) << 1 | u32::from(self.breathing.is_some()) << 2
    }
}
