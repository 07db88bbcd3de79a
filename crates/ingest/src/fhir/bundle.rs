//! Bundles, streamed entry by entry, so that a large one is never held whole.

use super::model::Text;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// One entry: where the resource lives, and the resource.
#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Entry<'a> {
    pub(super) full_url: Text<'a>,
    #[serde(borrow)]
    pub(super) resource: Option<&'a RawValue>,
}

/// What a JSON document turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// `resourceType` is `Bundle`.
    pub(super) is_bundle: bool,
    /// `resourceType` is something else, and nothing was read.
    pub(super) is_other: bool,
}

/// Reads a document as a bundle and calls `each` with the text of every entry.
///
/// Reading stops at once, with an error and `seen.is_other`, when the document is another resource.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D, seen: &mut Seen, each: &mut dyn FnMut(&str)) -> Result<(), D::Error> {
    deserializer.deserialize_map(Document { seen, each })
}

struct Document<'f> {
    seen: &'f mut Seen,
    each: &'f mut dyn FnMut(&str),
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FHIR resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut entered = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "resourceType" => {
                    self.seen.is_bundle = map.next_value::<String>()? == "Bundle";
                    if !self.seen.is_bundle && !entered {
                        self.seen.is_other = true;
                        return Err(A::Error::custom("not a bundle"));
                    }
                }
                "entry" => {
                    entered = true;
                    map.next_value_seed(Entries { each: self.each })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Entries<'f> {
    each: &'f mut dyn FnMut(&str),
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the entries of a bundle")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(entry) = seq.next_element::<Box<RawValue>>()? {
            (self.each)(entry.get());
        }
        Ok(())
    }
}
