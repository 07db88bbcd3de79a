//! One child, as a page of the ordinary report; with a drug given on a day, beside the same child without it.

use crate::args::{Definitions, VirtualChildren};
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::output::{colours, failed, open};
use crate::report;
use crate::scores::{BESIDE_GRADES, Beside};
use barograph_dynamics::child::{AtTimes, Child, ChildModel, Course, EraStandard, Options, Population, Treatment, Untreated, simulate};
use barograph_record::Ledger;
use barograph_report::{HtmlReport, PatientView, Table};
use std::path::Path;

/// One way of treating the child.
struct Arm {
    name: &'static str,
    what: String,
    course: Course,
}

pub(super) fn run(args: &VirtualChildren) -> Result<(), Failure> {
    let model = ChildModel::new()?;
    let population = Population::named(&args.population)?;
    let child = population.child(&model, args.seed, 0, &args.request())?;
    let options = Options { days: args.days, ..Options::default() };
    let run = |rule: Box<dyn Treatment>| course(&model, &options, &child, rule);
    let mut arms = vec![Arm {
        name: "support-only",
        what: "Fluids, vasopressors, oxygen and antipyretics only.".into(),
        course: run(Box::new(Untreated))?,
    }];
    let orders = args.orders(&child);
    if orders.is_empty() {
        let what = "Tocilizumab and steroids late, as in the registration trials.".into();
        arms.push(Arm { name: "standard-care", what, course: run(Box::<EraStandard>::default())? });
    } else {
        let what = args.describe();
        arms.push(Arm { name: "treated", what, course: run(Box::new(AtTimes::new(orders)))? });
    }
    let path = args.out.clone().unwrap_or_else(|| "virtual-child.html".into());
    show(args, &child, &arms, &path)
}

fn course(model: &ChildModel, options: &Options, child: &Child, rule: Box<dyn Treatment>) -> Result<Course, Failure> {
    let rule = std::sync::Mutex::new(Some(rule));
    let take = |_: &Child| -> Box<dyn Treatment> { rule.lock().ok().and_then(|mut r| r.take()).unwrap_or_else(|| Box::new(Untreated)) };
    let mut results = simulate(model, options, std::slice::from_ref(child), take, |course| course);
    match results.pop() {
        Some(result) => Ok(result?),
        None => Err(Failure::NothingSimulated),
    }
}

fn show(args: &VirtualChildren, child: &Child, arms: &[Arm], path: &Path) -> Result<(), Failure> {
    let chosen = Chosen::new(&Definitions { scale: Some("astct-2019,penn-2014".into()), ..Definitions::default() }, "astct-2019")?;
    let beside = Beside::new(BESIDE_GRADES, None)?;
    let mut page = HtmlReport::new(report::meta(&chosen, &beside, Path::new("a virtual child")));
    let mut table = Table::new(colours());
    let mut ledger = Ledger::counting();
    let failed_page = failed(Some(path));
    for arm in arms {
        let record = arm.course.record(&format!("seed-{}-{}", args.seed, arm.name), &mut ledger);
        let graded = chosen.grade(&record);
        table.add(&record, &graded);
        let thresholds = report::thresholds(&record, &chosen.policy);
        let story = story(child, arm);
        let scores = beside.series(&record);
        page.add(&PatientView {
            thresholds: &thresholds,
            scores: &scores,
            title: Some(arm.name),
            story: Some(&story),
            ..PatientView::new(&record, &graded)
        })
        .map_err(&failed_page)?;
    }
    page.ledger(&ledger);
    report::write(&page, path)?;
    let failed = failed(None);
    let mut out = open(None)?;
    let mut tell = || {
        writeln!(out, "A virtual child: {}.\n", who(child))?;
        table.write(&mut out)?;
        writeln!(out, "\nThe report is in {}: open it in a browser.", path.display())?;
        writeln!(out, "A model's child, not a forecast. Research software, not a medical device.")?;
        out.flush()
    };
    tell().map_err(failed)
}

fn who(child: &Child) -> String {
    format!(
        "{} years, {} kg, {:.1} % leukaemic cells in marrow, {:.1} million CAR-T cells per kg",
        child.age_years,
        child.weight_kg,
        child.burden_percent,
        child.cells_per_kg / 1e6
    )
}

fn story(child: &Child, arm: &Arm) -> String {
    let s = &arm.course.summary;
    let leukaemia = if s.daily.len() <= 28 {
        String::new()
    } else if s.long.remission {
        " On day 28 leukaemia is below one in ten thousand marrow cells.".to_owned()
    } else {
        format!(" On day 28 {:.2} % of marrow cells are leukaemic.", 100.0 * s.long.residual)
    };
    format!(
        "A virtual child: {}. {} In truth: transgene peaks at {:.0} copies/ug on day {:.1}, IL-6 at {:.0} pg/mL on day {:.1}, ferritin at {:.0} ug/L on day {:.1}.{leukaemia}",
        who(child),
        arm.what,
        s.car_t.value,
        s.car_t.day,
        s.il6.value,
        s.il6.day,
        s.ferritin.value,
        s.ferritin.day,
    )
}
