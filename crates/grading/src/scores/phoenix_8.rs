//! Phoenix-8, the Phoenix score with four more organs.
//!
//! **Points** (0 to 17): those of [`phoenix`](super::phoenix) and one each for
//! endocrine (glucose below 50 or above 150 mg/dL) · immunologic (neutrophils below 500/uL or lymphocytes below
//! 1000/uL) · renal (creatinine from 0.8, 0.3, 0.4, 0.6, 0.7 or 1.0 mg/dL by age) · hepatic (bilirubin from 4 mg/dL or
//! ALT above 102 U/L).
//!
//! **Source**: Sanchez-Pinto 2024, JAMA 331:675, DOI 10.1001/jama.2024.0196, and the rubric of the authors' package
//! (CU-DBMI-Peds/phoenix). **Verified**: primary.
//!
//! **Missing**: as in Phoenix the published zero for what is missing is the floor. Always unknown: arterial oxygen
//! pressure, pupils, glucose.
//!
//! **Warning**: lymphodepletion alone gives the immunologic point, and the warning of Phoenix holds here too.

use super::form::{Additive, Form, Page, Published};
use super::options::Options;
use super::phoenix::PHOENIX;
use super::state::walk;
use super::{Point, Score};
use barograph_record::Record;

/// The four organs that Phoenix-8 adds.
static ADDED: Published<Additive> = Published::new("phoenix-8", include_str!("../../../../knowledge/scores/phoenix-8.toml"));

/// The score; its page is the doc comment of this module.
pub static PHOENIX_8: Phoenix8 = Phoenix8;

/// Phoenix and four more organs.
pub struct Phoenix8;

fn page() -> &'static Page<Additive> {
    ADDED.page()
}

impl Score for Phoenix8 {
    fn id(&self) -> &str {
        ADDED.id()
    }

    fn title(&self) -> &str {
        &page().title
    }

    fn citation(&self) -> &str {
        &page().citation
    }

    fn verified(&self) -> &str {
        &page().verified
    }

    fn population(&self) -> &str {
        &page().population
    }

    fn warning(&self) -> Option<&str> {
        page().warning.as_deref()
    }

    fn series(&self, record: &Record, options: &Options) -> Vec<Point> {
        let parts = [&PHOENIX.page().table, &page().table];
        let inputs: Vec<_> = parts.iter().flat_map(|p| p.inputs()).collect();
        let ages: Vec<_> = parts.iter().flat_map(|p| p.ages()).collect();
        walk(record, options, &inputs, &ages, |sheet| {
            let [four, added] = parts.map(|part| part.evaluate(sheet));
            four.plus(added)
        })
    }
}
