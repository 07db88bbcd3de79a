//! `HScore`, the probability of reactive haemophagocytic syndrome.
//!
//! **Points** (0 to 337): known immunosuppression 18 · temperature from 38.4 Cel 33, above 39.4 49 · liver or spleen
//! enlarged 23, both 38 · cytopenias (haemoglobin up to 9.2 g/dL, leucocytes up to 5.0 10*9/L, platelets up to 110
//! 10*9/L): two 24, three 34 · ferritin from 2000 ng/mL 35, above 6000 50 · triglycerides from 1.5 mmol/L 44, above 4 64 ·
//! fibrinogen up to 2.5 g/L 30 · AST from 30 U/L 19 · haemophagocytosis in the marrow 35. The best cut is 169
//! (sensitivity 93 %, specificity 86 %).
//!
//! **Probability**: [`probability`] reads the published table. A logistic formula found in public code gives 17 % at 90
//! and 68 % at 169, where the table says below 1 % and 40 to 54 %; it is wrong.
//!
//! **Source**: Fardet 2014, Arthritis Rheumatol 66:2613, DOI 10.1002/art.38690. **Verified**: secondary.
//!
//! **Population**: 312 adults, none of them given CAR T cells. **Warning**: lymphodepletion, fever and ferritin after
//! CAR T cells make it overstate. **Missing**: opens floor and ceiling. Always unknown: immunosuppression, the size of
//! liver and spleen, haemophagocytosis, together 91 points.

use super::Bounds;
use super::form::{Additive, Published};
use barograph_record::Knowledge;
use serde::Deserialize;
use std::sync::OnceLock;

/// The score; its page is the doc comment of this module.
pub static HSCORE: Published<Additive> = Published::new("hscore", include_str!("../../../../knowledge/scores/hscore.toml"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    highest: f64,
    row: Vec<Row>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    from: f64,
    low: f64,
    high: f64,
}

const TABLE: &str = include_str!("../../../../knowledge/scores/hscore-probability.toml");

fn table() -> &'static Table {
    static SHIPPED: OnceLock<Table> = OnceLock::new();
    // A test parses the embedded file, so the empty fallback is never reached in a release.
    SHIPPED.get_or_init(|| Knowledge::from_toml(TABLE).map(|file| file.content).unwrap_or_default())
}

/// Probability of haemophagocytic syndrome, in per cent, that the published table gives a score; the row's two ends.
///
/// `None` for a number that is no `HScore` (below 0, above 337, not a number).
pub fn probability(score: f64) -> Option<Bounds> {
    let table = table();
    let row = table.row.iter().rev().find(|row| score >= row.from).filter(|_| score <= table.highest)?;
    Some(Bounds { floor: row.low, ceiling: row.high })
}

/// Probability over everything between a floor and a ceiling, in per cent.
pub fn probability_between(score: Bounds) -> Option<Bounds> {
    Some(probability(score.floor)?.or(probability(score.ceiling)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probability_table_parses_and_rises() {
        let table: Table = Knowledge::from_toml(TABLE).unwrap().content;
        assert_eq!(table.row.len(), 17);
        for pair in table.row.windows(2) {
            assert!(pair[0].from < pair[1].from && pair[0].high <= pair[1].low, "{pair:?}");
        }
    }
}
