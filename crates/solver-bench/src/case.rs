//! What all tools integrate, and how the error of an integrator is measured.

use std::error::Error;

use barograph_dynamics::child::{ChildModel, Order, Population, Request};
use barograph_dynamics::random::{Draws, log_sd};
use barograph_dynamics::{Dose, Model, Patient};

use crate::equations::{BENCH, CHILD, Equations};

/// A model, its patients, and when all states are wanted.
#[derive(Debug)]
pub struct Case {
    /// For the table.
    pub name: String,
    /// For our engine.
    pub model: Model,
    /// For the others.
    pub equations: &'static Equations,
    /// Who is integrated, with boluses in order of time.
    pub patients: Vec<Patient>,
    /// The times of the rows.
    pub times: Vec<f64>,
}

impl Case {
    /// The ten-state bench model: 28 days, tocilizumab at day 5; `stiffness` multiplies the turnover of IL-6.
    ///
    /// # Errors
    /// The library's model is at fault.
    pub fn bench(stiffness: f64, count: u64) -> Result<Self, Box<dyn Error>> {
        let model = Model::named("bench")?;
        let central = model.state("C")?;
        // Stiffness, rho, kk, kG, k6, CL and T0 are the first parameters of the model; median and coefficient of variation of the latter six.
        let varied = [(1.0, 0.2), (1.1, 0.3), (12.0, 0.5), (9000.0, 0.6), (0.3, 0.35), (1000.0, 1.0)];
        let patient = |number| {
            let mut draws = Draws::new(20_261_122, number, 0, 0);
            let mut parameters = model.typical();
            parameters[0] = stiffness;
            for (parameter, (median, cv)) in parameters[1..].iter_mut().zip(varied) {
                *parameter = draws.lognormal(median, log_sd(cv));
            }
            Patient { parameters, doses: vec![Dose::bolus(central, 5.0, 560.0)], ..Patient::default() }
        };
        let patients = (0..count).map(patient).collect();
        Ok(Self { name: format!("bench, S = {stiffness}"), model, equations: &BENCH, patients, times: quarters() })
    }

    /// The integrated model: children of the calibrated population, 28 days. Where `treated`, each is given tocilizumab by the label on day 5 and
    /// methylprednisolone 2 mg/kg/d in four doses a day on days 6 to 8: 13 stops.
    ///
    /// # Errors
    /// The library's model or population is at fault.
    pub fn child(treated: bool, count: u64) -> Result<Self, Box<dyn Error>> {
        let (child_model, population) = (ChildModel::new()?, Population::named("calibrated")?);
        let model = Model::named("child")?;
        let (tocilizumab, steroid) = (model.state("T1")?, model.state("S")?);
        let patient = |number| {
            let child = population.child(&child_model, 20_261_122, number, &Request::default())?;
            let kg = child.weight_kg;
            let mut doses = Vec::new();
            if treated {
                doses.push(Dose::bolus(tocilizumab, 5.0, Order::tocilizumab(kg).mg));
                // As dexamethasone: 4 mg are 0.75 mg.
                doses.extend((0..12).map(|i| Dose::bolus(steroid, 6.0 + 0.25 * f64::from(i), 0.1875 * 0.5 * kg)));
            }
            Ok(Patient { parameters: child.parameters, doses, ..Patient::default() })
        };
        let patients = (0..count).map(patient).collect::<Result<_, Box<dyn Error>>>()?;
        let name = if treated { "child, treated" } else { "child, untreated" };
        Ok(Self { name: name.into(), model, equations: &CHILD, patients, times: quarters() })
    }

    /// The absolute tolerance of each state: what the model says, else a thousandth of the relative one. The engine's own rule.
    pub fn atol(&self, rtol: f64) -> Vec<f64> {
        self.model.text().states.iter().map(|state| state.atol.unwrap_or(1e-3 * rtol)).collect()
    }

    /// The floors of the error measure: 1e-3 of the median over patients of each state's peak.
    pub fn floors(&self, reference: &[Vec<f64>]) -> Vec<f64> {
        let states = self.equations.states;
        let floor = |state| {
            let peak = |course: &Vec<f64>| course.iter().skip(state).step_by(states).copied().fold(0.0, f64::max);
            let mut peaks: Vec<f64> = reference.iter().map(peak).collect();
            peaks.sort_by(f64::total_cmp);
            // A state that nobody has, such as a drug that is not given, has no error.
            (1e-3 * peaks[peaks.len() / 2]).max(f64::MIN_POSITIVE)
        };
        (0..states).map(floor).collect()
    }
}

/// Every quarter of a day for 28 days.
fn quarters() -> Vec<f64> {
    (0..=112).map(|row| f64::from(row) * 0.25).collect()
}

/// The 99th percentile over patients of the largest relative error.
pub fn p99(courses: &[Vec<f64>], reference: &[Vec<f64>], floors: &[f64]) -> f64 {
    let mut errors: Vec<f64> = courses.iter().zip(reference).map(|(course, reference)| worst(course, reference, floors)).collect();
    errors.sort_by(f64::total_cmp);
    errors[(errors.len() * 99).div_ceil(100) - 1]
}

/// The largest over states and rows of |y - ref|/(|ref| + floor). A row at the time of a dose shows, with every tool, the states before it.
pub fn worst(course: &[f64], reference: &[f64], floors: &[f64]) -> f64 {
    let mut worst = if course.len() == reference.len() { 0.0 } else { f64::INFINITY };
    for (at, (y, exact)) in course.iter().zip(reference).enumerate() {
        let error = (y - exact).abs() / (exact.abs() + floors[at % floors.len()]);
        worst = if error <= worst { worst } else { error };
    }
    worst
}
