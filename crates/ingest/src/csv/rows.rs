//! Rows of a CSV file (RFC 4180), each with the line of the file it begins on.
//!
//! Evidence names the line that a person sees in an editor, whatever the line ends, blank lines and
//! multi-line fields above it, and one stray quote must not swallow the rest of a file. The `csv`
//! crate promises neither, so rows are cut here; a test holds the cutting against that crate's.

use ::csv::StringRecord;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// Longest line that is read, in bytes; longer ones are skipped without being held in memory.
pub(super) const LONGEST_LINE: usize = 1 << 20;
/// Most lines that one quoted field may span before its quote is taken for a stray one.
const MOST_LINES: usize = 100;

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defect {
    /// The line is longer than [`LONGEST_LINE`].
    TooLong,
    /// Some bytes are not UTF-8.
    NotUtf8,
    /// A quote is opened and not closed in its line or a few after it, or more text follows the closing one.
    /// Reading goes on with the next line.
    StrayQuote,
}

impl Defect {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::TooLong => "line longer than 1 MiB",
            Self::NotUtf8 => "not UTF-8",
            Self::StrayQuote => "stray quote",
        }
    }
}

/// Cuts an input into rows.
pub(super) struct Rows<R> {
    input: R,
    /// The line at hand, without its end.
    line: Vec<u8>,
    /// Number of the line at hand.
    number: u32,
    /// Lines already read in search of a closing quote, to be read again as rows of their own.
    ahead: VecDeque<Vec<u8>>,
    /// The quoted field at hand.
    field: String,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line: Vec::new(), number: 0, ahead: VecDeque::new(), field: String::new() }
    }

    /// Reads the next row that is not blank and gives the number of its first line; `None` at the end.
    pub(super) fn next(&mut self, row: &mut StringRecord) -> io::Result<Option<(u32, Result<(), Defect>)>> {
        while self.next_line()? {
            if !self.line.trim_ascii().is_empty() {
                let number = self.number;
                return Ok(Some((number, self.cut(row)?)));
            }
        }
        Ok(None)
    }

    fn next_line(&mut self) -> io::Result<bool> {
        if let Some(line) = self.ahead.pop_front() {
            self.line = line;
        } else {
            self.line.clear();
            // Room for the line end beyond the longest line.
            let limit = LONGEST_LINE as u64 + 2;
            if (&mut self.input).take(limit).read_until(b'\n', &mut self.line)? == 0 {
                return Ok(false);
            }
            if self.line.pop_if(|b| *b == b'\n').is_some() {
                self.line.pop_if(|b| *b == b'\r');
            } else if self.line.len() > LONGEST_LINE {
                self.input.skip_until(b'\n')?;
            }
        }
        self.number = self.number.saturating_add(1);
        Ok(true)
    }

    fn cut(&mut self, row: &mut StringRecord) -> io::Result<Result<(), Defect>> {
        row.clear();
        self.field.clear();
        if self.line.len() > LONGEST_LINE {
            return Ok(Err(Defect::TooLong));
        }
        let first = self.number;
        let text = String::from_utf8_lossy(&self.line);
        let mut utf8 = matches!(text, Cow::Borrowed(_));
        let mut end = split(&text, false, &mut self.field, row);
        let mut taken = VecDeque::new();
        while end == LineEnd::InQuotes {
            if taken.len() == MOST_LINES || !self.next_line()? {
                return Ok(Err(self.give_back(taken, first)));
            }
            let text = String::from_utf8_lossy(&self.line);
            utf8 &= matches!(text, Cow::Borrowed(_));
            self.field.push('\n');
            end = split(&text, true, &mut self.field, row);
            if self.line.len() > LONGEST_LINE {
                end = LineEnd::AfterStrayQuote;
            }
            taken.push_back(std::mem::take(&mut self.line));
        }
        if end == LineEnd::AfterStrayQuote {
            return Ok(Err(self.give_back(taken, first)));
        }
        Ok(if utf8 { Ok(()) } else { Err(Defect::NotUtf8) })
    }

    fn give_back(&mut self, mut taken: VecDeque<Vec<u8>>, first: u32) -> Defect {
        taken.append(&mut self.ahead);
        self.ahead = taken;
        self.number = first;
        Defect::StrayQuote
    }
}

/// How a line ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineEnd {
    /// The row ends with it.
    OfRow,
    /// A quoted field goes on in the next line.
    InQuotes,
    /// A closing quote was followed by more text, so one of the two quotes is none.
    AfterStrayQuote,
}

/// Cuts a line at its commas; a field that goes on in the next line stays in `field`.
fn split(text: &str, mut quoted: bool, field: &mut String, row: &mut StringRecord) -> LineEnd {
    let mut rest = text;
    if !quoted && let Some(inside) = rest.strip_prefix('"') {
        (quoted, rest) = (true, inside);
    }
    loop {
        while quoted {
            let Some((inside, after)) = rest.split_once('"') else {
                field.push_str(rest);
                return LineEnd::InQuotes;
            };
            field.push_str(inside);
            if let Some(after) = after.strip_prefix('"') {
                field.push('"');
                rest = after;
            } else {
                if !after.is_empty() && !after.starts_with(',') {
                    return LineEnd::AfterStrayQuote;
                }
                (quoted, rest) = (false, after);
            }
        }
        let (cell, after) = rest.split_once(',').map_or((rest, None), |(cell, after)| (cell, Some(after)));
        if field.is_empty() {
            row.push_field(cell);
        } else {
            row.push_field(field);
            field.clear();
        }
        let Some(after) = after else { return LineEnd::OfRow };
        rest = after;
        if let Some(inside) = rest.strip_prefix('"') {
            (quoted, rest) = (true, inside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &[u8]) -> Vec<(u32, Result<Vec<String>, Defect>)> {
        let mut rows = Rows::new(text);
        let mut row = StringRecord::new();
        let mut out = Vec::new();
        while let Some((line, result)) = rows.next(&mut row).unwrap() {
            out.push((line, result.map(|()| row.iter().map(str::to_owned).collect())));
        }
        out
    }

    fn good(text: &str) -> Vec<(u32, Vec<String>)> {
        rows(text.as_bytes()).into_iter().map(|(line, row)| (line, row.unwrap())).collect()
    }

    #[test]
    fn lines_are_counted_as_a_person_counts() {
        for text in ["a,b\n\n1,\"x\ny\"\n5,6\n", "a,b\r\n\r\n1,\"x\r\ny\"\r\n5,6"] {
            let lines: Vec<u32> = good(text).iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 3, 5], "{text:?}");
            assert_eq!(good(text)[1].1, ["1", "x\ny"]);
        }
    }

    #[test]
    fn an_open_quote_costs_one_line() {
        let text = format!("a,\"b\n{}", "1,2\n".repeat(300));
        let rows = rows(text.as_bytes());
        assert_eq!(rows.len(), 301);
        assert_eq!(rows[0], (1, Err(Defect::StrayQuote)));
        assert_eq!(rows[300], (301, Ok(vec!["1".to_owned(), "2".to_owned()])));
    }

    #[test]
    fn two_stray_quotes_do_not_hide_the_rows_between() {
        let rows = rows(b"1,\"x\n2,y\n3,\"z\n4,z\n");
        let outcomes: Vec<_> = rows.iter().map(|(line, r)| (*line, r.is_ok())).collect();
        assert_eq!(outcomes, [(1, false), (2, true), (3, false), (4, true)]);
    }

    #[test]
    fn long_lines_and_bad_bytes_cost_themselves_only() {
        let mut text = b"a,b\n\"".to_vec();
        text.resize(10_000_000, b'x');
        text.extend_from_slice(b"\n1,\xff\n1,\"\n\xfe\"\n1,2\n");
        let rows = rows(&text);
        let outcomes: Vec<_> = rows.iter().map(|(line, r)| (*line, r.as_ref().err().copied())).collect();
        assert_eq!(outcomes, [(1, None), (2, Some(Defect::TooLong)), (3, Some(Defect::NotUtf8)), (4, Some(Defect::NotUtf8)), (6, None)]);
    }

    #[test]
    fn a_long_line_inside_quotes_is_met_again() {
        let mut text = b"\"a\n".to_vec();
        text.resize(LONGEST_LINE + 100, b'x');
        text.extend_from_slice(b"\n1,2");
        let outcomes: Vec<_> = rows(&text).iter().map(|(line, r)| (*line, r.as_ref().err().copied())).collect();
        assert_eq!(outcomes, [(1, Some(Defect::StrayQuote)), (2, Some(Defect::TooLong)), (3, None)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut(text in proptest::collection::vec(any::<u8>(), 0..400)) {
            rows(&text);
        }

        #[test]
        fn fields_agree_with_the_csv_crate(text in "([a-c ,\"]{0,6}\n){0,6}") {
            let ours = rows(text.as_bytes());
            prop_assume!(ours.iter().all(|(_, row)| row.is_ok()));
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            // A line of blanks is a blank line here and a row of one field there.
            let theirs: Vec<_> = theirs.into_iter().filter(|r| r.len() > 1 || r.iter().any(|f| !f.trim().is_empty())).collect();
            let ours: Vec<Vec<String>> = ours.into_iter().filter_map(|(_, row)| row.ok()).collect();
            let ours: Vec<_> = ours.into_iter().filter(|r| r.len() > 1 || r.iter().any(|f| !f.trim().is_empty())).collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
