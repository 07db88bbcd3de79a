//! Norepinephrine equivalent after Kotani.
//!
//! **Formula** (ug/kg/min): norepinephrine + epinephrine + 0.06 phenylephrine + dopamine/100 (ug/kg/min) + 2.5
//! vasopressin (**U/min** of the whole patient, so a body weight is needed to convert it).
//!
//! **Source**: Kotani 2023, Crit Care 27:29, DOI 10.1186/s13054-023-04322-y, as confirmed against it in
//! the audit of a public implementation. **Verified**: secondary. The paper also
//! weighs drugs for which there is no signal.
//!
//! **Population**: adults in intensive care; not validated in children.

use super::form::{Published, Weighted};

/// The equivalent; its page is the doc comment of this module.
pub static NE_KOTANI_2023: Published<Weighted> =
    Published::new("ne-kotani-2023", include_str!("../../../../knowledge/scores/ne-kotani-2023.toml"));
