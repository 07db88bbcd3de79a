//! Files of `knowledge/`: a header that says where the content comes from and how sure it is, and the content.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// How sure a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verified {
    /// Read in the primary source.
    Primary,
    /// Read in a reproduction.
    Secondary,
    /// From memory, to be checked against the source.
    Recalled,
    /// Computed or inferred from what the source says.
    Derived,
    /// This project's own, where the source is silent.
    Assumed,
}

impl Verified {
    /// The word used in `knowledge/` and in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Recalled => "recalled",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }

    /// A warning that stands wherever a statement is shown that nobody has read in a source.
    pub const fn warning(self) -> Option<&'static str> {
        match self {
            Self::Primary | Self::Secondary => None,
            Self::Recalled => Some("recalled: check against the source"),
            Self::Derived => Some("derived from the source"),
            Self::Assumed => Some("assumed: the source is silent"),
        }
    }
}

/// One file of `knowledge/`.
#[derive(Clone, Debug, PartialEq)]
pub struct Knowledge<T> {
    /// Where the content comes from.
    pub citation: String,
    /// How sure it is.
    pub verified: Verified,
    /// The content: every key that is not of the header.
    pub content: T,
}

/// The keys that every file has.
#[derive(Deserialize)]
struct Header {
    citation: String,
    verified: Verified,
}

impl<T: DeserializeOwned> Knowledge<T> {
    /// Reads a shipped file. An id, a version, a citation and how sure it is must be there, and nothing that the content does not know.
    ///
    /// # Errors
    /// [`toml::de::Error`] where that is not so.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        let mut table: Table = text.parse()?;
        for key in ["id", "version"] {
            if table.remove(key).is_none_or(|value| value.as_str().is_none_or(str::is_empty)) {
                return Err(serde::de::Error::custom(format!("a file of knowledge needs `{key}`, a text")));
            }
        }
        let header: Table = ["citation", "verified"].iter().filter_map(|key| table.remove_entry(*key)).collect();
        let Header { citation, verified } = Value::Table(header).try_into()?;
        Ok(Self { citation, verified, content: Value::Table(table).try_into()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Content {
        number: f64,
    }

    #[test]
    fn a_file_without_a_complete_header_or_with_unknown_keys_is_refused() {
        let good = "id = \"x-1\"\nversion = \"1\"\ncitation = \"Somebody 2020\"\nverified = \"recalled\"\nnumber = 2.0\n";
        let read = Knowledge::<Content>::from_toml(good).unwrap();
        assert_eq!((read.citation.as_str(), read.verified, read.content.number), ("Somebody 2020", Verified::Recalled, 2.0));
        for (from, to, says) in [
            ("id = \"x-1\"\n", "", "needs `id`"),
            ("version = \"1\"", "version = 1", "needs `version`"),
            ("citation = \"Somebody 2020\"\n", "", "missing field `citation`"),
            ("recalled", "sure", "unknown variant `sure`"),
            ("number", "nmber", "unknown field `nmber`"),
        ] {
            let error = Knowledge::<Content>::from_toml(&good.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(says), "{to:?}: {error}");
        }
    }
}
