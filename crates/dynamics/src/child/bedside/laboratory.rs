//! The laboratory: daily samples with assay noise and limits.

use super::chart::{Chart, NoteValue};
use crate::child::draws::Draws;
use crate::child::model::ChildState;
use barograph_record::Signal;

/// An assay: its coefficient of variation, its lower limit, decimals.
struct Assay(Signal, f64, f64, i32);

const DAILY: [Assay; 5] = [
    Assay(Signal::Crp, 0.05, 3.0, 0),
    Assay(Signal::Ferritin, 0.06, 10.0, 0),
    Assay(Signal::Il6, 0.15, 5.0, 0),
    Assay(Signal::IfnGamma, 0.15, 10.0, 0),
    Assay(Signal::Il10, 0.15, 5.0, 0),
];
/// qPCR of the transgene varies by about a quarter within a patient; the residual of Stein 2019 (0.56 on the log scale) holds model misfit as well.
const CAR_T: Assay = Assay(Signal::CarT, 0.25, 50.0, 0);

/// Days on which the transgene is measured, as in the registration trials.
const CAR_T_DAYS: [u32; 8] = [1, 4, 7, 11, 14, 17, 21, 28];

/// Charts the samples of the morning of day `day` (whole days from infusion).
pub(crate) fn laboratory(chart: &mut Chart, at: f64, day: u32, state: &ChildState<'_>, inpatient: bool, draws: &mut Draws) {
    let mut sample = |assay: &Assay, value: f64| {
        let seen = value.max(0.0) * (assay.1 * draws.normal()).exp();
        let Assay(signal, _, limit, decimals) = *assay;
        if seen < limit {
            chart.add(at, signal, NoteValue::Below(limit));
        } else {
            chart.number(at, signal, seen, decimals);
        }
    };
    if inpatient {
        let values = [state.crp(), state.ferritin(), state.il6(), state.ifn_gamma(), state.il10()];
        for (assay, value) in DAILY.iter().zip(values) {
            sample(assay, value);
        }
    }
    if CAR_T_DAYS.contains(&day) {
        sample(&CAR_T, state.car_t());
    }
    if day == 28 {
        let blasts = state.marrow_blasts();
        chart.number(at, Signal::MarrowBlasts, blasts, 1);
        if blasts < 0.01 {
            chart.add(at, Signal::Mrd, NoteValue::Below(0.01));
        } else {
            chart.number(at, Signal::Mrd, blasts, 2);
        }
    }
}
