//! The arguments of `barograph simulate`.

use crate::assignments::assignments;
use crate::failure::Failure;
use crate::simulate::Files;
use barograph_dynamics::child::{Child, ChildModel, Order, Repeated, Request};
use barograph_protocols::language::Limit;
use barograph_protocols::library;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, allow_negative_numbers = true)]
pub(crate) struct Simulate {
    #[command(subcommand)]
    pub(crate) task: Option<SimulateTask>,
    #[command(flatten)]
    pub(crate) children: VirtualChildren,
}

#[derive(Subcommand)]
pub(crate) enum SimulateTask {
    /// Rebuild the calibrated population from its laws, and tell how well it fits
    Calibrate(CalibrateTask),
    /// Search for the typical values about which the laws meet the targets best; `calibrate` comes after it
    Search(SearchTask),
    /// Compare the model with the published facts F1 to F20
    Facts(FactsTask),
}

/// How children are treated.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Care {
    /// Tocilizumab and steroids late, as in the registration trials
    Standard,
    /// Support only
    None,
}

/// Names of populations.
const POPULATIONS: [&str; 3] = ["calibrated", "plausible", "prior"];

#[derive(clap::Args)]
pub(crate) struct VirtualChildren {
    /// Where children come from: calibrated (together like the published cohorts) or plausible (all that the laws allow; also called prior)
    #[arg(long, value_name = "NAME", default_value = "calibrated", value_parser = POPULATIONS)]
    pub(crate) population: String,
    /// How many; one child gives a page of the report, several give a folder of records
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) n: u64,
    /// Seed; the same seed gives the same children
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Page or folder to write [default: virtual-child.html or virtual-children]
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
    /// Files of the folder; also makes a folder of a single child [default: csv]
    #[arg(long, value_enum)]
    pub(crate) format: Option<Files>,
    /// Age in years instead of a drawn one
    #[arg(long, value_name = "YEARS", value_parser = number::<0, 120>)]
    pub(crate) age: Option<f64>,
    /// Weight in kilograms instead of a drawn one
    #[arg(long, value_name = "KG", value_parser = number::<2, 300>)]
    pub(crate) weight: Option<f64>,
    /// Leukaemic cells in marrow, per cent, instead of a drawn share
    #[arg(long, value_name = "PERCENT", value_parser = number::<0, 100>)]
    pub(crate) burden: Option<f64>,
    /// CAR-T cells, in millions a kilogram, instead of a drawn dose
    #[arg(long, value_name = "MILLIONS", value_parser = number::<0, 1000>)]
    pub(crate) cells: Option<f64>,
    /// Treatment where no drug is given by day
    #[arg(long, value_enum, default_value = "standard")]
    pub(crate) care: Care,
    /// Give a label dose of tocilizumab on this day; may be repeated, at most four doses, at least 8 hours apart
    #[arg(long, value_name = "DAY", value_parser = number::<0, 365>)]
    pub(crate) tocilizumab: Vec<f64>,
    /// Give dexamethasone 0.5 mg/kg (at most 10 mg) every 6 hours for 3 days from this day
    #[arg(long, value_name = "DAY", value_parser = number::<0, 365>)]
    pub(crate) dexamethasone: Vec<f64>,
    /// Give anakinra 2 mg/kg every 6 hours for 7 days from this day
    #[arg(long, value_name = "DAY", value_parser = number::<0, 365>)]
    pub(crate) anakinra: Vec<f64>,
    /// Value of a parameter of the model in every child instead of a drawn one, such as eps_T=-0.3 (`barograph list models --model child`); may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Days from infusion to the end
    #[arg(long, value_name = "DAYS", default_value_t = 42.0, value_parser = number::<1, 3650>)]
    pub(crate) days: f64,
    /// Threads; all cores where left out (results do not depend on it)
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

impl VirtualChildren {
    /// What is asked of the children.
    pub(crate) fn request(&self) -> Request {
        Request {
            age_years: self.age,
            weight_kg: self.weight,
            burden_percent: self.burden,
            cells_per_kg: self.cells.map(|millions| 1e6 * millions),
        }
    }

    /// Refuses doses that the label forbids, courses that overlap, and days that are not simulated.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let apart = label(|limit| limit.min_interval_hours).unwrap_or(0.0);
        self.schedule("tocilizumab", &self.tocilizumab, apart, &format!("the label allows another dose after {apart} hours"))?;
        for (drug, days, course) in
            [("dexamethasone", &self.dexamethasone, Repeated::DEXAMETHASONE), ("anakinra", &self.anakinra, Repeated::ANAKINRA)]
        {
            self.schedule(drug, days, course.hours(), &format!("a course lasts {} days", course.hours() / 24.0))?;
        }
        let given = self.tocilizumab.len();
        match label(|limit| limit.max_doses_total) {
            Some(most) if given > most as usize => {
                Err(Failure::Regimen(format!("--tocilizumab is given {given} times; the label allows {most} doses")))
            }
            _ => Ok(()),
        }
    }

    fn schedule(&self, drug: &str, days: &[f64], hours: f64, why: &str) -> Result<(), Failure> {
        // A day with two decimals names an hour to a quarter.
        const LENIENT: f64 = 0.25;
        let mut days = days.to_vec();
        days.sort_by(f64::total_cmp);
        if let Some(late) = days.last().filter(|day| **day >= self.days) {
            return Err(Failure::Regimen(format!("--{drug} {late} comes after the end: {} days are simulated; raise --days", self.days)));
        }
        match days.windows(2).find(|pair| 24.0 * (pair[1] - pair[0]) < hours - LENIENT) {
            Some(pair) => Err(Failure::Regimen(format!("--{drug} {} and {} are too close: {why}", pair[0], pair[1]))),
            None => Ok(()),
        }
    }

    /// Parameters that `--set` gives every child, by number.
    pub(crate) fn parameters(&self, model: &ChildModel) -> Result<Vec<(usize, f64)>, Failure> {
        const OWN: [(&str, &str); 4] = [("WT", "--weight"), ("AGE", "--age"), ("dose", "--cells"), ("burden", "--burden")];
        let all = assignments(&self.set)?;
        let one = |(name, value): (String, f64)| match OWN.iter().find(|(own, _)| *own == name) {
            Some((_, option)) => {
                Err(Failure::Regimen(format!("--set {name}: give it with {option}, since more than the equations depends on it")))
            }
            None => Ok((model.model().parameter(&name)?, value)),
        };
        all.into_iter().map(one).collect()
    }

    /// What `--set` makes of the population, in words; nothing where it is not given.
    pub(crate) fn altered(&self) -> Option<String> {
        (!self.set.is_empty()).then(|| {
            format!(
                "With {} in every child: no published cohort, and no population that was calibrated, is like that.",
                self.set.join(", ")
            )
        })
    }

    /// The drugs given by day.
    pub(crate) fn orders(&self, child: &Child) -> Vec<(f64, Order)> {
        let kg = child.weight_kg;
        let once = self.tocilizumab.iter().map(|day| (*day, Order::tocilizumab(kg)));
        let dexamethasone = self.dexamethasone.iter().flat_map(|day| Repeated::DEXAMETHASONE.from(*day, Order::dexamethasone(kg)));
        let anakinra = self.anakinra.iter().flat_map(|day| Repeated::ANAKINRA.from(*day, Order::anakinra(kg)));
        once.chain(dexamethasone).chain(anakinra).collect()
    }

    /// The same in words.
    pub(crate) fn describe(&self) -> String {
        let words = |name: &str, days: &[f64]| days.iter().map(|d| format!("{name} on day {d}")).collect::<Vec<_>>();
        let all = [
            words("tocilizumab", &self.tocilizumab),
            words("dexamethasone from", &self.dexamethasone),
            words("anakinra from", &self.anakinra),
        ]
        .concat();
        format!("Support, and {}.", all.join(", "))
    }
}

/// What the label of tocilizumab says of its limits, where it says it.
fn label<T>(of: impl Fn(&Limit) -> Option<T>) -> Option<T> {
    let plan = library::protocol("actemra-uspi-crs")?;
    plan.limits.iter().find_map(|limit| of(limit.get_ref()))
}

#[derive(clap::Args)]
pub(crate) struct CalibrateTask {
    /// Plausible children to simulate for a year
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    pub(crate) candidates: u64,
    /// Seed of the candidates
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "knowledge/populations/child-calibrated-1.toml")]
    pub(crate) out: PathBuf,
    /// Folder for the figures: fit per target, and what each law learned
    #[arg(long, value_name = "FOLDER")]
    pub(crate) figures: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct SearchTask {
    /// Plausible children to simulate for a year at each point
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(50..=1_000_000))]
    pub(crate) n: u64,
    /// Seed of the children; the same at each point
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Steps at most
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub(crate) rounds: usize,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "knowledge/populations/child-typical-1.toml")]
    pub(crate) out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct FactsTask {
    /// Where children come from
    #[arg(long, value_name = "NAME", default_value = "calibrated", value_parser = POPULATIONS)]
    pub(crate) population: String,
    /// Children of the cohort
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    pub(crate) n: u64,
    /// Seed of the cohort
    #[arg(long, value_name = "SEED", default_value_t = 2)]
    pub(crate) seed: u64,
    /// File for the table instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Folder for the figures
    #[arg(long, value_name = "FOLDER")]
    pub(crate) figures: Option<PathBuf>,
}

/// A number between whole limits.
fn number<const LOW: i32, const HIGH: i32>(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (f64::from(LOW)..=f64::from(HIGH)).contains(&x) => Ok(x),
        _ => Err(format!("a number from {LOW} to {HIGH} is needed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[derive(clap::Parser)]
    struct Command {
        #[command(flatten)]
        children: VirtualChildren,
    }

    /// The help is written by hand; its numbers are those of `knowledge/`.
    #[test]
    fn the_help_says_what_is_given() {
        let help = |name: &str| {
            let command = Command::command();
            let argument = command.get_arguments().find(|argument| argument.get_id() == name).unwrap();
            argument.get_help().unwrap().to_string()
        };
        assert_eq!((label(|limit| limit.min_interval_hours), label(|limit| limit.max_doses_total)), (Some(8.0), Some(4)));
        assert!(help("tocilizumab").contains("at most four doses, at least 8 hours apart"));
        let course = |course: Repeated| format!("every {} hours for {} days", course.hours_between, course.hours() / 24.0);
        for (name, dose, repeated) in
            [("dexamethasone", "0.5 mg/kg (at most 10 mg)", Repeated::DEXAMETHASONE), ("anakinra", "2 mg/kg", Repeated::ANAKINRA)]
        {
            assert!(help(name).contains(&format!("{dose} {}", course(repeated))), "{name}");
        }
        assert_eq!([10.0, 20.0, 30.0].map(|kg| Order::dexamethasone(kg).mg), [5.0, 10.0, 10.0]);
        assert_eq!(Order::anakinra(26.0).mg, 52.0);
        assert_eq!([29.9, 30.0, 140.0].map(|kg| Order::tocilizumab(kg).mg), [12.0 * 29.9, 240.0, 800.0]);
    }
}
