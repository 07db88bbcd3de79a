//! Which CAR-T product a record names, and whether a plan is for it.

use super::truth::Truth;
use barograph_record::Knowledge;
use serde::Deserialize;
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../../../knowledge/car-t-products.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Products {
    #[serde(rename = "product")]
    products: Vec<Known>,
}

/// One product by all its names; the first is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    names: Vec<String>,
}

fn known() -> &'static [Known] {
    static FILE: OnceLock<Vec<Known>> = OnceLock::new();
    // A test parses the embedded file, so it is there in a release.
    FILE.get_or_init(|| Knowledge::<Products>::from_toml(TEXT).map_or_else(|_| Vec::new(), |file| file.content.products))
}

/// What people write where the product is not known.
const NO_PRODUCT: &[&str] =
    &["", "-", "?", "n/a", "na", "none", "not known", "not recorded", "not stated", "tbd", "unk", "unknown", "unspecified"];

/// Words that make a named product doubtful, or deny it.
const DOUBT: &[&str] =
    &["either", "maybe", "no", "non", "not", "or", "perhaps", "possibly", "presumably", "presumed", "probably", "unknown", "unsure"];

/// Words that fit every product: a field of nothing else names none.
const ANY: &[&str] = &[
    "a",
    "anti",
    "autologous",
    "car",
    "cart",
    "cart19",
    "cd19",
    "cell",
    "cells",
    "commercial",
    "infusion",
    "product",
    "t",
    "therapy",
    "the",
    "19",
];

/// Whether a product is the one of a plan.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    /// It is.
    This,
    /// It is another.
    Another,
    /// It is not known, or named in doubt.
    NotKnown,
    /// The record names several, of which this may be one: which was given is not known.
    Several(Vec<&'static str>),
}

impl Given {
    pub(crate) const fn truth(&self) -> Truth {
        match self {
            Self::This => Truth::Yes,
            Self::Another => Truth::No,
            Self::NotKnown | Self::Several(_) => Truth::Unknown,
        }
    }
}

/// Whether a product is one of some names.
pub(crate) fn product(product: Option<&str>, names: &[String]) -> Given {
    if names.is_empty() {
        return Given::This;
    }
    let Some(text) = product.map(|text| text.trim().to_lowercase()).filter(|text| !NO_PRODUCT.contains(&text.as_str())) else {
        return Given::NotKnown;
    };
    let has = |name: &String| text.contains(&name.to_lowercase());
    let ours = |product: &&Known| product.names.iter().any(|name| names.iter().any(|n| n.eq_ignore_ascii_case(name)));
    let told: Vec<&Known> = known().iter().filter(|product| product.names.iter().any(has)).collect();
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let doubtful = text.contains('?') || words().any(|word| DOUBT.contains(&word));
    let matches = names.iter().any(has) || told.iter().any(ours);
    if matches && told.len() > 1 {
        return Given::Several(told.iter().filter_map(|p| p.names.first().map(String::as_str)).collect());
    }
    // "Not Kymriah" and "Kymriah?" tell nobody which product it was; whoever denies or doubts another has not said that it was not this one.
    if doubtful || told.is_empty() && words().all(|word| ANY.contains(&word)) {
        return Given::NotKnown;
    }
    if matches { Given::This } else { Given::Another }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[test]
    fn every_plan_names_one_known_product_by_its_known_names() {
        Knowledge::<Products>::from_toml(TEXT).unwrap();
        for plan in library::protocols().iter().filter(|p| !p.population.products.is_empty()) {
            let names = &plan.population.products;
            let has = |known: &&Known, name: &String| known.names.iter().any(|n| n.eq_ignore_ascii_case(name));
            let of: Vec<&Known> = known().iter().filter(|k| names.iter().any(|name| has(k, name))).collect();
            assert!(matches!(of.as_slice(), [one] if names.iter().all(|name| has(one, name))), "{}: {names:?}", plan.id);
        }
    }

    #[test]
    fn no_name_lies_within_that_of_another_product() {
        for (i, one) in known().iter().enumerate() {
            for other in known().iter().enumerate().filter(|(j, _)| *j != i).flat_map(|(_, k)| &k.names) {
                let within = one.names.iter().find(|name| other.to_lowercase().contains(&name.to_lowercase()));
                assert_eq!(within, None, "{other}");
            }
        }
    }
}
