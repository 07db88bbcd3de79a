//! One child, as a page of the ordinary report; with a drug given on a day, beside the same child without it.

use super::fact::short;
use super::figure;
use crate::args::{Care, Definitions, VirtualChildren};
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::output::{colours, failed, open};
use crate::report;
use crate::scores::{BESIDE_GRADES, Beside};
use barograph_dynamics::child::{
    AtTimes, Child, ChildModel, Course, EraStandard, NoteValue, Options, Population, Treatment, Untreated, simulate,
};
use barograph_grading::Graded;
use barograph_record::{Code, Ledger, Signal};
use barograph_report::{Comparison, HtmlReport, PatientView, Table};
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
    let mut child = population.child(&model, args.seed, 0, &args.request())?;
    for (parameter, value) in args.parameters(&model)? {
        child.parameters[parameter] = value;
    }
    let options = Options { days: args.days, ..Options::default() };
    let run = |rule: Box<dyn Treatment>| course(&model, &options, &child, rule);
    let support =
        Arm { name: "support-only", what: "Fluids, vasopressors, oxygen and antipyretics only.".into(), course: run(Box::new(Untreated))? };
    let orders = args.orders(&child);
    if orders.is_empty() && args.care == Care::None {
        return Err(Failure::Regimen(
            "--care none leaves the page of one child nothing to compare with: leave it out, give a drug on a day, or write a folder with --format csv".into(),
        ));
    }
    let treated = if orders.is_empty() {
        let what = "Support, and tocilizumab and steroids late, as in the registration trials.".into();
        Arm { name: "standard-care", what, course: run(Box::<EraStandard>::default())? }
    } else {
        Arm { name: "treated", what: args.describe(), course: run(Box::new(AtTimes::new(orders)))? }
    };
    let path = args.out.clone().unwrap_or_else(|| "virtual-child.html".into());
    show(args, &child, &[support, treated], &path)
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

fn show(args: &VirtualChildren, child: &Child, arms: &[Arm; 2], path: &Path) -> Result<(), Failure> {
    let chosen = Chosen::new(&Definitions { scale: Some("astct-2019,penn-2014".into()), ..Definitions::default() }, "astct-2019")?;
    let beside = Beside::new(BESIDE_GRADES, None)?;
    let mut page = HtmlReport::new(report::meta(&chosen, &beside, Path::new("a virtual child")));
    let mut table = Table::new(colours());
    let mut ledger = Ledger::counting();
    let mut columns = Vec::new();
    let failed_page = failed(Some(path));
    for arm in arms {
        let record = arm.course.record(&format!("seed-{}-{}", args.seed, arm.name), &mut ledger);
        let graded = chosen.grade(&record);
        table.add(&record, &graded);
        columns.push(column(arm, &graded));
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
    page.compare(Comparison {
        title: "One virtual child under two treatments".into(),
        text: format!(
            "{}. {}{} Chance is the same in both, so what differs is the treatment's. A model's child, not a forecast.",
            who(child),
            arms[1].what,
            args.altered().map_or_else(String::new, |altered| format!(" {altered}"))
        ),
        columns: arms.iter().map(|arm| arm.name.to_owned()).collect(),
        rows: ROWS.iter().enumerate().map(|(i, what)| ((*what).to_owned(), columns.iter().map(|c| c[i].clone()).collect())).collect(),
        figure: figure::arms([(arms[0].name, &arms[0].course.summary), (arms[1].name, &arms[1].course.summary)]),
    });
    report::write(&page, path)?;
    let failed = failed(None);
    let mut out = open(None)?;
    let mut tell = || {
        writeln!(out, "A virtual child: {}.\n", who(child))?;
        if let Some(altered) = args.altered() {
            writeln!(out, "{altered}\n")?;
        }
        table.write(&mut out)?;
        writeln!(out, "\nThe report is in {}: open it in a browser.", path.display())?;
        writeln!(out, "A model's child, not a forecast. Research software, not a medical device.")?;
        out.flush()
    };
    tell().map_err(failed)
}

const ROWS: [&str; 13] = [
    "highest ASTCT grade",
    "highest Penn grade",
    "last sign, day (Penn)",
    "vasopressor",
    "highest oxygen support",
    "tocilizumab, doses",
    "highest temperature, Cel",
    "highest CRP, mg/L",
    "highest ferritin, ug/L",
    "highest IL-6, pg/mL (rises under tocilizumab, which blocks its clearance)",
    "highest transgene, copies/ug",
    "transgene to day 28, copies/ug x d",
    "leukaemic cells in marrow on day 28, per cent",
];

/// An arm in numbers, row by row.
fn column(arm: &Arm, graded: &[Graded]) -> [String; 13] {
    let s = &arm.course.summary;
    let grade = |scale: &str| {
        let peaks = graded.iter().filter(|g| g.scale == scale).flat_map(|g| &g.episodes).map(|e| e.peak.grade);
        peaks.max_by_key(|g| g.floor()).map_or_else(
            || "0".to_owned(),
            |g| if g.floor() == g.ceiling() { g.floor().to_string() } else { format!("{} to {}", g.floor(), g.ceiling()) },
        )
    };
    let penn = graded.iter().find(|g| g.scale == "penn-2014");
    let last = match penn.and_then(|g| g.episodes.iter().rfind(|e| e.number > 0)).map(|e| e.resolved) {
        None => "–".to_owned(),
        Some(None) => "not seen to resolve".to_owned(),
        Some(Some(resolved)) => format!("{:.1}", resolved.last_sign.days()),
    };
    let notes = || arm.course.notes.iter();
    let pressor = notes().any(|n| [Signal::Norepinephrine, Signal::Epinephrine, Signal::Vasopressin].contains(&n.signal));
    let devices = notes()
        .filter(|n| n.signal == Signal::OxygenDevice)
        .filter_map(|n| if let NoteValue::Word(code) = n.value { Some(code) } else { None });
    let device = devices.max_by_key(|code| OXYGEN.iter().position(|c| c == code));
    let doses = notes().filter(|n| n.signal == Signal::Tocilizumab).count();
    [
        grade("astct-2019"),
        grade("penn-2014"),
        last,
        if pressor { "yes" } else { "no" }.to_owned(),
        device.map_or("", Code::name).replace('_', " "),
        doses.to_string(),
        format!("{:.1}", s.temperature.value),
        short(s.crp.value),
        short(s.ferritin.value),
        short(s.il6.value),
        short(s.car_t.value),
        short(s.area),
        if s.daily.len() > 28 { short(100.0 * s.long.residual) } else { "not reached".to_owned() },
    ]
}

/// From the least to the most.
const OXYGEN: [Code; 5] = [Code::RoomAir, Code::NasalCannula, Code::HighFlowNasalCannula, Code::Bipap, Code::InvasiveVentilation];

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
