//! The arguments of `barograph simulate`.

use barograph_dynamics::child::{Child, Drug, Order, Request};
use clap::Subcommand;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
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

#[derive(clap::Args)]
pub(crate) struct VirtualChildren {
    /// Where children come from: plausible (all that the laws allow) or calibrated (like the published cohorts)
    #[arg(long, value_name = "NAME", default_value = "calibrated")]
    pub(crate) population: String,
    /// How many; one child gives a page of the report, several give a folder of records
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) n: u64,
    /// Seed; the same seed gives the same children
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Page or folder to write
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
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
    /// Give a label dose of tocilizumab on this day; may be repeated
    #[arg(long, value_name = "DAY", value_parser = number::<0, 365>)]
    pub(crate) tocilizumab: Vec<f64>,
    /// Give dexamethasone 0.5 mg/kg (at most 10 mg) every 6 hours for 3 days from this day
    #[arg(long, value_name = "DAY", value_parser = number::<0, 365>)]
    pub(crate) dexamethasone: Vec<f64>,
    /// Give anakinra 2 mg/kg every 6 hours for 7 days from this day
    #[arg(long, value_name = "DAY", value_parser = number::<0, 365>)]
    pub(crate) anakinra: Vec<f64>,
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

    /// The drugs given by day.
    pub(crate) fn orders(&self, child: &Child) -> Vec<(f64, Order)> {
        let kg = child.weight_kg;
        let once = self.tocilizumab.iter().map(|day| (*day, Order::tocilizumab(kg)));
        let course = |days: &[f64], drug: Drug, mg: f64, doses: u32| -> Vec<(f64, Order)> {
            days.iter().flat_map(|day| (0..doses).map(move |i| (day + 0.25 * f64::from(i), Order { drug, mg }))).collect()
        };
        once.chain(course(&self.dexamethasone, Drug::Dexamethasone, (0.5 * kg).min(10.0), 12))
            .chain(course(&self.anakinra, Drug::Anakinra, 2.0 * kg, 28))
            .collect()
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

#[derive(clap::Args)]
pub(crate) struct CalibrateTask {
    /// Plausible children to simulate for a year
    #[arg(long, value_name = "N", default_value_t = 6000)]
    pub(crate) candidates: u64,
    /// Seed of the candidates
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub(crate) seed: u64,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "knowledge/populations/child-calibrated-1.toml")]
    pub(crate) out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct FactsTask {
    /// plausible or calibrated
    #[arg(long, value_name = "NAME", default_value = "calibrated")]
    pub(crate) population: String,
    /// Children of the cohort
    #[arg(long, value_name = "N", default_value_t = 2000)]
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
