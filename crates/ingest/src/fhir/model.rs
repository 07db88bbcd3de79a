//! The data types of FHIR R4 that barograph reads, with only the fields it uses.
//!
//! Texts borrow from the line they are read from. Reading is lenient where that is harmless: unknown
//! fields are skipped, a code written as a number is taken as its digits, a number written as text is parsed.
//!
//! Source: HL7 FHIR R4 (4.0.1), <https://hl7.org/fhir/R4/datatypes.html>.

use serde::de::{Deserialize, Deserializer, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// A text that borrows from the input unless it holds escapes; empty when absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_unit<E>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}

/// A decimal number, also where it is written as text; not a number where that text is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decimal(pub(super) f64);

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DecimalVisitor;
        impl Visitor<'_> for DecimalVisitor {
            type Value = Decimal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number")
            }
            fn visit_f64<E>(self, value: f64) -> Result<Decimal, E> {
                Ok(Decimal(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Decimal, E> {
                Ok(Decimal(value as f64))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Decimal, E> {
                Ok(Decimal(value as f64))
            }
            fn visit_str<E>(self, text: &str) -> Result<Decimal, E> {
                Ok(Decimal(text.trim().parse().unwrap_or(f64::NAN)))
            }
        }
        deserializer.deserialize_any(DecimalVisitor)
    }
}

/// One code of one code system.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Coding<'a> {
    pub(super) system: Text<'a>,
    pub(super) code: Text<'a>,
    pub(super) display: Text<'a>,
}

/// A concept by its codes and as text.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct CodeableConcept<'a> {
    pub(super) coding: Vec<Coding<'a>>,
    pub(super) text: Text<'a>,
}

impl CodeableConcept<'_> {
    /// Every wording of the concept: the text, then each display.
    pub(super) fn wordings(&self) -> impl Iterator<Item = &str> + Clone {
        std::iter::once(&*self.text).chain(self.coding.iter().map(|c| &*c.display)).filter(|t| !t.is_empty())
    }

    /// The concept in one line for the ledger: `system|code display`, or the text.
    pub(super) fn describe(&self) -> String {
        match self.coding.first() {
            Some(c) => format!("{}|{} {}", &*c.system, &*c.code, if c.display.is_empty() { &*self.text } else { &*c.display }),
            None => (*self.text).to_owned(),
        }
    }
}

/// A number with its unit.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Quantity<'a> {
    pub(super) value: Option<Decimal>,
    pub(super) comparator: Text<'a>,
    pub(super) unit: Text<'a>,
    pub(super) system: Text<'a>,
    pub(super) code: Text<'a>,
}

/// A ratio of two quantities.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Ratio<'a> {
    pub(super) numerator: Quantity<'a>,
    pub(super) denominator: Quantity<'a>,
}

/// A stretch of time.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Period<'a> {
    pub(super) start: Text<'a>,
    pub(super) end: Text<'a>,
}

/// A pointer to another resource.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Reference<'a> {
    pub(super) reference: Text<'a>,
    pub(super) display: Text<'a>,
}

/// Version of a resource.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Meta<'a> {
    pub(super) version_id: Text<'a>,
    pub(super) last_updated: Text<'a>,
}
