//! What holds for every dose file that ships with barograph.

use barograph_protocols::language::Action;
use barograph_protocols::library;
use std::collections::BTreeSet;

#[test]
fn every_dose_is_cited_and_has_one_name() {
    let mut ids = BTreeSet::new();
    for file in library::doses() {
        assert!(!file.citation.trim().is_empty() && !file.version.is_empty(), "{}", file.id);
        for dose in file.doses.iter().map(toml::Spanned::get_ref) {
            assert!(!dose.citation.trim().is_empty() && !dose.title.trim().is_empty(), "{}", dose.id);
            assert!(ids.insert(dose.id.as_str()), "two doses are called {}", dose.id);
            assert!(dose.id.starts_with(file.id.as_str()), "{} stands in the file of {}", dose.id, file.id);
        }
    }
}

#[test]
fn every_dose_is_named_by_a_plan() {
    let mut named = BTreeSet::new();
    let rules = library::protocols().iter().flat_map(|p| &p.rules);
    for action in rules.flat_map(|r| &r.get_ref().then) {
        let gives = match action.get_ref() {
            Action::Give(give) => vec![give],
            Action::OneOf(gives) => gives.iter().map(toml::Spanned::get_ref).collect(),
            _ => Vec::new(),
        };
        for give in gives {
            named.extend(give.dose.iter().map(|d| d.get_ref().as_str()));
            named.extend(give.steps.iter().map(|s| s.get_ref().dose.get_ref().as_str()));
        }
    }
    for dose in library::doses().iter().flat_map(|f| &f.doses) {
        assert!(named.contains(dose.get_ref().id.as_str()), "no plan gives {}", dose.get_ref().id);
    }
}

#[test]
fn the_bands_of_a_dose_neither_overlap_nor_contradict_themselves() {
    for dose in library::doses().iter().flat_map(|f| &f.doses).map(toml::Spanned::get_ref) {
        let apart = |from: Option<f64>, below: Option<f64>| from.zip(below).is_some_and(|(from, below)| from >= below);
        for (i, band) in dose.band.iter().map(toml::Spanned::get_ref).enumerate() {
            let amounts = [band.flat, band.per_kg, band.per_m2];
            assert_eq!(amounts.iter().flatten().count(), 1, "{}: one amount each", dose.id);
            assert!(amounts.iter().flatten().all(|a| 0.0 < a.low && a.low <= a.high), "{}", dose.id);
            assert!(!apart(band.from_kg, band.below_kg) && !apart(band.from_years, band.below_years), "{}: an empty band", dose.id);
            for other in dose.band.iter().skip(i + 1).map(toml::Spanned::get_ref) {
                let by_weight = apart(band.from_kg, other.below_kg) || apart(other.from_kg, band.below_kg);
                let by_age = apart(band.from_years, other.below_years) || apart(other.from_years, band.below_years);
                assert!(by_weight || by_age, "{}: two bands fit one patient", dose.id);
            }
        }
    }
}
