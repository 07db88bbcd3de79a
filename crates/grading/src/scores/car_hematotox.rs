//! CAR-HEMATOTOX, the risk of long neutropenia.
//!
//! **Points** (0 to 7): platelets above 175 10*9/L 0, 75 to 175 1, below 75 2 · neutrophils below 1200/uL 1 ·
//! haemoglobin below 9.0 g/dL 1 · CRP from 3.0 **mg/dL** 1 · ferritin below 650 ng/mL 0, 650 to 2000 1, above 2000 2.
//! From 2 on the risk is high.
//!
//! **Source**: Rejeski 2021, Blood 138:2499, DOI 10.1182/blood.2020010543. **Verified**: secondary; the side on which a
//! value exactly on an edge falls is to be confirmed in the paper.
//!
//! **Population**: adults with large B-cell lymphoma; values before lymphodepletion (for example day -5).
//!
//! **Warning for children**: it fails there. About 90 % of 156 children and young adults with B-ALL were at high risk
//! (Nair 2025), because leukaemia itself lowers the counts and raises ferritin.

use super::form::{Additive, Published};

/// The score; its page is the doc comment of this module.
pub static CAR_HEMATOTOX: Published<Additive> =
    Published::new("car-hematotox", include_str!("../../../../knowledge/scores/car-hematotox.toml"));
