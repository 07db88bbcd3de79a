//! The shipped variabilities, by model.

use super::variability::{Variability, VariabilityError};

macro_rules! shelf {
    ($($id:literal => $file:literal),+ $(,)?) => {
        &[$(($id, include_str!(concat!("../../models/", $file, ".variability.toml")))),+]
    };
}

const FILES: &[(&str, &str)] = shelf! {
    "anakinra-urien-2013" => "anakinra_urien_2013",
    "dasatinib" => "dasatinib",
    "dexamethasone" => "dexamethasone",
    "dexamethasone-krzyzanski-2021" => "dexamethasone_krzyzanski_2021",
    "emapalumab-brossard-2025" => "emapalumab_brossard_2025",
    "methylprednisolone" => "methylprednisolone",
    "siltuximab-nikanjam-2019" => "siltuximab_nikanjam_2019",
    "stein-2019" => "stein_2019",
    "tocilizumab-bastida-2018" => "tocilizumab_bastida_2018",
    "tocilizumab-frey-2010" => "tocilizumab_frey_2010",
    "tocilizumab-moes-2022" => "tocilizumab_moes_2022",
};

/// How patients of a model of the library differ, where that is known.
///
/// # Errors
/// The shipped file has a fault (the tests see to it that none has).
pub fn variability(model: &str) -> Result<Option<Variability>, VariabilityError> {
    text(model).map(Variability::parse).transpose()
}

/// The file of a model, as it stands.
pub(crate) fn text(model: &str) -> Option<&'static str> {
    FILES.iter().find(|(id, _)| *id == model).map(|(_, text)| *text)
}
