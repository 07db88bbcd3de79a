//! `barograph demo`: the main job on invented children.

use crate::args::{Definitions, Demo};
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::output::{colours, failed, open};
use crate::report;
use crate::scores::{BESIDE_GRADES, Beside};
use barograph_ingest::vignette::{Story, parse_stories};
use barograph_record::Ledger;
use barograph_report::{HtmlReport, PatientView, Table};
use std::path::Path;

include!(concat!(env!("OUT_DIR"), "/vignettes.rs"));

pub(crate) fn run(args: &Demo) -> Result<(), Failure> {
    let chosen = Chosen::new(&Definitions::default(), "astct-2019")?;
    let mut ledger = Ledger::counting();
    let stories: Vec<Story> = VIGNETTES.iter().flat_map(|(name, text)| parse_stories(name, text.as_bytes(), &mut ledger)).collect();
    let failed_page = failed(Some(&args.out));
    let mut table = Table::new(colours());
    let beside = Beside::new(BESIDE_GRADES, None)?;
    let mut page = HtmlReport::new(report::meta(&chosen, &beside, Path::new("the built-in vignettes")));
    for Story { record, title, prose, .. } in &stories {
        let graded = chosen.grade(record);
        table.add(record, &graded);
        let thresholds = report::thresholds(record, &chosen.policy);
        let scores = beside.series(record);
        let view = PatientView {
            thresholds: &thresholds,
            scores: &scores,
            title: Some(title),
            story: Some(prose),
            ..PatientView::new(record, &graded)
        };
        page.add(&view).map_err(&failed_page)?;
    }
    page.ledger(&ledger);
    report::write(&page, &args.out)?;

    let failed = failed(None);
    let mut out = open(None)?;
    let mut tell = || -> std::io::Result<()> {
        writeln!(out, "{} invented children, graded by ASTCT 2019 under {}:\n", stories.len(), chosen.policy.name)?;
        table.write(&mut out)?;
        writeln!(out, "\nThe report is in {}: open it in a browser (it works offline and prints).", args.out.display())?;
        writeln!(out, "Next, in the checkout: barograph explain vignettes --patient classic-severe")?;
        writeln!(out, "(`cargo run --release --` stands in for barograph where it is not installed)")?;
        writeln!(out, "Research software, not a medical device.")?;
        out.flush()
    };
    tell().map_err(&failed)
}
