//! Texts of the equation language, SBML files and event tables: arbitrary text, and a short run of what is accepted.

use barograph_dynamics::nonmem::{self, Carry, Setup};
use barograph_dynamics::sbml::{self, Import};
use barograph_dynamics::{Model, Problem, Settings};
use barograph_equations::TimeUnit;

/// States beyond which what is accepted is not run: the symbolic work grows with their cube.
const MOST_STATES: usize = 12;

/// A short, coarse run.
fn settings() -> Settings {
    let mut settings = Settings::every(1.0, 4).rtol(1e-3);
    settings.most_steps = 2000;
    settings
}

/// Reads arbitrary bytes as a model; `bytes` holds the text.
pub fn run_text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match barograph_equations::parse(text) {
        Ok(read) if read.states.len() <= MOST_STATES => {
            let lines = text.lines().count();
            assert!(barograph_equations::units(&read).iter().all(|misfit| (1..=lines).contains(&misfit.place.line)));
            let parameters: Vec<f64> = read.parameters.iter().map(|parameter| parameter.value).collect();
            if let Err(odd) = read.audit(&parameters, None, 0.0) {
                assert!((1..=lines).contains(&odd.place.line), "{odd}");
            }
            let model = Model::from_text(read);
            if let Err(failure) = Problem::new(&model).solve(&settings()) {
                assert!(!failure.to_string().is_empty());
            }
        }
        Ok(_) => {}
        Err(fault) => {
            assert!(fault.place.line >= 1 && fault.place.column >= 1, "{fault}");
            assert!(fault.place.line <= text.lines().count() + 1, "{fault}");
        }
    }
}

/// Reads arbitrary bytes as SBML; what is made of it is a text that can be read again, and runs.
pub fn run_sbml(data: &[u8]) {
    let Ok(xml) = std::str::from_utf8(data) else { return };
    if let Ok(import) = sbml::read(xml, Some(TimeUnit::Hour)) {
        let again = Model::parse(&import.text);
        assert!(again.is_ok(), "{:?}\n{}", again.err(), import.text);
        if import.model.text().states.len() <= MOST_STATES {
            solved(&import);
        }
    }
}

fn solved(import: &Import) {
    match import.solve(&settings()) {
        Ok(course) => {
            assert_eq!(course.times.len(), course.rows.len());
            assert!(course.executed.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A model with an output, a covariate and two compartments.
const ORAL: &str = "model oral \"Oral\"\ntime h\nparameter k = 0.1 1/h\nparameter V = 20 L\nstate gut = 0 mg\nstate A = 0 mg\n\
    d gut = -gut\nd A = gut - k*A\noutput conc = A/V mg/L\n";

/// The model for [`run_table`].
///
/// # Panics
/// Never: the text is sound.
#[must_use]
pub fn oral() -> Model {
    Model::parse(ORAL).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Reads arbitrary bytes as an event table, covariates carried either way.
pub fn run_table(data: &[u8], model: &Model) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let carry = if text.len() % 2 == 0 { Carry::Forward } else { Carry::Backward };
    match nonmem::read_with(text, model, &Setup { carry, ..Setup::default() }) {
        Ok(reading) => {
            for subject in reading.subjects.iter().take(4) {
                let span = subject.end - subject.start;
                assert!(span >= 0.0);
                if subject.patient.doses.len() < 200 && span < 1e3 && !text.contains("SS") {
                    match subject.simulate(model, 1e-3) {
                        Ok(found) => assert_eq!(found.len(), subject.observations.len()),
                        Err(error) => assert!(!error.to_string().is_empty()),
                    }
                }
            }
        }
        Err(fault) => assert!(fault.row >= 1 && !fault.column.is_empty(), "{fault}"),
    }
}
