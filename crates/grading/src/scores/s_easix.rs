//! s-EASIX, the simplified EASIX.
//!
//! **Formula**: LDH (U/L) over platelets (10*9/L): [`easix`](super::easix) without creatinine.
//!
//! **Source**: Pennisi 2021, Blood Adv 5:3397 (PMC8525234). **Verified**: primary.
//!
//! **Population**: 118 adults (53 with B-ALL, 65 with large B-cell lymphoma). No cut-off; not reported in children.

use super::form::{Published, Ratio};

/// The score; its page is the doc comment of this module.
pub static S_EASIX: Published<Ratio> = Published::new("s-easix", include_str!("../../../../knowledge/scores/s-easix.toml"));
