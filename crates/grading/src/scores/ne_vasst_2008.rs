//! Norepinephrine equivalent of the VASST trial, which the Lee 2014 scale uses.
//!
//! **Formula** (**ug/min** of the whole patient): norepinephrine (ug/min) + epinephrine (ug/min) + phenylephrine/10
//! (ug/min) + dopamine/2 (ug/kg/min). Vasopressin is not part of it. A body weight is needed.
//!
//! **Source**: Russell 2008, N Engl J Med 358:877, DOI 10.1056/NEJMoa067373; footnote of Lee 2014, Blood 124:188, DOI
//! 10.1182/blood-2014-05-552729. **Verified**: recalled.
//!
//! **Warning**: it is not indexed to weight, so one rate per kilogram gives a small child a small number.

use super::form::{Published, Weighted};

/// The equivalent; its page is the doc comment of this module.
pub static NE_VASST_2008: Published<Weighted> =
    Published::new("ne-vasst-2008", include_str!("../../../../knowledge/scores/ne-vasst-2008.toml"));
