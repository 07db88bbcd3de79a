//! High marrow burden before infusion, as a flag.
//!
//! **Flags** (0 or 1): blasts of 25 % and above (went with more adverse events of grade 3 and above in 134 children and
//! young adults, PMC10514106) · blasts of 40 % and above (the entry to pre-emptive tocilizumab in Kadauke 2021, J Clin
//! Oncol 39:920, NCT02906371).
//!
//! **Source**: the two abstracts named. **Verified**: primary. A marrow examination holds for the days that the options say; read the flag at
//! infusion.

use super::form::{Additive, Published};

/// Blasts of 25 % and above.
pub static MARROW_BURDEN_25: Published<Additive> =
    Published::new("marrow-burden-25", include_str!("../../../../knowledge/scores/marrow-burden-25.toml"));

/// Blasts of 40 % and above.
pub static MARROW_BURDEN_40: Published<Additive> =
    Published::new("marrow-burden-40", include_str!("../../../../knowledge/scores/marrow-burden-40.toml"));
