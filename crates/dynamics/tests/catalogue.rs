//! The shelf of models: every text is whole, cited and used to the last name.

use barograph_dynamics::catalogue;
use barograph_dynamics::models::{barros_2021, stein_2019};
use barograph_dynamics::{Model, Problem, Settings};
use std::collections::HashSet;

/// Parameters that only the events of a model use, or the bedside controller.
const OF_EVENTS: [(&str, &str); 5] =
    [("chaudhury-2020", "Tmax"), ("stein-2019", "F_toci"), ("stein-2019", "F_ster"), ("child", "AGE"), ("child", "c_ne")];

#[test]
fn every_model_is_cited_verified_described_and_uses_what_it_declares() {
    let mut ids = HashSet::new();
    for entry in catalogue() {
        let (id, text) = (entry.id, &entry.text);
        assert!(ids.insert(id), "{id} stands twice on the shelf");
        assert!(!text.citation.is_empty() && text.verified.is_some() && !text.title.is_empty(), "{id}");
        let vain: Vec<&str> = text.unused.iter().map(|(name, _)| name.as_str()).filter(|name| !OF_EVENTS.contains(&(id, name))).collect();
        assert!(vain.is_empty(), "{id} declares in vain: {vain:?}");
        for parameter in &text.parameters {
            assert!(!parameter.description.is_empty(), "{id}: {}", parameter.name);
        }
        for state in &text.states {
            assert!(!state.description.is_empty(), "{id}: {}", state.name);
        }
        let page = entry.page();
        assert!(page.contains("## Source") && page.contains("## Equations"), "{id}");
    }
    let published = [
        "hanson-2016",
        "stein-2019",
        "leon-triana-2021",
        "leon-triana-2021-progenitors",
        "kimmel-2021",
        "chaudhury-2020",
        "barros-2021-hdlm2",
    ];
    let more = [
        "dwivedi-2014-anti-il6r",
        "dwivedi-2014-anti-il6",
        "hosseini-2020-blood",
        "dobreva-2021",
        "tocilizumab-frey-2010",
        "tocilizumab-moes-2022",
    ];
    let drugs = [
        "tocilizumab-bastida-2018",
        "dexamethasone",
        "methylprednisolone",
        "anakinra-urien-2013",
        "siltuximab-nikanjam-2019",
        "emapalumab-brossard-2025",
    ];
    for id in published.into_iter().chain(more).chain(drugs).chain(["dasatinib", "barros-2021-raji", "il6-blockade"]) {
        assert!(ids.contains(id), "{id} is missing");
    }
}

/// What the pages say of the assumed graft: Raji is rejected, Raji expressing IDO escapes, the inhibitor restores rejection.
#[test]
fn barros_2021_tells_ido_from_the_rest() {
    let model = Model::named("barros-2021-raji").unwrap();
    let tumour = |alpha: f64| {
        let mut problem = Problem::new(&model).with("alpha", alpha).unwrap();
        let events = barros_2021::raji(&mut problem).unwrap();
        let (solution, _) = problem.solve_with(&Settings::every(30.0, 30).rtol(1e-8), events).unwrap();
        solution.state("T").unwrap()[30]
    };
    assert!(tumour(1.2485e-8) < 1.0 && tumour(1.2617e-8) < 1.0);
    assert!(tumour(1.4617e-8) > 1e9);
}

/// A schedule for another model is an error, not a silence.
#[test]
fn schedules_belong_to_their_models() {
    let other = Model::named("kimmel-2021").unwrap();
    assert!(stein_2019::scheduled(Problem::new(&other), stein_2019::Drugs::default()).is_err());
    assert!(barros_2021::raji(&mut Problem::new(&other)).is_err());
}

/// The one misfit is in the source: a stimulus written without the factor that its units call for (the page says so).
const OF_THE_SOURCE: [(&str, &str); 1] = [("leon-triana-2021-progenitors", "a sum of cells/d and 1/d")];

#[test]
fn units_fit_the_equations() {
    for entry in catalogue() {
        for misfit in barograph_equations::units(&entry.text) {
            assert!(OF_THE_SOURCE.contains(&(entry.id, misfit.message.as_str())), "{}: {misfit}", entry.id);
        }
    }
}

#[test]
fn every_model_starts_with_numbers() {
    for entry in catalogue() {
        let parameters: Vec<f64> = entry.text.parameters.iter().map(|parameter| parameter.value).collect();
        assert_eq!(entry.text.audit(&parameters, None, 0.0), Ok(()), "{}", entry.id);
    }
}
