//! PELOD-2, the Pediatric Logistic Organ Dysfunction score.
//!
//! **Points** (0 to 33): coma score 5 to 10 1, below 5 4; pupils fixed on both sides 5 · lactate from 5 mmol/L 1, from
//! 11 4; mean pressure 2, 3 or 6 by age · creatinine (**umol/L**) from 70, 23, 35, 51, 59 or 93 by age 2 · arterial
//! ratio below 61 mmHg 2; arterial carbon dioxide from 59 mmHg 1, from 95 3; invasive ventilation 3 · leucocytes up to
//! 2 10*9/L 2; platelets below 142 1, below 77 2. [`mortality`] gives the published risk of death.
//!
//! **Source**: Leteurtre 2013, Crit Care Med 41:1761, DOI 10.1097/CCM.0b013e31828a2bbd, as coded in sauthiem/aPELOD2.
//! **Verified**: secondary. A mean pressure of 45 mmHg from 24 to 59 months is worth 3, as settled with Leteurtre; the
//! paper is ambiguous. Published whole numbers are read as edges: 31 to 45 ends below 46, so that no value falls between.
//!
//! **Population**: children in intensive care, with the worst values of a day. Here it is the score of what holds at the
//! moment. **Missing**: the published score counts what is missing as normal; that is the floor. Always unknown: pupils
//! and both arterial pressures.

use super::form::{Additive, Published};

/// The score; its page is the doc comment of this module.
pub static PELOD_2: Published<Additive> = Published::new("pelod-2", include_str!("../../../../knowledge/scores/pelod-2.toml"));

/// Risk of death in intensive care that goes with a score: 1 / (1 + exp(6.61 - 0.47 score)), from 0 to 1.
///
/// Source: Leteurtre 2013, as coded in sauthiem/aPELOD2.
pub fn mortality(score: f64) -> f64 {
    1.0 / (1.0 + (6.61 - 0.47 * score).exp())
}
