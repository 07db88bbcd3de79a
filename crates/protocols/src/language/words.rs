//! The small words that the language is made of.

use barograph_record::{Group, Signal};
use serde::{Deserialize, Deserializer, de::Error};

/// A drug that a record can hold: one of the signals that are given as doses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Drug(Signal);

impl Drug {
    /// The drug of this signal, if it is one that is given as doses.
    pub const fn of(signal: Signal) -> Option<Self> {
        match signal.group() {
            Group::Drug | Group::Fluid => Some(Self(signal)),
            _ => None,
        }
    }

    /// Its signal.
    pub const fn signal(self) -> Signal {
        self.0
    }

    /// Its name, as in a record.
    pub const fn name(self) -> &'static str {
        self.0.name()
    }

    /// Every drug, in the order of the reference.
    pub fn all() -> impl Iterator<Item = Self> {
        Signal::ALL.iter().filter_map(|signal| Self::of(*signal))
    }
}

impl<'de> Deserialize<'de> for Drug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = Signal::from_name(&name).and_then(Self::of);
        known.ok_or_else(|| {
            let hint = nearest(&name, Self::all().map(Self::name));
            D::Error::custom(format!("unknown drug {name:?}{}", hint.map_or(String::new(), |h| format!("; did you mean {h:?}?"))))
        })
    }
}

/// One thing, or several in an array.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Either<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name, or an array of names")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
                Ok(vec![T::deserialize(serde::de::value::StrDeserializer::new(text))?])
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = items.next_element()? {
                    all.push(item);
                }
                Ok(all)
            }
        }
        deserializer.deserialize_any(Either(std::marker::PhantomData)).map(Self)
    }
}

/// The known name that a mistyped one resembles most, if any does.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let (distance, best) = known.into_iter().map(|k| (edits(name, k), k)).min()?;
    (distance <= 2 + name.len() / 6).then_some(best)
}

/// Letters to change, add or remove to make one word of the other.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let best = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_drug_finds_its_name() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(nearest("tocilizumb", Drug::all().map(Drug::name)), Some("tocilizumab"));
        assert_eq!(nearest("water", Drug::all().map(Drug::name)), None);
    }

    #[test]
    fn drugs_are_what_is_given() {
        assert!(Drug::of(Signal::Tocilizumab).is_some() && Drug::of(Signal::FluidBolus).is_some());
        assert!(Drug::of(Signal::Temperature).is_none() && Drug::of(Signal::Norepinephrine).is_none());
    }
}
