//! Organ toxicity as multiples of the laboratory's upper limit of normal: the terms of CTCAE v4.03 that scales and companions
//! grade by, from `knowledge/scores/ctcae-4.03.toml`, where all of its terms stand.

use barograph_record::Signal;
use serde::Deserialize;
use std::sync::OnceLock;

#[derive(Deserialize)]
struct File {
    table: Table,
}

#[derive(Deserialize)]
struct Table {
    term: Vec<Term>,
}

#[derive(Deserialize)]
struct Term {
    signal: Signal,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    of: String,
    rungs: Vec<Rung>,
}

#[derive(Deserialize)]
struct Rung {
    above: Option<f64>,
    points: f64,
}

const TEXT: &str = include_str!("../../../knowledge/scores/ctcae-4.03.toml");

/// Multiples of the upper limit above which a value is grade 2, 3 and 4; `None` for what has no such term.
pub(crate) fn multiples(signal: Signal) -> Option<[f64; 3]> {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    // A test reads the embedded file, so it is there in a release.
    let file = FILE.get_or_init(|| toml::from_str(TEXT).ok()).as_ref()?;
    let term = file.table.term.iter().find(|t| t.signal == signal)?;
    let rule = term.rule.iter().find(|r| r.of == "upper-limit")?;
    let grade = |grade: f64| rule.rungs.iter().find(|r| r.points == grade)?.above;
    Some([grade(2.0)?, grade(3.0)?, grade(4.0)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terms_that_scales_name_rise_in_three_steps() {
        for signal in [Signal::Alt, Signal::Ast, Signal::Bilirubin, Signal::Creatinine] {
            let [two, three, four] = multiples(signal).unwrap();
            assert!(1.0 < two && two < three && three < four, "{signal:?}");
        }
        assert_eq!(multiples(Signal::Ferritin), None, "CTCAE has no term for ferritin");
    }
}
