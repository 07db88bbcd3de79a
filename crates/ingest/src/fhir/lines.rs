//! Lines of an NDJSON stream, borrowed from the reader's buffer where they fit in it.

use std::io::{self, BufRead};

/// Longest line that is read, in bytes; no resource comes near it.
pub(super) const LONGEST: usize = 64 << 20;

/// What was found at one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// The line without its line feed.
    Bytes(&'a [u8]),
    /// The last line, where no line feed ends it.
    Last(&'a [u8]),
    /// The line was longer than the limit and was skipped without being held.
    TooLong,
}

/// Calls `each` for every line, with at most one line and the reader's buffer in memory.
pub(super) fn for_each(mut reader: impl BufRead, limit: usize, mut each: impl FnMut(Line<'_>)) -> io::Result<()> {
    // Only a line that straddles two fills of the buffer is copied.
    let mut held: Vec<u8> = Vec::new();
    let mut too_long = false;
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        if buffer.is_empty() {
            break;
        }
        let mut rest = buffer;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = (rest.get(..end).unwrap_or_default(), rest.get(end + 1..).unwrap_or_default());
            if too_long || held.len() + line.len() > limit {
                each(Line::TooLong);
            } else if held.is_empty() {
                each(Line::Bytes(line));
            } else {
                held.extend_from_slice(line);
                each(Line::Bytes(&held));
            }
            held.clear();
            too_long = false;
            rest = after;
        }
        if held.len() + rest.len() > limit {
            too_long = true;
            held = Vec::new();
        } else if !too_long {
            held.extend_from_slice(rest);
        }
        let read = buffer.len();
        reader.consume(read);
    }
    if too_long {
        each(Line::TooLong);
    } else if !held.is_empty() {
        each(Line::Last(&held));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn lines(text: &str, capacity: usize, limit: usize) -> Vec<Option<String>> {
        let mut out = Vec::new();
        for_each(BufReader::with_capacity(capacity, text.as_bytes()), limit, |line| {
            out.push(match line {
                Line::Bytes(bytes) | Line::Last(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
                Line::TooLong => None,
            });
        })
        .unwrap();
        out
    }

    #[test]
    fn lines_are_the_same_for_any_buffer() {
        let text = "one\n\nthree is longer\r\nlast";
        let whole: Vec<_> = ["one", "", "three is longer\r", "last"].map(|l| Some(l.to_owned())).into();
        for capacity in [1, 2, 5, 64] {
            assert_eq!(lines(text, capacity, 100), whole, "{capacity}");
        }
    }

    #[test]
    fn a_line_above_the_limit_is_skipped_and_the_next_is_read() {
        let text = "ab\nabcdefgh\ncd\nabcdefghijklmnop";
        for capacity in [1, 3, 64] {
            assert_eq!(lines(text, capacity, 4), [Some("ab".into()), None, Some("cd".into()), None], "{capacity}");
        }
    }
}
