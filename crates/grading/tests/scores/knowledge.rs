//! Every score has its header, and every file is read.

use barograph_grading::scores::{ALL, by_id, ctcae, form};
use std::collections::BTreeSet;

#[test]
fn every_score_is_cited_and_found_by_its_id() {
    let ids: BTreeSet<&str> = ALL.iter().map(|s| s.id()).collect();
    assert_eq!(ids.len(), ALL.len(), "ids are unique");
    assert_eq!(ALL.len(), 19 + ctcae::TERMS.len());
    for score in ALL.iter() {
        assert!(["primary", "secondary", "recalled", "derived"].contains(&score.verified()), "{}", score.id());
        for text in [score.title(), score.citation(), score.population()] {
            assert!(!text.trim().is_empty(), "{}", score.id());
        }
        assert_eq!(by_id(score.id()).map(|s| s.id().to_owned()), Some(score.id().to_owned()));
    }
    assert!(by_id("nee").is_none(), "there is no single norepinephrine equivalent");
}

#[test]
fn a_ladder_that_cannot_be_meant_is_refused() {
    let ladder = |text: &str| toml::from_str::<form::Ladder>(text).map_err(|e| e.to_string());
    for (text, expected) in [
        ("signal = \"crp\"\nunit = \"mg/dL\"\nrungs = [{ at_least = 1.0, below = 2.0, points = 1.0 }]", "one edge"),
        ("signal = \"crp\"\nunit = \"mg/dL\"\nrungs = [{ at_least = 1.0, points = 1.0 }, { below = 0.5, points = 1.0 }]", "same way"),
        ("signal = \"crp\"\nunit = \"U/L\"\nrungs = [{ at_least = 1.0, points = 1.0 }]", "different things"),
        ("signal = \"crp\"\nunit = \"mg/dL\"", "rungs or bands"),
        ("signal = \"crp\"\nrungs = [{ at_least = 1.0, points = 1.0 }]", "unit"),
    ] {
        assert!(ladder(text).unwrap_err().contains(expected), "{text}");
    }
}
