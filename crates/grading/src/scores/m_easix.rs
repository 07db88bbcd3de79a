//! m-EASIX, the modified EASIX.
//!
//! **Formula**: LDH (U/L) times CRP (**mg/dL**), over platelets (10*9/L): [`easix`](super::easix) with CRP instead of
//! creatinine. A record keeps CRP in mg/L; the file states mg/dL beside the signal and the conversion follows from the
//! two units, so the tenfold error of a bare number cannot be made.
//!
//! **Source**: Pennisi 2021, Blood Adv 5:3397 (PMC8525234). **Verified**: primary.
//!
//! **Population**: 118 adults (53 with B-ALL, 65 with large B-cell lymphoma), CRS or neurotoxicity of grade 3 and
//! above. In 76 children and young adults with B-ALL (Blood Adv 2025;9:270, DOI 10.1182/bloodadvances.2024014027; days
//! -5, 0 and 3) the area under the curve for severe CRS reached 0.906. No universal cut-off is published.
//!
//! **Warning**: CRP is driven by interleukin-6 and says nothing once tocilizumab has been given.

use super::form::{Published, Ratio};

/// The score; its page is the doc comment of this module.
pub static M_EASIX: Published<Ratio> = Published::new("m-easix", include_str!("../../../../knowledge/scores/m-easix.toml"));
