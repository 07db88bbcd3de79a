//! A population: records in the plain-text form, a table of what was true, and figures.

use super::cohort::{Fate, draw, progress, simulate_counted, survivors, trial_policy};
use super::figure::Courses;
use super::truth::Truth;
use super::write::{Files, Folder};
use crate::args::{Care, VirtualChildren};
use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_dynamics::child::{AtTimes, Child, ChildModel, Course, EraStandard, Note, Options, Population, Treatment, Untreated};
use std::io::Write as _;

/// Children simulated together, so that the charts of a large population are never all held.
const PORTION: u64 = 2048;

pub(super) fn run(args: &VirtualChildren) -> Result<(), Failure> {
    let model = ChildModel::new()?;
    let population = Population::named(&args.population)?;
    let options = Options { days: args.days, threads: args.threads.unwrap_or(0), ..Options::default() };
    let policy = trial_policy()?;
    let path = args.out.clone().unwrap_or_else(|| "virtual-children".into());
    let rule = |child: &Child| -> Box<dyn Treatment> {
        let orders = args.orders(child);
        match args.care {
            _ if !orders.is_empty() => Box::new(AtTimes::new(orders)),
            Care::Standard => Box::<EraStandard>::default(),
            Care::None => Box::new(Untreated),
        }
    };
    let parameters = args.parameters(&model)?;
    let truth = Truth::new(&model, population.prior())?;
    let files = args.format.unwrap_or(Files::Csv);
    let mut folder = Folder::create(&path, files, &truth.columns())?;
    let (mut told, mut courses) = (Told::default(), Courses::default());
    let bar = progress(args.n);
    for from in (0..args.n).step_by(PORTION as usize) {
        let mut children = draw(&model, &population, args.seed, from..args.n.min(from + PORTION), &args.request())?;
        for child in &mut children {
            for (parameter, value) in &parameters {
                child.parameters[*parameter] = *value;
            }
        }
        let keep = |course: Course| -> (Fate, Vec<Note>) { (Fate::of(&course, &policy), course.notes) };
        for (fate, notes) in survivors(simulate_counted(&bar, &model, &options, &children, rule, keep)) {
            let id = format!("v{:06}", fate.child.number);
            folder.add(&id, &fate.child, &notes, &truth.row(&id, &fate))?;
            courses.add(&fate);
            told.add(&fate);
        }
    }
    bar.finish_and_clear();
    folder.finish()?;
    courses.write(&path)?;
    let tell = || {
        let mut out = std::io::BufWriter::new(open(None)?);
        let place = path.display();
        let lines = format!(
            "{told}{altered}\nrecords: {place}/patients.{0} and events.{0} (barograph grade {place}); truth: truth.{0}; figures: bands.svg, spaghetti.svg\n\
             A model's children, not a forecast. Research software, not a medical device.\n",
            files.extension(),
            told = told.lines(args.n),
            altered = args.altered().map_or_else(String::new, |altered| format!("\n{altered}")),
        );
        out.write_all(lines.as_bytes()).and_then(|()| out.flush()).map_err(failed(None))
    };
    tell()?;
    if told.children == 0 { Err(Failure::NothingSimulated) } else { Ok(()) }
}

/// Counts of a population.
#[derive(Default)]
struct Told {
    children: u64,
    crs: u64,
    penn: u64,
    astct: u64,
}

impl Told {
    fn add(&mut self, fate: &Fate) {
        self.children += 1;
        self.crs += u64::from(fate.crs());
        self.penn += u64::from(fate.penn >= 3);
        self.astct += u64::from(fate.astct >= 3);
    }

    fn lines(&self, asked: u64) -> String {
        let share = |n: u64| 100.0 * n as f64 / self.children.max(1) as f64;
        let lost =
            if self.children == asked { String::new() } else { format!(" ({} of {asked} were lost, as told)", asked - self.children) };
        format!(
            "{} virtual children{lost}\nany CRS {:.1} %, Penn >= 3 {:.1} %, ASTCT >= 3 {:.1} %",
            self.children,
            share(self.crs),
            share(self.penn),
            share(self.astct)
        )
    }
}
