//! Text to cells.

/// What is wrong with an event table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, column {column}: {message}")]
pub struct Fault {
    /// The line of the text, from 1.
    pub row: usize,
    /// The column's name.
    pub column: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Fault {
    pub(super) fn new(row: usize, column: &str, message: impl Into<String>) -> Self {
        Self { row, column: column.into(), message: message.into() }
    }
}

/// A table of cells.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// The line of the header, from 1.
    pub(super) top: usize,
    pub(super) header: Vec<&'a str>,
    pub(super) lines: Vec<Line<'a>>,
    /// How many lines their column `C` marks as comments.
    pub(super) comments: usize,
}

/// One record.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The line of the text, from 1.
    pub(super) row: usize,
    pub(super) cells: Vec<&'a str>,
}

pub(super) fn table(text: &str) -> Result<Table<'_>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let mut lines = numbered.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let Some((top, head)) = lines.next() else {
        return Err(Fault::new(1, "-", "the table is empty; its first line names the columns"));
    };
    let separator = [',', ';', '\t'].into_iter().find(|separator| head.contains(*separator));
    let mut header = cells(head, separator);
    for (at, name) in header.iter().enumerate() {
        if name.is_empty() {
            return Err(Fault::new(top, &format!("{}", at + 1), "a column has no name"));
        }
        if header[..at].iter().any(|earlier| earlier.eq_ignore_ascii_case(name)) {
            return Err(Fault::new(top, name, "two columns have this name"));
        }
    }
    let mut found = Vec::new();
    for (row, line) in lines {
        let cells = cells(line, separator);
        if cells.len() != header.len() {
            let message = format!("the row has {} cells, the header {}", cells.len(), header.len());
            return Err(Fault::new(row, header.get(cells.len()).unwrap_or(&"-"), message));
        }
        found.push(Line { row, cells });
    }
    let comments = comments(&mut header, &mut found);
    Ok(Table { top, header, lines: found, comments })
}

/// As in NONMEM a column `C` may mark lines as comments; it and they are taken out.
fn comments(header: &mut Vec<&str>, lines: &mut Vec<Line>) -> usize {
    let Some(at) = header.iter().position(|name| *name == "C") else { return 0 };
    let marks = |line: &Line| line.cells[at] == "C";
    if !lines.iter().all(|line| marks(line) || missing(line.cells[at])) {
        // Something else by that name, such as a covariate.
        return 0;
    }
    header.remove(at);
    let before = lines.len();
    lines.retain(|line| !marks(line));
    for line in lines.iter_mut() {
        line.cells.remove(at);
    }
    before - lines.len()
}

fn cells(line: &str, separator: Option<char>) -> Vec<&str> {
    match separator {
        Some(separator) => line.split(separator).map(|cell| unquoted(cell.trim())).collect(),
        None => line.split_whitespace().map(unquoted).collect(),
    }
}

fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}

/// Whether a cell says nothing.
pub(super) fn missing(cell: &str) -> bool {
    cell.is_empty() || cell == "." || cell.eq_ignore_ascii_case("na")
}
