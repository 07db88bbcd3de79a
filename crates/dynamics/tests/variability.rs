//! Random effects: read, drawn and applied.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_dynamics::kinetics::{Variability, VariabilityError, variability};
use barograph_dynamics::{Model, catalogue};

#[test]
fn every_shipped_variability_fits_its_model_and_cites_its_source() {
    let mut found = 0;
    for entry in catalogue() {
        let Some(v) = variability(entry.id).unwrap() else { continue };
        found += 1;
        assert_eq!(v.model, entry.id);
        assert!(!v.citation.is_empty());
        assert!(["primary", "secondary", "recalled", "derived", "assumed"].contains(&v.verified.as_str()), "{}", v.verified);
        let model = Model::named(entry.id).unwrap();
        let mut parameters = model.typical();
        v.apply(&model, &mut parameters, &vec![1.0; v.effects.len()]).unwrap();
        assert_ne!(parameters, model.typical());
        for residual in &v.residuals {
            model.output(&residual.output).unwrap();
        }
        // Every random effect of the model is drawn: none is forgotten.
        for parameter in entry.text.parameters.iter().filter(|p| p.name.starts_with("eta_")) {
            assert!(v.effects.iter().any(|e| e.parameter == parameter.name), "{}: {}", entry.id, parameter.name);
        }
    }
    assert_eq!(found, 11);
}

/// The covariance of Frey's effects, from unit draws: L L' has the printed spread and correlations.
#[test]
fn draws_have_the_printed_covariance() {
    let frey = variability("tocilizumab-frey-2010").unwrap().unwrap();
    let columns: Vec<Vec<f64>> = (0..4)
        .map(|at| {
            let mut unit = [0.0; 4];
            unit[at] = 1.0;
            frey.draw(&unit).map(|(_, value)| value).collect()
        })
        .collect();
    let covariance = |i: usize, j: usize| columns.iter().map(|column| column[i] * column[j]).sum::<f64>();
    let sd = |i: usize| covariance(i, i).sqrt();
    for (i, cv) in [0.39_f64, 0.37, 0.66, 0.54].into_iter().enumerate() {
        assert!((sd(i) - (1.0 + cv * cv).ln().sqrt()).abs() < 1e-12);
    }
    for (i, j, r) in [(0, 1, 0.6), (0, 3, -0.5), (1, 2, 0.5), (0, 2, -0.1), (1, 3, 0.2), (2, 3, 0.2)] {
        assert!((covariance(i, j) / sd(i) / sd(j) - r).abs() < 1e-12, "{i} {j}");
    }
}

#[test]
fn impossible_variabilities_are_refused() {
    let head = "model = \"m\"\ncitation = \"c\"\nverified = \"assumed\"\n";
    let effects = "[[effect]]\nparameter = \"a\"\nsd = 1\n[[effect]]\nparameter = \"b\"\nsd = 1\n[[effect]]\nparameter = \"c\"\nsd = 1\n";
    let with = |correlation: &str| Variability::parse(&format!("{head}correlation = {correlation}\n{effects}"));
    assert!(with("[]").is_ok());
    assert!(matches!(with("[[\"a\", \"b\", 1.2]]"), Err(VariabilityError::Correlation(..))));
    assert!(matches!(with("[[\"a\", \"x\", 0.2]]"), Err(VariabilityError::Correlation(..))));
    let contrary = "[[\"a\", \"b\", 0.9], [\"a\", \"c\", 0.9], [\"b\", \"c\", -0.9]]";
    assert_eq!(with(contrary), Err(VariabilityError::NotPositive("c".into())));
    let spread = |line: &str| Variability::parse(&format!("{head}[[effect]]\nparameter = \"a\"\n{line}\n"));
    for line in ["", "sd = -1", "cv = -0.2", "sd = 1\ncv = 1", "sd = nan", "variance = inf"] {
        assert_eq!(spread(line), Err(VariabilityError::Spread("a".into())), "{line}");
    }
    assert!(matches!(Variability::parse("model = 3"), Err(VariabilityError::Shape(_))));
}
