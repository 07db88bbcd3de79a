//! What was not understood, told on standard error in a few lines.

use barograph_record::{Ledger, Reason};
use std::collections::BTreeMap;

/// Contents named per reason.
const NAMED: usize = 3;

/// Rows of one reason.
#[derive(Default)]
struct Heap<'l> {
    total: u64,
    /// File, content, rows.
    groups: Vec<(&'l str, &'l str, u64)>,
}

/// Characters of a line of a message; a complaint that quotes a line of the file would else be as long as that.
const LONGEST: usize = 4_000;
/// What is shown of a longer one.
const SHORT: usize = 200;

/// A message as it may stand on a terminal, whatever a file holds that it quotes.
pub(crate) fn shown(message: &str) -> String {
    let one = |line: &str| {
        let cut = if line.chars().nth(LONGEST).is_some() { SHORT } else { LONGEST };
        let mut text: String = line.chars().take(cut).map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect();
        if cut == SHORT {
            text.push('…');
        }
        text
    };
    message.lines().map(one).collect::<Vec<_>>().join("\n")
}

/// The ledger by reason, with the most frequent contents; `hint` adds how to see every row.
pub(crate) fn tell(ledger: &Ledger, hint: bool) {
    if ledger.is_empty() {
        return;
    }
    let mut heaps: BTreeMap<Reason, Heap<'_>> = BTreeMap::new();
    for (file, reason, group, n) in ledger.counts() {
        let heap = heaps.entry(reason).or_default();
        heap.total += n;
        heap.groups.push((file, group, n));
    }
    let rows: u64 = ledger.rows().map(|(_, n)| n).sum();
    eprintln!("ledger: {} entries for {rows} rows read, {} events made", ledger.len(), ledger.events());
    for (reason, mut heap) in heaps {
        heap.groups.sort_by(|a, b| b.2.cmp(&a.2).then(a.cmp(b)));
        let name =
            |(file, group, n): &(&str, &str, u64)| if group.is_empty() { format!("{file} {n}") } else { format!("{file}: {group} {n}") };
        let named: Vec<String> = heap.groups.iter().take(NAMED).map(name).collect();
        let rest = heap.groups.len().saturating_sub(NAMED);
        let more = if rest > 0 { format!(", and {rest} more") } else { String::new() };
        eprintln!("  {:<22} {:>8}  {}{more}", reason.name(), heap.total, shown(&named.join(", ")));
    }
    if hint {
        eprintln!("  (every row: --ledger FILE)");
    }
}
