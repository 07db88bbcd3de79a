//! What an SBML file holds that is not taken, and where.

use roxmltree::Node;

/// Why a file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not XML.
    #[error("this is not XML that can be read: {0}")]
    Xml(String),
    /// An element that is wrong, or that is not supported.
    #[error("line {line}, <{element}>{id}: {reason}")]
    Element {
        /// Line of the text, from 1.
        line: u32,
        /// The element's name.
        element: String,
        /// Its id in quotation marks, after a blank; or nothing.
        id: String,
        /// What is not taken.
        reason: String,
    },
    /// Names that do not hang together.
    #[error("`{id}`: {reason}")]
    Name {
        /// The id.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The equation language does not take what the file says, such as expressions nested too deeply.
    #[error("the equations made of this file: {0}")]
    Equations(String),
}

impl Refusal {
    pub(super) fn at(node: Node, reason: impl Into<String>) -> Self {
        let mut named = node.ancestors();
        let id = named.find_map(|node| node.attribute("id").or_else(|| node.attribute("variable")).or_else(|| node.attribute("symbol")));
        Self::Element {
            line: node.document().text_pos_at(node.range().start).row,
            element: node.tag_name().name().to_owned(),
            id: id.map_or_else(String::new, |id| format!(" `{id}`")),
            reason: reason.into(),
        }
    }

    pub(super) fn name(id: &str, reason: impl Into<String>) -> Self {
        Self::Name { id: id.into(), reason: reason.into() }
    }
}
