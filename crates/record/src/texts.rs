//! Interned texts of one record.

use crate::TextId;
use std::collections::HashMap;

/// Small texts (details, resource ids), each stored once.
#[derive(Clone, Debug)]
pub struct Texts {
    all: Vec<Box<str>>,
    index: HashMap<Box<str>, u32>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { all: vec!["".into()], index: HashMap::from([("".into(), 0)]) }
    }
}

impl Texts {
    /// The id of a text, adding it when new.
    pub fn intern(&mut self, text: &str) -> TextId {
        if let Some(&id) = self.index.get(text) {
            return TextId(id);
        }
        let Ok(id) = u32::try_from(self.all.len()) else {
            return TextId(0);
        };
        self.all.push(text.into());
        self.index.insert(text.into(), id);
        TextId(id)
    }

    /// The text of an id; empty when the id is not of this record.
    pub fn get(&self, id: TextId) -> &str {
        self.all.get(id.0 as usize).map_or("", |t| t)
    }
}
