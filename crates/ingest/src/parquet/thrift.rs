//! Walking a Thrift structure before the decoder does.
//!
//! The headers of a Parquet file are Thrift structures in the compact protocol. A list of theirs may state two
//! billion elements and hold none; the `parquet` crate then spends minutes passing over them. So
//! a structure is walked first, and refused where a list cannot be as long as it says. Lists of booleans,
//! maps and UUIDs, which no header of Parquet has, are refused too.
//!
//! Source: Apache Thrift, compact protocol; Apache Parquet format, `parquet.thrift`.

/// Structures within structures that are followed.
const DEEPEST: u8 = 32;

/// Whether a structure stands at the beginning of the bytes, whole and with no list longer than the bytes left.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    Walk(bytes).structure(DEEPEST).is_some()
}

/// The bytes still to be walked.
struct Walk<'a>(&'a [u8]);

impl Walk<'_> {
    fn structure(&mut self, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        loop {
            let header = self.byte()?;
            let kind = header & 0x0f;
            if kind == 0 {
                return Some(());
            }
            // A field that is not a few places after the last names its number.
            if header >> 4 == 0 {
                self.varint()?;
            }
            // The value of a boolean field stands in its header.
            if !matches!(kind, 1 | 2) {
                self.value(kind, depth)?;
            }
        }
    }

    fn value(&mut self, kind: u8, depth: u8) -> Option<()> {
        match kind {
            3 => self.pass(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 => self.list(depth),
            12 => self.structure(depth),
            _ => None,
        }
    }

    fn list(&mut self, depth: u8) -> Option<()> {
        let header = self.byte()?;
        let (size, kind) = (header >> 4, header & 0x0f);
        let size = if size == 15 { self.varint()? } else { u64::from(size) };
        if size > self.0.len() as u64 {
            return None;
        }
        let depth = depth.checked_sub(1)?;
        (0..size).try_for_each(|_| self.value(kind, depth))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn pass(&mut self, length: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(length).ok()?..)?;
        Some(())
    }

    /// A number in groups of seven bits, from the lowest.
    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_cannot_be_are_refused() {
        // Field 1 a number, field 2 a text, field 3 a list of two structures that are empty, field 200 true.
        assert!(is_sound(&[0x15, 0x02, 0x18, 1, b'x', 0x19, 0x2c, 0, 0, 0x01, 0x90, 0x03, 0]));
        // Two billion doubles; two billion booleans; a text longer than the rest; a map.
        assert!(!is_sound(&[0x19, 0xf7, 0xff, 0xff, 0xff, 0xff, 0x07, 0]));
        assert!(!is_sound(&[0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0]));
        assert!(!is_sound(&[0x18, 9, b'x', 0]));
        assert!(!is_sound(&[0x1b, 1, 0x55, 0, 0, 0]));
        // A number that never ends; structures without end; an end too early.
        assert!(!is_sound(&[0xff; 64]));
        assert!(!is_sound(&[0x1c; 64]));
        assert!(!is_sound(&[0x15, 0x02]));
    }
}
