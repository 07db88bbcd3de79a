//! Whether a plan is for a patient: by age and by product.

use super::product::{Given, product};
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
    match &by_product {
        Given::This => {}
        Given::Another => text.push(format!("written for {}; another product was given", population.products.join(" or "))),
        Given::NotKnown => text.push("the CAR-T product is not known".to_owned()),
        Given::Several(names) => {
            text.push(format!("the record names several CAR-T products ({}), and which of them was given is not known", names.join(", ")));
        }
    }
    if by_product.truth() == Truth::Unknown {
        chart.push("the CAR-T product");
    }
    let truth = if population.outside == Outside::Note { Truth::Yes } else { by_age.and(by_product.truth()) };
    Applies { truth, chart, text: text.join("; ") }
}

/// Whether an age lies within bounds.
pub(crate) fn age(years: Option<f64>, from: Option<f64>, below: Option<f64>) -> Truth {
    if from.is_none() && below.is_none() {
        return Truth::Yes;
    }
    years.map_or(Truth::Unknown, |y| Truth::exactly(from.is_none_or(|f| y >= f) && below.is_none_or(|b| y < b)))
}
