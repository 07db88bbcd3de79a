//! Tables for the terminal.

use super::{Comparison, KappaEstimate, Report};
use barograph_statistics::{CrossTable, Interval};
use std::io::{self, Write};

pub(super) fn write(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "Concordance of peak grades in {}", count(report.patients, "patient", "patients"))?;
    for (id, policy) in &report.scales {
        let under = policy.as_ref().map_or("graded nobody".to_owned(), |p| format!("policy {p}"));
        writeln!(out, "  {} ({})", clean(id), clean(&under))?;
    }
    if report.scales.len() < 2 {
        writeln!(out, "One scale has nothing to agree with: name at least two.")?;
    }
    if !report.comparisons.is_empty() {
        overview(out, report, &report.comparisons, "Agreement of scales")?;
    }
    let reported: Vec<&Comparison> = report.reported.iter().filter(|c| c.agreement.n > 0 || c.circular > 0).collect();
    if reported.is_empty() {
        writeln!(out, "\nNo reported grade names one of these scales, so none is set against the derived grades.")?;
    } else {
        overview(out, report, reported.iter().copied(), "Derived against reported grades")?;
    }
    for comparison in report.comparisons.iter().chain(reported) {
        detail(out, comparison)?;
    }
    if !report.left_out.is_empty() {
        writeln!(out, "\nLeft out")?;
        for (what, n) in &report.left_out {
            writeln!(out, "  {n:>6}  {}", clean(what))?;
        }
    }
    Ok(())
}

fn overview<'a>(
    out: &mut impl Write,
    report: &Report,
    comparisons: impl IntoIterator<Item = &'a Comparison>,
    title: &str,
) -> io::Result<()> {
    let level = report.bootstrap.confidence.level() * 100.0;
    writeln!(out, "\n{title}")?;
    let interval = format!("{level:.0} % interval");
    let headers = ["first", "second", "n", "exact", "same of exact", "same of all", "kappa linear", "kappa quadratic"];
    let mut rows = vec![headers.map(str::to_owned)];
    for c in comparisons {
        let a = &c.agreement;
        let on_exact = match (a.on_exact(), a.interval(&report.bootstrap)) {
            (Ok(p), Ok(i)) => format!("{}/{} {p:.2} ({})", a.same, a.exact, limits(i)),
            _ => format!("{}/{}", a.same, a.exact),
        };
        let of_all = match a.bounds() {
            Ok(i) if a.undecided == 0 => format!("{:.2}", i.lower),
            Ok(i) => limits(i),
            Err(_) => "–".to_owned(),
        };
        let [_, linear, quadratic] = &c.kappas;
        rows.push([
            clean(&c.first),
            clean(&c.second),
            a.n.to_string(),
            a.exact.to_string(),
            on_exact,
            of_all,
            kappa(linear),
            kappa(quadratic),
        ]);
    }
    columns(out, &rows)?;
    writeln!(out, "n: graded by both · exact: of these, floor and ceiling meet on both sides · kappa on exact pairs ({interval})")?;
    writeln!(out, "same of all: least to greatest agreement that the grades which are not exact leave possible")
}

fn kappa(estimate: &KappaEstimate) -> String {
    match (estimate.kappa, estimate.interval) {
        (Ok(k), Ok(i)) => format!("{:.2} ({})", k.estimate, limits(i)),
        (Ok(k), Err(_)) => format!("{:.2} (no interval)", k.estimate),
        (Err(_), _) => "not defined".to_owned(),
    }
}

fn detail(out: &mut impl Write, c: &Comparison) -> io::Result<()> {
    let a = &c.agreement;
    let (first, second) = (clean(&c.first), clean(&c.second));
    writeln!(out, "\n{first} (rows) by {second} (columns), certain grade")?;
    table(out, &c.by_floor)?;
    let [one, other, both] = a.open;
    writeln!(
        out,
        "  not exact: {one} by {first} only, {other} by {second} only, {both} by both; exact on both sides: {} of {}",
        a.exact, a.n
    )?;
    writeln!(
        out,
        "  same {}, {first} higher {}, {second} higher {}, not decided {} (of {})",
        a.same, a.first_higher, a.second_higher, a.undecided, a.n
    )?;
    let [no_first, no_second] = c.absent;
    if no_first + no_second + c.circular > 0 {
        writeln!(out, "  without a grade: {no_first} by {first}, {no_second} by {second}; derived from the report itself: {}", c.circular)?;
    }
    for estimate in &c.kappas {
        explain(out, estimate)?;
    }
    if c.rule_pairs.is_empty() {
        return Ok(());
    }
    writeln!(out, "  what decided where the certain grades differ ({})", count(c.disagreements.len() as u64, "patient", "patients"))?;
    for pair in &c.rule_pairs {
        let ([floor, other_floor], [rule, other_rule]) = (pair.floors, &pair.rules);
        let open = pair.patients - pair.certain;
        let open = if open == 0 { String::new() } else { format!(", {open} not certain") };
        let more = if pair.patients > pair.examples.len() as u64 { ", …" } else { "" };
        let examples = clean(&pair.examples.join(", "));
        writeln!(
            out,
            "  {:>6}  {first} {floor}: {}; {second} {other_floor}: {}  [{examples}{more}{open}]",
            pair.patients,
            clean(rule),
            clean(other_rule)
        )?;
    }
    Ok(())
}

fn explain(out: &mut impl Write, estimate: &KappaEstimate) -> io::Result<()> {
    let name = estimate.weights.name();
    let k = match estimate.kappa {
        Ok(k) => k,
        Err(why) => return writeln!(out, "  kappa {name}: not defined, because {why}"),
    };
    if let (Err(large), Err(resampled)) = (estimate.interval, estimate.resampled)
        && large == resampled
    {
        return writeln!(out, "  kappa {name} {:.3} on {} pairs; no interval, because {large}", k.estimate, k.n);
    }
    let large = estimate.interval.map_or_else(|why| format!("none, because {why}"), limits);
    let resampled = match estimate.resampled {
        Ok(r) if r.undefined == 0 => limits(r.interval),
        Ok(r) => format!("{} (not defined in {} of {} resamples)", limits(r.interval), r.undefined, r.replicates),
        Err(why) => format!("none, because {why}"),
    };
    writeln!(out, "  kappa {name} {:.3} on {} pairs; large-sample interval {large}; resampled {resampled}", k.estimate, k.n)
}

fn table(out: &mut impl Write, table: &CrossTable) -> io::Result<()> {
    let k = table.categories();
    let mut rows = vec![std::iter::once(String::new()).chain((0..k).map(|j| j.to_string())).chain(["n".to_owned()]).collect::<Vec<_>>()];
    for (i, total) in table.row_totals().iter().enumerate() {
        let cells = (0..k).map(|j| match table.count(i, j) {
            0 => "·".to_owned(),
            n => n.to_string(),
        });
        rows.push(std::iter::once(i.to_string()).chain(cells).chain([total.to_string()]).collect());
    }
    let totals = table.column_totals().iter().map(u64::to_string).collect::<Vec<_>>();
    rows.push(std::iter::once("n".to_owned()).chain(totals).chain([table.n().to_string()]).collect());
    for row in rows {
        let line: String = row.iter().map(|cell| format!("{cell:>6}")).collect();
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Rows with aligned columns; the first is the header.
fn columns<const N: usize>(out: &mut impl Write, rows: &[[String; N]]) -> io::Result<()> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in rows {
        let line: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(out, "  {}", line.join("  ").trim_end())?;
    }
    Ok(())
}

/// `0.61 to 0.84`.
fn limits(i: Interval) -> String {
    format!("{:.2} to {:.2}", i.lower, i.upper)
}

/// Text of the input with control characters spelled out, so that it cannot steer a terminal.
fn clean(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
