//! The laboratory: daily samples with assay noise and limits (`[laboratory]` of the ward).

use super::chart::{Chart, NoteValue};
use crate::child::draws::Draws;
use crate::child::model::ChildState;
use crate::child::ward::laboratory as assays;
use barograph_record::Signal;

/// An assay: what it measures, and its coefficient of variation and lower limit. All are charted as whole numbers.
struct Assay(Signal, [f64; 2]);

const DAILY: [Assay; 5] = [
    Assay(Signal::Crp, assays::CRP),
    Assay(Signal::Ferritin, assays::FERRITIN),
    Assay(Signal::Il6, assays::IL6),
    Assay(Signal::IfnGamma, assays::IFN_GAMMA),
    Assay(Signal::Il10, assays::IL10),
];
const CAR_T: Assay = Assay(Signal::CarT, assays::CAR_T);

/// Charts the samples of the morning of day `day` (whole days from infusion).
pub(crate) fn laboratory(chart: &mut Chart, at: f64, day: u32, state: &ChildState<'_>, inpatient: bool, draws: &mut Draws) {
    let mut sample = |assay: &Assay, value: f64| {
        let Assay(signal, [variation, limit]) = *assay;
        let seen = value.max(0.0) * (variation * draws.normal()).exp();
        if seen < limit {
            chart.add(at, signal, NoteValue::Below(limit));
        } else {
            chart.number(at, signal, seen, 0);
        }
    };
    if inpatient {
        let values = [state.crp(), state.ferritin(), state.il6(), state.ifn_gamma(), state.il10()];
        for (assay, value) in DAILY.iter().zip(values) {
            sample(assay, value);
        }
    }
    if assays::CAR_T_DAYS.contains(&f64::from(day)) {
        sample(&CAR_T, state.car_t());
    }
    if f64::from(day) == assays::MARROW_DAY {
        let blasts = state.marrow_blasts();
        chart.number(at, Signal::MarrowBlasts, blasts, 1);
        if blasts < assays::MRD_LIMIT {
            chart.add(at, Signal::Mrd, NoteValue::Below(assays::MRD_LIMIT));
        } else {
            chart.number(at, Signal::Mrd, blasts, 2);
        }
    }
}
