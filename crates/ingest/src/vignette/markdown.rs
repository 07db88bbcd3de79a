//! Cutting a Markdown file into prose and the fenced blocks of a vignette.

use std::borrow::Cow;

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Everything outside the blocks of a vignette, other fenced blocks included.
    Prose,
    /// Who the child is.
    Patient,
    /// What was observed.
    Timeline,
    /// What the scales should say.
    Expect,
    /// What the plans should say.
    Advice,
}

/// One line of the file.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// One-based number.
    pub(super) number: u32,
    /// The text without its end; bytes that are not UTF-8 are replaced.
    pub(super) text: Cow<'a, str>,
    /// The words of a heading; only in prose.
    pub(super) heading: Option<String>,
}

impl Line<'_> {
    /// The line as data: without its comment, and `None` where it holds bytes that are not UTF-8.
    pub(super) fn data(&self) -> Option<&str> {
        let text: &str = &self.text;
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        // A sign within a word, as in "lot#3", begins no comment.
        let comment = text.char_indices().find(|&(i, c)| c == '#' && text[..i].chars().next_back().is_none_or(char::is_whitespace));
        Some(comment.map_or(text, |(i, _)| &text[..i]).trim())
    }
}

/// Consecutive lines of one kind.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub(super) kind: Kind,
    /// Line of the opening fence, or the first line of prose.
    pub(super) line: u32,
    /// The lines between the fences.
    pub(super) lines: Vec<Line<'a>>,
    /// Whether the closing fence is missing.
    pub(super) unclosed: bool,
}

/// Cuts a file into blocks, in order.
pub(super) fn blocks(bytes: &[u8]) -> Vec<Block<'_>> {
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let mut blocks = Vec::new();
    let mut block = Block { kind: Kind::Prose, line: 1, lines: Vec::new(), unclosed: false };
    // The fence of a foreign block, within prose.
    let mut foreign: Option<Fence> = None;
    let mut own: Option<Fence> = None;
    for (i, line) in bytes.split(|b| *b == b'\n').enumerate() {
        let number = u32::try_from(i + 1).unwrap_or(u32::MAX);
        let text = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        let fence = Fence::read(&text);
        if foreign.is_none()
            && let Some(fence) = fence
            && let Some(kind) = fence.kind
        {
            // A block that opens within another shows that the other was not closed.
            let next = Block { kind, line: number, lines: Vec::new(), unclosed: false };
            let mut last = std::mem::replace(&mut block, next);
            last.unclosed = own.is_some();
            blocks.push(last);
            own = Some(fence);
        } else if own.is_some_and(|open| fence.is_some_and(|f| f.closes(open))) {
            let next = Block { kind: Kind::Prose, line: number.saturating_add(1), lines: Vec::new(), unclosed: false };
            blocks.push(std::mem::replace(&mut block, next));
            own = None;
        } else {
            let was_foreign = foreign.is_some();
            if own.is_none()
                && let Some(fence) = fence
            {
                foreign = match foreign {
                    None => Some(fence),
                    Some(open) if fence.closes(open) => None,
                    open => open,
                };
            }
            let heading = (own.is_none() && !was_foreign).then(|| heading(&text)).flatten();
            block.lines.push(Line { number, text, heading });
        }
    }
    block.unclosed = own.is_some();
    blocks.push(block);
    blocks
}

/// A line of three or more backticks or tildes.
#[derive(Clone, Copy)]
struct Fence {
    mark: char,
    length: usize,
    /// Which block of a vignette it opens, if any.
    kind: Option<Kind>,
    /// Whether words follow, so that it cannot close a block.
    named: bool,
}

impl Fence {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let name = text.trim_start_matches(mark);
        let length = text.len() - name.len();
        if length < 3 || name.contains('`') {
            return None;
        }
        let kind = match name.trim() {
            "patient" => Some(Kind::Patient),
            "timeline" => Some(Kind::Timeline),
            "expect" => Some(Kind::Expect),
            "advice" => Some(Kind::Advice),
            _ => None,
        };
        Some(Self { mark, length, kind, named: !name.trim().is_empty() })
    }

    fn closes(self, open: Self) -> bool {
        !self.named && self.mark == open.mark && self.length >= open.length
    }
}

fn heading(text: &str) -> Option<String> {
    let words = text.trim_start_matches('#');
    let level = text.len() - words.len();
    let is_heading = (1..=6).contains(&level) && words.starts_with(char::is_whitespace);
    let words = words.trim().trim_end_matches('#').trim_end();
    (is_heading && !words.is_empty()).then(|| words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, u32, usize, bool)> {
        blocks(text.as_bytes()).iter().map(|b| (b.kind, b.line, b.lines.len(), b.unclosed)).collect()
    }

    #[test]
    fn own_blocks_are_cut_out_and_foreign_ones_are_prose() {
        let text = "# Title\n```text\n# no heading\n```patient\n```\n```patient\nid: p1\n```\nand\n~~~ timeline\n1 crp 20\n~~~";
        assert_eq!(
            kinds(text),
            [
                (Kind::Prose, 1, 5, false),
                (Kind::Patient, 6, 1, false),
                (Kind::Prose, 9, 1, false),
                (Kind::Timeline, 10, 1, false),
                (Kind::Prose, 13, 0, false),
            ]
        );
        let blocks = blocks(text.as_bytes());
        let headings: Vec<_> = blocks[0].lines.iter().filter_map(|l| l.heading.as_deref()).collect();
        assert_eq!(headings, ["Title"]);
    }

    #[test]
    fn a_block_that_is_not_closed_ends_at_the_next() {
        let cut = kinds("```patient\nid: p1\n```timeline\n1 crp 20");
        assert_eq!(cut[1..], [(Kind::Patient, 1, 1, true), (Kind::Timeline, 3, 1, true)]);
    }

    #[test]
    fn comments_and_bad_bytes_are_no_data() {
        let text = b"1 crp 20 # high\n# all\n1 crp 20 - lot#3\n1 crp \xff\r\n";
        let blocks = blocks(text);
        let data: Vec<_> = blocks[0].lines.iter().map(Line::data).collect();
        assert_eq!(data, [Some("1 crp 20"), Some(""), Some("1 crp 20 - lot#3"), None, Some("")]);
    }
}
