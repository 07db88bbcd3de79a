//! Norepinephrine equivalent after Goradia.
//!
//! **Formula** (ug/kg/min): norepinephrine + epinephrine + phenylephrine/10 + dopamine/100 (ug/kg/min) + 2.5
//! vasopressin (**U/min** of the whole patient, so a body weight is needed to convert it).
//!
//! **Source**: Goradia 2021, J Crit Care 61:233, as coded in MIT-LCP/mimic-code. **Verified**: secondary. The paper also
//! weighs metaraminol (/8) and angiotensin II (x 10), for which there is no signal.
//!
//! **Population**: adults in intensive care; not validated in children. Never pool it with another equivalent:
//! [`ne_vasst_2008`](super::ne_vasst_2008) and [`ne_kotani_2023`](super::ne_kotani_2023) differ.

use super::form::{Published, Weighted};

/// The equivalent; its page is the doc comment of this module.
pub static NE_GORADIA_2021: Published<Weighted> =
    Published::new("ne-goradia-2021", include_str!("../../../../knowledge/scores/ne-goradia-2021.toml"));
