//! Phoenix Sepsis Score.
//!
//! **Points** (0 to 13), added over four organs:
//! respiratory 0 to 3 (saturation over inspired fraction below 292 on any support 1, below 220 on a ventilator 2, below
//! 148 on a ventilator 3; only with a saturation up to 97 %) ·
//! cardiovascular 0 to 6 (one of six vasoactive drugs 1, two or more 2; lactate from 5 mmol/L 1, from 11 2; mean
//! pressure below the first edge of the age 1, below the second 2) ·
//! coagulation 0 to 2 (platelets below 100, INR above 1.3, D-dimer above 2 mg/L FEU, fibrinogen below 100 mg/dL, one each) ·
//! neurologic 0 to 2 (coma score up to 10 1, pupils fixed on both sides 2).
//! With suspected infection 2 points are sepsis, and one of them cardiovascular makes it septic shock.
//!
//! **Source**: Sanchez-Pinto 2024, JAMA 331:675, DOI 10.1001/jama.2024.0196, and the rubric of the authors' package
//! (CU-DBMI-Peds/phoenix). **Verified**: primary. Lactate is graded as the package does it, 5 up to but not including 11.
//! Ages are decimal months, without correction for prematurity.
//!
//! **Missing**: the published score counts what is missing as normal. That is the floor here; the ceiling says what is
//! not excluded. Always unknown: arterial oxygen pressure and pupils. Where no mean pressure is charted it is the
//! diastolic and a third of the pulse pressure, as the package does. From 18 years on the bands end and are open.
//!
//! **Warning**: a child with CRS of grade 2 or above nearly always reaches 2 points, so the score describes organ
//! dysfunction here and cannot tell CRS from sepsis. Milrinone and vasopressin count, unlike in the grading of CRS.

use super::form::{Additive, Published};

/// The score; its page is the doc comment of this module.
pub static PHOENIX: Published<Additive> = Published::new("phoenix", include_str!("../../../../knowledge/scores/phoenix.toml"));
