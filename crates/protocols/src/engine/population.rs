//! Whether a plan is for a patient: by age and by product.

use super::truth::Truth;
use crate::language::{Outside, Protocol};
use barograph_record::{Instant, Patient};

/// Whether a plan is for a patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Applies {
    /// Whether it advises.
    pub truth: Truth,
    /// What to chart, where that is not known.
    pub chart: Vec<&'static str>,
    /// What speaks against it, or is not known.
    pub text: String,
}

pub(crate) fn applies(protocol: &Protocol, patient: &Patient) -> Applies {
    let population = &protocol.population;
    let years = patient.years_at(Instant::INFUSION);
    let by_age = age(years, population.from_years, population.below_years);
    let by_product = product(patient.product.as_deref(), &population.products);
    let (mut text, mut chart) = (Vec::new(), Vec::new());
    match (by_age, years) {
        (Truth::No, Some(years)) => {
            text.push(format!("written for {}; the patient is {} years old", population.text, crate::doses::number(years)));
        }
        (Truth::Unknown, _) => {
            text.push("the age is not known".to_owned());
            chart.push("the age");
        }
        _ => {}
    }
    match by_product {
        Truth::No => text.push(format!("written for {}; another product was given", population.products.join(" or "))),
        Truth::Unknown => {
            text.push("the CAR-T product is not known".to_owned());
            chart.push("the CAR-T product");
        }
        Truth::Yes => {}
    }
    let truth = if population.outside == Outside::Note { Truth::Yes } else { by_age.and(by_product) };
    Applies { truth, chart, text: text.join("; ") }
}

/// Whether an age lies within bounds.
pub(crate) fn age(years: Option<f64>, from: Option<f64>, below: Option<f64>) -> Truth {
    if from.is_none() && below.is_none() {
        return Truth::Yes;
    }
    years.map_or(Truth::Unknown, |y| Truth::exactly(from.is_none_or(|f| y >= f) && below.is_none_or(|b| y < b)))
}

/// What people write where the product is not known.
const NO_PRODUCT: &[&str] =
    &["", "-", "?", "n/a", "na", "none", "not known", "not recorded", "not stated", "tbd", "unk", "unknown", "unspecified"];

/// Words that make a named product doubtful, or deny it.
const DOUBT: &[&str] = &["maybe", "no", "non", "not", "or", "possibly", "probably", "unknown"];

/// Whether a product is one of some names.
pub(crate) fn product(product: Option<&str>, names: &[String]) -> Truth {
    if names.is_empty() {
        return Truth::Yes;
    }
    let Some(product) = product.map(|text| text.trim().to_lowercase()).filter(|text| !NO_PRODUCT.contains(&text.as_str())) else {
        return Truth::Unknown;
    };
    let matches = names.iter().any(|name| product.contains(&name.to_lowercase()));
    // "Not Kymriah" and "Kymriah or Tecartus?" tell nobody which product it was.
    let doubtful = product.contains('?') || product.split(|c: char| !c.is_alphanumeric()).any(|word| DOUBT.contains(&word));
    if matches && doubtful { Truth::Unknown } else { Truth::exactly(matches) }
}
