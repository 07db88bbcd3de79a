//! Patients drawn from a model's random effects.

use super::Solve;
use crate::failure::Failure;
use crate::text::{self, unreadable};
use barograph_dynamics::Model;
use barograph_dynamics::kinetics::{Variability, variability};
use barograph_dynamics::random::Draws;

/// Streams of random numbers: one for each purpose.
const EFFECTS: u64 = 1;
const RESIDUALS: u64 = 2;

/// What is asked of random effects.
pub(super) struct Drawn {
    count: u64,
    seed: u64,
    variability: Variability,
}

impl Drawn {
    /// `None` where the typical patient is wanted.
    pub(super) fn new(args: &Solve, model: &Model) -> Result<Option<Self>, Failure> {
        let Some(count) = args.draws else { return Ok(None) };
        let id = &model.text().id;
        let variability = if let Some(path) = &args.variability {
            let wrong = |problem: String| Failure::ModelFile { path: path.clone(), problem };
            let cannot = |fault| wrong(format!("cannot be read: {}", unreadable(&fault, "check the path given with --variability")));
            let text = text::read(path).map_err(cannot)?;
            let found = Variability::parse(&text).map_err(|fault| wrong(fault.to_string()))?;
            if found.model != *id {
                return Err(wrong(format!("it is of the model `{}`, not of `{id}`", found.model)));
            }
            found
        } else {
            let shipped = variability(id).map_err(|fault| Failure::Unsolved(fault.to_string()))?;
            shipped.ok_or_else(|| {
                Failure::Solve(format!("no random effects of `{id}` are shipped; give your own with --variability FILE (docs/models.md)"))
            })?
        };
        let drawn = Self { count, seed: args.seed, variability };
        drawn.patient(model, &model.typical(), 0, 0)?;
        for residual in &drawn.variability.residuals {
            model.output(&residual.output).map_err(|fault| Failure::Solve(fault.to_string()))?;
        }
        Ok(Some(drawn))
    }

    /// The numbers of the draws, from 1.
    pub(super) fn numbers(&self) -> std::ops::RangeInclusive<u64> {
        1..=self.count
    }

    /// The parameters of one draw about those of a subject.
    pub(super) fn patient(&self, model: &Model, typical: &[f64], subject: u64, draw: u64) -> Result<Vec<f64>, Failure> {
        let mut random = Draws::new(self.seed, subject, draw, EFFECTS);
        let normals: Vec<f64> = self.variability.effects.iter().map(|_| random.normal()).collect();
        let mut parameters = typical.to_vec();
        self.variability.apply(model, &mut parameters, &normals).map_err(|fault| Failure::Solve(fault.to_string()))?;
        Ok(parameters)
    }

    /// What would be measured where the model says `value`: one number of each row's own; `None` where the output's error is not known.
    pub(super) fn measured(&self, output: &str, value: f64, subject: u64, draw: u64, row: u64) -> Option<f64> {
        let error = self.variability.residuals.iter().find(|residual| residual.output == output)?;
        let mut random = Draws::new(self.seed, subject, draw, RESIDUALS + row);
        let (proportional, additive, log) = (random.normal(), random.normal(), random.normal());
        Some((value * (1.0 + error.proportional * proportional) + error.additive * additive) * (error.log * log).exp())
    }

    /// On standard error: draws that could not be solved, which stops only where none could.
    pub(super) fn lost(&self, lost: &[(u64, String)]) -> Result<(), Failure> {
        let Some((draw, why)) = lost.first() else { return Ok(()) };
        let message =
            format!("{} of {} draws of seed {} could not be solved; the first is draw {draw}: {why}", lost.len(), self.count, self.seed);
        if lost.len() as u64 == self.count {
            return Err(Failure::Unsolved(message));
        }
        eprintln!("barograph: {message}");
        Ok(())
    }
}
