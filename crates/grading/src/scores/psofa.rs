//! pSOFA, the Pediatric Sequential Organ Failure Assessment.
//!
//! **Points** (0 to 24), 0 to 4 for each of six organs: saturation over inspired fraction below 292, 264, and on
//! ventilation 221, 148 · platelets below 150, 100, 50, 20 10*9/L · bilirubin from 1.2, 2, 6, 12 mg/dL · mean pressure
//! below the edge of the age 1, dobutamine or dopamine up to 5 ug/kg/min 2, dopamine above 5 or (nor)epinephrine up to
//! 0.1 3, dopamine above 15 or (nor)epinephrine above 0.1 4 · coma score below 15, 13, 10, 6 · creatinine by age.
//!
//! **Source**: Matics 2017, JAMA Pediatr 171:e172352, DOI 10.1001/jamapediatrics.2017.2352, as coded in
//! ljwoodley/psofa. **Verified**: secondary. That code grades a newborn's creatinine of 1.2 to 1.99 mg/dL as 2; here the
//! neighbouring classes decide (3 from 1.2, 4 from 1.6).
//!
//! **Population**: children in intensive care. **Missing**: opens floor and ceiling. Always unknown: arterial oxygen
//! pressure. Ventilation is read as positive pressure; whether a high-flow cannula is one stays open. Drugs outside
//! the table (vasopressin, phenylephrine, milrinone) are worth nothing.

use super::form::{Additive, Published};

/// The score; its page is the doc comment of this module.
pub static PSOFA: Published<Additive> = Published::new("psofa", include_str!("../../../../knowledge/scores/psofa.toml"));
