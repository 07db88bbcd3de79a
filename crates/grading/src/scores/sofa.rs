//! SOFA, the Sequential Organ Failure Assessment, for young adults.
//!
//! **Points** (0 to 24), 0 to 4 for each of six organs: arterial oxygen ratio below 400, 300, and on ventilation 200,
//! 100 · platelets below 150, 100, 50, 20 10*9/L · bilirubin from 1.2, 2, 6, 12 mg/dL · mean pressure below 70 mmHg 1,
//! dobutamine or dopamine up to 5 ug/kg/min 2, dopamine above 5 or (nor)epinephrine up to 0.1 3, dopamine above 15 or
//! (nor)epinephrine above 0.1 4 · coma score below 15, 13, 10, 6 · creatinine from 1.2, 2.0, 3.5, 5.0 mg/dL, or urine
//! output.
//!
//! **Source**: Vincent 1996, Intensive Care Med 22:707, DOI 10.1007/BF01709751. **Verified**: secondary.
//!
//! **Population**: adults in intensive care, with the worst values of a day. Below 18 years pressure and creatinine are
//! left open; use [`psofa`](super::psofa). **Missing**: opens floor and ceiling. Always unknown: arterial oxygen
//! pressure (the original has no saturation ratio) and urine output.

use super::form::{Additive, Published};

/// The score; its page is the doc comment of this module.
pub static SOFA: Published<Additive> = Published::new("sofa", include_str!("../../../../knowledge/scores/sofa.toml"));
