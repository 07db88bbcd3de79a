//! Numbers of the ward and of the doses given there, as `knowledge/` has them; the build script makes constants of them.

/// A dose by weight.
pub(super) struct DoseRule {
    /// Pairs of a weight and the mg/kg below it, the lightest first.
    bands: &'static [(f64, f64)],
    /// mg in one dose.
    most: f64,
    /// mg in 24 hours.
    pub(super) most_in_24_hours: f64,
    /// mg/kg in 24 hours.
    pub(super) per_kg_in_24_hours: f64,
}

impl DoseRule {
    /// mg for a weight.
    pub(super) fn mg(&self, weight_kg: f64) -> f64 {
        let band = self.bands.iter().find(|(below, _)| weight_kg < *below);
        (band.map_or(0.0, |(_, per_kg)| *per_kg) * weight_kg).min(self.most)
    }
}

include!(concat!(env!("OUT_DIR"), "/ward.rs"));
