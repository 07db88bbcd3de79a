//! The markup around the figures and the data.

use super::cohort::{GRADES, Tally, median_range};
use super::escape::Text;
use super::figure::{Bar, Group, bars};
use super::{Comparison, HtmlReport, LedgerCounts, ScaleMeta};
use crate::words::{NONE, count, grade};
use std::io::{self, Write};

/// The page may run what it carries and reach nothing.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";
const UPLOT_CSS: &str = include_str!("../../assets/uPlot.min.css");
/// Asks to be carried by every copy, and the page is one.
const UPLOT_LICENSE: &str = include_str!("../../assets/uPlot.LICENSE");
const CSS: &str = include_str!("../../assets/report.css");
const SCRIPTS: [&str; 7] = [
    include_str!("../../assets/sharp.js"),
    include_str!("../../assets/uPlot.iife.min.js"),
    include_str!("../../assets/model.js"),
    include_str!("../../assets/ribbon.js"),
    include_str!("../../assets/strips.js"),
    include_str!("../../assets/panels.js"),
    include_str!("../../assets/report.js"),
];

/// Up to how many scales the list of patients shows each one's onset.
const FEW_SCALES: usize = 2;

pub(super) fn write(out: &mut impl Write, report: &HtmlReport) -> io::Result<()> {
    let title = if report.meta.title.is_empty() { "CRS grading report" } else { &report.meta.title };
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>", Text(title))?;
    writeln!(out, "<style>\n{UPLOT_CSS}\n{CSS}</style>\n</head>\n<body>\n{}", hatches())?;
    header(out, report, title)?;
    writeln!(out, "<main>\n<section id=\"cohort\">")?;
    if let Some(compared) = &report.comparison {
        comparison(out, compared)?;
    } else {
        writeln!(out, "<h2>Cohort</h2>")?;
        for tally in &report.cohort.tallies {
            cohort(out, tally)?;
        }
    }
    patients(out, report)?;
    writeln!(out, "</main>\n<script type=\"application/json\" id=\"data\">\n{{\"patients\":[")?;
    for (i, patient) in report.patients.iter().enumerate() {
        let comma = if i + 1 < report.patients.len() { "," } else { "" };
        writeln!(out, "{}{comma}", patient.json)?;
    }
    writeln!(out, "]}}\n</script>")?;
    writeln!(out, "<script>\n/* uPlot:\n{UPLOT_LICENSE}*/\n</script>")?;
    for script in SCRIPTS {
        writeln!(out, "<script>\n{script}</script>")?;
    }
    writeln!(out, "</body>\n</html>")
}

/// Hatched fills for "cannot be excluded", used by every figure of the page.
fn hatches() -> String {
    let hatch = |g: usize| {
        format!(
            "<pattern id=\"hatch-{g}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect class=\"paper\" width=\"6\" height=\"6\"/><rect class=\"g{g}\" width=\"2.5\" height=\"6\"/></pattern>"
        )
    };
    let all: String = (0..GRADES).map(hatch).collect();
    let score = "<pattern id=\"hatch-score\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
                 <rect class=\"paper\" width=\"5\" height=\"5\"/><rect fill=\"#c3d6e8\" width=\"1.6\" height=\"5\"/></pattern>";
    format!("<svg class=\"defs\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>{all}{score}</defs></svg>")
}

fn header(out: &mut impl Write, report: &HtmlReport, title: &str) -> io::Result<()> {
    let meta = &report.meta;
    writeln!(out, "<header>\n<h1>{}</h1>", Text(title))?;
    writeln!(
        out,
        "<p class=\"caution\"><strong>Research software, not a medical device.</strong> Grades of cytokine release syndrome computed \
         from charted data by published definitions. Do not use them to decide on the care of a patient.</p>\n<dl>"
    )?;
    for scale in &meta.scales {
        writeln!(out, "<dt>Scale</dt><dd>{} <span class=\"cite\">{}</span></dd>", Text(&scale.id), Text(&scale.citation))?;
    }
    if !meta.scores.is_empty() {
        let cited = |s: &ScaleMeta| format!("<li>{} <span class=\"cite\">{}</span></li>", Text(&s.id), Text(&s.citation));
        let told: String = meta.scores.iter().map(cited).collect();
        let n = count(meta.scores.len() as u64, "score", "scores");
        writeln!(out, "<dt>Scores</dt><dd><details><summary>{n} and their sources</summary><ul>{told}</ul></details></dd>")?;
    }
    let facts = [
        ("Policy", meta.policy.as_str()),
        ("Input", meta.input.as_str()),
        ("Version", meta.version.as_str()),
        ("Made", meta.made.as_deref().unwrap_or_default()),
    ];
    for (name, fact) in facts.into_iter().filter(|(_, fact)| !fact.is_empty()) {
        writeln!(out, "<dt>{name}</dt><dd>{}</dd>", Text(fact))?;
    }
    writeln!(out, "<dt>Read</dt><dd>{}</dd>\n</dl>", Text(&ledger(report.ledger.as_ref())))?;
    writeln!(
        out,
        "<p class=\"key\"><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><rect class=\"g3\" width=\"26\" height=\"12\"/></svg> grade that is certain \
         (floor) <svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><rect class=\"h3\" width=\"26\" height=\"12\"/></svg> grade that what is not charted \
         could hide (ceiling). Day 0 is the infusion.</p>\n</header>"
    )
}

fn ledger(counts: Option<&LedgerCounts>) -> String {
    let Some(LedgerCounts { rows, events, reasons }) = counts else {
        return "the ledger was not given to this page".to_owned();
    };
    let noted: u64 = reasons.values().sum();
    let told = [count(*rows, "row", "rows"), count(*events, "event", "events"), count(noted, "ledger entry", "ledger entries")];
    let mut text = told.join(", ");
    if noted > 0 {
        let told: Vec<String> = reasons.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
        text = format!("{text} ({})", told.join(", "));
    }
    text
}

/// `3/20 (15 %)`; the denominator is always told.
fn share(k: usize, n: usize) -> String {
    if n == 0 { format!("{k}/{n}") } else { format!("{k}/{n} ({:.0} %)", 100.0 * k as f64 / n as f64) }
}

/// A character as a data address carries it.
fn packed(c: char) -> String {
    match c {
        '%' | '#' | '"' | '<' | '>' | '&' | '\'' | '\n' => format!("%{:02X}", u32::from(c)),
        c => c.to_string(),
    }
}

fn comparison(out: &mut impl Write, compared: &Comparison) -> io::Result<()> {
    let Comparison { title, text, columns, rows, figure } = compared;
    let heads: String = columns.iter().map(|name| format!("<th scope=\"col\">{}</th>", Text(name))).collect();
    writeln!(out, "<h2>{}</h2>\n<p class=\"story\">{}</p>", Text(title), Text(text))?;
    // As an image of its own, which neither the page's styles nor its scripts touch.
    let packed: String = figure.chars().map(packed).collect();
    writeln!(out, "<img class=\"compared\" alt=\"{}\" src=\"data:image/svg+xml,{packed}\">", Text(title))?;
    writeln!(out, "<table class=\"numbers\">\n<thead><tr><td></td>{heads}</tr></thead>\n<tbody>")?;
    for (what, cells) in rows {
        let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", Text(cell))).collect();
        writeln!(out, "<tr><th scope=\"row\">{}</th>{cells}</tr>", Text(what))?;
    }
    writeln!(out, "</tbody>\n</table>")
}

fn cohort(out: &mut impl Write, tally: &Tally) -> io::Result<()> {
    let n = tally.n;
    let patients = count(n as u64, "patient", "patients");
    writeln!(out, "<article class=\"scale\">\n<h3>{} <span class=\"cite\">policy {}</span></h3>", Text(tally.scale), Text(&tally.policy))?;
    writeln!(
        out,
        "<table class=\"numbers\">\n<thead><tr><th scope=\"col\">{patients}</th><th scope=\"col\">certain</th><th scope=\"col\">cannot be excluded</th></tr></thead>\n<tbody>"
    )?;
    for (name, least) in [("any grade", 1), ("grade 3 or more", 3)] {
        let (floor, ceiling) = tally.at_least(least);
        writeln!(out, "<tr><th scope=\"row\">{name}</th><td>{}</td><td>{}</td></tr>", share(floor, n), share(ceiling, n))?;
    }
    writeln!(out, "</tbody>\n</table>\n<dl>")?;
    for (name, text) in timing(tally) {
        writeln!(out, "<dt>{name}</dt><dd>{}</dd>", Text(&text))?;
    }
    writeln!(out, "</dl>\n<div class=\"figures\">")?;
    for (caption, svg) in figures(tally) {
        writeln!(out, "<figure>{svg}<figcaption>{}</figcaption></figure>", Text(&caption))?;
    }
    writeln!(out, "</div>\n</article>")
}

fn timing(tally: &Tally) -> Vec<(&'static str, String)> {
    let with = tally.onsets.len();
    let spread = |values: &[f64]| median_range(values).map_or_else(|| NONE.to_owned(), |(m, a, b)| format!("{m:.2} [{a:.2}–{b:.2}]"));
    let resolved = tally.durations.len();
    let mut duration = match resolved {
        0 => format!("not known; {} shown to resolve", share(resolved, with)),
        _ => format!("{} days; {} shown to resolve", spread(&tally.durations), share(resolved, with)),
    };
    if (1..with).contains(&resolved) {
        duration.push_str("; the others are left out, which makes the median look shorter");
    }
    let mut open = share(tally.inexact, tally.n);
    let leading = tally.leading_unstated();
    if !leading.is_empty() {
        let told: Vec<String> = leading.iter().take(5).map(|(item, k)| format!("{item} {k}/{}", tally.inexact)).collect();
        open = format!("{open}; not charted: {}", told.join(", "));
    }
    let mut told = vec![
        (
            "Onset, median [range]",
            format!(
                "day {}; {} with an episode; {} of these without an earlier charting that excludes it",
                spread(&tally.onsets),
                share(with, tally.n),
                share(tally.open_onsets, with)
            ),
        ),
        ("Duration, median [range]", duration),
        ("More than one episode", share(tally.recurrent, tally.n)),
        ("Peak not exact", open),
    ];
    if tally.assumed > 0 {
        told.push((
            "Day 0 assumed",
            format!("{}: an admission stands in for an infusion that is not recorded", share(tally.assumed, tally.n)),
        ));
    }
    told
}

fn figures(tally: &Tally) -> [(String, String); 3] {
    let patients = count(tally.n as u64, "patient", "patients");
    let with = tally.onsets.len();
    let pair = |g: usize, floor: f64, ceiling: f64, digits: usize| Group {
        tick: g.to_string(),
        bars: vec![
            Bar { value: floor, class: format!("g{g}"), label: format!("{floor:.digits$}") },
            Bar { value: ceiling, class: format!("h{g}"), label: format!("{ceiling:.digits$}") },
        ],
    };
    let peaks: Vec<Group> =
        tally.floor.iter().zip(&tally.ceiling).enumerate().map(|(g, (f, c))| pair(g, *f as f64, *c as f64, 0)).collect();
    let most = tally.days_floor.iter().chain(&tally.days_ceiling).fold(0.0, |a: f64, b| a.max(*b));
    let digits = usize::from(most < 100.0);
    let days = tally.days_floor.iter().zip(&tally.days_ceiling).enumerate().skip(1);
    let spent: Vec<Group> = days.map(|(g, (f, c))| pair(g, *f, *c, digits)).collect();
    let away = if tally.days_away > 0.0 { format!(" {:.0} days between stays are left out.", tally.days_away) } else { String::new() };
    [
        (
            format!("Peak grade of {patients}: certain (solid) and not excluded (hatched)."),
            bars(&peaks, "peak grade", "patients", "Patients by peak grade, certain and not excluded"),
        ),
        (
            format!("Onset of the first episode in {with} of {patients}, by day begun."),
            bars(&onset_groups(&tally.onsets), "day of onset", "patients", "Patients by day of onset"),
        ),
        (
            format!("Days spent at each grade by {patients} together: certain (solid) and not excluded (hatched).{away}"),
            bars(&spent, "grade", "patient-days", "Patient-days by grade, certain and not excluded"),
        ),
    ]
}

/// Patients by whole day of onset; from day 15 on together, as some come late.
fn onset_groups(onsets: &[f64]) -> Vec<Group> {
    const LAST: i64 = 15;
    let day = |onset: &f64| (onset.floor() as i64).clamp(-1, LAST);
    let first = onsets.iter().map(day).min().unwrap_or(0).min(0);
    let last = onsets.iter().map(day).max().unwrap_or(0).max(7);
    let group = |d: i64| {
        let k = onsets.iter().filter(|o| day(o) == d).count();
        let tick = match d {
            -1 => "<0".to_owned(),
            LAST => format!("≥{LAST}"),
            d => d.to_string(),
        };
        Group {
            tick,
            bars: vec![Bar { value: k as f64, class: "plain".to_owned(), label: if k > 0 { k.to_string() } else { String::new() } }],
        }
    };
    (first..=last).map(group).collect()
}

fn patients(out: &mut impl Write, report: &HtmlReport) -> io::Result<()> {
    let tallies = &report.cohort.tallies;
    let n = report.patients.len();
    writeln!(out, "<h3>Patients</h3>\n<form id=\"filter\" hidden>")?;
    writeln!(out, "<label>Find <input type=\"search\" name=\"text\" autocomplete=\"off\"></label>")?;
    writeln!(out, "<label>peak at least <select name=\"least\"><option>0<option>1<option>2<option>3<option>4<option>5</select></label>")?;
    writeln!(out, "<label><input type=\"checkbox\" name=\"open\"> only peaks that are not exact</label>")?;
    writeln!(
        out,
        "<output>{n} of {n} patients</output>\n</form>\n<p id=\"cut\"></p>\n<div class=\"wide\">\n<table id=\"list\">\n<thead><tr><th scope=\"col\">patient</th>"
    )?;
    // Beside many scales the onset of the first is enough; every other stands in the patient's own section.
    let with_onset = |i: usize| i == 0 || tallies.len() <= FEW_SCALES;
    for (i, tally) in tallies.iter().enumerate() {
        let onset = if with_onset(i) { "<th scope=\"col\">onset, day</th>" } else { "" };
        writeln!(out, "<th scope=\"col\">{} peak</th>{onset}", Text(tally.scale))?;
    }
    writeln!(out, "<th scope=\"col\">about</th></tr></thead>\n<tbody>")?;
    for (i, p) in report.patients.iter().enumerate() {
        let floor = p.results.iter().map(|r| r.peak.floor()).max().unwrap_or(0);
        let open = p.results.iter().any(|r| !r.peak.is_exact());
        write!(out, "<tr data-floor=\"{floor}\" data-open=\"{open}\"><td><a href=\"#p-{i}\">{}</a></td>", Text(&p.id))?;
        for (i, tally) in tallies.iter().enumerate() {
            let cell = |onset: &str| if with_onset(i) { format!("<td>{onset}</td>") } else { String::new() };
            match p.results.iter().find(|r| r.scale == tally.scale && r.policy == tally.policy) {
                Some(r) => {
                    let onset = r.onset.map_or_else(|| NONE.to_owned(), |d| format!("{d:.2}"));
                    let badge = r.peak.floor().min(5);
                    write!(out, "<td><span class=\"badge b{badge}\">{}</span></td>{}", grade(r.peak), cell(&onset))?;
                }
                None => write!(out, "<td>not graded</td>{}", cell(NONE))?,
            }
        }
        let about = if p.heading.is_empty() { p.facts.clone() } else { format!("{} · {}", p.heading, p.facts) };
        writeln!(out, "<td>{}</td></tr>", Text(&about))?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>\n</section>")?;
    writeln!(
        out,
        "<noscript><p class=\"caution\">The courses of single patients are drawn by the script in this page, which is switched off.</p></noscript>"
    )?;
    for (i, p) in report.patients.iter().enumerate() {
        let heading = if p.heading.is_empty() { String::new() } else { format!(" <span class=\"cite\">{}</span>", Text(&p.heading)) };
        writeln!(out, "<section class=\"patient\" id=\"p-{i}\" aria-label=\"Patient {id}\">\n<h2>{id}{heading}</h2>", id = Text(&p.id))?;
        writeln!(
            out,
            "<p class=\"facts\">{} <a class=\"up\" href=\"#list\">all patients</a></p>\n<div class=\"course\"></div>\n</section>",
            Text(&p.facts)
        )?;
    }
    Ok(())
}
