//! Writes a page of invented children to standard output: `cargo run -p barograph-report --example sample_page > page.html`.
//!
//! A number as argument repeats them that many times, to see how a large cohort opens.

#[path = "../tests/faces/children/mod.rs"]
mod children;

use barograph_record::Ledger;
use barograph_report::{HtmlReport, Meta, PatientView, ScaleMeta};
use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let times = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
    let scale = |id: &str, citation: &str| ScaleMeta { id: id.into(), citation: citation.into() };
    let mut report = HtmlReport::new(Meta {
        title: "Three invented children".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        policy: "default-1".into(),
        input: "invented data".into(),
        made: None,
        scales: vec![
            scale("astct-2019", "Lee et al. 2019, Biol Blood Marrow Transplant 25:625"),
            scale("penn-2014", "Porter et al. 2018, J Hematol Oncol 11:35"),
        ],
        scores: Vec::new(),
    });
    let mut ledger = Ledger::counting();
    for _ in 0..times {
        for child in children::all(&mut ledger) {
            report.add(&PatientView {
                thresholds: &child.thresholds,
                title: Some(child.title),
                story: Some(child.story).filter(|s| !s.is_empty()),
                ..PatientView::new(&child.record, &child.graded)
            })?;
        }
    }
    report.ledger(&ledger);
    let mut out = BufWriter::new(io::stdout().lock());
    report.write(&mut out)?;
    out.flush()
}
