//! VIS, the Vasoactive-Inotropic Score.
//!
//! **Formula**: dopamine + dobutamine + 100 epinephrine + 10 milrinone + 100 norepinephrine (all ug/kg/min) + 10,000
//! vasopressin (**U/kg/min**). High is a maximum of 20 in the first 24 h or of 15 from 24 to 48 h.
//!
//! **Source**: Gaies 2010, Pediatr Crit Care Med 11:234, DOI 10.1097/PCC.0b013e3181b806fc. **Verified**: secondary.
//!
//! **Population**: infants after cardiac surgery. **Warning**: phenylephrine is not in the original; where it runs the
//! point carries the note `vasoactive-outside-the-formula`.
//!
//! **Missing**: a drug without any row counts as not given, unless the options say otherwise; a drug that runs at an
//! unstated rate opens the ceiling.

use super::form::{Published, Weighted};

/// The score; its page is the doc comment of this module.
pub static VIS: Published<Weighted> = Published::new("vis", include_str!("../../../../knowledge/scores/vis.toml"));
