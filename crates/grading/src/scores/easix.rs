//! EASIX, the Endothelial Activation and Stress Index.
//!
//! **Formula**: LDH (U/L) times creatinine (mg/dL), over platelets (10*9/L). Models usually take its binary
//! logarithm. Before lymphodepletion a value above 4.67 went with severe CRS or neurotoxicity (Korell 2022: odds
//! ratio 4.3 in 121 adults).
//!
//! **Source**: Pennisi 2021, Blood Adv 5:3397 (PMC8525234); Korell 2022, Front Immunol,
//! DOI 10.3389/fimmu.2022.877477. **Verified**: primary.
//!
//! **Population**: adults with large B-cell lymphoma; in children and young adults with B-ALL (76, days -5, 0 and 3)
//! see [`m_easix`](super::m_easix), which did better. No cut-off is validated in children.
//!
//! **Missing**: any input that is missing opens it to any value, as the score has no largest one.

use super::form::{Published, Ratio};

/// The score; its page is the doc comment of this module.
pub static EASIX: Published<Ratio> = Published::new("easix", include_str!("../../../../knowledge/scores/easix.toml"));
